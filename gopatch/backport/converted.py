"""Which values surely cannot be converted to which types: "Conversions" of the Go specification."""

from __future__ import annotations

from collections.abc import Iterator

from gopatch.backport.assignable import kind_of
from gopatch.backport.operations import Misfit, said
from gopatch.backport.valued import ValuedNodes
from gopatch.go.tree import Syntax

# For each kind of type the other kinds of values that may become one.
_BECOME = {
    "number": (),
    "bool": (),
    "struct": (),
    "string": ("number", "slice"),
    "slice": ("string", "nil"),
    "array": ("slice",),
    "array pointer": ("pointer", "slice", "nil"),
    "pointer": ("array pointer", "nil"),
    "map": ("nil",),
    "chan": ("nil",),
    "func": ("nil",),
}


def wrong_conversion(values: ValuedNodes, node: Syntax) -> Iterator[Misfit]:
    """The misfit of a conversion, if the node is one that Go surely does not know."""
    if node.kind != "call_expression" or not values.is_type(node.children[0]):
        return
    wanted = values.read(_bare(node.children[0]))
    arguments = [child for child in node.children[-1].children if child.named]
    kind = kind_of(values.shown, wanted)
    for each in arguments if kind in _BECOME else ():
        found = kind_of(values.shown, values.of(each))
        if found and found != kind and found not in _BECOME[kind]:
            yield (
                each.start,
                f"`{said(each)}` cannot become `{wanted}` in the target: it is `{values.of(each)}`",
            )


def _bare(node: Syntax) -> Syntax:
    while node.kind == "parenthesized_expression":
        node = node.children[1]
    return node
