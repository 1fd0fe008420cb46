"""Which operands surely are no variables in the target, or parts of one: "Address operators" and "Assignments"
of the Go specification.
"""

from __future__ import annotations

from collections.abc import Iterator

from gopatch.backport.assignable import is_pointers, kind_of
from gopatch.backport.operations import Misfit, said
from gopatch.backport.type_rows import bare, listed_values
from gopatch.backport.valued import ValuedNodes
from gopatch.go.tree import Syntax

_VALUES = {"call_expression", "composite_literal", "type_assertion_expression"}


def wrong_place(values: ValuedNodes, node: Syntax) -> Iterator[Misfit]:
    """What one node, not those in it, sets or takes the address of and surely is no variable."""
    if node.kind == "unary_expression" and node.children[0].token == b"&":
        operand = node.children[-1]
        if _is_part(operand) and _is_value(values, operand):
            yield operand.start, f"`{said(operand)}` has no address: in the target it is a value's"
    elif node.kind == "slice_expression":
        yield from _cut(values, node.children[0])
    elif node.kind in ("assignment_statement", "inc_statement", "dec_statement"):
        for each in listed_values(node.children[0]):
            in_map = each.kind == "index_expression" and _kind(values, each.children[0]) == "map"
            if _is_part(each) and not in_map and _is_value(values, each):
                yield each.start, f"`{said(each)}` cannot be set: in the target it is a value's"
    elif node.kind == "selector_expression":
        yield from _of_pointers(values, node)


def _cut(values: ValuedNodes, base: Syntax) -> Iterator[Misfit]:
    if _kind(values, base) == "array" and _is_value(values, base):
        yield base.start, f"`{said(base)}` has no address: in the target it is a value's"


def _of_pointers(values: ValuedNodes, node: Syntax) -> Iterator[Misfit]:
    base, name = node.children[0], node.children[-1]
    is_type = values.is_type(base)
    known = values.read(bare(base)) if is_type else values.of(base)
    is_bare = known is not None and (is_type or _is_value(values, base))
    if known is not None and is_bare and is_pointers(values.shown, known, name.text):
        yield node.start, f"`{said(node)}`: in the target only a pointer has that method"


def _is_part(node: Syntax) -> bool:
    return node.kind in ("selector_expression", "index_expression")


def _is_value(values: ValuedNodes, node: Syntax) -> bool:
    """Whether what an expression gives surely is in no variable."""
    node = bare(node)
    if not _is_part(node):
        return node.kind in _VALUES
    base = node.children[0]
    if node.kind == "index_expression":
        kind = _kind(values, base)
        return kind in ("map", "string") or (kind == "array" and _is_value(values, base))
    fields = (
        values.shown.fields(values.of(base)) or []
    )  # one that is promoted may lie behind a pointer
    return any(name == node.children[-1].text for name, _ in fields) and _is_value(values, base)


def _kind(values: ValuedNodes, node: Syntax) -> str:
    return kind_of(values.shown, values.of(node))
