"""Lines of Go indented as gofmt would: what is written by its depth, what is captured as it stood."""

from __future__ import annotations

import re

from gopatch.go.tree import parse

KEEP = b"\x00"  # marks a captured line, whose own indentation counts from its first line's
_CONTINUES = re.compile(rb"(?:[-+*/%&|^<>=!.]|\breturn|\bcase)\s*\Z")
_LABEL = re.compile(rb"(?:case\b|default\s*:|\w+:\s*\Z)")
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
    stack: list[int] = []
    _track(lines[0], 0, stack)
    last, current = lines[0], indent
    clause = _CLAUSE.match(lines[0].lstrip()) is not None
    for number, line in enumerate(lines[1:], 1):
        body = line.lstrip(b" \t")
        if line.startswith(KEEP):
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
