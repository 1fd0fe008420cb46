"""A source held in memory."""

from __future__ import annotations

from collections.abc import Mapping

from gopatch.errors import SourceError
from gopatch.source import Entry


class Memory:
    """Paths and their bytes as a source."""

    def __init__(self, files: Mapping[str, bytes], name: str = "target") -> None:
        self.files, self.name = dict(files), name

    def listdir(self, folder: str) -> tuple[Entry, ...]:
        prefix = f"{folder}/" if folder else ""
        names = {
            path[len(prefix) :].partition("/") for path in self.files if path.startswith(prefix)
        }
        kinds = {name: "dir" if slash else "file" for name, slash, _ in sorted(names)}
        return tuple(
            Entry(name, kind, 0o040000 if kind == "dir" else 0o100644)
            for name, kind in kinds.items()
        )

    def entry(self, path: str) -> Entry | None:
        folder, _, name = path.rpartition("/")
        return next((entry for entry in self.listdir(folder) if entry.name == name), None)

    def read(self, path: str) -> bytes:
        if path not in self.files:
            raise SourceError("there is no such file", path=path)
        return self.files[path]
