"""Which types surely have no equal: "Comparison operators" of the Go specification."""

from __future__ import annotations

from gopatch.backport.go_types import GoType
from gopatch.backport.shown_types import ShownTypes
from gopatch.backport.type_reader import DEEPEST

_NONE = {"slice", "map", "func"}


def incomparable(shown: ShownTypes, known: GoType | None, depth: int = DEEPEST) -> bool:
    """Whether two values of a type surely cannot be compared, with `nil` at most."""
    below = shown.underlying(known)
    if below is None or not depth:
        return False
    if below.kind == "array":
        return incomparable(shown, below.parts[0], depth - 1)
    if below.kind == "struct":
        fields = shown.fields(known) or []
        return any(incomparable(shown, kind, depth - 1) for _, kind in fields)
    return below.kind in _NONE
