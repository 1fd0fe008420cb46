"""Labels stand one tab less deep than the statements of their block, as gofmt sets them.

The rule is that of go/printer (nodes.go: stmt, LabeledStmt).
"""

from __future__ import annotations

from collections.abc import Iterable

from gopatch.go.ranges import Ranges
from gopatch.go.tree import CLAUSES, LABEL, GoFile, elements_of
from gopatch.splice import Splice

_HOLDERS = frozenset({"block", *CLAUSES})


def hang_labels(file: GoFile, touched: Iterable[tuple[int, int]]) -> list[Splice]:
    """The edits of the blanks before the labels that overlap `touched`, each on a line of its own."""
    ranges = Ranges(touched)
    found = []
    for holder in file.around(_HOLDERS, touched):
        elements = elements_of(holder)
        labels = [e for e in elements if e.kind == LABEL and ranges.touches(e.start, e.end)]
        leads = [_lead(file.data, e.start) for e in elements if e.kind != LABEL]
        deep = next((lead for lead in leads if lead and not lead.strip(b"\t")), b"")
        for label in labels if deep else []:
            lead = _lead(file.data, label.start)
            if not lead.strip() and lead != deep[1:]:
                found.append(Splice(label.start - len(lead), label.start, deep[1:]))
    return found


def _lead(data: bytes, start: int) -> bytes:
    return data[data.rfind(b"\n", 0, start) + 1 : start]
