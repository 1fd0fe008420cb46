"""Which uses of a name mean a parameter or variable of a function, and not what the file calls so.

Go's specification, Declarations and scope: a parameter is known in its function's body, a variable
behind its declaration to the end of the block, one of a header in all of its statement.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from gopatch.go.tree import CLAUSES, GROUPS, IDENTIFIER, RESULT, GoFile, Syntax, elements_of

_SHORT = {"short_var_declaration", "range_clause", "receive_statement", "type_switch_statement"}
_PARAMETERS = {"parameter_list", RESULT}


def hidden_uses(file: GoFile, name: bytes) -> list[int]:
    """Where `name.X` stands in the scope of a local `name`, as offsets."""
    return list(uses(file, name, hidden=True))


def uses(file: GoFile, name: bytes, *, hidden: bool) -> Iterator[int]:
    """Where `name.X` stands in the scope of a local `name`, or elsewhere, as offsets."""
    for use in file.nodes(frozenset({"selector_expression"}), (name,)):
        named = use.children[0].token == name
        if named and _is_local(file.path(use.start, use.end), name) == hidden:
            yield use.start


def _is_local(path: list[Syntax], name: bytes) -> bool:
    return any(
        name in _declared(holder, child)
        for holder, child in pairwise(path)
        if holder.kind != "source_file"
    )


def _declared(holder: Syntax, child: Syntax) -> Iterator[bytes]:
    """The names that `holder` has declared before its part `child`."""
    if holder.kind == "type_switch_statement":
        yield from _left(holder.children[1:], before=child)
    for part in holder.children:
        if part.start >= child.start:
            break
        if part.kind in _PARAMETERS and child.kind == "block":
            yield from (n.text for one in part.children for n in one.names())
        elif part.kind in GROUPS and holder.kind in {"block", *CLAUSES}:
            yield from (n.text for spec in elements_of(part) for n in spec.names())
        elif part.kind == "for_clause":
            yield from (n for one in part.children for n in _left(one.children, before=child))
        elif part.kind in _SHORT - {"type_switch_statement"}:
            yield from _left(part.children, before=child)


def _left(parts: list[Syntax], *, before: Syntax) -> Iterator[bytes]:
    """The names on the left of `:=`, if `parts` begin with them."""
    if len(parts) < 2 or parts[1].token != b":=" or before.start <= parts[1].start:
        return
    names = parts[0].children if parts[0].kind == "expression_list" else [parts[0]]
    yield from (one.text for one in names if one.kind == IDENTIFIER)
