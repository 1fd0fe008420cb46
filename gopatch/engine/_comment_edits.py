"""Comments of the file that go and comments that come, beside what a match has met."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from gopatch.engine._comments import Remark
from gopatch.engine._indent import indent_at
from gopatch.engine._place import Place, UnwritableError
from gopatch.engine._rows import line_end, rows_above, starts_line
from gopatch.go.directives import is_directive
from gopatch.splice import Splice

_COMMA = re.compile(rb"[ \t]*[,;]")
_GAP = re.compile(rb"\r?\n[ \t]*(?=\r?\n)")


def comment_edits(place: Place) -> Iterator[Splice]:
    """What the pattern's comments change at one match. A `-` comment that is not there does not matter."""
    remarks = [r for r in place.pattern.remarks if not r.is_with_element]
    for remark in remarks:
        met = place.match.met.get(remark.node, ())
        if not met:
            if remark.mark == "+":
                raise UnwritableError(
                    "nothing stands beside the comment that is added", place.match.start
                )
        elif remark.where == "behind":
            replaced = [
                r.lines
                for r in remarks
                if r.where == "behind" and r.mark == "-" and r.node is remark.node
            ]
            yield from _behind(place, remark, met[0].end, replaced)
        elif remark.where == "below":
            yield from _below(place, remark, met[-1].end)
        else:
            yield from _above(place, remark, met[0].start)


def _behind(
    place: Place, remark: Remark, end: int, replaced: Sequence[tuple[bytes, ...]]
) -> Iterator[Splice]:
    end = _behind_comma(place.data, end)
    rest = place.data[end : line_end(place, end)]
    text = b"\n".join(remark.lines)
    if remark.mark == "-":
        if rest.strip() == text:
            yield Splice(end, end + len(rest), b"")
    elif not rest.strip() or (rest.strip(),) in replaced:
        yield Splice(end, end, b" " + text)
    elif rest.strip() != text:
        raise UnwritableError("another comment stands where one is added", end)


def _above(place: Place, remark: Remark, start: int) -> list[Splice]:
    if not starts_line(place, start):
        return _no_line(remark, start)
    indent = indent_at(place.data, start)
    row = place.data.rfind(b"\n", 0, start) + 1
    there = rows_above(place.data, row)
    texts = [place.data[low:high].strip() for low, high in there]
    at = _found(texts, list(remark.lines))
    if remark.mark == "+" and all(_found(texts, part) is not None for part in _parts(remark)):
        return []
    come = Splice(row, row, b"".join(indent + line + place.newline for line in remark.lines))
    return _in_rows(remark, there, at, come)


def _parts(remark: Remark) -> list[list[bytes]]:
    """The words and the directives of a comment, which gofmt parts."""
    found: list[list[bytes]] = [[], []]
    for line in remark.lines:
        found[is_directive(line)].append(line)
    return [part for part in found if part]


def _behind_comma(data: bytes, end: int) -> int:
    comma = _COMMA.match(data, end)
    return comma.end() if comma else end


def _below(place: Place, remark: Remark, end: int) -> list[Splice]:
    edge = line_end(place, end)
    rest = place.data[end:edge].lstrip(b",; \t")
    if rest and not rest.startswith((b"//", b"/*")):
        return _no_line(remark, end)
    indent = indent_at(place.data, end)
    # gofmt parts a comment from the declaration above it.
    gap = None if indent else _GAP.match(place.data, edge)
    there = _rows_below(place.data, gap.end() if gap else edge)
    at = _found([place.data[low:high].strip() for low, high in there], list(remark.lines))
    text = b"".join(place.newline + indent + line for line in remark.lines)
    come = Splice(edge, edge, text if indent else place.newline + text)
    return _in_rows(remark, there, at, come)


def _no_line(remark: Remark, offset: int) -> list[Splice]:
    """Where code shares the line no comment of its own can be: none goes, and none can come."""
    if remark.mark == "+":
        raise UnwritableError("no line of its own is there for the comment that is added", offset)
    return []


def _in_rows(
    remark: Remark, there: Sequence[tuple[int, int]], at: int | None, come: Splice
) -> list[Splice]:
    """What becomes of a comment that is found from the row `at` of those there, or not: it goes if it shall, or comes."""
    if remark.mark == "+":
        return [come] if at is None else []
    return [] if at is None else [Splice(there[at][0], there[at + len(remark.lines) - 1][1], b"")]


def _rows_below(data: bytes, edge: int) -> list[tuple[int, int]]:
    """The lines of comments right below the line that ends at `edge`, each with the break before it."""
    found: list[tuple[int, int]] = []
    while (start := data.find(b"\n", edge) + 1) > 0:
        end = data.find(b"\n", start)
        row = data[start : end if end >= 0 else len(data)]
        if not row.strip().startswith(b"//"):
            break
        found.append((edge, start + len(row.rstrip(b"\r"))))
        edge = found[-1][1]
    return found


def _found(texts: list[bytes], wanted: list[bytes]) -> int | None:
    """Where `wanted` stands among `texts`, the last place of several."""
    starts = range(len(texts) - len(wanted), -1, -1)
    return next((at for at in starts if texts[at : at + len(wanted)] == wanted), None)
