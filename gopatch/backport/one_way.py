"""Where a value goes through a channel the way that its type in the target bars: "Channel types" of the Go specification."""

from __future__ import annotations

from collections.abc import Iterator

from gopatch.backport.operations import Misfit, said
from gopatch.backport.valued import ValuedNodes
from gopatch.go.tree import Syntax

_IN, _OUT = b"chan<-", b"<-chan"


def wrong_way(values: ValuedNodes, node: Syntax) -> Iterator[Misfit]:
    """What one node, not those in it, surely cannot do with a channel."""
    if node.kind == "send_statement":
        yield from _barred(values, node.children[0], _OUT, "takes no values")
    elif node.kind == "range_clause" or (
        node.kind == "unary_expression" and node.children[0].token == b"<-"
    ):
        yield from _barred(values, node.children[-1], _IN, "gives no values")
    elif _closes(values, node):
        for each in (child for child in node.children[-1].children if child.named):
            yield from _barred(values, each, _OUT, "cannot be closed")


def _closes(values: ValuedNodes, node: Syntax) -> bool:
    if node.kind != "call_expression" or node.children[0].text != b"close":
        return False
    return values.is_built_in(node.children[0])


def _barred(values: ValuedNodes, node: Syntax, way: bytes, words: str) -> Iterator[Misfit]:
    below = values.shown.underlying(values.of(node))
    if below is not None and below.kind == "chan" and below.name[1] == way:
        yield node.start, f"`{said(node)}` is `{way.decode()}` in the target, and {words}"
