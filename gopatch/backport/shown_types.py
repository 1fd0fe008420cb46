"""The types that a source's own declarations show; nothing is guessed of what cannot be read.

"Types", "Struct types", "Method sets" and "Alias declarations" of the Go specification. None stands for a
type that is not known: a generic one, one of C, one that differs from system to system.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import NamedTuple

from gopatch.backport.go_files import go_file
from gopatch.backport.go_types import GoType, made_type
from gopatch.backport.imports_by_need import imports, package_name
from gopatch.backport.index import package_of
from gopatch.backport.overlaid import OverlaidSource
from gopatch.backport.std_types import ASKED, below, imports_for, type_of
from gopatch.backport.type_rows import (
    bare,
    embedded,
    fields_in,
    names_of,
    rows_of,
)
from gopatch.go.tree import IDENTIFIER, Syntax, elements_of

_BASIC = frozenset(
    b"bool complex128 complex64 float32 float64 int int16 int32 int64 int8 string"
    b" uint uint16 uint32 uint64 uint8 uintptr".split()
)
_SAME = {b"byte": b"uint8", b"rune": b"int32"}
_INTERFACES = (b"error", b"any")
_PLAIN = {"basic", "slice", "array", "map", "chan", "func"}
_MEMBERLESS = _PLAIN | {"pointer"}
_HOLDERS = {"struct_type", "interface_type"}
DEEPEST = 8  # aliases of aliases, what is embedded in what is embedded, structs in structs


class GoPlace(NamedTuple):
    """A file as its types are read: what it belongs to, and what it imports by which name."""

    path: str
    folder: str
    package: bytes
    imports: dict[bytes, str]


def _go(path: str) -> GoPlace:
    """Where a package of Go's own would declare what it has."""
    return GoPlace("", ".go", b"", imports_for(path))


class Placed(NamedTuple):
    """A node of a file."""

    place: GoPlace
    node: Syntax


class HeldMembers(NamedTuple):
    """The fields and methods of one name that a type has; `known` says that there are no others.

    `owners` are the types that declare them: more than one, and Go refuses it; none where a type beside them is not known.
    """

    found: list[Placed]
    known: bool
    owners: tuple[GoType, ...] = ()


