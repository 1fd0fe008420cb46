"""A folder of a source as a source: where a tree holds the change's tree, as Debian's `engine/`."""

from __future__ import annotations

from collections.abc import Iterable

from gopatch.source import Entry, Source
from gopatch.source.roots import PLACES


class Below:
    """What lies below a folder of another source."""

    def __init__(self, source: Source, folder: str) -> None:
        self.source, self.folder = source, folder

    @property
    def name(self) -> str:
        return self.source.name

    def _full(self, path: str) -> str:
        return f"{self.folder}/{path}".rstrip("/")

    def listdir(self, folder: str) -> tuple[Entry, ...]:
        return self.source.listdir(self._full(folder))

    def entry(self, path: str) -> Entry | None:
        return self.source.entry(self._full(path))

    def read(self, path: str) -> bytes:
        return self.source.read(self._full(path))


def place_of(source: Source, paths: Iterable[str]) -> str:
    """The folder of a source below which most of some files, or their folders, are."""
    wanted = list(paths)
    folders = {path.rpartition("/")[0] for path in wanted}

    def held(place: str) -> tuple[int, int]:
        prefix = f"{place}/" if place else ""
        return (
            sum(source.entry(prefix + path) is not None for path in wanted),
            sum(source.entry(prefix + folder) is not None for folder in folders if folder),
        )

    return max(PLACES, key=lambda place: (held(place), -PLACES.index(place)))
