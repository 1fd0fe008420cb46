"""What every port must pass, by whatever rung it came: nothing here knows how it was made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from gopatch.backport.imports import doubled, imports, sorted_blocks, used_packages
from gopatch.backport.index import Declared, Index, declared_in, package_of
from gopatch.backport.lists import Row, called, listing_of
from gopatch.backport.pairing import aligned
from gopatch.backport.scopes import Use, bindings, uses
from gopatch.backport.values import Refusal
from gopatch.go.tree import parse, position

NAMES = (
    "each file parses", "imports are sorted and single", "every name is bound where it stands",
    "calls fit what they call", "every line is accounted for", "the second run changes nothing",
)  # fmt: skip


class Judged(NamedTuple):
    """A Go file of a port: its path in the target and in the change, and its bytes on four sides."""

    path: str
    origin: str
    before: bytes | None
    after: bytes | None
    target: bytes | None
    result: bytes | None


def refusals(files: list[Judged], made: Index, target: Index) -> list[Refusal]:
    """Everything that a port fails at."""
    results = {file.path: file.result for file in files}
    afters = {file.origin: file.after for file in files}
    here, there = _Side(target, results), _Side(made, afters)
    found: list[Refusal] = []
    for file in files:
        if file.result is not None and file.result != file.target:
            found += _file(file, here, there)
    return found


class _Side:
    """A source with the files of a port, or of the change, laid over it."""

    def __init__(self, index: Index, files: Mapping[str, bytes | None]) -> None:
        self.index, self.files = index, files

    def declared(self, folder: str, name: bytes) -> list[Declared]:
        """What a folder declares under a name, as the changed files have it."""
        found = [d for d in self.index.declared(folder, name) if d.path not in self.files]
        for path, data in self.files.items():
            if path.rpartition("/")[0] == folder and path.endswith(".go") and data is not None:
                found += declared_in(data, name, path)
        return found

    def has_go(self, folder: str) -> bool:
        return bool(self.index.go_files(folder)) or any(
            path.rpartition("/")[0] == folder and data is not None
            for path, data in self.files.items()
        )

    def folder_of(self, path: str) -> str | None:
        found = self.index.folder_of(path)
        if found is not None:
            return found
        for module, root in self.index.modules:
            if path.startswith(module + "/"):
                folder = f"{root}/{path[len(module) + 1 :]}".strip("/")
                if self.has_go(folder):
                    return folder
        return None


def _file(file: Judged, here: _Side, there: _Side) -> Iterator[Refusal]:
    assert file.result is not None
    broken = parse(file.result).errors()
    if broken and not (file.after and parse(file.after).errors()):
        yield Refusal(file.path, position(file.result, broken[0][0])[0], "the port does not parse")
        return
    if not sorted_blocks(file.result) and (file.target is None or sorted_blocks(file.target)):
        yield Refusal(file.path, 0, "its imports are not in gofmt's order")
    twice = set(doubled(file.result)) - set(doubled(file.target or b""))
    for name in sorted(twice):
        yield Refusal(file.path, 0, f"`{name}` is imported twice")
    yield from _new_imports(file, here)
    yield from _needed_imports(file)
    yield from _names(file, here, there)


def _new_imports(file: Judged, here: _Side) -> Iterator[Refusal]:
    had = {each.path for each in imports(file.target or b"")}
    assert file.result is not None
    for each in imports(file.result):
        if each.path in had or "." not in each.path.split("/")[0] or each.path == "C":
            continue
        if here.folder_of(each.path) is None and (
            here.index.has_vendor() or not here.index.mentions(each.path)
        ):
            line = position(file.result, each.start)[0]
            yield Refusal(file.path, line, f"the package `{each.path}` is not in the target")


def _needed_imports(file: Judged) -> Iterator[Refusal]:
    """What is imported no more but used, and what is imported now and not used."""
    assert file.result is not None
    old = {each.name for each in imports(file.target or b"") if each.alias not in ("_", ".")}
    new = {each.name for each in imports(file.result) if each.alias not in ("_", ".")}
    used = used_packages(file.result, old ^ new)
    for name in sorted((old - new) & used):
        yield Refusal(file.path, 0, f"`{name}` is used, but imported no more")
    known = used_packages(file.after or b"", new - old) | used_packages(
        file.before or b"", new - old
    )
    for name in sorted((new - old - used) & known):
        yield Refusal(file.path, 0, f"`{name}` is imported and not used")


def changed_lines(target: bytes, result: bytes) -> set[int]:
    """The lines of `result`, from 1, that `target` does not have."""
    old, new = target.split(b"\n"), result.split(b"\n")
    kept = {k for _, k in aligned(old, new)}
    return {k + 1 for k in range(len(new)) if k not in kept}


def _names(file: Judged, here: _Side, there: _Side) -> Iterator[Refusal]:
    assert file.result is not None
    old = _by_key(file.target)
    ours = _resolver(file.path, file.result, here)
    theirs = _resolver(file.origin, file.after, there) if file.after is not None else None
    lines = changed_lines(file.target or b"", file.result)
    told: set[bytes] = set()
    for row in listing_of(file.result).rows:
        if not row.nodes or row.kind in ("import_declaration", "package_clause"):
            continue
        was = old.get(row.key)
        if was is not None and was.text == row.text:
            continue
        loose = {use.name for use in uses(was.nodes[0]) if use.role == "name"} if was else set()
        for use in (use for node in row.nodes for use in uses(node)):
            line = position(file.result, use.start)[0]
            fresh = line in lines or (use.role == "name" and use.name not in loose)
            if not fresh or use.name in told:
                continue
            reason = ours.refuses(use, theirs)
            if reason:
                told.add(use.name)
                yield _explained(file, row, (line, reason, use), theirs)


def _explained(
    file: Judged, row: Row, what: tuple[int, str, Use], theirs: _Resolver | None
) -> Refusal:
    """The refusal, with where the source that it was made for binds the name, and what to say."""
    line, reason, use = what
    name = use.name.decode(errors="replace")
    where = called(row)
    if reason.endswith("is not bound"):
        reason += f" in {where}" if where else " here"
    hint = f"say `--as {name}=...` if you know what it is here, or --skip {file.origin}"
    if theirs is None:
        return Refusal(file.path, line, reason, hint)
    old = _by_key(theirs.data).get(row.key)
    if use.role == "name" and old is not None and use.name in (bound := bindings(old.nodes[0])):
        at, kind = bound[use.name]
        place = f"{file.origin}:{position(theirs.data, at)[0]}"
        reason += f"; the source it was made for has it as {kind} ({place})"
    else:
        found = (
            theirs.package_level(use.name)
            if use.role == "name"
            else theirs.of_import(use.operand, use.name) or theirs.members(use.name)
        )
        places = sorted({f"{d.path}:{theirs.line_of(d)}" for d in found})
        if places:
            reason += f"; the source it was made for declares it at {places[0]}"
    return Refusal(file.path, line, reason, hint)


def _by_key(data: bytes | None) -> dict[object, Row]:
    return {row.key: row for row in listing_of(data).rows if row.key and row.nodes} if data else {}


class _Resolver:
    """The names that a file may use without binding them."""

    def __init__(self, path: str, data: bytes, side: _Side) -> None:
        self.path, self.data, self.side = path, data, side
        self.folder = path.rpartition("/")[0]
        self.package = package_of(data)
        self.imports = {each.name.encode(): each.path for each in imports(data)}

    @cached_property
    def loose(self) -> frozenset[bytes]:
        """The names that the file's declarations do not bind themselves."""
        return frozenset(
            use.name
            for node in parse(self.data).root.children
            for use in uses(node)
            if use.role == "name"
        )

    def binds(self, name: bytes) -> bool:
        return name in self.imports or bool(self.package_level(name))

    def package_level(self, name: bytes) -> list[Declared]:
        return [d for d in self.side.declared(self.folder, name) if d.kind != "member"]

    def of_import(self, operand: bytes, name: bytes) -> list[Declared] | None:
        """What an imported package declares under a name; None where its files are not here."""
        path = self.imports.get(operand)
        folder = None if path is None else self.side.folder_of(path)
        if folder is None:
            return None
        return [d for d in self.side.declared(folder, name) if d.kind != "member"]

    def line_of(self, declared: Declared) -> int:
        """The line of a declaration."""
        data = self.side.files.get(declared.path)
        data = self.side.index.read(declared.path) if data is None else data
        return position(data, declared.start)[0] if data else 0

    def members(self, name: bytes) -> list[Declared]:
        """Fields and methods of that name in the package, and in those that it imports."""
        found = [d for d in self.side.declared(self.folder, name) if d.kind == "member"]
        for path in self.imports.values():
            folder = self.side.folder_of(path)
            if folder is not None:
                found += [d for d in self.side.declared(folder, name) if d.kind == "member"]
        return found

    def refuses(self, use: Use, other: _Resolver | None) -> str:
        """Why a name cannot stand here; "" where it can, or where nobody can tell."""
        name = use.name.decode(errors="replace")
        if use.role == "name":
            return self._name(use, other, name)
        if use.role == "field" and use.operand in self.imports:
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

    def _name(self, use: Use, other: _Resolver | None, name: str) -> str:
        if not self.binds(use.name):
            if other is not None and use.name in other.loose and not other.binds(use.name):
                return ""  # nobody can tell: the source that it was made for has it the same way
            return f"`{name}` is not bound"
        theirs = other.package_level(use.name) if other else []
        return self._call(use, self.package_level(use.name), theirs)

    def _member(self, use: Use, other: _Resolver | None, name: str) -> str:
        if other is None or (use.name in self.data and self._uses_already(use)):
            return (
                self._call(use, self.members(use.name), other.members(use.name) if other else [])
                if other
                else ""
            )
        ours = self.members(use.name)
        if ours:
            return self._call(use, ours, other.members(use.name))
        if other.members(use.name):
            return f"the target declares no field or method `{name}`"
        return ""

    def _uses_already(self, use: Use) -> bool:
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
            and not any(_takes(d, use.calls) for d in fits)
            and any(_takes(d, use.calls) for d in theirs)
        ):
            return f"`{name}` takes {fits[0].parameters} arguments in the target, {use.calls} are given"
        if use.calls == -2 and not {_shape(d) for d in fits} & {_shape(d) for d in theirs}:
            return f"`{name}` takes other arguments in the target"
        results = {d.results for d in fits}
        if not results & {d.results for d in theirs} and all(d.parameters >= 0 for d in theirs):
            return f"`{name}` gives {fits[0].results} results in the target, {theirs[0].results} in the source it was made for"
        return ""


def _resolver(path: str, data: bytes, side: _Side) -> _Resolver:
    return _Resolver(path, data, side)


def _shape(declared: Declared) -> tuple[int, bool]:
    return declared.parameters, declared.variadic


def _takes(declared: Declared, many: int) -> bool:
    if declared.parameters < 0:
        return True
    return many >= declared.parameters - 1 if declared.variadic else many == declared.parameters
