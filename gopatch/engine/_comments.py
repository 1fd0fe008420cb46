"""The comments on `-` and `+` lines of a change: beside which line of code each goes or comes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import Literal, NamedTuple

from gopatch.engine._nodes import Node, NodeRun
from gopatch.engine.notation import Change, Line, Side, comments_of
from gopatch.errors import PatchError

# On lines of its own above or below something, before it on its first line or behind it on its last.
Where = Literal["above", "before", "behind", "below"]

_OPENERS = (b"(", b"[", b"{")


class Remark(NamedTuple):
    """A comment that goes (`mark` "-") or comes ("+") beside what the minus node `node` meets.

    One that comes with an element of a list (`is_with_element`) has that element, a plus node.
    """

    mark: str
    node: Node
    lines: tuple[bytes, ...]
    where: Where
    is_with_element: bool = False


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
    twins = {new: old for pair in kept for old, new in _inside(*pair)}
    listed = [run for run in runs if run.style == "commas"]
    twins |= {new: old for run in listed for old, new in _one_by_one(run)}
    elements = {new for run in listed for new in run.come} - twins.keys()
    places = {_place(node): node for top in tops[0] for node in top.walk() if node.mark == " "}

    def twin(node: Node) -> Node | None:
        """The minus node of a plus node that a match meets."""
        return twins.get(node) or (places.get(_place(node)) if node.mark == " " else None)

    going, coming = _marked(change, runs)
    found: list[Remark] = []
    for side, mark, nodes in zip((change.minus, change.plus), "-+", tops, strict=True):
        for comment in _comments(side, going if mark == "-" else coming):
            where, near = _beside(side, comment, nodes)
            node = next(iter(near) if mark == "-" else filter(None, map(twin, near)), None)
            own = next((each for each in near if each in elements or twin(each)), None)
            if own is not None and own in elements and mark == "+" and where != "below":
                found.append(Remark(mark, own, _lines(side, comment), where, True))
            elif node is None and _ALONG[mark](side, comment, runs):
                continue
            elif node is None:
                raise _lonely(change, side.lines[comment.row])
            else:
                found.append(Remark(mark, node, _lines(side, comment), where))
    return tuple(found)


def _marked(change: Change, runs: Sequence[NodeRun]) -> tuple[set[int], set[int]]:
    """The lines of the patch whose comments go, and those whose comments come, but for lines that come as a whole."""
    rows = {
        row
        for run in runs
        if run.come and run.style == "lines"
        for row in range(run.first, run.last + 1)
    }
    whole = [change.plus.lines[row] for row in rows]
    # A comment of context that comes with the lines round it goes where it has been.
    moved = {line.number for line in whole if line.mark == " "}
    going = {line.number for line in change.minus.lines if line.mark == "-"} | moved
    coming = {line.number for line in change.plus.lines if line.mark == "+"}
    return going, coming - {line.number for line in whole}


def _one_by_one(run: NodeRun) -> Iterator[tuple[Node, Node]]:
    """The elements of a list that are replaced, each by one."""
    if len(run.gone) == len(run.come) and not any(n.dots for n in (*run.gone, *run.come)):
        yield from zip(run.gone, run.come, strict=True)


def _inside(old: Node, new: Node) -> Iterator[tuple[Node, Node]]:
    """A pair that lives on and, where nothing changes inside, what it is made of."""
    pairs = list(zip_longest(old.walk(), new.walk()))
    if all(o and n and (o.kind, o.token) == (n.kind, n.token) for o, n in pairs):
        yield from pairs
    yield old, new


def _place(node: Node) -> tuple[tuple[int, int], int]:
    """Where a node stands in the patch, and how long it is: the same on both sides for what stays."""
    return node.place, node.end - node.start


def _comments(side: Side, numbers: Collection[int]) -> list[_Found]:
    """The comments on lines of the patch; those on neighbouring lines are one."""
    found: list[_Found] = []
    for start, end in comments_of(side):
        row = side.data.count(b"\n", 0, start)
        behind = bool(side.data[side.starts[row] : start].strip())
        if side.lines[row].number not in numbers:
            continue
        if found and not (behind or found[-1].behind) and _adjoin(side, found[-1].end, start):
            found[-1] = found[-1]._replace(end=end)
        else:
            found.append(_Found(start, end, row, behind))
    return found


def _adjoin(side: Side, end: int, start: int) -> bool:
    between = side.data[end:start]
    return not between.strip() and between.count(b"\n") == 1


def _beside(side: Side, comment: _Found, nodes: Iterable[Node]) -> tuple[Where, list[Node]]:
    """Where a comment stands beside which nodes; outermost first.

    It belongs to the code that begins below it, but for a blank line between; else to what ends above.
    """
    all_nodes = [node for top in nodes for node in top.walk() if not node.dots]
    gaps = [(side.data[n.end : comment.start], n) for n in all_nodes if n.end <= comment.start]
    ending = sorted((g for g in gaps if not g[0].strip(b",; \t\r\n")), key=lambda gap: gap[1].start)
    if comment.behind:
        return "behind", [node for gap, node in ending if b"\n" not in gap]
    gaps = [(side.data[comment.end : n.start], n) for n in all_nodes if n.start >= comment.end]
    beginning = sorted(
        (g for g in gaps if g[1].named and not g[0].strip()), key=lambda gap: -gap[1].end
    )
    above = [n for gap, n in ending if gap.count(b"\n") == 1 and n.token not in _OPENERS]
    if above and (not beginning or beginning[0][0].count(b"\n") > 1):
        return "below", above
    shares = bool(beginning) and b"\n" not in beginning[0][0]
    return "before" if shares else "above", [node for _, node in beginning]


def _goes_along(side: Side, comment: _Found, runs: Sequence[NodeRun]) -> bool:
    """Whether a comment stands inside of what goes, or moves with all that it holds there."""
    is_context = side.lines[comment.row].mark == " "
    gone = (node for run in runs for node in run.gone if is_context or not node.context)
    return any(node.start < comment.start and comment.end < node.end for node in gone)


def _comes_along(_: Side, comment: _Found, runs: Sequence[NodeRun]) -> bool:
    """Whether a comment stands inside of what comes, which is written as it stands."""
    return any(
        new.start < comment.start and comment.end < new.end for run in runs for new in run.come
    )


_ALONG = {"-": _goes_along, "+": _comes_along}


def _lines(side: Side, comment: _Found) -> tuple[bytes, ...]:
    return tuple(line.strip() for line in side.data[comment.start : comment.end].split(b"\n"))


def _lonely(change: Change, line: Line) -> PatchError:
    return PatchError(
        "a comment alone cannot be matched or placed",
        path=change.path,
        line=line.number,
        column=line.column,
        hint="a comment goes or comes above or below a line of code, or behind one that stays or is replaced",
    )
