"""What Go's own functions surely do not take: "Built-in functions" of the Go specification."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from gopatch.backport.assignable import kind_of, misfit
from gopatch.backport.go_types import GoType
from gopatch.backport.operations import PARTED, Misfit, Operands, said
from gopatch.backport.valued import ValuedNodes
from gopatch.go.tree import Syntax

_SIZED = PARTED | {"map", "chan"}
_FIRST = {
    b"close": (frozenset({"chan"}), "a channel"),
    b"delete": (frozenset({"map"}), "a map"),
    b"clear": (frozenset({"map", "slice"}), "a map or slice"),
    b"len": (_SIZED, "what has a length"),
    b"cap": (_SIZED - {"map", "string"}, "what has a capacity"),
    b"append": (frozenset({"slice", "nil"}), "a slice"),
    b"copy": (frozenset({"slice"}), "a slice"),
    b"min": (frozenset({"number", "string"}), "what has an order"),
    b"max": (frozenset({"number", "string"}), "what has an order"),
}
_COMPLEX = (b"complex64", b"complex128")
_MADE = {"slice", "map", "chan"}


def wrong_built_in(values: ValuedNodes, node: Syntax) -> Iterator[Misfit]:
    """What one node, not those in it, gives to a function of Go's own that does not take it."""
    if node.kind != "call_expression" or not values.is_built_in(node.children[0]):
        return
    name = node.children[0].text
    arguments = [child for child in node.children[-1].children if child.named]
    if not arguments:
        return
    if name in _FIRST:
        yield from Operands(values).want(arguments[0], *_FIRST[name])
    judge = _JUDGES.get(name)
    if judge is not None:
        yield from judge(values, arguments)


def _elements(values: ValuedNodes, arguments: Sequence[Syntax]) -> Iterator[Misfit]:
    """Of `append` what comes, of `delete` the key."""
    below = values.shown.underlying(values.of(arguments[0]))
    if below is None or below.kind not in ("slice", "map"):
        return
    for each in arguments[1:]:
        if each.kind != "variadic_argument":
            yield from Operands(values).given(each, below.parts[0])
        elif not _is_text(values, each.children[0]):
            yield from Operands(values).given(each.children[0], below)


def _is_text(values: ValuedNodes, node: Syntax) -> bool:
    """Whether an expression is a string, whose bytes may be taken one by one."""
    return kind_of(values.shown, values.of(node)) == "string"


def _copied(values: ValuedNodes, arguments: Sequence[Syntax]) -> Iterator[Misfit]:
    into, *others = (values.shown.underlying(values.of(each)) for each in arguments)
    if into is None or into.kind != "slice" or len(others) != 1 or others[0] is None:
        return
    source = GoType("slice", parts=(_BYTE,)) if _is_string(others[0]) else others[0]
    if source.kind != "slice" or misfit(values.shown, source, into):
        words = f"`{said(arguments[1])}` cannot be copied into `{said(arguments[0])}` in the target"
        yield arguments[1].start, f"{words}: it is `{values.of(arguments[1])}`"


def _is_string(below: GoType) -> bool:
    return below.kind in ("basic", "constant") and below.name[1] == b"string"


def _made(values: ValuedNodes, arguments: Sequence[Syntax]) -> Iterator[Misfit]:
    kind = kind_of(values.shown, values.read(arguments[0]))
    if kind and kind not in _MADE:
        yield (
            arguments[0].start,
            f"`{said(arguments[0])}` is no slice, map or channel in the target, and is made",
        )


def _ordered(values: ValuedNodes, arguments: Sequence[Syntax]) -> Iterator[Misfit]:
    first, *others = arguments
    for each in others:
        yield from Operands(values).beside(first, b"min", each)


def _parted(values: ValuedNodes, arguments: Sequence[Syntax]) -> Iterator[Misfit]:
    below = values.shown.underlying(values.of(arguments[0]))
    if below is None or below.kind in ("constant", "foreign") or below.name[1] in _COMPLEX:
        return
    words = "stands where a complex number is wanted in the target"
    yield arguments[0].start, f"`{said(arguments[0])}` {words}: it is `{below}`"


_BYTE = GoType("basic", ("", b"uint8"))
_JUDGES: dict[bytes, Callable[[ValuedNodes, Sequence[Syntax]], Iterator[Misfit]]] = {
    b"append": _elements,
    b"delete": _elements,
    b"copy": _copied,
    b"make": _made,
    b"min": _ordered,
    b"max": _ordered,
    b"real": _parted,
    b"imag": _parted,
}
