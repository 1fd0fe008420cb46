"""Go source as a syntax tree: the only module, with `_parsing`, that knows tree-sitter.

`Syntax` is a lazy, normalised view of tree-sitter-go's concrete tree, shared by patterns and
by the files that they are matched on. It hides what Go's own syntax tree hides too (comments,
separators, wrapper nodes, the difference between the name of a type and of a value), so that
`foo.Bar` in a pattern meets `foo.Bar` as an expression and as a type.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import tree_sitter

from gopatch.go._parsing import LANGUAGE, parsed
from gopatch.go.ranges import Ranges
from gopatch.splice import Splice, splice

if TYPE_CHECKING:
    from tree_sitter import Node, Tree

_NEWLINE = re.compile(rb"\n")

IDENTIFIER = "identifier"
BINARY = "binary_expression"
CHAINS = (b"&&", b"||")  # operators whose operands may be counted flat
RESULT = "result_list"
LABEL = "label"

# One class for all that Go's grammar calls an identifier, and so on: pattern and file meet here.
_KINDS = {
    "type_identifier": IDENTIFIER,
    "field_identifier": IDENTIFIER,
    "package_identifier": IDENTIFIER,
    "label_name": IDENTIFIER,
    "blank_identifier": IDENTIFIER,
    "nil": IDENTIFIER,
    "true": IDENTIFIER,
    "false": IDENTIFIER,
    "iota": IDENTIFIER,
    "dot": IDENTIFIER,
    "qualified_type": "selector_expression",
    "pointer_type": "unary_expression",
    "parenthesized_type": "parenthesized_expression",
    "type_conversion_expression": "call_expression",
    "generic_type": "index_expression",
    "type_instantiation_expression": "index_expression",
    "type_alias": "type_spec",
    "method_spec": "method_elem",
    "variadic_parameter_declaration": "parameter_declaration",
    "implicit_length_array_type": "array_type",
}
_LEAVES = {"interpreted_string_literal", "raw_string_literal", "rune_literal"}
# Wrappers without a meaning of their own: the view shows what they hold instead.
_SPLICED = {
    "expression_statement",
    "literal_element",
    "type_elem",
    "statement_list",
    "var_spec_list",
    "import_spec_list",
    "type_arguments",
}
_SIGNATURES = {
    "function_declaration",
    "method_declaration",
    "function_type",
    "func_literal",
    "method_elem",
}
CLAUSES = {"expression_case", "default_case", "type_case", "communication_case"}
SWITCHES = {"expression_switch_statement", "type_switch_statement", "select_statement"}
GROUPS = {"var_declaration", "const_declaration", "type_declaration", "import_declaration"}
SPECS = {"var_spec", "const_spec", "type_spec", "import_spec"}
NAMED = {"field_declaration", "var_spec", "const_spec", "parameter_declaration"}
# Nodes whose elements stand on lines of their own.
LINE_LISTS = (
    {"source_file", "block", "field_declaration_list", "interface_type"}
    | SWITCHES
    | CLAUSES
    | GROUPS
)
# Nodes whose elements are parted by commas.
COMMA_LISTS = {
    "argument_list",
    "parameter_list",
    RESULT,
    "literal_value",
    "expression_list",
    "index_expression",
    "type_parameter_list",
}
STATEMENT_HOLDERS = {"source_file", "block"} | CLAUSES
_DECLARATIONS = frozenset(
    {"function_declaration", "method_declaration", "type_spec", "var_spec", "const_spec"}
)
_EXPRESSIONS = {
    IDENTIFIER,
    "call_expression",
    "composite_literal",
    "func_literal",
    "literal_value",
    "int_literal",
    "float_literal",
    "imaginary_literal",
    *_LEAVES,
}


class Syntax:
    """A node of the normalised view.

    `kind` is the class of the node, `start` and `end` are byte offsets, `token` is the text of a
    leaf and None for an inner node. A node that stands for nothing written (the result list of a
    function without results) has `start == end`.
    """

    __slots__ = ("_children", "_node", "data", "end", "kind", "parent", "start", "token")

    def __init__(self, node: Node, data: bytes, parent: Syntax | None = None) -> None:
        self._node: Node | None = node
        self._children: list[Syntax] | None = None
        self.data = data
        self.parent = parent
        self.start, self.end = node.start_byte, node.end_byte
        self.kind = _KINDS.get(node.type, node.type)
        if self.kind in CLAUSES:
            # The grammar lets a clause reach to the next one, over comments and blank lines.
            self.end = _last_end(node)
        leaf = node.child_count == 0 or node.type in _LEAVES
        self.token = data[self.start : self.end] if leaf else None
        if leaf and not node.is_named:
            self.kind = node.type

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

    @property
    def text(self) -> bytes:
        return self.data[self.start : self.end]

    @property
    def named(self) -> bool:
        """Whether this is more than punctuation or a keyword."""
        return self._node is None or self._node.is_named

    @property
    def is_expression(self) -> bool:
        """Whether an `expression` metavariable can stand for this node (types included)."""
        return self.kind in _EXPRESSIONS or (
            self.kind.endswith(("_expression", "_type")) and self.named
        )

    @property
    def point(self) -> tuple[int, int]:
        """Line and column of the start, both from 1, the column in bytes."""
        return position(self.data, self.start)

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
        children = list(self._flat(node))
        if node.type in _SIGNATURES:
            return self._with_result(node, children)
        if node.type == "type_conversion_expression":
            return self._as_call(children)
        if node.type == "call_expression":
            return self._with_instance(node, children)
        return children

    def _flat(self, node: Node) -> Iterator[Syntax]:
        """The children of `node` without separators and comments, wrappers replaced by parts."""
        keeps_semicolon = node.type in {"for_clause", "if_statement"} | SWITCHES
        for child in node.children:
            kind = child.type
            if kind in ("comment", ",", "\n", "") or (kind == ";" and not keeps_semicolon):
                continue
            if kind in _SPLICED:
                yield from self._flat(child)
            elif kind == "labeled_statement":
                yield from self._labelled(child)
            else:
                yield Syntax(child, self.data, self)

    def _labelled(self, node: Node) -> Iterator[Syntax]:
        """`L: x()` reads as two statements, so that a labelled one is found like any other."""
        label, colon = (Syntax(child, self.data, self) for child in node.children[:2])
        yield Syntax.made(LABEL, self.data, (label.start, colon.end), [label, colon], self)
        for child in node.children[2:]:
            if child.type == "labeled_statement":
                yield from self._labelled(child)
            elif child.type not in ("comment", "\n", "", ";"):
                yield from (
                    self._flat(child)
                    if child.type in _SPLICED
                    else [Syntax(child, self.data, self)]
                )

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

    def _with_instance(self, node: Node, children: list[Syntax]) -> list[Syntax]:
        """`f[int](x, y)` calls one thing, `f[int]`."""
        if node.child_by_field_name("type_arguments") is None:
            return children
        span = children[0].start, children[-2].end
        made = Syntax.made("index_expression", self.data, span, children[:-1], self)
        return [made, children[-1]]


def _last_end(node: Node) -> int:
    """Where the last thing that is written in `node` ends."""
    for child in reversed(node.children):
        if child.type not in ("comment", "\n", "", ";") and child.end_byte > child.start_byte:
            return _last_end(child) if child.type == "statement_list" else child.end_byte
    return node.end_byte


def _place(node: Node) -> tuple[int, int]:
    return node.start_byte, -node.end_byte


def _start(node: Syntax) -> int:
    return node.start


def _span(node: Syntax) -> tuple[int, int]:
    return node.start, node.end


class GoFile:
    """A parsed file: its bytes, its tree, and questions about both."""

    def __init__(self, data: bytes, old: Tree | None = None) -> None:
        """`old` is the tree of what `data` was before, told of the edits since (`edited`)."""
        self.data = data
        # Go allows a byte order mark at the very start; the grammar does not.
        text = b"   " + data[3:] if data.startswith(b"\xef\xbb\xbf") else data
        self.tree: Tree = parsed(text, old)
        self.root = Syntax(self.tree.root_node, data)
        self._found: dict[frozenset[str], list[Node]] = {}
        self._starts: list[int] | None = None
        self._errors: list[tuple[int, int]] | None = None
        self._comments: list[tuple[int, int]] | None = None

    def nodes(self, kinds: frozenset[str], words: tuple[bytes, ...] = ()) -> Iterator[Syntax]:
        """All nodes of the view whose kind is one of `kinds`, in order of their start.

        With `words`, only those whose text holds all of them.
        """
        if kinds == {"source_file"}:
            yield self.root
            return
        for node in self._grammar_nodes(grammar_kinds(kinds)):
            start, end = node.start_byte, node.end_byte
            if all(self.data.find(word, start, end) >= 0 for word in words):
                yield Syntax(node, self.data)

    def holds(self, syntax: Syntax, words: tuple[bytes, ...]) -> bool:
        """Whether the text of `syntax` holds all of `words`."""
        return all(self.data.find(word, syntax.start, syntax.end) >= 0 for word in words)

    def around(self, kinds: frozenset[str], ranges: Iterable[tuple[int, int]]) -> Iterator[Syntax]:
        """The nodes of one of `kinds` that overlap or touch one of `ranges`, in order."""
        found: list[Node] = []
        todo = [self.tree.root_node]
        wanted = grammar_kinds(kinds)
        spans = Ranges(ranges)
        while todo:
            node = todo.pop()
            if spans.touches(node.start_byte, node.end_byte):
                if node.type in wanted:
                    found.append(node)
                todo += node.named_children
        for node in sorted(found, key=_place):
            yield self.root if node.type == "source_file" else Syntax(node, self.data)

    def _grammar_nodes(self, kinds: frozenset[str]) -> list[Node]:
        found = self._found.get(kinds)
        if found is None:
            query = _query(tuple(sorted(kinds)))
            captures = tree_sitter.QueryCursor(query).captures(self.tree.root_node)
            found = sorted((node for nodes in captures.values() for node in nodes), key=_place)
            self._found[kinds] = found
        return found

    def errors(self) -> list[tuple[int, int]]:
        """Byte ranges of what does not parse: ERROR nodes and missing tokens."""
        if self._errors is None:
            self._errors = self._unparsed() if self.tree.root_node.has_error else []
        return self._errors

    def _unparsed(self) -> list[tuple[int, int]]:
        found = []
        todo = [self.tree.root_node]
        while todo:
            node = todo.pop()
            if node.is_error or node.is_missing:
                found.append((node.start_byte, node.end_byte))
            elif node.has_error:
                todo += node.children
        return sorted(found)

    def comments(self) -> list[tuple[int, int]]:
        """Byte ranges of all comments, in order."""
        if self._comments is None:
            nodes = self._grammar_nodes(frozenset({"comment"}))
            self._comments = [(node.start_byte, node.end_byte) for node in nodes]
        return self._comments

    def point(self, offset: int) -> tuple[int, int]:
        """Row and column, from 0 and in bytes, as the parser counts them."""
        if self._starts is None:
            self._starts = [0, *(found.end() for found in _NEWLINE.finditer(self.data))]
        row = bisect_right(self._starts, offset) - 1
        return row, offset - self._starts[row]

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column (from 1, in bytes) of a byte offset."""
        row, column = self.point(offset)
        return row + 1, column + 1

    def path(self, start: int, end: int) -> list[Syntax]:
        """From the file's root down to the innermost node that holds `start`..`end`."""
        found = [self.root]
        while True:
            children = found[-1].children
            at = bisect_right(children, start, key=_start) - 1
            while at > 0 and children[at].start == children[at].end:
                at -= 1
            if at < 0 or children[at].end < end:
                return found
            found.append(children[at])

    def declaration(self, start: int, end: int) -> tuple[int, int]:
        """The byte range of the top-level nodes that touch `start`..`end`."""
        low, high = start, end
        for child in self.tree.root_node.children:
            if child.type != "comment" and child.start_byte < end and child.end_byte > start:
                low, high = min(low, child.start_byte), max(high, child.end_byte)
        return low, high


