"""Interfaces that surely ask for one method in two ways: "Embedded interfaces" of the Go specification."""

from __future__ import annotations

from collections.abc import Iterator

from gopatch.backport.assignable import other_signature
from gopatch.backport.operations import Misfit, said
from gopatch.backport.type_reader import Placed
from gopatch.backport.type_rows import embedded, names_of, rows_of
from gopatch.backport.valued import ValuedNodes
from gopatch.go.tree import Syntax


def wrong_union(values: ValuedNodes, node: Syntax) -> Iterator[Misfit]:
    """The rows of an interface, if the node is one, that ask for a method which another row asks for with other types."""
    if node.kind != "interface_type":
        return
    known: dict[bytes, Placed] = {}
    for row in rows_of(node):
        for name, method in _asked(values, row):
            other = known.setdefault(name, method)
            if other is not method and other_signature(values.shown, other, method):
                words = "takes or gives other types in the target than the one beside it"
                yield row.start, f"`{said(row)}`: its method `{name.decode()}` {words}"


def _asked(values: ValuedNodes, row: Syntax) -> Iterator[tuple[bytes, Placed]]:
    """The methods that a row asks for, each with its declaration, where there is one alone."""
    if row.kind == "method_elem":
        yield from ((name, Placed(values.place, row)) for name in names_of(row))
    for each in embedded([row]):
        held = values.read(each)
        for name in sorted(values.shown.asks(held)):
            found = values.shown.members(held, name).found
            if len(found) == 1:
                yield name, found[0]
