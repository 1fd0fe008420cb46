"""A page for the one who reviews a port: each edit with its reason, side by side, and the verdict.

One file, without a script; it is read on a screen, in the dark, on a telephone and on paper.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import NamedTuple

from gopatch.output import EditView, Existing, File, Format, Layout, PortView
from gopatch.output._adapted import difference
from gopatch.output._beside import RowGroup, hunks
from gopatch.output.diff import unified
from gopatch.splice import FileChange


def render(port: PortView, layout: Layout, existing: Existing) -> tuple[File, ...]:
    """One page, `review.html`; `layout.reverse` turns both sides around."""
    from gopatch.output._page import coloured, page

    data = unified(
        port.changes, context=layout.context, prefix=layout.prefix, reverse=layout.reverse
    )
    text = page(
        "review.html",
        title=f"{port.title}: {port.source}" if port.source else port.title,
        port=port,
        size=_size(port.changes),
        here=[edit for edit in port.edits if edit.outcome.status != "absent"],
        absent=[edit for edit in port.edits if edit.outcome.status == "absent"],
        changes={e.name: [_sides(change, layout) for change in e.changes] for e in port.edits},
        originals={e.name: _origin(e, layout) for e in port.edits},
        whole=list(coloured(data.decode(errors="replace"))) if data else [],
        digest=hashlib.sha256(data).hexdigest(),
    )
    return (File("review.html", text),)


class FileSides(NamedTuple):
    """A changed file. One that is new or gone has one side only, and the whole width for it."""

    path: str
    said: str
    lone: bool
    hunks: tuple[RowGroup, ...]
    signs: bool = True


class Origin(NamedTuple):
    """The change that an edit was made from, and what the edit does otherwise, None for nothing."""

    sides: FileSides
    adapted: FileSides | None


def _sides(change: FileChange, layout: Layout) -> FileSides:
    before, after = _turned(change, layout)[1:3]
    lone = before is None or after is None
    said = "" if not lone else " (new file)" if before is None else " (removed)"
    found = tuple(hunks(before, after, layout.context))
    return FileSides(layout.prefix + change.path, said, lone, found)


def _turned(change: FileChange, layout: Layout) -> FileChange:
    if not layout.reverse:
        return change
    return change._replace(before=change.after, after=change.before)


def _origin(edit: EditView, layout: Layout) -> Origin | None:
    if edit.original is None or len(edit.changes) != 1:
        return None
    sides = _sides(edit.original, layout)._replace(path=edit.original.path)
    one, other = _turned(edit.original, layout), _turned(edit.changes[0], layout)
    found = difference(one, other)
    table = FileSides("The original's lines, and the port's", "", False, found, signs=False)
    return Origin(sides, table if found else None)


def _size(changes: Iterable[FileChange]) -> str:
    found = list(changes)
    rows = [r for c in found for h in hunks(c.before, c.after, 0) for r in h.rows]
    more = sum(r.kind in ("added", "changed") for r in rows)
    less = sum(r.kind in ("removed", "changed") for r in rows)
    files = "1 file" if len(found) == 1 else f"{len(found)} files"
    return f"{files}, {more} lines added, {less} removed" if found else "none"


FORMAT = Format("a page for reviewers: side by side, one section for each edit", render, roads=True)
