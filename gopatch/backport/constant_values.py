"""What constants are worth: "Constants", "Constant expressions", "Iota" and "Conversions" of the Go specification.

Nothing here knows where a name is declared, or what a type is: that is asked of `Names`. What is not known is None.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from fractions import Fraction
from typing import NamedTuple, Protocol

from gopatch.backport.type_rows import bare, between, listed_values
from gopatch.go.tree import IDENTIFIER, Syntax

Constant = int | Fraction | bytes
"""The value of a constant: one of integers, one of other numbers, or a string."""

_BITS = 4096  # of numbers that are worked out: those of Go's compilers have fewer
_OCTAL = re.compile(r"0[0-7]+")
_RUNE = re.compile(r"'([^\\'])'")
_NUMBERS = ("int_literal", "float_literal", "rune_literal")
_STRINGS = ("interpreted_string_literal", "raw_string_literal")
_SIGNS: dict[bytes, Callable[[int, int], int]] = {
    b"+": operator.add, b"-": operator.sub, b"*": operator.mul,
    b"&": operator.and_, b"|": operator.or_, b"^": operator.xor,
    b"&^": lambda one, other: one & ~other, b"<<": operator.lshift, b">>": operator.rshift,
}  # fmt: skip
SIZES = {b"8": 8, b"16": 16, b"32": 32, b"64": 64, b"": 64, b"ptr": 64}
_SHIFTS, _ANY, _DIVIDE = {b"<<", b">>"}, {b"+", b"-", b"*"}, {b"/", b"%"}


class Names(Protocol):
    """What the names around an expression stand for."""

    def constant(self, node: Syntax, depth: int) -> Constant | None:
        """The value of the constant that a name, or a selector, is of."""

    def constant_type(self, node: Syntax, depth: int) -> bytes | None:
        """The basic type of that constant; empty where it has none yet, None where that is not known."""

    def basic(self, node: Syntax) -> bytes:
        """The basic type that a type is below its name; empty where it is none, or not known."""

    def is_go(self, node: Syntax) -> bool:
        """Whether a name is Go's own."""


class Around(NamedTuple):
    """Where an expression stands: which names mean what, how many constants of its group come before it, and how deep we are."""

    names: Names
    depth: int
    iota: int | None = None


def value_of(node: Syntax, at: Around) -> Constant | None:
    """The value of an expression of constants alone."""
    node = bare(node)
    if not at.depth:
        return None
    if node.kind in _NUMBERS:
        return _literal(node.kind, node.text.decode(errors="replace").replace("_", ""))
    if node.kind in _STRINGS:
        return _text(node.token or b"")
    if node.kind in (IDENTIFIER, "selector_expression"):
        if node.text == b"iota" and at.names.is_go(node):
            return at.iota
        return at.names.constant(node, at.depth)
    return _of_parts(node, at)


def spec_value(spec: Syntax, name: bytes, names: Names, depth: int) -> Constant | None:
    """The value of a constant of a `const_spec`; without one of its own it has that of those above it."""
    found = _saying(spec, name)
    if found is None:
        return None
    said, nth = found
    values = listed_values(said.children[-1])
    if nth >= len(values):
        return None
    value = value_of(values[nth], Around(names, depth - 1, specs_around(spec).index(spec.start)))
    kinds = written_type(said)
    return converted(value, names.basic(kinds)) if kinds is not None else value


def _saying(spec: Syntax, name: bytes) -> tuple[Syntax, int] | None:
    """The `const_spec` that says what a constant of one is, and which of its values that is."""
    own = [each.text for each in spec.names()]
    said = above_with_value(spec)
    return (said, own.index(name)) if said is not None and name in own else None


def elements_in(literal: Syntax, at: Around) -> int | None:
    """How many elements an array has that is as long as its literal says: one more than its last index."""
    most, last = 0, -1
    for each in between(literal):
        key = each.children[0] if each.kind == "keyed_element" else None
        found = value_of(key, at) if key is not None else last + 1
        if not isinstance(found, int):
            return None
        last = found
        most = max(most, last + 1)
    return most


def above_with_value(spec: Syntax) -> Syntax | None:
    """The `const_spec` whose type and values one has: itself, or the next above it with values."""
    beside = spec.parent.children if spec.parent is not None else [spec]
    above = (each for each in reversed(beside) if each.start <= spec.start)
    return next((s for s in above if any(c.token == b"=" for c in s.children)), None)


def specs_around(spec: Syntax) -> list[int]:
    """Where the constants of a group start."""
    beside = spec.parent.children if spec.parent is not None else [spec]
    return [each.start for each in beside if each.kind == "const_spec"]


def written_type(spec: Syntax) -> Syntax | None:
    """The type that is written between the names and the values."""
    end = spec.names()[-1].end
    first = next(child for child in spec.children if child.start >= end)
    return first if first.token != b"=" else None