class _Files:
    """The files that were parsed last; a tree takes some thirty times the bytes of its file."""

    LIMIT = 2_000_000  # bytes of Go

    def __init__(self) -> None:
        self._files: dict[bytes, GoFile] = {}
        self._size = 0

    def get(self, data: bytes) -> GoFile | None:
        return self._files.get(data)

    def keep(self, file: GoFile) -> GoFile:
        self._files[file.data] = file
        self._size += len(file.data)
        while self._size > self.LIMIT and len(self._files) > 1:
            oldest = next(iter(self._files))
            self._size -= len(oldest)
            del self._files[oldest]
        return file


_files = _Files()


def parse(data: bytes) -> GoFile:
    """Parse Go source; what does not parse becomes `GoFile.errors`.

    ApplyError only for what would take the parser more steps than any Go does.
    """
    return _files.get(data) or _files.keep(GoFile(data))


def declares(data: bytes, name: str) -> bool:
    """Whether a Go file declares a function, method, type, variable or constant `name`."""
    word = name.encode()
    return word in data and any(word == found.text for found, _ in declared(parse(data)))


def declared(file: GoFile) -> Iterator[tuple[Syntax, Syntax]]:
    """Each name that a file declares, with its declaration."""
    for node in file.nodes(_DECLARATIONS):
        for name in node.names():
            yield name, node


