"""Types of Go as values, and those that are made of others: "Types" of the Go specification."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from gopatch.backport.type_rows import FUNCTIONS, said_in
from gopatch.go.tree import Syntax

_TRUTHS = {b"==", b"!=", b"<", b"<=", b">", b">=", b"&&", b"||"}
_SHIFTS = {b"<<", b">>"}
_LITERALS = {
    "int_literal": b"int",
    "float_literal": b"float64",
    "rune_literal": b"int32",
    "interpreted_string_literal": b"string",
    "raw_string_literal": b"string",
}


class GoType(NamedTuple):
    """A type: its kind, for one with a name where it is declared and its name, and what it is made of.

    `kind` is "basic", "named" (declared in a folder of the source), "foreign" (elsewhere: by import path), "pointer",
    "slice", "array" (its name says its length, as far as that is known), "map", "chan" (its name says which way), "func", "struct", "interface", or "constant", for a
    value that has no type yet: its name says which, `nil` too.
    """

    kind: str
    name: tuple[str, bytes] = ("", b"")
    parts: tuple[GoType | None, ...] = ()

    def __str__(self) -> str:
        words = [str(part) if part else "..." for part in self.parts]
        size = self.name[1].decode() or "..."
        shown = {"pointer": "*{}", "slice": "[]{}", "array": f"[{size}]{{}}", "map": "map[{}]{}"}
        if self.kind in shown:
            return shown[self.kind].format(*words)
        if self.kind == "func":
            return "func"
        return self.name[1].decode(errors="replace") or self.kind


def made_type(node: Syntax, read: Callable[[Syntax], GoType | None]) -> GoType | None:
    """A type that is made of others, or has no name."""
    kind = node.kind
    if kind == "unary_expression" and node.children[0].token == b"*":
        return GoType("pointer", parts=(read(node.children[1]),))
    if kind == "map_type":
        key, value = (child for child in node.children if child.named)
        return GoType("map", parts=(read(key), read(value)))
    if kind in ("slice_type", "array_type", "channel_type"):
        words = b"".join(child.token or b"" for child in node.children[:-1])
        parts = (read(node.children[-1]),)
        if kind == "channel_type":
            return GoType("chan", ("", words), parts)
        return GoType(kind.removesuffix("_type"), parts=parts)
    if kind == "interface_type" and len(node.children) == 3:
        return GoType("interface", ("", b"any"))
    if kind in FUNCTIONS:
        return func_type(node, read)
    plain = {"struct_type": "struct", "interface_type": "interface"}
    return GoType(plain[kind]) if kind in plain else None


def sized(array: GoType, length: int) -> GoType:
    """An array type of so many elements."""
    return array._replace(name=("", b"%d" % length))


def length_of(known: GoType | None) -> int | None:
    """How many elements an array has, or what a pointer to one points to; None where it is none, or not known."""
    if known is not None and known.kind == "pointer":
        known = known.parts[0]
    is_sized = known is not None and known.kind == "array" and known.name[1]
    return int(known.name[1]) if known is not None and is_sized else None


def func_type(node: Syntax, read: Callable[[Syntax], GoType | None]) -> GoType:
    """The type of a function, or of a method that is bound; what depends on its own types stays open."""
    lists = [child for child in node.children if child.kind == "parameter_list"]
    results = next((child for child in node.children if child.kind == "result_list"), None)
    is_method = node.kind == "method_declaration"
    if len(lists) != 1 + is_method or (is_method and b"[" in lists[0].text) or results is None:
        return GoType("func")
    if any(child.kind == "type_parameter_list" for child in node.children):
        return GoType("func")
    takes, gives = ([*said_in(each)] for each in (lists[-1], results))
    many = b"..." if any(dots for _, dots in takes) else b""
    shape = b"%d%s,%d" % (len(takes), many, len(gives))
    return GoType("func", ("", shape), tuple(read(kind) for kind, _ in (*takes, *gives)))


def literal_type(node: Syntax) -> GoType | None:
    """The type of a literal of Go's basic kinds, with a sign before it or without: one of a constant that has none yet."""
    name = _LITERALS.get(node.children[-1].kind if node.kind == "unary_expression" else node.kind)
    return GoType("constant", ("", name)) if name is not None else None


def typed(known: GoType | None) -> GoType | None:
    """The type of a variable that is given a value."""
    if known is None or known.kind != "constant":
        return known
    return None if known.name[1] == b"nil" else GoType("basic", known.name)


def operated(one: GoType | None, sign: bytes, other: GoType | None) -> GoType | None:
    """The type of what an operator gives of two values."""
    if sign in _TRUTHS:
        return GoType("constant", ("", b"bool"))
    if one is None or other is None:
        return None
    if sign in _SHIFTS:
        return _shifted(one, other)
    if one.kind == "constant":
        return other if other.kind != "constant" or one == other else None
    return one if one == other or other.kind == "constant" else None


def _shifted(one: GoType, other: GoType) -> GoType | None:
    """What is shifted keeps its type; a constant without one does so where the other is one, too."""
    if one.kind != "constant":
        return one
    return GoType("constant", ("", b"int")) if other.kind == "constant" else None
