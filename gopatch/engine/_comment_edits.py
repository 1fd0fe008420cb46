"""Comments of the file that go and comments that come, beside what a match has met."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from gopatch.engine._comments import Remark, Where
from gopatch.engine._indent import indent_at
from gopatch.engine._nodes import Node
from gopatch.engine._place import Place, UnwritableError
from gopatch.engine._rows import code_between, line_end, rows_above
from gopatch.go.directives import is_directive
from gopatch.go.tree import GROUPS, Syntax
from gopatch.splice import Splice

_COMMA = re.compile(rb"[ \t]*[,;]")
# A comment on a line with code behind it, with its blanks; all of them, and what parts them.
_BLOCK_BEFORE = re.compile(rb"(/\*[^\r\n]*?\*/)[ \t]*")
_RUN_BEFORE = re.compile(rb"(?:/\*(?:(?!\*/)[^\r\n])*\*/[ \t]*)+\Z")
_BLOCK_BEHIND = re.compile(rb"[ \t]*(/\*[^\r\n]*?\*/)")
_RUN_BEHIND = re.compile(rb"(?:%b)*(?:[ \t]*[,;])?(?:%b)*" % ((_BLOCK_BEHIND.pattern,) * 2))
_PARTED = re.compile(rb"[\s,;)\]}]|\Z")
_GAP = re.compile(rb"\r?\n[ \t]*(?=\r?\n)")

_Lines = tuple[bytes, ...]
_There = dict[bytes, tuple[int, int]]  # comments on a line, each with its range


def comment_edits(place: Place, *, behind: bool) -> Iterator[Splice]:
    """What comments change that stand `behind` something, or elsewhere beside it; a `-` comment need not be there."""
    found = [(remark, at) for remark, at in _placed(place) if (remark.where == "behind") is behind]
    for remark, offset in found:
        others = [
            other.lines
            for other, at in found
            if (at, other.where) == (offset, remark.where) and other.mark != remark.mark
        ]
        yield from _EDITS[remark.where](place, remark, offset, others)


def _placed(place: Place) -> Iterator[tuple[Remark, int]]:
    """The pattern's comments, each with the offset that it stands above, before, behind or below."""
    for remark in place.pattern.remarks:
        met = _met(place, remark.node)
        if remark.is_with_element or not (met or remark.mark == "+"):
            continue
        if not met:
            raise UnwritableError(
                "nothing stands beside the comment that is added", place.match.start
            )
        edges = {"behind": met[0].end, "below": met[-1].end}
        yield remark, edges.get(remark.where, met[0].start)


def _met(place: Place, node: Node) -> Sequence[Syntax]:
    """What a comment stands beside: of a declaration that is one of a group in the file, its row."""
    met = place.match.met.get(node, ())
    is_lone = node.kind in GROUPS and node.children[1].token != b"("
    if is_lone and not (met and met[0].children[1].token != b"("):
        return place.match.met.get(node.children[1], ())
    return met


def _before(place: Place, remark: Remark, start: int, others: Sequence[_Lines]) -> Iterator[Splice]:
    row = place.data.rfind(b"\n", 0, start) + 1
    found = _RUN_BEFORE.search(place.data, row, start)
    low = found.start() if found else start
    there = {one[1]: one.span() for one in _BLOCK_BEFORE.finditer(place.data, low, start)}
    text = b"\n".join(remark.lines)
    if remark.mark == "-":
        yield from _cut(there, text, others)
    elif text not in there:
        at = _in_line(remark, start, there, others)
        yield Splice(at, at, text + b" ")


def _behind(place: Place, remark: Remark, end: int, others: Sequence[_Lines]) -> Iterator[Splice]:
    found = _RUN_BEHIND.match(place.data, end)
    stop = found.end() if found else end
    there = {one[1]: one.span() for one in _BLOCK_BEHIND.finditer(place.data, end, stop)}
    after = _behind_comma(place.data, end)
    rest = place.data[after : line_end(place, after)]
    text = b"\n".join(remark.lines)
    if rest.strip() == text or rest.lstrip().startswith(b"//"):
        there[rest.strip()] = after, after + len(rest)
    if remark.mark == "-":
        yield from _cut(there, text, others)
    elif text not in there:
        is_last = not rest.strip() or (rest.strip(),) in others
        edge = after if place.data[end:after].endswith(b";") else end  # as gofmt has it
        at = after if is_last else _in_line(remark, edge, there, others)
        yield Splice(at, at, b" " + text + b" " * (not _PARTED.match(place.data, at)))


