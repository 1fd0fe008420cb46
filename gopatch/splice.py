"""Edits of bytes, and what they make of a file: the values that everything else builds on."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate
from typing import NamedTuple


class Splice(NamedTuple):
    """Replace `data[start:end]` of the original bytes by `new`; `start == end` inserts."""

    start: int
    end: int
    new: bytes


class OverlapError(ValueError):
    """Two edits claim the same bytes; `first` and `second` are the two."""

    def __init__(self, first: Splice, second: Splice) -> None:
        super().__init__(f"edits overlap: {first} and {second}")
        self.first = first
        self.second = second


class FileChange(NamedTuple):
    """One file of a port: `before` is None for a new file, `after` None for a removed one.

    `path` is relative to the source's top, with forward slashes. `mode` is git's:
    0o100644 or 0o100755.
    """

    path: str
    before: bytes | None
    after: bytes | None
    mode: int = 0o100644


def is_inside(name: str) -> bool:
    """Whether a relative path stays below the folder that it is taken from, and out of git's.

    git refuses a part `.git` in any case of letters, and with what Windows drops at its end.
    """
    if not name or "\\" in name or "\0" in name or leads_out(name):
        return False
    # No file system has longer ones.
    return all(len(part.encode("utf-8", "surrogateescape")) <= 255 for part in name.split("/"))


def leads_out(name: str) -> bool:
    """Whether a path is absolute, or has a part `..` or one of git's: nothing is ever written there."""
    parts = name.split("/")
    return (
        name.startswith("/")
        or ".." in parts
        or any(part.rstrip(". ").casefold() == ".git" for part in parts)
    )


def splice(data: bytes, edits: Iterable[Splice]) -> bytes:
    """Apply `edits`, all given in coordinates of the original `data`, at once.

    Insertions at the same place keep the order in which they were given.
    Raises OverlapError where two edits claim the same bytes, ValueError for a range
    that is not inside `data`.
    """
    ordered = sorted(enumerate(edits), key=lambda item: (item[1].start, item[1].end, item[0]))
    out: list[bytes] = []
    at = 0
    last: Splice | None = None
    for _, edit in ordered:
        if not 0 <= edit.start <= edit.end <= len(data):
            raise ValueError(f"edit outside of the data: {edit}")
        if last is not None and edit.start < last.end:
            raise OverlapError(last, edit)
        out += (data[at : edit.start], edit.new)
        at = edit.end
        last = edit
    out.append(data[at:])
    return b"".join(out)


class Shift:
    """Where bytes stand after some edits, and where they stood before."""

    def __init__(self, edits: Iterable[Splice]) -> None:
        self._edits = sorted(edits)
        self._ends = [edit.end for edit in self._edits]
        grown = [len(edit.new) - (edit.end - edit.start) for edit in self._edits]
        self._moved = [0, *accumulate(grown)]
        self._starts = [e.start + by for e, by in zip(self._edits, self._moved, strict=False)]

    def after(self, offset: int) -> int:
        """Where a byte that no edit replaced stands now."""
        return offset + self._moved[bisect_right(self._ends, offset)]

    def before(self, offset: int) -> int | None:
        """Where a byte stood, None for one that an edit wrote."""
        at = bisect_right(self._starts, offset) - 1
        if at >= 0 and offset < self._starts[at] + len(self._edits[at].new):
            return None
        return offset - self._moved[at + 1]

    def written(self) -> list[tuple[int, int]]:
        """The ranges that the edits wrote, as they stand now."""
        return [
            (start, start + len(edit.new))
            for start, edit in zip(self._starts, self._edits, strict=True)
        ]
