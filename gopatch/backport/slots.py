"""What the target has where a slot of the change lies."""

from __future__ import annotations

from gopatch.backport.carried import SlotRows, Three
from gopatch.backport.pairing import Pair


def held(slot: SlotRows, places: dict[int, Pair], there: dict[int, Pair]) -> list[Pair | None]:
    """For each row that comes, the row of the target that says the same and is no other's."""
    taken = {pair.right for pair in places.values() if pair.same}
    held = [there.get(k) for k in range(slot.start, slot.stop)]
    return [p if p is not None and p.same and p.right not in taken else None for p in held]


def inside(pair: Pair, slot: SlotRows, places: dict[int, Pair]) -> bool:
    """Whether a row of the target stands where the slot is."""
    low = places.get(slot.low - 1)
    high = places.get(slot.high)
    return (low is None or pair.right > low.right) and (high is None or pair.right < high.right)


def near(three: Three, slot: SlotRows, places: dict[int, Pair]) -> int | None:
    """For a new declaration: behind the nearest one above that the target has."""
    before = three.before
    if before.kind != "source_file":
        return None
    for index in range(slot.low - 1, -1, -1):
        if index in places and before.rows[index].kind not in ("comment", "import_declaration"):
            return places[index].right
    return None
