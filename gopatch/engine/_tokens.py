"""Pieces of one construct go and come where they stand."""

from __future__ import annotations

from collections.abc import Iterator

from gopatch.engine._indent import indent_at
from gopatch.engine._nodes import Node, NodeRun, is_flat
from gopatch.engine._parens import parted
from gopatch.engine._place import Place, Span, UnwritableError
from gopatch.engine._rows import line_end, starts_line
from gopatch.splice import Splice


def token_edits(place: Place, run: NodeRun) -> Iterator[Splice]:
    gone = place.met(run.gone)
    come = place.inline(run) if run.come else b""
    if gone and come:
        start, end = gone[0].start, gone[-1].end
        come = parted(place.data[max(0, start - 1) : start], come)
        behind = place.data[end : end + 1]
        yield Splice(start, end, come + parted(come, behind).removesuffix(behind))
    elif run.parent is not None and is_flat(run.parent):
        yield from _operand_edits(place, run, gone)
    elif gone and run.parent is not None and run.parent.is_chain:
        yield _cut_operands(place, run, run.parent)
    elif gone:
        yield _cut(place, run, gone)
    elif come:
        yield _put(place, run, come)


def _operand_edits(place: Place, run: NodeRun, gone: list[Span]) -> Iterator[Splice]:
    """Operands go, or come, with an operator each; a comment stays beside its own operand."""
    before, after = place.edge(run.before, last=True), place.edge(run.after, last=False)
    if gone and after is not None:
        comment = _comment_in(place, gone[-1].end, after)
        if comment < after and not starts_line(place, gone[0].start):
            raise UnwritableError("a comment stands behind the operand that goes", comment)
        yield Splice(gone[0].start, comment, b"")
    elif gone and before is not None:
        between = place.data[before : gone[-1].end]
        if b"//" in between or b"/*" in between:
            raise UnwritableError("a comment stands before the operand that goes", gone[-1].start)
        yield Splice(before, gone[-1].end, b"")
    elif before is not None and after is not None and b"\n" in place.data[before:after]:
        row = line_end(place, before) + len(place.newline)
        text = indent_at(place.data, after) + place.inline(run) + place.newline
        yield Splice(row, row, text)
    elif run.before is not None and after is None and _starts_line(place, run.before):
        yield from _operand_below(place, run, place.edge(run.before, last=True) or 0)
    elif run.come:
        yield _put(place, run, place.inline(run))


def _comment_in(place: Place, start: int, end: int) -> int:
    """Where a comment begins between two offsets, else the second of them."""
    found = (low for low, high in place.file.comments() if start <= low and high <= end)
    return next(found, end)


def _starts_line(place: Place, node: Node) -> bool:
    start = place.edge(node, last=False)
    return start is not None and starts_line(place, start)


def _operand_below(place: Place, run: NodeRun, end: int) -> Iterator[Splice]:
    """An operand behind the last one, which stands on a line of its own: so does this one."""
    operator = run.come[0].token or b""
    text = place.inline(run).removeprefix(operator).lstrip()
    text = place.newline + indent_at(place.data, end) + text
    edge = line_end(place, end)
    rest = place.data[end:edge].strip()
    if rest.startswith(b"//"):
        yield Splice(end, end, b" " + operator)
        yield Splice(edge, edge, text)
    elif b"//" in rest or b"/*" in rest:
        raise UnwritableError("a comment would stand beside the operand that comes", end)
    else:
        yield Splice(end, end, b" " + operator + text)


def _cut_operands(place: Place, run: NodeRun, chain: Node) -> Splice:
    """Remove operands with the operator on one side, whichever the pattern says: `...` may be none."""
    gone = place.met([node for node in run.gone if node in chain.children[::2]])
    if not gone:
        return _cut(place, run, place.met(run.gone))
    operands = [s for node in chain.children[::2] for s in place.match.met.get(node, ())]
    after = next((s for s in operands if s.start >= gone[-1].end), None)
    if after is not None:
        return Splice(gone[0].start, after.start, b"")
    before = [s for s in operands if s.end <= gone[0].start]
    if not before:
        raise UnwritableError("nothing would be left of the expression", gone[0].start)
    return Splice(before[-1].end, gone[-1].end, b"")


def _cut(place: Place, run: NodeRun, gone: list[Span]) -> Splice:
    """Remove, together with the white space on one side."""
    before = place.edge(run.before, last=True)
    after = place.edge(run.after, last=False)
    gap = b"" if after is None else place.data[gone[-1].end : after]
    if after is not None and not gap.strip() and b"\n" not in gap:
        wanted = _gap(run.kept_before, run.kept_after)
        if before is not None and not place.data[before : gone[0].start].strip():
            return Splice(before, after, wanted)
        return Splice(gone[0].start, after, b"")
    if before is not None and not place.data[before : gone[0].start].strip():
        return Splice(before, gone[-1].end, b"")
    return Splice(gone[0].start, gone[-1].end, b"")


def _put(place: Place, run: NodeRun, come: bytes) -> Splice:
    """Insert beside the neighbour before, or the one after at a construct's start."""
    before = place.edge(run.before, last=True)
    if before is not None:
        space = _gap(run.kept_before, run.come[0])
        return Splice(before, before, (b" " if b"\n" in space else space) + come)
    after = place.edge(run.after, last=False)
    if after is None:
        raise UnwritableError("nothing stands beside what is added", place.match.start)
    space = _gap(run.come[-1], run.kept_after)
    return Splice(after, after, come + (b" " if b"\n" in space else space))


def _gap(before: Node | None, after: Node | None) -> bytes:
    """The white space that the plus side has between two of its nodes."""
    if before is None or after is None:
        return b""
    gap = before.side.data[before.end : after.start]
    return b" " if b"\n" in gap else (b"" if gap.strip() else gap)
