"""A Go file -> where addresses would be of another type than that which has the rail's methods and its mark."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from gopatch.go.once import once
from gopatch.go.tree import GoFile, Syntax, parse
from gopatch.port._address_types import fields_of
from gopatch.port._functions import FUNCTIONS, Functions
from gopatch.port._guards import called_name
from gopatch.port._rebuilt import Marked

_CALLS = frozenset({"call_expression"})
_STRUCTS = frozenset({"type_spec"})


class OtherType(NamedTuple):
    """A place in `function`, "" outside of all, and what it does."""

    at: int
    function: str
    said: str


@once(512)
def fields_in(data: bytes, type: str) -> frozenset[bytes]:
    """The fields that a file declares a struct with, none where it does not."""
    if type.encode() not in data:
        return frozenset()
    found = (f for name, f in _structs(parse(data)) if name.text == type.encode())
    return next(found, frozenset())


@once(512)
def alike_in(data: bytes, fields: frozenset[bytes]) -> frozenset[str]:
    """The structs of a file that have these fields and no others."""
    if not fields or not all(field in data for field in fields):
        return frozenset()
    named = (name for name, own in _structs(parse(data)) if own == fields)
    return frozenset(name.text.decode(errors="replace") for name in named)


@once(512)
def other_types(data: bytes, marked: Marked, alike: frozenset[str]) -> tuple[OtherType, ...]:
    """The places of a file; `alike` are structs that have all fields of the marked type but its mark."""
    file = parse(data)
    return (*_converted(file, marked, alike), *_giving(file, marked))


def _converted(file: GoFile, marked: Marked, alike: frozenset[str]) -> Iterator[OtherType]:
    names = alike | marked.known.ones if alike else alike
    if any(name.encode() in file.data for name in names):
        functions = Functions(file)
        said = f"converts `{marked.type}`, which gets a field: that would not compile"
        for call in file.nodes(_CALLS):
            if called_name(call) in names:
                yield OtherType(call.start, functions.name_around(call.start), said)


def _giving(file: GoFile, marked: Marked) -> Iterator[OtherType]:
    """What is named as what hands out addresses, asks for some, and gives something else."""
    types, givers = marked.known.any_of(marked.known.types), marked.known.any_of(marked.givers)
    said = f"gives no `{marked.type}`, which has the rails"
    for node in file.nodes(FUNCTIONS):
        result, body = node.field("result"), node.field("body")
        asks = body is not None and givers.search(body.text)
        for name in node.names():
            called = name.text.decode(errors="replace")
            if called in marked.givers and asks and result and not types.search(result.text):
                yield OtherType(name.start, called, said)


def _structs(file: GoFile) -> Iterator[tuple[Syntax, frozenset[bytes]]]:
    for spec in file.nodes(_STRUCTS):
        type = spec.field("type")
        if type is not None and type.kind == "struct_type":
            fields = frozenset(name.text for name in fields_of(type))
            yield from ((name, fields) for name in spec.names())
