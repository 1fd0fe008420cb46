"""Go as lists in lists: what edits are carried on.

A `Listing` is a run of rows (declarations, statements, fields, elements, cases, specs, comments), a
`ListedRow` is what stands on lines of its own: tokens, and the listings that open inside of it. Whatever
is written on one line alone stays tokens. Nothing is normalised: every byte is in a token, in the
gap between two, or in a nested listing.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache

from gopatch.backport.go_files import go_file
from gopatch.go.tree import (
    CLAUSES,
    COMMA_LISTS,
    LINE_LISTS,
    SWITCHES,
    GoFile,
    Syntax,
    elements_of,
)

_TOKEN = re.compile(
    rb"//[^\n]*|/\*.*?\*/|\"(?:\\.|[^\"\\\n])*\"|`[^`]*`|'(?:\\.|[^'\\\n])+'"
    rb"|[^\W\d]\w*|\d[\w.]*|<<=|>>=|&\^=|\.\.\.|&\^|&&|\|\||<-|\+\+|--|[-+*/%&|^<>=!:]=|<<|>>|[^\w\s]",
    re.S,
)
_HOLDERS = (LINE_LISTS | COMMA_LISTS) - {"source_file"}
_DECLARATIONS = {
    "function_declaration",
    "method_declaration",
    "type_declaration",
    "var_declaration",
    "const_declaration",
}


class Token:
    """A token of Go, a comment, or (with `listing`) a nested listing."""

    __slots__ = ("end", "listing", "start", "text")

    def __init__(self, text: bytes, start: int, end: int, listing: Listing | None = None) -> None:
        self.text, self.start, self.end, self.listing = text, start, end, listing

    @property
    def is_comment(self) -> bool:
        return self.text.startswith((b"//", b"/*"))


class ListedRow:
    """What stands on lines of its own in a listing."""

    def __init__(self, kind: str, span: tuple[int, int], nodes: Sequence[Syntax], data: bytes):
        self.kind, self.data = kind, data
        self.start, self.end = span
        self.nodes = nodes

    @cached_property
    def tokens(self) -> list[Token]:
        """The row's tokens; a listing inside counts as one."""
        found: list[Token] = []
        at = self.start
        for listing in sorted(_nested(self.nodes, self.end), key=lambda each: each.start):
            if listing.start < at:
                continue
            found += _lexed(self.data, at, listing.start)
            found.append(
                Token(b"{%s}" % listing.kind.encode(), listing.start, listing.end, listing)
            )
            at = listing.end
        return found + list(_lexed(self.data, at, self.end))

    @cached_property
    def words(self) -> tuple[bytes, ...]:
        """All tokens, also of what is nested; comments too."""
        return tuple(_TOKEN.findall(self.data, self.start, self.end))

    @cached_property
    def key(self) -> tuple[object, ...] | None:
        """What makes this row the same row in another source, whatever else it says."""
        return _key(self.nodes[0]) if len(self.nodes) == 1 else None

    @property
    def text(self) -> bytes:
        return self.data[self.start : self.end]

    @property
    def lines(self) -> tuple[int, int]:
        """The byte range of the row's lines, without the last line end."""
        low = self.data.rfind(b"\n", 0, self.start) + 1
        high = self.data.find(b"\n", self.end)
        return low, len(self.data) if high < 0 else high

    def blank_before(self) -> bool:
        """Whether an empty line stands above."""
        low = self.lines[0]
        return low > 1 and self.data[:low].rstrip(b" \t").endswith(b"\n\n")


class Listing:
    """Rows between `start` and `end`, the bytes inside of the brackets."""

    def __init__(self, holder: Syntax, span: tuple[int, int]) -> None:
        self.holder, self.kind, self.data = holder, holder.kind, holder.data
        self.start, self.end = span

    @cached_property
    def rows(self) -> list[ListedRow]:
        return _rows(self)

    @property
    def indent(self) -> int:
        """How many tabs stand before its rows."""
        if self.rows:
            return _tabs(self.data, self.rows[0].start)
        return 0 if self.kind == "source_file" else _tabs(self.data, self.start) + 1


@lru_cache(maxsize=16)
def listing_of(data: bytes) -> Listing:
    """A whole file as one listing of its declarations."""
    return Listing(go_file(data).root, (0, len(data)))


def _lexed(data: bytes, start: int, end: int) -> Iterator[Token]:
    for found in _TOKEN.finditer(data, start, end):
        yield Token(found[0], found.start(), found.end())


def lex(data: bytes) -> list[bytes]:
    """The texts of all tokens."""
    return _TOKEN.findall(data)


def _tabs(data: bytes, at: int) -> int:
    low = data.rfind(b"\n", 0, at) + 1
    line = data[low:]
    return len(line) - len(line.lstrip(b"\t"))


def _nested(nodes: Sequence[Syntax], limit: int) -> Iterator[Listing]:
    """The outermost listings in some nodes."""
    for node in nodes:
        if node.token is not None or b"\n" not in node.data[node.start : max(node.end, limit)]:
            continue
        if node.kind in CLAUSES:
            yield from _nested(_header(node), 0)
            yield from _clause(node, limit)
            continue
        span = _span(node)
        if span is not None:
            yield Listing(node, span)
        else:
            yield from _nested(node.children, 0)


def _header(clause: Syntax) -> list[Syntax]:
    body = {id(each) for each in elements_of(clause)}
    return [child for child in clause.children if id(child) not in body]


