"""The packages of one side that lead to a registry, as text: which functions they have, what they import."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from gopatch.errors import SourceError
from gopatch.source.roots import join
from gopatch.verify._go.two_sides import GoWork, JudgedSide

_FOLDERS = {
    "distribution": ("distribution", "daemon/internal/distribution", "graph"),
    "plugin": ("plugin", "daemon/pkg/plugin"),
    "images": ("daemon/images",),
    "events": ("daemon/events",),
    "config": ("daemon/config",),
    "daemon": ("daemon",),
    "main": ("daemon/command", "cmd/dockerd"),
}


class GoPackage(NamedTuple):
    """A package of one side: what it is called here, its folder, the text of its files."""

    kind: str
    folder: str
    text: str
    files: tuple[str, ...] = ()

    def has(self, name: str) -> bool:
        """Whether it has a function, or a method of whatever receiver, of that name."""
        return re.search(rf"^func (?:\([^)]*\) )?{name}\(", self.text, re.MULTILINE) is not None

    def receiver(self, name: str) -> str:
        """The type that a method belongs to, "" where it is a function or not there."""
        found = re.search(rf"^func \(\w+ (\*?\w+)\) {name}\(", self.text, re.MULTILINE)
        return found[1] if found else ""

    def import_of(self, name: str) -> str:
        """The path that is imported by a name, "" where there is none."""
        found = re.search(
            rf'^\t(?:{name} )?"(\S*?/{name})"|^\t{name} "(\S+)"', self.text, re.MULTILINE
        )
        return (found[1] or found[2]) if found else ""


def packages(work: GoWork, side: JudgedSide) -> dict[str, GoPackage]:
    """The packages of a side that lead to a registry, by what they are called here."""
    folders = dict(_FOLDERS)
    if work.registry is not None:
        folders["registry"] = (work.registry,)
    found = {}
    for kind, places in folders.items():
        for folder in places:
            texts = _texts(work, side, folder)
            if texts:
                found[kind] = GoPackage(kind, folder, "\n".join(texts.values()), tuple(texts))
                break
    return found


def _texts(work: GoWork, side: JudgedSide, folder: str) -> dict[str, str]:
    """The Go files of a folder, without tests and those of other systems."""
    try:
        entries = work.source.listdir(join(work.space.prefix, folder))
    except SourceError:
        return {}
    read = {
        f"{folder}/{e.name}": work.source.read(join(work.space.prefix, f"{folder}/{e.name}"))
        for e in entries
        if e.kind == "file"
    }
    laid = {p: data for p, data in side.files.items() if p.rpartition("/")[0] == folder}
    files: Mapping[str, bytes | None] = {**read, **laid}
    return {
        path: data.decode("utf-8", "replace")
        for path, data in files.items()
        if data is not None
        and re.search(r"\.go$", path)
        and not re.search(r"_(test|windows|freebsd|solaris)\.go$", path)
    }
