"""The text of a .patch file -> its changes, each a minus side and a plus side of Go.

The notation is uber-go/gopatch's (its docs/PatchesInDepth.md): `@@ metavariables @@`, then a
diff whose lines are Go. `...` becomes a placeholder that is Go too, so that both sides can be
parsed; where it stood is remembered by offset, never by name.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from gopatch.engine._elisions import CLAUSE, TOKEN, placeholders
from gopatch.engine._metavariables import Metavariable, metavariables
from gopatch.errors import PatchError

_NAME = r"[^\W\d]\w*"
_FENCE = re.compile(
    rf"@\s*(?P<form>or\b\s*)?(?:(?P<name>(?!in\s){_NAME})\s*)?"
    rf"(?:\bin\s+(?P<inside>{_NAME}(?:\.{_NAME})?)\s*)?@\s*\Z"
)
_NEWLINE = ord("\n")
OR = "|"


class Line(NamedTuple):
    """One line of the diff part: `mark` is "-", "+" or " "; `column` is where `text` starts.

    In a patch folder `mark` may be "|": another form of the line above, in its place.
    """

    mark: str
    text: str
    number: int
    column: int


class Dots(NamedTuple):
    """One `...`: the byte range of its placeholder in the side's text, and its place."""

    start: int
    end: int
    line: int
    column: int


class Side(NamedTuple):
    """One side of a change as Go, as text and as bytes.

    `lines[i]` is the diff line that line i of `text` came from.
    """

    text: str
    data: bytes
    lines: tuple[Line, ...]
    dots: tuple[Dots, ...]
    holes: frozenset[tuple[int, int]]  # the byte ranges of `dots`
    starts: tuple[int, ...]  # where the lines of `data` start

    def line_at(self, offset: int) -> Line:
        """The diff line that holds the byte at `offset`."""
        index = bisect_right(self.starts, offset) - 1
        return self.lines[min(index, len(self.lines) - 1)]

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column in the .patch file of the byte at `offset`."""
        line = self.line_at(offset)
        start = self.starts[bisect_right(self.starts, offset) - 1]
        column = line.column + offset - start
        shift = sum(
            (d.end - d.start) - 3 for d in self.dots if start <= d.start and d.end <= offset
        )
        return line.number, column - shift


class Change(NamedTuple):
    """One change of a .patch file, in the order of the file; they are run one after the other.

    `inside` names the declaration in which it works, at any depth (`Name`, or `Type.Method`); without
    it a change works anywhere. `name` is its own, if it has one; `is_form` that its header says `or`:
    in a patch folder it then is another form of the change before it. `uses` are the fragments whose
    forms it takes on. `switch` is the kind of the switch whose clauses it has, where they are some of
    several kinds.
    """

    path: str
    description: str
    metavariables: tuple[Metavariable, ...]
    lines: tuple[Line, ...]
    minus: Side
    plus: Side
    inside: str = ""
    name: str = ""
    is_form: bool = False
    uses: tuple[str, ...] = ()
    switch: str = ""

    def with_lines(self, lines: tuple[Line, ...]) -> Change:
        """The change with other lines, and both its sides anew."""
        minus, plus = sides_of(lines)
        return self._replace(lines=lines, minus=minus, plus=plus)


def parse_notation(text: str, path: str, *, empty: bool = False) -> tuple[Change, ...]:
    """Split a .patch file into its changes, which may be `empty` where it is a fragment.

    Raises PatchError with line and column for whatever does not belong: a fence that is not
    closed, text before the first one, a metavariable of an unknown kind.
    """
    lines = text.replace("\r\n", "\n").split("\n")
    changes: list[Change] = []
    at = 0
    comments: list[str] = []
    while at < len(lines):
        line = lines[at]
        if _FENCE.match(line):
            at, change = _change(lines, at, comments, path, empty)
            changes.append(change)
            comments = _trailing_comments(lines, at)
            continue
        if line.startswith("#"):
            comments.append(line.lstrip("# ").rstrip())
        elif line.strip():
            raise PatchError(
                "expected `@@`, which opens the metavariables of a change",
                path=path,
                line=at + 1,
                column=1,
                hint="a patch is `@@`, metavariables, `@@`, then lines that start with -, + or space",
            )
        at += 1
    if not changes:
        raise PatchError("no change: the file holds no `@@`", path=path, line=1, column=1)
    return tuple(changes)


def _trailing_comments(lines: list[str], at: int) -> list[str]:
    """The `#` lines right above line `at`: they describe the change that follows."""
    found: list[str] = []
    while at > 0 and lines[at - 1].startswith("#"):
        at -= 1
        found.insert(0, lines[at].lstrip("# ").rstrip())
    return found


def _change(
    lines: list[str], at: int, comments: list[str], path: str, empty: bool
) -> tuple[int, Change]:
    end = at + 1
    while end < len(lines) and not _FENCE.match(lines[end]):
        end += 1
    if end == len(lines):
        raise PatchError(
            "the metavariables are never closed",
            path=path,
            line=at + 1,
            column=1,
            hint="close them with a line `@@`",
        )
    header = _FENCE.match(lines[at])
    assert header is not None
    declared, uses = metavariables(lines[at + 1 : end], at + 2, path)
    start = at = end + 1
    while at < len(lines) and not _FENCE.match(lines[at]):
        at += 1
    diff = _diff(lines[start:at], start + 1)
    empty = empty or bool(uses) or any(v.kind == "given" for v in declared)
    if not (empty or any(line.mark in "+-" or line.text.strip() for line in diff)):
        raise PatchError("the change is empty", path=path, line=start, column=1)
    minus, plus = sides_of(diff)
    return at, Change(
        path,
        "\n".join(comments),
        declared,
        diff,
        minus,
        plus,
        header["inside"] or "",
        header["name"] or "",
        bool(header["form"]),
        uses,
    )


def _diff(lines: list[str], first: int) -> tuple[Line, ...]:
    found = []
    for number, text in enumerate(lines, first):
        if text.startswith("#"):
            continue
        mark = text[:1] if text[:1] in ("-", "+", " ", OR) else ""
        found.append(Line(mark or " ", text[len(mark) :], number, len(mark) + 1))
    while found and not found[-1].text.strip() and found[-1].mark == " ":
        found.pop()
    return tuple(found)


def sides_of(diff: tuple[Line, ...]) -> Iterator[Side]:
    """The two sides. A `...` of context that stands for clauses on one of them does so on both."""
    sides = [[line for line in diff if line.mark in marks] for marks in (" -", " +")]
    found = [list(_elisions(lines)) for lines in sides]
    clauses = {
        one.line.number
        for elisions in found
        for one in elisions
        if one.line.mark == " " and one.placeholder == CLAUSE
    }
    for lines, elisions in zip(sides, found, strict=True):
        yield _side(lines, [e.as_clause() if e.line.number in clauses else e for e in elisions])


class _Elision(NamedTuple):
    """A `...` at characters `start`..`end` of a side's text, and what Go stands for it."""

    line: Line
    column: int
    start: int
    end: int
    placeholder: str

    def as_clause(self) -> _Elision:
        return self._replace(placeholder=CLAUSE) if self.line.mark == " " else self


