"""A Go file -> where a function is called that only a text or a number names: who it is, shows when the program runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from gopatch.go.once import once
from gopatch.go.tree import GoFile, parse
from gopatch.port._functions import Functions
from gopatch.port._guards import called_name

_TEXTS = frozenset({"interpreted_string_literal", "raw_string_literal"})
_CALLS = frozenset({"call_expression"})
_BY_REFLECTION = frozenset({"MethodByName", "Method"})
_LINKED = re.compile(rb"//go:linkname\s+\S+\s+\S*?([\w\x80-\xff]+)\s*")


class ByName(NamedTuple):
    """A place in `function` where a name stands in a text, or is worked out: `name` is "" then."""

    at: int
    function: str
    name: str


@once(512)
def called_by_name(data: bytes, names: frozenset[str]) -> tuple[ByName, ...]:
    """The places of a file where one of `names` may be meant, in order."""
    if b"go:linkname" not in data and b'"reflect"' not in data:
        return ()
    file = parse(data)
    all = Functions(file)
    found = [*_linked(file), *_reflected(file)]
    return tuple(
        ByName(at, all.name_around(at), name) for at, name in sorted(found) if name in names | {""}
    )


def _linked(file: GoFile) -> Iterator[tuple[int, str]]:
    """What a file takes from another package by the linker."""
    for start, end in file.comments():
        found = _LINKED.fullmatch(file.data, start, end)
        if found is not None:
            yield start, found[1].decode(errors="replace")


def _reflected(file: GoFile) -> Iterator[tuple[int, str]]:
    """Texts of a file that reflects, and methods that it asks a value for otherwise."""
    if b'"reflect"' not in file.data:
        return
    for text in file.nodes(_TEXTS):  # the empty one names nothing
        if len(text.text) > 2:
            yield text.start, text.text[1:-1].decode(errors="replace")
    for call in file.nodes(_CALLS):
        given = call.children[-1].children[1:-1]
        if called_name(call) in _BY_REFLECTION and given and given[0].kind not in _TEXTS:
            yield call.start, ""
