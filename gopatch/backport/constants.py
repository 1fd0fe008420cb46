"""Which constants surely are not of the numbers that a type holds: "Constants", "Constant expressions" and
"Representability" of the Go specification.

An `int` is taken to have 64 bits: on a system where it has fewer, more is refused by Go.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from fractions import Fraction

from gopatch.backport.binders import Binder
from gopatch.backport.go_types import GoType
from gopatch.backport.type_reader import DEEPEST, Placed
from gopatch.backport.type_rows import bare, listed_values
from gopatch.backport.valued import ValuedNodes
from gopatch.go.tree import IDENTIFIER, Syntax

Number = int | Fraction
"""The value of a constant: one of integers, or one of others."""

_BITS = 4096  # of numbers that are worked out: those of Go's compilers have fewer
_OCTAL = re.compile(r"0[0-7]+")
_RUNE = re.compile(r"'([^\\'])'")
_SIZES = {b"8": 8, b"16": 16, b"32": 32, b"64": 64, b"": 64, b"ptr": 64}
_LARGEST = {
    b"float32": Fraction((2 << 23) - 1) * 2**104,
    b"float64": Fraction((2 << 52) - 1) * 2**971,
}
_SIGNS: dict[bytes, Callable[[int, int], int]] = {
    b"+": operator.add, b"-": operator.sub, b"*": operator.mul,
    b"&": operator.and_, b"|": operator.or_, b"^": operator.xor,
    b"<<": operator.lshift, b">>": operator.rshift,
}  # fmt: skip
_SHIFTS, _ANY = {b"<<", b">>"}, {b"+", b"-", b"*"}


def unheld(values: ValuedNodes, node: Syntax, wanted: GoType | None) -> str:
    """The basic type that surely does not hold the constant that an expression is; "" where it does, or nobody can tell."""
    below = values.shown.underlying(wanted)
    if below is None or below.kind != "basic":
        return ""
    found = value_of(values, node)
    name = below.name[1]
    if found is None or _holds(name, found):
        return ""
    return name.decode()


def _holds(name: bytes, value: Number) -> bool:
    """Whether a basic type holds a number; true of those that hold none."""
    if name in _LARGEST:
        return abs(Fraction(value)) <= _LARGEST[name]
    sign, _, size = name.partition(b"int")
    if sign not in (b"", b"u") or size not in _SIZES:
        return True
    bits = _SIZES[size]
    low = 0 if sign else -(1 << (bits - 1))
    return value == int(value) and low <= int(value) < low + (1 << bits)


def value_of(values: ValuedNodes, node: Syntax, depth: int = DEEPEST) -> Number | None:
    """The number that an expression is, of constants alone; None where that is not known."""
    node = bare(node)
    if not depth:
        return None
    if node.kind in ("int_literal", "float_literal", "rune_literal"):
        return _literal(node.kind, node.text.decode(errors="replace").replace("_", ""))
    if node.kind in (IDENTIFIER, "selector_expression"):
        return _named(values, node, depth)
    if node.kind == "unary_expression":
        found = value_of(values, node.children[1], depth)
        return _signed(node.children[0].token or b"", found)
    if node.kind == "binary_expression":
        left, sign, right = node.children
        both = value_of(values, left, depth), value_of(values, right, depth)
        return _of_two(both[0], sign.token or b"", both[1])
    return None


def _literal(kind: str, text: str) -> Number | None:
    if kind == "rune_literal":
        found = _RUNE.fullmatch(text)
        return ord(found[1]) if found else None
    try:
        if kind == "int_literal":
            return int(text, 8) if _OCTAL.fullmatch(text) else int(text, 0)
        return Fraction(text) if len(text.lower().partition("e")[2]) < 5 else None
    except ValueError:
        return None


def _named(values: ValuedNodes, node: Syntax, depth: int) -> Number | None:
    """The value of a constant with a name: its own, not one that is said above it or counted up."""
    binder = values.binder_of(node)
    spec = Placed(values.place, _spec_of(binder)) if binder else values.one_of(node)
    if spec is None or spec.node.kind != "const_spec":
        return None
    names, parts = spec.node.names(), spec.node.children
    at = next((i for i, each in enumerate(parts) if each.token == b"="), 0)
    nth = [each.text for each in names].index(
        node.children[-1].text if node.children else node.text
    )
    said = listed_values(parts[-1])
    if not at or len(said) != len(names):
        return None
    inside = values if binder else ValuedNodes(values.shown, spec)
    kinds = [each for each in parts[:at] if each.start >= names[-1].end]
    return _typed(inside, value_of(inside, said[nth], depth - 1), kinds)


def _spec_of(binder: Binder) -> Syntax:
    """The declaration that a value stands in."""
    above = binder.said.parent
    while above is not None and above.kind == "expression_list":
        above = above.parent
    return above or binder.said


def _typed(values: ValuedNodes, value: Number | None, kinds: list[Syntax]) -> Number | None:
    """The value of a constant, with the type that it may have."""
    if value is None or not kinds:
        return value
    below = values.shown.underlying(values.read(kinds[0]))
    if below is None or below.kind != "basic":
        return None
    return Fraction(value) if below.name[1] in _LARGEST else value


def _signed(sign: bytes, value: Number | None) -> Number | None:
    if value is None:
        return None
    return {b"-": -value, b"+": value}.get(sign)


def _of_two(one: Number | None, sign: bytes, other: Number | None) -> Number | None:
    if one is None or other is None or (sign not in _SIGNS and sign != b"/"):
        return None
    if sign == b"/":
        return _divided(one, other)
    if sign in _ANY:
        return _bounded(_SIGNS[sign](one, other))  # type: ignore[arg-type]
    if one != int(one) or other != int(other) or (sign in _SHIFTS and not 0 <= other < _BITS):
        return None
    return _bounded(_SIGNS[sign](int(one), int(other)))


def _divided(one: Number, other: Number) -> Number | None:
    if not other:
        return None
    exact = Fraction(one) / other
    return int(exact) if isinstance(one, int) and isinstance(other, int) else exact


def _bounded(value: Number) -> Number | None:
    size = value.numerator.bit_length() + value.denominator.bit_length()
    return value if size <= _BITS else None
