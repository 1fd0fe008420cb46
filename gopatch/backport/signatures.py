"""What functions take and give."""

from __future__ import annotations

from typing import NamedTuple

from gopatch.backport.go_types import GoType
from gopatch.backport.shown_types import ShownTypes
from gopatch.backport.type_reader import DEEPEST, Placed
from gopatch.backport.type_rows import FUNCTIONS, fields_in, said_in
from gopatch.go.tree import IDENTIFIER

_NAMES = {IDENTIFIER, "selector_expression"}


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
    takes, gives = (
        tuple((shown.read(kind, place), many) for kind, many in said_in(each))
        for each in (lists[-1], results)
    )
    return Signature(takes, tuple(kind for kind, _ in gives))


def signature_of_type(known: GoType | None) -> Signature | None:
    """As above, of the type of a value."""
    if known is None or known.kind != "func" or not known.name[1]:
        return None
    many, _, _ = known.name[1].partition(b",")
    size = int(many.removesuffix(b"..."))
    last = size - 1 if many.endswith(b"...") else -1
    takes = tuple((kind, nth == last) for nth, kind in enumerate(known.parts[:size]))
    return Signature(takes, known.parts[size:])


def _function(shown: ShownTypes, found: Placed) -> Placed | None:
    """What has the parameters: a function, or the type that is written of a variable or a field, behind its names."""
    for _ in range(DEEPEST):
        place, node = found
        if node.kind in FUNCTIONS:
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
