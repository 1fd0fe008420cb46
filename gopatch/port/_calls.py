"""Go bytes -> which declarations call what, by name; kept, for neighbouring refs have the same files."""

from __future__ import annotations

from bisect import bisect_left
from typing import NamedTuple

from gopatch.go.cut_off import is_cut_off
from gopatch.go.once import once
from gopatch.go.tree import GoFile, Syntax, declared, parse


class Declaration(NamedTuple):
    """A named declaration at `start`..`end` of a file, and the names that it calls, each with its place."""

    name: str
    start: int
    end: int
    calls: tuple[tuple[int, str], ...]

    def calls_one_of(self, names: tuple[str, ...]) -> bool:
        return any(name in names for _, name in self.calls)


@once(512)
def declarations(data: bytes) -> tuple[Declaration, ...]:
    """What a file declares, in order of the names."""
    file = parse(data)
    called = sorted(calls(file))
    return tuple(
        Declaration(
            name.text.decode(errors="replace"),
            node.start,
            node.end,
            tuple(called[bisect_left(called, (node.start,)) : bisect_left(called, (node.end,))]),
        )
        for name, node in declared(file)
    )


def calls(file: GoFile) -> list[tuple[int, str]]:
    """The calls of a file: where, and the function's or method's name, whatever stands before it."""
    found: list[tuple[int, str]] = []
    for call in file.nodes(frozenset({"call_expression"})):
        found.append((call.start, _last_name(call.children[0], file.data)))
    return found


_LONG = 200  # bytes: no name is longer, and a chain of calls holds all that stand before each


def _last_name(called: Syntax, data: bytes) -> str:
    tail = data[max(called.start, called.end - _LONG) : called.end]
    return tail.rpartition(b".")[2].strip().decode(errors="replace")


def calling(data: bytes, names: tuple[str, ...]) -> tuple[Declaration, ...]:
    """The declarations of a file that call one of `names`."""
    if not any(name.encode() in data for name in names):
        return ()
    return tuple(one for one in declarations(data) if one.calls_one_of(names))


@once(512)
def error_in(data: bytes, words: tuple[str, ...]) -> int | None:
    """The offset of what does not parse in a file where that matters, None where nothing does.

    It matters in a file that is cut off, and where one of `words` stands, which the tree may then
    have lost.
    """
    cut = is_cut_off(data)
    if not cut and not any(word.encode() in data for word in words):
        return None
    at = _first_error(data)
    return len(data) if cut and at is None else at


@once(512)
def _first_error(data: bytes) -> int | None:
    return next((start for start, _ in parse(data).errors()), None)
