"""The lines of a series: which patches it lists, and how each is put on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from gopatch.errors import SourceError
from gopatch.splice import is_inside

FOLDER = "debian/patches"


class Listed(NamedTuple):
    """A line of a series: the file, how many folders its paths have too many, `-R`, and where it lies."""

    name: str
    strip: int = 1
    reverse: bool = False
    folder: str = FOLDER

    @property
    def path(self) -> str:
        return f"{self.folder}/{self.name}"


def rows_of(data: bytes, folder: str) -> list[Listed]:
    """The patches of a series that lies in a folder, in order; SourceError for one that lies elsewhere."""
    rows = []
    for line in _lines(data):
        name, *options = line.split()
        if not is_inside(name):
            raise SourceError(f"lists `{name}`, no name below it", path=f"{folder}/series")
        strip = re.search(r"-p\s*(\d+)", " ".join(options))
        rows.append(Listed(name, int(strip[1]) if strip else 1, "-R" in options, folder))
    return rows


def names_in(data: bytes) -> set[str]:
    """The names of the patches alone."""
    return {line.split()[0] for line in _lines(data)}


def _lines(data: bytes) -> Sequence[str]:
    lines = (
        re.sub(r"(^|\s+)#.*", "", line) for line in data.decode("utf-8", "replace").split("\n")
    )
    return [line for line in lines if line.strip()]
