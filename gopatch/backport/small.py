"""A change in a small source: without the functions that have no part in it."""

from __future__ import annotations

from gopatch.backport.lists import Listing, listing_of
from gopatch.backport.pairing import aligned
from gopatch.splice import FileChange

_FUNCTIONS = {"function_declaration", "method_declaration"}


def small(change: FileChange) -> FileChange:
    """The same change of a file from which functions are cut that both sides have.

    Those that stand beside what changes stay: they say where it belongs.
    """
    if change.before is None or change.after is None or not change.path.endswith(".go"):
        return change
    old, new = _parts(listing_of(change.before)), _parts(listing_of(change.after))
    pairs = set(aligned([text for text, _ in old], [text for text, _ in new]))
    cut = {
        (i, k)
        for i, k in pairs
        if old[i][1] and all((i + n, k + n) in pairs or i + n == len(old) for n in (-1, 1))
    }
    before = _joined(old, {i for i, _ in cut})
    return change._replace(before=before, after=_joined(new, {k for _, k in cut}))


def _parts(file: Listing) -> list[tuple[bytes, bool]]:
    """A file cut at its blank lines between declarations; whether a part is a function alone."""
    rows = file.rows
    first = [n for n, row in enumerate(rows) if n and row.blank_before()]
    ends = [*first, len(rows)]
    starts = [0, *(rows[n].lines[0] for n in first), len(file.data)]
    parts = []
    for number, (low, high) in enumerate(zip([0, *first], ends, strict=True)):
        kinds = {row.kind for row in rows[low:high]}
        text = file.data[starts[number] : starts[number + 1]]
        parts.append(
            (
                text.rstrip(b"\n") + b"\n",
                bool(kinds & _FUNCTIONS) and kinds <= {*_FUNCTIONS, "comment"},
            )
        )
    return parts


def _joined(parts: list[tuple[bytes, bool]], cut: set[int]) -> bytes:
    return b"\n".join(text for n, (text, _) in enumerate(parts) if n not in cut)
