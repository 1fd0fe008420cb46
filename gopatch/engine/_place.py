"""One match of one pattern in one file, and what everybody who edits there asks of it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

from gopatch.engine._fill import UnwritableError, Writer
from gopatch.engine._indent import indent_at
from gopatch.engine._nodes import Node, NodeRun
from gopatch.engine.match import Match
from gopatch.engine.pattern import Pattern
from gopatch.go.tree import GoFile, Syntax

__all__ = ["Place", "Span", "UnwritableError", "index", "last_index"]


class Span(NamedTuple):
    """A byte range of the file."""

    start: int
    end: int


class Place:
    """One match of one pattern in one file."""

    def __init__(self, pattern: Pattern, match: Match, file: GoFile) -> None:
        self.pattern = pattern
        self.match = match
        self.file = file
        self.data = file.data

    @cached_property
    def writer(self) -> Writer:
        return Writer(self.file, self.match, self.pattern)

    @property
    def newline(self) -> bytes:
        return self.writer.newline

    def met(self, nodes: Sequence[Node]) -> list[Span]:
        """What goes, a span for each node; what `...` stands for is one span, comments and all."""
        found: list[Span] = []
        for node in nodes:
            if node not in self.match.met:
                raise UnwritableError(
                    f"`{node.text}` shares its declaration with others, so it cannot be changed",
                    self.match.start,
                )
            met = self.match.met[node]
            if met:
                found.append(Span(met[0].start, met[-1].end))
        return found

    def edge(self, node: Node | None, *, last: bool) -> int | None:
        """Where what `node` met ends (`last`) or starts, None if it met nothing."""
        met = self.match.met.get(node, ()) if node is not None else ()
        if not met:
            return None
        return met[-1].end if last else met[0].start

    def anchor(self, run: NodeRun) -> int:
        """Where the run's lines get their indentation from."""
        for nodes in (run.gone, (run.before,), (run.after,)):
            for node in nodes:
                start = self.edge(node, last=False)
                if start is not None:
                    return start
        return self.match.start

    def inline(self, run: NodeRun) -> bytes:
        """What comes, without the lines around it."""
        start, end = run.come[0].start, run.come[-1].end
        return self.writer.text(run.come, start, end, indent_at(self.data, self.anchor(run)))


def index(elements: Sequence[Syntax], wanted: Syntax | Span) -> int:
    """The place of `wanted` among `elements`, or of what stands first behind it."""
    for at, element in enumerate(elements):
        if element is wanted or (element.start, element.end) == (wanted.start, wanted.end):
            return at
    return next((i for i, e in enumerate(elements) if e.start >= wanted.start), len(elements))


def last_index(elements: Sequence[Syntax], wanted: Span) -> int:
    """The place of the last of `elements` that `wanted` reaches."""
    return max((i for i, e in enumerate(elements) if e.end <= wanted.end), default=0)
