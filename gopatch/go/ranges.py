"""Byte ranges of a file, asked in the logarithm of their number whether something touches one."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable


class Ranges:
    """Sorted ranges without overlap, of which touching ones are one."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        self.starts: list[int] = []
        self.ends: list[int] = []
        for start, end in sorted(spans):
            if self.ends and start <= self.ends[-1]:
                self.ends[-1] = max(self.ends[-1], end)
            else:
                self.starts.append(start)
                self.ends.append(end)

    def touches(self, start: int, end: int) -> bool:
        """Whether one of the ranges overlaps `start`..`end` or stands right beside it."""
        at = bisect_right(self.starts, end) - 1
        return at >= 0 and self.ends[at] >= start

    def holds(self, start: int, end: int) -> bool:
        """Whether `start`..`end` lies within one of the ranges."""
        at = bisect_right(self.starts, start) - 1
        return at >= 0 and self.ends[at] >= end
