"""A source as it is with a port, or a change, in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gopatch.backport.declared import Declared, declared_in
from gopatch.backport.index import Index


class OverlaidSource:
    """A source with the files of a port, or of the change, laid over it; `by_go`: Go judges it, too."""

    def __init__(
        self, index: Index, files: Mapping[str, bytes | None], by_go: bool = False
    ) -> None:
        self.index, self.files, self.by_go = index, files, by_go
        self._found: dict[tuple[str, bytes], list[Declared]] = {}

    def declared(self, folder: str, name: bytes) -> list[Declared]:
        """What a folder declares under a name, as the changed files have it."""
        if (folder, name) not in self._found:
            self._found[folder, name] = self._search(folder, name)
        return self._found[folder, name]

    def _search(self, folder: str, name: bytes) -> list[Declared]:
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
        brought = f"vendor/{path}"
        if any(file.rpartition("/")[0] == brought for file in self.files):
            return brought
        for module, root in self.index.modules:
            if path.startswith(module + "/"):
                folder = f"{root}/{path[len(module) + 1 :]}".strip("/")
                if self.has_go(folder):
                    return folder
        return None

    def go_texts(self, folder: str) -> Iterator[tuple[str, bytes]]:
        """The Go files of a folder of the source, by path, as the changed files have them."""
        brought = (path for path in self.files if path.endswith(".go"))
        own = (path for path in brought if path.rpartition("/")[0] == folder)
        for path in dict.fromkeys((*self.index.go_files(folder), *own)):
            data = self.files[path] if path in self.files else self.index.read(path)
            if data is not None:
                yield path, data
