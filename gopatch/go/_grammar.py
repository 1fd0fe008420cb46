"""Questions about nodes of the grammar's own tree, from which the view is made."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from gopatch.go._kinds import BLANK

if TYPE_CHECKING:
    from tree_sitter import Node

CHANNEL = "channel_type"
_FEW = 16  # children that are asked for one by one, each of which counts those before it


def has_instance(node: Node | None) -> bool:
    """Whether a call names the types that its function is called with."""
    return (
        node is not None
        and node.type == "call_expression"
        and node.child_by_field_name("type_arguments") is not None
    )


def lends_arrow(node: Node) -> bool:
    """Whether the `<-` at the start of a channel type is that of the channel around it.

    The grammar reads `chan<- chan T` as `chan (<-chan T)`; Go's specification, Channel types: the `<-`
    associates with the leftmost chan possible.
    """
    arrow, around = node.child(0), node.parent
    if arrow is None or arrow.type != "<-" or around is None or around.type != CHANNEL:
        return False
    words = (child for child in around.children if child.end_byte <= node.start_byte)
    before = [word.type for word in words if not word.is_named]
    return before == ["chan"] or (before == ["<-", "chan"] and lends_arrow(around))


def parts(node: Node) -> Iterable[Node]:
    """The children of a node; the parser's own list of them would stay as long as the node does."""
    count = node.child_count
    return node.children if count > _FEW else filter(None, map(node.child, range(count)))


def last_end(node: Node) -> int:
    """Where the last thing that is written in `node` ends."""
    for child in reversed(node.children):
        if child.type not in BLANK and child.end_byte > child.start_byte:
            return last_end(child) if child.type == "statement_list" else child.end_byte
    return node.end_byte
