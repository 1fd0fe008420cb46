"""What a receiver or a parameter has behind its dot, where its type is a struct of the package itself.

Only where nothing is left to be guessed: all that the struct embeds, and what that embeds, is of the package, too.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from gopatch.backport.go_files import go_file
from gopatch.backport.overlaid import OverlaidSource
from gopatch.backport.scopes import bound_in
from gopatch.go.tree import IDENTIFIER, Syntax


class MemberUse(NamedTuple):
    """A use of a member: of what, of which type, and which."""

    operand: bytes
    owner: bytes
    member: bytes


def held_in(function: Syntax) -> set[MemberUse]:
    """What a function takes of its receiver and its parameters, as far as their names mean nothing else in it."""
    if function.kind not in ("function_declaration", "method_declaration"):
        return set()
    types = dict(_typed(function))
    inside = bound_in(function)
    return {
        MemberUse(operand, types[operand], member)
        for operand, member in inside.inside
        if member and operand in types and inside.times[operand] == 1
    }


def _typed(function: Syntax) -> Iterator[tuple[bytes, bytes]]:
    for holder in (c for c in function.children if c.kind == "parameter_list"):
        for each in (c for c in holder.children if c.kind == "parameter_declaration"):
            said = each.children[-1]
            if said.kind == "unary_expression" and said.children[0].token == b"*":
                said = said.children[1]
            if said.kind == IDENTIFIER and all(c.token != b"..." for c in each.children):
                yield from ((name.text, said.text) for name in each.names())


def lacks(side: OverlaidSource, folder: str, owner: bytes, member: bytes) -> bool:
    """Whether a type of a folder has no such field or method, as far as that can be known."""
    todo, seen = [owner], {owner}
    while todo:
        for struct in _structs(side, folder, todo.pop()):
            fields = _fields(struct) if struct is not None else None
            if fields is None or member in fields[0]:
                return False
            todo += fields[1] - seen
            seen |= fields[1]
    return not any(
        found.kind == "member" and found.owner in seen for found in side.declared(folder, member)
    )


def _structs(side: OverlaidSource, folder: str, owner: bytes) -> list[Syntax | None]:
    """The struct that a type is, each where it is declared for several systems; None where it is something else."""
    found: list[Syntax | None] = []
    for declared in side.declared(folder, owner):
        if declared.kind != "type":
            continue
        data = side.files.get(declared.path) or side.index.read(declared.path) or b""
        found += [
            spec.children[-1] if spec.children[-1].kind == "struct_type" else None
            for top in go_file(data).root.children
            if top.kind == "type_declaration"
            for spec in _specs(top)
            if spec.children[0].text == owner
        ]
    return found or [None]


def _specs(node: Syntax) -> Iterator[Syntax]:
    yield from (child for child in node.children if child.kind == "type_spec")


def _fields(struct: Syntax) -> tuple[set[bytes], set[bytes]] | None:
    """The names of a struct's fields, and what it embeds of the package; None where of another."""
    fields: set[bytes] = set()
    embedded: set[bytes] = set()
    for each in (c for c in struct.children[-1].children if c.kind == "field_declaration"):
        names = {name.text for name in each.names()}
        if not names or each.children[0].token == b"*":
            said = [c for c in each.children if c.token != b"*" and not c.kind.endswith("_literal")]
            if len(said) != 1 or said[0].kind != IDENTIFIER:
                return None
            names = {said[0].text}
            embedded |= names
        fields |= names
    return fields, embedded
