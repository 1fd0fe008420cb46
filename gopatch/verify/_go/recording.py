"""Which statements that a port has written were run, and how its questions for a constant came out: its
files with a note at each block, and at each of these questions.

`go tool cover` says where the blocks are. It cannot go through an overlay, so the files are written here.
"""

from __future__ import annotations

import os
import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from gopatch.evaluate.constant_questions import (
    KnownNames,
    questions,
    yields_bool,
)
from gopatch.evaluate.package import Package, SourceFile, built
from gopatch.go.tree import Syntax, parse
from gopatch.source.roots import join
from gopatch.splice import Splice, splice
from gopatch.verify._go.outside import outside
from gopatch.verify._go.toolchain import run
from gopatch.verify._go.two_sides import GoWork
from gopatch.verify._model.coverage import WhatRan, unseen, written

NOTES = "GOPATCH_RAN"  # names the file that programs write their notes to
_FILE = "gopatch_ran.go"
_MARK = re.compile(r"gopatchCover\.Count\[(\d+)\] = 1;")
_PLACE = re.compile(r"^\t\t(\d+), (\d+), (0x[0-9a-f]+), // \[\d+\]$", re.MULTILINE)


class NotedBlock(NamedTuple):
    """A block of a file: lines and columns from 1, as `go tool cover` gives them, the end excluded."""

    start: tuple[int, int]
    end: tuple[int, int]


class NotedFile(NamedTuple):
    """A file of the port below the engine root; its blocks have the numbers from `first` on, and its
    questions, by begin and end, two each after them: for the answer yes, and for no."""

    path: str
    data: bytes
    text: bytes
    first: int
    blocks: tuple[NotedBlock, ...]
    asked: tuple[tuple[int, int], ...] = ()
    outside: tuple[tuple[int, int], ...] = ()
    """Questions for a file or a variable of the environment, of which nothing is noted: nobody sets one."""

    @property
    def end(self) -> int:
        return self.first + len(self.blocks) + 2 * len(self.asked)

    def answers(self, numbers: set[int]) -> Iterator[tuple[int, int, bool]]:
        """How the questions came out in a run that has noted these numbers."""
        at = self.first + len(self.blocks)
        for place, (start, end) in enumerate(self.asked):
            yes = at + 2 * place
            yield from ((start, end, told) for told in (True, False) if yes + (not told) in numbers)


class Recording(NamedTuple):
    """A port whose files note what runs: all of its files, and those that do."""

    files: dict[str, bytes | None]
    noted: tuple[NotedFile, ...]
    notes: Path

    def unseen(self, work: GoWork) -> tuple[tuple[str, int], ...]:
        """The statements of the port that nothing has run, and its questions for a constant that never
        came out both ways, as path and line of the source."""
        numbers = {int(line) for line in self._lines() if line.isdigit()}
        files = [(join(work.space.prefix, file.path), file) for file in self.noted]
        ran = {(path, node.start) for path, file in files for node in run_nodes(file, numbers)}
        answers = {(path, *told) for path, file in files for told in file.answers(numbers)}
        asked = {(path, *place) for path, file in files for place in file.asked + file.outside}
        folders = sorted({path.rpartition("/")[0] for path in work.after.files})
        others = (data for folder in folders for _, data in work.untouched(folder))
        return tuple(unseen(work.changes, WhatRan(ran, answers, asked), others))

    def _lines(self) -> list[str]:
        return self.notes.read_text().splitlines() if self.notes.is_file() else []


def record(work: GoWork) -> Recording:
    """The port with notes in it. A file that `go tool cover` cannot read has none: it is all unseen."""
    noted, first, known = list[NotedFile](), 0, dict[str, KnownNames]()
    for path, data in work.after.files.items():
        if data is None or not built(path, data):
            continue
        folder = path.rpartition("/")[0]
        if folder not in known:
            known[folder] = _declared(work, folder)
        file = _noted(work, path, data, first, known[folder])
        if file is not None:
            noted.append(file)
            first = file.end
    files: dict[str, bytes | None] = {**work.after.files, **{f.path: f.text for f in noted}}
    for folder in sorted({file.path.rpartition("/")[0] for file in noted}):
        files[f"{folder}/{_FILE}"] = _recorder(work.package_of(folder), first)
    for old in work.space.work.glob("ran.*.txt"):
        old.unlink()
    # A program of a run that was killed may go on for a while, and write to the notes of that run.
    notes = work.space.work / f"ran.{os.getpid()}.txt"
    work.space.env[NOTES] = str(notes)
    return Recording(files, tuple(noted), notes)


