"""The types that a source's own declarations show; nothing is guessed of what cannot be read.

"Types", "Struct types", "Method sets" and "Alias declarations" of the Go specification. None stands for a
type that is not known: a generic one, one of C, one that differs from system to system.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import NamedTuple

from gopatch.backport.constant_values import (
    Around,
    Constant,
    elements_in,
    spec_type,
    spec_value,
    value_of,
)
from gopatch.backport.go_files import go_file
from gopatch.backport.go_types import GoType, made_type, sized
from gopatch.backport.imports_by_need import imports, package_name
from gopatch.backport.index import package_of
from gopatch.backport.overlaid import OverlaidSource
from gopatch.backport.std_types import below, constant_of, imports_for
from gopatch.backport.type_rows import bare
from gopatch.go.tree import IDENTIFIER, Syntax, elements_of

_BASIC = frozenset(
    b"bool complex128 complex64 float32 float64 int int16 int32 int64 int8 string"
    b" uint uint16 uint32 uint64 uint8 uintptr".split()
)
_SAME = {b"byte": b"uint8", b"rune": b"int32"}
_INTERFACES = (b"error", b"any")
_HOLDERS = {"struct_type", "interface_type"}
_UNNAMED = (GoType("struct"), GoType("interface"))
DEEPEST = 8  # aliases of aliases, what is embedded in what is embedded, structs in structs


class GoPlace(NamedTuple):
    """A file as its types are read: what it belongs to, and what it imports by which name."""

    path: str
    folder: str
    package: bytes
    imports: dict[bytes, str]


def go_place(path: str) -> GoPlace:
    """Where a package of Go's own would declare what it has."""
    return GoPlace("", ".go", b"", imports_for(path))


class Placed(NamedTuple):
    """A node of a file."""

    place: GoPlace
    node: Syntax


class TypeReader:
    """A source, asked for types by what is written; what was found once is kept."""

    def __init__(self, side: OverlaidSource) -> None:
        self.side = side
        self._places: dict[str, GoPlace] = {}
        self._specs: dict[tuple[str, bytes, bytes], list[Placed]] = {}
        self._unnamed: dict[GoType, Placed] = {}

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
            self._specs[key] = [p for p in self._specs[key] if is_of(p.place.package, package)]
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

        made = made_type(node, inner)
        if made is not None and made.kind == "array":
            size = value_of(node.children[1], Around(NamesAtPlace(self, place, local), depth - 1))
            return sized(made, size) if isinstance(size, int) else made
        if made not in _UNNAMED or any(leaf.start in local for leaf in node.leaves()):
            return made
        return self._without_name(made, Placed(place, node))

    def _without_name(self, made: GoType, written: Placed) -> GoType:
        """A struct or an interface without a name, by where it is written."""
        place, node = written
        known = made._replace(name=(f"{place.path}:{node.start}", made.kind.encode()))
        self._unnamed[known] = written
        return known if place.path else made

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

    def holder(self, known: GoType | None) -> Placed | None:
        """What is written of a struct or an interface, with a name or without; None of what is neither, or not known."""
        if known is None:
            return None
        found = self._unnamed.get(known)
        for _ in range(DEEPEST):
            spec = self.spec(known)
            if spec is None:
                break
            found = Placed(spec.place, spec.node.children[-1])
            known = self.read(found.node, found.place)
        return found if found is not None and found.node.kind in _HOLDERS else None

    def underlying(self, known: GoType | None, depth: int = DEEPEST) -> GoType | None:
        """What a type is below its name."""
        if known is not None and known.kind == "foreign":
            said = below(known.name)
            return self.read(said, go_place(known.name[0])) if said is not None else None
        if known is None or known.kind != "named":
            return known
        spec = self.spec(known)
        if spec is None or not depth:
            return None
        return self.underlying(self.read(spec.node.children[-1], spec.place), depth - 1)


def _basic(name: bytes) -> GoType | None:
    name = _SAME.get(name, name)
    return GoType("basic", ("", name)) if name in _BASIC else None


def is_of(found: bytes, package: bytes) -> bool:
    return found == package if package else not found.endswith(b"_test")


def _last(node: Syntax) -> bytes:
    """A name without its package's."""
    return node.children[-1].text if node.children else node.text


class NamesAtPlace(NamedTuple):
    """What names stand for in a file, but for those of which it is known that they mean something nearer."""

    types: TypeReader
    place: GoPlace
    local: Container[int]

    def constant(self, node: Syntax, depth: int) -> Constant | None:
        found, there = self._spec(node)
        if found is None:
            worth = self._of_go(node)
            return value_of(worth, Around(self, DEEPEST)) if worth is not None else None
        return spec_value(found, _last(node), there, depth)

    def constant_type(self, node: Syntax, depth: int) -> bytes | None:
        found, there = self._spec(node)
        if found is None:
            return b"" if self._of_go(node) is not None else None
        return spec_type(found, _last(node), there, depth)

    def _spec(self, node: Syntax) -> tuple[Syntax | None, NamesAtPlace]:
        """The one declaration of a constant, and what names stand for there."""
        found = self._specs(node) if node.start not in self.local else []
        if len(found) != 1 or found[0].node.kind != "const_spec":
            return None, self
        return found[0].node, NamesAtPlace(self.types, found[0].place, ())

    def _of_go(self, node: Syntax) -> Syntax | None:
        """What an untyped constant of the standard library is worth, which the source does not hold."""
        if node.start in self.local or not node.children:
            return None
        path = self.place.imports.get(node.children[0].text, "")
        is_go = path and self.types.side.folder_of(path) is None
        return constant_of(path, _last(node)) if is_go else None

    def basic(self, node: Syntax) -> bytes:
        below = self.types.underlying(self.types.read(node, self.place, self.local))
        return below.name[1] if below is not None and below.kind == "basic" else b""

    def of_literal(self, head: Syntax, elements: Syntax) -> GoType | None:
        """The type of a composite literal: one of `[...]` is as long as its elements say."""
        known = self.types.read(head, self.place, self.local)
        if known is None or head.kind != "array_type" or head.children[1].token != b"...":
            return known
        size = elements_in(elements, Around(self, DEEPEST))
        return sized(known, size) if size is not None else known

    def is_go(self, node: Syntax) -> bool:
        return node.start not in self.local and not self._specs(node)

    def _specs(self, node: Syntax) -> list[Placed]:
        if node.kind == IDENTIFIER:
            return self.types.specs_of(self.place, node.text)
        operand = node.children[0] if node.children else node
        return self.types.of_import(self.place, operand.text, node.children[-1].text)
