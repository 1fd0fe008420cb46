"""Elements on rows of their own, and the comments that belong to these rows."""

from __future__ import annotations

import re

_ROW_ENDS = re.compile(rb",(?=[ \t]*\n)")
_COMMENT = rb"(?://[^\r\n]*|/\*.*?\*/)"
_BEHIND = re.compile(rb"(?:[ \t]*/\*[^\r\n]*?\*/)*,(?:[ \t]*" + _COMMENT + rb")?(?=[ \t]*\r?\n)")
_LINE = re.compile(rb"[ \t]*(?://[^\r\n]*|/\*[^\r\n]*?\*/[ \t]*)\r?\Z")


def begins_row(data: bytes, start: int) -> bool:
    """Whether nothing stands before `start` on its line, which is not the first."""
    row = data.rfind(b"\n", 0, start) + 1
    return row > 0 and not data[row:start].strip()


def row_of(data: bytes, start: int, end: int) -> int | None:
    """Where a row with nothing but `start`..`end` ends, past its comma; None if more stands on it."""
    comma = _ROW_ENDS.match(data, end)
    return comma.end() if comma and begins_row(data, start) else None


def with_comments(
    data: bytes, span: tuple[int, int], low: int | None, high: int | None
) -> tuple[int, int] | None:
    """Rows with the comments above and behind them, and the last comma; None where they end no row.

    `low` and `high` are the edges of the list, where it holds nothing else on that side.
    """
    start, end = span
    row = data.rfind(b"\n", 0, start) + 1
    behind = _BEHIND.match(data, end)
    if behind is None:
        return None
    if data[row:start].strip():  # it shares the line of what opens its list, and ends that
        return (start, behind.end()) if b"\n" not in data[start:end] else None
    end = behind.end()
    if high is not None:
        end += len(data[end:high].rstrip())
    if low is not None:
        inner = data[low:start]
        header, _, below = inner.partition(b"\n")
        start -= len((below if header.strip() else inner).lstrip(b" \t\r\n"))
    else:
        start = _above(data, row, start)
    return start, end


def _above(data: bytes, row: int, start: int) -> int:
    """Where the comments begin that stand right above the row, each on a line of its own."""
    while row > 0:
        above = data.rfind(b"\n", 0, row - 1) + 1
        line = data[above : row - 1]
        if not _LINE.match(line):
            break
        start, row = above + len(line) - len(line.lstrip(b" \t")), above
    return start
