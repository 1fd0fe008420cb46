"""Go source as a syntax tree: the door to the only modules that know tree-sitter.

`Syntax` is a lazy, normalised view of tree-sitter-go's concrete tree, shared by patterns and
by the files that they are matched on; `GoFile` is a file that was parsed, and what is asked of it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import tree_sitter

from gopatch.go._kept import ParsedFiles
from gopatch.go._kinds import (
    BINARY,
    CHAINS,
    CLAUSES,
    COMMA_LISTS,
    GROUPS,
    IDENTIFIER,
    INSTANCE,
    LABEL,
    LINE_LISTS,
    NAMED,
    RESULT,
    STATEMENT_HOLDERS,
    SWITCHES,
    grammar_kinds,
)
from gopatch.go._named import is_declared_by, named
from gopatch.go._parsing import LANGUAGE, parsed
from gopatch.go._positions import point, position
from gopatch.go._queries import nodes_below, place
from gopatch.go._syntax import Syntax, elements_of
from gopatch.go.ranges import Ranges
from gopatch.splice import Splice, splice

if TYPE_CHECKING:
    from tree_sitter import Node, Tree

__all__ = [
    "BINARY",
    "CHAINS",
    "CLAUSES",
    "COMMA_LISTS",
    "DECLARATIONS",
    "GROUPS",
    "IDENTIFIER",
    "LABEL",
    "LINE_LISTS",
    "MEMBERS",
    "NAMED",
    "RESULT",
    "STATEMENT_HOLDERS",
    "SWITCHES",
    "GoFile",
    "Syntax",
    "declared",
    "edited",
    "elements_of",
    "forget_trees",
    "parse",
    "position",
    "receiver",
]

_SMALL = 2048  # bytes of a node whose parts are found again in no time
_RARE = 64  # times that a word is in a file, for which its places are cheaper than all nodes
_NEWLINE = re.compile(rb"\n")
DECLARATIONS = frozenset(
    {"function_declaration", "method_declaration", "type_spec", "var_spec", "const_spec"}
)
MEMBERS = frozenset({"field_declaration", "method_elem"})
_DECLARING = grammar_kinds(DECLARATIONS | MEMBERS)
_BASES = tree_sitter.Query(
    LANGUAGE, "(selector_expression . (identifier) @n) (qualified_type . (package_identifier) @n)"
)


class GoFile:
    """A parsed file: its bytes, its tree, and questions about both."""

    def __init__(self, data: bytes, old: Tree | None = None, *, known: Tree | None = None) -> None:
        """`old` is the tree of what `data` was before, told of the edits since (`edited`); `known` is its own."""
        self.data = data
        # Go allows a byte order mark at the very start; the grammar does not.
        text = b"   " + data[3:] if data.startswith(b"\xef\xbb\xbf") else data
        self.tree: Tree = known or parsed(text, old)
        self.root = Syntax(self.tree.root_node, data)
        self._found: dict[frozenset[str], list[Node]] = {}
        self._starts: list[int] | None = None
        self._errors: list[tuple[int, int]] | None = None
        self._comments: list[tuple[int, int]] | None = None
        self._walked: Syntax | None = None
        self._bases: Counter[bytes] | None = None
        self._counted: dict[bytes, int] = {}

    def nodes(self, kinds: frozenset[str], words: tuple[bytes, ...] = ()) -> Iterator[Syntax]:
        """All nodes of the view whose kind is one of `kinds`, in order of their start.

        With `words`, only those whose text holds all of them.
        """
        if kinds == {"source_file"}:
            yield self.root
            return
        wanted = grammar_kinds(kinds)
        calls = frozenset({"call_expression"} if INSTANCE in kinds else ())
        for node in self._holding(wanted | calls, words):
            start, end = node.start_byte, node.end_byte
            if all(self.data.find(word, start, end) >= 0 for word in words):
                itself, *instance = Syntax(node, self.data).shown()
                if node.type in wanted:
                    yield itself
                if calls:
                    yield from instance

    def _holding(self, kinds: frozenset[str], words: tuple[bytes, ...]) -> list[Node]:
        """The grammar's nodes among which those are that have all `words`: those around the rarest of them."""
        counts = {word: self.data.count(word) for word in words}
        rarest = min(words, key=counts.__getitem__, default=b"")
        if not words or counts[rarest] > _RARE:
            return self._grammar_nodes(kinds)
        found: dict[int, Node] = {}
        at = self.data.find(rarest)
        while at >= 0:
            cursor = self.tree.walk()
            node = cursor.node
            while node is not None and node.start_byte <= at < node.end_byte:
                if node.type in kinds:
                    found[node.id] = node
                deeper = cursor.goto_first_child_for_byte(at) is not None
                node = cursor.node if deeper else None
            at = self.data.find(rarest, at + len(rarest))
        return sorted(found.values(), key=place)

    def around(self, kinds: frozenset[str], ranges: Iterable[tuple[int, int]]) -> Iterator[Syntax]:
        """The nodes of one of `kinds` that overlap or touch one of `ranges`, in order."""
        todo = [self.tree.root_node]
        wanted = grammar_kinds(kinds)
        spans = Ranges(ranges)
        while todo:
            node = todo.pop()
            if not spans.touches(node.start_byte, node.end_byte):
                continue
            todo += reversed(node.named_children)
            if node.type in wanted:
                yield self.root if node.type == "source_file" else Syntax(node, self.data)

    def _grammar_nodes(self, kinds: frozenset[str]) -> list[Node]:
        if kinds not in self._found:
            self._found[kinds] = nodes_below(self.tree.root_node, kinds)
        return self._found[kinds]

    def bases(self) -> Counter[bytes]:
        """The names before the dots of `a.b`, with how often each stands there."""
        if self._bases is None:
            captures = tree_sitter.QueryCursor(_BASES).captures(self.tree.root_node)
            nodes = (node for nodes in captures.values() for node in nodes)
            self._bases = Counter(self.data[node.start_byte : node.end_byte] for node in nodes)
        return self._bases

    def counted(self, word: bytes) -> int:
        """How often a name stands in the file, whatever it is the name of."""
        if word not in self._counted:
            self._counted[word] = len(named(self.tree, self.data, word))
        return self._counted[word]

    def used(self, word: bytes) -> list[int]:
        """Where a name stands that is not declared there."""
        names = named(self.tree, self.data, word)
        return [name.start_byte for name in names if not is_declared_by(name, _DECLARING)]

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
        small: Syntax | None = None
        while True:
            children = found[-1].children
            at = bisect_right(children, start, key=_start) - 1
            while at > 0 and children[at].start == children[at].end:
                at -= 1
            if at < 0 or children[at].end < end:
                break
            found.append(children[at])
            if small is None and children[at].end - children[at].start <= _SMALL:
                small = children[at]
        if small is not self._walked and self._walked is not None:
            self._walked.forget()  # of a large file only the path that was asked for last is kept
        self._walked = small
        return found

    def declaration(self, start: int, end: int) -> tuple[int, int]:
        """The byte range of the top-level nodes that touch `start`..`end`."""
        low, high = start, end
        for child in self.tree.root_node.children:
            if child.type != "comment" and child.start_byte < end and child.end_byte > start:
                low, high = min(low, child.start_byte), max(high, child.end_byte)
        return low, high


