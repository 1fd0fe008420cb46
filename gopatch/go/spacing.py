"""Blanks inside of expressions and types as gofmt sets them: round operators, by depth, and in lists.

The rules are those of go/printer (nodes.go: binaryExpr, walkBinary, cutoff, expr1, exprList). The
depth of an expression grows with what is around it: at depth 1 operators get blanks, deeper ones
lose them, and where two levels of precedence meet, the tighter one loses them first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from gopatch.go._blanks import gaps
from gopatch.go.ranges import Ranges
from gopatch.go.tree import GoFile, Syntax
from gopatch.splice import Splice

LEVELS = {
    b"||": 1,
    b"&&": 2,
    **dict.fromkeys((b"==", b"!=", b"<", b"<=", b">", b">="), 3),
    **dict.fromkeys((b"+", b"-", b"|", b"^"), 4),
    **dict.fromkeys((b"*", b"/", b"%", b"<<", b">>", b"&", b"&^"), 5),
}
UNARY, PRIMARY = 6, 7
# A binary operator and the unary one behind it that would be read as one token (or a comment).
_CLASHES = {b"/*": 5, b"&&": 5, b"&^": 5, b"++": 4, b"--": 4}
UNARY_CLASHES = {b"--", b"++", b"&&", b"&^"}  # two unary operators that would be read as one
_OPENERS, _CLOSERS = (b"(", b"[", b"{"), (b")", b"]", b"}")
_LISTS = {"argument_list", "literal_value", "expression_list", "parameter_list", "result_list"}
_NAMED_LISTS = {
    "expression_list",
    "parameter_list",
    "parameter_declaration",
    "var_spec",
    "const_spec",
}
_ASSIGNMENTS = {"assignment_statement", "short_var_declaration"}
# What passes its own depth on to its parts; the braces of a composite literal are one of them.
_CHAINS = {
    "selector_expression",
    "type_assertion_expression",
    "variadic_argument",
    "composite_literal",
}
_CHANNEL = "channel_type"
_STEPS = {"inc_statement", "dec_statement"}


class _Blanks(NamedTuple):
    """What `_cutoff` asks of a binary expression: which levels are in it, and the worst clash."""

    four: bool
    five: bool
    clash: int


def level(node: Syntax) -> int:
    """How tightly an expression holds together: 1 (`||`) to 5 (`*`), unary, primary."""
    if node.kind == "binary_expression":
        return LEVELS.get(node.children[1].token or b"", 1)
    return UNARY if node.kind == "unary_expression" else PRIMARY


def respace(file: GoFile, touched: Iterable[tuple[int, int]]) -> list[Splice]:
    """The edits that space whatever expression overlaps one of the `touched` byte ranges."""
    found: dict[tuple[int, int], Splice] = {}
    for edit in _walk(file.root, Ranges(touched), 1):
        if file.data[edit.start : edit.end] != edit.new:
            found.setdefault((edit.start, edit.end), edit)
    return sorted(found.values())


def _walk(node: Syntax, touched: Ranges, depth: int) -> Iterator[Splice]:
    """Down to the expressions that stand in statements, declarations and types."""
    if not touched.touches(node.start, node.end):
        return
    if _is_root(node):
        if not node.is_broken:
            yield from _expression(node, depth, touched)
        node.forget()
        return
    yield from _brackets(node)
    yield from _channel(node)
    yield from _statement(node)
    inner, children = _list_depth(node), node.children
    for child in children:
        listed = child.kind == "expression_list" or node.kind in _STEPS
        yield from _walk(child, touched, inner if listed else depth)
    if node.kind in _NAMED_LISTS:
        yield from _commas(children)
    node.forget()


def _is_root(node: Syntax) -> bool:
    return node.token is None and (
        node.kind.endswith("_expression") or node.kind in ("composite_literal", "func_literal")
    )


def _list_depth(node: Syntax) -> int:
    if node.kind in _STEPS:
        return 2
    if node.kind in _ASSIGNMENTS:
        lists = [c for c in node.children if c.kind == "expression_list"]
        return 2 if len(lists) == 2 and all(len(c.children) > 1 for c in lists) else 1
    return 1


def _expression(node: Syntax, depth: int, touched: Ranges) -> Iterator[Splice]:
    """One expression and all that is in it, as `expr1` goes down."""
    children = node.children
    yield from _statement(node)
    if node.kind == "binary_expression":
        yield from _binary(node, depth, touched)
    elif node.kind == "unary_expression":
        yield from _unary(node, depth, touched)
    elif node.kind == "parenthesized_expression":
        yield from _brackets(node)
        yield from _parts(children, max(depth - 1, 1), touched)
    elif node.kind == "slice_expression":
        yield from _slice(node, depth, touched)
    elif node.kind == "index_expression":
        yield from _expression(children[0], 1, touched)
        yield from _brackets(node)
        yield from _commas(children[2:-1])
        yield from _parts(children[1:], depth + 1, touched)
    elif node.kind == "call_expression":
        arguments = [c for c in children[-1].children[1:-1] if c.named]
        depth += len(arguments) > 1
        yield from _parts(children[:-1], depth, touched)
        yield from _brackets(children[-1])
        yield from _commas(arguments)
        yield from _parts(arguments, depth, touched)
    elif node.kind == "literal_value":
        yield from _literal(node, touched)
    elif node.kind in _CHAINS:
        yield from _parts(children, depth, touched)
    else:
        yield from _channel(node)
        for child in children:
            yield from _walk(child, touched, 1)


def _statement(node: Syntax) -> Iterator[Splice]:
    for start, end, wanted in gaps(node):
        yield from _gap(node.data, start, end, wanted)


def _channel(node: Syntax) -> Iterator[Splice]:
    """`chan<- T`, `<-chan T`: the arrow stands beside its word."""
    if node.kind != _CHANNEL:
        return
    *_, value = node.children
    for one, other in pairwise(node.children):
        yield from _gap(node.data, one.end, other.start, b" " if other is value else b"")


def _parts(nodes: Sequence[Syntax], depth: int, touched: Ranges) -> Iterator[Splice]:
    for node in nodes:
        if node.token is None:
            yield from _expression(node, depth, touched)


def _literal(node: Syntax, touched: Ranges) -> Iterator[Splice]:
    yield from _brackets(node)
    yield from _commas(node.children[1:-1])
    for element in node.children[1:-1]:
        if element.kind == "keyed_element":
            key, colon, value = element.children
            yield from _gap(node.data, key.end, colon.start, b"")
            if b"\n" not in node.data[colon.end : value.start] and value.start == colon.end:
                yield Splice(colon.end, value.start, b" ")
            yield from _parts([key, value], 1, touched)
        else:
            yield from _parts([element], 1, touched)


# Operators -----------------------------------------------------------------------------------


def _binary(node: Syntax, depth: int, touched: Ranges) -> Iterator[Splice]:
    left, operator, right = node.children
    mine = level(node)
    blank = b" " if mine < _cutoff(node, depth) else b""
    yield from _gap(node.data, left.end, operator.start, blank)
    yield from _gap(node.data, operator.end, right.start, blank)
    same = left.kind == "binary_expression" and level(left) == mine
    yield from _parts([left], depth + (not same), touched)
    yield from _parts([right], depth + 1, touched)


def _unary(node: Syntax, depth: int, touched: Ranges) -> Iterator[Splice]:
    operator, operand = node.children[0], node.children[-1]
    nested = operand.children[0].token if operand.kind == "unary_expression" else b""
    clash = ((operator.token or b"") + (nested or b"")) in UNARY_CLASHES
    yield from _gap(node.data, operator.end, operand.start, b" " if clash else b"")
    yield from _parts([operand], 1 if operator.token == b"*" else depth, touched)


def _cutoff(node: Syntax, depth: int) -> int:
    """The lowest level whose operators stand without blanks."""
    blanks = _blanks(node)
    if blanks.clash:
        return blanks.clash + 1
    if blanks.four and blanks.five:
        return 5 if depth == 1 else 4
    return 6 if depth == 1 else 4


def _blanks(node: Syntax) -> _Blanks:
    left, operator, right = node.children
    mine = level(node)
    four, five, clash = mine == 4, mine == 5, 0
    for side, needed in ((left, mine), (right, mine + 1)):
        if side.kind == "binary_expression" and level(side) >= needed:
            inner = _blanks(side)
            four, five = four or inner.four, five or inner.five
            clash = max(clash, inner.clash)
    if right.kind == "unary_expression":
        tokens = (operator.token or b"") + (right.children[0].token or b"")
        clash = max(clash, _CLASHES.get(tokens, 0))
    return _Blanks(four, five, clash)


def _slice(node: Syntax, depth: int, touched: Ranges) -> Iterator[Splice]:
    operand, *rest = node.children
    yield from _parts([operand], 1, touched)
    yield from _brackets(node)
    bounds = [c for c in rest if c.named]
    binary = any(c.kind == "binary_expression" for c in bounds)
    blank = b" " if depth <= 1 and len(bounds) > 1 and binary else b""
    for one, other in pairwise(rest):
        if (one.token == b":" and other.named) or (one.named and other.token == b":"):
            yield from _gap(node.data, one.end, other.start, blank)
    yield from _parts(bounds, depth + 1, touched)


# Lists ---------------------------------------------------------------------------------------


def _brackets(node: Syntax) -> Iterator[Splice]:
    """No blanks inside of the brackets of a list on one line."""
    if node.kind not in _LISTS and node.kind not in (
        "parenthesized_expression",
        "index_expression",
        "slice_expression",
    ):
        return
    children = node.children
    at = next((i for i, c in enumerate(children) if c.token in _OPENERS), None)
    if at is None or children[-1].token not in _CLOSERS or at + 1 >= len(children):
        return
    yield from _gap(node.data, children[at].end, children[at + 1].start, b"")
    if at + 2 < len(children):
        yield from _gap(node.data, children[-2].end, children[-1].start, b"")


def _commas(elements: Sequence[Syntax]) -> Iterator[Splice]:
    for one, other in pairwise(elements):
        gap = one.data[one.end : other.start]
        if re.fullmatch(rb"[ \t]*,[ \t]*", gap):
            yield Splice(one.end, other.start, b", ")


def _gap(data: bytes, start: int, end: int, wanted: bytes) -> Iterator[Splice]:
    """Blanks between two tokens of one line; comments and line breaks stay."""
    if not data[start:end].strip(b" \t"):
        yield Splice(start, end, wanted)
