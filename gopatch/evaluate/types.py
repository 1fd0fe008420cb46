"""Types, as far as they are needed: zero values, literals and conversions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from gopatch.evaluate.context import Machinery
from gopatch.evaluate.go_values import Native, NilMap, Slice, Struct
from gopatch.evaluate.package import SourceFile, parts, text_of
from gopatch.evaluate.shared_fields import watched
from gopatch.evaluate.standard import atomic
from gopatch.go.tree import Syntax

NUMBERS = frozenset(
    [
        "int",
        "int8",
        "int16",
        "int32",
        "int64",
        "uint",
        "uint8",
        "uint16",
        "uint32",
        "uint64",
        "byte",
        "rune",
        "uintptr",
        "float32",
        "float64",
    ]
)
BASIC = NUMBERS | {"string", "bool", "error", "any"}
_LISTS = {"slice_type", "array_type"}


class Type(NamedTuple):
    """A type as it is written, and the file that it is written in."""

    file: SourceFile
    node: Syntax

    def part(self, field: str) -> Type | None:
        node = self.node.field(field)
        return None if node is None else Type(self.file, node)


def underlying(machine: Machinery, found: Type) -> Type:
    """What a type of the package is made of, through all names."""
    for _ in range(20):
        node = found.node
        while node.kind == "parenthesized_expression":
            node = parts(node)[0]
        place = machine.package.types.get(text_of(node)) if node.kind == "identifier" else None
        inner = None if place is None else place.node.field("type")
        if place is None or inner is None:
            return Type(found.file, node)
        found = Type(place.file, inner)
    return found


def pointed(machine: Machinery, found: Type) -> Type | None:
    """What a pointer type points to, None for another type."""
    node = underlying(machine, found).node
    if node.kind != "unary_expression" or not node.text.startswith(b"*"):
        return None
    return Type(found.file, parts(node)[0])


def is_list(found: Type) -> bool:
    return found.node.kind in _LISTS


def zero_maker(machine: Machinery, found: Type | None) -> Callable[[], Any]:
    """Makes a type's zero value. Where it is not known, using the value is what fails."""
    if found is None:
        return lambda: None
    file, node = found
    text = text_of(node)
    if node.kind == "parenthesized_expression":
        return zero_maker(machine, Type(file, parts(node)[0]))
    if node.kind == "struct_type":
        return _struct_maker(machine, found, "struct")
    if node.kind == "selector_expression":
        package, _, name = text.partition(".")
        path = file.imports.get(package, package)
        return lambda: machine.library.zero(path, name)
    if node.kind == "index_expression" and "atomic.Pointer" in text:
        return lambda: atomic(None)
    if node.kind in ("array_type", "index_expression", "generic_type"):
        return lambda: Native(text)
    if node.kind == "map_type":
        value = zero_maker(machine, found.part("value"))
        return lambda: NilMap(value)
    if node.kind != "identifier":
        return lambda: None
    if text in machine.package.types:
        return lambda: machine.zero_of(text)
    plain: dict[str, Any] = {"string": "", "bool": False, **dict.fromkeys(NUMBERS, 0)}
    return lambda: plain.get(text)


def named_zero_maker(machine: Machinery, name: str) -> Callable[[], Any]:
    """The same for a type of the package, whose structs bear its name."""
    place = machine.package.types[name]
    inner = place.node.field("type")
    found = None if inner is None else Type(place.file, inner)
    if found is not None and found.node.kind == "struct_type":
        return _struct_maker(machine, found, machine.own(name))
    make = zero_maker(machine, found)
    return lambda: renamed(machine, make(), name)


def renamed(machine: Machinery, value: Any, name: str) -> Any:
    if isinstance(value, Struct):
        return Struct(machine.own(name), value.copy().fields, value.embedded)
    return value


def _struct_maker(machine: Machinery, found: Type, name: str) -> Callable[[], Any]:
    makers: dict[str, Callable[[], Any]] = {}
    embedded: list[str] = []
    written, own = machine.library.asked.written.get(found.file.path, ()), set[str]()
    for field in fields_of(found.node):
        type_node = field.field("type")
        make = zero_maker(machine, None if type_node is None else Type(found.file, type_node))
        names = [text_of(each) for each in field.names()]
        if not names:
            names = [embedded_name(field)]
            embedded.append(names[0])
            if is_embedded_pointer(field):
                make = zero_maker(machine, None)
        makers.update(dict.fromkeys(names, make))
        own.update(names if field.point[0] in written else ())
    parts_of = tuple(embedded)

    def made() -> Struct:
        fields = {key: make() for key, make in makers.items()}
        return Struct(name, watched(machine.library.world.guarded, name, fields, own), parts_of)

    return made


def fields_of(struct: Syntax) -> list[Syntax]:
    """The field declarations of a struct type."""
    lists = [child for child in struct.children if child.kind == "field_declaration_list"]
    return [field for each in lists for field in each.children if field.kind == "field_declaration"]


def embedded_name(field: Syntax) -> str:
    return text_of(field.field("type")).lstrip("*").partition("[")[0].rpartition(".")[2]


def is_embedded_pointer(field: Syntax) -> bool:
    return field.text.startswith(b"*")


def convert(machine: Machinery, to: str, value: Any) -> Any:
    """`to(value)`, the conversions that change what is seen of a value."""
    if to == "string" and isinstance(value, list):
        return bytes(value).decode("utf-8", "replace")
    if to == "string" and isinstance(value, int):
        return chr(value)
    if to in ("[]byte", "[]uint8") and isinstance(value, str):
        return Slice(value.encode())
    if to == "[]rune" and isinstance(value, str):
        return Slice(map(ord, value))
    if to in machine.package.types:
        return renamed(machine, value, to)
    return value
