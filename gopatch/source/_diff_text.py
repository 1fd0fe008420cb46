"""A unified diff, git's or anybody's, as values: bytes in, the files of the diff out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from gopatch.errors import SourceError
from gopatch.source._git_binary import Binary, binary

_RANGE = re.compile(rb"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_HEADER = re.compile(
    rb"(old mode|new mode|new file mode|deleted file mode|rename|copy|index|(dis)?similarity index) "
)
_MOVE = re.compile(rb"(rename|copy) (from|to) (.*)")
_MODE = re.compile(rb"new (file )?mode (\d{6})\s*$")
_CONTEXT = re.compile(rb"(?m)^\*\*\* .*\n--- .*\n\*{15}")
_SENT_WITH_CR = re.compile(rb"(?m)^--- .*\r\n\+\+\+ .*\r$")
_SIDES = {b" ": (0, 1), b"-": (0,), b"+": (1,)}
# What diff(1) writes for the time of a file that is not there, wherever on earth.
_NEVER = re.compile(r"\t\s*(1969-12-31|1970-01-01|\w+ Dec 31 .* 1969|\w+ Jan +1 .* 1970)\b")
# What stands behind a name: a tab, or the time that some tools write behind a blank.
_BEHIND = re.compile(r"\t| +(?=(?:\d{4}-\d\d-\d\d|\w{3},? +\w{3} +\d+) +\d\d:\d\d)")
_BOM = b"\xef\xbb\xbf"
_ESCAPE = re.compile(r"\\([0-7]{3}|.)")
_ESCAPED = {"a": 7, "b": 8, "t": 9, "n": 10, "v": 11, "f": 12, "r": 13}


class Hunk(NamedTuple):
    """Text that gives way to other text; lines are counted from 1, 0 for a file that is not there.

    `above` and `below` are how many lines of context it has.
    """

    old_line: int
    old: bytes
    new_line: int
    new: bytes
    above: int
    below: int


class FileDiff(NamedTuple):
    """What a diff does to one file: names as written, None for no file; `mode` where git gives one."""

    old: str | None
    new: str | None
    hunks: tuple[Hunk, ...] = ()
    mode: int | None = None
    moves: Literal["", "rename", "copy"] = ""
    binary: Binary | None = None

    @property
    def name(self) -> str:
        return self.new or self.old or ""


def read(data: bytes, where: str = "") -> tuple[FileDiff, ...]:
    """The files of a diff in order; SourceError for one that cannot be read as it says it is.

    A diff whose own headers end with CR has got them on its way: they go, as GNU patch does it.
    """
    if _SENT_WITH_CR.search(data):
        data = data.replace(b"\r\n", b"\n")
    if found := _CONTEXT.search(data):
        raise SourceError(
            "is a context diff, and only unified ones are read",
            path=where,
            line=data.count(b"\n", 0, found.start()) + 1,
            hint="`filterdiff --format=unified`, or `quilt refresh` with it applied",
        )
    lines = data.removeprefix(_BOM).split(b"\n")
    return tuple(_DiffReader(lines, where).files())


class _DiffReader:
    """Walks the lines of a diff once."""

    def __init__(self, lines: Sequence[bytes], where: str) -> None:
        self.lines = lines
        self.where = where
        self.at = 0

    def files(self) -> Iterator[FileDiff]:
        while self.at < len(self.lines):
            if self.lines[self.at].startswith(b"diff --git "):
                yield self._git()
            elif self._names():
                yield self._plain()
            else:
                self.at += 1

    def _names(self) -> bool:
        """Whether `---`, `+++` and a hunk begin here."""
        three = self.lines[self.at : self.at + 3]
        starts = (b"--- ", b"+++ ", b"@@ -")
        return len(three) == 3 and all(map(bytes.startswith, three, starts))

    def _plain(self) -> FileDiff:
        """The two names and the hunks."""
        old, new = _name(self.lines[self.at][4:]), _name(self.lines[self.at + 1][4:])
        self.at += 2
        return FileDiff(old, new, tuple(self._hunks()))

    def _hunks(self) -> Iterator[Hunk]:
        while self.at < len(self.lines) and (found := _RANGE.match(self.lines[self.at])):
            old_line, old_size, new_line, new_size = (int(n or 1) for n in found.groups())
            self.at += 1
            old, new, kinds = self._text(old_size, new_size)
            above = len(kinds) - len(kinds.lstrip(b" "))
            below = len(kinds) - len(kinds.rstrip(b" "))
            yield Hunk(old_line, old, new_line, new, above, below)

    def _text(self, old_size: int, new_size: int) -> tuple[bytes, bytes, bytes]:
        """Both sides of a hunk, and the signs of its lines."""
        start, kinds = self.at, bytearray()
        sides: tuple[list[bytes], list[bytes]] = [], []
        while len(sides[0]) < old_size or len(sides[1]) < new_size:
            line = self._line("a hunk ends early", start)
            kind = line[:1] or b" "
            if kind not in _SIDES:
                raise self._wrong("a hunk is shorter than it says", start)
            bare = self.at < len(self.lines) and self.lines[self.at].startswith(b"\\")
            for side in _SIDES[kind]:
                sides[side].append(line[1:] + (b"" if bare else b"\n"))
            self.at += bare
            kinds += kind
        return b"".join(sides[0]), b"".join(sides[1]), bytes(kinds)

    def _line(self, why: str, start: int) -> bytes:
        """The next line; what follows the last line end is none."""
        last = len(self.lines) - 1
        if self.at > last or (self.at == last and not self.lines[last]):
            raise self._wrong(why, start)
        self.at += 1
        return self.lines[self.at - 1]

    def _git(self) -> FileDiff:
        """git's header, then hunks, a binary file, or nothing more."""
        shell = self._git_header()
        if self.at < len(self.lines) and self._names():
            return self._plain()._replace(mode=shell.mode, moves=shell.moves)
        if self.lines[self.at : self.at + 1] != [b"GIT binary patch"]:
            return shell
        found = binary(self.lines, self.at + 1)
        if found is None:
            raise self._wrong("a binary file cannot be read", self.at)
        self.at, content = found
        return shell._replace(binary=content)

    def _git_header(self) -> FileDiff:
        old, new = _both(self.lines[self.at])
        made = FileDiff(old, new)
        self.at += 1
        while self.at < len(self.lines) and _HEADER.match(self.lines[self.at]):
            made = _told(made, self.lines[self.at])
            self.at += 1
        return made

    def _wrong(self, why: str, line: int) -> SourceError:
        return SourceError(f"is no unified diff: {why}", path=self.where, line=line)


