"""Rows of cells -> lines; pure."""

from __future__ import annotations

from collections.abc import Sequence

# Where the free text of a folded row starts.
_INDENT = "    "


def layout(rows: Sequence[Sequence[str]], width: int | None = None) -> list[list[str]]:
    """The lines of each row: columns in line, the last cell is free text.

    Where a table is wider than `width` columns, the last cell of each row goes below its row, and
    all is wrapped; nothing is cut off. Without `width` every row is one line, whatever its length.
    """
    sizes = [max(len(row[i]) for row in rows) for i in range(len(rows[0]) - 1)]
    lines = [_line(row[:-1], sizes) for row in rows]
    whole = [" ".join([line, row[-1]]).rstrip() for line, row in zip(lines, rows, strict=True)]
    if width is None or max(map(len, whole)) <= width:
        return [[line] for line in whole]
    return [
        [*_wrapped(line.rstrip(), width, ""), *_wrapped(row[-1], width, _INDENT)]
        for line, row in zip(lines, rows, strict=True)
    ]


def _line(cells: Sequence[str], sizes: Sequence[int]) -> str:
    return " ".join(cell.ljust(size) for cell, size in zip(cells, sizes, strict=True))


def _wrapped(text: str, width: int, indent: str) -> list[str]:
    import textwrap

    return textwrap.wrap(
        text, width, initial_indent=indent, subsequent_indent=_INDENT, break_on_hyphens=False
    )
