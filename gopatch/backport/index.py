"""What a source declares, folder by folder, read only where somebody asks for a name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from gopatch.backport.declared import Declared, declared_in, surely_declares
from gopatch.backport.imports_by_need import imports
from gopatch.source import Source, ahead

_FOLDERS = 16  # whose files are kept at hand: one is asked for many names in turn
_VENDORS = ("vendor", "vendor/src", "Godeps/_workspace/src")
MODULE_FILES = ("vendor.mod", "go.mod", "vendor.conf", "vendor/modules.txt", "Godeps/Godeps.json")
_CLAUSE = re.compile(rb"^package[ \t]+(\w+)(?:[ \t]*//[ \t]*import[ \t]+\"([^\"]+)\")?", re.M)
_MARGIN = re.compile(
    rb"^(?:func[ \t]+(?:\([^)\n]*\)[ \t]*)?|type[ \t]+|var[ \t]+|const[ \t]+)(\w+)", re.M
)
_DECLARED = re.compile(rb"^(?:func|type|var|const)\b", re.M)
_IMPORT = re.compile(rb'^(?:import[ \t]+|\t)(?:[\w.]+[ \t]+)?"([^"\n]+)"', re.M)


@lru_cache(maxsize=4096)
def package_of(data: bytes) -> bytes:
    """The name in the package clause."""
    found = _CLAUSE.search(data)
    return found[1] if found else b""


@lru_cache(maxsize=4096)
def imports_in_head(data: bytes) -> tuple[str, ...]:
    """What a file imports, as its lines above all other declarations tell."""
    end = _DECLARED.search(data)
    head = data[: end.start()] if end else data
    return tuple(found[1].decode(errors="replace") for found in _IMPORT.finditer(head))


class Index:
    """A source and what was asked of it."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._modules: list[tuple[str, str]] | None = None
        self._found: dict[tuple[str, bytes], tuple[Declared, ...]] = {}
        self._known: dict[tuple[str, bytes], bool] = {}
        self._held: dict[str, str | None] = {}
        self._folders: list[str] | None = None
        self._imports: dict[str, frozenset[str]] = {}
        self._margins: dict[bytes, list[str]] | None = None
        self._at_hand = lru_cache(maxsize=_FOLDERS)(self._texts)

    def read(self, path: str) -> bytes | None:
        """The bytes of a file, None where there is no such file."""
        found = self.source.entry(path)
        if found is None or found.kind != "file":
            return None
        return self.source.read(path)

    def go_files(self, folder: str) -> list[str]:
        """The Go files right in a folder."""
        prefix = f"{folder}/" if folder else ""
        return [
            prefix + e.name
            for e in self.source.listdir(folder)
            if e.kind == "file" and e.name.endswith(".go")
        ]

    def _texts(self, folder: str) -> list[tuple[str, bytes]]:
        """Those files with their bytes."""
        paths = self.go_files(folder)
        ahead(self.source, paths)
        return [(path, data) for path in paths if (data := self.read(path)) is not None]

    def declared(self, folder: str, name: bytes) -> tuple[Declared, ...]:
        """All that a folder's files declare under a name, members too."""
        key = (folder, name)
        if key not in self._found:
            self._found[key] = tuple(self._search(folder, name))
        return self._found[key]

    def declares(self, folder: str, name: bytes) -> bool:
        """Whether a folder's files declare a name, members apart: the first that does is enough."""
        key = (folder, name)
        if key in self._found:
            return any(found.kind != "member" for found in self._found[key])
        if key not in self._known:
            self._known[key] = self._surely(folder, name) or any(
                found.kind != "member" for found in self._search(folder, name)
            )
        return self._known[key]

    def _surely(self, folder: str, name: bytes) -> bool:
        files = (self.read(path) for path in self.go_files(folder))
        return any(data is not None and surely_declares(data, name) for data in files)

    def _search(self, folder: str, name: bytes) -> Iterator[Declared]:
        for path, data in self._at_hand(folder):
            if name in data:
                yield from declared_in(data, name, path)

    def imports_in(self, folder: str) -> frozenset[str]:
        """What the Go files right in a folder import."""
        if folder not in self._imports:
            self._imports[folder] = frozenset(
                path for _, data in self._texts(folder) for path in imports_in_head(data)
            )
        return self._imports[folder]

    def files_with(self, name: bytes) -> list[str]:
        """The files of the source's own that declare a name at the margin."""
        if self._margins is None:
            self._margins = {}
            texts = (each for folder in ["", *self.folders()] for each in self._texts(folder))
            for path, data in texts:
                for found in set(_MARGIN.findall(data)):
                    self._margins.setdefault(found, []).append(path)
        return self._margins.get(name, [])

    # Modules ------------------------------------------------------------------------------------

    @property
    def modules(self) -> list[tuple[str, str]]:
        """(path, folder) of the modules that the source itself holds; the longest path first."""
        if self._modules is None:
            found = dict(self._module_files())
            if "" not in found.values():
                found |= self._guessed()
            self._modules = sorted(found.items(), key=lambda item: -len(item[0]))
        return self._modules

    def _module_files(self) -> Iterator[tuple[str, str]]:
        folders = ["", *(e.name for e in self.source.listdir("") if e.kind == "dir")]
        for folder in folders:
            for name in ("vendor.mod", "go.mod"):
                data = self.read(f"{folder}/{name}" if folder else name)
                found = re.search(rb"(?m)^module[ \t]+(\S+)", data or b"")
                if found:
                    yield found[1].decode(), folder
                    break

    def _guessed(self) -> dict[str, str]:
        """Before modules: the prefix that the source's own imports have."""
        for folder in self.source.listdir(""):
            if folder.kind != "dir":
                continue
            for path in self.go_files(folder.name)[:8]:
                for each in imports(self.read(path) or b""):
                    parts = each.path.split("/")
                    below = "/".join(parts[3:])
                    if (
                        len(parts) > 3
                        and "." in parts[0]
                        and self.go_files(below)
                        and not self._vendored(each.path)
                    ):
                        return {"/".join(parts[:3]): ""}
        return {}

    def folder_of(self, path: str) -> str | None:
        """The folder of an imported package, None where the source does not hold it."""
        if path not in self._held:
            own = self.own_folder(path)
            self._held[path] = own if own is not None else self._vendored(path)
        return self._held[path]

    def folder_for(self, folder: str, made: Index) -> str:
        """Where a folder that is new to `made` belongs here: below what its nearest known one is here.

        That is the folder of its longest last part, or the one folder that ends as it does.
        """
        known, new = folder, ""
        while known and made.source.entry(known) is None:
            known, _, last = known.rpartition("/")
            new = f"{last}/{new}".rstrip("/")
        if not known or self.source.entry(known) is not None:
            return folder
        parts = known.split("/")
        suffixes = ("/".join(parts[n:]) for n in range(1, len(parts)))
        found = [each for each in suffixes if self.source.entry(each) is not None]
        found = found[:1] or [each for each in self.folders() if each.endswith(f"/{known}")]
        return f"{found[0]}/{new}".rstrip("/") if len(found) == 1 else folder

    def below(self, path: str) -> str | None:
        """The folder that an imported package of the source's own would have."""
        for module, folder in self.modules:
            if path.startswith(module + "/"):
                return f"{folder}/{path[len(module) + 1 :]}".strip("/")
        return None

    def own_folder(self, path: str) -> str | None:
        """As `folder_of`, for what is not vendored."""
        for module, folder in self.modules:
            if path == module or path.startswith(module + "/"):
                below = path[len(module) :].lstrip("/")
                found = f"{folder}/{below}".strip("/")
                if self.go_files(found):
                    return found
        return None

    def is_own(self, path: str) -> bool:
        """Whether an imported package would have to be in the source itself."""
        return any(path == module or path.startswith(module + "/") for module, _ in self.modules)

    def _vendored(self, path: str) -> str | None:
        return next(
            (f"{root}/{path}" for root in _VENDORS if self.go_files(f"{root}/{path}")), None
        )

    def import_path(self, folder: str) -> str:
        """The path by which a folder of the source is imported."""
        best = max(
            (
                m
                for m in self.modules
                if not m[1] or folder == m[1] or folder.startswith(m[1] + "/")
            ),
            key=lambda m: len(m[1]),
            default=("", ""),
        )
        below = folder[len(best[1]) :].lstrip("/")
        return f"{best[0]}/{below}".strip("/")

    def mentions(self, path: str, folder: str = "") -> bool:
        """Whether the list of dependencies in a folder names the module of an imported package."""
        parts = path.split("/")
        known = ["/".join(parts[:n]).encode() for n in range(len(parts), 1, -1)]
        for name in MODULE_FILES:
            data = self.read(f"{folder}/{name}".lstrip("/"))
            if data and any(
                k in data and re.search(rb"(^|[\s\"])" + re.escape(k) + rb"[\s\"]", data)
                for k in known
            ):
                return True
        return False

    def folders(self) -> list[str]:
        """All folders but vendored, hidden and test data ones."""
        if self._folders is None:
            self._folders = list(self._walk(""))
        return self._folders

    def _walk(self, folder: str) -> Iterator[str]:
        for entry in self.source.listdir(folder):
            if entry.kind == "dir" and entry.name not in (
                "vendor",
                "testdata",
                "node_modules",
                "Godeps",
            ):
                if entry.name.startswith((".", "_")):
                    continue
                path = f"{folder}/{entry.name}" if folder else entry.name
                yield path
                yield from self._walk(path)

    def same_path(self, path: str, other: Index) -> str | None:
        """How `other` imports what this source imports by `path`; None where it is not there.

        A package of the source's own by the longest part of its folder that is one there, too; what is
        somebody else's by the one folder with the same last name (gates look for what it declares).
        """
        if "." not in path.split("/", maxsplit=1)[0] or other.folder_of(path) is not None:
            return path
        own = self.own_folder(path)
        if own is not None:
            parts = own.split("/")
            for size in range(len(parts), 0, -1):
                suffix = "/".join(parts[-size:])
                if other.go_files(suffix):
                    return other.import_path(suffix)
            return None
        below = self.below(path)
        if below is not None and other.folder_for(below, self) != below:
            return other.import_path(other.folder_for(below, self))
        if other.mentions(path) and not other.has_vendor():
            return path
        last = path.rsplit("/", 1)[-1]
        same = [f for f in other.folders() if f.rsplit("/", 1)[-1] == last and other.go_files(f)]
        return other.import_path(same[0]) if len(same) == 1 and "/" in same[0] else None

    def has_vendor(self, path: str = "") -> bool:
        """Whether dependencies are in the tree; with a path, some package at it or below."""
        places = (f"{root}/{path}".rstrip("/") for root in _VENDORS)
        return any(self.source.entry(place) is not None for place in places)

    def vendored_file(self, path: str) -> str:
        """Where the source vendors what another source holds itself by a path, as part of the module of its first folder; else empty."""
        hosts = ((root, e.name) for root in _VENDORS for e in self.source.listdir(root))
        owners = (
            f"{root}/{host}/{owner.name}/{path}"
            for root, host in hosts
            if "/" in path and "." in host
            for owner in self.source.listdir(f"{root}/{host}")
        )
        return next((each for each in owners if self.source.entry(each) is not None), "")
