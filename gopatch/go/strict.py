"""What the grammar takes and Go does not: the syntax errors that a tree without errors can still hold.

tree-sitter-go is made for editors and laxer than Go. Each rule names where Go's specification says it;
that the rules are enough was tried against gofmt and go vet on mutated files. Types are nobody's business
here, but what Go calls "not used" or "cannot assign to" by the form of an expression alone is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from operator import or_
from typing import NamedTuple

from gopatch.go import branches
from gopatch.go.ranges import Ranges
from gopatch.go.spacing import UNARY_CLASHES
from gopatch.go.tree import (
    CLAUSES,
    GROUPS,
    IDENTIFIER,
    LABEL,
    LINE_LISTS,
    RESULT,
    SWITCHES,
    GoFile,
    Syntax,
    elements_of,
)


class GoRefusal(NamedTuple):
    """Something that Go refuses: where it stands, and what Go's specification wants."""

    offset: int
    reason: str


_Rule = Callable[[Syntax], Iterator[GoRefusal]]

_COMMENT = re.compile(rb"/\*.*?\*/|//[^\n]*", re.DOTALL)
_ENDS = re.compile(rb"(?:[)\]}\"'`]|\+\+|--|([\w\x80-\xff]+))\Z")
_OPEN_WORDS = {
    *(b"case", b"chan", b"const", b"default", b"defer", b"else", b"for", b"func", b"go", b"goto"),
    *(b"if", b"import", b"interface", b"map", b"package", b"range", b"select", b"struct"),
    *(b"switch", b"type", b"var"),
}
_DECLARATIONS = {"function_declaration", "method_declaration"} | GROUPS
_LITERALS = {"int_literal", "float_literal", "imaginary_literal", "rune_literal", "func_literal"}
_TEXTS = {"interpreted_string_literal", "raw_string_literal"}
_VALUES = {
    *("call_expression", "binary_expression", "composite_literal"),
    *("slice_expression", "type_assertion_expression"),
    *_LITERALS,
    *_TEXTS,
}
# Nodes of which only the first child stands outside of brackets.
_OPERAND_FIRST = {
    "call_expression",
    "index_expression",
    "slice_expression",
    "type_assertion_expression",
}
_SHELTERS = {"parenthesized_expression", "argument_list", "literal_value", "func_literal", "block"}
_HEADED = {"if_statement", "for_statement"} | SWITCHES


def new_refusals(before: GoFile, after: GoFile) -> list[GoRefusal]:
    """What Go refuses in `after` and did not refuse in `before`; only declarations that differ are read."""
    known = {child.text for child in before.root.children}
    new = [c for c in after.root.children if c.text not in known]
    found = sorted(set(_walk(after.root, Ranges((c.start, c.end - 1) for c in new))))
    if not found:
        return []
    old = Counter(refusal.reason for refusal in refusals(before))
    return [refusal for refusal in found if not old[refusal.reason]]


def refusals(file: GoFile) -> list[GoRefusal]:
    """All that Go refuses in a file that the grammar takes."""
    return sorted(set(_walk(file.root, Ranges([(0, len(file.data))]))))


def shows_literal(node: Syntax) -> bool:
    """Whether a literal's brace stands outside of brackets: in a header it would open the block."""
    if node.kind == "composite_literal":
        return node.children[0].kind in (IDENTIFIER, "selector_expression", "index_expression")
    if node.token is not None or node.kind in _SHELTERS or not node.children:
        return False
    if node.kind in _OPERAND_FIRST:
        return shows_literal(node.children[0])
    return any(map(shows_literal, node.children))


def _walk(root: Syntax, touched: Ranges) -> Iterator[GoRefusal]:
    todo = [root]
    while todo:
        node = todo.pop()
        if node.token is not None or not touched.touches(node.start, node.end):
            continue
        yield from _semicolons(node)
        if node.kind in LINE_LISTS:
            yield from _parted(node)
        for rule in _RULES.get(node.kind, ()):
            yield from rule(node)
        todo += node.children
        node.forget()