def _told(made: FileDiff, line: bytes) -> FileDiff:
    """What one line of git's header says of a file."""
    if found := _MOVE.match(line):
        # These names have nothing before them; one folder is always taken off.
        name = f"_/{_name(found[3])}"
        made = made._replace(moves="copy" if found[1] == b"copy" else "rename")
        return made._replace(old=name) if found[2] == b"from" else made._replace(new=name)
    if found := _MODE.match(line):
        made = made._replace(mode=int(found[2], 8))
    if line.startswith(b"new file"):
        return made._replace(old=None)
    return made._replace(new=None) if line.startswith(b"deleted file") else made


def _name(raw: bytes) -> str | None:
    """A name as a header has it; None for /dev/null, or by the time of a file that is not there."""
    text = raw.rstrip(b"\r").decode("utf-8", "surrogateescape")
    if _NEVER.search(text):
        return None
    if text.startswith('"'):
        return _unquoted(text)
    text = _BEHIND.split(text)[0].rstrip(" ")
    return None if text == "/dev/null" else text


def _unquoted(text: str) -> str:
    inner = re.match(r'"((?:[^"\\]|\\.)*)"', text)
    out = bytearray()
    at = 0
    body = inner[1] if inner else text
    for found in _ESCAPE.finditer(body):
        out += body[at : found.start()].encode("utf-8", "surrogateescape")
        code = found[1]
        out.append(int(code, 8) & 255 if len(code) == 3 else _ESCAPED.get(code, ord(code) & 255))
        at = found.end()
    return (out + body[at:].encode("utf-8", "surrogateescape")).decode("utf-8", "surrogateescape")


def _both(line: bytes) -> tuple[str | None, str | None]:
    """The two names of `diff --git a/x b/x`, which are the same but for what stands before them."""
    rest = line[len(b"diff --git ") :].rstrip(b"\r").decode("utf-8", "surrogateescape")
    if rest.startswith('"'):
        first = re.match(r'"(?:[^"\\]|\\.)*"', rest)
        if first:
            return _unquoted(rest), _name(
                rest[first.end() + 1 :].encode("utf-8", "surrogateescape")
            )
    middle = len(rest) // 2
    if rest[middle : middle + 1] == " ":
        return rest[:middle], rest[middle + 1 :]
    old, _, new = rest.partition(" ")
    return old, new
