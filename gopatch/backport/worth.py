"""Which constants surely cannot stand where they do by what they are worth: "Index expressions", "Slice expressions",
"Composite literals", "Array types", "Making slices, maps and channels", "Integer operators", "Shifts" and "Switch
statements" of the Go specification.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from gopatch.backport.assignable import kind_of
from gopatch.backport.composites import typed_literals
from gopatch.backport.constant_values import Constant
from gopatch.backport.constants import unheld, value_of
from gopatch.backport.go_types import GoType, length_of
from gopatch.backport.operations import Misfit, said
from gopatch.backport.type_rows import between, listed_values
from gopatch.backport.valued import ValuedNodes
from gopatch.go.tree import IDENTIFIER, Syntax

_ROWS = {"slice", "array", "array pointer", "string"}
_NOT_CONSTANT = {"var_spec": "a variable", "function_declaration": "a function"}
_MADE = {"parenthesized_expression", "binary_expression", "unary_expression"}


def worth_otherwise(values: ValuedNodes, node: Syntax) -> Iterator[Misfit]:
    """What one node, not those in it, surely cannot do with the values of its constants."""
    judge = _JUDGES.get(node.kind)
    return judge(values, node) if judge is not None else iter(())


def _index(values: ValuedNodes, node: Syntax) -> Iterator[Misfit]:
    base, key = node.children[0], node.children[2]
    if kind_of(values.shown, values.of(base)) in _ROWS:
        size = _size(values, base)
        yield from _count(values, key, size - 1 if size is not None else None)


def _slice(values: ValuedNodes, node: Syntax) -> Iterator[Misfit]:
    base, *bounds = (child for child in node.children if child.named)
    if kind_of(values.shown, values.of(base)) in _ROWS:
        for each in bounds:
            yield from _count(values, each, _size(values, base))
        yield from _falling(values, bounds)


def _size(values: ValuedNodes, base: Syntax) -> int | None:
    """How many elements an array, what a pointer to one points to, or the string of a constant has."""
    below = values.shown.underlying(values.of(base))
    if below is not None and below.kind == "pointer":
        below = values.shown.underlying(below.parts[0])
    text = value_of(values, base)
    return len(text) if isinstance(text, bytes) else length_of(below)


def _count(values: ValuedNodes, node: Syntax, most: int | None = None) -> Iterator[Misfit]:
    """What counts and is below nothing, broken, or more than there may be."""
    found = value_of(values, node)
    if found is None or isinstance(found, bytes):
        return
    if found != int(found) or found < 0:
        yield node.start, f"`{said(node)}` is {found} in the target, which counts nothing"
    elif most is not None and found > most:
        yield node.start, f"`{said(node)}` is {found} in the target, where {most} is the last"


def _falling(values: ValuedNodes, bounds: Sequence[Syntax]) -> Iterator[Misfit]:
    """Bounds of which one is lower than the one before it."""
    known = [(each, found) for each in bounds if isinstance(found := value_of(values, each), int)]
    for (_, low), (node, high) in pairwise(known):
        if high < low:
            yield node.start, f"`{said(node)}` is {high} in the target, and {low} stands before it"


def _made(values: ValuedNodes, node: Syntax) -> Iterator[Misfit]:
    head, arguments = node.children[0], between(node.children[-1])
    if head.text == b"make" and values.is_built_in(head) and len(arguments) > 1:
        for each in arguments[1:]:
            yield from _count(values, each)
        yield from _falling(values, arguments[1:])


# Literals ----------------------------------------------------------------------------------------


def _literal(values: ValuedNodes, node: Syntax) -> Iterator[Misfit]:
    for inside, known in typed_literals(values, node):
        below = values.shown.underlying(known)
        if below is not None and below.kind in ("slice", "array"):
            yield from _elements(values, inside, length_of(below))
        elif kind_of(values.shown, below.parts[0] if below and below.parts else None) in (
            "string",
            "number",
        ):
            yield from _keys(values, inside)


def _elements(values: ValuedNodes, node: Syntax, size: int | None) -> Iterator[Misfit]:
    """The elements of an array or slice: each has the index behind that of the one before it."""
    taken, at = set[int](), -1
    for each in between(node):
        key = each.children[0] if each.kind == "keyed_element" else None
        found = value_of(values, key) if key is not None else at + 1
        if key is not None:
            yield from _count(values, key, size - 1 if size is not None else None)
        if not isinstance(found, int):
            return
        at = found
        if at in taken:
            yield each.start, f"`{said(each)}` has the index {at} in the target, as another one has"
        elif key is None and size is not None and at >= size:
            yield each.start, f"`{said(each)}` is one more than the {size} elements of the target's"
        taken.add(at)


def _keys(values: ValuedNodes, node: Syntax) -> Iterator[Misfit]:
    keys = [each.children[0] for each in between(node) if each.kind == "keyed_element"]
    yield from _twice((key, value_of(values, key)) for key in keys)


def _twice(found: Iterator[tuple[Syntax, object]]) -> Iterator[Misfit]:
    seen: dict[object, Syntax] = {}
    for node, value in found:
        if value is None:
            continue
        if value in seen and node.text != seen[value].text:
            other = said(seen[value])
            yield node.start, f"`{said(node)}` is what `{other}` is in the target, and both stand"
        seen.setdefault(value, node)


def _cases(values: ValuedNodes, node: Syntax) -> Iterator[Misfit]:
    at = next(i for i, child in enumerate(node.children) if child.token == b"{")
    tag = kind_of(values.shown, values.of(node.children[at - 1]))
    lists = (each.children[1] for each in node.children if each.kind == "expression_case")
    cases = [value for each in lists for value in listed_values(each)]
    if tag in ("string", "number"):
        yield from _twice((each, value_of(values, each)) for each in cases)
    else:
        yield from _twice((each, _typed(values.of(each), value_of(values, each))) for each in cases)


def _typed(known: GoType | None, value: Constant | None) -> tuple[GoType, Constant] | None:
    """A constant with its type, which tells it from others where the tag may be of any."""
    return None if known is None or value is None else (known, value)


# Operators ---------------------------------------------------------------------------------------


def _binary(values: ValuedNodes, node: Syntax) -> Iterator[Misfit]:
    left, sign, right = node.children
    found = list(_second(values, left, sign.token or b"", right))
    yield from found
    known = None if found else values.of(node)
    if known is not None and known.kind != "constant" and (basic := unheld(values, node, known)):
        yield node.start, f"`{said(node)}` is more in the target than `{basic}` holds"


def _unary(values: ValuedNodes, node: Syntax) -> Iterator[Misfit]:
    known = values.of(node) if node.children[0].token in (b"-", b"^") else None
    if known is not None and known.kind != "constant" and (basic := unheld(values, node, known)):
        yield node.start, f"`{said(node)}` is more in the target than `{basic}` holds"


def _assigned(values: ValuedNodes, node: Syntax) -> Iterator[Misfit]:
    left, sign, right = node.children
    if sign.token != b"=":
        yield from _second(values, left.children[0], (sign.token or b"")[:-1], right.children[0])


def _second(values: ValuedNodes, left: Syntax, sign: bytes, right: Syntax) -> Iterator[Misfit]:
    """A divisor that is nothing, and a shift by less than nothing."""
    if sign in (b"/", b"%") and value_of(values, right) == 0:
        below = values.shown.underlying(values.of(left))
        if below is not None and b"int" in below.name[1]:
            yield right.start, f"`{said(right)}` is 0 in the target, and divides"
    elif sign in (b"<<", b">>"):
        yield from _count(values, right)


# What has no value -------------------------------------------------------------------------------


def _array(values: ValuedNodes, node: Syntax) -> Iterator[Misfit]:
    size = node.children[1]
    yield from _count(values, size)
    yield from _varying(values, size)


def _constant(values: ValuedNodes, node: Syntax) -> Iterator[Misfit]:
    for each in listed_values(node.children[-1]) if len(node.children) > 1 else ():
        yield from _varying(values, each)


def _varying(values: ValuedNodes, node: Syntax) -> Iterator[Misfit]:
    """What is no constant, where one is wanted."""
    if node.kind in (IDENTIFIER, "selector_expression"):
        what = _NOT_CONSTANT.get(values.declared_as(node), "")
        if what:
            yield node.start, f"`{said(node)}` is {what} in the target, where a constant is wanted"
    for child in node.children if node.kind in _MADE else ():
        yield from _varying(values, child)


def _declared(values: ValuedNodes, node: Syntax) -> Iterator[Misfit]:
    """A constant that becomes an `int` with the variable that is declared by it."""
    for each in listed_values(node.children[-1]):
        if basic := unheld(values, each, values.of(each)):
            yield each.start, f"`{said(each)}` is more in the target than `{basic}` holds"


_JUDGES: dict[str, Callable[[ValuedNodes, Syntax], Iterator[Misfit]]] = {
    "index_expression": _index,
    "slice_expression": _slice,
    "call_expression": _made,
    "composite_literal": _literal,
    "expression_switch_statement": _cases,
    "binary_expression": _binary,
    "unary_expression": _unary,
    "assignment_statement": _assigned,
    "array_type": _array,
    "const_spec": _constant,
    "short_var_declaration": _declared,
}
