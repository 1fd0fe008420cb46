"""What binds each name of a declaration, and where its type is to be had.

"Declarations and scope" of the Go specification. What a type parameter binds is of several types, and left out;
so is what a type switch binds, but in the cases of one type.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from gopatch.backport.constant_values import above_with_value
from gopatch.go.tree import Syntax


class Binder(NamedTuple):
    """What binds a name: what `said` is (the "type", that of "any number", the "value", a "constant", the "range" or a type "switch"),
    and which of how many values is the name's."""

    kind: str
    said: Syntax
    nth: int = 0
    many: int = 1


def binders(node: Syntax) -> Iterator[tuple[int, Binder]]:
    """For where a name is bound, what binds it."""
    if node.kind == "parameter_declaration":
        kind = "any number" if any(c.token == b"..." for c in node.children) else "type"
        yield from ((name.start, Binder(kind, node.children[-1])) for name in node.names())
    elif node.kind in ("var_spec", "const_spec"):
        yield from _of_names(node)
    elif node.kind in ("short_var_declaration", "receive_statement", "range_clause"):
        yield from _of_signs(node)
    elif node.kind == "type_switch_statement":
        at = next((i for i, c in enumerate(node.children) if c.token == b":="), 0)
        yield from ((name.start, Binder("switch", node)) for name in node.children[:at][-1:])
    for child in node.children:
        yield from binders(child)


def case_around(node: Syntax, switch: Syntax) -> Syntax | None:
    """The one type of the case of a type switch in which a node stands; None where it is none or another number."""
    while node.parent is not None and node.parent.start != switch.start:
        node = node.parent
    if node.kind != "type_case":
        return None
    types = node.children[1].children
    return types[0] if len(types) == 1 and types[0].text != b"nil" else None


def _of_names(spec: Syntax) -> Iterator[tuple[int, Binder]]:
    names = spec.names()
    rest = _behind(spec)
    if not rest and spec.kind == "const_spec":
        rest = _behind(above_with_value(spec) or spec)
    if not rest:
        return
    value = rest[-1] if rest[0].token == b"=" else None
    kind = "type" if value is None else "constant" if spec.kind == "const_spec" else "value"
    for nth, name in enumerate(names):
        yield name.start, Binder(kind, value or rest[0], nth, len(names))


def _behind(spec: Syntax) -> list[Syntax]:
    """What stands behind the names."""
    end = spec.names()[-1].end
    return [child for child in spec.children if child.start >= end]


def _of_signs(node: Syntax) -> Iterator[tuple[int, Binder]]:
    at = next((i for i, c in enumerate(node.children) if c.token == b":="), 0)
    kind = "range" if node.kind == "range_clause" else "value"
    for head in node.children[:at]:
        names = head.children if head.kind == "expression_list" else [head]
        for nth, name in enumerate(names):
            yield name.start, Binder(kind, node.children[-1], nth, len(names))
