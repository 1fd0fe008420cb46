"""A change side by side: hunks of rows, each with the line before and the line after, and in both
the words that differ.

Bytes that are no UTF-8 are shown as `\\xff`; nothing here is ever applied.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from gopatch.heaviest import heaviest
from gopatch.output.diff import Block, groups, lines

_WORD = re.compile(r"\w+|\s+|[^\w\s]")
_OPENS = re.compile(rb"(?:func|type|var|const|[A-Za-z_]\w*\(\)|#) ?")
# Two lines are one changed line where at least so much of their words is the same.
_ALIKE = 0.5
# Above so many pairs lines are told apart by their order alone.
_MANY = 10_000


class MarkedText(NamedTuple):
    """A run of text; `changed` where the other side has other words, or none."""

    text: str
    changed: bool


class NumberedLine(NamedTuple):
    """A line of one side: its number, from 1, and its text without the line end."""

    number: int
    spans: tuple[MarkedText, ...]

    @property
    def text(self) -> str:
        return "".join(span.text for span in self.spans)

    @property
    def whole(self) -> bool:
        """Whether all of it is changed."""
        return all(span.changed for span in self.spans)


class PairedLines(NamedTuple):
    """A line before and a line after; None where that side has no such line."""

    before: NumberedLine | None
    after: NumberedLine | None

    @property
    def kind(self) -> str:
        """ "same", "removed", "added" or "changed"."""
        if self.before is None or self.after is None:
            return "added" if self.before is None else "removed"
        spans = (*self.before.spans, *self.after.spans)
        changed = any(span.changed for span in spans)
        return "changed" if changed else "same"


class RowGroup(NamedTuple):
    """Rows that stand together; `within` is the declaration above that they lie in, or ""."""

    within: str
    rows: tuple[PairedLines, ...]


def hunks(before: bytes | None, after: bytes | None, context: int = 3) -> tuple[RowGroup, ...]:
    """What differs, with `context` lines around it."""
    old, new = lines(before), lines(after)
    return tuple(
        RowGroup(
            _within(old, max(group[0][0] - context, 0)), tuple(_rows(old, new, group, context))
        )
        for group in groups(old, new, context)
    )


def _within(old: Sequence[bytes], start: int) -> str:
    """The nearest line above that opens a declaration, as `diff -p` shows it."""
    if start < len(old) and _OPENS.match(old[start]):
        return ""
    for line in reversed(old[:start]):
        if _OPENS.match(line):
            return _text(line).rstrip()
    return ""


def _rows(
    old: Sequence[bytes], new: Sequence[bytes], group: list[Block], context: int
) -> Iterator[PairedLines]:
    at, there = max(group[0][0] - context, 0), max(group[0][2] - context, 0)
    for low, high, new_low, new_high in group:
        yield from _same(old, new, at, there, low)
        yield from _block(old, new, (low, high, new_low, new_high))
        at, there = high, new_high
    yield from _same(old, new, at, there, min(at + context, len(old)))


def _same(
    old: Sequence[bytes], new: Sequence[bytes], at: int, there: int, stop: int
) -> Iterator[PairedLines]:
    for number in range(at, stop):
        other = there + number - at
        yield PairedLines(_whole(old, number, False), _whole(new, other, False))


def _block(old: Sequence[bytes], new: Sequence[bytes], block: Block) -> Iterator[PairedLines]:
    """The rows of a changed block: lines that are alike face each other."""
    low, high, new_low, new_high = block
    at, there = low, new_low
    for i, k in [*_pairs(old[low:high], new[new_low:new_high]), (high - low, new_high - new_low)]:
        yield from (PairedLines(_whole(old, n, True), None) for n in range(at, low + i))
        yield from (PairedLines(None, _whole(new, n, True)) for n in range(there, new_low + k))
        at, there = low + i + 1, new_low + k + 1
        if at <= high and there <= new_high:
            spans = words(*_told_apart(old[at - 1], new[there - 1]))
            yield PairedLines(NumberedLine(at, spans[0]), NumberedLine(there, spans[1]))


def _told_apart(old: bytes, new: bytes) -> tuple[str, str]:
    """Two lines as text; where they differ in their ends alone, the ends are shown."""
    before, after = _text(old), _text(new)
    if before != after:
        return before, after
    ends = {b"\r\n": "␍␊", b"\n": "␊", b"": "␃"}
    return before + ends[_end(old)], after + ends[_end(new)]


def _end(line: bytes) -> bytes:
    return next(end for end in (b"\r\n", b"\n", b"") if line.endswith(end))


def _whole(side: Sequence[bytes], index: int, changed: bool) -> NumberedLine:
    text = _text(side[index])
    return NumberedLine(index + 1, (MarkedText(text, changed),) if text else ())


def _text(line: bytes) -> str:
    return line.removesuffix(b"\n").removesuffix(b"\r").decode(errors="backslashreplace")


def _pairs(old: Sequence[bytes], new: Sequence[bytes]) -> list[tuple[int, int]]:
    """Which lines face each other, in order: as alike in all as can be."""
    if len(old) * len(new) > _MANY:
        return [(n, n) for n in range(min(len(old), len(new)))]
    left, right = ([_WORD.findall(_text(x).strip()) for x in side] for side in (old, new))
    alike = [[_alike(a, b) for b in right] for a in left]
    return heaviest([[value if value >= _ALIKE else 0.0 for value in row] for row in alike])


def _alike(a: list[str], b: list[str]) -> float:
    """How much of the words of the shorter of two lines the other has: 0 to 1.

    A condition that gets one more operand is the same line, however long the operand is; of two
    such lines the one with fewer words more is nearer.
    """
    if not any(map(_is_name, a)) or not any(map(_is_name, b)):
        return float(a == b)
    matching = _matcher(a, b).get_matching_blocks()
    same = _length(word for match in matching for word in a[match.a : match.a + match.size])
    shorter, longer = sorted((_length(a), _length(b)))
    return same / shorter - 0.01 * (longer - shorter) / longer


def _is_name(word: str) -> bool:
    return word[0].isalnum() or word[0] == "_"


def _length(found: Iterable[str]) -> int:
    return sum(len(word) for word in found if _is_name(word))


def _matcher(a: list[str], b: list[str]) -> SequenceMatcher[str]:
    return SequenceMatcher(None, a, b, autojunk=False)


def words(before: str, after: str) -> tuple[tuple[MarkedText, ...], tuple[MarkedText, ...]]:
    """Two lines that differ, with the words marked that only one of them has.

    Lines that differ in bytes which look the same are marked as a whole.
    """
    if before == after:
        return (MarkedText(before, True),), (MarkedText(after, True),)
    a, b = _WORD.findall(before), _WORD.findall(after)
    old: list[MarkedText] = []
    new: list[MarkedText] = []
    for tag, i, j, k, m in _matcher(a, b).get_opcodes():
        _add(old, "".join(a[i:j]), tag != "equal")
        _add(new, "".join(b[k:m]), tag != "equal")
    return tuple(old), tuple(new)


def _add(spans: list[MarkedText], text: str, changed: bool) -> None:
    if not text:
        return
    if spans and spans[-1].changed == changed:
        spans[-1] = MarkedText(spans[-1].text + text, changed)
    else:
        spans.append(MarkedText(text, changed))
