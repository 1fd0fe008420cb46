"""What carrying a change speaks of: three sides of a listing or a row, and what came of an edit."""

from __future__ import annotations

from typing import NamedTuple

from gopatch.backport.lists import ListedRow, Listing
from gopatch.backport.pairing import Pair, Words
from gopatch.backport.renames import Renamings
from gopatch.go.tree import position
from gopatch.splice import Splice


class Trouble(NamedTuple):
    """Why an edit cannot be carried: its line, of the side of the change that has it, and what stands in the way.

    `nearest` is where in the target it may belong; `key` is that of the row that is carried.
    """

    line: int
    reason: str
    nearest: int | None = None
    key: object = None


class CarriedEdit(NamedTuple):
    """An edit that was carried: lines that came and went, and where; `how` says more.

    `line` is where the line of the target starts that an edit within a row is in, else -1.
    """

    declaration: str
    place: str
    added: int
    removed: int
    at: int
    how: str = ""
    line: int = -1


def with_note(last: list[CarriedEdit], note: CarriedEdit) -> list[CarriedEdit]:
    """A note behind the last one, or one of both: a line counts once, however many words of it change."""
    if not last or min(last[0].line, note.line) < 0 or last[0].at != note.at:
        return [*last, note]
    again = last[0].line == note.line
    added, removed = last[0].added + note.added - again, last[0].removed + note.removed - again
    return [note._replace(added=added, removed=removed)]


class Carried(NamedTuple):
    """What came of it: edits of the target's bytes, or what stood in the way."""

    edits: tuple[Splice, ...]
    done: tuple[CarriedEdit, ...]
    troubles: tuple[Trouble, ...]
    names: tuple[tuple[bytes, bytes, int, int], ...] = ()


class Three(NamedTuple):
    """The same listing on three sides, and the renamings that hold there."""

    before: Listing
    after: Listing
    target: Listing
    names: Renamings


class SlotRows(NamedTuple):
    """Rows that go and rows that come in one place: half-open ranges of `before` and `after`."""

    low: int
    high: int
    start: int
    stop: int


class ThreeSides(NamedTuple):
    """The same row on three sides; `deeper` is how many tabs more the target's has."""

    before: ListedRow
    after: ListedRow
    target: ListedRow
    names: Renamings
    deeper: int


class Gap(NamedTuple):
    """Where a slot lies in the target: between two rows of it, and which rows the slot's neighbours are."""

    above: int
    below: int
    left: Pair | None
    right: Pair | None


def without_imports(three: Three, slot: SlotRows) -> SlotRows:
    """The slot without the imports at its ends: those come and go by need."""
    low, high, start, stop = slot
    rows, new = three.before.rows, three.after.rows
    while low < high and rows[low].kind == "import_declaration":
        low += 1
    while low < high and rows[high - 1].kind == "import_declaration":
        high -= 1
    while start < stop and new[start].kind == "import_declaration":
        start += 1
    while start < stop and new[stop - 1].kind == "import_declaration":
        stop -= 1
    return SlotRows(low, high, start, stop)


def loosely(words: Words) -> Words:
    """Words whose comments are told by what they say: `//nolint` is `// nolint`."""
    return tuple(b"//" + w[2:].strip() if w.startswith(b"//") else w for w in words)


def first_line(row: ListedRow) -> str:
    """What a reader is shown of a row."""
    return row.text.split(b"\n")[0].decode(errors="replace").strip()


def line_of(row: ListedRow) -> int:
    """The line on which a row begins, from 1."""
    return position(row.data, row.start)[0]
