"""Composite literals with their types: "Composite literals" of the Go specification."""

from __future__ import annotations

from collections.abc import Iterator

from gopatch.backport.go_types import GoType
from gopatch.backport.shown_types import ShownTypes
from gopatch.backport.type_rows import between
from gopatch.backport.valued import ValuedNodes
from gopatch.go.tree import Syntax

Literal = tuple[Syntax, GoType | None]
"""What stands between the braces, with them, and the type that it is of."""


def typed_literals(values: ValuedNodes, node: Syntax) -> Iterator[Literal]:
    """A composite literal, and those in it that leave their type out; none where the node is none."""
    if node.kind == "composite_literal":
        yield from _with_inner(values.shown, node.children[-1], values.read(node.children[0]))


def _with_inner(shown: ShownTypes, node: Syntax, known: GoType | None) -> Iterator[Literal]:
    if known is not None and known.kind == "pointer":
        known = known.parts[0]
    yield node, known
    below = shown.underlying(known)
    if below is None or below.kind not in ("slice", "array", "map"):
        return
    for each in between(node):
        parts = each.children[::2] if each.kind == "keyed_element" else [each]
        kinds = (
            below.parts if len(parts) == len(below.parts) == 2 else below.parts[-1:] * len(parts)
        )
        for part, kind in zip(parts, kinds, strict=True):
            if part.kind == "literal_value":
                yield from _with_inner(shown, part, kind)
