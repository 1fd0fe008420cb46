"""Pieces of one construct go and come where they stand."""

from __future__ import annotations

from collections.abc import Iterator

from gopatch.engine._nodes import Node, NodeRun
from gopatch.engine._parens import parted
from gopatch.engine._place import Place, Span, UnwritableError
from gopatch.splice import Splice


def token_edits(place: Place, run: NodeRun) -> Iterator[Splice]:
    gone = place.met(run.gone)
    come = place.inline(run) if run.come else b""
    if gone and come:
        start, end = gone[0].start, gone[-1].end
        come = parted(place.data[max(0, start - 1) : start], come)
        behind = place.data[end : end + 1]
        yield Splice(start, end, come + parted(come, behind).removesuffix(behind))
    elif gone and run.parent is not None and run.parent.is_chain:
        yield _cut_operands(place, run, run.parent)
    elif gone:
        yield _cut(place, run, gone)
    elif come:
        yield _put(place, run, come)


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
