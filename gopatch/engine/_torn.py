"""Elements on rows of their own that move: the comments which belong to their rows come along."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gopatch.engine._place import Place
from gopatch.engine._rows import starts_line
from gopatch.splice import Splice

_SPACE = b" \t\r\n"


def torn_comments(place: Place, edits: Sequence[Splice]) -> Iterator[Splice]:
    """The comments that are copied with what moves and that no edit takes away where they were."""
    comments = place.file.comments()
    if not comments or not place.pattern.pairs:
        return
    for run in place.pattern.runs:
        for low, high in place.writer.moved(run.come) if run.come else ():
            for start, stop in comments:
                end = stop - (place.data[stop - 1 : stop] == b"\r")
                inside = low <= start and end <= high
                if inside and not any(e.start <= start and end <= e.end for e in edits):
                    yield _taken(place, start, end, any(low <= e.start < start for e in edits))


def _taken(place: Place, start: int, end: int, is_behind: bool) -> Splice:
    """A comment goes with the space before it, or behind it where it stands above what moves."""
    data = place.data
    if is_behind or not starts_line(place, start):
        start -= len(data[:start]) - len(data[:start].rstrip(_SPACE if is_behind else b" \t"))
    if not is_behind:
        end += len(data[end:]) - len(data[end:].lstrip(_SPACE))
    return Splice(start, end, b"")
