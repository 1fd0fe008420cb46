"""Match -> edits of the original bytes. Pure: context is never touched, nothing is reprinted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from gopatch.engine._fill import Writer, indent_at
from gopatch.engine.match import Match
from gopatch.engine.pattern import Node, Pattern, Run
from gopatch.go.tree import CLAUSES, GROUPS, NAMED, RESULT, SWITCHES, GoFile, Syntax, elements_of
from gopatch.splice import Splice


class UnwritableError(Exception):
    """A match whose edit cannot be written; `str()` says why, `offset` where."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


def edits_of(pattern: Pattern, match: Match, file: GoFile) -> list[Splice]:
    """What `pattern` does at `match`, in coordinates of the file's bytes."""
    place = _Place(pattern, match, file)
    found: list[Splice] = []
    for run in pattern.runs:
        found += place.edits(run)
    return [edit for edit in found if file.data[edit.start : edit.end] != edit.new]


class Span(NamedTuple):
    """A byte range of the file."""

    start: int
    end: int


class _Place:
    """One match of one pattern in one file."""

    def __init__(self, pattern: Pattern, match: Match, file: GoFile) -> None:
        self.pattern = pattern
        self.match = match
        self.file = file
        self.data = file.data
        self.writer = Writer(file.data, match, dict(pattern.pairs))
        self.newline = self.writer.newline

    def edits(self, run: Run) -> Iterator[Splice]:
        parent = self.match.met.get(run.parent, (None,))[0] if run.parent else self.match.holder
        if run.style == "tokens" or parent is None:
            yield from self._tokens(run)
        elif parent.kind == RESULT:
            yield from self._results(run, parent)
        elif run.style == "commas":
            yield from self._commas(run, parent)
        else:
            yield from self._lines(run, parent)

    def met(self, nodes: Sequence[Node]) -> list[Span]:
        """What goes, a span for each node; what `...` stands for is one span, comments and all."""
        found: list[Span] = []
        for node in nodes:
            if node not in self.match.met:
                raise UnwritableError(
                    f"`{node.text}` shares its declaration with others, so it cannot be changed",
                    self.match.start,
                )
            met = self.match.met[node]
            if met:
                found.append(Span(met[0].start, met[-1].end))
        return found

    # Tokens: pieces of one construct ---------------------------------------------------------

    def _tokens(self, run: Run) -> Iterator[Splice]:
        gone = self.met(run.gone)
        come = self._inline(run) if run.come else b""
        if gone and come:
            yield Splice(gone[0].start, gone[-1].end, come)
        elif gone:
            yield self._cut(run, gone)
        elif come:
            yield self._put(run, come)

    def _inline(self, run: Run) -> bytes:
        start, end = run.come[0].start, run.come[-1].end
        anchor = self._anchor(run)
        return self.writer.text(run.come, start, end, indent_at(self.data, anchor))

    def _anchor(self, run: Run) -> int:
        for nodes in (run.gone, (run.before,), (run.after,)):
            for node in nodes:
                met = self.match.met.get(node, ()) if node else ()
                if met:
                    return met[0].start
        return self.match.start

    def _cut(self, run: Run, gone: list[Span]) -> Splice:
        """Remove, together with the white space on one side."""
        before = self._edge(run.before, last=True)
        after = self._edge(run.after, last=False)
        gap = b"" if after is None else self.data[gone[-1].end : after]
        if after is not None and not gap.strip() and b"\n" not in gap:
            wanted = _gap(run.kept_before, run.kept_after)
            if before is not None and not self.data[before : gone[0].start].strip():
                return Splice(before, after, wanted)
            return Splice(gone[0].start, after, b"")
        if before is not None and not self.data[before : gone[0].start].strip():
            return Splice(before, gone[-1].end, b"")
        return Splice(gone[0].start, gone[-1].end, b"")

    def _put(self, run: Run, come: bytes) -> Splice:
        """Insert beside the neighbour before, or the one after at a construct's start."""
        before = self._edge(run.before, last=True)
        if before is not None:
            gap = _gap(run.kept_before, run.come[0])
            return Splice(before, before, (b" " if b"\n" in gap else gap) + come)
        after = self._edge(run.after, last=False)
        if after is None:
            raise UnwritableError("nothing stands beside what is added", self.match.start)
        gap = _gap(run.come[-1], run.kept_after)
        return Splice(after, after, come + (b" " if b"\n" in gap else gap))

    def _edge(self, node: Node | None, *, last: bool) -> int | None:
        met = self.match.met.get(node, ()) if node is not None else ()
        if not met:
            return None
        return met[-1].end if last else met[0].start

    # Results: written with or without brackets, or not at all -------------------------------

    def _results(self, run: Run, parent: Syntax) -> Iterator[Splice]:
        """A result list is small: it is written anew, once, when anything in it changes."""
        runs = [r for r in self.pattern.runs if r.parent is run.parent]
        if run is not runs[0]:
            return
        kept = {id(n) for r in runs for n in r.gone}
        assert run.parent is not None
        parts: list[bytes] = []
        todo = {id(r.before): r for r in runs}

        def write(r: Run) -> None:
            for node in r.come:
                text = self.writer.text([node], node.start, node.end, b"")
                if text:
                    parts.append(text)

        if id(None) in todo:
            write(todo[id(None)])
        for node in run.parent.children:
            if id(node) not in kept:
                parts += [s.text for s in self.match.met.get(node, ())]
            if id(node) in todo:
                write(todo[id(node)])
        inner = b", ".join(parts)
        bare = len(parts) == 1 and re.fullmatch(rb"(?:\S+|func\(.*|map\[.*|chan .*)", inner)
        text = inner if not parts or bare else b"(" + inner + b")"
        if parent.start == parent.end:
            yield Splice(parent.start, parent.end, b" " + text if text else b"")
        elif not text:
            start = len(self.data[: parent.start].rstrip())
            yield Splice(start, parent.end, b"")
        else:
            yield Splice(parent.start, parent.end, text)

    # Commas: arguments, parameters, elements of literals ------------------------------------

    def _commas(self, run: Run, parent: Syntax) -> Iterator[Splice]:
        elements = self._elements(parent)
        gone = self.met(run.gone)
        indent = indent_at(self.data, self._anchor(run))
        come = [self.writer.text([n], n.start, n.end, indent) for n in run.come]
        come = [text for text in come if text]
        if gone and come:
            yield from self._swap(gone, come, elements)
        elif gone:
            yield from self._drop(gone, elements, parent)
        elif come:
            yield self._add(run, come, elements, parent)

    def _elements(self, parent: Syntax) -> list[Syntax]:
        return parent.names() if parent.kind in NAMED else elements_of(parent)

    def _swap(
        self, gone: list[Span], come: list[bytes], elements: list[Syntax]
    ) -> Iterator[Splice]:
        if len(gone) == len(come):
            for syntax, text in zip(gone, come, strict=True):
                yield Splice(syntax.start, syntax.end, text)
            return
        rows = len(gone) > 1 and b"\n" in self.data[gone[0].end : gone[1].start]
        separator = b"," + self.newline + indent_at(self.data, gone[0].start) if rows else b", "
        yield Splice(gone[0].start, gone[-1].end, separator.join(come))

    def _drop(self, gone: list[Span], elements: list[Syntax], parent: Syntax) -> Iterator[Splice]:
        first, last = _index(elements, gone[0]), _last_index(elements, gone[-1])
        start, end = gone[0].start, gone[-1].end
        comma = re.match(rb"\s*,", self.data[end : parent.end])
        if self._own_lines(start, end + (comma.end() if comma else 0)):
            yield from self._cut_lines(start, end + (comma.end() if comma else 0))
        elif last + 1 < len(elements):
            yield Splice(start, elements[last + 1].start, b"")
        elif first > 0:
            yield Splice(elements[first - 1].end, end, b"")
        else:
            yield Splice(start, end + (comma.end() if comma else 0), b"")

    def _add(self, run: Run, come: list[bytes], elements: list[Syntax], parent: Syntax) -> Splice:
        at = self._index_for(run, elements)
        before = elements[at - 1] if at else None
        after = elements[at] if at < len(elements) else None
        if before is None and after is None:
            opener = parent.children[0].end
            return Splice(opener, opener, b", ".join(come))
        if after is not None and (before is not None or self._starts_line(after.start)):
            edge = before.end if before is not None else parent.start
            rows = b"\n" in self.data[edge : after.start] and self._starts_line(after.start)
            glue = b"," + self.newline + indent_at(self.data, after.start) if rows else b", "
            return Splice(after.start, after.start, b"".join(text + glue for text in come))
        if after is not None:
            return Splice(after.start, after.start, b"".join(text + b", " for text in come))
        assert before is not None
        rest = self.data[before.end : parent.end]
        closer = re.match(rb"[ \t]*,?[^\n]*\n\s*[)\]}]", rest)
        if closer and b"," in rest[: rest.find(b"\n")].split(b"//")[0]:
            line_end = self._line_end(before.end)
            indent = indent_at(self.data, before.start)
            new = b"".join(self.newline + indent + text + b"," for text in come)
            return Splice(line_end, line_end, new)
        return Splice(before.end, before.end, b"".join(b", " + text for text in come))

    def _index_for(self, run: Run, elements: list[Syntax]) -> int:
        """Where in `elements` something that is added goes: beside its neighbour."""
        if run.before is not None and not run.before.named and not run.before.dots:
            return 0
        if run.after is not None and not run.after.named and run.before is None:
            return len(elements)
        if run.before is not None and not run.before.dots and run.before in self.match.met:
            return _index(elements, self.match.met[run.before][-1]) + 1
        if run.after is not None and not run.after.dots and self.match.met.get(run.after):
            return _index(elements, self.match.met[run.after][0])
        if run.before is not None and run.before.dots:
            met = self.match.met.get(run.before, ())
            if met:
                return _index(elements, met[-1]) + 1
            siblings = run.parent.children if run.parent else list(self.pattern.minus)
            for node in reversed(siblings[: siblings.index(run.before)]):
                found = self.match.met.get(node, ())
                if found and any(found[-1] is e for e in elements):
                    return _index(elements, found[-1]) + 1
        return 0

    # Lines: statements, declarations, fields, clauses ----------------------------------------

    def _lines(self, run: Run, parent: Syntax) -> Iterator[Splice]:
        if not run.come and len(run.gone) == 1 and run.gone[0] not in self.match.met:
            # One declaration of a group goes: its line, not the group.
            specs = self.met(run.gone[0].children[1:])
            yield from self._drop_lines(specs)
            return
        gone = self.met(run.gone)
        elements = elements_of(parent)
        opener, closer = self._brackets(parent)
        if parent.kind in GROUPS and opener is None:
            if gone and run.come and len(run.come) == 1:
                yield Splice(gone[0].start, gone[-1].end, self._inline(run))
                return
            raise UnwritableError("this declaration has no brackets to put more into", parent.start)
        if opener is not None and closer is not None:
            inner = self.data[opener.end : closer.start]
            if b"\n" not in inner and (run.come or not self._covers(gone, elements)):
                yield from self._one_line(run, gone, elements, opener, closer, parent)
                return
        if gone and run.come:
            yield from self._replace_lines(run, gone)
        elif gone:
            if opener is not None and closer is not None and self._covers(gone, elements):
                inner = self.data[opener.end : closer.start]
                if b"\n" not in inner:
                    yield Splice(opener.end, closer.start, b"")
                    return
            yield from self._drop_lines(gone)
        elif run.come:
            yield self._add_lines(run, elements, parent, opener, closer)

    def _covers(self, gone: list[Span], elements: list[Syntax]) -> bool:
        return all(any(g.start <= e.start < g.end for g in gone) for e in elements)

    def _brackets(self, parent: Syntax) -> tuple[Syntax | None, Syntax | None]:
        if parent.kind == "source_file":
            return None, None
        children = parent.children
        if parent.kind in CLAUSES:
            return next((c for c in children if c.token == b":"), None), None
        opener = next((c for c in children if c.token in (b"{", b"(")), None)
        if parent.kind in SWITCHES:
            opener = next((c for c in reversed(children) if c.token == b"{"), None)
        if opener is None or (parent.kind in GROUPS and children[1] is not opener):
            return None, None
        return opener, children[-1]

    def _block(self, run: Run, indent: bytes) -> list[bytes]:
        """The lines that come, indented, without their final newline."""
        side = run.come[0].side
        starts = [0]
        for i, byte in enumerate(side.data):
            if byte == 10:
                starts.append(i + 1)
        start = starts[run.first]
        end = starts[run.last + 1] - 1 if run.last + 1 < len(starts) else len(side.data)
        start = min(start, run.come[0].start) if run.first == self._row(run.come[0]) else start
        if run.first == self._row(run.come[0]):
            start = run.come[0].start
        last_row = side.data.count(b"\n", 0, run.come[-1].end)
        if run.last == last_row:
            tail = side.data[run.come[-1].end : end].strip()
            if not tail.startswith((b"//", b"/*")):
                end = run.come[-1].end
        text = self.writer.text(run.come, start, end, indent)
        lines = text.replace(b"\r\n", b"\n").split(b"\n")
        lines = [line.rstrip() for line in lines]
        if lines and lines[0]:
            lines[0] = indent + lines[0].lstrip(b" \t")
        return lines

    def _row(self, node: Node) -> int:
        return node.side.data.count(b"\n", 0, node.start)

    def _one_line(
        self,
        run: Run,
        gone: list[Span],
        elements: list[Syntax],
        opener: Syntax,
        closer: Syntax,
        parent: Syntax,
    ) -> Iterator[Splice]:
        """`{ a; b }` gets more or less: one element a line, unless what stays fits as it is."""
        if gone and not run.come:
            first, last = _index(elements, gone[0]), _last_index(elements, gone[-1])
            if last + 1 < len(elements):
                yield Splice(gone[0].start, elements[last + 1].start, b"")
            else:
                yield Splice(elements[first - 1].end, gone[-1].end, b"")
            return
        if gone and len(run.come) == 1 and b"\n" not in self._inline(run):
            yield Splice(gone[0].start, gone[-1].end, self._inline(run))
            return
        base = indent_at(self.data, opener.start)
        indent = base + b"\t"
        block = self.newline.join(_trimmed(self._block(run, indent)))
        at = _index(elements, gone[0]) if gone else self._index_for(run, elements)
        rest = [e for e in elements if not any(g.start <= e.start < g.end for g in gone)]
        edge = opener.end
        glue = self.newline + indent
        left = [e for e in rest if _index(elements, e) < at]
        right = [e for e in rest if _index(elements, e) >= at]
        for element in left:
            yield Splice(edge, element.start, glue)
            edge = element.end
        new = self.newline + block
        if parent.kind != "block" and not self.data[opener.start - 1 : opener.start].isspace():
            yield Splice(opener.start, opener.start, b" ")
        if not right:
            yield Splice(edge, closer.start, new + self.newline + base)
            return
        yield Splice(edge, right[0].start, new + glue)
        edge = right[0].end
        for element in right[1:]:
            yield Splice(edge, element.start, glue)
            edge = element.end
        yield Splice(edge, closer.start, self.newline + base)

    def _replace_lines(self, run: Run, gone: list[Span]) -> Iterator[Splice]:
        indent = indent_at(self.data, gone[0].start)
        lines = _trimmed(self._block(run, indent))
        lines[0] = lines[0].lstrip(b" \t")
        # Comments between what goes stay, so only neighbours without any go as one.
        stop = 1
        while stop < len(gone) and not self.data[gone[stop - 1].end : gone[stop].start].strip(
            b" \t\r\n;"
        ):
            stop += 1
        end = gone[stop - 1].end
        tail = self.data[end : self._line_end(end)]
        if tail.strip() and lines[-1].strip() in (b"}", b"})", b")"):
            # What is wrapped keeps the comment on its last line.
            lines, end = self._with_tail(lines, tail), end + len(tail)
        yield Splice(gone[0].start, end, self.newline.join(lines))
        if stop < len(gone):
            yield from self._drop_lines(gone[stop:])

    def _with_tail(self, lines: list[bytes], tail: bytes) -> list[bytes]:
        wrapped = any(node in self.writer.pairs for node in self._come_inside())
        at = len(lines) - 2 if wrapped and len(lines) > 2 else len(lines) - 1
        return [*lines[:at], lines[at] + tail, *lines[at + 1 :]]

    def _come_inside(self) -> Iterator[Node]:
        for run in self.pattern.runs:
            for node in run.come:
                yield from (n for n in node.walk() if n is not node)

    def _drop_lines(self, gone: list[Span]) -> Iterator[Splice]:
        groups: list[list[Span]] = []
        for syntax in gone:
            last = groups[-1][-1] if groups else None
            if last and not self.data[last.end : syntax.start].strip(b" \t\r\n;"):
                groups[-1].append(syntax)
            else:
                groups.append([syntax])
        for group in groups:
            start, end = group[0].start, group[-1].end
            semicolon = re.match(rb"[ \t]*;[ \t]*", self.data[end:])
            end += semicolon.end() if semicolon else 0
            if self._own_lines(start, end):
                yield from self._cut_lines(start, end)
            else:
                yield Splice(start, end, b"")

    def _add_lines(
        self,
        run: Run,
        elements: list[Syntax],
        parent: Syntax,
        opener: Syntax | None,
        closer: Syntax | None,
    ) -> Splice:
        at = self._index_for(run, elements)
        before = elements[at - 1] if at else None
        after = elements[at] if at < len(elements) else None
        beside_after = (
            (run.before is None or run.before.dots) and run.after is not None and not run.after.dots
        )
        indent = self._indent(before, after, parent, opener)
        lines = self._block(run, indent)
        if before is not None and after is not None and not self._starts_line(after.start):
            glue = self.newline + indent
            text = self.newline.join(_trimmed(lines))
            return Splice(before.end, after.start, self.newline + text + glue)
        if beside_after and after is not None:
            return self._above(after, before, lines)
        ends = run.before is not None and run.before.dots and after is None
        if ends and parent.kind in CLAUSES:
            return self._insert_rows(self._line_end(self._end(parent), whole=True), lines)
        if ends and closer is not None:
            row = self.data.rfind(b"\n", 0, closer.start) + 1
            return self._insert_rows(row, lines)
        edge = self._end(before) if before is not None else opener.end if opener is not None else 0
        if before is None and opener is None and after is not None:
            return self._above(after, None, lines)
        return self._insert_rows(self._line_end(edge, whole=True), lines)

    def _end(self, element: Syntax) -> int:
        """Where an element ends; a clause keeps the comments that are indented as its body is."""
        end = element.end
        if element.kind not in CLAUSES:
            return end
        depth = len(indent_at(self.data, element.start))
        for start, stop in self.file.comments():
            between = self.data[end:start]
            if start < end or between.strip():
                continue
            if b"\n" in between and len(indent_at(self.data, start)) <= depth:
                break
            end = stop
        return end

    def _indent(
        self, before: Syntax | None, after: Syntax | None, parent: Syntax, opener: Syntax | None
    ) -> bytes:
        for element in (before, after):
            if element is not None and self._starts_line(element.start):
                return indent_at(self.data, element.start)
        if parent.kind == "source_file":
            return b""
        extra = b"" if parent.kind in SWITCHES else b"\t"
        return indent_at(self.data, opener.start if opener else parent.start) + extra

    def _above(self, after: Syntax, before: Syntax | None, lines: list[bytes]) -> Splice:
        """Insert above an element and the comment that belongs to it."""
        row = self.data.rfind(b"\n", 0, after.start) + 1
        floor = self._end(before) if before is not None else 0
        comments = {self.data.rfind(b"\n", 0, s) + 1: (s, e) for s, e in self.file.comments()}
        while row > floor:
            above = self.data.rfind(b"\n", 0, row - 1) + 1
            text = self.data[above : row - 1].strip()
            inside = next(
                (s for s, e in comments.values() if s <= row - 2 < e and s >= floor), None
            )
            if (
                not text
                or inside is None
                or self.data[self.data.rfind(b"\n", 0, inside) + 1 : inside].strip()
            ):
                break
            row = self.data.rfind(b"\n", 0, inside) + 1
        return self._insert_rows(row, lines)

    def _insert_rows(self, row: int, lines: list[bytes]) -> Splice:
        """Insert whole lines at the start of a line (or at the end of the data)."""
        above = self.data[:row].rstrip(b" \t")
        below = self.data[row:]
        lines = list(lines)
        while (
            lines
            and not lines[0]
            and (
                above.rstrip(b" \t\r\n").endswith((b"{", b"("))
                or re.search(rb"\n[ \t\r]*\n\Z", above)
            )
        ):
            lines.pop(0)
        while (
            lines
            and not lines[-1]
            and (not below.strip() or re.match(rb"[ \t]*(?:\r?\n|[)}])", below))
        ):
            lines.pop()
        text = b"".join(line + self.newline for line in lines)
        if row and not self.data[:row].endswith(b"\n"):
            text = self.newline + text.removesuffix(self.newline)
        return Splice(row, row, text)

    # Lines of the file -----------------------------------------------------------------------

    def _starts_line(self, offset: int) -> bool:
        start = self.data.rfind(b"\n", 0, offset) + 1
        return not self.data[start:offset].strip()

    def _line_end(self, offset: int, *, whole: bool = False) -> int:
        """The end of the line that holds `offset`, past comments; `whole`: past its newline."""
        end = self.data.find(b"\n", offset)
        for start, stop in self.file.comments():
            if offset <= start < (end if end >= 0 else len(self.data)) < stop:
                end = self.data.find(b"\n", stop)
        if end < 0:
            return len(self.data)
        if whole:
            return end + 1
        return end - 1 if self.data[end - 1 : end] == b"\r" else end

    def _own_lines(self, start: int, end: int) -> bool:
        """Whether nothing but a comment shares the lines of `start`..`end`."""
        tail = self.data[end : self._line_end(end)].strip()
        return self._starts_line(start) and (not tail or tail.startswith((b"//", b"/*")))

    def _cut_lines(self, start: int, end: int) -> Iterator[Splice]:
        """Remove whole lines and the blank line that would be one too many; comments stay."""
        line_end = self._line_end(end)
        tail = self.data[end:line_end]
        if tail.strip():
            yield Splice(start, end + len(tail) - len(tail.lstrip()), b"")
            return
        first = self.data.rfind(b"\n", 0, start) + 1
        stop = self._line_end(end, whole=True)
        above, below = self.data[:first], self.data[stop:]
        opens = above.rstrip(b" \t\r\n").endswith((b"{", b"(", b":")) and not above.endswith(
            b"\n\n"
        )
        blank_above = re.search(rb"(?:^|\n)([ \t]*\r?\n)\Z", above)
        blank_below = re.match(rb"(?:[ \t]*\r?\n)+", below)
        if blank_below and (opens or blank_above):
            stop += blank_below.end()
        elif blank_above and re.match(rb"[ \t]*[)}]", below):
            first -= len(blank_above[1])
        yield Splice(first, stop, b"")


def _index(elements: Sequence[Syntax], wanted: Syntax | Span) -> int:
    for index, element in enumerate(elements):
        if element is wanted or (element.start, element.end) == (wanted.start, wanted.end):
            return index
    return next((i for i, e in enumerate(elements) if e.start >= wanted.start), len(elements))


def _last_index(elements: Sequence[Syntax], wanted: Span) -> int:
    return max((i for i, e in enumerate(elements) if e.end <= wanted.end), default=0)


def _gap(before: Node | None, after: Node | None) -> bytes:
    """The white space that the plus side has between two of its nodes."""
    if before is None or after is None:
        return b""
    gap = before.side.data[before.end : after.start]
    return b" " if b"\n" in gap else (b"" if gap.strip() else gap)


def _trimmed(lines: list[bytes]) -> list[bytes]:
    while lines and not lines[0].strip():
        lines = lines[1:]
    while lines and not lines[-1].strip():
        lines = lines[:-1]
    return lines