_files: ParsedFiles[GoFile] = ParsedFiles()
# A tree alone takes some twenty times the bytes of its file: it stays longer than what is seen of it.
_trees: ParsedFiles[Tree] = ParsedFiles(500_000)


def parse(data: bytes) -> GoFile:
    """Parse Go source; what does not parse becomes `GoFile.errors`.

    ApplyError only for what would take the parser more steps than any Go does.
    """
    found = _files.get(data)
    if found is None:
        found = _files.keep(data, GoFile(data, known=_trees.get(data)))
        _trees.keep(data, found.tree)
    return found


def forget_trees() -> None:
    """Let go of what `parse` has kept: another source has other files."""
    _files.forget()
    _trees.forget()


def declared(file: GoFile) -> Iterator[tuple[Syntax, Syntax]]:
    """Each name that a file declares, with its declaration."""
    for node in file.nodes(DECLARATIONS):
        for name in node.names():
            yield name, node


def receiver(declaration: Syntax) -> bytes | None:
    """The type that a method belongs to; None of what is no method."""
    if declaration.kind != "method_declaration":
        return None
    names = [leaf.token for leaf in declaration.children[1].leaves() if leaf.kind == IDENTIFIER]
    return names[min(len(names), 2) - 1] if names else None


def edited(before: GoFile, edits: Sequence[Splice]) -> GoFile:
    """`parse(splice(before.data, edits))`, where only what the edits touched is parsed anew."""
    after = splice(before.data, edits)
    if (known := _files.get(after)) is not None:
        return known
    tree = before.tree.copy()
    for edit in sorted(edits, reverse=True):  # the last first: the offsets before it still hold
        start, end = before.point(edit.start), before.point(edit.end)
        rows, columns = point(edit.new, len(edit.new))
        stop = (start[0] + rows, columns if rows else start[1] + columns)
        tree.edit(edit.start, edit.end, edit.start + len(edit.new), start, end, stop)
    return _files.keep(after, GoFile(after, tree))


def _start(node: Syntax) -> int:
    return node.start