def _cut(there: _There, text: bytes, others: Sequence[_Lines]) -> Iterator[Splice]:
    """A comment goes that is there, unless it comes, too."""
    if text in there and (text,) not in others:
        yield Splice(*there[text], b"")


def _in_line(remark: Remark, edge: int, there: _There, others: Sequence[_Lines]) -> int:
    """Where a comment comes that shares its line with code: at `edge`, or in the place of the one there that goes."""
    goes = [there[lines[0]][0] for lines in others if lines[0] in there]
    if there and not goes:
        at = min(start for start, _ in there.values())
        raise UnwritableError("another comment stands where one is added", at)
    if not remark.lines[-1].endswith(b"*/"):
        raise UnwritableError("no line of its own is there for the comment that is added", edge)
    return goes[0] if goes else edge


def _above(place: Place, remark: Remark, start: int, others: Sequence[_Lines]) -> list[Splice]:
    row = place.data.rfind(b"\n", 0, start) + 1
    if code_between(place, row, start):
        return _no_line(remark, start)
    indent = indent_at(place.data, start)
    come = Splice(row, row, b"".join(indent + line + place.newline for line in remark.lines))
    return _in_rows(place, remark, rows_above(place, row), come, others)


def _behind_comma(data: bytes, end: int) -> int:
    comma = _COMMA.match(data, end)
    return comma.end() if comma else end


def _below(place: Place, remark: Remark, end: int, others: Sequence[_Lines]) -> list[Splice]:
    edge = line_end(place, end)
    rest = place.data[end:edge].lstrip(b",; \t")
    if rest and not rest.startswith((b"//", b"/*")):
        return _no_line(remark, end)
    indent = indent_at(place.data, end)
    # gofmt parts a comment from the declaration above it.
    gap = None if indent else _GAP.match(place.data, edge)
    there = _rows_below(place.data, gap.end() if gap else edge)
    text = b"".join(place.newline + indent + line for line in remark.lines)
    come = Splice(edge, edge, text if indent else place.newline + text)
    return _in_rows(place, remark, there, come, others)


def _no_line(remark: Remark, offset: int) -> list[Splice]:
    """Where code shares the line no comment of its own can be: none goes, and none can come."""
    if remark.mark == "+":
        raise UnwritableError("no line of its own is there for the comment that is added", offset)
    return []


def _in_rows(
    place: Place,
    remark: Remark,
    there: Sequence[tuple[int, int]],
    come: Splice,
    others: Sequence[_Lines],
) -> list[Splice]:
    """What becomes of a comment where the rows `there` are: it goes if it is there, or comes if it is not.

    `others` are the comments that come where it goes, or go where it comes.
    """
    texts = [place.data[low:high].strip() for low, high in there]
    if remark.mark == "-":
        at = _found(texts, remark.lines)
        if at is None or any(_stays(texts, remark.lines, lines) for lines in others):
            return []
        return [Splice(there[at][0], there[at + len(remark.lines) - 1][1], b"")]
    for lines in others:
        at = None if _stays(texts, lines, remark.lines) else _found(texts, lines)
        if at is not None:
            texts[at : at + len(lines)] = [b""] * len(lines)
    return [] if _is_there(texts, remark.lines) else [come]


def _stays(texts: Sequence[bytes], goes: _Lines, comes: _Lines) -> bool:
    """Whether a comment that goes is part of one that comes and is there already."""
    return _found(comes, goes) is not None and _is_there(texts, comes)


def _is_there(texts: Sequence[bytes], lines: _Lines) -> bool:
    """Whether a comment is there: its words and its directives, which gofmt parts."""
    words = tuple(line for line in lines if not is_directive(line))
    directives = tuple(line for line in lines if is_directive(line))
    return all(_found(texts, part) is not None for part in (words, directives) if part)


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


def _found(texts: Sequence[bytes], wanted: _Lines) -> int | None:
    """Where `wanted` stands among `texts`, the last place of several."""
    starts = range(len(texts) - len(wanted), -1, -1)
    return next((at for at in starts if tuple(texts[at : at + len(wanted)]) == wanted), None)


_EDITS: dict[Where, Callable[[Place, Remark, int, Sequence[_Lines]], Iterable[Splice]]] = {
    "above": _above,
    "before": _before,
    "behind": _behind,
    "below": _below,
}
