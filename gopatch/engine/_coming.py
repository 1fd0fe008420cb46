"""The lines that come with a run, as they stand in the file."""

from __future__ import annotations

import re

from gopatch.engine._nodes import NodeRun
from gopatch.engine._place import Place

_COMMENTS = re.compile(rb"(?:/\*(?:(?!\*/).)*\*/[ \t]*)+")


def coming(place: Place, run: NodeRun, indent: bytes) -> list[bytes]:
    """The lines that come, indented, without their final newline."""
    side = run.come[0].side
    starts = side.starts
    end = starts[run.last + 1] - 1 if run.last + 1 < len(starts) else len(side.data)
    is_code = run.first == side.data.count(b"\n", 0, run.come[0].start)
    lead = side.data[starts[run.first] : run.come[0].start].lstrip()
    start = run.come[0].start if is_code and not _COMMENTS.fullmatch(lead) else starts[run.first]
    last_row = side.data.count(b"\n", 0, run.come[-1].end)
    if run.last == last_row:
        tail = side.data[run.come[-1].end : end].strip()
        if not tail.startswith((b"//", b"/*")):
            end = run.come[-1].end
    text = place.writer.text(run.come, start, end, indent)
    lines = text.replace(b"\r\n", b"\n").split(b"\n")
    lines = [line.rstrip() for line in lines]
    if lines and lines[0]:
        lines[0] = indent + lines[0].lstrip(b" \t")
    return lines


def trimmed(lines: list[bytes]) -> list[bytes]:
    """The lines without the blank ones at both ends."""
    while lines and not lines[0].strip():
        lines = lines[1:]
    while lines and not lines[-1].strip():
        lines = lines[:-1]
    return lines
