"""A node of the normalised view, which is made of tree-sitter's as far as somebody looks.

The view hides what Go's own syntax tree hides too (comments, separators, wrapper nodes, the
difference between the name of a type and of a value), so that `foo.Bar` in a pattern meets
`foo.Bar` as an expression and as a type.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from gopatch.go._grammar import CHANNEL, has_instance, last_end, lends_arrow, parts
from gopatch.go._kinds import (
    BINARY,
    BLANK,
    CLAUSES,
    EXPRESSIONS,
    GROUPS,
    INSTANCE,
    KINDS,
    LABEL,
    LEAVES,
    RESULT,
    SEPARATORS,
    SIGNATURES,
    SPLICED,
    SWITCHES,
    UNSHOWN,
    WITH_SEMICOLONS,
)
from gopatch.go._positions import position

if TYPE_CHECKING:
    from tree_sitter import Node


class Syntax:
    """A node of the normalised view.

    `kind` is the class of the node, `start` and `end` are byte offsets, `token` is the text of a
    leaf and None for an inner node. A node that stands for nothing written (the result list of a
    function without results) has `start == end`.
    """

    __slots__ = ("_children", "_node", "data", "end", "kind", "parent", "start", "token")

    def __init__(self, node: Node, data: bytes, parent: Syntax | None = None) -> None:
        kind = node.type
        self._node: Node | None = node
        self._children: list[Syntax] | None = None
        self.data = data
        self.parent = parent
        self.start, self.end = node.start_byte, node.end_byte
        self.kind = KINDS.get(kind, kind)
        if self.kind in CLAUSES:
            # The grammar lets a clause reach to the next one, over comments and blank lines.
            self.end = last_end(node)
        if kind == CHANNEL and lends_arrow(node):
            self.start = node.children[1].start_byte
        self.token: bytes | None = None
        if kind in LEAVES or node.child_count == 0:
            self.token = data[self.start : self.end]
            if kind == "raw_string_literal":
                self.token = self.token.replace(b"\r", b"")  # as Go reads it
            if not node.is_named:
                self.kind = kind

    @classmethod
    def made(
        cls, kind: str, data: bytes, span: tuple[int, int], children: list[Syntax], parent: Syntax
    ) -> Syntax:
        """A node that the grammar does not have, over `children`."""
        self = cls.__new__(cls)
        self._node = None
        self.kind, self.data, self.parent = kind, data, parent
        self.start, self.end = span
        self.token = None
        self._children = children
        for child in children:
            child.parent = self
        return self

    @property
    def children(self) -> list[Syntax]:
        """The node's parts in order: no comments, no separators, wrappers resolved."""
        if self._children is None:
            self._children = self._normalised()
        return self._children

    def forget(self) -> None:
        """Let go of the children; who asks for them again gets others that say the same."""
        if self._node is not None:
            self._children = None

    @property
    def text(self) -> bytes:
        return self.data[self.start : self.end]

    def holds(self, words: Iterable[bytes]) -> bool:
        """Whether the text holds all of `words`."""
        return all(self.data.find(word, self.start, self.end) >= 0 for word in words)

    @property
    def named(self) -> bool:
        """Whether this is more than punctuation or a keyword."""
        return self._node is None or self._node.is_named

    @property
    def is_broken(self) -> bool:
        """Whether something inside does not parse: such a node need not have the parts of its kind."""
        return self._node is not None and self._node.has_error

    @property
    def is_expression(self) -> bool:
        """Whether an `expression` metavariable can stand for this node (types included)."""
        return self.kind in EXPRESSIONS or (
            self.kind.endswith(("_expression", "_type")) and self.named
        )

    @property
    def point(self) -> tuple[int, int]:
        """Line and column of the start, both from 1, the column in bytes."""
        return position(self.data, self.start)

    def shown(self) -> Iterator[Syntax]:
        """This node, and the `f[int, T]` of a call, for which the grammar has no node of its own."""
        yield self
        if has_instance(self._node):
            yield self.children[0]

    def leaves(self) -> Iterator[Syntax]:
        if self.token is not None:
            yield self
        else:
            for child in self.children:
                yield from child.leaves()

    def field(self, name: str) -> Syntax | None:
        """The child that the grammar calls `name`, or None."""
        node = self._node.child_by_field_name(name) if self._node is not None else None
        if node is None:
            return None
        for child in self.children:
            if child.start == node.start_byte and child.end == node.end_byte:
                return child
        return Syntax(node, self.data, self)

    def names(self) -> list[Syntax]:
        """The names that a field, parameter or spec declares."""
        nodes = [] if self._node is None else self._node.children_by_field_name("name")
        if self._children is None:  # a function's other parts are dear where nobody asks for them
            return [Syntax(node, self.data, self) for node in nodes if node.is_named]
        starts = {node.start_byte for node in nodes}
        return [child for child in self.children if child.start in starts]

    def operands(self, operator: bytes) -> list[Syntax]:
        """`a && b && c` as a, &&, b, &&, c; this node alone if `operator` is not its own."""
        if self.kind != BINARY or self.children[1].token != operator:
            return [self]
        return [*self.children[0].operands(operator), *self.children[1:]]

    def continues(self, operator: bytes) -> bool:
        """Whether the expression around this one goes on with `operator` behind it."""
        node = self._node
        parent = node.parent if node is not None else None
        return (
            parent is not None
            and parent.type == BINARY
            and parent.children[0] == node
            and parent.children[1].type.encode() == operator
        )

    def _normalised(self) -> list[Syntax]:
        node = self._node
        if node is None or self.token is not None:
            return []
        kind, children = node.type, self._gathered(node)
        if kind in SIGNATURES:
            return self._with_result(node, children)
        if kind == "type_conversion_expression":
            return self._as_call(children)
        if has_instance(node):
            return self._with_instance(children)
        return self._with_types(children) if kind == "type_case" else children

    def _gathered(self, node: Node) -> list[Syntax]:
        """The children of `node` without separators and comments, wrappers replaced by parts."""
        found: list[Syntax] = []
        hidden = UNSHOWN if node.type in WITH_SEMICOLONS else SEPARATORS
        lent = node.children[0] if node.type == CHANNEL and lends_arrow(node) else None
        for child in parts(node):
            kind = child.type
            if kind in hidden or (lent is not None and child == lent):
                continue
            if kind in SPLICED:
                found += self._gathered(child)
            elif kind == "labeled_statement":
                found += self._labelled(child)
            elif kind == CHANNEL and lends_arrow(child):
                found += [
                    Syntax(child.children[0], self.data, self),
                    Syntax(child, self.data, self),
                ]
            else:
                found.append(Syntax(child, self.data, self))
        return found

    def _labelled(self, node: Node) -> Iterator[Syntax]:
        """`L: x()` reads as two statements, so that a labelled one is found like any other."""
        label, colon = (Syntax(child, self.data, self) for child in node.children[:2])
        yield Syntax.made(LABEL, self.data, (label.start, colon.end), [label, colon], self)
        for child in node.children[2:]:
            if child.type == "labeled_statement":
                yield from self._labelled(child)
            elif child.type in SPLICED:
                yield from self._gathered(child)
            elif child.type not in BLANK:
                yield Syntax(child, self.data, self)

    def _with_result(self, node: Node, children: list[Syntax]) -> list[Syntax]:
        """A signature always has one result list, empty where nothing is written."""
        result = node.child_by_field_name("result")
        if result is not None:
            index = next(i for i, c in enumerate(children) if c.start == result.start_byte)
            old = children[index]
            parts = old.children[1:-1] if old.kind == "parameter_list" else [old]
            if old.kind != "parameter_list":
                parts = [Syntax.made("parameter_declaration", self.data, _span(old), [old], self)]
            children[index] = Syntax.made(RESULT, self.data, _span(old), parts, self)
            return children
        parameters = node.child_by_field_name("parameters")
        if parameters is None:
            return children
        index = next(i for i, c in enumerate(children) if c.start == parameters.start_byte)
        end = children[index].end
        children.insert(index + 1, Syntax.made(RESULT, self.data, (end, end), [], self))
        return children

    def _as_call(self, children: list[Syntax]) -> list[Syntax]:
        """`[]byte(x)` and `f[int](x)` look like any other call."""
        head, rest = children[0], children[1:]
        span = rest[0].start, rest[-1].end
        return [head, Syntax.made("argument_list", self.data, span, rest, self)]

    def _with_types(self, children: list[Syntax]) -> list[Syntax]:
        """The types of `case int, string:` are one list, as the values of another switch are."""
        colon = next((i for i, c in enumerate(children) if c.token == b":"), 0)
        types = children[1:colon]
        if not types:
            return children
        span = types[0].start, types[-1].end
        listed = Syntax.made("expression_list", self.data, span, types, self)
        return [children[0], listed, *children[colon:]]

    def _with_instance(self, children: list[Syntax]) -> list[Syntax]:
        """`f[int, T](x, y)` calls one thing, `f[int, T]`."""
        span = children[0].start, children[-2].end
        made = Syntax.made(INSTANCE, self.data, span, children[:-1], self)
        return [made, children[-1]]


def _span(node: Syntax) -> tuple[int, int]:
    return node.start, node.end


def elements_of(holder: Syntax) -> list[Syntax]:
    """The elements of a list node, without the brackets or the header around them."""
    children = holder.children
    if holder.kind == "source_file":
        return children
    if holder.kind in SWITCHES:
        return [c for c in children if c.kind in CLAUSES]
    if holder.kind in CLAUSES:
        colon = next((i for i, c in enumerate(children) if c.token == b":"), len(children))
        return children[colon + 1 :]
    opener = next((i for i, c in enumerate(children) if c.token in (b"{", b"(", b"[")), None)
    if holder.kind in GROUPS:
        return children[2:-1] if opener == 1 else children[1:]
    if opener is None:
        return children
    return children[opener + 1 : -1]
