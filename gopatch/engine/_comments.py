"""The comments on `-` and `+` lines of a change: beside which line of code each goes or comes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from gopatch.engine._nodes import Node, NodeRun
from gopatch.engine.notation import Change, Line, Side, comments_of
from gopatch.errors import PatchError


class Remark(NamedTuple):
    """A comment that goes (`mark` "-") or comes ("+") beside what the minus node `node` meets.

    It stands on lines of its own above it or, `behind`, on its last line.
    """

    mark: str
    node: Node
    lines: tuple[bytes, ...]
    behind: bool


class _Found(NamedTuple):
    """A comment of one side: its bytes, the row where it starts and whether code is before it."""

    start: int
    end: int
    row: int
    behind: bool


def remarks_of(
    change: Change,
    tops: tuple[Sequence[Node], Sequence[Node]],
    kept: Sequence[tuple[Node, Node]],
    runs: Sequence[NodeRun],
) -> tuple[Remark, ...]:
    """All comments that go or come, but those inside of whole lines that come anyway.

    Raises PatchError for one that stands beside no line of code that a match would find.
    """
    twins = {new: old for old, new in kept}
    places = {node.place: node for top in tops[0] for node in top.walk() if node.mark == " "}
    written = {
        row
        for run in runs
        if run.come and run.style == "lines"
        for row in range(run.first, run.last + 1)
    }

    def twin(node: Node) -> Node | None:
        """The minus node of a plus node that a match meets."""
        return twins.get(node) or (places.get(node.place) if node.mark == " " else None)

    found: list[Remark] = []
    for side, mark, nodes in zip((change.minus, change.plus), "-+", tops, strict=True):
        for comment in _comments(side, mark):
            if mark == "+" and comment.row in written:
                continue
            near = _beside(side, comment, nodes)
            node = next(iter(near) if mark == "-" else filter(None, map(twin, near)), None)
            if node is None:
                raise _lonely(change, side.lines[comment.row])
            found.append(Remark(mark, node, _lines(side, comment), comment.behind))
    return tuple(found)


def _comments(side: Side, mark: str) -> list[_Found]:
    """The comments on lines of `mark`; those on neighbouring lines are one."""
    found: list[_Found] = []
    for start, end in comments_of(side):
        row = side.data.count(b"\n", 0, start)
        behind = bool(side.data[side.starts[row] : start].strip())
        if side.lines[row].mark != mark:
            continue
        if found and not (behind or found[-1].behind) and _adjoin(side, found[-1].end, start):
            found[-1] = found[-1]._replace(end=end)
        else:
            found.append(_Found(start, end, row, behind))
    return found


def _adjoin(side: Side, end: int, start: int) -> bool:
    between = side.data[end:start]
    return not between.strip() and between.count(b"\n") == 1


def _beside(side: Side, comment: _Found, nodes: Iterable[Node]) -> list[Node]:
    """The nodes that end right before a comment, or begin on the line of code after it; outermost first."""
    all_nodes = [node for top in nodes for node in top.walk() if not node.dots]
    if comment.behind:
        near = [
            n
            for n in all_nodes
            if n.end <= comment.start and not side.data[n.end : comment.start].strip(b" \t")
        ]
        return sorted(near, key=lambda node: node.start)
    near = [
        n
        for n in all_nodes
        if n.named and n.start >= comment.end and not side.data[comment.end : n.start].strip()
    ]
    return sorted(near, key=lambda node: -node.end)


def _lines(side: Side, comment: _Found) -> tuple[bytes, ...]:
    return tuple(line.strip() for line in side.data[comment.start : comment.end].split(b"\n"))


def _lonely(change: Change, line: Line) -> PatchError:
    return PatchError(
        "a comment alone cannot be matched or placed",
        path=change.path,
        line=line.number,
        column=line.column,
        hint="a comment goes or comes above a line of code, or behind one that stays or is replaced",
    )
