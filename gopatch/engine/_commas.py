"""Elements parted by commas: arguments, parameters, elements of literals."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from gopatch.engine._context_comments import group_of
from gopatch.engine._elements import ComingElement, coming_elements, rows_of, tail_of
from gopatch.engine._indent import indent_at
from gopatch.engine._nodes import NodeRun
from gopatch.engine._place import Place, Span, UnwritableError, index, last_index
from gopatch.engine._rows import (
    begins_behind_comment,
    code_between,
    comments_in,
    cut_lines,
    cut_part,
    line_end,
    own_lines,
    rows_above,
    starts_line,
)
from gopatch.engine._saved_comments import living
from gopatch.go.tree import NAMED, Syntax, elements_of
from gopatch.splice import Splice

_ENDS_ROW = re.compile(rb",?[ \t]*(?://[^\n]*|[)\]}][^\n]*)?\r?$", re.M)
_BESIDE = re.compile(rb"(?:[ \t]*/\*[^\r\n]*?\*/)+")  # comments behind an element, on its line
_COMMA = re.compile(rb",([^\r\n]*)")
_OPENERS = (b"(", b"[", b"{")
_CLOSERS = (b")", b"]", b"}")
_BRACKETED = {"argument_list", "literal_value", "parameter_list"}


def comma_edits(place: Place, run: NodeRun, parent: Syntax) -> Iterator[Splice]:
    elements = _elements(place, parent)
    gone = place.met(run.gone)
    indent = indent_at(place.data, place.anchor(run))
    come = coming_elements(place, run, indent)
    if gone and come:
        yield from _swap(place, run, gone, come, _with_tail(place, run, gone))
    elif gone:
        yield from _drop(place, _with_tail(place, run, gone), elements, parent)
    elif come:
        yield _add(place, run, come, elements, parent)


def _elements(place: Place, parent: Syntax) -> list[Syntax]:
    return parent.names() if parent.kind in NAMED else elements_of(parent)


def _with_tail(place: Place, run: NodeRun, gone: list[Span]) -> list[Span]:
    """A lone element that goes to another row takes the comment behind it along."""
    come = [node for other in place.pattern.runs for node in other.come]
    tails = {span.start: span.end for node in come if (span := tail_of(place, node))}
    return [Span(one.start, tails.get(one.end, one.end)) for one in gone]


def _swap(
    place: Place, run: NodeRun, gone: list[Span], come: list[ComingElement], whole: list[Span]
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
    text = b", ".join(one.in_line(gone[0].start) for one in come)
    yield Splice(gone[0].start, gone[-1].end, text)


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


def _rows_for(place: Place, gone: list[Span], come: list[ComingElement]) -> Splice:
    """Elements in the place of rows, a row each; the comma behind the last row stays."""
    start, end, last = gone[0].start, gone[-1].end, come[-1]
    lead = place.newline + indent_at(place.data, start)
    text = b"".join(rows_of(place.data, come, lead)).removeprefix(lead)
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
    stop = end + (comma.end() if comma else 0)
    if own_lines(place, start, stop):
        yield from cut_lines(place, start, stop)
    elif begins_behind_comment(place, start) and not code_between(
        place, stop, line_end(place, stop)
    ):
        yield cut_part(place, start, stop)
    elif last + 1 < len(elements):
        yield _cut(place, gone, elements[first - 1] if first else None, elements[last + 1])
    elif first > 0:
        yield _cut(place, gone, elements[first - 1], None)
    else:
        yield Splice(start, stop, b"")


def _cut(place: Place, gone: list[Span], before: Syntax | None, after: Syntax | None) -> Splice:
    """Remove a part of a line but for the comments between what goes for good and what stays."""
    start, end = gone[0].start, gone[-1].end
    if before and after and b"\n" in place.data[before.end : start]:
        before = None  # what is behind stays on its line
    low = _beside(place, before) if before else start
    high = after.start if after else end
    comma = _comma_before(place, end, high) if before and after else high
    kept = b""
    if not any(start <= one.start < end for one in living(place)):
        spans = [*comments_in(place, low, start), *comments_in(place, end, comma)]
        texts = [place.data[a:b] for a, b in spans]
        kept = b"".join(b" " + text for text in texts if not text.startswith(b"//"))
    if before is None:  # a comment parts from the bracket, as gofmt has it
        lead = place.data[start - 1 : start] not in _OPENERS
        return Splice(start, high, kept[lead:] + b" " * bool(kept))
    if after is None or kept:  # a comment stands before the comma
        return Splice(low, comma, kept)
    return Splice(start, high, b"")


def _comma_before(place: Place, start: int, end: int) -> int:
    """Where the comma between two elements begins."""
    for low, high in (span for span in place.file.comments() if start <= span[0] < end):
        if b"," in place.data[start:low]:
            break
        start = high
    return place.data.index(b",", start)


def _beside(place: Place, element: Syntax) -> int:
    """Where an element ends, with the comments behind it on its line."""
    comments = _BESIDE.match(place.data, element.end)
    return comments.end() if comments else element.end


def _add(
    place: Place, run: NodeRun, coming: list[ComingElement], elements: list[Syntax], parent: Syntax
) -> Splice:
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
        new = b"".join(rows_of(place.data, coming, place.newline + indent))
        return Splice(edge, edge, new)
    come = [one.in_line(parent.start) for one in coming]
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


def _above(place: Place, coming: list[ComingElement], after: Syntax) -> Splice:
    """Rows above an element and the comment that belongs to it."""
    row = place.data.rfind(b"\n", 0, after.start) + 1
    row = next((low for low, _ in rows_above(place, row)), row)
    lines = rows_of(place.data, coming, place.newline + indent_at(place.data, after.start))
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