def _semicolons(node: Syntax) -> Iterator[GoRefusal]:
    """Semicolons, rule 1: a line that ends in an operand ends there, unless a comma says otherwise."""
    children = [child for child in node.children if child.start < child.end]
    data = node.data
    elements: set[int] | None = None
    for one, other in pairwise(children):
        if b"\n" not in data[one.end : other.start]:
            continue
        gap = _COMMENT.sub(b"", data[one.end : other.start]).split(b"\n")[0]
        if gap.strip() or not _ends_line(data, one.end):
            continue
        if elements is None:
            elements = {id(e) for e in elements_of(node)} if node.kind in LINE_LISTS else set()
        if id(one) not in elements:
            yield GoRefusal(one.end, "a line ends where an expression or a list goes on")


def _parted(node: Syntax) -> Iterator[GoRefusal]:
    """Semicolons: what stands on lines of its own is parted by them, or by line breaks."""
    for one, other in pairwise(elements_of(node)):
        gap = _COMMENT.sub(b"\n", node.data[one.end : other.start])
        if one.kind != LABEL and not gap.strip(b" \t") and other.kind not in CLAUSES:
            yield GoRefusal(other.start, "two statements or declarations stand on one line")


def _unary(node: Syntax) -> Iterator[GoRefusal]:
    """Tokens: the longest run of characters is one. Address operators: variables and literals."""
    operator, operand = node.children[0], node.children[-1]
    inner = operand.children[0].token if operand.kind == "unary_expression" else None
    if operator.end == operand.start and (operator.token or b"") + (inner or b"") in UNARY_CLASHES:
        yield GoRefusal(node.start, "two operators read as one")
    core = _core(operand)
    if operator.token == b"&" and core.kind != "composite_literal" and _is_value(core):
        yield GoRefusal(node.start, "the address of a value is taken, which is no variable")


def _ends_line(data: bytes, end: int) -> bool:
    match = _ENDS.search(data, max(end - 64, 0), end)
    return match is not None and (match[1] is None or match[1] not in _OPEN_WORDS)


def _spread(node: Syntax) -> Iterator[GoRefusal]:
    """Passing arguments to ... parameters: only the last argument may be spread."""
    for argument in elements_of(node)[:-1]:
        if argument.kind == "variadic_argument":
            yield GoRefusal(argument.start, "only the last argument can be spread with `...`")


def _called(node: Syntax) -> Iterator[GoRefusal]:
    """Go statements, Defer statements: a call, not parenthesised."""
    if node.children[-1].kind != "call_expression":
        yield GoRefusal(node.start, f"`{node.children[0].text.decode()}` needs a function call")


def _parameters(node: Syntax) -> Iterator[GoRefusal]:
    """Function types: all have names or none has; only the last parameter may be variadic."""
    elements = node.children if node.kind == RESULT else elements_of(node)
    variadic = [any(c.token == b"..." for c in e.children) for e in elements]
    named = [bool(element.names()) for element in elements]
    plain = [len(e.children) == 1 and e.children[0].kind == IDENTIFIER for e in elements]
    # `a, b T` may read as a type and a parameter: it is two names.
    if any(named) and not (named[-1] and all(map(or_, named, plain))):
        yield GoRefusal(node.start, "parameters or results with and without names are mixed")
    shared = any(variadic) and (len(elements[-1].names()) > 1 or (any(named) and not all(named)))
    if shared or any(variadic if node.kind == RESULT else variadic[:-1]):
        yield GoRefusal(node.start, "only the last parameter can be variadic")


def _receiver(node: Syntax) -> Iterator[GoRefusal]:
    """Method declarations: one receiver."""
    receivers = elements_of(node.children[1])
    if len(receivers) != 1 or len(receivers[0].names()) > 1:
        yield GoRefusal(node.start, "a method has one receiver")


def _file(node: Syntax) -> Iterator[GoRefusal]:
    """Source file organization: the package, then imports, then other declarations."""
    last = 0
    for child in node.children:
        order = {"package_clause": 1, "import_declaration": 2}.get(child.kind, 3)
        if order < last or (order == last == 1) or (not last and order != 1):
            yield GoRefusal(child.start, "the package comes first, then imports, then the rest")
        if order == 3 and child.kind not in _DECLARATIONS:
            yield GoRefusal(child.start, "only declarations can stand outside of functions")
        last = max(last, order)


