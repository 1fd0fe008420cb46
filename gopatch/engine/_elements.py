"""Elements parted by commas that come: each with the comments that come with it, in a row or on a line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from gopatch.engine._comments import Remark
from gopatch.engine._nodes import Node, NodeRun
from gopatch.engine._place import Place, Span, UnwritableError
from gopatch.go.tree import Syntax


class ComingElement(NamedTuple):
    """The text of an element that comes, and where its comma and comment stand if it comes from a row.

    `beside`: it stands on the line of the one before it. `remarks` are the comments that come with it.
    """

    text: bytes
    tail: Span | None
    beside: bool = False
    remarks: tuple[Remark, ...] = ()

    def row(self, data: bytes) -> bytes:
        return self.text + (data[self.tail.start : self.tail.end] if self.tail else b",")

    def in_line(self, offset: int) -> bytes:
        """The element beside others on the line at `offset`, with its comments."""
        if any(r.where == "above" or not r.lines[-1].endswith(b"*/") for r in self.remarks):
            reason = "no line of its own is there for the comment that is added"
            raise UnwritableError(reason, offset)
        before, behind = (
            [b" ".join(r.lines) for r in self.remarks if r.where == where]
            for where in ("before", "behind")
        )
        return b" ".join([*before, self.text, *behind])


def coming_elements(place: Place, run: NodeRun, indent: bytes) -> list[ComingElement]:
    """What of a run is written: a `...` that stands for none is not."""
    written = [(n, place.writer.text([n], n.start, n.end, indent)) for n in run.come]
    return [
        ComingElement(text, tail_of(place, n), _shares_row(n), _remarks(place, n))
        for n, text in written
        if text
    ]


def tail_of(place: Place, node: Node) -> Span | None:
    """The comma and the comment that end the row of an element which moves."""
    old = dict(place.pattern.pairs).get(node)
    met = place.match.met.get(old, ()) if old is not None else ()
    last = node.children[-1] if node.kind == "keyed_element" else node
    value = place.match.bound.get(last.var.name) if last.var is not None else None
    value = met[0] if len(met) == 1 else value
    if not isinstance(value, Syntax):
        return None
    row = place.data[place.data.rfind(b"\n", 0, value.start) + 1 : value.start].strip()
    if (row and not (last is not node and row.endswith(b":"))) or value.end not in _ends(place):
        return None
    tail = re.match(rb",[ \t]*(//[^\r\n]*|/\*.*?\*/(?=[ \t]*\r?\n))", place.data[value.end :])
    return Span(value.end, value.end + tail.end()) if tail else None


def _ends(place: Place) -> set[int]:
    """Where elements end that go as a whole."""
    gone = (node for run in place.pattern.runs if run.style == "commas" for node in run.gone)
    return {found[-1].end for node in gone if (found := place.match.met.get(node))}


def _remarks(place: Place, node: Node) -> tuple[Remark, ...]:
    return tuple(r for r in place.pattern.remarks if r.is_with_element and r.node is node)


def _shares_row(node: Node) -> bool:
    """Whether the patch, which writes a list over lines, has an element on the line of the one before it."""
    row = node.side.data.rfind(b"\n", 0, node.start) + 1
    before = node.side.data[row : node.start].rstrip()
    return before.endswith(b",") and node.parent is not None and node.parent.start < row


def rows_of(data: bytes, coming: Sequence[ComingElement], glue: bytes) -> Iterator[bytes]:
    """The texts of elements that come as rows, each with what is before it: `glue`, or a blank."""
    ended = True
    for one in coming:
        above = [line for r in one.remarks if r.where == "above" for line in r.lines]
        before = [line for r in one.remarks if r.where == "before" for line in r.lines]
        behind = [line for r in one.remarks if r.where == "behind" for line in r.lines]
        lead = b" " if one.beside and not ended and not above else glue
        yield b"".join(glue + line for line in above)
        yield lead + b" ".join([*before, one.row(data), *behind])
        ended = one.tail is not None or bool(behind)
