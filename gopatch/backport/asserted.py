"""Which types a value surely never has: "Type assertions" and "Type switches" of the Go specification."""

from __future__ import annotations

from collections.abc import Iterator

from gopatch.backport.assignable import impossible
from gopatch.backport.operations import Misfit, said
from gopatch.backport.type_rows import listed_values
from gopatch.backport.valued import ValuedNodes
from gopatch.go.tree import Syntax


def never_so(values: ValuedNodes, node: Syntax) -> Iterator[Misfit]:
    """The types of one assertion, or of the cases of a switch, that lack what the interface before them asks for."""
    if node.kind not in ("type_assertion_expression", "type_switch_statement"):
        return
    dot = next(i for i, child in enumerate(node.children) if child.token == b".")
    holder = node.children[dot - 1]
    kinds = [node.children[-2]] if node.kind == "type_assertion_expression" else []
    for case in (child for child in node.children if child.kind == "type_case"):
        kinds += listed_values(case.children[1])
    for each in (kind for kind in kinds if kind.named):
        why = impossible(values.shown, values.read(each), values.of(holder))
        if why:
            words = f"is never `{said(each)}` in the target: that is {why}"
            yield each.start, f"`{said(holder)}` {words}"
