"""A source as its readers see it: entries of folders, and the bytes of files."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, Protocol, runtime_checkable

DEEPEST = 100  # folders in folders; those of Docker's are 17 deep
LARGEST = 64 << 20  # bytes of one file of a source; the largest of Docker's has 2 MB


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


class Stamp(NamedTuple):
    """What a file system says of a regular file: it says another thing of other bytes that were written later.

    `changed` and `written` are ns since 1970; no program sets the first one, of the inode's change.
    """

    changed: int
    written: int
    size: int
    inode: int


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


@runtime_checkable
class Stamps(Protocol):
    """A source that tells whether a file is the same without reading it."""

    def stamp(self, path: str) -> Stamp | None:
        """The stamp of the regular file at `path`, taken before it is read; None where there is none."""


@runtime_checkable
class ReadsAhead(Protocol):
    """A source that reads many files and folders in one go for less than one by one."""

    def ahead(self, paths: Iterable[str]) -> None:
        """Have the files and folders at `paths`, which will be read soon, at hand."""


def ahead(source: Source, paths: Iterable[str]) -> None:
    """Tell a source what will be read soon, where that is of use to it."""
    if isinstance(source, ReadsAhead):
        source.ahead(paths)
