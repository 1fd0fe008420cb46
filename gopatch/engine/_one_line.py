"""Elements between brackets that stand on one line: `{ a; b }`."""

from __future__ import annotations

from collections.abc import Iterator

from gopatch.engine._coming import coming, trimmed
from gopatch.engine._commas import index_for
from gopatch.engine._holder import Holder
from gopatch.engine._indent import indent_at
from gopatch.engine._nodes import NodeRun
from gopatch.engine._place import Place, Span, index, last_index
from gopatch.go.tree import Syntax
from gopatch.splice import Splice


def one_line_edits(
    place: Place, run: NodeRun, gone: list[Span], holder: Holder
) -> Iterator[Splice]:
    """`{ a; b }` gets more or less: one element a line, unless what stays fits as it is."""
    if gone and not run.come:
        yield _taken(holder.elements, gone)
    elif gone and len(run.come) == 1 and b"\n" not in place.inline(run):
        yield Splice(gone[0].start, gone[-1].end, place.inline(run))
    else:
        yield from _unfolded(place, run, gone, holder)


def _taken(elements: list[Syntax], gone: list[Span]) -> Splice:
    first, last = index(elements, gone[0]), last_index(elements, gone[-1])
    if last + 1 < len(elements):
        return Splice(gone[0].start, elements[last + 1].start, b"")
    return Splice(elements[first - 1].end, gone[-1].end, b"")


def _unfolded(place: Place, run: NodeRun, gone: list[Span], holder: Holder) -> Iterator[Splice]:
    """Each element on a line of its own, and what comes among them."""
    elements, opener, closer = holder.elements, holder.opener, holder.closer
    assert opener is not None
    assert closer is not None
    base = indent_at(place.data, opener.start)
    indent = holder.indent
    block = place.newline.join(trimmed(coming(place, run, indent)))
    at = index(elements, gone[0]) if gone else index_for(place, run, elements)
    rest = [e for e in elements if not any(g.start <= e.start < g.end for g in gone)]
    edge = opener.end
    glue = place.newline + indent
    left = [e for e in rest if index(elements, e) < at]
    right = [e for e in rest if index(elements, e) >= at]
    for element in left:
        yield Splice(edge, element.start, glue)
        edge = element.end
    new = place.newline + block
    if holder.node.kind != "block" and not place.data[opener.start - 1 : opener.start].isspace():
        yield Splice(opener.start, opener.start, b" ")
    if not right:
        yield Splice(edge, closer.start, new + place.newline + base)
        return
    yield Splice(edge, right[0].start, new + glue)
    edge = right[0].end
    for element in right[1:]:
        yield Splice(edge, element.start, glue)
        edge = element.end
    yield Splice(edge, closer.start, place.newline + base)
