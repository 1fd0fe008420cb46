"""Changes as git writes them: `diff --git`, blob ids, functions beside the hunks, a diffstat."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from gopatch.output.diff import git_heading, hunks, names, quoted
from gopatch.splice import FileChange

_EMPTY = "0" * 40


def diff(
    changes: Iterable[FileChange], *, context: int = 3, prefix: str = "", digits: int = 40
) -> bytes:
    """The diff of all changes, sorted by path; blob ids with that many hex digits."""
    ordered = sorted(changes, key=lambda change: change.path)
    return b"".join(_file(change, context, prefix, digits) for change in ordered)


def _file(change: FileChange, context: int, prefix: str, digits: int) -> bytes:
    path = prefix + change.path
    head = [f"diff --git {quoted('a/' + path)} {quoted('b/' + path)}"]
    old, new = (blob_id(data)[:digits] for data in (change.before, change.after))
    if change.before is None:
        head.append(f"new file mode {change.mode:o}")
    if change.after is None:
        head.append(f"deleted file mode {change.mode:o}")
    whole = change.before is not None and change.after is not None
    head.append(f"index {old}..{new}" + (f" {change.mode:o}" if whole else ""))
    found = b"".join(hunks(change.before, change.after, context, heading=git_heading))
    text = "".join(f"{line}\n" for line in head).encode("utf-8", "surrogateescape")
    if not found:
        return text
    return text + names(change.path, change.before, change.after, prefix) + found


def blob_id(data: bytes | None) -> str:
    """git's name of a file with these bytes: 40 hex digits, all 0 for no file."""
    if data is None:
        return _EMPTY
    # A name that git gives, no guard against anybody.
    made = hashlib.sha1(b"blob %d\0" % len(data), usedforsecurity=False)
    made.update(data)
    return made.hexdigest()


def summary(changes: Iterable[FileChange], *, width: int, prefix: str = "") -> bytes:
    """The diffstat and the list of files that come or go, as `git diff --stat --summary`."""
    ordered = sorted(changes, key=lambda change: change.path)
    rows = [(quoted(prefix + change.path), *_counts(change)) for change in ordered]
    out = _stat(rows, width)
    out.append(_total(rows))
    for change in ordered:
        if change.before is None or change.after is None:
            what = "create" if change.before is None else "delete"
            out.append(f" {what} mode {change.mode:o} {quoted(prefix + change.path)}")
    return "".join(f"{line}\n" for line in out).encode("utf-8", "surrogateescape")


def _counts(change: FileChange) -> tuple[int, int]:
    """How many lines come, and how many go."""
    lines = b"".join(hunks(change.before, change.after, 0)).split(b"\n")
    return sum(line[:1] == b"+" for line in lines), sum(line[:1] == b"-" for line in lines)


Row = tuple[str, int, int]


def _total(rows: Sequence[Row]) -> str:
    added, removed = sum(row[1] for row in rows), sum(row[2] for row in rows)
    parts = [f"{len(rows)} file{'s' * (len(rows) != 1)} changed"]
    if added or not removed:
        parts.append(f"{added} insertion{'s' * (added != 1)}(+)")
    if removed or not added:
        parts.append(f"{removed} deletion{'s' * (removed != 1)}(-)")
    return " " + ", ".join(parts)


def _stat(rows: Sequence[Row], width: int) -> list[str]:
    """A line for each file. git gives the bars at least 6 columns, and 3/8 of the width at most
    where names need the room."""
    most = max((row[1] + row[2] for row in rows), default=0)
    digits = len(str(most))
    longest = max((len(row[0]) for row in rows), default=0)
    room = max(width, 16 + 6 + digits) - digits - 6
    bars, column = most, longest
    if column + bars > room:
        bars = min(bars, max((room + digits + 6) * 3 // 8 - digits - 6, 6))
        column = min(column, room - bars)
        bars = room - column
    out = []
    for name, added, removed in rows:
        shown = _shortened(name, column)
        plus, minus = _bars(added, removed, bars, most)
        count = added + removed
        gap = " " if count else ""
        out.append(
            f" {shown:<{column}} | {count:>{digits}}{gap}{'+' * plus}{'-' * minus}".rstrip(" ")
        )
    return out


def _shortened(name: str, column: int) -> str:
    if len(name) <= column:
        return name
    tail = name[len(name) - (column - 3) :]
    at = tail.find("/")
    return "..." + (tail[at:] if at >= 0 else tail)


def _bars(added: int, removed: int, bars: int, most: int) -> tuple[int, int]:
    if bars > most:
        return added, removed
    total = _scaled(added + removed, bars, most)
    if total < 2 and added and removed:
        total = 2
    if added < removed:
        plus = _scaled(added, bars, most)
        return plus, total - plus
    minus = _scaled(removed, bars, most)
    return total - minus, minus


def _scaled(count: int, bars: int, most: int) -> int:
    return 1 + count * (bars - 1) // most if count else 0