def _elisions(lines: list[Line]) -> Iterator[_Elision]:
    text = _text(lines)
    for start, end, placeholder in placeholders(text):
        line = lines[text.count("\n", 0, start)]
        column = line.column + start - (text.rfind("\n", 0, start) + 1)
        yield _Elision(line, column, start, end, placeholder)


def _text(lines: list[Line]) -> str:
    return "".join(line.text + "\n" for line in lines)


def _side(lines: list[Line], elisions: list[_Elision]) -> Side:
    """Join a side's lines and put a placeholder for each `...`."""
    text = _text(lines)
    out: list[str] = []
    dots: list[Dots] = []
    at = size = 0
    for one in elisions:
        kept = text[at : one.start]
        size += len(kept.encode())
        out += (kept, one.placeholder)
        dots.append(Dots(size, size + len(one.placeholder), one.line.number, one.column))
        size += len(one.placeholder)
        at = one.end
    out.append(text[at:])
    text = "".join(out)
    holes = frozenset((d.start, d.end) for d in dots)
    data = text.encode()
    starts = (0, *(i + 1 for i, byte in enumerate(data) if byte == _NEWLINE))
    return Side(text, data, tuple(lines), tuple(dots), holes, starts)


def comments_of(side: Side) -> Iterator[tuple[int, int]]:
    """The byte ranges of a side's comments."""
    for match in TOKEN.finditer(side.text):
        if match.lastgroup == "comment":
            start = len(side.text[: match.start()].encode())
            yield start, start + len(match[0].encode())
