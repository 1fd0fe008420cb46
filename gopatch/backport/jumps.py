"""Jumps that lead nowhere: `break` and `continue` outside of what they leave, and labels that are not there.

"Break statements", "Continue statements" and "Labeled statements" of the Go specification.
"""

from __future__ import annotations

from collections.abc import Iterator, Set

from gopatch.go.tree import Syntax

_FUNCTIONS = {"function_declaration", "method_declaration", "func_literal"}
_LOOP = {"for_statement"}
_LEFT = {
    *_LOOP,
    "expression_switch_statement",
    "type_switch_statement",
    "select_statement",
}
_JUMPS = {"break_statement": _LEFT, "continue_statement": _LOOP, "goto_statement": set[str]()}


def astray(
    node: Syntax, around: Set[str] = frozenset(), labels: Set[bytes] = frozenset()
) -> Iterator[Syntax]:
    """The jumps of a declaration that its compiler refuses."""
    if node.kind in _FUNCTIONS:
        around, labels = frozenset(), frozenset(_labels(node))
    if node.kind in _JUMPS:
        said = [c.text for c in node.children[1:] if c.token != b";"]
        if said[0] not in labels if said else not around & _JUMPS[node.kind]:
            yield node
    for child in node.children:
        yield from astray(child, around | {node.kind}, labels)


def _labels(node: Syntax) -> Iterator[bytes]:
    for child in node.children:
        if child.kind == "label":
            yield child.children[0].text
        elif child.kind != "func_literal":
            yield from _labels(child)
