"""Offsets of a file -> which spans, and which nodes of some kinds, are around them or begin there."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from gopatch.go.tree import GoFile, Syntax

Span = tuple[int, int]


class Spans:
    """Spans that hold or miss each other, as those of nodes do."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._spans = sorted(set(spans), key=lambda span: (span[0], -span[1]))
        self._above: list[int] = []
        open_ones: list[int] = []
        for number, (start, _) in enumerate(self._spans):
            while open_ones and self._spans[open_ones[-1]][1] <= start:
                open_ones.pop()
            self._above.append(open_ones[-1] if open_ones else -1)
            open_ones.append(number)

    def around(self, at: int) -> list[Span]:
        """Those that hold an offset, the innermost first."""
        number = bisect_right(self._spans, at, key=lambda span: span[0]) - 1
        found = []
        while number >= 0:
            if at < self._spans[number][1]:
                found.append(self._spans[number])
            number = self._above[number]
        return found


class Within:
    """The nodes of some kinds in a file, and those of them that begin in a span."""

    def __init__(self, file: GoFile, *kinds: str) -> None:
        self.nodes = list(file.nodes(frozenset(kinds)))
        self._starts = [node.start for node in self.nodes]

    def __call__(self, span: Span) -> Sequence[Syntax]:
        return self.nodes[bisect_left(self._starts, span[0]) : bisect_left(self._starts, span[1])]
