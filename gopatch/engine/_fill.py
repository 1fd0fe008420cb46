"""Text of a plus side -> Go for one place: metavariables and `...` filled in, parted, parenthesised."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from gopatch.engine._indent import KEEP, indent_at, indented, raw_rows
from gopatch.engine._nodes import Node
from gopatch.engine._parens import UpwardStep, needs_parens, parted, steps_of, steps_up
from gopatch.engine._row_span import begins_row, row_of, with_comments
from gopatch.engine.match import Match
from gopatch.engine.pattern import Pattern
from gopatch.go.tree import COMMA_LISTS, GoFile, Syntax

_OPENERS, _CLOSERS = (b"(", b"[", b"{"), (b")", b"]", b"}")


class UnwritableError(Exception):
    """A match whose edit cannot be written; `str()` says why, `offset` where."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


class _Hole(NamedTuple):
    """A range of the plus side's text, and what the file has for it (None: nothing)."""

    start: int
    end: int
    met: bytes | tuple[int, int] | None
    parens: bool = False
    operator: bytes = b""  # of the chain that it is an operand of
    is_moved: bool = False  # with the comments beside it
    hung: int | None = (
        None  # the row behind which rows stand one tab deeper than the first, as they do in no row
    )


class Writer:
    """Writes plus text at one match of a pattern; `pairs` maps plus dots to minus dots."""

    def __init__(self, file: GoFile, match: Match, pattern: Pattern) -> None:
        self.file = file
        self.data = file.data
        self.match = match
        self.pattern = pattern
        self.pairs = dict(pattern.pairs)
        self.anew = {new for _, new in pattern.over_lines}  # lists with the plus side's line breaks
        self.newline = b"\r\n" if b"\r\n" in file.data[:4096] else b"\n"

    @cached_property
    def outer(self) -> tuple[UpwardStep, ...]:
        """The steps from the place up to the file; none for statements and declarations."""
        if self.pattern.style != "expression" or not self.pattern.minus:
            return ()
        match, (root,) = self.match, self.pattern.minus
        return steps_up(self.file, match.start, match.end, root.kind)

    def text(self, nodes: Iterable[Node], start: int, end: int, indent: bytes) -> bytes:
        """The plus side's bytes `start`..`end`; lines after the first get `indent` and depth."""
        come = list(nodes)
        side = come[0].side
        out = b""
        at = start
        for hole in self._holes(come):
            out += parted(out, side.data[at : hole.start])
            at = hole.end
            if hole.met is None:
                out, at = _without(out, side.data, at, hole.operator)
            else:
                text = self._moved(hole)
                out += parted(out, b"(" + text + b")" if hole.parens else text)
        out += parted(out, side.data[at:end])
        return indented(out, indent).replace(b"\n", self.newline)

    def copied(self, nodes: list[Node]) -> list[tuple[int, int]]:
        """What is copied from the file for nodes of the plus side, comments and all."""
        return [hole.met for hole in self._holes(nodes) if isinstance(hole.met, tuple)]

    def moved(self, nodes: Iterable[Node]) -> list[tuple[int, int]]:
        """What `nodes` of the plus side hold of lists of the file, with the comments at its edges."""
        holes = self._holes(list(nodes))
        return [hole.met for hole in holes if hole.is_moved and isinstance(hole.met, tuple)]

    def parens(self, node: Node, met: Sequence[Syntax], old: Node | None = None) -> bool:
        """Whether what `old` has met must be parenthesised where `node` of the plus side stands."""
        if not met or not met[0].is_expression:
            return False
        steps = [*steps_of(node), *self.outer]
        if len(met) == 1:
            return needs_parens(met[0], steps)
        operator = operator_of(old)  # of operands that `...` holds together
        if not operator or operator == operator_of(node):
            return False
        return needs_parens(met[0], steps, operator)

    def _holes(self, nodes: list[Node]) -> list[_Hole]:
        """What is copied from the file: metavariables, `...`, and context that moves."""
        found: list[_Hole] = []
        at = 0
        while at < len(nodes):
            node = nodes[at]
            stop = at + 1
            if node.var is not None:
                value = self.match.bound[node.var.name]
                copied = value if isinstance(value, bytes) else (value.start, value.end)
                met = (value,) if isinstance(value, Syntax) else ()
                found.append(_Hole(node.start, node.end, copied, self.parens(node, met)))
            elif node.dots or node in self.pairs:
                while stop < len(nodes) and self._follows(nodes[stop - 1], nodes[stop]):
                    stop += 1
                found.append(self._copied(nodes[at:stop], _beside(nodes, at, stop)))
            else:
                found += self._holes(node.children)
            at = stop
        return found

    def _copied(self, nodes: list[Node], beside: tuple[bytes, bytes]) -> _Hole:
        """What is copied from the file for neighbours that were neighbours there."""
        old = [self.pairs[n] for n in nodes]
        inner = self._inner(nodes, old)
        if inner is not None:
            return inner
        self._refuse_rows(nodes, old)
        rows = self._rows(nodes, old)
        if rows is not None:
            return rows
        parens = len(nodes) == 1 and self.parens(nodes[0], self.match.met.get(old[0], ()), old[0])
        span, operator = self._span(old, beside), operator_of(nodes[0])
        hung = self._hung(nodes, old)
        return _Hole(nodes[0].start, nodes[-1].end, span, parens, operator, hung=hung)

    def _hung(self, nodes: list[Node], old: list[Node]) -> int | None:
        """Behind which row elements stand deeper than the first, which shared a line and gets one of its own."""
        met = [syntax for node in old for syntax in self.match.met.get(node, ())]
        parent = nodes[0].parent
        if (
            parent is None
            or parent.kind not in COMMA_LISTS
            or not begins_row(nodes[0].side.data, nodes[0].start)
        ):
            return None
        if not met or begins_row(self.data, met[0].start):
            return None
        gaps = (a.end for a, b in pairwise(met) if b"\n" in self.data[a.end : b.start])
        edge = next(gaps, None)
        return None if edge is None else self.data.count(b"\n", met[0].start, edge)

    def _refuse_rows(self, nodes: list[Node], old: list[Node]) -> None:
        """Elements on lines of their own do not fit beside others on one line of the pattern."""
        met = [syntax for node in old for syntax in self.match.met.get(node, ())]
        parent = nodes[0].parent
        listed = parent is not None and parent.kind in {"block", *COMMA_LISTS}
        if parent is None or not listed or b"\n" in _text(parent):
            return
        if any(b"\n" in self.data[a.end : b.start] for a, b in pairwise(met)):
            raise UnwritableError(
                "`...` stands for several lines, and shares one here", met[0].start
            )

    def _rows(self, nodes: list[Node], old: list[Node]) -> _Hole | None:
        """Rows of a list that are rows again: they come with the comments above and behind them."""
        met = [syntax for node in old for syntax in self.match.met.get(node, ())]
        new, gone = nodes[0].parent, old[0].parent
        row = row_of(nodes[0].side.data, nodes[0].start, nodes[-1].end)
        lists = new is not None and gone is not None and {new.kind, gone.kind} <= COMMA_LISTS
        if not met or row is None or not lists or gone is None:
            return None
        edges = [self.match.met.get(node, ()) for node in (gone.children[0], gone.children[-1])]
        low = edges[0][0].end if edges[0] and old[0] is gone.children[1] else None
        high = edges[1][0].start if edges[1] and old[-1] is gone.children[-2] else None
        span = with_comments(self.data, (met[0].start, met[-1].end), low, high)
        return _Hole(nodes[0].start, row, span, is_moved=True) if span is not None else None

    def _inner(self, nodes: list[Node], old: list[Node]) -> _Hole | None:
        """All that brackets hold, over several lines: it comes with its line breaks and commas."""
        new, gone = _within(nodes), _within(old)
        if new is None or gone is None or gone.parent is None or gone.parent.kind == "block":
            return None
        brackets = [self.match.met.get(n, ()) for n in (gone.opener, gone.closer)]
        if not all(brackets):
            return None
        start, end = brackets[0][0].end, brackets[1][0].start
        if b"\n" not in self.data[start:end] or not self.data[start:end].strip():
            return None
        if not any(self.match.met.get(node) for node in old):
            raise UnwritableError("a comment alone stands where `...` moves from", start)
        return _Hole(new.opener.end, new.closer.start, (start, end), is_moved=True)

    def _follows(self, one: Node, other: Node) -> bool:
        """Whether two neighbours were neighbours on the minus side too, and nothing else of the patch is between."""
        old, new = self.pairs.get(one), self.pairs.get(other)
        if old is None or new is None or old.parent is not new.parent or one.parent in self.anew:
            return False
        if _is_marked_between(one, other) or _is_marked_between(old, new):
            return False
        siblings = old.parent.children if old.parent is not None else self.pattern.minus
        return siblings.index(new) == siblings.index(old) + 1

    def _span(self, nodes: list[Node], beside: tuple[bytes, bytes]) -> tuple[int, int] | None:
        """The bytes of neighbouring minus nodes, with the comments that belong to them.

        Where the plus side has comments of its own beside what comes, those come.
        """
        met = [s for node in nodes for s in self.match.met.get(node, ())]
        if not met:
            return None
        start, end = met[0].start, met[-1].end
        parent = nodes[0].parent
        if parent is None or parent.kind != "block" or parent not in self.match.met:
            return start, end
        block = self.match.met[parent][0]
        before, behind = beside
        if nodes[0] is parent.children[1] and not before:
            inner = self.data[block.children[0].end : start]
            header, _, below = inner.partition(b"\n")
            start -= len((below if header.strip() else inner).lstrip(b" \t\r\n"))
        if nodes[-1] is parent.children[-2] and not behind:
            inner = self.data[end : block.children[-1].start]
            end += len(inner.rstrip())
        return start, end

    def _moved(self, hole: _Hole) -> bytes:
        """Captured lines keep their shape: `indented` only shifts them."""
        if hole.met is None or isinstance(hole.met, bytes):
            return hole.met or b""
        start, end = hole.met
        value = self.data[start:end]
        if b"\n" not in value:
            return value
        old = indent_at(self.data, start)
        raw = raw_rows(self.data, start, end)
        lines = value.replace(b"\r\n", b"\n").split(b"\n")
        moved = [lines[0]]
        for row, line in enumerate(lines[1:], 1):
            is_hung = hole.hung is not None and row > hole.hung and line.startswith(old + b"\t")
            lead = old + b"\t" * is_hung
            shifts = row not in raw and line.startswith(lead)
            moved.append(KEEP + (line.removeprefix(lead) if shifts else b"\x01" + line))
        return b"\n".join(moved)


