"""Which lines two files have in common, in time that grows with their lines, not with the product."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

_FAR = 100  # edits that are looked ahead; past them the search goes on from the best place so far
_ZERO = _FAR + 1  # where the diagonal 0 stands in a list of all that are looked at
_NOWHERE = -(1 << 60)


def common(before: Sequence[bytes], after: Sequence[bytes]) -> Iterator[tuple[int, int]]:
    """Pairs of indices (from 0) of lines that stay, in order, as many as are found.

    The search is Myers' ("An O(ND) Difference Algorithm", 1986) over the lines that both have, cut
    short as GNU diff does where the two are far apart.
    """
    shared = set(before) & set(after)
    rows = [i for i, line in enumerate(before) if line in shared]
    columns = [j for j, line in enumerate(after) if line in shared]
    left, right = [before[i] for i in rows], [after[j] for j in columns]
    at = (0, 0)
    while at[0] < len(left) and at[1] < len(right):
        path = _path(left, right, at)
        at = path.end
        yield from ((rows[i], columns[j]) for i, j in path.pairs)


class _Path(NamedTuple):
    """A way through both lists of lines: what it meets on both sides, and where it ends."""

    pairs: list[tuple[int, int]]
    end: tuple[int, int]


def _path(left: Sequence[bytes], right: Sequence[bytes], start: tuple[int, int]) -> _Path:
    """The way from `start` to both ends with the fewest edits, or the best of `_FAR` edits.

    A diagonal is how much farther a place is in `left` than in `right`, seen from `start`.
    """
    shift = start[0] - start[1]
    width, height = len(left), len(right)
    furthest = [_NOWHERE] * (2 * _ZERO + 1)  # places in `left`, by the diagonals from -_ZERO on
    furthest[_ZERO + 1] = start[0]
    trace: list[Sequence[int]] = []
    for edits in range(_FAR + 1):
        trace.append(furthest[:])
        for at in range(_ZERO - edits, _ZERO + edits + 1, 2):
            added, removed = furthest[at + 1], furthest[at - 1] + 1
            x = added if added >= removed else removed  # as _step, which is asked for the way back
            y = x - (at - _ZERO) - shift
            while 0 <= x < width and y < height and left[x] == right[y]:
                x, y = x + 1, y + 1
            furthest[at] = x if x <= width and y <= height else _NOWHERE
            if x == width and y == height:
                return _Path(_pairs(trace, at - _ZERO, (x, y)), (x, y))
    best = max(range(-_FAR, _FAR + 1, 2), key=lambda d: 2 * furthest[_ZERO + d] - d)
    end = furthest[_ZERO + best], furthest[_ZERO + best] - best - shift
    return _Path(_pairs(trace, best, end), end)


def _step(furthest: Sequence[int], diagonal: int) -> tuple[int, int]:
    """Where one edit more begins on a diagonal, and from which diagonal it came."""
    added, removed = furthest[_ZERO + diagonal + 1], furthest[_ZERO + diagonal - 1] + 1
    return (added, diagonal + 1) if added >= removed else (removed, diagonal - 1)


def _pairs(
    trace: Sequence[Sequence[int]], diagonal: int, end: tuple[int, int]
) -> list[tuple[int, int]]:
    """What is met on the way to `end` on `diagonal`, from what each number of edits had reached."""
    found: list[tuple[int, int]] = []
    x, y = end
    for furthest in reversed(trace):
        begin, came = _step(furthest, diagonal)
        found += [(x - n, y - n) for n in range(1, x - begin + 1)]
        x, y = (begin, y - (x - begin) - 1) if came > diagonal else (begin - 1, y - (x - begin))
        diagonal = came
    return found[::-1]
