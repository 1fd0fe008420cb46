"""New declarations that take over lines of one that stays: a body that moved under another name.

Written as they are in the change, they would bring what else the source of the change has in those
lines, and take away what the target has there: neither is a part of the change.
"""

from __future__ import annotations

from collections.abc import Sequence

from gopatch.backport.carried import Three
from gopatch.backport.lists import ListedRow, lex
from gopatch.backport.pairing import Pair
from gopatch.backport.renames import renamings

# So many lines that stand in both are a body that moved; fewer are how Go is written.
_LEAST = 4


def reads_otherwise(
    three: Three, come: Sequence[ListedRow], places: dict[int, Pair]
) -> ListedRow | None:
    """The declaration of the target whose lines go elsewhere with the change and are other lines there."""
    new = {line for row in come for line in _lines(row)}
    kept = {row.key: row for row in three.after.rows if row.key}
    for index, row in enumerate(three.before.rows):
        place, after = places.get(index), kept.get(row.key) if row.key else None
        if place is None or place.same or after is None or after.text == row.text:
            continue
        stays = set(_lines(after))
        moved = {line for line in _lines(row) if line in new and line not in stays}
        there = three.target.rows[place.right]
        names = renamings(row, there, three.names)
        if len(moved) >= _LEAST and {names.flat(line) for line in moved} - set(_lines(there)):
            return there
    return None


def _lines(row: ListedRow) -> list[tuple[bytes, ...]]:
    """A row's lines by their words, without those that close a block or are empty."""
    lines = (tuple(lex(line)) for line in row.text.split(b"\n"))
    return [words for words in lines if len(words) > 1]
