"""Columns as gofmt lays them out: struct fields, key-value lines, var/const/type groups, and
trailing comments.

The rules are those of go/printer (nodes.go: fieldList, valueSpec, keepTypeColumn, exprList,
stmtList) over text/tabwriter: a column is as wide as its widest cell plus one, over the lines
that follow each other and all have a cell there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from gopatch.go._cells import FUNCTIONS, Cell, cells_of, kept_types, with_comma
from gopatch.go._sizes import Sizes
from gopatch.go.ranges import Ranges
from gopatch.go.tree import CLAUSES, GROUPS, SWITCHES, GoFile, Syntax, elements_of
from gopatch.splice import Splice

_HOLDERS = frozenset(
    {"source_file", "block", "field_declaration_list", "interface_type", "literal_value"}
    | {"argument_list", "parameter_list", *GROUPS, *CLAUSES, *SWITCHES}
)

_LEAD = re.compile(rb"[ \t]*((?:/\*(?:(?!\*/)[^\n])*\*/[ \t]*)+)")
_SHARED = {"literal_value", "argument_list"}  # lists whose elements may share a line
_UNALIGNED = SWITCHES | {"parameter_list"}  # comments stand by themselves (go/printer, parameters)


class Row(NamedTuple):
    """One line: its cells, and whether a section of its own begins with it.

    `end` is that of an element that goes on over more lines, else 0.
    """

    line: int
    cells: tuple[Cell, ...]
    breaks: bool
    end: int


def realign(file: GoFile, touched: Sequence[tuple[int, int]] | None = None) -> list[Splice]:
    """The edits that align whatever list overlaps one of the `touched` byte ranges (or all)."""
    comments = _trailing_comments(file)
    edits: dict[int, Splice] = {}
    holders = file.nodes(_HOLDERS) if touched is None else file.around(_HOLDERS, touched)
    spans = None if touched is None else Ranges(_lines(file.data, *span) for span in touched)
    for holder in holders:
        sections = list(_sections(_rows(file, holder, comments)))
        for section in sections if spans is None else _touched(sections, spans):
            for edit in _edits(file.data, section):
                edits.setdefault(edit.start, edit)
    return [edit for _, edit in sorted(edits.items())]


def _lines(data: bytes, low: int, high: int) -> tuple[int, int]:
    """The lines of a range and what stands beside them, which shared a column with what went."""
    end = data.find(b"\n", data.find(b"\n", high) + 1)
    start = data.rfind(b"\n", 0, low)
    return start - (data[start - 1 : start] == b"\r"), len(data) if end < 0 else end


def _touched(sections: list[list[Row]], touched: Ranges) -> Iterator[list[Row]]:
    """The sections that an edit reaches; what it gave lines to may have parted those beside it."""
    reached = [
        touched.touches(section[0].cells[0].start, max(row.cells[-1].end for row in section))
        for section in sections
    ]
    parts = [
        any(row.end and touched.touches(row.cells[0].start, row.end) for row in section)
        for section in sections
    ]
    for at, section in enumerate(sections):
        if reached[at] or any(parts[max(at - 1, 0) : at + 2]):
            yield section


def _trailing_comments(file: GoFile) -> dict[int, Cell]:
    """Line -> the comment that ends it, where code stands before it."""
    found = {}
    for start, end in file.comments():
        row = file.data.rfind(b"\n", 0, start) + 1
        rest = file.data[end : file.data.find(b"\n", end) % (len(file.data) + 1)]
        if file.data[row:start].strip() and not rest.strip():
            found[file.point(start)[0]] = Cell(start, end)
    return found


def _rows(file: GoFile, holder: Syntax, comments: dict[int, Cell]) -> Iterator[Row]:
    """The rows of a list's elements, top to bottom."""
    data = file.data
    elements = elements_of(holder)
    if holder.kind == "source_file":
        elements = [e for e in elements if e.kind not in ("comment",)]
    kept = kept_types(elements) if holder.kind in GROUPS else [False] * len(elements)
    last: Syntax | None = None
    shared = False  # whether the last element had another before it on its line
    sizes = Sizes()
    ends = _row_ends(file, elements) if holder.kind in _SHARED else {}
    for element, keep in zip(elements, kept, strict=True):
        line = file.point(element.start)[0]
        begin, beside = _begin(data, element.start)
        multi = b"\n" in element.text
        breaks = last is None or b"\n" in last.text or beside or begin < element.start
        breaks = breaks or holder.kind in _UNALIGNED or (multi and element.kind in FUNCTIONS)
        breaks = breaks or (shared and holder.kind in _SHARED)
        if holder.kind in _SHARED:
            gap = last is not None and line > file.point(last.end)[0] + 1
            breaks = sizes.breaks(element, gap) or breaks
        last, shared = element, beside
        if shared:
            continue
        comment = comments.get(line)
        if comment is not None and comment.start < element.start:
            comment = None
        tail = [comment] if comment else []
        cells = cells_of(holder, element, keep, tail)
        cells[0] = cells[0]._replace(start=begin)
        at = len(cells) - 1 - len(tail)
        # What closes the list behind its last element stands in that one's column.
        closed = (
            len(data[: comment.start].rstrip()) if tail and comment and not multi and ends else 0
        )
        cells[at] = cells[at]._replace(end=max(cells[at].end, ends.get(line, 0), closed))
        if multi:
            cells = _first_line(data, cells, comment)
        yield Row(line, tuple(cells), breaks, element.end if multi else 0)


