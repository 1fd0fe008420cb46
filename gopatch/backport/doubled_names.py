"""What a list of Go must not say twice: a key of a literal, a case of a switch, a field, a method of an interface.

"Composite literals", "Switch statements", "Struct types" and "Interface types" of the Go specification. Keys
and cases count where they are one literal or one name: what an expression gives, its text does not tell.
"""

from __future__ import annotations

from collections.abc import Iterator

from gopatch.go.tree import IDENTIFIER, Syntax

_PLAIN = {IDENTIFIER, "selector_expression"}
_SWITCHES = {"expression_switch_statement", "type_switch_statement"}
_CASES = {"expression_case", "type_case"}


def said_twice(node: Syntax) -> Iterator[tuple[int, bytes]]:
    """Where something is said again in a list around it, and what it is."""
    seen: set[bytes] = set()
    for each in _names(node):
        if each.text in seen and each.text != b"_":
            yield each.start, each.text
        seen.add(each.text)
    for child in node.children:
        yield from said_twice(child)


def _names(node: Syntax) -> Iterator[Syntax]:
    if node.kind == "literal_value":
        keys = (c.children[0] for c in node.children if c.kind == "keyed_element")
        yield from (key for key in keys if _is_plain(key))
    elif node.kind in _SWITCHES:
        for case in (c for c in node.children if c.kind in _CASES):
            yield from (each for each in _said_by(case) if _is_plain(each))
    elif node.kind in ("field_declaration_list", "interface_type"):
        for each in node.children:
            if each.kind in ("field_declaration", "method_elem"):
                yield from each.names()


def _said_by(case: Syntax) -> Iterator[Syntax]:
    """What stands between `case` and its colon."""
    for child in case.children:
        if child.token == b":":
            return
        yield from child.children if child.kind == "expression_list" else (child,)


def _is_plain(node: Syntax) -> bool:
    return node.kind in _PLAIN or (node.kind.endswith("_literal") and node.token is not None)
