"""Composite literals with their types, and what those without keys set of a struct: "Composite literals" of the Go specification."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gopatch.backport.changed_types import BothTypes, rows_in
from gopatch.backport.go_types import GoType
from gopatch.backport.operations import Misfit, said
from gopatch.backport.shown_types import Placed, ShownTypes
from gopatch.backport.type_rows import between, within
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


def displaced(values: ValuedNodes, types: BothTypes) -> Iterator[Misfit]:
    """The values without keys that stay as they are, and are other fields' with a change."""
    before = types.old.data(values.place.path)
    for node, known in _without_keys(values):
        was, now = (_order(side, known) for side in types)
        if node.text in before and _is_other_order(was, now):
            yield node.start, f"`{said(node)}`: the fields of `{known}` change places"


def out_of_order(path: str, origin: str, here: BothTypes, there: ShownTypes) -> Iterator[Misfit]:
    """The values without keys that a port brings, where the struct has its fields in another order in the source it was made for."""
    before, after = here.old.data(path), here.new.data(path)
    for values in _all_valued(here.new, path):
        for node, known in _without_keys(values):
            if known is not None and after.count(node.text) > before.count(node.text):
                ours, name = _order(here.new, known), known.name[1].rpartition(b".")[2]
                if any(_is_other_order(ours, each) for each in _orders(there, origin, name)):
                    yield node.start, f"`{known}` has its fields in another order in the target"


def _orders(shown: ShownTypes, path: str, name: bytes) -> Iterator[Sequence[bytes]]:
    """The fields of the structs of a name that a file gives values without keys."""
    for values in _all_valued(shown, path, name):
        for _, known in _without_keys(values):
            if known is not None and known.name[1].rpartition(b".")[2] == name:
                yield _order(shown, known)


def _all_valued(shown: ShownTypes, path: str, word: bytes = b"") -> Iterator[ValuedNodes]:
    nodes = (node for row in rows_in(shown, path) for node in row.nodes if word in row.text)
    return (ValuedNodes(shown, Placed(shown.place(path), node)) for node in nodes)


def _without_keys(values: ValuedNodes) -> Iterator[Literal]:
    for node in within(values.node):
        for literal, known in typed_literals(values, node):
            inside = between(literal)
            if len(inside) > 1 and inside[0].kind != "keyed_element":
                yield literal, known


def _order(shown: ShownTypes, known: GoType | None) -> Sequence[bytes]:
    return [name for name, _ in shown.fields(known) or ()]


def _is_other_order(one: Sequence[bytes], other: Sequence[bytes]) -> bool:
    return one != other and sorted(one) == sorted(other)
