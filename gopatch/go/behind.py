"""A comment behind the closing bracket of what goes over lines stands by itself: one blank is before it.

The rule is that of go/printer (nodes.go: stmtList, declList): what goes over lines ends a section, so that
nothing shares a column with the comment on its last line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from gopatch.go.ranges import Ranges
from gopatch.go.tree import CLAUSES, GoFile, elements_of
from gopatch.splice import Splice

_HOLDERS = frozenset({"source_file", "block", *CLAUSES})
_CLOSERS = re.compile(rb"\n[ \t]*[)}\]]+([ \t]*)(?=//|/\*)")


def behind(file: GoFile, touched: Sequence[tuple[int, int]]) -> list[Splice]:
    """The edits of the blanks behind the statements and declarations over lines that end in `touched`."""
    ranges = Ranges(touched)
    found = []
    for holder in file.around(_HOLDERS, touched):
        for each in elements_of(holder):
            row = file.data.rfind(b"\n", each.start, each.end)
            closers = _CLOSERS.match(file.data, row) if row >= 0 else None
            if closers is None or closers.start(1) != each.end or closers[1] == b" ":
                continue
            if ranges.touches(row, each.end):
                found.append(Splice(each.end, closers.end(), b" "))
    return found
