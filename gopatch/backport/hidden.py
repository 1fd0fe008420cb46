"""What a field or method that comes hides of what a type had from what it embeds: "Selectors" of the Go specification."""

from __future__ import annotations

from collections.abc import Iterator, Set

from gopatch.backport.changed_types import BothTypes
from gopatch.backport.operations import Misfit, said
from gopatch.backport.valued import ValuedNodes
from gopatch.go.tree import Syntax


def hidden(values: ValuedNodes, come: Set[bytes], types: BothTypes) -> Iterator[Misfit]:
    """What stands behind a dot in a declaration that stays as it is, and is another type's now."""
    if not any(name in values.node.text for name in come):
        return
    for each in _selectors(values.node, come):
        owner, name = values.of(each.children[0]), each.children[-1].text
        was, now = (side.members(owner, name).owners for side in types)
        if len(was) == len(now) == 1 and was != now:
            words = f"has it from `{was[0]}`, and with the change from"
            yield each.start, f"`{said(each)}`: the target's `{owner}` {words} `{now[0]}`"


def _selectors(node: Syntax, names: Set[bytes]) -> Iterator[Syntax]:
    if node.kind == "selector_expression" and node.children[-1].text in names:
        yield node
    for child in node.children:
        yield from _selectors(child, names)
