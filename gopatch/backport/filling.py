"""Lines of a change as they stand in the target: their place, their blank lines, their depth."""

from __future__ import annotations

from gopatch.backport.carried import Gap, SlotRows, Three
from gopatch.backport.lists import Listing
from gopatch.splice import Splice


def filled(three: Three, slot: SlotRows, gap: Gap, text: bytes) -> Splice:
    """The edit that puts `text` (whole lines, b"" for none) between two rows of the target."""
    target = three.target
    rows, opening = target.rows, gap.above < 0 and target.kind != "source_file"
    low, high = _range(target, gap)
    head = tail = b""
    if text:
        head = b"\n" if gap.above >= 0 or opening else b""
        head += b"\n" if gap.above >= 0 and _blank_before(three, slot, gap) else b""
    if gap.below < len(rows) and (text or gap.above >= 0 or opening):
        blank = _blank_after(three, slot, gap) and (gap.above >= 0 or text)
        tail = b"\n\n" if blank else b"\n"
    return Splice(low, max(low, high), head + text + tail)


def _range(target: Listing, gap: Gap) -> tuple[int, int]:
    """From the line end above to the line below, or to the end of what goes."""
    rows = target.rows
    low = rows[gap.above].lines[1] if gap.above >= 0 else target.start
    if gap.below < len(rows):
        return low, rows[gap.below].lines[0]
    if gap.below == 0 or gap.below - 1 == gap.above:
        return low, low
    return low, rows[gap.below - 1].lines[1]


def _blank_before(three: Three, slot: SlotRows, gap: Gap) -> bool:
    """Whether an empty line stands above what comes."""
    rows = three.target.rows
    blank = slot.start > 0 and three.after.rows[slot.start].blank_before()
    apart = not (gap.left and gap.left.right == gap.above)
    replaced = gap.below > gap.above + 1 and gap.above + 1 < len(rows)
    return blank or (apart and replaced and rows[gap.above + 1].blank_before())


def _blank_after(three: Three, slot: SlotRows, gap: Gap) -> bool:
    """Whether an empty line stands below what comes, or where something went."""
    rows = three.target.rows
    is_blank = rows[gap.below].blank_before()
    replaced = gap.below > gap.above + 1
    if not (gap.right and gap.right.right == gap.below and slot.stop < len(three.after.rows)):
        only_gone = slot.start == slot.stop and replaced
        return is_blank or (only_gone and rows[gap.above + 1].blank_before())
    was = three.before.rows[slot.high].blank_before()
    now = three.after.rows[slot.stop].blank_before()
    return now if was == is_blank or replaced else is_blank


def beside(target: Listing, gap: Gap) -> str:
    """The place in words."""
    rows = target.rows
    if not rows:
        return "in an empty body"
    word, row = ("before", rows[gap.below]) if gap.below < len(rows) else ("after", rows[gap.above])
    return f"{word} `{row.text.split(bytes([10]))[0].decode(errors='replace')}`"


def indented(text: bytes, deeper: int, *, first: bool = True) -> bytes:
    """Lines with so many tabs more (or less); what a raw string holds stays as it is."""
    if not deeper or (not first and b"\n" not in text):
        return text
    raw = False
    out = []
    for number, line in enumerate(text.split(b"\n")):
        moved = line
        if line and not raw and (first or number):
            moved = b"\t" * deeper + line if deeper > 0 else _out(line, -deeper)
        out.append(moved)
        raw ^= line.count(b"`") % 2 == 1
    return b"\n".join(out)


def _out(line: bytes, many: int) -> bytes:
    tabs = len(line) - len(line.lstrip(b"\t"))
    return line[min(tabs, many) :]