def operator_of(node: Node | None) -> bytes:
    """The operator of the conjunction or disjunction that holds a `...`."""
    parent = node.parent if node is not None else None
    return (parent.children[1].token or b"") if parent is not None and parent.is_chain else b""


def _text(node: Node) -> bytes:
    return node.side.data[node.start : node.end]


def _is_marked_between(one: Node, other: Node) -> bool:
    """Whether whole lines go or come between two nodes of a side."""
    first, last = (one.side.data.count(b"\n", 0, at) for at in (one.end, other.start))
    return any(line.mark != " " for line in one.side.lines[first + 1 : last])


class _Within(NamedTuple):
    """The brackets that hold nothing but some nodes."""

    parent: Node | None
    opener: Node
    closer: Node


def _beside(nodes: Sequence[Node], at: int, stop: int) -> tuple[bytes, bytes]:
    """What stands on the plus side between `nodes[at:stop]` and what else of it is written."""
    data = nodes[at].side.data
    before = data[nodes[at - 1].end : nodes[at].start] if at else b""
    behind = data[nodes[stop - 1].end : nodes[stop].start] if stop < len(nodes) else b""
    return before.strip(), behind.strip()


def _within(nodes: list[Node]) -> _Within | None:
    parent = nodes[0].parent
    siblings = parent.children if parent is not None else []
    first = next((i for i, n in enumerate(siblings) if n is nodes[0]), 0)
    around = siblings[first - 1 : first] + siblings[first + len(nodes) : first + len(nodes) + 1]
    if len(around) != 2 or around[0].token not in _OPENERS or around[1].token not in _CLOSERS:
        return None
    return _Within(parent, *around)


def _without(out: bytes, data: bytes, at: int, operator: bytes) -> tuple[bytes, int]:
    """`...` that stood for nothing takes one comma or operator along, or the line that it was on."""
    line = re.match(rb"[ \t]*[,;]?[ \t]*\n", data[at:])
    if line and not out[out.rfind(b"\n") + 1 :].strip(b" \t") and b"\n" in out:
        return out[: out.rfind(b"\n") + 1], at + line.end()
    separator = re.escape(operator or b",")
    behind = re.match(rb"\s*" + separator + rb"[ \t]*", data[at:])
    if behind:
        return out, at + behind.end()
    return re.sub(rb"\s*" + separator + rb"\s*\Z", b"", out), at