def converted(value: Constant | None, basic: bytes) -> Constant | None:
    """A constant as one of a basic type; None where that is not known, or cannot be."""
    if value is None or not basic:
        return None
    if isinstance(value, bytes):
        return value if basic == b"string" else None
    if basic.startswith(b"float"):
        return Fraction(value)
    return int(value) if b"int" in basic and value == int(value) else None


def _literal(kind: str, text: str) -> Constant | None:
    if kind == "rune_literal":
        found = _RUNE.fullmatch(text)
        return ord(found[1]) if found else None
    try:
        if kind == "int_literal":
            return int(text, 8) if _OCTAL.fullmatch(text) else int(text, 0)
        return Fraction(text) if len(text.lower().partition("e")[2]) < 5 else None
    except ValueError:
        return None


def _text(said: bytes) -> bytes | None:
    """The string of a literal; None where it has escapes."""
    return said[1:-1] if said[:1] == b"`" or b"\\" not in said else None


def _of_parts(node: Syntax, at: Around) -> Constant | None:
    if node.kind == "unary_expression":
        found = value_of(node.children[1], at)
        if found is None or isinstance(found, bytes):
            return None
        if node.children[0].token == b"^":
            return _inverted(found, type_in(node.children[1], at))
        return {b"-": -found, b"+": found}.get(node.children[0].token or b"")
    if node.kind == "binary_expression":
        left, sign, right = node.children
        return _of_two(value_of(left, at), sign.token or b"", value_of(right, at))
    if node.kind == "call_expression":
        head, arguments = bare(node.children[0]), between(node.children[-1])
        if len(arguments) == 1:
            return _called(head, value_of(arguments[0], at), at.names)
    return None


def _inverted(value: int | Fraction, basic: bytes | None) -> int | None:
    """What `^` gives: of a type without signs all bits that it has are turned round."""
    sign, _, size = (basic or b"").partition(b"int")
    if basic is None or value != int(value):
        return None
    return (1 << SIZES[size]) - 1 - int(value) if sign == b"u" else ~int(value)


def type_in(node: Syntax, at: Around) -> bytes | None:
    """The basic type of an expression of constants alone; empty where it has none yet, None where that is not known."""
    node = bare(node)
    if not at.depth:
        return None
    if node.kind in _NUMBERS or (node.text == b"iota" and at.names.is_go(node)):
        return b""
    if node.kind in (IDENTIFIER, "selector_expression"):
        return at.names.constant_type(node, at.depth)
    if node.kind == "unary_expression":
        return type_in(node.children[1], at)
    if node.kind == "binary_expression":
        left, sign, right = node.children
        one, other = type_in(left, at), type_in(right, at)
        is_known = one is not None and other is not None
        return one if sign.token in _SHIFTS else (one or other) if is_known else None
    if node.kind == "call_expression":
        return at.names.basic(bare(node.children[0])) or None
    return None


def spec_type(spec: Syntax, name: bytes, names: Names, depth: int) -> bytes | None:
    """The basic type of a constant of a `const_spec`, as of an expression."""
    found = _saying(spec, name)
    if found is None:
        return None
    said, nth = found
    if (kinds := written_type(said)) is not None:
        return names.basic(kinds) or None
    values = listed_values(said.children[-1])
    return type_in(values[nth], Around(names, depth - 1)) if nth < len(values) else None


def _called(head: Syntax, value: Constant | None, names: Names) -> Constant | None:
    """What a conversion gives, or `len` of a string."""
    if head.text == b"len" and names.is_go(head):
        return len(value) if isinstance(value, bytes) else None
    return converted(value, names.basic(head))


def _of_two(one: Constant | None, sign: bytes, other: Constant | None) -> Constant | None:
    if one is None or other is None:
        return None
    if isinstance(one, bytes) or isinstance(other, bytes):
        both = isinstance(one, bytes) and isinstance(other, bytes) and sign == b"+"
        return one + other if both else None  # type: ignore[operator]
    if sign in _DIVIDE:
        return _divided(one, sign, other)
    if sign in _ANY:
        return _bounded(_SIGNS[sign](one, other))  # type: ignore[arg-type]
    is_whole = one == int(one) and other == int(other)
    if sign not in _SIGNS or not is_whole or (sign in _SHIFTS and not 0 <= other < _BITS):
        return None
    return _bounded(_SIGNS[sign](int(one), int(other)))


def _divided(one: int | Fraction, sign: bytes, other: int | Fraction) -> Constant | None:
    """A quotient, or what is left of it: between integers Go cuts towards zero."""
    if not other:
        return None
    exact = Fraction(one) / other
    if not (isinstance(one, int) and isinstance(other, int)):
        return exact if sign == b"/" else None
    return int(exact) if sign == b"/" else one - other * int(exact)


def _bounded(value: int | Fraction) -> int | Fraction | None:
    size = value.numerator.bit_length() + value.denominator.bit_length()
    return value if size <= _BITS else None
