"""A Go file -> the types that are an address by another name, list some, or have one in a field."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from gopatch.go.once import once
from gopatch.go.tree import Syntax, parse

_TYPES = frozenset({"type_spec"})
_NAMED = frozenset({"identifier", "selector_expression", "unary_expression"})
_SEVERAL = frozenset({"slice_type", "array_type", "map_type"})


class AddressTypes(NamedTuple):
    """Names: of types that are one address, of such as list some, of structs that embed one, and of fields."""

    ones: frozenset[str]
    lists: frozenset[str] = frozenset()
    embedding: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()

    @property
    def types(self) -> frozenset[str]:
        return self.ones | self.lists | self.embedding

    def exported(self) -> AddressTypes:
        """Those that other packages may name."""
        return AddressTypes(*(frozenset(n for n in names if n[:1].isupper()) for names in self))

    def with_more(self, other: AddressTypes) -> AddressTypes:
        return AddressTypes(*(mine | more for mine, more in zip(self, other, strict=True)))

    def any_of(self, names: frozenset[str]) -> re.Pattern[bytes]:
        """A word that is one of some names; nothing fits where there are none."""
        return re.compile(rb"(?<![\w\x80-\xff])(?:%s)(?![\w\x80-\xff])" % _either(names))

    def just_one(self, *, embedded: bool = False) -> re.Pattern[bytes]:
        """The whole of a type of one address, be it a pointer or of another package."""
        names = self.ones | self.embedding if embedded else self.ones
        return re.compile(rb"[*&]?(?:\w+\.)?(?:%s)" % _either(names))


def _either(names: frozenset[str]) -> bytes:
    return b"|".join(re.escape(name.encode()) for name in sorted(names)) or rb"(?!)"


@once(512)
def types_in(data: bytes, known: AddressTypes) -> AddressTypes:
    """What a file declares of what is `known` already."""
    found = AddressTypes(frozenset())
    if any(name.encode() in data for name in known.types):
        for node in parse(data).nodes(_TYPES):
            found = found.with_more(_declared(node, known))
    return found


def _declared(spec: Syntax, known: AddressTypes) -> AddressTypes:
    names = frozenset(name.text.decode(errors="replace") for name in spec.names())
    type, none = spec.field("type"), frozenset[str]()
    if type is None or not _speaks_of(type, known):
        return AddressTypes(none)
    if type.kind == "struct_type":
        rows = [row for row in rows_of(type) if _speaks_of(row.field("type"), known)]
        embeds = any(not row.names() and _is_one(row.field("type"), known) for row in rows)
        fields = frozenset(n.text.decode(errors="replace") for row in rows for n in row.names())
        return AddressTypes(none, none, names if embeds else none, fields)
    if _is_one(type, known):
        return AddressTypes(names)
    listed = type.kind in _SEVERAL or (type.kind in _NAMED and _names_one_of(type, known.lists))
    return AddressTypes(none, names if listed else none)


def rows_of(struct: Syntax) -> Iterator[Syntax]:
    """The lines of a struct type that declare fields."""
    for part in struct.children:
        yield from (row for row in part.children if row.kind == "field_declaration")


def fields_of(struct: Syntax) -> Iterator[Syntax]:
    """The names of its fields; what is embedded has none."""
    yield from (name for row in rows_of(struct) for name in row.names())


def _speaks_of(type: Syntax | None, known: AddressTypes) -> bool:
    return type is not None and known.any_of(known.types).search(type.text) is not None


def _is_one(type: Syntax | None, known: AddressTypes) -> bool:
    return type is not None and known.just_one().fullmatch(type.text) is not None


def _names_one_of(type: Syntax, names: frozenset[str]) -> bool:
    return type.text.rpartition(b".")[2].lstrip(b"*").decode(errors="replace") in names
