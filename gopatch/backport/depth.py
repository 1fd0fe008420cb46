"""Rows that stand at another depth of blocks in the target."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import NamedTuple

from gopatch.backport.another import names_in
from gopatch.backport.carried import Three, ThreeSides
from gopatch.backport.lists import ListedRow, Listing
from gopatch.backport.pairing import aligned, common

# An element that is found by its key alone has at least so many of its words.
_ALIKE = 0.5


class Displaced(NamedTuple):
    """Where a row that changes is in the target: the row, or the listing to carry, and in what way."""

    how: str
    sides: ThreeSides | None = None
    listing: Three | None = None


def displaced(three: Three, was: ListedRow, now: ListedRow) -> Displaced | None:
    """A row that changes and has no counterpart beside its neighbours: at another depth, or None."""
    found = deeper(three, was) if three.before.kind == "block" else sunk(three, was)
    if found is not None:
        there, holder = found
        depth = holder.indent - three.after.indent
        sides = ThreeSides(was, now, there, three.names, depth)
        return Displaced("stands deeper in the target", sides)
    inner = unwrapped(three, was, now) or flat(three, was, now)
    if inner is not None:
        return Displaced("its block is not around this in the target", listing=inner)
    by_key = _by_key(three, was, now) if three.before.kind == "block" else None
    return Displaced("the one element of that key", by_key) if by_key is not None else None


def _by_key(three: Three, was: ListedRow, now: ListedRow) -> ThreeSides | None:
    """An element of a literal in a row that changes, where one of the target's literals here has its key."""
    found = _inside(was, now)
    while found is not None:
        before, after = found
        ours = [row for row in before.rows if row.text not in {other.text for other in after.rows}]
        theirs = [
            row for row in after.rows if row.text not in {other.text for other in before.rows}
        ]
        if len(ours) != 1 or len(theirs) != 1 or ours[0].key != theirs[0].key:
            return None
        one, other = ours[0], theirs[0]
        there = [pair for pair in _below(three.target) if pair[0].key == one.key]
        if one.kind == "keyed_element" and len(there) == 1:
            row, holder = there[0]
            alike = common(three.names.flat(one.words), row.words) >= _ALIKE
            depth = holder.indent - after.indent
            return ThreeSides(one, other, row, three.names, depth) if alike else None
        found = _inside(one, other)
    return None


def is_displaced(three: Three, was: ListedRow, now: ListedRow) -> bool:
    """Whether a row is found elsewhere, whatever stands where its neighbours are."""
    if three.before.kind == "block":
        return deeper(three, was) is not None
    return flat(three, was, now) is not None or sunk(three, was) is not None


def deeper(three: Three, row: ListedRow) -> tuple[ListedRow, Listing] | None:
    """The one row below the target's rows that says what `row` says, with its listing."""
    wanted = three.names.flat(row.words)
    below = _below(three.target)
    found = [pair for pair in below if pair[0].kind == row.kind and pair[0].words == wanted]
    return found[0] if len(found) == 1 else None


def _below(listing: Listing) -> Iterator[tuple[ListedRow, Listing]]:
    for row in listing.rows:
        for token in row.tokens:
            if token.listing is not None:
                yield from ((inner, token.listing) for inner in token.listing.rows)
                yield from _below(token.listing)


def unwrapped(three: Three, was: ListedRow, now: ListedRow) -> Three | None:
    """The one listing inside of a row that changes, held against the listing around it in the target.

    For a block that the source of the change puts around what the target has bare: a row at each place that changes,
    or right beside it, says there what nothing around the block says.
    """
    found = _inside(was, now) if three.before.kind == "block" else None
    if found is None or found[0].kind != "block":
        return None
    outside = {three.names.flat(row.words) for row in three.before.rows}
    bare = {row.words for row in three.target.rows if names_in(row.words)} - outside
    for rows in _beside_changes(*found):
        if not any(three.names.flat(row.words) in bare for row in rows):
            return None
    return Three(*found, three.target, three.names)


def _beside_changes(before: Listing, after: Listing) -> Iterator[list[ListedRow]]:
    """For each place that changes the rows of `before` that change there, and those right beside it."""
    old, new = before.rows, after.rows
    kept = aligned([row.text for row in old], [row.text for row in new])
    for (i, j), (m, n) in itertools.pairwise([(-1, -1), *kept, (len(old), len(new))]):
        if i + 1 < m or j + 1 < n:
            yield old[max(i, 0) : m + 1]


def _inside(was: ListedRow, now: ListedRow) -> tuple[Listing, Listing] | None:
    """The one listing of a row that changes, on both sides, where its own words stay."""
    old, new = was.tokens, now.tokens
    if [t.text for t in old] != [t.text for t in new]:
        return None
    pairs = [
        (a.listing, b.listing)
        for a, b in zip(old, new, strict=True)
        if a.listing is not None and b.listing is not None and differ(a.listing, b.listing)
    ]
    return pairs[0] if len(pairs) == 1 else None


def differ(one: Listing, other: Listing) -> bool:
    """Whether two listings read otherwise."""
    return one.data[one.start : one.end] != other.data[other.start : other.end]


# Fields of a literal are told by their keys: they may be given one literal further out or in. ----------


def flat(three: Three, was: ListedRow, now: ListedRow) -> Three | None:
    """The literal in an element that changes, where the target has its keys in the literal around it."""
    found = _inside(was, now) if _is_elsewhere(three, was) else None
    if found is None or not _keys(found[0]) or not _keys(found[0]) <= _keys(three.target):
        return None
    return Three(*found, three.target, three.names)


def sunk(three: Three, was: ListedRow) -> tuple[ListedRow, Listing] | None:
    """The element of that key in the one literal inside of the target's that has all of the keys."""
    if not _is_elsewhere(three, was):
        return None
    inner = (t.listing for row in three.target.rows for t in row.tokens if t.listing is not None)
    found = [each for each in inner if _keys(three.before) <= _keys(each)]
    if len(found) != 1:
        return None
    return next(row for row in found[0].rows if row.key == was.key), found[0]


def _is_elsewhere(three: Three, row: ListedRow) -> bool:
    return (
        row.kind == "keyed_element" and row.key is not None and row.key not in _keys(three.target)
    )


def _keys(listing: Listing) -> set[object]:
    return {row.key for row in listing.rows if row.kind == "keyed_element" and row.key is not None}


def nearest(three: Three, row: ListedRow) -> int | None:
    """Where in the target a reader would look for a row that has no counterpart: at one much like it, or at what holds its list."""
    if three.target.kind == "source_file":
        return None
    wanted = three.names.flat(row.words)
    alike = [(common(wanted, each.words), -each.start) for each in three.target.rows]
    share, start = max(alike, default=(0.0, 0))
    return -start if share >= _ALIKE else three.target.start - 1
