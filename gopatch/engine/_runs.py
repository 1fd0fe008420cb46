"""The runs of a pattern as they are at one match: over a `...` that stands for none, two are one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from gopatch.engine._nodes import Node, NodeRun
from gopatch.engine._over_lines import CHAIN, spine, staying
from gopatch.engine.match import Match
from gopatch.engine.pattern import Pattern
from gopatch.go.tree import RESULT, Syntax


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


def pattern_at(pattern: Pattern, match: Match) -> Pattern:
    """`pattern` as it is at one match: a list that gets lines, and is on one line there, goes and comes as one."""
    anew = tuple(pair for pair in pattern.over_lines if _may_be_anew(match.met.get(pair[0], ())))
    for old, new in anew:
        pattern = _written_anew(pattern, old, new)
    return pattern._replace(over_lines=anew) if pattern.over_lines else pattern


def _may_be_anew(met: Sequence[Syntax]) -> bool:
    """Whether a list is on one line but for what its elements are, and no comments are between these; so with a chain."""
    if len(met) != 1:
        return False
    nodes = list(spine(met[0])) or met
    pairs = (pair for node in nodes for pair in pairwise(node.children))
    blanks = b" \t\r\n" if met[0].kind in CHAIN else b", \t"
    return not any(a.data[a.end : b.start].strip(blanks) for a, b in pairs)


def _written_anew(pattern: Pattern, old: Node, new: Node) -> Pattern:
    inside = {*old.walk(), *new.walk()}
    run = NodeRun(old.parent, None, (old,), (new,), None, "tokens", 0, -1, None, None)
    return pattern._replace(
        runs=(*(one for one in pattern.runs if one.parent not in inside), run),
        kept=tuple((o, n) for o, n in pattern.kept if n not in inside),
        pairs=(*pattern.pairs, *staying(pattern.kept, new)),
        remarks=tuple(one for one in pattern.remarks if one.node not in inside),
    )


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
