"""A run of lines cut where what comes holds, or comes from, one after the other of what goes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise

from gopatch.engine._nodes import Node, NodeRun


def segments(
    run: NodeRun, moved: Mapping[Node, Node], placed: Callable[[NodeRun], NodeRun]
) -> Iterator[NodeRun]:
    """The run as runs of which each is written where its own lines go, so that comments stay beside these.

    `moved` maps plus nodes to the minus nodes that they are copied from.
    """
    cuts = list(_cuts(run, moved)) if run.style == "lines" else []
    if not cuts:
        yield run
        return
    for (i, j), (k, m) in pairwise([(0, 0), *cuts, (len(run.gone), len(run.come))]):
        before = run.come[j - 1] if j else run.kept_before
        after = run.come[m] if m < len(run.come) else run.kept_after
        part = run._replace(gone=run.gone[i:k], come=run.come[j:m], first=0, last=-1)
        yield placed(part._replace(kept_before=before, kept_after=after))


def _cuts(run: NodeRun, moved: Mapping[Node, Node]) -> Iterator[tuple[int, int]]:
    """Where both sides may be cut: what is copied does not cross, and something goes on each side."""
    links = [_sources(node, run, moved) for node in run.come]
    last, highest = 0, -1
    for j, linked in enumerate(links):
        low = min((i for some in links[j:] for i in some), default=0)
        if j and linked and highest < low and any(not n.dots for n in run.gone[last:low]):
            yield low, j
            last = low
        highest = max([highest, *linked])


def _sources(node: Node, run: NodeRun, moved: Mapping[Node, Node]) -> set[int]:
    """Which of what goes holds what is copied inside of `node`."""
    old = [moved[part] for part in node.walk() if part in moved]
    return {
        i
        for i, gone in enumerate(run.gone)
        if any(gone.start <= each.start and each.end <= gone.end for each in old)
    }
