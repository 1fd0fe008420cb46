"""What the target has where a slot of the change lies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gopatch.backport.another import names_in
from gopatch.backport.carried import SlotRows, Three
from gopatch.backport.lists import ListedRow, Listing
from gopatch.backport.pairing import Pair, common
from gopatch.go.tree import CLAUSES

# Comments that have so many of their words in common say about the same.
_SAME = 0.5
_STATEMENTS = {"block"} | CLAUSES


def held(slot: SlotRows, places: dict[int, Pair], there: dict[int, Pair]) -> list[Pair | None]:
    """For each row that comes, the row of the target that says the same and is no other's."""
    taken = {pair.right for pair in places.values() if pair.same}
    held = [there.get(k) for k in range(slot.start, slot.stop)]
    return [p if p is not None and p.same and p.right not in taken else None for p in held]


def begun(
    three: Three, slot: SlotRows, places: dict[int, Pair], there: dict[int, Pair]
) -> Iterator[Pair]:
    """The rows of the target that begin as rows do that come, name something, hold other lists, and are no other's."""
    taken = {pair.right for pair in places.values()}
    for pair in (there[k] for k in range(slot.start, slot.stop) if k in there):
        one, other = three.after.rows[pair.left], three.target.rows[pair.right]
        words = three.names.words(tuple(token.text for token in one.tokens))
        is_alike = names_in(words) and words == tuple(token.text for token in other.tokens)
        if pair.right not in taken and one.nodes and is_alike:
            yield pair


def absent(
    gone: Sequence[ListedRow], found: Sequence[Pair | None]
) -> tuple[list[ListedRow], list[ListedRow]]:
    """The rows that go and are not in the target: code, and comments, which need not be there."""
    missing = [row for row, pair in zip(gone, found, strict=True) if pair is None]
    code = [row for row in missing if row.kind != "comment"]
    return code, [row for row in missing if row.kind == "comment"]


def is_reworded(gone: Sequence[ListedRow], come: Sequence[ListedRow]) -> bool:
    """Whether comments alone go and come, and say about the same: those of what is not here are no loss."""
    if any(row.kind != "comment" for row in (*gone, *come)):
        return False
    old, new = (tuple(w for row in rows for w in row.text.split()) for rows in (gone, come))
    return not come or common(old, new) >= _SAME


def inside(pair: Pair, slot: SlotRows, places: dict[int, Pair]) -> bool:
    """Whether a row of the target stands where the slot is."""
    low = places.get(slot.low - 1)
    high = places.get(slot.high)
    return (low is None or pair.right > low.right) and (high is None or pair.right < high.right)


def opening(three: Three, slot: SlotRows, places: dict[int, Pair]) -> int | None:
    """The row of the target behind which come those that replace none (-1: its beginning); None where there is no neighbour."""
    before, after, target, _ = three
    above, below = places.get(slot.low - 1), places.get(slot.high)
    found: int | None
    if not before.rows or not target.rows or _ends_both(three, slot, places):
        found = len(target.rows) - 1
    elif above is not None:
        found = above.right
    elif below is not None:
        found = _above_its_doc(target, below.right) - 1
    else:
        found = _near(three, slot, places)
    declares = any(row.kind != "comment" for row in after.rows[slot.start : slot.stop])
    if found is None or target.kind != "source_file" or not declares:
        return found
    imported = (i for i, row in enumerate(target.rows) if row.kind == "import_declaration")
    return max(found, *imported, -1)  # all else stands below what a file imports


def _above_its_doc(target: Listing, at: int) -> int:
    """The first row of the comment that documents a row, or the row itself: one above statements is of all of them."""
    rows = target.rows
    while target.kind not in _STATEMENTS and at and rows[at - 1].kind == "comment":
        if rows[at].blank_before():
            break
        at -= 1
    return at


def _ends_both(three: Three, slot: SlotRows, places: dict[int, Pair]) -> bool:
    """Whether what comes ends its file, and so does in the target what only that has, of the same sort.

    Whoever merges the two ends by hand puts what comes behind: functions, or methods of one type.
    """
    above = places.get(slot.low - 1)
    if three.before.kind != "source_file" or slot.high < len(three.before.rows) or above is None:
        return False
    own = three.target.rows[above.right + 1 :]
    rows = [*three.after.rows[slot.start : slot.stop], *own]
    owners = {_owner(row) for row in rows if row.kind != "comment"}
    is_last = all(pair.right <= above.right for pair in places.values())
    return bool(own) and is_last and len(owners) == 1 and None not in owners


def _owner(row: ListedRow) -> object | None:
    """The type that a function is a method of, empty if of none; None of what is no function."""
    key = row.key
    return key[1] if isinstance(key, tuple) and key[0] == "func" else None


def _near(three: Three, slot: SlotRows, places: dict[int, Pair]) -> int | None:
    """For a new declaration: behind the nearest one above that the target has."""
    before = three.before
    if before.kind != "source_file":
        return None
    for index in range(slot.low - 1, -1, -1):
        if index in places and before.rows[index].kind not in ("comment", "import_declaration"):
            return places[index].right
    return None
