"""Which row of one listing is which row of another.

Rows that say the same (once known renamings are made) are anchors, the unique ones first; between
two anchors rows of one kind pair up where they have the same key or most of their words. In
listings without an order of their own (declarations, fields, cases) a key finds its row anywhere.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from gopatch.backport.lists import ListedRow
from gopatch.heaviest import heaviest

Words = tuple[bytes, ...]
Renaming = Callable[[Words], Words]
# Rows of one kind that have at least so many of their words in common are one row, changed.
_ALIKE = 0.5
# Above so many pairs in a gap only keys pair rows up.
_MANY = 40_000


class Pair(NamedTuple):
    """A row of the one side, a row of the other; `same` where they say the same."""

    left: int
    right: int
    same: bool


def pairs(
    left: Sequence[ListedRow], right: Sequence[ListedRow], renamed: Renaming
) -> dict[int, Pair]:
    """Pairs by the left row's index."""
    ours = [renamed(row.words) for row in left]
    theirs = [row.words for row in right]
    anchors = [Pair(i, k, True) for i, k in _anchors(ours, theirs, (0, len(left), 0, len(right)))]
    found = {pair.left: pair for pair in anchors}
    edges = [Pair(-1, -1, True), *sorted(anchors), Pair(len(left), len(right), True)]
    for one, other in itertools.pairwise(edges):
        gap = (one.left + 1, other.left, one.right + 1, other.right)
        for i, k in _alike(left, right, (ours, theirs), gap):
            found[i] = Pair(i, k, ours[i] == theirs[k])
    taken = {pair.right for pair in found.values()}
    for key in (_whole_key, _method_key):
        for i, k in _by_key(left, right, key):
            if (
                i not in found
                and k not in taken
                and likeness(left[i], right[k], ours[i], theirs[k])
            ):
                found[i] = Pair(i, k, ours[i] == theirs[k])
                taken.add(k)
    return found


def unchanged(words: Words) -> Words:
    """The renaming that renames nothing."""
    return words


def in_order(found: dict[int, Pair], stop: Pair) -> list[Pair]:
    """The pairs that keep their order, between two that stand for the ends."""
    kept: list[Pair] = [Pair(-1, -1, True)]
    for index in sorted(found):
        if found[index].right > kept[-1].right:
            kept.append(found[index])
    return [*kept, stop]


def aligned(left: Sequence[Hashable], right: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Equal elements of two sequences that keep their order."""
    return sorted(_anchors(left, right, (0, len(left), 0, len(right))))


def _anchors(
    left: Sequence[Hashable], right: Sequence[Hashable], span: tuple[int, int, int, int]
) -> Iterator[tuple[int, int]]:
    """Equal elements in order: from both ends, then by those that are unique, then what is left."""
    low, high, start, stop = span
    while low < high and start < stop and left[low] == right[start]:
        yield low, start
        low, start = low + 1, start + 1
    while low < high and start < stop and left[high - 1] == right[stop - 1]:
        high, stop = high - 1, stop - 1
        yield high, stop
    if low == high or start == stop:
        return
    unique = _unique(left, right, (low, high, start, stop))
    if not unique:
        matcher = SequenceMatcher(None, left[low:high], right[start:stop], autojunk=False)
        for block in matcher.get_matching_blocks():
            yield from ((low + block.a + n, start + block.b + n) for n in range(block.size))
        return
    for i, k in [*unique, (high, stop)]:
        yield from _anchors(left, right, (low, i, start, k))
        if i < high:
            yield i, k
        low, start = i + 1, k + 1


def _unique(
    left: Sequence[Hashable], right: Sequence[Hashable], span: tuple[int, int, int, int]
) -> list[tuple[int, int]]:
    """The longest rising run of pairs whose element stands once on either side."""
    low, high, start, stop = span
    ours, theirs = Counter(left[low:high]), Counter(right[start:stop])
    where = {e: k for k, e in enumerate(right[start:stop], start) if theirs[e] == 1}
    found = [
        (i, where[e]) for i, e in enumerate(left[low:high], low) if ours[e] == 1 and e in where
    ]
    return _rising(found)


def _rising(found: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest run of pairs, in order of their left sides, whose right sides rise.

    Patience sorting: for each length the end of the best run of it, and what stands before each end.
    """
    ends: list[int] = []  # by length - 1: the index in `found` of the lowest end
    rights: list[int] = []
    before: list[int] = []
    for index, (_, right) in enumerate(found):
        size = bisect_left(rights, right)
        before.append(ends[size - 1] if size else -1)
        rights[size : size + 1] = [right]
        ends[size : size + 1] = [index]
    best: list[tuple[int, int]] = []
    at = ends[-1] if ends else -1
    while at >= 0:
        best.append(found[at])
        at = before[at]
    return best[::-1]


def _alike(
    left: Sequence[ListedRow],
    right: Sequence[ListedRow],
    words: tuple[list[Words], list[Words]],
    gap: tuple[int, int, int, int],
) -> list[tuple[int, int]]:
    """Pairs in a gap, in order, as alike in all as can be."""
    low, high, start, stop = gap
    wide, deep = high - low, stop - start
    if not wide or not deep or wide * deep > _MANY:
        return []
    score = [
        [
            likeness(left[low + i], right[start + k], words[0][low + i], words[1][start + k])
            for k in range(deep)
        ]
        for i in range(wide)
    ]
    return [(low + i, start + k) for i, k in heaviest(score)]


def likeness(one: ListedRow, other: ListedRow, ours: Words, theirs: Words) -> float:
    """How much two rows are the same one: 0 where they are not, above 1 for the same key."""
    if one.kind != other.kind:
        return 0.0
    if one.key is not None and other.key is not None:
        if one.key == other.key:
            return 2.0
        if one.key[0] == "func" and not _is_same_method(one.key, other.key):
            return 0.0
    shared = common(ours, theirs)
    return shared if shared >= _ALIKE else 0.0


def _is_same_method(one: tuple[object, ...], other: tuple[object, ...]) -> bool:
    """Whether two methods have one name, of receivers whose types are called otherwise."""
    return one[2] == other[2] and bool(one[1]) and bool(other[1])


def common(ours: Words, theirs: Words) -> float:
    """The share of words that two rows have in common, 0 to 1."""
    size = len(ours) + len(theirs)
    return 2 * (Counter(ours) & Counter(theirs)).total() / size if size else 0.0


Key = Callable[[ListedRow], Hashable]


def _whole_key(row: ListedRow) -> Hashable:
    return row.key


def _method_key(row: ListedRow) -> Hashable:
    """A method's name: the type of its receiver may be called otherwise."""
    return row.key[2] if row.key and row.key[0] == "func" and row.key[1] else None


def _by_key(
    left: Sequence[ListedRow], right: Sequence[ListedRow], key: Key
) -> Iterator[tuple[int, int]]:
    ours, theirs = Counter(map(key, left)), Counter(map(key, right))
    where = {key(row): k for k, row in enumerate(right)}
    for i, row in enumerate(left):
        name = key(row)
        if name is not None and ours[name] == 1 == theirs[name]:
            yield i, where[name]
