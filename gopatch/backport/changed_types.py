"""What some files of a package declare otherwise with a change, by the names that it is used by."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from functools import cached_property
from typing import NamedTuple

from gopatch.backport.brought import brought
from gopatch.backport.comparable import incomparable
from gopatch.backport.go_types import GoType
from gopatch.backport.lists import ListedRow, listing_of
from gopatch.backport.overlaid import OverlaidSource
from gopatch.backport.reached import (
    GoText,
    as_interface,
    as_value,
    beyond,
    fields_of,
    holding,
    inferred,
    near,
)
from gopatch.backport.shown_types import ShownTypes
from gopatch.go.tree import GROUPS, Syntax, elements_of

_FUNCTIONS = ("function_declaration", "method_declaration")
Key = tuple[bytes, bytes]
"""Of a declaration: its receiver, if it has one, and its name."""


class BothTypes(NamedTuple):
    """The types of a source without a change and with it."""

    old: ShownTypes
    new: ShownTypes


def both_types(side: OverlaidSource) -> BothTypes:
    return BothTypes(ShownTypes(OverlaidSource(side.index, {})), ShownTypes(side))


def rows_in(types: ShownTypes, path: str) -> list[ListedRow]:
    """The declarations of a file of a source."""
    data = types.data(path)
    return [row for row in listing_of(data).rows if row.nodes] if data else []


class Changed:
    """What files of one folder declare, without a change and with it."""

    def __init__(self, paths: Sequence[str], types: BothTypes) -> None:
        self.types, self.path = types, paths[0]
        self.old, self.new = (_declared(side, paths) for side in types)

    @cached_property
    def files(self) -> list[GoText]:
        """The files that may name what is declared."""
        return list(near(self.path.rpartition("/")[0], self.types.new.side))

    @cached_property
    def own(self) -> list[GoText]:
        """The files of the folder."""
        return list(self.types.new.side.go_texts(self.path.rpartition("/")[0]))

    @cached_property
    def beyond(self) -> list[GoText]:
        """Those files, and those that import what imports it, however often."""
        return list(beyond(self.path.rpartition("/")[0], self.types.new.side))

    def words(self) -> Iterator[bytes]:
        """The names whose use depends on what is declared otherwise now, or no more.

        One with a brace is a struct's: what stands for its own fields matters, and where it has values without keys.
        """
        old, new = self.old, self.new
        for key in old.keys() - {k for k in new if k in old and _head(old[k]) == _head(new[k])}:
            owner, name = key
            node, there = old[key], new.get(key)
            if node.kind != "type_spec" or there is None:
                yield name
                yield from self._as_interface(key) if owner else ()
                yield from inferred(name, self.beyond if name[:1].isupper() else self.own)
                continue
            kinds = {each.children[-1].kind for each in (node, there)}
            yield name + b"{" * (kinds == {"struct_type"})
            yield from _inside(node, there)
            yield from self._brought_otherwise(key)
            if "interface_type" in kinds or self._mixes_more(key):
                yield from as_interface(name, self.files)
            if kinds != {"interface_type"} and (
                kinds != {"struct_type"} or self._is_no_key(name) or self._is_twin(node, there)
            ):
                yield from as_value(name, self.files)
        for key in self._methods_that_come():
            yield from (key[1], *self._as_interface(key))

    def _as_interface(self, method: Key) -> list[bytes]:
        """What may give or take what has a method as an interface that asks for it; one that is not exported only its own package can ask for."""
        owner, name = method
        is_own = name[:1].islower() or name.startswith(b"_")
        asked = re.compile(rb"(?m)(?:^|[{;])[ \t]*%s\(" % re.escape(name))
        if is_own and not any(asked.search(data) for _, data in self.own):
            return []
        return as_interface(owner, self.files)

    def _is_no_key(self, name: bytes) -> bool:
        """Whether a struct has no equal with the change, and may have had one."""
        old, new = (incomparable(side, self._type(side, name)) for side in self.types)
        return new and not old

    def _type(self, side: ShownTypes, name: bytes) -> GoType | None:
        place = side.place(self.path)
        found = side.specs(place.folder, place.package, name)
        return GoType("named", (place.folder, b"%s.%s" % (place.package, name))) if found else None

    def _is_twin(self, spec: Syntax, there: Syntax) -> bool:
        """Whether another struct may be converted to one whose fields are others now, as it has the fields that it had."""
        fields = set(_said_inside(spec).items())
        if fields == set(_said_inside(there).items()):
            return False
        words = [name for name, _ in fields]
        return any(
            set(_said_inside(other)) == set(words)
            for _, data in self.files
            if all(word in data for word in words)
            for other in _structs(data)
            if other.names()[0].text != spec.names()[0].text
        )

    def members_that_come(self) -> Iterator[bytes]:
        """The fields and methods that types get which are embedded, or embed others: they may hide what was meant."""
        for key in self.new:
            yield from () if key[0] else self._mixes_more(key)
        yield from (name for _, name in self._methods_that_come())

    def _methods_that_come(self) -> Iterator[Key]:
        come = (key for key in self.new.keys() - self.old.keys() if key[0])
        yield from (k for k in come if self._is_mixed(k[0], self.new.get((b"", k[0]))))

    def _mixes_more(self, key: Key) -> Set[bytes]:
        old, new = self.old.get(key), self.new.get(key)
        if old is None or new is None or "type_spec" not in (old.kind, new.kind):
            return frozenset()
        came = _said_inside(new).keys() - _said_inside(old).keys()
        came = came if came and self._is_mixed(key[1], new) else set()
        return came | self._brought_otherwise(key)

    def _brought_otherwise(self, key: Key) -> Set[bytes]:
        """What a struct has from rows that it embeds without a change or with it alone."""
        old, new = self.old[key], self.new[key]
        if _rows_embedded(old) == _rows_embedded(new):
            return frozenset()
        was, now = (brought(side, self._type(side, key[1])) for side in self.types)
        rows = was.keys() ^ now.keys()
        return {name for row in rows for name in was.get(row, now.get(row, set()))}

    def _is_mixed(self, name: bytes, spec: Syntax | None) -> bool:
        rows = fields_of(spec) if spec is not None else []
        return any(map(_is_embedded, rows)) or any(True for _ in holding(name, self.files))


def _is_embedded(row: Syntax) -> bool:
    return row.kind == "field_declaration" and not row.names()


def _rows_embedded(spec: Syntax) -> set[bytes]:
    return {row.text for row in fields_of(spec) if _is_embedded(row)}


def _structs(data: bytes) -> Iterator[Syntax]:
    for row in listing_of(data).rows:
        for node in row.nodes:
            for spec in elements_of(node) if node.kind == "type_declaration" else ():
                if spec.children[-1].kind == "struct_type" and spec.names():
                    yield spec


def _declared(types: ShownTypes, paths: Sequence[str]) -> dict[Key, Syntax]:
    """What files declare at their top level: by receiver and name."""
    found: dict[Key, Syntax] = {}
    for row in (row for path in paths for row in rows_in(types, path)):
        for node in row.nodes:
            if node.kind in _FUNCTIONS and row.key is not None:
                found[row.key[1], row.key[2]] = node  # type: ignore[index]
            elif node.kind in GROUPS - {"import_declaration"}:
                specs = ((name, spec) for spec in elements_of(node) for name in spec.names())
                found.update({(b"", name.text): spec for name, spec in specs})
    return found


def _head(node: Syntax) -> bytes:
    """What the users of a declaration see of it."""
    if node.kind not in _FUNCTIONS:
        return b" ".join(node.text.split())
    body = next((c.start for c in node.children if c.kind == "block"), node.end)
    return b" ".join(node.data[node.start : body].split())


def _inside(spec: Syntax, other: Syntax) -> Iterator[bytes]:
    """The names of a type's fields or methods that read otherwise in another declaration of it, or are not there."""
    there = _said_inside(other)
    yield from (name for name, text in _said_inside(spec).items() if there.get(name) != text)


def _said_inside(spec: Syntax) -> dict[bytes, bytes]:
    rows = fields_of(spec) or spec.children[-1].children
    members = [row for row in rows if row.kind in ("field_declaration", "method_elem")]
    return {name.text: _type_of(row) for row in members for name in row.names()}


def _type_of(row: Syntax) -> bytes:
    """What stands behind the names of a row, in one line."""
    names = row.names()
    return b" ".join(row.data[names[-1].end if names else row.start : row.end].split())
