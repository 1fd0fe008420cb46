"""Diffs that others made, read and applied as patch(1) and git do, without fuzz.

Read are unified diffs with whatever stands between them (mail, DEP-3, `Index:`), and git's own
headers: files that come, go, are renamed or copied, modes, and binary files. How a hunk is placed
is GNU patch's rule for -F0: the text stands there to the byte, at the place nearest to its line,
and a hunk with less context below than above belongs at the end of its file.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from gopatch.source._diff_text import FileDiff, Hunk, read
from gopatch.source.entries import Source
from gopatch.source.overlay import over
from gopatch.splice import FileChange, leads_out

__all__ = ["FileDiff", "Hunk", "Misfit", "apply", "read", "reverse", "traces"]


class Misfit(NamedTuple):
    """A hunk that has no place: its file, and which hunk it is, from 1 (0: the file itself)."""

    path: str
    hunk: int
    why: str = ""

    def __str__(self) -> str:
        return f"{self.path}, {self.why or f'hunk {self.hunk}'}"


def reverse(diffs: Iterable[FileDiff]) -> tuple[FileDiff, ...]:
    """What takes the diffs back."""
    return tuple(_back(diff) for diff in reversed(list(diffs)))


def _back(diff: FileDiff) -> FileDiff:
    made = FileDiff(diff.new, diff.old, tuple(map(_hunk_back, diff.hunks)))
    if diff.moves == "copy":
        return made._replace(new=None)
    return made._replace(moves=diff.moves, binary=diff.binary and diff.binary.reverse())


def _hunk_back(hunk: Hunk) -> Hunk:
    return hunk._replace(old_line=hunk.new_line, old=hunk.new, new_line=hunk.old_line, new=hunk.old)


def apply(
    source: Source, diffs: Iterable[FileDiff], strip: int = 1
) -> tuple[FileChange, ...] | Misfit:
    """What the diffs change in a source, or the first hunk that has no place in it.

    A file that is renamed or copied is the one before all of them, as patch(1) and git read it.
    """
    made: dict[str, FileChange] = {}
    laid = source
    for diff in diffs:
        found = _apply(source if diff.moves else laid, diff, strip)
        if isinstance(found, Misfit):
            return found
        laid = over(laid, found)
        for change in found:
            first = made.get(change.path, change)
            made[change.path] = change._replace(before=first.before)
    return tuple(made.values())


def traces(source: Source, diffs: Iterable[FileDiff], strip: int = 1) -> int:
    """How many hunks have left what they write, where what they are made for is not there."""
    count = 0
    for diff in diffs:
        path = _stripped(diff.name, strip) or ""
        entry = source.entry(path)
        data = source.read(path) if entry is not None and entry.kind == "file" else b""
        for hunk in diff.hunks if data else ():
            there = len(hunk.new) > len(hunk.old) and _place(data, _hunk_back(hunk)) is not None
            count += there and _place(data, hunk) is None
    return count


def _stripped(name: str | None, strip: int) -> str | None:
    return None if name is None else "/".join(name.split("/")[strip:])


def _apply(source: Source, diff: FileDiff, strip: int) -> list[FileChange] | Misfit:
    old, new = _paths(source, diff, strip)
    outside = next((path for path in (new, old) if path and leads_out(path)), None)
    if outside is not None:
        return Misfit(outside, 0, "which is no name inside the source")
    entry = source.entry(old) if old is not None else None
    if old is None and new is not None and source.entry(new) is not None:
        return Misfit(new, 0, "which is there already")
    if old is not None and entry is None and not _creates(diff):
        return Misfit(old, 0, "which is not there")
    kept = entry is not None and entry.kind == "file"
    before = source.read(old) if old is not None and kept else None
    linked = b"".join(hunk.old for hunk in diff.hunks) if entry is not None and not kept else b""
    after = _after(before or linked, diff, new or old or "")
    if isinstance(after, Misfit):
        return after
    mode = diff.mode or (entry.mode if entry else 0o100644)
    if new is None or (not after and diff.hunks):
        return [FileChange(old or new or "", before, None, mode)]
    if old is None or old == new:
        return [FileChange(new, before, after, mode)]
    gone = [] if diff.moves == "copy" else [FileChange(old, before, None, mode)]
    return [*gone, FileChange(new, None, after, mode)]


def _paths(source: Source, diff: FileDiff, strip: int) -> tuple[str | None, str | None]:
    """What is read and what is written; two names that git does not speak of mean one file."""
    old, new = _stripped(diff.old, strip), _stripped(diff.new, strip)
    if old is None or new is None or old == new or diff.moves:
        return old, new
    there = old if source.entry(new) is None and source.entry(old) is not None else new
    return there, there


def _creates(diff: FileDiff) -> bool:
    return bool(diff.hunks) and not diff.hunks[0].old and diff.hunks[0].old_line == 0


def _after(before: bytes, diff: FileDiff, path: str) -> bytes | Misfit:
    if diff.binary is not None:
        after = diff.binary.apply(before)
        return Misfit(path, 0, "a binary file that is another one here") if after is None else after
    at = offset = 0
    out = []
    for number, hunk in enumerate(diff.hunks, 1):
        start = _place(before, hunk, at, offset)
        if start is None:
            return Misfit(path, number)
        out += [before[at:start], hunk.new]
        at = start + len(hunk.old)
        # What is put between two lines names the one above, all else its own first line.
        offset = before.count(b"\n", 0, start) + bool(hunk.old) - hunk.old_line
    return b"".join([*out, before[at:]])


def _place(data: bytes, hunk: Hunk, low: int = 0, offset: int = 0) -> int | None:
    """Where, from `low` on and on whole lines, the old text stands nearest to its line."""
    wanted = hunk.old_line + offset
    if not hunk.old:
        return _gap(data, wanted, low)
    starts = []
    at = data.find(hunk.old, low)
    while at >= 0:
        if _whole_lines(data, at, hunk) and _anchored(data, at, hunk):
            starts.append(at)
        at = data.find(hunk.old, at + 1)

    def distance(start: int) -> tuple[int, bool]:
        line = data.count(b"\n", 0, start) + 1
        return abs(line - wanted), line < wanted

    return min(starts, key=distance, default=None)


def _gap(data: bytes, line: int, low: int) -> int | None:
    """Where a hunk without any context goes: behind the line that it names, 0 for the top."""
    if line <= 0:
        return 0 if line == low == 0 else None
    lines = data.split(b"\n")[:line]
    at = sum(map(len, lines)) + len(lines)
    return at if len(lines) == line and low <= at <= len(data) else None


def _whole_lines(data: bytes, at: int, hunk: Hunk) -> bool:
    end = at + len(hunk.old)
    return (at == 0 or data[at - 1 : at] == b"\n") and (
        hunk.old.endswith(b"\n") or end == len(data)
    )


def _anchored(data: bytes, at: int, hunk: Hunk) -> bool:
    if hunk.below < hunk.above and at + len(hunk.old) != len(data):
        return False
    return not (hunk.above < hunk.below and hunk.old_line <= 1 and at != 0)
