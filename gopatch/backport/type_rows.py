"""The rows of a struct or an interface: fields, methods, and what is embedded; and those of a function's parameters."""

from __future__ import annotations

from collections.abc import Iterator

from gopatch.go.tree import IDENTIFIER, Syntax

FUNCTIONS = {
    "function_declaration", "method_declaration", "method_elem", "function_type", "func_literal",
}  # fmt: skip


def rows_of(holder: Syntax) -> list[Syntax]:
    """The fields of a struct, or what an interface lists."""
    inside = holder.children[-1] if holder.kind == "struct_type" else holder
    return [
        child
        for child in inside.children
        if (child.named and child.token is None) or child.kind == IDENTIFIER
    ]


def fields_in(row: Syntax) -> Iterator[tuple[bytes, Syntax]]:
    """The fields of a row, each with its type; one that is embedded goes by its type's name."""
    if row.kind != "field_declaration":
        return
    kind = next(c for c in reversed(row.children) if not c.kind.endswith("_string_literal"))
    names = [name.text for name in row.names()] or [list(kind.leaves())[-1].text]
    yield from ((name, kind) for name in names)


def names_of(row: Syntax) -> set[bytes]:
    if row.kind == "method_elem":
        return {row.children[0].text}
    return {name for name, _ in fields_in(row)}


def embedded(rows: list[Syntax]) -> Iterator[Syntax]:
    """The types that rows embed."""
    for each in rows:
        if each.kind == "field_declaration":
            yield from () if each.names() else (kind for _, kind in fields_in(each))
        elif each.kind != "method_elem":
            yield each


def said_in(holder: Syntax) -> Iterator[tuple[Syntax, bool]]:
    """The types in a list of parameters or results, one for each value, and whether it may come any number of times."""
    for each in (c for c in holder.children if c.kind == "parameter_declaration"):
        many = any(c.token == b"..." for c in each.children)
        yield from ((each.children[-1], many) for _ in range(max(1, len(each.names()))))


def kind_nodes(node: Syntax) -> list[Syntax]:
    """The types that are written in a declaration of variables, parameters or fields, or before a literal."""
    if node.kind == "composite_literal":
        return [node.children[0]]
    if node.kind == "field_declaration":
        return [kind for _, kind in fields_in(node)][:1]
    if node.kind == "parameter_declaration":
        return [node.children[-1]]
    return [c for c in node.children if c.start >= node.names()[-1].end and c.token != b"="][:1]


def bare(node: Syntax) -> Syntax:
    """An expression, or a type, without the brackets around it."""
    while node.kind == "parenthesized_expression":
        node = node.children[1]
    return node


def listed_values(node: Syntax) -> list[Syntax]:
    """The expressions of a list, or the one that is none."""
    return node.children if node.kind == "expression_list" else [node]


def between(holder: Syntax) -> list[Syntax]:
    """What stands between brackets."""
    return [c for c in holder.children if c.token not in (b"(", b")", b"{", b"}", b",")]


def within(node: Syntax) -> Iterator[Syntax]:
    """A node and those in it that have parts, from the outside in."""
    todo = [node]
    while todo:
        node = todo.pop()
        yield node
        todo += [each for each in reversed(node.children) if each.token is None]


def type_parameters(spec: Syntax) -> Iterator[tuple[bytes, Syntax]]:
    """The type parameters of a declaration, each with what it may be."""
    for holder in (c for c in spec.children if c.kind == "type_parameter_list"):
        for each in (c for c in holder.children if c.kind == "type_parameter_declaration"):
            yield from ((name.text, each.children[-1]) for name in each.names())
