"""The nodes of a pattern, and what its two sides say of each other."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

from gopatch.engine._metavariables import Metavariable
from gopatch.engine.notation import Change, Side
from gopatch.errors import PatchError
from gopatch.go.tree import BINARY, CHAINS, IDENTIFIER, Syntax


class Node:
    """A node of a pattern. Identity matters: a match maps nodes to what they matched."""

    __slots__ = (
        "_context",
        "_words",
        "children",
        "dots",
        "end",
        "kind",
        "leaves",
        "mark",
        "named",
        "parent",
        "side",
        "start",
        "token",
        "var",
    )

    def __init__(self, syntax: Syntax, side: Side, shift: int, names: dict[str, Metavariable]):
        self.side = side
        self.start, self.end = syntax.start - shift, syntax.end - shift
        self.kind, self.token = syntax.kind, syntax.token
        self.mark = side.line_at(self.start).mark
        self.named = syntax.named
        self.parent: Node | None = None
        self.dots = (self.start, self.end) in side.holes
        name = "" if self.token is None else self.token.decode()
        self.var = names.get(name) if self.kind == IDENTIFIER and not self.dots else None
        self.children: list[Node] = []
        if not self.dots and self.var is None:
            self.children = _chained(
                self.kind, [Node(c, side, shift, names) for c in _children(syntax, side, shift)]
            )
        for child in self.children:
            child.parent = self
        self.leaves: tuple[Node, ...] = (
            tuple(leaf for child in self.children for leaf in child.leaves)
            if self.children
            else (self,)
        )
        # Where the context lines below this node stand: asked for again and again in alignment.
        self._context: frozenset[tuple[int, int]] | None = None
        self._words: tuple[bytes, ...] | None = None

    @property
    def words(self) -> tuple[bytes, ...]:
        """What whatever this node meets has in its text, the longest first: no metavariables, no `...`."""
        if self._words is None:
            said = (n for n in self.leaves if n.named and n.var is None and not n.dots)
            found = {leaf.token for leaf in said if leaf.token}
            self._words = tuple(sorted(found, key=lambda word: (-len(word), word)))
        return self._words

    @property
    def is_chain(self) -> bool:
        """Whether this is a conjunction or disjunction that holds `...`: its operands are flat."""
        return self.kind == BINARY and any(child.dots for child in self.children[::2])

    @property
    def context(self) -> frozenset[tuple[int, int]]:
        """The places of the leaves that stand on context lines."""
        if self._context is None:
            self._context = (
                frozenset().union(*(child.context for child in self.children))
                if self.children
                else frozenset({self.place} if self.mark == " " else ())
            )
        return self._context

    @property
    def is_context(self) -> bool:
        """Whether all leaves stand on context lines."""
        return all(leaf.mark == " " for leaf in self.leaves)

    @property
    def text(self) -> str:
        """As the author wrote it, for messages."""
        text, at = b"", self.start
        first, last = (
            bisect_left(self.side.dots, place, key=lambda dots: dots.start)
            for place in (self.start, self.end)
        )
        for dots in self.side.dots[first:last]:
            if dots.end <= self.end:
                text += self.side.data[at : dots.start] + b"..."
                at = dots.end
        return (text + self.side.data[at : self.end]).decode().split("\n")[0]

    @property
    def place(self) -> tuple[int, int]:
        return self.side.place(self.start)

    def walk(self) -> Iterator[Node]:
        todo = [self]
        while todo:
            node = todo.pop()
            yield node
            todo += reversed(node.children)


def _chained(kind: str, children: list[Node]) -> list[Node]:
    """`a && ... && b` counts its operands flat, so that `...` can stand for any number of them."""
    if kind != BINARY or children[1].token not in CHAINS:
        return children
    flat = operands_of(children)
    return flat if any(child.dots for child in flat) else children


def operands_of(children: list[Node]) -> list[Node]:
    """The operands of one operator, and that operator between them."""
    first, operator, *_ = children
    if first.kind == BINARY and first.children and first.children[1].token == operator.token:
        return [*operands_of(first.children), *children[1:]]
    return children


def is_flat(node: Node) -> bool:
    """Whether a node has operands which can be counted flat, none of them a `...`."""
    return node.kind == BINARY and bool(node.children) and not node.is_chain


def _children(syntax: Syntax, side: Side, shift: int) -> Iterator[Syntax]:
    """`..., x T` reads as two names of one parameter: the dots are a parameter of their own."""
    for child in syntax.children:
        parts = child.children if side.dots and child.kind == "parameter_declaration" else []
        lead = 0
        while lead < len(parts) - 1 and _is_hole(parts[lead], side, shift):
            lead += 1
        yield from parts[:lead]
        if lead:
            span = parts[lead].start, child.end
            yield Syntax.made(child.kind, child.data, span, parts[lead:], syntax)
        else:
            yield child


def _is_hole(syntax: Syntax, side: Side, shift: int) -> bool:
    return (syntax.start - shift, syntax.end - shift) in side.holes


class PatternImport(NamedTuple):
    """One import of a side: `name` is None when unnamed, `var` is set if it is a metavariable."""

    path: str
    name: str | None
    var: bool
    line: int
    mark: str


class NodeRun(NamedTuple):
    """What goes and what comes between two nodes that stay, inside one parent.

    `before` and `after` are the minus nodes on either side, None at the parent's edges.
    `style` is "lines" (elements on lines of their own), "commas" or "tokens"; `first`..`last`
    are the plus side's lines (indices) that come, with their comments and blank lines.
    """

    parent: Node | None
    before: Node | None
    gone: tuple[Node, ...]
    come: tuple[Node, ...]
    after: Node | None
    style: str
    first: int
    last: int
    kept_before: Node | None  # the plus side's twins of before and after
    kept_after: Node | None


class Head(NamedTuple):
    """What a side says of the file: its package and its imports."""

    package: Node | None
    imports: tuple[PatternImport, ...]


def wrong(change: Change, node: Node, message: str, hint: str | None = None) -> PatchError:
    """What is wrong with a patch, at the place of `node`."""
    line, column = node.place
    return PatchError(message, path=change.path, line=line, column=column, hint=hint)
