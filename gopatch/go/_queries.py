"""The nodes of some kinds that a tree has, as the parser finds them."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import tree_sitter

from gopatch.go._parsing import LANGUAGE

if TYPE_CHECKING:
    from tree_sitter import Node

# What stands nowhere but at the top of a file that parses: no query is to look at all of it.
_AT_TOP = frozenset({"function_declaration", "method_declaration", "import_declaration"})


def nodes_below(root: Node, kinds: frozenset[str]) -> list[Node]:
    """The nodes of a file's tree whose kind, as the grammar calls it, is one of `kinds`, in order."""
    if kinds <= _AT_TOP and not root.has_error:
        return [node for node in root.named_children if node.type in kinds]
    captures = tree_sitter.QueryCursor(_query(tuple(sorted(kinds)))).captures(root)
    return sorted((node for nodes in captures.values() for node in nodes), key=place)


@lru_cache(maxsize=64)
def _query(kinds: tuple[str, ...]) -> tree_sitter.Query:
    return tree_sitter.Query(LANGUAGE, "[" + " ".join(f"({kind})" for kind in kinds) + "] @n")


def place(node: Node) -> tuple[int, int]:
    """By that nodes are in order: the outer one first."""
    return node.start_byte, -node.end_byte