class ShownTypes:
    """A source, asked for types; what was found once is kept, in `values` the types of variables by where they are named."""

    def __init__(self, side: OverlaidSource) -> None:
        self.side = side
        self._places: dict[str, GoPlace] = {}
        self._specs: dict[tuple[str, bytes, bytes], list[Placed]] = {}
        self.values: dict[tuple[str, int], GoType | None] = {}
        self._members: dict[tuple[GoType | None, bytes], HeldMembers] = {}

    def data(self, path: str) -> bytes:
        if path in self.side.files:
            return self.side.files[path] or b""
        return self.side.index.read(path) or b""

    def place(self, path: str) -> GoPlace:
        if path not in self._places:
            data = self.data(path)
            paths = {each.name.encode(): each.path for each in imports(data)}
            self._places[path] = GoPlace(path, path.rpartition("/")[0], package_of(data), paths)
        return self._places[path]

    def specs(self, folder: str, package: bytes, name: bytes) -> list[Placed]:
        """What a package declares under a name at its top level; a package of no name is any but a test's own."""
        key = (folder, package, name)
        if key not in self._specs:
            found = (d for d in self.side.declared(folder, name) if d.kind != "member")
            self._specs[key] = list(self._at((d.path, d.start) for d in found))
            self._specs[key] = [p for p in self._specs[key] if _is_of(p.place.package, package)]
        return self._specs[key]

    def specs_of(self, place: GoPlace, name: bytes) -> list[Placed]:
        """What a name without a dot stands for in a file, of what its package declares: none where it is an import's, which bars that."""
        return [] if name in place.imports else self.specs(place.folder, place.package, name)

    def of_import(self, place: GoPlace, operand: bytes, name: bytes) -> list[Placed]:
        """What an imported package declares under a name: one of the source's own, or that it vendors."""
        path = place.imports.get(operand, "")
        folder = self.side.folder_of(path) if path else None
        return [] if folder is None else self.specs(folder, b"", name)

    def _at(self, offsets: Iterator[tuple[str, int]]) -> Iterator[Placed]:
        """The declarations, or their specs, that start (or whose names do) at places."""
        for path, start in offsets:
            node = next(n for n in go_file(self.data(path)).root.children if start < n.end)
            if not node.kind.endswith(("function_declaration", "method_declaration")):
                node = next((e for e in elements_of(node) if e.start <= start < e.end), node)
            yield Placed(self.place(path), node)

    # Types ---------------------------------------------------------------------------------------

    def read(self, node: Syntax, place: GoPlace, local: Container[int] = ()) -> GoType | None:
        """The type that is written at a node; `local` are the starts of names that mean something nearer."""
        return self._read(node, place, local, DEEPEST)

    def _read(
        self, node: Syntax, place: GoPlace, local: Container[int], depth: int
    ) -> GoType | None:
        node = bare(node)
        if node.start in local or not depth:
            return None
        if node.kind == IDENTIFIER:
            return self._called(place, node.text, depth)
        if node.kind == "selector_expression" and node.children[0].kind == IDENTIFIER:
            first, last = node.children[0], node.children[-1]
            return None if first.start in local else self._qualified(place, first, last, depth)

        def inner(part: Syntax) -> GoType | None:
            return self._read(part, place, local, depth - 1)

        return made_type(node, inner)

    def _called(self, place: GoPlace, name: bytes, depth: int) -> GoType | None:
        found = self.specs_of(place, name)
        if not found:
            return GoType("interface", ("", name)) if name in _INTERFACES else _basic(name)
        return self._declared(found, name, depth)

    def _qualified(
        self, place: GoPlace, operand: Syntax, last: Syntax, depth: int
    ) -> GoType | None:
        path = place.imports.get(operand.text)
        if path is None or path == "C":
            return None
        if self.side.folder_of(path) is None:
            return GoType("foreign", (path, b"%s.%s" % (package_name(path).encode(), last.text)))
        return self._declared(self.of_import(place, operand.text, last.text), last.text, depth)

    def _declared(self, found: list[Placed], name: bytes, depth: int) -> GoType | None:
        """The type that all declarations of a name are."""
        every = {self._of_spec(each, name, depth) for each in found}
        return every.pop() if len(every) == 1 else None

    def _of_spec(self, spec: Placed, name: bytes, depth: int) -> GoType | None:
        place, node = spec
        if node.kind != "type_spec" or any(c.kind == "type_parameter_list" for c in node.children):
            return None
        if any(child.token == b"=" for child in node.children):
            return self._read(node.children[-1], place, (), depth - 1)
        return GoType("named", (place.folder, b"%s.%s" % (place.package, name)))

    def spec(self, named: GoType | None) -> Placed | None:
        """The one declaration of a type of the source; None where there are several."""
        if named is None or named.kind != "named":
            return None
        package, _, name = named.name[1].partition(b".")
        found = self.specs(named.name[0], package, name)
        return found[0] if len(found) == 1 else None

    def underlying(self, known: GoType | None, depth: int = DEEPEST) -> GoType | None:
        """What a type is below its name."""
        if known is not None and known.kind == "foreign":
            said = below(known.name)
            return self.read(said, _go(known.name[0])) if said is not None else None
        if known is None or known.kind != "named":
            return known
        spec = self.spec(known)
        if spec is None or not depth:
            return None
        return self.underlying(self.read(spec.node.children[-1], spec.place), depth - 1)

    def of_go(self, path: str, name: bytes) -> GoType | None:
        """The type of what a package of the standard library has under a name, or `Type.Name`, and the source does not hold."""
        said = type_of(path, name)
        return self.read(said, _go(path)) if said and self.side.folder_of(path) is None else None

    def member_of_go(self, known: GoType | None, name: bytes) -> GoType | None:
        """The type of a field or method of a type of the standard library, or of a pointer to one."""
        if known is not None and known.kind == "pointer":
            known = known.parts[0]
        if known is None or known.kind != "foreign":
            return None
        path, owner = known.name
        return self.of_go(path, b"%s.%s" % (owner.partition(b".")[2], name))

    # What types hold -----------------------------------------------------------------------------

    def fields(self, known: GoType | None) -> list[tuple[bytes, GoType | None]] | None:
        """The fields of a struct of the source in order; None where it is none, or not known."""
        spec = self.spec(known)
        if spec is None or spec.node.children[-1].kind != "struct_type":
            return None
        rows = [Placed(spec.place, each) for each in rows_of(spec.node.children[-1])]
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
                return HeldMembers(found, True, owners if every else ())
            if not every:
                return HeldMembers([], False)
            seen.update(level)
            level = [e for each in level for e in self._embedded(each) if e not in seen]
            if not level:
                return HeldMembers([], True)
        return HeldMembers([], False)

    def _own(self, known: GoType | None, name: bytes) -> HeldMembers:
        """What a type itself declares; `known` says that it has no others but from what it embeds."""
        if known is None or known.kind != "named":
            return HeldMembers([], known is not None and known.kind in _MEMBERLESS)
        found = self.methods(known, name)
        spec = self.spec(known)
        if spec is None or spec.node.children[-1].kind not in _HOLDERS:
            below = self.underlying(known)
            return HeldMembers(found, below is not None and below.kind in _PLAIN)
        rows = (each for each in rows_of(spec.node.children[-1]) if name in each.text)
        found += [Placed(spec.place, each) for each in rows if name in names_of(each)]
        return HeldMembers(found, True)

    def _embedded(self, known: GoType | None) -> Iterator[GoType | None]:
        spec = self.spec(known)
        if spec is not None and spec.node.children[-1].kind in _HOLDERS:
            rows = rows_of(spec.node.children[-1])
            yield from (self.read(each, spec.place) for each in embedded(rows))

    def methods(self, named: GoType, name: bytes) -> list[Placed]:
        """The methods of a name that are declared for a type of the source."""
        package, _, owner = named.name[1].partition(b".")
        found = [d for d in self.side.declared(named.name[0], name) if d.kind == "member"]
        own = ((d.path, d.start) for d in found if d.owner == owner and d.parameters >= 0)
        return [each for each in self._at(own) if _is_of(each.place.package, package)]

    def asks(self, known: GoType | None, depth: int = DEEPEST) -> set[bytes]:
        """The methods that an interface surely asks for."""
        if known is not None and known.kind != "named":
            return set(ASKED.get(known.name, b"").split())
        spec = self.spec(known) if depth else None
        if spec is None or spec.node.children[-1].kind != "interface_type":
            return set()
        rows = rows_of(spec.node.children[-1])
        own = {name for each in rows if each.kind == "method_elem" for name in names_of(each)}
        others = (self.asks(self.read(e, spec.place), depth - 1) for e in embedded(rows))
        return own.union(*others)


def _basic(name: bytes) -> GoType | None:
    name = _SAME.get(name, name)
    return GoType("basic", ("", name)) if name in _BASIC else None


def _is_of(found: bytes, package: bytes) -> bool:
    return found == package if package else not found.endswith(b"_test")
