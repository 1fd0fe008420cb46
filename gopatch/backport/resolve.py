"""The names that a file may use without binding them, and whether a use of one can stand."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from gopatch.backport.circles import is_apart
from gopatch.backport.declared import Declared
from gopatch.backport.embedded import promoted
from gopatch.backport.go_files import go_file
from gopatch.backport.imports_by_need import imports
from gopatch.backport.index import package_of
from gopatch.backport.overlaid import OverlaidSource
from gopatch.backport.paths import is_test
from gopatch.backport.redeclared import built_by
from gopatch.backport.scopes import Use, uses
from gopatch.backport.std import since
from gopatch.go.tree import position


class Resolver:
    """The names that a file may use without binding them."""

    def __init__(self, path: str, data: bytes, side: OverlaidSource) -> None:
        self.path, self.data, self.side = path, data, side
        self.folder = path.rpartition("/")[0]
        self.package = package_of(data)
        self.imports = {each.name.encode(): each.path for each in imports(data)}
        self.opened = {each.path for each in imports(data) if each.alias == "."}
        self._refused: dict[tuple[Use, Resolver | None], str] = {}

    @cached_property
    def loose(self) -> frozenset[bytes]:
        """The names that the file's declarations do not bind themselves."""
        return frozenset(
            use.name
            for node in go_file(self.data).root.children
            for use in uses(node)
            if use.role == "name"
        )

    def binds(self, name: bytes) -> bool:
        return name in self.imports or bool(self.package_level(name))

    def package_level(self, name: bytes) -> list[Declared]:
        found = (d for d in self.side.declared(self.folder, name) if d.kind != "member")
        return [each for each in found if self._is_seen(each)]

    def _is_seen(self, found: Declared) -> bool:
        """Whether a declaration is in a file that is built where this one is: no test, and none that no build takes."""
        if is_test(found.path) and not is_test(self.path):
            return False
        data = self._read(found.path)
        return not is_apart(data) or is_apart(self.data)

    def _read(self, path: str) -> bytes:
        data = self.side.files.get(path)
        return (self.side.index.read(path) if data is None else data) or b""

    def _only_for(self, found: list[Declared]) -> str:
        """The file of the one declaration of a name that is built for some systems only, as this file is not; else empty."""
        if len(found) != 1 or built_by(self.path, self.data):
            return ""
        path = found[0].path
        return path if built_by(path, self._read(path)) else ""

    def of_import(self, operand: bytes, name: bytes) -> list[Declared] | None:
        """What an imported package declares under a name; None where its files are not here."""
        path = self.imports.get(operand)
        folder = None if path is None else self.side.folder_of(path)
        if folder is None:
            return None
        return [d for d in self.side.declared(folder, name) if d.kind != "member"]

    def line_of(self, declared: Declared) -> int:
        """The line of a declaration."""
        data = self._read(declared.path)
        return position(data, declared.start)[0] if data else 0

    def declares(self, use: Use) -> list[Declared]:
        """Where a name comes from."""
        if use.role == "name":
            return self.package_level(use.name)
        return self.of_import(use.operand, use.name) or self.members(use.name)

    def members(self, name: bytes) -> list[Declared]:
        """Fields and methods of that name in the package, and in those that it imports."""
        return [
            d
            for folder in self._near()
            for d in self.side.declared(folder, name)
            if d.kind == "member"
        ]

    def has_member(self, name: bytes) -> bool:
        """Whether there are any: the first folder that has one is enough."""
        return any(
            d.kind == "member" for folder in self._near() for d in self.side.declared(folder, name)
        )

    def promoted(self, name: bytes) -> list[Declared]:
        """Those of types that are embedded there, from packages that the file does not import."""
        return promoted(self.side, self._near(), name)

    def _near(self) -> Iterator[str]:
        """The folders of the package, and of those that the file imports."""
        yield self.folder
        for path in self.imports.values():
            folder = self.side.folder_of(path)
            if folder is not None:
                yield folder

    def refuses(self, use: Use, other: Resolver | None) -> str:
        """Why a name cannot stand here; "" where it can, or where nobody can tell."""
        alike = use._replace(start=0, end=0)  # wherever it stands
        if (alike, other) not in self._refused:
            self._refused[alike, other] = self._refusal(use, other)
        return self._refused[alike, other]

    def _refusal(self, use: Use, other: Resolver | None) -> str:
        name = use.name.decode(errors="replace")
        if use.role == "name":
            return self._name(use, other, name)
        if use.role == "field" and use.operand in self.imports:
            here, there = (r.imports.get(use.operand) if r else None for r in (self, other))
            if here != there and here in since() and there in since():
                called = use.operand.decode(errors="replace")
                return f"`{called}` is the package `{here}` in the target, and `{there}` in the source it was made for"
            found = self.of_import(use.operand, use.name)
            if found == [] and not self._dotted(use):
                theirs = other.of_import(use.operand, use.name) if other else None
                if theirs is None or theirs or other is None or use.operand not in other.imports:
                    return f"`{use.operand.decode()}` of the target declares no `{name}`"
            return self._call(
                use, found or [], other.of_import(use.operand, use.name) if other else None
            )
        return self._member(use, other, name)

    def _dotted(self, use: Use) -> bool:
        return use.operand == b"C"

    def _name(self, use: Use, other: Resolver | None, name: str) -> str:
        if not self.binds(use.name):
            same = other is not None and not other.binds(use.name) and use.name in other.loose
            if same and other is not None and other.opened <= self.opened:
                return ""  # nobody can tell: the source that it was made for has it the same way
            return f"`{name}` is not bound"
        theirs = other.package_level(use.name) if other else []
        only = self._only_for(self.package_level(use.name))
        if only and other is not None and theirs and not other._only_for(theirs):
            return f"`{name}` is not for all systems in the target: only {only} declares it"
        return self._call(use, self.package_level(use.name), theirs)

    def _member(self, use: Use, other: Resolver | None, name: str) -> str:
        if other is None:
            return ""
        if use.calls == -1:  # no arguments to be counted: that one is there is enough
            there = self._uses_already(use) or self.has_member(use.name)
            there = there or not other.has_member(use.name) or bool(self.promoted(use.name))
            return "" if there else f"the target declares no field or method `{name}`"
        theirs = other.members(use.name)
        ours = self.members(use.name) or (self.promoted(use.name) if theirs else [])
        if use.literal and self._typed(use, other):
            return f"`{name}` takes a function of other types in the target"
        if ours or self._uses_already(use):
            return self._call(use, ours, theirs) or self._more(use, ours, other)
        return f"the target declares no field or method `{name}`" if theirs else ""

    def _more(self, use: Use, ours: list[Declared], other: Resolver) -> str:
        """Whether what takes any number of arguments takes others before those than it did."""
        here = [d for d in ours if d.parameters >= 0 and use.calls >= 0 and d.fits(use.calls)]
        if not here or not all(d.variadic for d in here):
            return ""
        there = other.methods_near(use.name)
        fixed = {d.owner: {o.fixed for o in there if o.owner == d.owner} for d in here}
        if all(fixed[d.owner] and d.fixed not in fixed[d.owner] for d in here):
            return f"`{use.name.decode(errors='replace')}` takes other arguments in the target"
        return ""

    def _typed(self, use: Use, other: Resolver) -> bool:
        """Whether what is handed a function takes one of other types than it did."""
        here = {d.owner: d.takes for d in self.methods_near(use.name)}
        there = {d.owner: d.takes for d in other.methods_near(use.name)} if here else {}
        both = here.keys() & there.keys()
        return bool(both) and all(here[owner] != there[owner] for owner in both)

    def methods_near(self, name: bytes) -> list[Declared]:
        """Methods of that name in the package, and in those that any of its files imports."""
        found = list(self.side.declared(self.folder, name))
        for path in sorted(self.side.index.imports_in(self.folder)):
            folder = self.side.folder_of(path)
            found += self.side.declared(folder, name) if folder is not None else []
        return [d for d in found if d.kind == "member" and d.parameters >= 0]

    def _uses_already(self, use: Use) -> bool:
        if use.name not in self.data:
            return False
        before = self.side.index.read(self.path) or b""
        return b"." + use.name in before or b"\t" + use.name + b":" in before

    def _call(self, use: Use, ours: list[Declared], theirs: list[Declared] | None) -> str:
        """Whether a call has as many arguments as what it calls takes."""
        if use.calls == -1 or not ours or not theirs:
            return ""
        fits = [d for d in ours if d.parameters >= 0]
        theirs = [d for d in theirs if d.parameters >= 0]
        if not fits or not theirs or any(d.kind in ("type", "var") for d in ours):
            return ""
        name = use.name.decode(errors="replace")
        if (
            use.calls >= 0
            and not any(d.fits(use.calls) for d in fits)
            and any(d.fits(use.calls) for d in theirs)
        ):
            return f"`{name}` takes {fits[0].parameters} arguments in the target, {use.calls} are given"
        if use.calls == -2 and _changed(fits, theirs):
            return f"`{name}` takes other arguments in the target"
        if use.calls > 1 and _reordered(fits, theirs):
            return f"`{name}` takes its arguments in another order in the target"
        results = {d.results for d in fits}
        if not results & {d.results for d in theirs} and all(d.parameters >= 0 for d in theirs):
            return f"`{name}` gives {fits[0].results} results in the target, {theirs[0].results} in the source it was made for"
        return ""


def _changed(ours: list[Declared], theirs: list[Declared]) -> bool:
    """Whether something of one receiver takes other arguments: `f(xs...)` does not tell how many."""
    here = {d.owner: _shape(d) for d in ours}
    there = {d.owner: _shape(d) for d in theirs}
    return any(here[owner] != there[owner] for owner in here.keys() & there.keys())


def _reordered(ours: list[Declared], theirs: list[Declared]) -> bool:
    """Whether what is called takes arguments of the same types and names, the names in another order: that would compile."""
    pairs = [(d, o) for d in ours for o in theirs if d.owner == o.owner]
    return bool(pairs) and all(
        d.takes == o.takes and d.named != o.named and sorted(d.named) == sorted(o.named)
        for d, o in pairs
    )


def _shape(declared: Declared) -> tuple[int, bool]:
    return declared.parameters, declared.variadic
