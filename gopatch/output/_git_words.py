"""Changes as git writes them: `diff --git`, blob ids, functions beside the hunks, a diffstat."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gopatch.output._binary import binary_patch, header, is_textless
from gopatch.output.diff import git_heading, hunks, names, quoted
from gopatch.splice import FileChange


def diff(
    changes: Iterable[FileChange], *, context: int = 3, prefix: str = "", digits: int = 40
) -> bytes:
    """The diff of all changes, sorted by path; blob ids with that many hex digits."""
    ordered = sorted(changes, key=lambda change: change.path)
    return b"".join(_file(change, context, prefix, digits) for change in ordered)


def _file(change: FileChange, context: int, prefix: str, digits: int) -> bytes:
    path = prefix + change.path
    sides = change.before, change.after
    both = quoted("a/" + path), quoted("b/" + path)
    if is_textless(*sides):
        return header(both, sides, change.mode) + binary_patch(*sides)
    text = header(both, sides, change.mode, digits)
    found = b"".join(hunks(*sides, context, heading=git_heading))
    return text + names(change.path, *sides, prefix) + found if found else text


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
