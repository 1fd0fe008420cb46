"""Blanks between the parts of statements, types and operands as gofmt sets them: round `=` and `<-`, behind
keywords and `;`, before blocks, in signatures and in what stands on one line, and none before brackets.

The rules are those of go/printer (nodes.go: stmt, controlClause, funcBody, expr1, fieldList). What stands in columns
is not theirs: the `=` of a constant or variable and the body of a function only get the blanks that are missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from gopatch.go.tree import RESULT, SWITCHES, Syntax

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


_SIGNATURES = frozenset({*_FUNCTIONS, "func_literal", "function_type", "method_elem"})
_LISTS = frozenset({"parameter_list", "type_parameter_list"})
_ON_ONE_LINE = frozenset({"block", "struct_type", "interface_type", "field_declaration_list"})
_BRACKETED = frozenset(
    {"index_expression", "slice_expression"}
)  # what stands in them has its own rules
_GLUED = frozenset(
    {
        *_BRACKETED,
        *("call_expression", "selector_expression", "type_assertion_expression"),
        *("composite_literal", "slice_type", "array_type", "map_type", "variadic_argument"),
        *("inc_statement", "dec_statement"),
    }
)
_SHORT = 30  # go/printer's isOneLineFieldList


def gaps(node: Syntax) -> Iterator[tuple[int, int, bytes]]:
    """The places between two parts of a statement, and the blanks that gofmt sets there."""
    for one, other in pairwise(node.children):
        wanted = _wanted(node, one, other)
        if wanted is not None:
            yield one.end, other.start, wanted


def _wanted(node: Syntax, one: Syntax, other: Syntax) -> bytes | None:
    """None where nothing is said."""
    tokens = (one.token or b"", other.token or b"")
    if one.kind == "int_literal" and tokens[1] == b".":
        return b" "  # it would be a fraction
    if node.kind in _GLUED:
        return b"" if node.kind not in _BRACKETED or tokens[1] == b"[" else None
    if node.kind in _ASSIGNS:
        return b" " if tokens[0] == b"range" or _assigns(tokens) else None
    if node.kind in _HEADED:
        return _in_header(one, other)
    if node.kind in _SIGNATURES and other.kind != "block":
        return _in_signature(node, one, other)
    if node.kind in _ON_ONE_LINE:
        return _on_one_line(node, one, other)
    if node.kind == "parameter_declaration":
        return b"" if tokens[0] == b"..." else b" "
    glued = one.end == other.start
    if node.kind in _SPECS | _FUNCTIONS:
        return b" " if glued and (b"=" in tokens or other.kind == "block") else None
    is_body = node.kind == "func_literal" and other.kind == "block"
    return b" " if is_body or node.kind in _PARTED else None


def _in_signature(node: Syntax, one: Syntax, other: Syntax) -> bytes | None:
    if other.kind == RESULT:
        return b" " if other.text else None
    if one.token == b"func":
        return b" " if node.kind in _FUNCTIONS else b""
    return b"" if other.kind in _LISTS else b" "


def _on_one_line(node: Syntax, one: Syntax, other: Syntax) -> bytes | None:
    """`struct{ a int }`, `{ f() }`: what gofmt leaves on its line, which it does with one short field alone."""
    if b"\n" in node.text:
        return None
    if node.kind == "block":
        return b" " if len(node.children) > 2 and other.token != b"{" else None
    if node.kind == "struct_type":
        return b"" if _is_short(other.children[1:-1]) else None
    inside = [part for part in node.children if part.token not in (b"interface", b"{", b"}")]
    if not _is_short(inside):
        return None
    return b" " if inside and one.token != b"interface" else b""


def _is_short(fields: list[Syntax]) -> bool:
    """Whether gofmt leaves the fields on the line of their brackets."""
    if len(fields) != 1:
        return not fields
    *names, type = fields[0].children or fields
    has_tag = type.kind.endswith("string_literal")
    return not has_tag and bool(names) + len(type.text) <= _SHORT


def _in_header(one: Syntax, other: Syntax) -> bytes | None:
    if other.token == b";":
        return b"" if one.named else None
    if one.token in _WORDS and (other.named or other.token == b"if"):
        return b" "
    opens = other.kind == "block" or other.token in (b"{", b"else")
    return b" " if opens or b":=" in (one.token, other.token) else None


def _assigns(tokens: tuple[bytes, bytes]) -> bool:
    return any(token.endswith(b"=") for token in tokens)