def edited(before: GoFile, edits: Sequence[Splice]) -> GoFile:
    """`parse(splice(before.data, edits))`, where only what the edits touched is parsed anew."""
    after = splice(before.data, edits)
    if (known := _files.get(after)) is not None:
        return known
    tree = before.tree.copy()
    for edit in sorted(edits, reverse=True):  # the last first: the offsets before it still hold
        start, end = before.point(edit.start), before.point(edit.end)
        rows, columns = _point(edit.new, len(edit.new))
        stop = (start[0] + rows, columns if rows else start[1] + columns)
        tree.edit(edit.start, edit.end, edit.start + len(edit.new), start, end, stop)
    return _files.keep(GoFile(after, tree))


def _point(data: bytes, offset: int) -> tuple[int, int]:
    """Row and column, from 0, as the parser counts them."""
    return data.count(b"\n", 0, offset), offset - data.rfind(b"\n", 0, offset) - 1


@lru_cache(maxsize=64)
def _query(kinds: tuple[str, ...]) -> tree_sitter.Query:
    return tree_sitter.Query(LANGUAGE, "[" + " ".join(f"({kind})" for kind in kinds) + "] @n")


@lru_cache(maxsize=64)
def grammar_kinds(kinds: frozenset[str]) -> frozenset[str]:
    """The grammar's own names for the view's `kinds`."""
    names = kinds | {name for name, kind in _KINDS.items() if kind in kinds}
    return frozenset(n for n in names if LANGUAGE.id_for_node_kind(n, True) is not None)


def position(data: bytes, offset: int) -> tuple[int, int]:
    """Line and column (from 1, in bytes) of a byte offset."""
    row, column = _point(data, offset)
    return row + 1, column + 1


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
