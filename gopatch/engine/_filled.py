"""Whether two pieces of Go mean the same: the same tree, whatever parentheses stand round it."""

from __future__ import annotations

from collections.abc import Sequence

from gopatch.engine._attempt import Env
from gopatch.engine._nodes import Node
from gopatch.go.tree import CHAINS, RESULT, Syntax

_BARE_LISTS = {"expression_list", RESULT}


def same_tree(one: Syntax | bytes, other: Syntax) -> bool:
    """Whether two trees agree in all but parentheses, comments and white space."""
    if isinstance(one, bytes):
        return one == other.token
    todo = [(one, other)]
    while todo:
        old, new = (bare(node) for node in todo.pop())
        if old.token is not None or new.token is not None:
            if old.token != new.token:
                return False
            continue
        if old.kind != new.kind or len(old.children) != len(new.children):
            return False
        todo += zip(old.children, new.children, strict=True)
    return True


def bare(node: Syntax) -> Syntax:
    """What stands inside of parentheses."""
    while node.kind == "parenthesized_expression":
        node = node.children[1]
    return node


def holds_filled(node: Node, found: Sequence[Syntax], env: Env) -> bool:
    """Whether `...` holds what it stood for on the minus side, if that is asked."""
    if env.filled is None or node not in env.filled:
        return True
    meant = env.filled[node]
    if _same_list(meant, found):
        return True
    return node.parent is not None and node.parent.is_chain and _same_run(node.parent, meant, found)


def _same_list(meant: Sequence[Syntax], found: Sequence[Syntax]) -> bool:
    ours, theirs = unlisted(meant), unlisted(found)
    return len(ours) == len(theirs) and all(map(same_tree, ours, theirs))


def unlisted(nodes: Sequence[Syntax]) -> Sequence[Syntax]:
    """What a list without brackets of its own holds, where `...` stands for all of it."""
    if len(nodes) == 1 and nodes[0].kind in _BARE_LISTS:
        return nodes[0].children
    return nodes


def _same_run(chain: Node, meant: Sequence[Syntax], found: Sequence[Syntax]) -> bool:
    """Operands that are flat on one side only: `x || y` as one operand of `&&`, or the other way."""
    operator = chain.children[1].token or b""
    if len(meant) == 1:
        return _same_list(bare(meant[0]).operands(operator)[::2], found)
    cores = [bare(node) for node in found]
    return len(cores) == 1 and any(
        _same_list(meant, cores[0].operands(other)[::2]) for other in CHAINS
    )