def _clause(clause: Syntax, limit: int) -> Iterator[Listing]:
    """The statements of a case, which reach over the comments below them."""
    colon = next((c.end for c in clause.children if c.token == b":"), None)
    if colon is None:
        return
    line = clause.data.find(b"\n", colon)
    elements = elements_of(clause)
    if elements and elements[0].start < line:
        return
    end = max(clause.end, limit)
    if line >= 0 and clause.data[line:end].strip():
        yield Listing(clause, (line, end))


def _span(node: Syntax) -> tuple[int, int] | None:
    """The inside of a holder whose rows stand on lines of their own, else None."""
    if node.kind not in _HOLDERS:
        return None
    opens = (b"{",) if node.kind in SWITCHES else (b"{", b"(", b"[")
    brackets = [c for c in node.children if c.token in opens]
    closers = [c for c in node.children if c.token in (b"}", b")", b"]")]
    if not brackets or not closers:
        return None
    start, end = brackets[0].end, closers[-1].start
    inside = node.data[start:end]
    if b"\n" not in inside:
        return None
    first, last = inside.split(b"\n", 1)[0].strip(), inside.rsplit(b"\n", 1)[1].strip()
    if last or (first and not first.startswith(b"//")):
        return None
    return start + (inside.index(b"\n") if first else 0), end


def _rows(listing: Listing) -> list[ListedRow]:
    data, low, high = listing.data, listing.start, listing.end
    elements = [e for e in elements_of(listing.holder) if low <= e.start < high]
    spans: list[tuple[int, int, list[Syntax]]] = []
    comments = _comments(data, low, high, elements)
    for start, end, node in sorted(
        [(e.start, _end(e, data, high), e) for e in elements] + comments, key=lambda x: x[:2]
    ):
        nodes = [node] if node is not None else []
        if spans and b"\n" not in data[spans[-1][1] : start]:
            before = spans.pop()
            spans.append((before[0], max(end, before[1]), [*before[2], *nodes]))
        else:
            spans.append((start, end, nodes))
    if listing.holder.kind in SWITCHES:
        spans = _with_comments(spans, data)
    return [
        ListedRow(nodes[0].kind if nodes else "comment", (start, end), nodes, data)
        for start, end, nodes in spans
    ]


def _with_comments(
    spans: list[tuple[int, int, list[Syntax]]], data: bytes
) -> list[tuple[int, int, list[Syntax]]]:
    """Comments that are indented as statements belong to the case above them."""
    kept: list[tuple[int, int, list[Syntax]]] = []
    for start, end, nodes in spans:
        if not nodes and kept and _tabs(data, start) > _tabs(data, kept[-1][0]):
            kept[-1] = (kept[-1][0], end, kept[-1][2])
        else:
            kept.append((start, end, nodes))
    return kept


def _end(element: Syntax, data: bytes, high: int) -> int:
    """Where an element ends, its comma included."""
    rest = data[element.end : high]
    stripped = rest.lstrip(b" \t")
    return (
        element.end + len(rest) - len(stripped) + 1 if stripped[:1] in (b",", b";") else element.end
    )


def _comments(
    data: bytes, low: int, high: int, elements: Sequence[Syntax]
) -> list[tuple[int, int, Syntax | None]]:
    """The comments between elements."""
    file: GoFile = go_file(data)
    starts = [e.start for e in elements]
    found: list[tuple[int, int, Syntax | None]] = []
    all_comments = file.comments()
    for start, end in all_comments[bisect_left(all_comments, (low, 0)) :]:
        if start >= high:
            break
        index = bisect_left(starts, start + 1) - 1
        if index < 0 or start >= elements[index].end:
            found.append((start, end, None))
    return found


def _key(node: Syntax) -> tuple[object, ...] | None:
    kind = node.kind
    if kind in ("function_declaration", "method_declaration"):
        return ("func", receiver_of(node), _name(node))
    if kind in _DECLARATIONS:
        specs = [e for e in elements_of(node) if e.kind.endswith("_spec")]
        return (kind, tuple(_name(spec) for spec in specs)) if specs else None
    if kind in ("field_declaration", "method_elem", "var_spec", "const_spec", "type_spec"):
        names = tuple(name.text for name in node.names())
        return (kind, names or node.text)
    if kind == "keyed_element" and node.children and node.children[0].token is not None:
        return (kind, node.children[0].text)
    if kind in CLAUSES:
        return (kind, tuple(lex(b" ".join(c.text for c in _header(node)))))
    return ("import",) if kind == "import_declaration" else None


def _name(node: Syntax) -> bytes:
    names = node.names()
    return names[0].text if names else b""


def receiver_of(node: Syntax) -> bytes:
    """The type of a method's receiver without `*` and parameters, else empty."""
    receiver = node.field("receiver") if node.kind == "method_declaration" else None
    if receiver is None:
        return b""
    words = re.findall(rb"\w+", receiver.text.split(b"[")[0])
    return words[-1] if words else b""


def called(row: ListedRow) -> str:
    """What people call a declaration: `Store.Remove`, or its first line."""
    key = row.key
    if key is None:
        return row.text.split(b"\n")[0].decode(errors="replace")[:60]
    if key[0] == "func":
        return ".".join(part.decode(errors="replace") for part in key[1:] if part)  # type: ignore[attr-defined]
    names = key[-1] if isinstance(key[-1], tuple) else ()
    return ", ".join(name.decode(errors="replace") for name in names)
