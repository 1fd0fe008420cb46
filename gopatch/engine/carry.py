"""Names that live on: what a change has bound, for later changes and for files with holes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from gopatch.engine._attempt import Match
from gopatch.engine._forms import binds, replaced
from gopatch.engine.notation import Change
from gopatch.go.tree import BINARY, Syntax, parse

_HOLE = re.compile(rb"\$\{(\w+)\}")
_LINE = re.compile(rb"^([ \t]*)\$\{(\w+)\}[ \t]*\n", re.MULTILINE)

__all__ = ["binds", "carried", "filled", "holes", "wanted", "without_holes"]

Bound = Mapping[str, bytes]


def carried(change: Change, matches: Sequence[Match]) -> dict[str, bytes]:
    """What all `matches` of a change agree on, by name; what one binds otherwise is not carried."""
    found = [_texts(change, match) for match in matches]
    first = found[0] if found else {}
    return {name: text for name, text in first.items() if all(f.get(name) == text for f in found)}


def _texts(change: Change, match: Match) -> dict[str, bytes]:
    bound = {
        name: value.text if isinstance(value, Syntax) else value
        for name, value in match.bound.items()
    }
    words = {name: text.decode(errors="replace") for name, text in bound.items()}
    given = (v for v in change.metavariables if v.kind == "given")
    return bound | {v.name: replaced(v.text, words).encode() for v in given}


def wanted(change: Change) -> tuple[str, ...]:
    """The names that an earlier change must have bound."""
    return tuple(v.name for v in change.metavariables if v.kind == "bound")


def filled(change: Change, bound: Bound) -> Change:
    """The change with what earlier ones have bound, which must be all that it wants."""
    texts = {name: _operand(bound[name]) for name in wanted(change)}
    return change.with_lines(
        tuple(line._replace(text=replaced(line.text, texts)) for line in change.lines)
    )


def _operand(text: bytes) -> str:
    """What is bound, on one line, as one operand wherever it stands."""
    words = b" ".join(text.split()).decode(errors="replace")
    value = next(iter(parse(b"var _ = " + text).nodes(frozenset({BINARY}))), None)
    return f"({words})" if value is not None and value.text == text else words


def holes(content: bytes) -> Iterator[tuple[str, int]]:
    """The names of a file's holes, `${name}`, with the line of each."""
    for found in _HOLE.finditer(content):
        yield found[1].decode(), content.count(b"\n", 0, found.start()) + 1


def without_holes(content: bytes, bound: Bound) -> bytes:
    """A file with its holes filled; one that is alone on its line takes lines, or none at all.

    Raises KeyError for a hole whose name is not bound.
    """

    def lines(found: re.Match[bytes]) -> bytes:
        text = bound[found[2].decode()].rstrip(b"\n")
        rows = text.split(b"\n") if text.strip() else []
        return b"".join(found[1] + row + b"\n" if row.strip() else b"\n" for row in rows)

    return _HOLE.sub(lambda found: bound[found[1].decode()], _LINE.sub(lines, content))
