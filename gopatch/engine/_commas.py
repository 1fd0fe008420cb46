"""Elements parted by commas: arguments, parameters, elements of literals."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from gopatch.engine._comments import Remark
from gopatch.engine._context_comments import group_of
from gopatch.engine._indent import indent_at
from gopatch.engine._nodes import Node, NodeRun
from gopatch.engine._place import Place, Span, UnwritableError, index, last_index
from gopatch.engine._rows import (
    code_between,
    cut_lines,
    line_end,
    own_lines,
    rows_above,
    starts_line,
)
from gopatch.go.tree import NAMED, Syntax, elements_of
from gopatch.splice import Splice

_ENDS_ROW = re.compile(rb",?[ \t]*(?://[^\n]*|[)\]}][^\n]*)?\r?$", re.M)
_BESIDE = re.compile(rb"(?:[ \t]*/\*[^\r\n]*?\*/)+")  # comments behind an element, on its line
_COMMA = re.compile(rb",([^\r\n]*)")
_CLOSERS = (b")", b"]", b"}")
_BRACKETED = {"argument_list", "literal_value", "parameter_list"}


def comma_edits(place: Place, run: NodeRun, parent: Syntax) -> Iterator[Splice]:
    elements = _elements(place, parent)
    gone = place.met(run.gone)
    indent = indent_at(place.data, place.anchor(run))
    written = [(n, place.writer.text([n], n.start, n.end, indent)) for n in run.come]
    come = [
        _Coming(text, tail_of(place, n), _shares_row(n), _remarks(place, n))
        for n, text in written
        if text
    ]
    if gone and come:
        yield from _swap(place, run, gone, come, _with_tail(place, run, gone))
    elif gone:
        yield from _drop(place, _with_tail(place, run, gone), elements, parent)
    elif come:
        yield _add(place, run, come, elements, parent)


def _elements(place: Place, parent: Syntax) -> list[Syntax]:
    return parent.names() if parent.kind in NAMED else elements_of(parent)


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


def _with_tail(place: Place, run: NodeRun, gone: list[Span]) -> list[Span]:
    """A lone element that goes to another row takes the comment behind it along."""
    come = [node for other in place.pattern.runs for node in other.come]
    tails = {span.start: span.end for node in come if (span := tail_of(place, node))}
    return [Span(one.start, tails.get(one.end, one.end)) for one in gone]


def _swap(
    place: Place, run: NodeRun, gone: list[Span], come: list[_Coming], whole: list[Span]
) -> Iterator[Splice]:
    if len(gone) == len(come):
        for syntax, row, one in zip(gone, whole, come, strict=True):
            text = one.text if row == syntax else one.row(place.data)
            yield Splice(syntax.start, row.end, text)
        return
    if all(starts_line(place, one.start) for one in gone) and _ENDS_ROW.match(
        place.data, gone[-1].end
    ):
        first, stop = group_of(place, run, gone, lambda a, b: _are_one(place, a, b))
        if stop - first < len(gone) and not all(map(partial(_is_row, place), gone)):
            raise UnwritableError("a comment stands between what goes", gone[0].start)
        for row in (*gone[:first], *gone[stop:]):
            yield from cut_lines(place, row.start, _behind_comma(place, row.end))
        yield _rows_for(place, gone[first:stop], come)
        return
    _refuse_remarks(come, gone[0].start)
    yield Splice(gone[0].start, gone[-1].end, b", ".join(one.text for one in come))


def _are_one(place: Place, one: Span, other: Span) -> bool:
    """Whether no comment stands between two rows; it would go with them."""
    return not place.data[one.end : other.start].strip(b", \t\r\n")


def _is_row(place: Place, one: Span) -> bool:
    """Whether an element has a row of its own, with its comma."""
    comma = _COMMA.match(place.data, one.end)
    rest = comma[1].strip() if comma else b""
    return (
        comma is not None
        and starts_line(place, one.start)
        and (not rest or rest.startswith((b"//", b"/*")))
    )


def _behind_comma(place: Place, end: int) -> int:
    comma = re.match(rb"\s*,", place.data[end:])
    return end + (comma.end() if comma else 0)


def _rows_for(place: Place, gone: list[Span], come: list[_Coming]) -> Splice:
    """Elements in the place of rows, a row each; the comma behind the last row stays."""
    start, end, last = gone[0].start, gone[-1].end, come[-1]
    lead = place.newline + indent_at(place.data, start)
    text = b"".join(_rows(place.data, come, lead)).removeprefix(lead)
    moved = next((one.tail.end for one in come[:-1] if one.tail and one.tail.start == end), None)
    if moved is not None:
        return Splice(start, moved, text)
    if any(remark.where == "behind" for remark in last.remarks):
        return Splice(start, _behind_row(place, end), text)
    return Splice(start, end, text.removesuffix(last.row(place.data)) + last.text)


def _behind_row(place: Place, end: int) -> int:
    """Where a row ends that one with a comment of its own takes the place of."""
    comma = _COMMA.match(place.data, end)
    if comma is None:
        raise UnwritableError("no line of its own is there for the comment that is added", end)
    goes = [r.lines for r in place.pattern.remarks if (r.mark, r.where) == ("-", "behind")]
    if comma[1].strip() and (comma[1].strip(),) not in goes:
        raise UnwritableError("another comment stands where one is added", end)
    return comma.end()


def _drop(
    place: Place, gone: list[Span], elements: list[Syntax], parent: Syntax
) -> Iterator[Splice]:
    first, last = index(elements, gone[0]), last_index(elements, gone[-1])
    start, end = gone[0].start, gone[-1].end
    comma = re.match(rb"\s*,", place.data[end : parent.end])
    if last - first + 1 == len(elements) and parent.kind in _BRACKETED:
        low, high = parent.children[0].end, parent.children[-1].start
        rest = place.data[end + (comma.end() if comma else 0) : high]
        comments = [part.strip() for part in (place.data[low:start], rest) if part.strip()]
        if not comments or b"\n" not in place.data[low:high]:
            inside = b"".join(b" " + part for part in comments)
            yield Splice(low, high, inside + b" " * bool(comments))
            return
    if own_lines(place, start, end + (comma.end() if comma else 0)):
        yield from cut_lines(place, start, end + (comma.end() if comma else 0))
    elif last + 1 < len(elements):
        yield Splice(start, elements[last + 1].start, b"")
    elif first > 0:
        yield Splice(_beside(place, elements[first - 1]), end, b"")
    else:
        yield Splice(start, end + (comma.end() if comma else 0), b"")


def _beside(place: Place, element: Syntax) -> int:
    """Where an element ends, with the comments behind it on its line."""
    comments = _BESIDE.match(place.data, element.end)
    return comments.end() if comments else element.end


class _Coming(NamedTuple):
    """The text of an element that comes, and where its comma and comment stand if it comes from a row.

    `beside`: it stands on the line of the one before it. `remarks` are the comments that come with it.
    """

    text: bytes
    tail: Span | None
    beside: bool = False
    remarks: tuple[Remark, ...] = ()

    def row(self, data: bytes) -> bytes:
        return self.text + (data[self.tail.start : self.tail.end] if self.tail else b",")


def _remarks(place: Place, node: Node) -> tuple[Remark, ...]:
    return tuple(r for r in place.pattern.remarks if r.is_with_element and r.node is node)


def _refuse_remarks(coming: list[_Coming], offset: int) -> None:
    if any(one.remarks for one in coming):
        raise UnwritableError("no line of its own is there for the comment that is added", offset)


def _shares_row(node: Node) -> bool:
    """Whether the patch, which writes a list over lines, has an element on the line of the one before it."""
    row = node.side.data.rfind(b"\n", 0, node.start) + 1
    before = node.side.data[row : node.start].rstrip()
    return before.endswith(b",") and node.parent is not None and node.parent.start < row


def _rows(data: bytes, coming: list[_Coming], glue: bytes) -> Iterator[bytes]:
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


def _add(
    place: Place, run: NodeRun, coming: list[_Coming], elements: list[Syntax], parent: Syntax
) -> Splice:
    come = [one.text for one in coming]
    at = index_for(place, run, elements)
    before = elements[at - 1] if at else None
    after = elements[at] if at < len(elements) else None
    if after is not None and (before is not None or starts_line(place, after.start)):
        edge = before.end if before is not None else parent.start
        if b"\n" in place.data[edge : after.start] and starts_line(place, after.start):
            return _above(place, coming, after)
    if before is not None and after is None and _is_last_row(place, before, parent):
        edge = line_end(place, before.end)
        indent = indent_at(place.data, before.start)
        new = b"".join(_rows(place.data, coming, place.newline + indent))
        return Splice(edge, edge, new)
    _refuse_remarks(coming, parent.start)
    if after is not None:
        return Splice(after.start, after.start, b"".join(text + b", " for text in come))
    if before is not None:
        edge = _beside(place, before)
        return Splice(edge, edge, b"".join(b", " + text for text in come))
    opener = parent.children[0].end
    return Splice(opener, opener, b", ".join(come))


def _is_last_row(place: Place, last: Syntax, parent: Syntax) -> bool:
    """Whether the last element of a list ends a row with its comma, and only comments are below it."""
    closer = parent.children[-1]
    return (
        closer.token in _CLOSERS
        and starts_line(place, closer.start)
        and code_between(place, last.end, line_end(place, last.end)) == b","
        and not code_between(place, line_end(place, last.end), closer.start)
    )


def _above(place: Place, coming: list[_Coming], after: Syntax) -> Splice:
    """Rows above an element and the comment that belongs to it."""
    row = place.data.rfind(b"\n", 0, after.start) + 1
    row = next((low for low, _ in rows_above(place, row)), row)
    lines = _rows(place.data, coming, place.newline + indent_at(place.data, after.start))
    return Splice(row, row, b"".join(lines).removeprefix(place.newline) + place.newline)


def index_for(place: Place, run: NodeRun, elements: list[Syntax]) -> int:
    """Where in `elements` something that is added goes: beside its neighbour."""
    if run.before is not None and not run.before.named and not run.before.dots:
        return 0
    if run.after is not None and not run.after.named and run.before is None:
        return len(elements)
    if run.before is not None and not run.before.dots and run.before in place.match.met:
        return index(elements, place.match.met[run.before][-1]) + 1
    if run.after is not None and not run.after.dots and place.match.met.get(run.after):
        return index(elements, place.match.met[run.after][0])
    if run.before is not None and run.before.dots:
        met = place.match.met.get(run.before, ())
        if met:
            return index(elements, met[-1]) + 1
        siblings = run.parent.children if run.parent else list(place.pattern.minus)
        for node in reversed(siblings[: siblings.index(run.before)]):
            found = place.match.met.get(node, ())
            if found and any(found[-1] is e for e in elements):
                return index(elements, found[-1]) + 1
    return 0
