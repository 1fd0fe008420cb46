"""Which types surely cannot have a method, or hold themselves: "Method declarations" and "Type declarations" of the Go specification."""

from __future__ import annotations

from collections.abc import Iterator

from gopatch.backport.go_types import GoType
from gopatch.backport.operations import Misfit, said
from gopatch.backport.shown_types import ShownTypes
from gopatch.backport.type_reader import DEEPEST
from gopatch.backport.type_rows import names_of, rows_of
from gopatch.backport.valued import ValuedNodes
from gopatch.go.tree import IDENTIFIER, Syntax

_BARRED = {"pointer": "a pointer", "interface": "an interface"}


def wrong_receiver(values: ValuedNodes, node: Syntax) -> Iterator[Misfit]:
    """Why a method, if the node is one, cannot be the type's that it is declared for; or a type, why it has no end."""
    if node.kind == "type_spec" and node.children[0].start not in values.meant:
        known = values.read(node.children[0])
        if known is not None and _holds(values.shown, known, known, DEEPEST):
            yield node.start, f"`{known}` holds itself in the target, and has no end"
    if node.kind != "method_declaration":
        return
    receiver, name = node.field("receiver"), node.names()[0]
    owner, is_given = _owner(receiver) if receiver is not None else (None, False)
    if owner is None or len(found := values.shown.specs_of(values.place, owner.text)) != 1:
        return
    why = _why_not(values, owner, found[0].node, is_given) or _taken(values, owner, name)
    if why:
        yield name.start, f"`{said(owner)}` cannot have the method `{said(name)}`: {why}"


def _owner(receiver: Syntax) -> tuple[Syntax | None, bool]:
    """The name of the type that a method is declared for, and whether type parameters are named behind it."""
    leaves = list(receiver.leaves())
    opened = next((i for i, leaf in enumerate(leaves) if leaf.token == b"["), len(leaves))
    names = [leaf for leaf in leaves[:opened] if leaf.kind == IDENTIFIER]
    return (names[-1] if names else None), opened < len(leaves)


def _why_not(values: ValuedNodes, owner: Syntax, spec: Syntax, is_given: bool) -> str:
    if spec.kind != "type_spec":
        return ""
    is_generic = any(child.kind == "type_parameter_list" for child in spec.children)
    if is_generic and not is_given:
        return "it has type parameters in the target"
    known = values.read(owner)
    if known is not None and known.kind != "named":
        return f"it is `{known}` in the target, which is declared elsewhere"
    below = values.shown.underlying(known)
    what = _BARRED.get(below.kind, "") if below is not None else ""
    return what and f"it is {what} in the target"


def _taken(values: ValuedNodes, owner: Syntax, name: Syntax) -> str:
    held = values.shown.holder(values.read(owner))
    if held is None or held.node.kind != "struct_type":
        return ""
    taken = any(name.text in names_of(row) for row in rows_of(held.node))
    return "it has a field of that name in the target" if taken else ""


def _holds(shown: ShownTypes, known: GoType, wanted: GoType, depth: int) -> bool:
    """Whether a value of a type has one of another in it, not behind a pointer."""
    below = shown.underlying(known)
    inner = [kind for _, kind in shown.fields(known) or []]
    inner += below.parts if below is not None and below.kind == "array" else []
    return depth > 0 and any(
        each is not None and (each == wanted or _holds(shown, each, wanted, depth - 1))
        for each in inner
    )
