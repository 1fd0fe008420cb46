"""Parentheses that gofmt does not print: a pair in a pair, and round the whole header of a statement.

The rules are those of go/printer (nodes.go: expr1, ParenExpr; stripParens): "don't print parentheses
around an already parenthesized expression"; round a condition, a switch's value and what is ranged
over they stay where they protect a composite literal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gopatch.go.ranges import Ranges
from gopatch.go.tree import GoFile, Syntax
from gopatch.splice import Splice

_PAIR = "parenthesized_expression"
_HEADERS = {
    "if_statement",
    "for_statement",
    "for_clause",
    "range_clause",
    "expression_switch_statement",
}
_HOLDERS = frozenset({_PAIR, *_HEADERS})


def strip_parens(file: GoFile, touched: Iterable[tuple[int, int]]) -> list[Splice]:
    """The edits that take away the needless pairs which overlap one of `touched` or end there."""
    spans = list(touched)
    ranges = Ranges(spans)
    found: list[Splice] = []
    for holder in file.around(_HOLDERS, spans):
        for pair in holder.children:
            if pair.kind == _PAIR and ranges.touches(pair.start, pair.end):
                found += _stripped(file.data, holder, pair)
    return found


def _stripped(data: bytes, holder: Syntax, pair: Syntax) -> Iterator[Splice]:
    if holder.kind == _PAIR:
        between = data[holder.start : pair.start], data[pair.end : holder.end]
        if [text.strip() for text in between] != [b"(", b")"]:
            return  # a comment stands there
    elif _shows_literal(pair.children[1:-1]):
        return
    inside = data[pair.start + 1 : pair.end - 1]
    yield Splice(pair.start, pair.end - 1 - len(inside.lstrip(b" \t")), b"")
    yield Splice(pair.start + 1 + len(inside.rstrip(b" \t")), pair.end, b"")


def _shows_literal(nodes: Iterable[Syntax]) -> bool:
    return any(
        node.kind == "composite_literal" or (node.kind != _PAIR and _shows_literal(node.children))
        for node in nodes
    )
