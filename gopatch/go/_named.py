"""Where a file has a name: told by the words of its text and a look at the tree there, not by all names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gopatch.go._kinds import IDENTIFIER, grammar_kinds

if TYPE_CHECKING:
    from tree_sitter import Node, Tree

_NAMES = grammar_kinds(frozenset({IDENTIFIER}))


def named(tree: Tree, data: bytes, word: bytes) -> list[Node]:
    """The nodes of a tree that are names which read `word`, in order."""
    found = []
    at = data.find(word)
    while at >= 0:
        end = at + len(word)
        node = tree.root_node.descendant_for_byte_range(at, end)
        if (
            node is not None
            and (node.start_byte, node.end_byte) == (at, end)
            and node.type in _NAMES
        ):
            found.append(node)
        at = data.find(word, end)
    return found


def is_declared_by(node: Node, kinds: frozenset[str]) -> bool:
    """Whether a name is what the node around it, of one of `kinds`, declares."""
    above = node.parent
    return (
        above is not None
        and above.type in kinds
        and any(name.start_byte == node.start_byte for name in above.children_by_field_name("name"))
    )
