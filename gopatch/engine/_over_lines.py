"""Lists that the plus side writes over lines: where the file has one on a line, it comes as the author wrote it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from gopatch.engine._comments import Remark
from gopatch.engine._nodes import Node
from gopatch.go.tree import COMMA_LISTS, RESULT

_LISTS = COMMA_LISTS - {RESULT, "expression_list"}  # those that have brackets


def lists_over_lines(
    kept: Iterable[tuple[Node, Node]], remarks: Sequence[Remark]
) -> Iterator[tuple[Node, Node]]:
    """The lists that live on and get lines by the plus side, or comments that need some; no list in another."""
    end = 0
    for old, new in sorted(_all_inside(kept), key=lambda pair: (pair[1].start, -pair[1].end)):
        if new.start < end or new.kind not in _LISTS or not new.children:
            continue
        if not _is_over_lines(new.side.data, new.children):
            continue
        if _gets_lines(old, new) or any(_is_beside(r, old, new) for r in remarks):
            end = new.end
            yield old, new


def _all_inside(kept: Iterable[tuple[Node, Node]]) -> Iterator[tuple[Node, Node]]:
    """The pairs that live on, and what those are made of in which nothing changes."""
    for old, new in kept:
        if old.children and _is_same(old, new):
            yield from zip(old.walk(), new.walk(), strict=True)
        else:
            yield old, new


def _is_over_lines(data: bytes, children: Sequence[Node]) -> bool:
    """Whether there is a line break between two of `children`."""
    return any(b"\n" in data[one.end : other.start] for one, other in pairwise(children))


def _gets_lines(old: Node, new: Node) -> bool:
    """Whether what is on one line comes over several: all of the list, or all that its brackets hold."""
    come, went = new.children[1:-1], old.children[1:-1]
    if come[:1] and all(n.mark == "+" for n in come) and _is_over_lines(new.side.data, come):
        return not _is_over_lines(old.side.data, went)
    brackets = (new.children[0], new.children[-1])
    return all(n.mark == "+" for n in brackets) and not _is_over_lines(old.side.data, old.children)


def _is_beside(remark: Remark, old: Node, new: Node) -> bool:
    return remark.mark == "+" and remark.node.parent in (old, new)


def staying(kept: Iterable[tuple[Node, Node]], new: Node) -> Iterator[tuple[Node, Node]]:
    """The elements of `new` that stay the same, which are the file's: plus -> minus."""
    for o, n in kept:
        if n.parent is new and n.named and not n.dots and n.var is None and _is_same(o, n):
            yield n, o


def _is_same(old: Node, new: Node) -> bool:
    if (old.kind, old.token, old.var, old.dots) != (new.kind, new.token, new.var, new.dots):
        return False
    return len(old.children) == len(new.children) and all(map(_is_same, old.children, new.children))