def _statements(node: Syntax) -> Iterator[GoRefusal]:
    """Expression statements: calls and receive operations."""
    for element in elements_of(node):
        core = _core(element)
        receives = core.kind == "unary_expression" and core.children[0].token == b"<-"
        if core.is_expression and core.kind != "call_expression" and not receives:
            yield GoRefusal(element.start, "an expression that is no call stands as a statement")


def _header(node: Syntax) -> Iterator[GoRefusal]:
    """Composite literals: parenthesised in a header. If statements: the condition is an expression."""
    header = [c for c in node.children if c.token is None and c.kind not in CLAUSES | {"block"}]
    for part in header[:1] if node.children[-1].kind == "if_statement" else header:
        if shows_literal(part):
            yield GoRefusal(part.start, "a literal in a header needs parentheses")
    if node.kind == "if_statement":
        at = next(i for i, c in enumerate(node.children) if c.kind == "block")
        if not (node.children[at - 1].is_expression or node.children[at - 1].token is None):
            yield GoRefusal(node.start, "a condition is missing")
        elif node.children[at - 1].kind.endswith(("_statement", "_declaration")):
            yield GoRefusal(node.children[at - 1].start, "a condition is an expression")


def _range(node: Syntax) -> Iterator[GoRefusal]:
    """For statements with range clause: at most two variables."""
    if node.children[0].kind == "expression_list" and len(node.children[0].children) > 2:
        yield GoRefusal(node.start, "`range` takes at most two variables")
    if any(c.token == b":=" for c in node.children):
        yield from _names(node)


def _names(node: Syntax) -> Iterator[GoRefusal]:
    """Short variable declarations: names on the left."""
    left = node.children[0]
    for name in left.children if left.kind == "expression_list" else [left]:
        if name.kind != IDENTIFIER:
            yield GoRefusal(name.start, "only names can stand on the left of `:=`")


def _assigned(node: Syntax) -> Iterator[GoRefusal]:
    """Assignment statements: what stands on the left can be assigned to."""
    left = node.children[0]
    targets = left.children if left.kind == "expression_list" else [left]
    operator = next((c.token for c in node.children if c.token and c.token.endswith(b"=")), b"")
    if len(targets) > 1 and operator not in (b"=", b""):
        yield GoRefusal(
            node.start, f"`{(operator or b'').decode()}` takes one operand on each side"
        )
    for target in targets:
        if _is_value(_core(target)):
            yield GoRefusal(target.start, "a value is assigned to, which is no variable")


def _rule(found: Callable[[Syntax], Iterator[branches.Found]]) -> _Rule:
    return lambda node: (GoRefusal(*one) for one in found(node))


def _core(node: Syntax) -> Syntax:
    while node.kind == "parenthesized_expression":
        node = node.children[1]
    return node


def _is_value(node: Syntax) -> bool:
    """Whether an expression is by its form alone no variable."""
    if node.kind == "unary_expression":
        return node.children[0].token != b"*"
    # `*(*T)(p)` may read as a conversion.
    called = node.children[0].kind if node.kind == "call_expression" else ""
    return node.kind in _VALUES and called != "unary_expression"


_RULES: dict[str, tuple[_Rule, ...]] = {
    "argument_list": (_spread,),
    "defer_statement": (_called,),
    "go_statement": (_called,),
    "parameter_list": (_parameters,),
    RESULT: (_parameters,),
    "method_declaration": (_receiver,),
    "source_file": (_file,),
    "block": (_statements,),
    **dict.fromkeys(CLAUSES, (_statements,)),
    "unary_expression": (_unary,),
    **dict.fromkeys(_HEADED, (_header,)),
    "range_clause": (_range,),
    "short_var_declaration": (_names,),
    "assignment_statement": (_assigned,),
    "inc_statement": (_assigned,),
    "dec_statement": (_assigned,),
    "break_statement": (_rule(branches.stray),),
    "continue_statement": (_rule(branches.stray),),
    "goto_statement": (_rule(branches.unknown),),
    "fallthrough_statement": (_rule(branches.falls),),
    LABEL: (_rule(branches.unused),),
    **{kind: (_header, _rule(branches.defaults)) for kind in SWITCHES},
}