def _declared(work: GoWork, folder: str) -> KnownNames:
    """What the package in a folder of the port declares."""
    package = _package(work, folder)
    bodies = [(name, spot.node) for name, spot in package.functions.items()]
    bodies += [(name, spot.node) for (_, name), spot in package.methods.items()]
    yielding = {name for name, node in bodies if yields_bool(node)}
    others = {name for name, node in bodies if not yields_bool(node)}
    return KnownNames(
        frozenset(package.constants),
        frozenset(yielding - others),
        variables=frozenset(package.variables),
        functions=frozenset(package.functions),
    )


def _package(work: GoWork, folder: str) -> Package:
    """The package in a folder of the port."""
    own = ((p, d) for p, d in work.after.files.items() if d and p.rpartition("/")[0] == folder)
    return Package((*own, *work.untouched(folder)))


def _noted(work: GoWork, path: str, data: bytes, first: int, names: KnownNames) -> NotedFile | None:
    folder = work.space.work / "cover"
    folder.mkdir(exist_ok=True)
    file = folder / path.rpartition("/")[2]
    file.write_bytes(data)
    command = [work.space.go.go, "tool", "cover", "-mode=set", "-var=gopatchCover", str(file)]
    ran = run(command, folder, work.space.env)
    text, found, table = ran.out.partition("\nvar gopatchCover = struct")
    if ran.code != 0 or not found:
        return None
    blocks = tuple(_blocks(table))
    text = re.sub(r"\A//line .*\n", "", text)
    imports = SourceFile(path, data).imports
    names = names._replace(imports=imports)
    asked, told = (list(questions(parse(t).root, names)) for t in (data, text.encode()))
    if len(asked) != len(told):  # never seen: cover puts statements between those that are there
        return None
    fresh = _fresh(work, path, data)
    pairs = [(a, t) for a, t in zip(asked, told, strict=True) if a.point[0] in fresh]
    marked = _marked(text.encode(), [t for _, t in pairs], first + len(blocks)).decode()
    text = _MARK.sub(lambda mark: f"gopatchRan({first + int(mark[1])});", marked)
    places = tuple((node.start, node.end) for node, _ in pairs)
    sought = outside(
        data, _before(work, path), imports, cache(lambda folder: _package(work, folder))
    )
    return NotedFile(path, data, text.encode(), first, blocks, places, tuple(sought))


def _fresh(work: GoWork, path: str, data: bytes) -> frozenset[int]:
    """The lines of a file that the port has written."""
    return written(_before(work, path), data)


def _before(work: GoWork, path: str) -> bytes:
    """A file as the original has it, nothing of a new one."""
    whole = join(work.space.prefix, path)
    return next((change.before for change in work.changes if change.path == whole), None) or b""


def _marked(text: bytes, asked: list[Syntax], first: int) -> bytes:
    """A file with each of some questions handed on to who notes the answer; the outer come first."""
    put = [(q.start, f"gopatchAsked({first + 2 * n}, ") for n, q in enumerate(asked)]
    put += [(q.end, ")") for q in asked]
    return splice(text, (Splice(place, place, words.encode()) for place, words in put))


def _blocks(table: str) -> Iterator[NotedBlock]:
    """The third number has both columns, the end's above the start's."""
    for start, end, columns in _PLACE.findall(table):
        packed = int(columns, 16)
        yield NotedBlock((int(start), packed & 0xFFFF), (int(end), packed >> 16))


def _recorder(package: str, count: int) -> bytes:
    """Functions that write a number down when it comes for the first time, and an answer's number."""
    return (
        f"package {package}\n\n"
        'import (\n\t"fmt"\n\t"os"\n\t"sync/atomic"\n)\n\n'
        f"var gopatchNoted [{count + 1}]uint32\n\n"
        "func gopatchRan(number int) {\n"
        "\tif atomic.SwapUint32(&gopatchNoted[number], 1) == 1 {\n\t\treturn\n\t}\n"
        f'\tfile, err := os.OpenFile(os.Getenv("{NOTES}"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0600)\n'
        "\tif err != nil {\n\t\treturn\n\t}\n"
        "\tdefer file.Close()\n"
        "\tfmt.Fprintln(file, number)\n}\n\n"
        "func gopatchAsked(number int, answer bool) bool {\n"
        "\tif answer {\n\t\tgopatchRan(number)\n\t} else {\n\t\tgopatchRan(number + 1)\n\t}\n"
        "\treturn answer\n}\n"
    ).encode()


def run_nodes(file: NotedFile, numbers: set[int]) -> Iterator[Syntax]:
    """The nodes of the port's file that begin in a block that was run.

    Of blocks that hold a place the innermost counts, which is the one that begins last.
    """
    order = sorted(range(len(file.blocks)), key=lambda number: file.blocks[number].start)
    starts = [file.blocks[number].start for number in order]
    todo = [parse(file.data).root]
    while todo:
        node = todo.pop()
        todo += node.children
        for place in range(bisect_right(starts, node.point) - 1, -1, -1):
            if node.point < file.blocks[order[place]].end:
                if file.first + order[place] in numbers:
                    yield node
                break
