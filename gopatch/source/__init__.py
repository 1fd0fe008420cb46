"""A path and perhaps a ref in; where Docker's files come from, as path -> bytes, out."""

from __future__ import annotations

import os
from pathlib import Path

from gopatch.errors import UsageError
from gopatch.source.entries import Entry, Source, Stamps, ahead

__all__ = [
    "Entry",
    "Source",
    "Stamps",
    "ahead",
    "archive",
    "compressed",
    "diffs",
    "directory",
    "generated",
    "gitref",
    "links",
    "memory",
    "merge",
    "open_source",
    "overlay",
    "own_folders",
    "roots",
    "series",
]


def open_source(path: str | Path, ref: str | None = None) -> Source:
    """The source at `path`: a folder, a git repository with `ref`, or an archive.

    A bare repository without `ref` means its HEAD. Raises UsageError where nothing of the kind is
    there, SourceError where it cannot be read.
    """
    where = Path(path)
    if not os.path.exists(where):
        raise UsageError(f"there is no {path}", hint="--docker-src names Docker's source")
    if os.path.isfile(where):
        from gopatch.source.archive import SUFFIXES, Archive

        if not where.name.endswith(SUFFIXES):
            raise UsageError(f"{path} is no archive", hint=f"known are {', '.join(SUFFIXES)}")
        if ref is not None:
            raise UsageError("an archive has no refs", hint="drop --ref")
        return Archive(where)
    if not os.path.isdir(where):
        raise UsageError(f"{path} is neither a folder nor a file")
    if ref is not None or _is_bare(where):
        from gopatch.source.gitref import GitRef, Repository

        return GitRef(Repository(where), ref or "HEAD")
    from gopatch.source.directory import Directory

    return Directory(where)


def _is_bare(where: Path) -> bool:
    return all((where / name).exists() for name in ("HEAD", "objects", "refs"))
