"""What the types that a source's own declarations show hold: fields, methods, and what they embed.

"Struct types", "Method sets" and "Selectors" of the Go specification. What is not known is None, or said not to be.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from gopatch.backport.go_types import GoType, literal_type
from gopatch.backport.overlaid import OverlaidSource
from gopatch.backport.std_types import (
    ASKED,
    BELOW,
    DEEPER,
    StdName,
    constant_of,
    field_of,
    has_members,
    member_of,
    type_of,
)
from gopatch.backport.type_reader import DEEPEST, Placed, TypeReader, go_place, is_of
from gopatch.backport.type_rows import embedded, fields_in, names_of, rows_of

_PLAIN = {"basic", "slice", "array", "map", "chan", "func"}
_MEMBERLESS = _PLAIN | {"pointer"}
_ERROR = GoType("interface", ("", b"error"))


class HeldMembers(NamedTuple):
    """The fields and methods of one name that a type has; `known` says that there are no others.

    `owners` are the types that declare them: more than one, and Go refuses it; none where a type beside them is not known.
    """

    found: list[Placed]
    known: bool
    owners: tuple[GoType, ...] = ()


class ShownTypes(TypeReader):
    """A source, asked for types and what they hold; in `values` are the types of variables by where they are named."""

    def __init__(self, side: OverlaidSource) -> None:
        super().__init__(side)
        self.values: dict[tuple[str, int], GoType | None] = {}
        self._members: dict[tuple[GoType | None, bytes], HeldMembers] = {}

    def of_go(self, path: str, name: bytes) -> GoType | None:
        """The type of what a package of the standard library has under a name, and the source does not hold."""
        if self.side.folder_of(path) is not None:
            return None
        said, worth = type_of(path, name), constant_of(path, name)
        return self.read(said, go_place(path)) if said else literal_type(worth) if worth else None

    # What types hold -----------------------------------------------------------------------------

    def fields(self, known: GoType | None) -> list[tuple[bytes, GoType | None]] | None:
        """The fields of a struct of the source in order; None where it is none, or not known."""
        held = self.holder(known)
        if held is None or held.node.kind != "struct_type":
            return None
        rows = [Placed(held.place, each) for each in rows_of(held.node)]
        return [(name, self.of_field(row)) for row in rows for name, _ in fields_in(row.node)]

    def of_field(self, row: Placed) -> GoType | None:
        """The type of the fields of a row; a star before what is embedded is no part of the written type."""
        kind = next(kind for _, kind in fields_in(row.node))
        said = self.read(kind, row.place)
        return GoType("pointer", parts=(said,)) if row.node.children[0].token == b"*" else said

    def members(self, known: GoType | None, name: bytes) -> HeldMembers:
        """The fields and methods of a name that a type has, those least deep only: "Selectors" of the Go specification."""
        if (known, name) not in self._members:
            self._members[known, name] = self._least_deep(known, name)
        return self._members[known, name]

    def _least_deep(self, known: GoType | None, name: bytes) -> HeldMembers:
        if known is not None and known.kind == "pointer":
            known = known.parts[0]
            if (below := self.underlying(known)) is not None and below.kind == "interface":
                return HeldMembers([], True)
        level, seen = [known], set[GoType | None]()
        for _ in range(DEEPEST):
            own = [(each, self._own(each, name)) for each in level]
            found = [one for _, has in own for one in has.found]
            every = all(has.known for _, has in own)
            if found:
                owners = tuple(each for each, has in own if each is not None and has.found)
                sure = every and not any(each.name in DEEPER for each in owners)
                return HeldMembers(found, True, owners if sure else ())
            if not every:
                return HeldMembers([], False)
            seen.update(level)
            level = [e for each in level for e in self._embedded(each) if e not in seen]
            if not level:
                return HeldMembers([], True)
        return HeldMembers([], False)

    def _own(self, known: GoType | None, name: bytes) -> HeldMembers:
        """What a type itself declares; `known` says that it has no others but from what it embeds."""
        if known is not None and (known.kind == "foreign" or known == _ERROR):
            return _own_of_go(known.name, name)
        is_named = known is not None and known.kind == "named"
        if is_named and self.spec(known) is None:
            return HeldMembers([], False)  # what it is differs from system to system
        found = self.methods(known, name) if known is not None and is_named else []
        held = self.holder(known)
        if held is None:
            if is_named and (base := self._declared_as(known)) is not None:
                return HeldMembers(found, True) if found else _left_of_go(base.name, name)
            below = self.underlying(known) if is_named else known
            kinds = _PLAIN if is_named else _MEMBERLESS
            return HeldMembers(found, below is not None and below.kind in kinds)
        rows = (each for each in rows_of(held.node) if name in each.text)
        found += [Placed(held.place, each) for each in rows if name in names_of(each)]
        return HeldMembers(found, True)

    def _declared_as(self, known: GoType | None) -> GoType | None:
        """The struct of the standard library whose fields a type has, as it is declared as one."""
        for _ in range(DEEPEST):
            spec = self.spec(known)
            if spec is None:
                break
            known = self.read(spec.node.children[-1], spec.place)
        is_struct = known is not None and BELOW.get(known.name) == b"struct"
        return known if is_struct and known is not None and known.kind == "foreign" else None

    def _embedded(self, known: GoType | None) -> Iterator[GoType | None]:
        held = self.holder(known)
        if held is not None:
            yield from (self.read(each, held.place) for each in embedded(rows_of(held.node)))

    def embedded_values(self, known: GoType | None, depth: int = DEEPEST) -> Iterator[GoType]:
        """The types that a struct embeds, however deep, but not by a pointer."""
        held = self.holder(known)
        if held is None or not depth:
            return
        for row in (r for r in rows_of(held.node) if r.kind == "field_declaration"):
            found = self.of_field(Placed(held.place, row))
            if found is not None and not row.names() and row.children[0].token != b"*":
                yield found
                yield from self.embedded_values(found, depth - 1)

    def methods(self, named: GoType, name: bytes) -> list[Placed]:
        """The methods of a name that are declared for a type of the source."""
        package, _, owner = named.name[1].partition(b".")
        found = [d for d in self.side.declared(named.name[0], name) if d.kind == "member"]
        own = ((d.path, d.start) for d in found if d.owner == owner and d.parameters >= 0)
        return [each for each in self._at(own) if is_of(each.place.package, package)]

    def asks(self, known: GoType | None, depth: int = DEEPEST) -> set[bytes]:
        """The methods that an interface surely asks for."""
        held = self.holder(known) if depth else None
        if held is None:
            return set(ASKED.get(known.name, b"").split()) if known is not None else set()
        if held.node.kind != "interface_type":
            return set()
        rows = rows_of(held.node)
        own = {name for each in rows if each.kind == "method_elem" for name in names_of(each)}
        others = (self.asks(self.read(e, held.place), depth - 1) for e in embedded(rows))
        return own.union(*others)


def _own_of_go(named: StdName, name: bytes) -> HeldMembers:
    """What a type of the standard library has."""
    row = member_of(named, name)
    return HeldMembers([Placed(go_place(named[0]), row)] if row else [], has_members(named))


def _left_of_go(named: StdName, name: bytes) -> HeldMembers:
    """What a type has that is declared as one of the standard library: what that embeds is not known."""
    row = field_of(named, name)
    known = row is not None or (has_members(named) and named not in DEEPER)
    return HeldMembers([Placed(go_place(named[0]), row)] if row else [], known)
