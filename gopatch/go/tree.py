"""Go source as a syntax tree: the door to the only modules that know tree-sitter.

`Syntax` is a lazy, normalised view of tree-sitter-go's concrete tree, shared by patterns and
by the files that they are matched on; `GoFile` is a file that was parsed, and what is asked of it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import tree_sitter

from gopatch.go._kinds import (
    BINARY,
    CHAINS,
    CLAUSES,
    COMMA_LISTS,
    GROUPS,
    IDENTIFIER,
    LABEL,
    LINE_LISTS,
    NAMED,
    RESULT,
    STATEMENT_HOLDERS,
    SWITCHES,
    grammar_kinds,
)
from gopatch.go._parsing import LANGUAGE, parsed
from gopatch.go._positions import point, position
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
    "GROUPS",
    "IDENTIFIER",
    "LABEL",
    "LINE_LISTS",
    "NAMED",
    "RESULT",
    "STATEMENT_HOLDERS",
    "SWITCHES",
    "GoFile",
    "Syntax",
    "declared",
    "declares",
    "edited",
    "elements_of",
    "parse",
    "position",
]

_NEWLINE = re.compile(rb"\n")
_DECLARATIONS = frozenset(
    {"function_declaration", "method_declaration", "type_spec", "var_spec", "const_spec"}
)


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
    """The files that were parsed last; a tree with its view takes some hundred times the bytes of its file."""

    LIMIT = 50_000  # bytes of Go

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
    return word in data and word in _declared_in(data)


@lru_cache(maxsize=2048)
def _declared_in(data: bytes) -> frozenset[bytes]:
    return frozenset(name.text for name, _ in declared(parse(data)))


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
        rows, columns = point(edit.new, len(edit.new))
        stop = (start[0] + rows, columns if rows else start[1] + columns)
        tree.edit(edit.start, edit.end, edit.start + len(edit.new), start, end, stop)
    return _files.keep(GoFile(after, tree))


@lru_cache(maxsize=64)
def _query(kinds: tuple[str, ...]) -> tree_sitter.Query:
    return tree_sitter.Query(LANGUAGE, "[" + " ".join(f"({kind})" for kind in kinds) + "] @n")


def _place(node: Node) -> tuple[int, int]:
    return node.start_byte, -node.end_byte


def _start(node: Syntax) -> int:
    return node.start
