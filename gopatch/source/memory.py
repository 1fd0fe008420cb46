"""Files in memory as a source, with the ids that git would give them: equal files are known without a look."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from functools import cached_property

from gopatch.errors import SourceError
from gopatch.source.entries import Entry

_Folder = dict[str, Entry]


class FilesInMemory:
    """Paths and their bytes, all of them plain files."""

    def __init__(self, files: Mapping[str, bytes], name: str = "tree") -> None:
        self.files, self.name = dict(files), name

    @cached_property
    def _folders(self) -> dict[str, _Folder]:
        """Of each folder its entries by name, in order."""
        inside: dict[str, dict[str, bytes | None]] = {"": {}}
        for path, data in self.files.items():
            folder, _, name = path.rpartition("/")
            _made(inside, folder)[name] = data
        found: dict[str, _Folder] = {}
        for folder in sorted(inside, key=lambda path: -len(path)):
            prefix = f"{folder}/" if folder else ""
            found[folder] = {
                name: Entry(name, "dir", 0o040000, _tree_id(found[prefix + name]))
                if data is None
                else Entry(name, "file", 0o100644, _id(b"blob", data))
                for name, data in sorted(inside[folder].items())
            }
        return found

    def listdir(self, folder: str) -> tuple[Entry, ...]:
        return tuple(self._folders.get(folder, {}).values())

    def entry(self, path: str) -> Entry | None:
        folder, _, name = path.rpartition("/")
        return self._folders.get(folder, {}).get(name)

    def read(self, path: str) -> bytes:
        if path not in self.files:
            raise SourceError("there is no such file", path=path)
        return self.files[path]


def _made(inside: dict[str, dict[str, bytes | None]], folder: str) -> dict[str, bytes | None]:
    """What is inside a folder, which is made, with those above it, where it is not there yet."""
    if folder not in inside:
        above, _, name = folder.rpartition("/")
        _made(inside, above)[name] = None
        inside[folder] = {}
    return inside[folder]


def _id(kind: bytes, data: bytes) -> str:
    """git's id of an object: https://git-scm.com/book/en/v2/Git-Internals-Git-Objects"""
    return hashlib.sha1(b"%s %d\0%s" % (kind, len(data), data), usedforsecurity=False).hexdigest()


def _tree_id(folder: _Folder) -> str:
    """git sorts a folder among files as if its name ended in a slash."""
    ordered = sorted(folder.values(), key=lambda e: e.name + "/" * (e.kind == "dir"))
    lines = (
        b"%o %s\0%s" % (entry.mode, os.fsencode(entry.name), bytes.fromhex(entry.id or ""))
        for entry in ordered
    )
    return _id(b"tree", b"".join(lines))
