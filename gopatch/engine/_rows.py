"""The lines of a file around an edit: whole lines come and go, comments stay."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from gopatch.engine._indent import indent_at
from gopatch.engine._place import Place
from gopatch.engine.notation import comments_of
from gopatch.engine.pattern import Pattern
from gopatch.go.tree import CLAUSES, Syntax
from gopatch.splice import Splice

_BLANK = re.compile(rb"(?:[ \t]*\r?\n)+")
_SEMICOLON = re.compile(rb"[ \t]*;[ \t]*")
_ENDS = re.compile(rb"\s*\Z|[ \t]*[)}]")


def starts_line(place: Place, offset: int) -> bool:
    start = place.data.rfind(b"\n", 0, offset) + 1
    return not place.data[start:offset].strip()


def begins_behind_comment(place: Place, offset: int) -> bool:
    """Whether nothing but comments is before `offset` on its line."""
    row = place.data.rfind(b"\n", 0, offset) + 1
    return not starts_line(place, offset) and not code_between(place, row, offset)


def line_end(place: Place, offset: int, *, whole: bool = False) -> int:
    """The end of the line that holds `offset`, past comments; `whole`: past its newline."""
    end = place.data.find(b"\n", offset)
    comments = place.file.comments()
    for start, stop in comments[bisect_left(comments, (offset, 0)) :]:
        if start >= (end if end >= 0 else len(place.data)):
            break
        if end < stop:
            end = place.data.find(b"\n", stop)
    if end < 0:
        return len(place.data)
    if whole:
        return end + 1
    return end - 1 if place.data[end - 1 : end] == b"\r" else end


def own_lines(place: Place, start: int, end: int) -> bool:
    """Whether nothing but a comment shares the lines of `start`..`end`."""
    return starts_line(place, start) and not code_between(place, end, line_end(place, end))


def cut_lines(
    place: Place, start: int, end: int, blank: tuple[bool, bool] = (False, False)
) -> Iterator[Splice]:
    """Remove whole lines and the blank line that would be one too many; comments stay.

    `blank`: whether the blank lines above them go, too, and those below.
    """
    tail = place.data[end : line_end(place, end)]
    if tail.strip():
        yield Splice(start, end + len(tail) - len(tail.lstrip()), b"")
        return
    first = place.data.rfind(b"\n", 0, start) + 1
    stop = line_end(place, end, whole=True)
    below = _BLANK.match(place.data, stop)
    if blank[0]:
        first = _text_end(place.data, first)
    if blank[1] and below is not None:
        stop = below.end()
    yield cut_rows(place, first, stop)


def cut_part(place: Place, start: int, end: int) -> Splice:
    """Remove a part of a line, and the blanks that would be one too many."""
    stop = line_end(place, end)
    before, tail = place.data[:start], place.data[end:stop]
    if code_between(place, end, stop).startswith(b";"):
        return _cut_before(place, start, end)
    parted = before.rstrip(b" \t").endswith(b";") and not code_between(place, end, stop)
    if parted or not tail.strip():
        start = len(before.rstrip(b" \t;"))
    elif before[-1:] in (b" ", b"\t"):
        end += len(tail) - len(tail.lstrip(b" \t"))
    return Splice(start, end, b"")


def _cut_before(place: Place, start: int, end: int) -> Splice:
    """Remove a part of a line with the semicolon behind it, but for the comments between."""
    comments = list(comments_in(place, end, line_end(place, end)))
    before = [place.data[a:b] for a, b in comments if not code_between(place, end, a)]
    stop = max((b for a, b in comments if not code_between(place, end, a)), default=end)
    semicolon = _SEMICOLON.match(place.data, stop)
    stop = semicolon.end() if semicolon else stop
    return Splice(start, stop, b"".join(text + b" " for text in before))


def cut_rows(place: Place, first: int, stop: int) -> Splice:
    """Remove the lines of `first`..`stop` and the blank line that would be one too many."""
    data = place.data
    row = data.rfind(b"\n", 0, max(first - 1, 0)) + 1
    blank_above = first > 0 and not data[row:first].strip()
    text = _text_end(data, first)
    last = data[max(text - 8, 0) : text].rstrip()
    opens = last.endswith((b"{", b"(", b":")) and not blank_above
    blank_below = _BLANK.match(data, stop)
    if blank_below and (opens or blank_above):
        stop = blank_below.end()
    elif blank_above and _ENDS.match(data, stop):
        first = row
    return Splice(first, stop, b"")


def _text_end(data: bytes, row: int) -> int:
    """Where the last line above the line at `row` ends that is not blank."""
    while row > 0:
        above = data.rfind(b"\n", 0, row - 1) + 1
        if data[above:row].strip():
            break
        row = above
    return row


def insert_rows(place: Place, row: int, lines: list[bytes]) -> Splice:
    """Insert whole lines at the start of a line (or at the end of the data)."""
    above = place.data[:row].rstrip(b" \t")
    below = place.data[row:]
    lines = list(lines)
    while (
        lines
        and not lines[0]
        and (
            above.rstrip(b" \t\r\n").endswith((b"{", b"(")) or re.search(rb"\n[ \t\r]*\n\Z", above)
        )
    ):
        lines.pop(0)
    while (
        lines and not lines[-1] and (not below.strip() or re.match(rb"[ \t]*(?:\r?\n|[)}])", below))
    ):
        lines.pop()
    text = b"".join(line + place.newline for line in lines)
    if row and not place.data[:row].endswith(b"\n"):
        text = place.newline + text.removesuffix(place.newline)
    return Splice(row, row, text)


def rows_above(place: Place, row: int) -> list[tuple[int, int]]:
    """The lines of comments right above the line that starts at `row`, top to bottom."""
    found: list[tuple[int, int]] = []
    while row > 0:
        above = place.data.rfind(b"\n", 0, row - 1) + 1
        if not place.data[above:row].strip() or code_between(place, above, row):
            break
        found.insert(0, (above, row))
        row = above
    return found


def code_between(place: Place, start: int, end: int) -> bytes:
    """What stands between two offsets that is no comment."""
    code, at = b"", start
    comments = place.file.comments()
    for low, high in comments[max(bisect_left(comments, (start, 0)) - 1, 0) :]:
        if low >= end:
            break
        code += place.data[at:low]
        at = max(at, high)
    return (code + place.data[at:end]).strip()


def comments_in(place: Place, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The comments of a range but for those that the patch says go."""
    gone, comments = _gone(place.pattern), place.file.comments()
    for low, high in comments[bisect_left(comments, (start, 0)) :]:
        if low >= end:
            break
        if place.data[low:high].rstrip() not in gone:
            yield low, high


def clause_end(place: Place, element: Syntax) -> int:
    """Where an element ends; a clause keeps the comments that are indented as its body is."""
    end = element.end
    if element.kind not in CLAUSES:
        return end
    depth = len(indent_at(place.data, element.start))
    comments = place.file.comments()
    for start, stop in comments[bisect_left(comments, (end, 0)) :]:
        between = place.data[end:start]
        if between.strip():
            break
        if b"\n" in between and len(indent_at(place.data, start)) <= depth:
            break
        end = stop
    return end


def _gone(pattern: Pattern) -> set[bytes]:
    """The comments on `-` lines but for those that stand on `+` lines at the same place."""
    minus, remarks = pattern.change.minus, pattern.remarks
    named = {minus.data[a:b] for a, b in comments_of(minus) if minus.line_at(a).mark == "-"}
    going, coming = ({r[1:] for r in remarks if r.mark == mark} for mark in "-+")
    return named - {b"\n".join(lines) for _, lines, *_ in going & coming}
