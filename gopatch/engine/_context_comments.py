"""Where a patch has comments of context among what goes and what comes: above which of it, and below which."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from gopatch.engine._nodes import NodeRun
from gopatch.engine._place import Place, Span
from gopatch.engine._rows import line_end, rows_above


def group_of(
    place: Place, run: NodeRun, gone: Sequence[Span], are_one: Callable[[Span, Span], bool]
) -> tuple[int, int]:
    """Which neighbours of `gone` what comes takes the place of: those that nothing stands between (`are_one`).

    It is the first below the last line of context that the patch has above what comes.
    """
    came = run.come[0].side.lines[run.first].number
    above = [line.number for line in place.pattern.change.lines if line.mark == " "]
    last = max((number for number in above if number < came), default=0)
    numbers = [n.side.line_at(n.start).number for n in run.gone if place.match.met.get(n)]
    at = sum(number < last for number in numbers)
    low = high = at if at < len(gone) else 0
    while low and are_one(gone[low - 1], gone[low]):
        low -= 1
    while high + 1 < len(gone) and are_one(gone[high], gone[high + 1]):
        high += 1
    return low, high + 1


def beyond_comment(place: Place, run: NodeRun, gone: Sequence[Span]) -> int | None:
    """The row where what comes stands, if the patch has a comment between it and all that goes, and the file has it."""
    numbers = [n.side.line_at(n.start).number for n in run.gone]
    came = run.come[0].side.lines[run.first].number
    low, high = (max(numbers), came) if max(numbers) < came else (came, min(numbers))
    between = [
        x.text.strip()
        for x in place.pattern.change.lines
        if low < x.number < high and x.mark == " "
    ]
    wanted = [text.encode() for text in between if text]
    if low < high and wanted and all(text.startswith(b"//") for text in wanted):
        if high == came:
            return _below(place.data, line_end(place, gone[-1].end, whole=True), wanted)
        row = place.data.rfind(b"\n", 0, gone[0].start) + 1
        there = rows_above(place, row)[-len(wanted) :]
        return there[0][0] if [place.data[a:b].strip() for a, b in there] == wanted else None
    return None


def _below(data: bytes, row: int, wanted: Sequence[bytes]) -> int | None:
    """The row below the lines `wanted`, if these begin at `row`."""
    for text in wanted:
        end = data.find(b"\n", row) + 1
        if not end or data[row:end].strip() != text:
            return None
        row = end
    return row
