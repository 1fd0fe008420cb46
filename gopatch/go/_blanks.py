"""Blanks between the parts of statements as gofmt sets them: round `=` and `<-`, behind keywords and `;`, before blocks.

The rules are those of go/printer (nodes.go: stmt, controlClause, funcBody). What stands in columns is not
theirs: the `=` of a constant or variable and the body of a function only get the blanks that are missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from gopatch.go.tree import SWITCHES, Syntax

_ASSIGNS = frozenset(
    {"assignment_statement", "short_var_declaration", "range_clause", "receive_statement"}
)
_SPECS = frozenset({"var_spec", "const_spec"})
_FUNCTIONS = frozenset({"function_declaration", "method_declaration"})
_HEADED = frozenset({"if_statement", "for_statement", "for_clause", *SWITCHES})
_WORDS = (b"if", b"for", b"switch", b"else", b";")
_PARTED = frozenset(
    {"go_statement", "defer_statement", "return_statement", "goto_statement", "send_statement"}
)


def gaps(node: Syntax) -> Iterator[tuple[int, int, bytes]]:
    """The places between two parts of a statement, and the blanks that gofmt sets there."""
    for one, other in pairwise(node.children):
        wanted = _wanted(node, one, other)
        if wanted is not None:
            yield one.end, other.start, wanted


def _wanted(node: Syntax, one: Syntax, other: Syntax) -> bytes | None:
    """None where nothing is said."""
    tokens = (one.token or b"", other.token or b"")
    if node.kind in _ASSIGNS:
        return b" " if tokens[0] == b"range" or _assigns(tokens) else None
    if node.kind in _HEADED:
        return _in_header(one, other)
    glued = one.end == other.start
    if node.kind in _SPECS | _FUNCTIONS:
        return b" " if glued and (b"=" in tokens or other.kind == "block") else None
    is_body = node.kind == "func_literal" and other.kind == "block"
    return b" " if is_body or node.kind in _PARTED else None


def _in_header(one: Syntax, other: Syntax) -> bytes | None:
    if other.token == b";":
        return b"" if one.named else None
    if one.token in _WORDS and (other.named or other.token == b"if"):
        return b" "
    opens = other.kind == "block" or other.token in (b"{", b"else")
    return b" " if opens or b":=" in (one.token, other.token) else None


def _assigns(tokens: tuple[bytes, bytes]) -> bool:
    return any(token.endswith(b"=") for token in tokens)
