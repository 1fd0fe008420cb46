"""Bodies of functions on one line: gofmt leaves them there while they are short.

The rule is that of go/printer (nodes.go: funcBody, bodySize): header and body together take at most
100 bytes (99 of a declaration, whose header counts a blank), the body has at most five statements, and
nothing in it is over lines by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from gopatch.go.tree import GoFile, Syntax
from gopatch.splice import Splice

_FUNCTIONS = frozenset({"function_declaration", "method_declaration", "func_literal"})
_LONGEST, _MOST = 100, 5


def unfold(file: GoFile, touched: Iterable[tuple[int, int]]) -> list[Splice]:
    """The edits that give a line to each statement of a body that overlaps `touched` and is too long for one."""
    found: list[Splice] = []
    end = -1
    bodies = (_body(node) for node in file.around(_FUNCTIONS, touched))
    newline = b"\r\n" if b"\r\n" in file.data[:4096] else b"\n"
    for one in filter(None, bodies):
        body = one.block
        if body.start >= end and not _fits(one):
            found += _lines(body, newline + _indent(file.data, body.start))
            end = body.end
    return found


class _Body(NamedTuple):
    """The body of a function, and the bytes that its header takes, None of one over lines."""

    header: int | None
    block: Syntax


def _body(function: Syntax) -> _Body | None:
    """The body of a function, if that has statements and stands on one line."""
    body = function.children[-1]
    statements = body.children[1:-1]
    if body.kind != "block" or not statements or b"\n" in body.text or _has_comment(body):
        return None
    header = body.data[function.start : body.start].rstrip()
    size = len(header) + (function.kind != "func_literal")
    return _Body(None if b"\n" in header else size, body)


def _has_comment(body: Syntax) -> bool:
    """Whether a comment stands between the statements: which of them it belongs to is not told."""
    ends = [part.end for part in body.children]
    starts = [part.start for part in body.children[1:]]
    return any(
        body.data[end:start].strip(b" \t;") for end, start in zip(ends[:-1], starts, strict=True)
    )


def _fits(body: _Body) -> bool:
    statements = body.block.children[1:-1]
    if body.header is None or len(statements) > _MOST:
        return False
    size = sum(len(each.text) for each in statements) + 2 * (len(statements) - 1)
    return body.header + size <= _LONGEST and all(map(_fits, _inner(statements)))


def _inner(nodes: Sequence[Syntax]) -> Iterator[_Body]:
    """The bodies on one line in some nodes that lie in no other one of them."""
    for node in nodes:
        body = _body(node) if node.kind in _FUNCTIONS else None
        if body is not None:
            yield body
        elif node.token is None:
            yield from _inner(node.children)


def _lines(body: Syntax, glue: bytes) -> Iterator[Splice]:
    head = len(body.data[: body.start].rstrip(b" "))
    yield Splice(head, body.start, b" ")
    edge = body.children[0].end
    for statement in body.children[1:-1]:
        yield Splice(edge, statement.start, glue + b"\t")
        for inner in _inner([statement]):
            if not _fits(inner):
                yield from _lines(inner.block, glue + b"\t")
        edge = statement.end
    yield Splice(edge, body.children[-1].start, glue)


def _indent(data: bytes, offset: int) -> bytes:
    line = data[data.rfind(b"\n", 0, offset) + 1 : offset]
    return line[: len(line) - len(line.lstrip(b" \t"))]
