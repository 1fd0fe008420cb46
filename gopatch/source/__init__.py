"""Where Docker's files come from: a read-only mapping from path to bytes."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple, Protocol

from gopatch.errors import UsageError


class Entry(NamedTuple):
    """One name in a folder of a source.

    `kind` is "file", "dir", "link" or "other" (device, submodule); `mode` is git's
    (0o100644, 0o100755, 0o040000, 0o120000, 0o160000); `id` is the git object id
    (40 hex) where the source has one, so that equal files are known without reading.
    """

    name: str
    kind: str
    mode: int
    id: str | None = None


class Source(Protocol):
    """A tree of files. Paths are relative to its top, with forward slashes; "" is the top."""

    @property
    def name(self) -> str:
        """What messages call this source."""

    def listdir(self, folder: str) -> tuple[Entry, ...]:
        """The folder's entries sorted by name; () where there is no such folder."""

    def entry(self, path: str) -> Entry | None:
        """What stands at `path`, or None."""

    def read(self, path: str) -> bytes:
        """The bytes of the file at `path`; SourceError where it cannot be read."""


def open_source(path: str | Path, ref: str | None = None) -> Source:
    """The source at `path`: a folder, a git repository with `ref`, or an archive.

    A bare repository without `ref` means its HEAD. Raises UsageError where nothing of the kind is
    there, SourceError where it cannot be read.
    """
    where = Path(path)
    if not where.exists():
        raise UsageError(f"there is no {path}", hint="--docker-src names Docker's source")
    if where.is_file():
        from gopatch.source.archive import SUFFIXES, Archive

        if not where.name.endswith(SUFFIXES):
            raise UsageError(f"{path} is no archive", hint=f"known are {', '.join(SUFFIXES)}")
        if ref is not None:
            raise UsageError("an archive has no refs", hint="drop --ref")
        return Archive(where)
    if ref is not None or _is_bare(where):
        from gopatch.source.gitref import GitRef, Repository

        return GitRef(Repository(where), ref or "HEAD")
    from gopatch.source.directory import Directory

    return Directory(where)


def _is_bare(where: Path) -> bool:
    return all((where / name).exists() for name in ("HEAD", "objects", "refs"))