def _begin(data: bytes, start: int) -> tuple[int, bool]:
    """Where an element's row begins, with comments a section of its own, and whether another one is before it."""
    row = data.rfind(b"\n", 0, start) + 1
    lead = _LEAD.fullmatch(data, row, start)
    return (lead.start(1), False) if lead else (start, bool(data[row:start].strip()))


def _row_ends(file: GoFile, elements: Sequence[Syntax]) -> dict[int, int]:
    """Where the last of the elements ends that share a line, by lines."""
    alone = (each for each in elements if b"\n" not in each.text)
    return {file.point(each.start)[0]: with_comma(each) for each in alone}


def _first_line(data: bytes, cells: list[Cell], comment: Cell | None) -> list[Cell]:
    """Of an element over several lines only the first line takes part."""
    end = data.find(b"\n", cells[0].start)
    if comment is not None:
        end = len(data[: comment.start].rstrip())
    found = [Cell(c.start, min(c.end, end)) for c in cells if c.start <= end and c != comment]
    return [*found, comment] if comment is not None else found


def _sections(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Rows that may share columns: on neighbouring lines, without a break between."""
    section: list[Row] = []
    for row in rows:
        if section and (row.breaks or row.line != section[-1].line + 1):
            yield section
            section = []
        section.append(row)
    if section:
        yield section


def _edits(data: bytes, section: list[Row]) -> Iterator[Splice]:
    sizes = [[_width(data, cell) for cell in row.cells] for row in section]
    widths: list[list[int]] = [[] for _ in section]
    _measure(sizes, widths, 0, len(section), 0)
    for row, size, wide in zip(section, sizes, widths, strict=True):
        pad = 0
        gap_start = row.cells[0].end
        for index in range(len(row.cells) - 1):
            pad += wide[index] - size[index]
            following = row.cells[index + 1]
            if following.start == following.end and index + 2 < len(row.cells):
                continue  # an empty cell: its padding adds to the next one's
            gap_start = max(c.end for c in row.cells[: index + 1])
            new = b" " * pad
            if (
                not data[gap_start : following.start].strip()
                and data[gap_start : following.start] != new
            ):
                yield Splice(gap_start, following.start, new)
            pad = 0


def _measure(
    sizes: list[list[int]], widths: list[list[int]], low: int, high: int, column: int
) -> None:
    """text/tabwriter's format: the width of each column over each run of lines that have it."""
    at = low
    while at < high:
        if len(sizes[at]) - 1 <= column:
            at += 1
            continue
        stop = at
        while stop < high and len(sizes[stop]) - 1 > column:
            stop += 1
        width = max(row[column] for row in sizes[at:stop])
        for i in range(at, stop):
            widths[i].append(width + 1 if width else 0)
        _measure(sizes, widths, at, stop, column + 1)
        at = stop


def _width(data: bytes, cell: Cell) -> int:
    return len(data[cell.start : cell.end].decode("utf8", "replace"))
