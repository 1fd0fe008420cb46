"""Whose a field or method is, that a type has: "Selectors" of the Go specification."""

from __future__ import annotations

from gopatch.backport.go_types import GoType
from gopatch.backport.shown_types import ShownTypes
from gopatch.backport.type_rows import embedded, names_of, rows_of

_DEEPEST = 8  # what is embedded in what is embedded


def owners(shown: ShownTypes, known: GoType | None, name: bytes) -> list[GoType] | None:
    """The types that declare a member of a name least deep in a type: none, one, or more, and then Go refuses it; None where nobody can tell."""
    if known is not None and known.kind == "pointer":
        known = known.parts[0]
    level = [known]
    seen: set[GoType] = set()
    for _ in range(_DEEPEST):
        found: list[GoType] = []
        below: list[GoType | None] = []
        for each in level:
            spec = shown.spec(each)
            if each is None or spec is None:
                return None
            inside = spec.node.children[-1]
            rows = rows_of(inside) if inside.kind in ("struct_type", "interface_type") else []
            if shown.methods(each, name) or any(name in names_of(row) for row in rows):
                found.append(each)
            below += [shown.read(row, spec.place) for row in embedded(rows)]
        if found or not below:
            return found
        seen |= {each for each in level if each is not None}
        level = [each for each in below if each not in seen]
    return None
