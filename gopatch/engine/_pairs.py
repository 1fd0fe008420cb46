"""What of the plus side is copied from the file: `...`, and context that moves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from gopatch.engine._align import Aligner
from gopatch.engine._nodes import Node, NodeRun, wrong
from gopatch.engine.notation import Change
from gopatch.go.tree import GROUPS


def pair_dots(change: Change, minus: list[Node], plus: list[Node]) -> dict[Node, Node]:
    """Which `...` of the minus side each `...` of the plus side stands for.

    The same context line pairs with itself; inside a block of changed lines they pair in order.
    """
    gone = [n for node in minus for n in node.walk() if n.dots]
    come = [n for node in plus for n in node.walk() if n.dots]
    blocks = _blocks(change)

    def block(node: Node) -> tuple[int, int]:
        line, column = node.place
        mark = node.side.line_at(node.start).mark
        return (blocks[line], 0) if mark in "+-" else (-line, column)

    waiting: dict[tuple[int, int], list[Node]] = {}
    for node in gone:
        waiting.setdefault(block(node), []).append(node)
    wanted = Counter((block(node), _holder(node)) for node in come)
    pairs: dict[Node, Node] = {}
    for node in come:
        at = block(node)
        partners = waiting.get(at, [])
        alike = [p for p in partners if _holder(p) == _holder(node)]
        # What nothing of its own kind asks for may have been written in another way: `... := f()`.
        free = [p for p in partners if not wanted[at, _holder(p)]] or partners
        count = wanted[at, _holder(node)]
        if len(alike) < count:  # in their order, whatever their kind
            alike = [p for p in partners if p in alike or p in free]
        pairs[node] = _partner(change, node, alike or free, count)
        partners.remove(pairs[node])
        wanted[at, _holder(node)] -= 1
    return pairs


def _partner(change: Change, node: Node, partners: list[Node], wanted: int) -> Node:
    """The first of `partners`, which are not more than the `...` that ask for them."""
    if len(partners) > wanted:
        raise wrong(
            change,
            node,
            "`...` could stand for more than one of the minus side",
            "write as many `...` with `-` as with `+`, or a change for each",
        )
    if not partners:
        raise wrong(
            change,
            node,
            "`...` without a partner: nothing on the minus side says what it stands for",
            "write as many `...` with `-` as with `+`, or put it on a context line",
        )
    return partners[0]


def _holder(node: Node) -> str:
    return node.parent.kind if node.parent is not None else ""


def _blocks(change: Change) -> dict[int, int]:
    """Line number -> the block of neighbouring changed lines that it belongs to."""
    found: dict[int, int] = {}
    current, last = 0, " "
    for line in change.lines:
        if line.mark != " ":
            current += last == " "
            found[line.number] = current
        last = line.mark
    return found


def moved_context(runs: Sequence[NodeRun]) -> dict[Node, Node]:
    """Context lines inside what comes (a body that is wrapped or unwrapped): plus -> minus.

    Such lines are copied from the file, not from the patch.
    """
    gone = [node for run in runs for node in reversed(run.gone)]
    old = {_places(n): n for g in gone for n in g.walk() if n.named}
    found: dict[Node, Node] = {}
    todo = [node for run in runs for node in run.come]
    while todo:
        node = todo.pop()
        places = _places(node)
        if places and places in old and not node.dots and node.var is None:
            found[node] = old[places]
        else:
            todo += node.children
    return found


def moved_twins(aligner: Aligner) -> dict[Node, Node]:
    """What comes inside something else just as it went, `...` and all: plus -> minus.

    It is copied from the file, so that comments, line breaks and indentation go along.
    """
    found: dict[Node, Node] = {}
    wholes = [[n for gone in run.gone for n in gone.walk() if _is_whole(n)] for run in aligner.runs]
    for run, old in zip(aligner.runs, wholes, strict=True):
        todo = list(run.come)
        while todo:
            node = todo.pop(0)
            places = [old, *(w for w in wholes if w is not old and _holds_dots(node))]
            twin = _twin(aligner, node, places) if _is_whole(node) else None
            if twin is None:
                todo += node.children
            else:
                found[node] = twin
    return found


def _twin(aligner: Aligner, node: Node, places: list[list[Node]]) -> Node | None:
    """What went and is the same; it is taken out of the list in which it was."""
    for old in places:
        for twin in old:
            if aligner.same(twin, node):
                old.remove(twin)
                return twin
    return None


def _holds_dots(node: Node) -> bool:
    return any(leaf.dots for leaf in node.leaves)


def _is_whole(node: Node) -> bool:
    return bool(node.children) and node.named and node.kind not in GROUPS and node.start < node.end


def _places(node: Node) -> tuple[tuple[int, int], ...]:
    """Where a node's leaves stand, () unless all of them are context."""
    if not node.is_context:
        return ()
    return tuple(leaf.place for leaf in node.leaves)
