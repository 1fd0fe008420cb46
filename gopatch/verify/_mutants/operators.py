"""What can be broken in a Go file: one expression or statement, and what may stand in its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from gopatch.go.tree import Syntax, parse

_OPPOSITE = {
    b"==": b"!=", b"!=": b"==", b"<": b"<=", b"<=": b"<", b">": b">=", b">=": b">",
    b"&&": b"||", b"||": b"&&",
}  # fmt: skip
_LAST = re.compile(rb'^".*/')
_LOGICAL = (b"&&", b"||")
_TESTED = ("if_statement", "for_statement")
_DROPPED = (
    "call_expression", "assignment_statement", "inc_statement", "dec_statement", "defer_statement",
    "continue_statement", "break_statement",
)  # fmt: skip
_BLOCKS = ("block", "statement_list")
_ENDS = ("return_statement", "continue_statement", "break_statement", "goto_statement")


class Break(NamedTuple):
    """Bytes [start, end) of a file become `new`; `operator` says how the place was found."""

    operator: str
    start: int
    end: int
    new: bytes


Found = Iterator[tuple[Syntax, bytes]]


def _negated(node: Syntax) -> Found:
    """A condition, turned round."""
    for test in [node.field("condition")] if node.kind in _TESTED else ():
        if test is not None:
            yield test, b"!(" + test.text + b")"


def _without_not(node: Syntax) -> Found:
    if node.kind == "unary_expression" and node.children[0].text == b"!":
        yield node, b"(" + node.children[-1].text + b")"


def _other_sign(node: Syntax) -> Found:
    """`&&` for `||`, a comparison that is off by one, or turned round."""
    if node.kind == "binary_expression" and node.children[1].text in _OPPOSITE:
        yield node.children[1], _OPPOSITE[node.children[1].text]


def _half(node: Syntax) -> Found:
    """A condition without one of its two sides."""
    if node.kind == "binary_expression" and node.children[1].text in _LOGICAL:
        yield node, node.children[0].text
        yield node, node.children[-1].text


def _constant(node: Syntax) -> Found:
    if node.text in (b"true", b"false") and node.token is not None:
        yield node, b"false" if node.text == b"true" else b"true"
    elif node.kind == "int_literal" and node.text.isdigit():
        yield node, str(int(node.text) + 1).encode()
    elif _is_word(node):
        yield node, node.text[:-2] + b'~"'
    elif node.kind == "raw_string_literal" and b'json:"' in node.text:
        yield node, node.text.replace(b'json:"', b'json:"other-', 1)


def _dropped(node: Syntax) -> Found:
    """A call, an assignment or a way out, left out."""
    if node.kind in _BLOCKS:
        yield from ((each, b"") for each in node.children if each.kind in _DROPPED)


def _returned(node: Syntax) -> Found:
    """A result that is nil instead."""
    if node.kind == "return_statement":
        results = [each for child in node.children for each in child.children if each.named]
        last = results[-1] if results else None
        if last is not None and last.text.endswith((b"rr", b"Err")):
            yield last, b"nil"


def _moved(node: Syntax) -> Found:
    """Two statements that follow each other, changed about."""
    if node.kind not in _BLOCKS:
        return
    inner = [each for each in node.children if each.named]
    for one, other in pairwise(inner):
        if other.kind not in _ENDS and one.kind not in _ENDS:
            between = node.data[one.end : other.start]
            both = Syntax.made("both", node.data, (one.start, other.end), [], node)
            yield both, other.text + between + one.text


def _other_field(node: Syntax) -> Found:
    """Another field of the same value, as the file names it elsewhere."""
    if _is_field(node):
        base, field = node.children[0].text, node.children[-1].text
        for other in sorted(_fields(node.data).get(base, set()) - {field})[:2]:
            yield node.children[-1], other


@lru_cache(maxsize=8)
def _fields(data: bytes) -> dict[bytes, set[bytes]]:
    found: dict[bytes, set[bytes]] = {}
    for node in _inside(parse(data).root):
        if _is_field(node):
            found.setdefault(node.children[0].text, set()).add(node.children[-1].text)
    return found


def _is_field(node: Syntax) -> bool:
    """Whether this is a value's field: no function that is called, no name of a package, no step on
    the way to another field."""
    above = node.parent
    if node.kind != "selector_expression" or above is None or above.kind == "selector_expression":
        return False
    called = above.kind == "call_expression" and above.children[0].start == node.start
    return not called and node.children[0].text not in _imports(node.data)


@lru_cache(maxsize=8)
def _imports(data: bytes) -> frozenset[bytes]:
    specs = (n for n in _inside(parse(data).root) if n.kind == "import_spec")
    return frozenset(_LAST.sub(b"", spec.text).strip(b'"').split()[0] for spec in specs)


def _is_word(node: Syntax) -> bool:
    """A text that is no sentence: nobody is to be judged by his words."""
    return (
        node.kind == "interpreted_string_literal" and len(node.text) > 2 and b" " not in node.text
    )


OPERATORS: dict[str, Callable[[Syntax], Found]] = {
    "a condition turned round": _negated,
    "a negation dropped": _without_not,
    "another sign": _other_sign,
    "half of a condition": _half,
    "another constant": _constant,
    "a statement dropped": _dropped,
    "an error dropped": _returned,
    "statements changed about": _moved,
    "another field": _other_field,
}
_WITHIN = frozenset({"function_declaration", "method_declaration", "type_declaration"})


def _inside(root: Syntax) -> Iterator[Syntax]:
    """A node and all below it."""
    todo = [root]
    while todo:
        node = todo.pop()
        yield node
        todo += node.children


def breaks(data: bytes, lines: AbstractSet[int]) -> Iterator[Break]:
    """Every break of a file that begins and ends on some of its lines, from 1, in the file's order."""
    found: list[Break] = []
    nodes = (n for top in parse(data).root.children if top.kind in _WITHIN for n in _inside(top))
    for node in nodes:
        for operator, look in OPERATORS.items():
            for place, new in look(node):
                last = place.point[0] + place.text.count(b"\n")
                if lines >= set(range(place.point[0], last + 1)):
                    found.append(Break(operator, place.start, place.end, new))
    return iter(sorted(dict.fromkeys(found), key=lambda each: (each.start, each.end)))
