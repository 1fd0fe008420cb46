"""Which constants surely are not of the numbers that a type holds: "Representability" of the Go specification.

An `int` is taken to have 64 bits: on a system where it has fewer, more is refused by Go.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from gopatch.backport.constant_values import SIZES, Around, Constant, spec_type, spec_value
from gopatch.backport.constant_values import value_of as value_in
from gopatch.backport.go_types import GoType
from gopatch.backport.type_reader import DEEPEST, NamesAtPlace
from gopatch.backport.type_rows import within
from gopatch.backport.valued import ValuedNodes
from gopatch.go.tree import IDENTIFIER, Syntax

_LARGEST = {
    b"float32": Fraction((2 << 23) - 1) * 2**104,
    b"float64": Fraction((2 << 52) - 1) * 2**971,
}
_DEFAULT = GoType("constant", ("", b"int"))


def unheld(values: ValuedNodes, node: Syntax, wanted: GoType | None) -> str:
    """The basic type that surely does not hold the constant that an expression is; "" where it does, or nobody can tell.

    Where any type will do, a constant without one becomes an `int`.
    """
    below = values.shown.underlying(wanted)
    if below is None or below.kind not in ("basic", "interface", "constant"):
        return ""
    if below.kind != "basic" and values.of(node) != _DEFAULT:
        return ""
    found = value_of(values, node)
    name = below.name[1] if below.kind == "basic" else b"int"
    if found is None or isinstance(found, bytes) or _holds(name, found):
        return ""
    return name.decode()


def _holds(name: bytes, value: int | Fraction) -> bool:
    """Whether a basic type holds a number; true of those that hold none."""
    if name in _LARGEST:
        return abs(Fraction(value)) <= _LARGEST[name]
    sign, _, size = name.partition(b"int")
    if sign not in (b"", b"u") or size not in SIZES:
        return True
    bits = SIZES[size]
    low = 0 if sign else -(1 << (bits - 1))
    return value == int(value) and low <= int(value) < low + (1 << bits)


def value_of(values: ValuedNodes, node: Syntax) -> Constant | None:
    """The value of an expression of constants alone; None where that is not known."""
    return value_in(node, Around(NamesInside(values), DEEPEST, _iota(node)))


def _iota(node: Syntax) -> int | None:
    """How many constants come before the one of whose value an expression is a part."""
    above: Syntax | None = node
    while above is not None and above.kind != "const_spec":
        above = above.parent
    if above is None or above.parent is None:
        return None
    return [s.start for s in above.parent.children if s.kind == "const_spec"].index(above.start)


class NamesInside(NamedTuple):
    """What the names in a top-level declaration stand for."""

    values: ValuedNodes

    def constant(self, node: Syntax, depth: int) -> Constant | None:
        at = self._at(node)
        if at is None:
            return self._outside().constant(node, depth)
        spec = self._spec(at)
        return spec_value(spec, node.text, self, depth) if spec is not None else None

    def constant_type(self, node: Syntax, depth: int) -> bytes | None:
        at = self._at(node)
        if at is None:
            return self._outside().constant_type(node, depth)
        spec = self._spec(at)
        return spec_type(spec, node.text, self, depth) if spec is not None else None

    def _at(self, node: Syntax) -> int | None:
        """Where a name is bound in the declaration."""
        return self.values.meant.get(node.start) if node.kind == IDENTIFIER else None

    def _spec(self, at: int) -> Syntax | None:
        return next((s for s in within(self.values.node) if _declares(s, at)), None)

    def basic(self, node: Syntax) -> bytes:
        return self._outside().basic(node)

    def is_go(self, node: Syntax) -> bool:
        return self._outside().is_go(node)

    def _outside(self) -> NamesAtPlace:
        return NamesAtPlace(self.values.shown, self.values.place, self.values.meant)


def _declares(spec: Syntax, at: int) -> bool:
    return spec.kind == "const_spec" and any(name.start == at for name in spec.names())
