"""A Go function -> where HTTPS may lose its place before plain HTTP in a list of addresses, or be left out of it.

A rail knows what HTTPS has answered only where that was asked before. So a list keeps its order and its first
one, and no address is left out of one for its scheme.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from gopatch.go.tree import BINARY, Syntax
from gopatch.port._functions import Functions, bound_by
from gopatch.port._spans import Span

_LITERAL = "composite_literal"
_BACKWARDS = re.compile(rb"--|-=")
_LATER = re.compile(rb"=\s*[1-9]")
_SCHEME = re.compile(rb"\.Scheme(?![\w\x80-\xff])|[\"`]https?(?::/*)?[\"`]")
_IS_HTTPS = re.compile(
    rb"==\s*[\"`]https|!=\s*[\"`]http[:/\"`]|(?<!!)strings\.HasPrefix\([^,]*,\s*[\"`]https|!strings\.HasPrefix\([^,]*,\s*[\"`]http[:/\"`]"
)


def disordered(all: Functions, span: Span) -> Iterator[Span]:
    """The spans of a function in which a list of addresses may lose its order, or the first of them."""
    yield from ((loop.start, loop.end) for loop in all.loops(span) if _goes_astray(loop))
    for call in all.called(span):
        given = call.children[-1].children[1:-1]
        if call.children[0].text == b"append" and given and given[0].kind == _LITERAL:
            yield given[0].start, given[0].end
        elif call.text.startswith(b"strings.") and _SCHEME.search(call.text):
            yield call.start, call.end
    for node in all.bindings(span):
        if node.kind == "assignment_statement" and _sets_scheme(node):
            yield node.start, node.end
    for node in all.others(span):
        if _takes_later_ones(node) or _tells_schemes(node):
            yield node.start, node.end
    for node in all.choices(span):
        if _chooses_by_scheme(node):
            yield node.start, _head(node)[1]


def passes_https_over(all: Functions, loop: Span) -> bool:
    """Whether a loop leaves the first address out, or may go on from one to the next because it is one of HTTPS."""
    if any(_takes_later_ones(node) for node in all.others(loop)) or any(
        map(_begins_later, all.loops(loop))
    ):
        return True
    return any(all.continues(span) for span in _where_https(all, loop))


def _where_https(all: Functions, span: Span) -> Iterator[Span]:
    """What is done under conditions that an address of HTTPS fulfils, or may fulfil."""
    named = {name for node in all.bindings(span) if _tells(node) for name in bound_by(node)}
    for node in all.branches(span):
        asked, then, other = (node.field(n) for n in ("condition", "consequence", "alternative"))
        text = b"" if asked is None else asked.text
        if any(_has_word(text, name) for name in named):
            done = [then, other]
        elif _SCHEME.search(text):
            done = [then if _IS_HTTPS.search(text) else other]
        else:
            done = []
        yield from ((each.start, each.end) for each in done if each is not None)
    switches = (node for node in all.choices(span) if _chooses_by_scheme(node))
    yield from ((node.start, node.end) for node in switches)


def _goes_astray(loop: Syntax) -> bool:
    """Whether a loop goes backwards, begins behind the first one, or asks at which one it is."""
    head = loop.start, loop.children[-1].start
    clause = loop.children[1]
    if _begins_later(loop):
        return True
    if clause.kind == "range_clause" and (names := bound_by(clause)[:-1]) and names[0] != b"_":
        count = re.escape(names[0])
        asks = rb"(?<![\w.])%s\s*(?:[=!]=|[<>])|(?:[=!]=|[<>]=?)\s*%s(?![\w\x80-\xff])" % (
            count,
            count,
        )
        return re.search(asks, loop.children[-1].text) is not None
    return _BACKWARDS.search(loop.data, *head) is not None


def _begins_later(loop: Syntax) -> bool:
    clause = loop.children[1]
    return clause.kind == "for_clause" and bool(_LATER.search(clause.text))


def _takes_later_ones(node: Syntax) -> bool:
    """Whether a list is cut behind its first one, or one behind it is taken by number."""
    inside = node.text[node.children[0].end - node.start :].lstrip()[1:-1]
    first = inside.partition(b":")[0].strip()
    if node.kind == "slice_expression":
        return first not in (b"", b"0")
    return node.kind == "index_expression" and (first.strip(b"0").isdigit() or b"len(" in first)


def _tells_schemes(node: Syntax) -> bool:
    """Whether a comparison or a key of a map goes by a scheme; texts that are joined do not."""
    compares = node.kind == BINARY and node.children[1].token in (b"==", b"!=")
    return (compares or node.kind == "index_expression") and bool(_SCHEME.search(node.text))


def _sets_scheme(assignment: Syntax) -> bool:
    """Whether a part of something gets another scheme."""
    return any(b"." in left for left in bound_by(assignment)) and bool(
        _SCHEME.search(assignment.text)
    )


def _tells(binding: Syntax) -> bool:
    """Whether names get a yes or no that goes by a scheme."""
    return bool(_SCHEME.search(binding.text)) and bool(re.search(rb"[=!]=|HasPrefix", binding.text))


def _chooses_by_scheme(switch: Syntax) -> bool:
    if _SCHEME.search(switch.data, *_head(switch)):
        return True
    cases = (each for each in switch.children if each.kind == "expression_case")
    return any(_SCHEME.search(case.children[1].text) for case in cases)


def _head(switch: Syntax) -> Span:
    bracket = next(each for each in switch.children if each.token == b"{")
    return switch.start, bracket.start


def _has_word(text: bytes, word: bytes) -> bool:
    return re.search(rb"(?<![\w.])%s(?![\w\x80-\xff])" % re.escape(word), text) is not None
