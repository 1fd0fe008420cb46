"""Lists and chains that the plus side writes over lines: where the file has one on a line, it comes as the author wrote it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TypeVar

from gopatch.engine._comments import Remark
from gopatch.engine._nodes import Node
from gopatch.go.tree import COMMA_LISTS, RESULT, Syntax

_Tree = TypeVar("_Tree", Node, Syntax)

SELECTOR = "selector_expression"
CHAIN = {"call_expression", SELECTOR}
_LISTS = COMMA_LISTS - {RESULT, "expression_list"}  # those that have brackets


def lists_over_lines(
    kept: Iterable[tuple[Node, Node]], remarks: Sequence[Remark]
) -> Iterator[tuple[Node, Node]]:
    """The lists that live on and get lines by the plus side, or comments that need some; no list in another."""
    end = 0
    for old, new in sorted(_all_inside(kept), key=lambda pair: (pair[1].start, -pair[1].end)):
        if new.start < end or not new.children:
            continue
        if _gets_breaks(old, new) or (
            _is_list_over_lines(new) and _comes_over_lines(old, new, remarks)
        ):
            end = new.end
            yield old, new


def _is_list_over_lines(node: Node) -> bool:
    return node.kind in _LISTS and _is_over_lines(node.side.data, node.children)


def _comes_over_lines(old: Node, new: Node, remarks: Sequence[Remark]) -> bool:
    return _gets_lines(old, new) or any(_is_beside(r, old, new) for r in remarks)


def spine(node: _Tree) -> Iterator[_Tree]:
    """The calls and selectors of a chain (`a.b().c()`), the last one first."""
    while node.kind in CHAIN and node.children:
        yield node
        node = node.children[0]


def _gets_breaks(old: Node, new: Node) -> bool:
    """Whether a chain is broken behind a dot on a `+` line, and has been on fewer lines."""
    coming = _broken(new)
    return any(node.mark == "+" for node in coming) and len(coming) > len(_broken(old))


def _broken(node: Node) -> list[Node]:
    """What stands below the dots of a chain."""
    selectors = [each.children for each in spine(node) if each.kind == SELECTOR]
    data = node.side.data
    return [name for _, dot, name in selectors if b"\n" in data[dot.end : name.start]]


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
    """The parts of `new` that stay the same, which are the file's: plus -> minus."""
    parts = set(new.walk()) - {new} if new.kind in CHAIN else set(new.children)
    for o, n in kept:
        if n in parts and _is_same(o, n):
            yield from _copied(o, n)


def _copied(old: Node, new: Node) -> Iterator[tuple[Node, Node]]:
    """What is copied from the file of a part that stays: all of it, but for a chain that gets breaks."""
    if new.kind in CHAIN and _broken(new):
        for o, n in zip(old.children, new.children, strict=True):
            yield from _copied(o, n)
    elif new.named and not new.dots and new.var is None:
        yield new, old


def _is_same(old: Node, new: Node) -> bool:
    if (old.kind, old.token, old.var, old.dots) != (new.kind, new.token, new.var, new.dots):
        return False
    return len(old.children) == len(new.children) and all(map(_is_same, old.children, new.children))
