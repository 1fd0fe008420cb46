"""Elements between brackets that stand on one line: `{ a; b }`. The comments beside them stay."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from gopatch.engine._coming import coming, trimmed
from gopatch.engine._commas import index_for
from gopatch.engine._holder import Holder
from gopatch.engine._indent import indent_at
from gopatch.engine._nodes import NodeRun
from gopatch.engine._place import Place, Span, index, last_index
from gopatch.engine._rows import code_between, comments_in
from gopatch.splice import Splice


def one_line_edits(
    place: Place, run: NodeRun, gone: list[Span], holder: Holder
) -> Iterator[Splice]:
    """`{ a; b }` gets more or less: one element a line, unless what stays fits as it is."""
    if gone and not run.come:
        yield _emptied(place, holder) if holder.are_all(gone) else _taken(place, holder, gone)
    elif gone and len(run.come) == 1 and b"\n" not in place.inline(run):
        start, end = gone[0].start, gone[-1].end
        yield Splice(start, end, place.inline(run) + _behind(place, start, end))
    else:
        yield from _unfolded(place, run, gone, holder)


def _emptied(place: Place, holder: Holder) -> Splice:
    assert holder.opener is not None
    assert holder.closer is not None
    start, end = holder.opener.end, holder.closer.start
    text = _behind(place, start, end)
    return Splice(start, end, text + b" " * bool(text))


def _taken(place: Place, holder: Holder, gone: list[Span]) -> Splice:
    elements = holder.elements
    first, last = index(elements, gone[0]), last_index(elements, gone[-1])
    if last + 1 < len(elements):
        start, end = gone[0].start, elements[last + 1].start
        found = _behind(place, start, end)
        return Splice(start, end, found.lstrip() + b" " * bool(found))
    start, end = elements[first - 1].end, gone[-1].end
    return Splice(start, end, _behind(place, start, end))


def _unfolded(place: Place, run: NodeRun, gone: list[Span], holder: Holder) -> Iterator[Splice]:
    """Each element on a line of its own, and what comes among them."""
    elements, opener, closer = holder.elements, holder.opener, holder.closer
    assert opener is not None
    assert closer is not None
    at = index(elements, gone[0]) if gone else index_for(place, run, elements)
    rest = [e for e in elements if not any(g.start <= e.start < g.end for g in gone)]
    edge = opener.end
    left = [e for e in rest if index(elements, e) < at]
    right = [e for e in rest if index(elements, e) >= at]
    for element in left:
        yield _apart(place, holder, edge, element.start)
        edge = element.end
    if holder.node.kind != "block" and not place.data[opener.start - 1 : opener.start].isspace():
        yield Splice(opener.start, opener.start, b" ")
    stop = right[0].start if right else closer.start
    yield Splice(edge, stop, _among(place, run, gone, holder, Span(edge, stop)))
    for one, other in pairwise([*right, closer] if right else []):
        yield _apart(place, holder, one.end, other.start)


def _apart(place: Place, holder: Holder, start: int, end: int) -> Splice:
    """A line break between two neighbours, or before the closing bracket."""
    behind, before = _beside(place, holder, start, end)
    return Splice(start, end, behind + before + _lead(place, holder, end))


def _among(place: Place, run: NodeRun, gone: list[Span], holder: Holder, gap: Span) -> bytes:
    """What comes on lines of its own in the place of `gap`, with the comments that are there."""
    lines = trimmed(coming(place, run, holder.indent)) or [b""]
    start, end = (gone[0].start, gone[-1].end) if gone else (gap.end, gap.end)
    head, ahead = _beside(place, holder, gap.start, start)
    inner = _behind(place, start, end)
    tail, before = _beside(place, holder, end, gap.end) if gone else (b"", ahead)
    head += ahead if gone else b""
    if inner + tail and b"//" in lines[-1]:
        lines += [holder.indent + (inner + tail).lstrip()]
    else:
        lines[-1] += inner + tail
    return place.newline.join([head, *lines]) + before + _lead(place, holder, gap.end)


def _lead(place: Place, holder: Holder, start: int) -> bytes:
    """The line break before what begins at `start`: an element, or the closing bracket."""
    assert holder.opener is not None
    assert holder.closer is not None
    closes = start == holder.closer.start
    indent = indent_at(place.data, holder.opener.start) if closes else holder.indent
    return place.newline + indent


def _beside(place: Place, holder: Holder, start: int, end: int) -> tuple[bytes, bytes]:
    """The comments between two neighbours: those behind the one, and those above the other, as rows."""
    assert holder.opener is not None
    assert holder.closer is not None
    if end == holder.closer.start:
        return _behind(place, start, end), b""
    if start == holder.opener.end:
        return b"", _above(place, holder, start, end)
    comments = (low for low, _ in comments_in(place, start, end))
    edge = next((low for low in comments if code_between(place, start, low)), end)
    return _behind(place, start, edge), _above(place, holder, edge, end)


def _above(place: Place, holder: Holder, start: int, end: int) -> bytes:
    """The comments of a range that stay, on a line of their own."""
    found = _behind(place, start, end).lstrip()
    return place.newline + holder.indent + found if found else b""


def _behind(place: Place, start: int, end: int) -> bytes:
    """The comments of a range that stay, each with a blank before it."""
    return b"".join(b" " + place.data[low:high] for low, high in comments_in(place, start, end))
