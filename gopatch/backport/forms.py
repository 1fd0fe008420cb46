"""What a port did to one declaration, as a variant in the notation."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from gopatch.backport.imports_by_need import imports
from gopatch.backport.lists import ListedRow, Listing, called, listing_of
from gopatch.backport.pairing import Pair, aligned, pairs, unchanged

_SKIPPED = ("import_declaration", "package_clause")


class NotedForm(NamedTuple):
    """A declaration's change in one target: what it is called, where, and the lines of the notation.

    `loose` leaves out with `...` what stands far from the change; `strict` shows all of it.
    """

    declaration: str
    path: str
    loose: str
    strict: str


def forms(path: str, before: bytes, after: bytes) -> list[NotedForm]:
    """The forms of all that a port changes in a file; its imports go with the first."""
    old, new = listing_of(before), listing_of(after)
    lines = _imports(before, after)
    found = []
    for name, loose, strict in _changed(old, new):
        head = "".join(f"{line}\n" for line in lines)
        found.append(NotedForm(name, path, f"@@\n@@\n{head}{loose}", f"@@\n@@\n{head}{strict}"))
        lines = []
    return found


def _imports(before: bytes, after: bytes) -> list[str]:
    old = {(e.alias, e.path) for e in imports(before)}
    new = {(e.alias, e.path) for e in imports(after)}
    rows = [("-", each) for each in sorted(old - new)] + [("+", each) for each in sorted(new - old)]
    lines = [f'{sign}import {alias + " " if alias else ""}"{path}"' for sign, (alias, path) in rows]
    return [*lines, ""] if lines else []


def _changed(old: Listing, new: Listing) -> Iterator[tuple[str, str, str]]:
    """Each run of declarations that changes, with the one above it where something is added."""
    steps = _steps(old, new)
    for one, other in pairwise(steps):
        gone = [r for r in old.rows[one.left + 1 : other.left] if r.kind not in _SKIPPED]
        come = [r for r in new.rows[one.right + 1 : other.right] if r.kind not in _SKIPPED]
        if gone or come:
            above = _above(old, one.left)
            name = called(next((r for r in (*come, *gone) if r.nodes), (come or gone)[0]))
            lines = [*_all("-", gone, old.data), *_all("+", come, new.data)]
            yield name, _text([*_short(above), *lines]), _text([*_whole(above), *lines])
        if other is not steps[-1] and not other.same and old.rows[other.left].kind not in _SKIPPED:
            was, now = old.rows[other.left], new.rows[other.right]
            yield called(was), _text(list(_row(was, now))), _text(list(_by_line(was, now)))


def _by_line(was: ListedRow, now: ListedRow) -> Iterator[str]:
    """All lines of a declaration, those that change with their signs."""
    old, new = _lines(was), _lines(now)
    edges = [(-1, -1), *aligned(old, new), (len(old), len(new))]
    for (i, k), (m, n) in pairwise(edges):
        yield from (f"-{line}" for line in old[i + 1 : m])
        yield from (f"+{line}" for line in new[k + 1 : n])
        if m < len(old) and not old[m].lstrip().startswith("//"):
            yield f" {old[m]}"


def _text(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _above(old: Listing, index: int) -> ListedRow | None:
    rows = (old.rows[i] for i in range(index, -1, -1))
    return next((r for r in rows if r.nodes and r.kind not in _SKIPPED), None)


def _short(row: ListedRow | None) -> list[str]:
    """A declaration as context, its body left out."""
    if row is None:
        return []
    bodies = [t for t in row.tokens if t.listing is not None and t.listing.kind == "block"]
    if len(bodies) != 1 or bodies[0].listing is None:
        return _whole(row)
    head = row.data[row.start : bodies[0].start].decode(errors="replace").split("\n")
    return [*(f" {line}" for line in head), " \t...", " }"]


def _whole(row: ListedRow | None) -> list[str]:
    lines = [] if row is None else _lines(row)
    return [f" {line}" for line in lines if not line.lstrip().startswith("//")]


def _lines(row: ListedRow) -> list[str]:
    low, high = row.lines
    return row.data[low:high].decode(errors="replace").split("\n")


def _all(sign: str, rows: list[ListedRow], data: bytes) -> Iterator[str]:
    for number, row in enumerate(rows):
        if number and row.blank_before():
            yield sign
        yield from (f"{sign}{line}" for line in _lines(row))


def _row(was: ListedRow, now: ListedRow) -> Iterator[str]:
    """A row that changes: its listings one by one where its own words stay."""
    old, new = was.tokens, now.tokens
    if [t.text for t in old] != [t.text for t in new]:
        yield from _all("-", [was], was.data)
        yield from _all("+", [now], now.data)
        return
    at = was.lines[0]
    for one, other in zip(old, new, strict=True):
        if one.listing is None or other.listing is None:
            continue
        yield from _context(was.data, at, one.start)
        if was.data[one.start : one.end] == now.data[other.start : other.end]:
            yield " \t..."
        else:
            yield from _listing(one.listing, other.listing)
        at = was.data.rfind(b"\n", 0, one.end) + 1 if one.listing.kind != "type_case" else one.end
    yield from _context(was.data, at, was.lines[1])


def _context(data: bytes, low: int, high: int) -> Iterator[str]:
    text = data[low:high].decode(errors="replace").rstrip("\n\t ")
    yield from (
        f" {line}"
        for line in text.split("\n")
        if line.strip() and not line.lstrip().startswith("//")
    )


def _listing(old: Listing, new: Listing) -> Iterator[str]:
    """The rows that change with one neighbour on either side, and `...` for the others."""
    steps = _steps(old, new)
    near = _near(steps)
    hidden = False
    for one, other in pairwise(steps):
        edits = list(_edits(old, new, (one, other)))
        yield from edits
        if other is steps[-1]:
            return
        row = old.rows[other.left]
        shown = not other.same or (other.left in near and bool(row.nodes))
        marks = bool(edits) or not hidden
        if shown:
            yield from [" "] if marks and other.same and row.blank_before() and other.left else []
            yield from _whole(row) if other.same else _row(row, new.rows[other.right])
        elif marks:
            yield " " + "\t" * old.indent + "..."
        hidden = not shown


def _steps(old: Listing, new: Listing) -> list[Pair]:
    """The rows that stay, between two pairs that stand for the ends."""
    found = pairs(old.rows, new.rows, unchanged)
    stop = Pair(len(old.rows), len(new.rows), True)
    return [Pair(-1, -1, True), *(found[i] for i in sorted(found)), stop]


def _edits(old: Listing, new: Listing, between: tuple[Pair, Pair]) -> Iterator[str]:
    """The rows that go and come between two that stay."""
    one, other = between
    yield from _all("-", old.rows[one.left + 1 : other.left], old.data)
    come = new.rows[one.right + 1 : other.right]
    if come and come[0].blank_before() and one.right >= 0:
        yield "+"
    yield from _all("+", come, new.data)


def _near(steps: list[Pair]) -> set[int]:
    """The rows beside a change, and those that change."""
    near = {pair.left for pair in steps if not pair.same}
    for one, other in pairwise(steps):
        if one.left + 1 < other.left or one.right + 1 < other.right:
            near |= {one.left, other.left}
    return near
