"""A folder on disk as a source. Links that leave the folder are never followed."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from gopatch.errors import SourceError, UsageError
from gopatch.files import FOLDER, refuse_pending
from gopatch.source.entries import LARGEST, Entry, Stamp


class Directory:
    """The files below a folder."""

    def __init__(self, path: str | Path) -> None:
        # Paths stay strings here: many small files are looked at, and most are not read.
        self.name = str(path)
        if not os.path.exists(path):
            raise UsageError(
                f"there is no folder {path}", hint="--docker-src names Docker's source"
            )
        try:
            self._real = os.path.realpath(path)
        except OSError as error:
            raise SourceError(f"cannot be found: {error.strerror}", path=self.name) from None
        for above in (Path(self._real), *Path(self._real).parents):
            refuse_pending(above)
        self._listed: dict[str, tuple[Entry, ...]] = {}
        self._found: dict[
            str, dict[str, os.stat_result]
        ] = {}  # what was listed, by folder and name
        self._inner = {"": True}
        self._plain = {""}  # folders with no link on the way to them

    @property
    def root(self) -> Path:
        """The folder itself."""
        return Path(self.name)

    def listdir(self, folder: str) -> tuple[Entry, ...]:
        if folder not in self._listed:
            self._listed[folder] = self._list(folder)
        return self._listed[folder]

    def _list(self, folder: str) -> tuple[Entry, ...]:
        where = self._inside(folder)
        if where is None or not os.path.isdir(where):
            return ()
        try:
            with os.scandir(where) as items:
                found = {item.name: item.stat(follow_symlinks=False) for item in items}
        except OSError as error:
            raise SourceError(
                f"cannot be listed: {error.strerror}", path=folder or self.name
            ) from None
        if FOLDER in found:
            refuse_pending(Path(where))
        self._found[folder] = found
        return tuple(self._entry(name, found[name]) for name in sorted(found))

    def entry(self, path: str) -> Entry | None:
        found = self._look(path)
        return found and self._entry(path.rpartition("/")[2], found)

    def stamp(self, path: str) -> Stamp | None:
        found = self._look(path)
        if found is None or not stat.S_ISREG(found.st_mode):
            return None
        return Stamp(found.st_ctime_ns, found.st_mtime_ns, found.st_size, found.st_ino)

    def _look(self, path: str) -> os.stat_result | None:
        """What stands at `path` itself, as it was when its folder was listed."""
        folder, _, name = path.rpartition("/")
        if folder in self._found and name:
            return self._found[folder].get(name)
        where = self._inside(path)
        try:
            return None if where is None else os.lstat(where)
        except OSError:
            return None

    def read(self, path: str) -> bytes:
        where = self._inside(path)
        if where is None:
            raise SourceError("leaves the source by a link", path=path)
        try:
            found = os.lstat(where)
            if not stat.S_ISREG(found.st_mode):
                raise SourceError("is not a regular file", path=path)
            if found.st_size > LARGEST:
                raise SourceError(
                    f"has {found.st_size:,} bytes, more than gopatch reads", path=path
                )
            with open(where, "rb", buffering=0) as file:
                return file.readall()
        except OSError as error:
            raise SourceError(f"cannot be read: {error.strerror}", path=path) from None

    def link(self, path: str) -> str | None:
        """The text of a link, relative where it names a place in the source; None if that is no folder."""
        where = self._inside(path)
        if where is None or not os.path.isdir(where):
            return None
        text = os.readlink(where)
        inside = os.path.commonpath((os.path.normpath(text), self._real)) if text[:1] == "/" else ""
        return os.path.relpath(text, os.path.dirname(where)) if inside == self._real else text

    def _inside(self, path: str) -> str | None:
        """The place of `path`, or None where a folder on the way leads out of the source."""
        if path.startswith("/") or ".." in path.split("/"):
            return None
        return os.path.join(self._real, path) if self._is_inside(path.rpartition("/")[0]) else None

    def _is_inside(self, folder: str) -> bool:
        """Whether a folder is in the source, wherever links on the way to it lead."""
        if folder not in self._inner:
            here = os.path.join(self._real, folder)
            plain = folder.rpartition("/")[0] in self._plain and not os.path.islink(here)
            real = here if plain else os.path.realpath(here)
            self._inner[folder] = os.path.commonpath((real, self._real)) == self._real
            if real == here:
                self._plain.add(folder)
        return self._inner[folder]

    def _entry(self, name: str, found: os.stat_result) -> Entry:
        mode = found.st_mode
        if stat.S_ISDIR(mode):
            return Entry(name, "dir", 0o040000)
        if stat.S_ISLNK(mode):
            return Entry(name, "link", 0o120000)
        if stat.S_ISREG(mode):
            return Entry(name, "file", 0o100755 if mode & 0o100 else 0o100644)
        return Entry(name, "other", 0)
