"""Lines of Go indented as gofmt would: what is written by its depth, what is captured as it stood."""

from __future__ import annotations

import re
from typing import NamedTuple

from gopatch.go.tree import parse

KEEP = b"\x00"  # marks a captured line, whose own indentation counts from its first line's
_CONTINUES = re.compile(rb"(?:(?<!\+)\+|(?<!-)-|[*/%&|^<>=!.]|\bcase)\Z")
_LISTS = re.compile(rb"(?:return|case|var|const)\b|[\w.,\s*()\[\]]+ :?= ")  # go on behind a comma
_HEADER = re.compile(rb"(?:if|for|switch|select|func|\}\s*else)\b")
_TOKENS = re.compile(
    rb"//.*|/\*.*?\*/|\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|`[^`]*(?:`|\Z)|[^\"'`/()\[\]{}]+|.",
    re.DOTALL,
)
_LABEL = re.compile(rb"(?:case\b|default\s*:|\w+:\s*\Z)")
_BLOCK_COMMENT = re.compile(rb"/\*(?:(?!\*/).)*\*/")
_CLAUSE = re.compile(rb"case\b|default\s*:(?!=)")


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
    raw = raw_rows(text, 0, len(text))
    out = [lines[0]]
    depths = _Depths()
    depths.take(lines[0], 0)
    depth, current = 0, indent
    clause = _CLAUSE.match(_code_below(lines, 0)) is not None
    for number, line in enumerate(lines[1:], 1):
        body = line.lstrip(b" \t")
        if line.startswith(KEEP):
            body = line[1:]
            fixed = body[:1] == b"\x01"
            out.append(body[1:] if fixed else (current + body if body.strip() else b""))
        elif number in raw:
            out.append(line)
        elif not body:
            if out[-1]:  # gofmt has one blank line at most
                out.append(b"")
        else:
            label = _label_below(lines, number) or body
            depth = depths.of(label)
            inner = clause and not _CLAUSE.match(label)
            current = indent + b"\t" * (depth + inner)
            out.append(current + body)
        depths.take(body, depth)
    return b"\n".join(out)


def _label_below(lines: list[bytes], number: int) -> bytes | None:
    """The clause that a comment stands above, and no deeper than it."""
    if not _is_comment(lines[number]):
        return None
    below = next((line for line in lines[number:] if not _is_comment(line)), b"")
    deeper = len(indent_at(lines[number], 0)) > len(indent_at(below, 0))
    return below.lstrip() if _CLAUSE.match(below.lstrip()) and not deeper else None


def _code_below(lines: list[bytes], number: int) -> bytes:
    """The first line from `number` on that is neither blank nor a comment."""
    code = (line for line in lines[number:] if line.strip() and not _is_comment(line))
    return next(code, b"").lstrip()


def _is_comment(line: bytes) -> bool:
    """Whether a line holds nothing but a comment, which ends on it."""
    text = line.strip()
    return text.startswith(b"//") or _BLOCK_COMMENT.fullmatch(text) is not None


class _Bracket(NamedTuple):
    """A bracket that is open: what it is, on which line, and how deep that is.

    Where the line went on behind an operator (`is_flat`), what follows is no deeper for that once more.
    """

    token: bytes
    row: int
    depth: int
    is_flat: bool = False


class _Depths:
    """How deep lines stand, told one after the other."""

    def __init__(self) -> None:
        self._open: list[_Bracket] = []
        self._row = 0
        self._head = b""  # the line where the statement of the last line begins
        self._goes_on = self._is_list = self._in_raw = False

    def of(self, body: bytes) -> int:
        """How many tabs `body` has, as the next line."""
        top = self._top
        if body[:1] in (b")", b"]", b"}"):
            return top.depth if top else 0
        depth = top.depth + 1 if top else 0
        if self._goes_on:
            return depth + self._is_deeper(top) - self._in_clause
        return max(depth - 1, 0) if _LABEL.match(body) else depth

    @property
    def _top(self) -> _Bracket | None:
        return self._open[-1] if self._open else None

    @property
    def _in_clause(self) -> bool:
        return _CLAUSE.match(self._head) is not None

    def _is_deeper(self, top: _Bracket | None) -> bool:
        """Whether a line that goes on with the last one is deeper for that: once where brackets opened there."""
        return top is None or not (top.is_flat or top.row == self._row - 1)

    def take(self, line: bytes, depth: int) -> None:
        """A line that stands `depth` tabs deep."""
        if self._in_raw:
            # It goes on with the text that began on the last one.
            _, closing, line = line.partition(b"`")
            self._in_raw = not closing
            self._row -= 1
        top, extra = self._top, self._goes_on and self._is_deeper(self._top)
        if not self._goes_on and (top is None or top.token == b"{"):
            self._head = line.lstrip()
        if top is not None:
            flat = self._goes_on and (top.is_flat or top.row == self._row - 1)
            self._open[-1] = top._replace(is_flat=flat)
        code, count = b"", len(self._open)
        closed: dict[int, int] = {}  # how deep those stood that close here, by how many are left
        for match in _TOKENS.finditer(line):
            token = match[0]
            if token.startswith((b"//", b"/*")):
                continue
            self._in_raw = token[:1] == b"`" and token.count(b"`") == 1
            code += token[:1] if token[:1] == b"`" else token
            if token in (b"(", b"[", b"{"):
                self._open.append(self._opened(token, extra, closed.get(len(self._open))))
            elif token in (b")", b"]", b"}") and self._open:
                gone = self._open.pop()
                closed[len(self._open)] = gone.depth
        self._row += 1
        if code.strip():
            self._end(code.strip(), count)

    def _opened(self, token: bytes, extra: bool, closed: int | None) -> _Bracket:
        below = self._top
        if below is not None and below.row == self._row:
            return _Bracket(token, self._row, below.depth)
        base = below.depth + 1 - self._in_clause if below else 0
        if token == b"{" and _HEADER.match(self._head):
            return _Bracket(token, self._row, base)
        return _Bracket(token, self._row, base + extra if closed is None else closed)

    def _end(self, code: bytes, before: int) -> None:
        """Whether the next line goes on with what stands on this one: an operator, or a list without brackets."""
        starts = self._in_clause or _LISTS.match(code) is not None or not self._open
        same = len(self._open) == before
        self._is_list = same and code.endswith(b",") and (starts or self._is_list)
        self._goes_on = self._is_list or _CONTINUES.search(code) is not None


def raw_rows(data: bytes, start: int, end: int) -> set[int]:
    """Lines of `start`..`end`, from 0, that begin inside a raw string: their space is content."""
    if b"`" not in data[start:end]:
        return set()
    found: set[int] = set()
    for leaf in parse(data).nodes(frozenset({"raw_string_literal"})):
        if start <= leaf.start < end:
            first = data.count(b"\n", start, leaf.start)
            found.update(range(first + 1, data.count(b"\n", start, leaf.end) + 1))
    return found
