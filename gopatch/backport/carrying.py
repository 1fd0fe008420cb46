"""What a change did to the source that it was made for, done to another source.

`before` and `after` are the change's two sides, `target` the other source's file. Each edit of the
change is one on a listing of `before`; it is carried to the listing of the target that pairs with
it, to the neighbour that both have. What finds no place, or finds other words where it would write,
is a `Trouble`, and then nothing is carried.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence

from gopatch.backport.another import is_another, without_others
from gopatch.backport.carried import (
    Carried,
    CarriedEdit,
    Gap,
    SlotRows,
    Three,
    ThreeSides,
    Trouble,
    first_line,
    line_of,
    loosely,
    with_note,
    without_imports,
)
from gopatch.backport.depth import differ, displaced, is_displaced, nearest
from gopatch.backport.filling import beside, filled, indented
from gopatch.backport.lists import ListedRow, Token, called, lex, listing_of
from gopatch.backport.pairing import Pair, aligned, common, in_order, pairs, unchanged
from gopatch.backport.renames import Renamings, renamed_text, renamings
from gopatch.backport.slots import absent, begun, inside, is_reworded, opening
from gopatch.backport.slots import held as held_in
from gopatch.backport.taken_over import reads_otherwise
from gopatch.splice import Splice

# A row that goes, with nothing in its place, may read otherwise if it has so many of its words.
_SAME_ENOUGH = 0.6
_LOST = "neither of its neighbours is in the target"


def carry(before: bytes, after: bytes, target: bytes, names: Renamings) -> Carried:
    """Carry a change of one Go file, but for its imports; `names` are known beforehand."""
    work = _CarryWork()
    work.listing(Three(listing_of(before), listing_of(after), listing_of(target), names))
    work.tell_spared()
    return Carried(tuple(work.edits), tuple(work.done), tuple(work.troubles), tuple(work.renamed))


class _CarryWork:
    def __init__(self) -> None:
        self.edits: list[Splice] = []
        self.done: list[CarriedEdit] = []
        self.troubles: list[Trouble] = []
        self.renamed: list[tuple[bytes, bytes, int, int]] = []
        self.declaration = ""
        self.spared: list[ListedRow] = []

    def listing(self, three: Three) -> None:
        """Carry what differs between two sides of a listing."""
        before, after, target, names = three
        if not differ(before, after):
            return
        moves = dict(pairs(before.rows, after.rows, unchanged).items())
        steps = in_order(moves, Pair(len(before.rows), len(after.rows), True))
        places = pairs(before.rows, target.rows, names.flat)
        there = pairs(after.rows, target.rows, names.flat)
        for one, other in itertools.pairwise(steps):
            slot = SlotRows(one.left + 1, other.left, one.right + 1, other.right)
            if slot.low < slot.high or slot.start < slot.stop:
                self._slot(three, slot, without_others(places, three), there)
            if other.left < len(before.rows) and not other.same:
                self._row(three, other, places)
            elif other.left < len(before.rows):
                self._blank(three, one, other, places)

    def _blank(self, three: Three, one: Pair, other: Pair, places: dict[int, Pair]) -> None:
        """An empty line that came or went between two rows that stay."""
        before, after, target, _ = three
        if one.left + 1 != other.left or one.right + 1 != other.right or one.left < 0:
            return
        was = before.rows[other.left].blank_before()
        now = after.rows[other.right].blank_before()
        left, right = places.get(one.left), places.get(other.left)
        if was == now or left is None or right is None or right.right != left.right + 1:
            return
        low, high = target.rows[left.right].lines[1], target.rows[right.right].lines[0]
        self.edits.append(Splice(low, high, b"\n\n" if now else b"\n"))

    def _row(self, three: Three, move: Pair, places: dict[int, Pair]) -> None:
        before, after, target, names = three
        was, now = before.rows[move.left], after.rows[move.right]
        if was.kind == "import_declaration" and before.kind == "source_file":
            return
        place = places.get(move.left)
        there = target.rows[place.right] if place is not None else None
        if before.kind == "source_file":
            self.declaration = called(was)
            names = renamings(was, there, names) if there is not None else names
        if there is None or (
            not (place and place.same)
            and (is_displaced(three, was, now) or is_another(was, now, there, names))
        ):
            self._elsewhere(three, was, now)
            return
        self.row(ThreeSides(was, now, there, names, target.indent - after.indent))

    def _elsewhere(self, three: Three, was: ListedRow, now: ListedRow) -> None:
        found = displaced(three, was, now)
        if found is None:
            self._trouble(was, "has no counterpart in the target", nearest(three, was))
            return
        self._note(was, 0, 0, found.how)
        if found.sides is not None:
            self.row(found.sides)
        elif found.listing is not None:
            self.listing(found.listing)

    def _slot(
        self, three: Three, slot: SlotRows, places: dict[int, Pair], there: dict[int, Pair]
    ) -> None:
        slot = without_imports(three, slot)
        gone = three.before.rows[slot.low : slot.high]
        come = three.after.rows[slot.start : slot.stop]
        if not gone and not come:
            return
        if three.before.kind == "source_file":
            self.declaration = called(next(iter(come or gone)))
            if moved := reads_otherwise(three, come, places) if come else None:
                self._trouble(come[0], "takes over what reads otherwise in the target", moved.start)
                return
        found = [places.get(i) for i in range(slot.low, slot.high)]
        held = held_in(slot, places, there)
        gone_there = any(pair is not None and pair.same for pair in found)
        if come and all(held) and not gone_there:
            self._note(come[0], 0, 0, "already there")
            return
        begins = begun(three, slot, places, there)
        if any(pair and inside(pair, slot, places) for pair in (*held, *begins)):
            self._trouble((gone or come)[0], "part of what comes is there already")
            return
        missing, spare = absent(gone, found)
        if missing:
            self._trouble(missing[0], "goes, but is not in the target")
            return
        self.spared += spare
        if spare and not any(found) and is_reworded(gone, come):
            return
        pairs_found = [pair for pair in found if pair]
        wrong = self._differs(three, slot, pairs_found)
        if wrong is not None:
            self.troubles.append(wrong)
            return
        self._place(three, slot, places, [pair.right for pair in pairs_found])

    def _differs(self, three: Three, slot: SlotRows, found: Sequence[Pair]) -> Trouble | None:
        """What goes but reads otherwise; where nothing comes in its place, it may."""
        before, _, target, names = three
        for pair in found:
            row, there = before.rows[pair.left], target.rows[pair.right]
            if pair.same:
                continue
            alike = common(names.flat(row.words), there.words)
            if slot.start < slot.stop or alike < _SAME_ENOUGH:
                reason = f"`{first_line(row)}` goes, but reads otherwise in the target"
                return Trouble(line_of(row), reason, there.start)
            how = f"goes, though it reads otherwise here: `{first_line(there)}`"
            self._note(row, 0, there.text.count(b"\n") + 1, how)
        return None

    def _place(
        self, three: Three, slot: SlotRows, places: dict[int, Pair], gone: list[int]
    ) -> None:
        """Where the slot lies in the target, and the edit that fills it."""
        before, after, _, _ = three
        above = places.get(slot.low - 1) if slot.low else None
        below = places.get(slot.high) if slot.high < len(before.rows) else None
        row = (after.rows[slot.start : slot.stop] or before.rows[slot.low : slot.high])[0]
        if above and below and above.right >= below.right and before.kind != "source_file":
            self._trouble(row, "its neighbours stand in another order in the target")
            return
        if gone:
            if sorted(gone) != list(range(min(gone), max(gone) + 1)):
                self._trouble(row, "what goes does not stand together in the target")
                return
            u, v = min(gone) - 1, max(gone) + 1
        else:
            found = opening(three, slot, places)
            if found is None:
                self._trouble(row, _LOST, nearest(three, row))
                return
            u, v = found, found + 1
        self._fill(three, slot, Gap(u, v, above, below))

    def _fill(self, three: Three, slot: SlotRows, gap: Gap) -> None:
        before, after, target, _ = three
        come = after.rows[slot.start : slot.stop]
        data = after.data[come[0].lines[0] : come[-1].lines[1]] if come else b""
        text = self._text(data, three)
        edit = filled(three, slot, gap, text)
        self.edits.append(edit)
        gone = sum(row.text.count(b"\n") + 1 for row in before.rows[slot.low : slot.high])
        added = text.count(b"\n") + 1 if come else 0
        place = beside(target, gap)
        self.done.append(CarriedEdit(self.declaration, place, added, gone, edit.start))

    def _text(self, data: bytes, three: Three) -> bytes:
        """Lines of `after` as they stand in the target."""
        text = renamed_text(data, three.names, self._teller(three.names))
        return indented(text, three.target.indent - three.after.indent)

    def _teller(self, names: Renamings) -> Callable[[bytes, bytes], None]:
        def tell(old: bytes, new: bytes) -> None:
            self.renamed.append((old, new, *names.proofs.get(old, (-1, -1))))

        return tell

    def row(self, sides: ThreeSides) -> None:
        """Carry what differs between two sides of a row: token by token, listing by listing."""
        names = sides.names
        if names.flat(sides.after.words) == sides.target.words:
            self._note(sides.before, 0, 0, "already there")
            return
        was, now, there = sides.before.tokens, sides.after.tokens, sides.target.tokens
        moves = aligned([t.text for t in was], [t.text for t in now])
        places = dict(aligned(names.words(tuple(t.text for t in was)), [t.text for t in there]))
        edges = [(-1, -1), *moves, (len(was), len(now))]
        for (i, j), (m, n) in itertools.pairwise(edges):
            if i + 1 < m or j + 1 < n:
                self._tokens(sides, SlotRows(i + 1, m, j + 1, n), places)
            if m < len(was) and was[m].listing is not None:
                self._nested(sides, (was[m], now[n]), places.get(m))

    def _nested(self, sides: ThreeSides, both: tuple[Token, Token], place: int | None) -> None:
        before, after = both[0].listing, both[1].listing
        if before is None or after is None or not differ(before, after):
            return
        target = None if place is None else sides.target.tokens[place].listing
        if target is None:
            self._trouble(sides.before, "is laid out otherwise in the target")
            return
        self.listing(Three(before, after, target, sides.names))

    def _tokens(self, sides: ThreeSides, slot: SlotRows, places: dict[int, int]) -> None:
        was, now, there = sides.before.tokens, sides.after.tokens, sides.target.tokens
        left = places.get(slot.low - 1) if slot.low else -1
        right = places.get(slot.high) if slot.high < len(was) else len(there)
        if left is None or right is None or left >= right:
            self._trouble(sides.before, "reads otherwise in the target", sides.target.start)
            return
        gone, come = was[slot.low : slot.high], now[slot.start : slot.stop]
        held = there[left + 1 : right]
        said = tuple(t.text for t in held)
        if come and said == sides.names.words(tuple(t.text for t in come)):
            self._note(sides.before, 0, 0, "already there")
        elif loosely(said) != loosely(sides.names.words(tuple(t.text for t in gone))) or any(
            one.listing and other.listing and not self._same_inside(one, other, sides)
            for one, other in zip(gone, held, strict=True)
        ):
            self._trouble(sides.before, "reads otherwise in the target", sides.target.start)
        else:
            self._between(sides, slot, (left, right))

    def _between(self, sides: ThreeSides, slot: SlotRows, ends: tuple[int, int]) -> None:
        """Write what stands between two tokens of `after` between those of the target."""
        now, there = sides.after.tokens, sides.target.tokens
        left, right = ends
        begin = there[left].end if left >= 0 else sides.target.start
        end = there[right].start if right < len(there) else sides.target.end
        first = now[slot.start - 1].end if left >= 0 else sides.after.start
        last = now[slot.stop].start if right < len(there) else sides.after.end
        data = sides.after.data[first:last]
        text = renamed_text(data, sides.names, self._teller(sides.names))
        new = indented(text, sides.deeper, first=False)
        if sides.target.data[begin:end] != new:
            self.edits.append(Splice(begin, end, new))
            line = sides.target.data.rfind(b"\n", 0, begin) + 1
            self._note(sides.before, new.count(b"\n") + 1, 1, "", line)

    def _same_inside(self, one: Token, other: Token, sides: ThreeSides) -> bool:
        ours = tuple(lex(sides.before.data[one.start : one.end]))
        return list(sides.names.words(ours)) == lex(sides.target.data[other.start : other.end])

    def tell_spared(self) -> None:
        """Comments that go and are not there: told, and no edit if they are all that there is."""
        for row in self.spared:
            self._note(row, 0, 0, "a comment that goes, and is not here")
        if self.spared and not self.edits:
            self._trouble(self.spared[0], "goes, but is not in the target")

    def _trouble(self, row: ListedRow, reason: str, near: int | None = None) -> None:
        said = f"`{first_line(row)}` {reason}"
        self.troubles.append(Trouble(line_of(row), said, near, row.key))

    def _note(self, row: ListedRow, added: int, removed: int, how: str, line: int = -1) -> None:
        place = f"in `{first_line(row)}`"
        note = CarriedEdit(self.declaration, place, added, removed, row.start, how, line)
        self.done[-1:] = with_note(self.done[-1:], note)
