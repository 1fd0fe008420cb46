"""Text of a plus side -> Go for one place: metavariables filled in, indented as gofmt would."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from gopatch.engine._nodes import Node
from gopatch.engine.match import Match
from gopatch.go.tree import parse

_CONTINUES = re.compile(rb"(?:[-+*/%&|^<>=!.]|\breturn|\bcase)\s*\Z")
_LABEL = re.compile(rb"(?:case\b|default\s*:|\w+:\s*\Z)")
_CLAUSE = re.compile(rb"case\b|default\s*:(?!=)")


class Writer:
    """Writes plus text at one match of a pattern; `pairs` maps plus dots to minus dots."""

    def __init__(self, data: bytes, match: Match, pairs: Mapping[Node, Node]) -> None:
        self.data = data
        self.match = match
        self.pairs = pairs
        self.newline = b"\r\n" if b"\r\n" in data[:4096] else b"\n"

    def text(self, nodes: Iterable[Node], start: int, end: int, indent: bytes) -> bytes:
        """The plus side's bytes `start`..`end`; lines after the first get `indent` and depth."""
        come = list(nodes)
        side = come[0].side
        out: list[bytes] = []
        at = start
        for hole in self._holes(come):
            before = side.data[at : hole.start]
            at = hole.end
            if hole.met is None:
                before, at = _without_comma(before, side.data, at)
            out += (before, self._moved(hole))
        out.append(side.data[at:end])
        return indented(b"".join(out), indent).replace(b"\n", self.newline)

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
                found.append(_Hole(node.start, node.end, copied))
            elif node.dots or node in self.pairs:
                while stop < len(nodes) and self._follows(nodes[stop - 1], nodes[stop]):
                    stop += 1
                met = self._span([self.pairs[n] for n in nodes[at:stop]])
                found.append(_Hole(node.start, nodes[stop - 1].end, met))
            else:
                found += self._holes(node.children)
            at = stop
        return found

    def _follows(self, one: Node, other: Node) -> bool:
        """Whether two neighbours were neighbours on the minus side too."""
        old, new = self.pairs.get(one), self.pairs.get(other)
        if old is None or new is None or old.parent is not new.parent or old.parent is None:
            return False
        siblings = old.parent.children
        return siblings.index(new) == siblings.index(old) + 1

    def _span(self, nodes: list[Node]) -> tuple[int, int] | None:
        """The bytes of neighbouring minus nodes, with the comments that belong to them."""
        met = [s for node in nodes for s in self.match.met.get(node, ())]
        if not met:
            return None
        start, end = met[0].start, met[-1].end
        parent = nodes[0].parent
        if parent is None or parent.kind != "block" or parent not in self.match.met:
            return start, end
        block = self.match.met[parent][0]
        if nodes[0] is parent.children[1]:
            inner = self.data[block.children[0].end : start]
            start -= len(inner.lstrip(b" \t\r\n"))
        if nodes[-1] is parent.children[-2]:
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
        raw = _raw_rows(self.data, start, end)
        lines = value.replace(b"\r\n", b"\n").split(b"\n")
        moved = [lines[0]]
        for row, line in enumerate(lines[1:], 1):
            shifts = row not in raw and line.startswith(old)
            moved.append(_KEEP + (line.removeprefix(old) if shifts else b"\x01" + line))
        return b"\n".join(moved)


class _Hole(NamedTuple):
    """A range of the plus side's text, and what the file has for it (None: nothing)."""

    start: int
    end: int
    met: bytes | tuple[int, int] | None


_KEEP = b"\x00"  # marks a captured line, whose own indentation counts from its first line's


def _without_comma(before: bytes, data: bytes, at: int) -> tuple[bytes, int]:
    """`...` that stood for nothing takes one comma along."""
    match = re.match(rb"\s*,[ \t]*", data[at:])
    if match:
        return before, at + match.end()
    return re.sub(rb",\s*\Z", b"", before), at


def indent_at(data: bytes, offset: int) -> bytes:
    """The white space at the start of the line that holds `offset`."""
    start = data.rfind(b"\n", 0, offset) + 1
    end = start
    while end < len(data) and data[end : end + 1] in (b" ", b"\t"):
        end += 1
    return data[start:end]


def indented(text: bytes, indent: bytes) -> bytes:
    """Indent all lines after the first with tabs by their depth in brackets, as gofmt does."""
    lines = text.split(b"\n")
    if len(lines) == 1:
        return text
    raw = _raw_rows(text, 0, len(text))
    out = [lines[0]]
    stack: list[int] = []
    _track(lines[0], 0, stack)
    last, current = lines[0], indent
    clause = _CLAUSE.match(lines[0].lstrip()) is not None
    for number, line in enumerate(lines[1:], 1):
        body = line.lstrip(b" \t")
        if line.startswith(_KEEP):
            kept = line[1:]
            fixed = kept[:1] == b"\x01"
            out.append(kept[1:] if fixed else (current + kept if kept.strip() else b""))
            _track(kept, number, stack)
            continue
        if number in raw:
            out.append(line)
        elif not body:
            out.append(b"")
        else:
            inner = clause and not _CLAUSE.match(body)
            current = indent + b"\t" * (_depth(body, stack, last) + inner)
            out.append(current + body)
        _track(body, number, stack)
        last = body or last
    return b"\n".join(out)


def _depth(body: bytes, stack: list[int], last: bytes) -> int:
    closing = 0
    while closing < len(body) and body[closing : closing + 1] in (b")", b"]", b"}"):
        closing += 1
    open_lines = stack[: len(stack) - closing] if closing else stack
    depth = len(set(open_lines))
    if _LABEL.match(body) and not body.startswith(b"default:="):
        return max(depth - 1, 0)
    code = last.split(b"//")[0].rstrip()
    ends_list = code.endswith(b",") and not stack
    return depth + (1 if not closing and (_CONTINUES.search(code) or ends_list) else 0)


def _track(line: bytes, number: int, stack: list[int]) -> None:
    """Follow brackets outside of strings and comments."""
    for match in re.finditer(
        rb"//.*|\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|`[^`]*`|[][(){}]", line
    ):
        token = match[0]
        if token in (b"(", b"[", b"{"):
            stack.append(number)
        elif token in (b")", b"]", b"}") and stack:
            stack.pop()


def _raw_rows(data: bytes, start: int, end: int) -> set[int]:
    """Lines of `start`..`end`, from 0, that begin inside a raw string: their space is content."""
    if b"`" not in data[start:end]:
        return set()
    found: set[int] = set()
    for leaf in parse(data).nodes(frozenset({"raw_string_literal"})):
        if start <= leaf.start < end:
            first = data.count(b"\n", start, leaf.start)
            found.update(range(first + 1, data.count(b"\n", start, leaf.end) + 1))
    return found
