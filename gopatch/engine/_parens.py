"""Where Go needs parentheses so that an expression stays one, and where a blank parts two tokens.

The rules are the specification's (Operator precedence, Conversions, Channel types, Composite
literals) as go/printer applies them. They are asked of patterns and of files alike: both have
kinds, tokens and children.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple, cast

from gopatch.engine._nodes import Node
from gopatch.go.spacing import LEVELS, PRIMARY, UNARY
from gopatch.go.strict import shows_literal
from gopatch.go.tree import BINARY, CLAUSES, SWITCHES, GoFile, Syntax

Tree = Node | Syntax

# Nodes whose first child is an operand that must hold together by itself.
_OPERAND_FIRST = {
    "selector_expression",
    "call_expression",
    "index_expression",
    "slice_expression",
    "type_assertion_expression",
}
# In these a composite literal cannot be mistaken for the block of a header.
_SHELTERS = {"parenthesized_expression", "argument_list", "literal_value", "func_literal", "block"}
_HEADED = {"if_statement", "for_statement"} | SWITCHES
_INTEGER = re.compile(rb"(?<![\w.])\d[\w]*\Z")
CLASHES = {b"--", b"++", b"&&", b"&^", b"/*", b"//", b"<-"}


class UpwardStep(NamedTuple):
    """One step up from an expression: what holds it, and as which of its children."""

    holder: Tree
    at: int


def steps_up(file: GoFile, start: int, end: int, kind: str) -> tuple[UpwardStep, ...]:
    """From the node of `kind` at `start`..`end` up to the file, the innermost step first."""
    path = file.path(start, end)
    while path and not (path[-1].kind == kind and (path[-1].start, path[-1].end) == (start, end)):
        path.pop()
    found = []
    for holder, child in pairwise(path):
        at = bisect_left(holder.children, child.start, key=_start)
        while holder.children[at] is not child:
            at += 1
        found.append(UpwardStep(holder, at))
    return tuple(reversed(found))


def _start(node: Syntax) -> int:
    return node.start


def steps_of(node: Node) -> Iterator[UpwardStep]:
    """From a node of a pattern up to the top of its side."""
    while node.parent is not None:
        yield UpwardStep(
            node.parent, next(i for i, c in enumerate(node.parent.children) if c is node)
        )
        node = node.parent


def level(content: Tree) -> int:
    """How tightly an expression holds together, from 1 (`||`) to that of a primary expression."""
    if content.kind == BINARY:
        return LEVELS.get(content.children[1].token or b"", 1)
    return UNARY if content.kind == "unary_expression" else PRIMARY


def needs_parens(content: Tree, steps: Sequence[UpwardStep], operator: bytes = b"") -> bool:
    """Whether `content` must be parenthesised where `steps` lead up from.

    `operator` is that of a run of operands, which hold together by it and not by their own kind.
    """
    if not steps:
        return False
    holder, at = steps[0]
    tight = LEVELS[operator] if operator else level(content)
    if holder.kind == BINARY:
        return _needs_beside(holder, at, tight) or _opens_block(content, steps)
    if holder.kind == "unary_expression":
        return tight < UNARY or _opens_block(content, steps)
    if holder.kind in _OPERAND_FIRST and at == 0:
        return tight < PRIMARY or _is_odd_type(content, holder) or _opens_block(content, steps)
    if holder.kind == "channel_type":
        return len(holder.children) == 2 and _receives(content)
    return _opens_block(content, steps)


def _needs_beside(holder: Tree, at: int, tight: int) -> bool:
    """A binary operator takes what binds tighter; on its left also what binds as tight."""
    mine = LEVELS.get(_operator_near(holder, at), 1)
    return tight < mine or (tight == mine and at > 0)


def _operator_near(holder: Tree, at: int) -> bytes:
    return holder.children[at - 1 if at else 1].token or b""


def _is_odd_type(content: Tree, holder: Tree) -> bool:
    return holder.kind == "call_expression" and (
        content.kind == "function_type" or (content.kind == "channel_type" and _receives(content))
    )


def _receives(content: Tree) -> bool:
    return content.kind == "channel_type" and content.children[0].token == b"<-"


def _opens_block(content: Tree, steps: Sequence[UpwardStep]) -> bool:
    """Whether a literal's brace would be taken for the block behind a header."""
    # Patterns and files are asked alike: both have kinds, tokens and children.
    return shows_literal(cast("Syntax", content)) and _is_in_header(steps)


def _is_in_header(steps: Sequence[UpwardStep]) -> bool:
    for holder, at in steps:
        if holder.kind in _SHELTERS or holder.kind in CLAUSES or holder.kind == "source_file":
            return False
        if holder.kind in ("index_expression", "slice_expression") and at > 0:
            return False
        if holder.kind in _HEADED:
            return True
    return False


def parted(before: bytes, text: bytes) -> bytes:
    """`text` as it can stand right behind `before`, of which the last bytes will do.

    Two operators must not become one token, nor an integer and the dot of a selector a fraction.
    """
    clash = before[-1:] + text[:1] in CLASHES
    return b" " + text if clash or (text[:1] == b"." and _INTEGER.search(before)) else text
