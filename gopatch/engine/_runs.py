"""The runs of a pattern as they are at one match: over a `...` that stands for none, two are one."""

from __future__ import annotations

from collections.abc import Iterator

from gopatch.engine._nodes import Node, NodeRun
from gopatch.engine.match import Match
from gopatch.engine.pattern import Pattern
from gopatch.go.tree import RESULT


def runs_at(pattern: Pattern, match: Match) -> list[NodeRun]:
    """What goes and what comes, with the neighbours that are there at this match."""
    found: list[NodeRun] = []
    for run in pattern.runs:
        if _is_idle(run, match):
            continue
        if run.style != "commas" or run.parent is None or run.parent.kind == RESULT:
            found.append(run)
            continue
        before, after = _there(run, match, -1), _there(run, match, 1)
        last = found[-1] if found else None
        if last is not None and last.parent is run.parent and last.after is after:
            found[-1] = last._replace(gone=last.gone + run.gone, come=last.come + run.come)
        else:
            found.append(run._replace(before=before, after=after))
    return found


def _is_idle(run: NodeRun, match: Match) -> bool:
    """Whether only an operator changes, which is not there beside a `...` that stands for none."""
    return bool(
        run.parent is not None
        and run.parent.is_chain
        and run.gone
        and not any(match.met.get(node) for node in run.gone)
        and all(node.token and not node.named for node in run.come)
    )


def _there(run: NodeRun, match: Match, step: int) -> Node | None:
    """The neighbour that stays, past every `...` that stands for none."""
    assert run.parent is not None
    node = run.before if step < 0 else run.after
    beside = _siblings(run.parent, node, step)
    while node is not None and node.dots and not match.met.get(node, ()):
        node = next(beside, None)
    return node


def _siblings(parent: Node, node: Node | None, step: int) -> Iterator[Node]:
    children = parent.children
    at = next((i for i, child in enumerate(children) if child is node), None)
    if at is not None:
        yield from (children[at + step :: step] if at + step >= 0 else ())
