"""What functions take and give."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from gopatch.backport.shown_types import GoPlace, GoType, Placed, ShownTypes
from gopatch.backport.type_rows import fields_in
from gopatch.go.tree import IDENTIFIER, Syntax

_FUNCTIONS = {
    "function_declaration", "method_declaration", "method_elem", "function_type", "func_literal",
}  # fmt: skip
_NAMES = {IDENTIFIER, "selector_expression"}
_DEEPEST = 8  # names of names


class Signature(NamedTuple):
    """What a function takes, each with whether it may come any number of times, and what it gives."""

    takes: tuple[tuple[GoType | None, bool], ...]
    gives: tuple[GoType | None, ...]

    def fits(self, many: int, *, spread: bool) -> bool:
        """Whether so many arguments can be given; with `spread` the last is a slice, `xs...`."""
        variadic = bool(self.takes) and self.takes[-1][1]
        if spread:
            return variadic and many == len(self.takes)
        return many >= len(self.takes) - 1 if variadic else many == len(self.takes)


def signature_of(shown: ShownTypes, function: Placed) -> Signature | None:
    """What a function, or what holds one, takes and gives; None where that depends on types that a call says."""
    found = _function(shown, function)
    if found is None:
        return None
    place, node = found
    lists = [c for c in node.children if c.kind == "parameter_list"]
    generic = any(c.kind == "type_parameter_list" for c in node.children)
    is_method = node.kind == "method_declaration"
    if generic or len(lists) != 1 + is_method or (is_method and b"[" in lists[0].text):
        return None
    results = next(c for c in node.children if c.kind == "result_list")
    takes = tuple(_listed(shown, lists[-1], place))
    return Signature(takes, tuple(kind for kind, _ in _listed(shown, results, place)))


def _function(shown: ShownTypes, found: Placed) -> Placed | None:
    """What has the parameters: a function, or the type that is written of a variable or a field, behind its names."""
    for _ in range(_DEEPEST):
        place, node = found
        if node.kind in _FUNCTIONS:
            return found
        if node.kind == "var_spec":
            last = node.names()[-1].end
            rest = [c for c in node.children if c.start >= last and c.token != b"="]
            found = Placed(place, rest[0])
        elif node.kind == "field_declaration":
            found = Placed(place, next(kind for _, kind in fields_in(node)))
        elif node.kind == "expression_list" and len(node.children) == 1:
            found = Placed(place, node.children[0])
        else:
            spec = shown.spec(shown.read(node, place)) if node.kind in _NAMES else None
            if spec is None:
                return None
            found = Placed(spec.place, spec.node.children[-1])
    return None


def _listed(
    shown: ShownTypes, holder: Syntax, place: GoPlace
) -> Iterator[tuple[GoType | None, bool]]:
    for each in (c for c in holder.children if c.kind == "parameter_declaration"):
        kind = shown.read(each.children[-1], place)
        many = any(c.token == b"..." for c in each.children)
        yield from ((kind, many) for _ in range(max(1, len(each.names()))))
