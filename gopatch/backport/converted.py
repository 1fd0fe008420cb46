"""Which values surely cannot be converted to which types: "Conversions" of the Go specification."""

from __future__ import annotations

from collections.abc import Iterator

from gopatch.backport.assignable import differ, kind_of, other_fields
from gopatch.backport.constants import unheld
from gopatch.backport.go_types import GoType
from gopatch.backport.operations import BROKEN, Misfit, said
from gopatch.backport.shown_types import ShownTypes
from gopatch.backport.type_rows import bare
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
    head = node.children[0]
    wanted = values.read(bare(head.children[-1] if head.kind == "unary_expression" else head))
    arguments = [child for child in node.children[-1].children if child.named]
    kind = kind_of(values.shown, wanted)
    for each in arguments if kind in _BECOME else ():
        found = kind_of(values.shown, values.of(each))
        becomes = found == kind and not _is_other(values.shown, values.of(each), wanted)
        words = f"`{said(each)}` cannot become `{wanted}` in the target"
        if found and not becomes and (found not in _BECOME[kind] or _is_broken(values, each)):
            yield each.start, f"{words}: it is `{values.of(each)}`"
        elif basic := unheld(values, each, wanted):
            yield each.start, f"{words}: `{basic}` does not hold it"


def _is_broken(values: ValuedNodes, node: Syntax) -> bool:
    """Whether a value is a number with a fraction, which becomes no string."""
    below = values.shown.underlying(values.of(node))
    return below is not None and below.name[1] in BROKEN


def _is_other(shown: ShownTypes, value: GoType | None, wanted: GoType | None) -> bool:
    """Whether two types of one kind surely are not the same below their names, but for the tags of fields."""
    one, other = shown.underlying(value), shown.underlying(wanted)
    if one is None or other is None or one.kind != other.kind or one.kind in ("basic", "constant"):
        return False
    if one.kind == "pointer":
        return _is_other(shown, one.parts[0], other.parts[0])
    if one.kind != "struct":
        return differ(one, other)
    return other_fields(shown, value, wanted)
