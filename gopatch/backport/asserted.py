"""Which types a value surely never has: "Type assertions" and "Type switches" of the Go specification."""

from __future__ import annotations

from collections.abc import Iterator

from gopatch.backport.assignable import impossible
from gopatch.backport.go_types import GoType
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
    yield from _again(values, node)
    for each in (kind for kind in kinds if kind.named):
        why = impossible(values.shown, values.read(each), values.of(holder))
        if why:
            words = f"is never `{said(each)}` in the target: that is {why}"
            yield each.start, f"`{said(holder)}` {words}"


def _again(values: ValuedNodes, node: Syntax) -> Iterator[Misfit]:
    """The types of a switch that are others of it under other names."""
    seen: dict[GoType, Syntax] = {}
    for case in (child for child in node.children if child.kind == "type_case"):
        for each in listed_values(case.children[1]):
            known = values.read(each)
            if known is None or not _is_whole(known):
                continue
            if known in seen and seen[known].text != each.text:
                other = said(seen[known])
                yield (
                    each.start,
                    f"`{said(each)}` is what `{other}` is in the target, and both stand",
                )
            seen.setdefault(known, each)


def _is_whole(known: GoType) -> bool:
    """Whether all of a type is known; an array's length, and what a function takes, may not be."""
    if known.kind in ("basic", "named", "foreign"):
        return True
    parts = known.kind in ("pointer", "slice", "map", "chan")
    return parts and all(each is not None and _is_whole(each) for each in known.parts)
