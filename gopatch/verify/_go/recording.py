"""Which statements that a port has written were run: its files with a note at each block.

`go tool cover` says where the blocks are. It cannot go through an overlay, so the files are written here.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from gopatch.evaluate.package import built
from gopatch.go.tree import Syntax, parse
from gopatch.source.roots import join
from gopatch.verify._go.toolchain import run
from gopatch.verify._go.two_sides import GoWork
from gopatch.verify._model.coverage import WhatRan, unseen

NOTES = "GOPATCH_RAN"  # names the file that programs write their notes to
_FILE = "gopatch_ran.go"
_MARK = re.compile(r"gopatchCover\.Count\[(\d+)\] = 1;")
_PLACE = re.compile(r"^\t\t(\d+), (\d+), (0x[0-9a-f]+), // \[\d+\]$", re.MULTILINE)


class NotedBlock(NamedTuple):
    """A block of a file: lines and columns from 1, as `go tool cover` gives them, the end excluded."""

    start: tuple[int, int]
    end: tuple[int, int]


class NotedFile(NamedTuple):
    """A file of the port below the engine root; its blocks have the numbers from `first` on."""

    path: str
    data: bytes
    text: bytes
    first: int
    blocks: tuple[NotedBlock, ...]


class Recording(NamedTuple):
    """A port whose files note what runs: all of its files, and those that do."""

    files: dict[str, bytes | None]
    noted: tuple[NotedFile, ...]
    notes: Path

    def unseen(self, work: GoWork) -> tuple[tuple[str, int], ...]:
        """The statements of the port that nothing has run, as path and line of the source."""
        numbers = {int(line) for line in self._lines() if line.isdigit()}
        ran = {
            (join(work.space.prefix, file.path), node.start)
            for file in self.noted
            for node in run_nodes(file, numbers)
        }
        return tuple(unseen(work.changes, WhatRan(ran)))

    def _lines(self) -> list[str]:
        return self.notes.read_text().splitlines() if self.notes.is_file() else []


def record(work: GoWork) -> Recording:
    """The port with notes in it. A file that `go tool cover` cannot read has none: it is all unseen."""
    noted, first = list[NotedFile](), 0
    for path, data in work.after.files.items():
        if data is None or not built(path, data):
            continue
        file = _noted(work, path, data, first)
        if file is not None:
            noted.append(file)
            first += len(file.blocks)
    files: dict[str, bytes | None] = {**work.after.files, **{f.path: f.text for f in noted}}
    for folder in sorted({file.path.rpartition("/")[0] for file in noted}):
        files[f"{folder}/{_FILE}"] = _recorder(work.package_of(folder), first)
    notes = work.space.work / "ran.txt"
    work.space.env[NOTES] = str(notes)
    notes.unlink(missing_ok=True)
    return Recording(files, tuple(noted), notes)


def _noted(work: GoWork, path: str, data: bytes, first: int) -> NotedFile | None:
    folder = work.space.work / "cover"
    folder.mkdir(exist_ok=True)
    file = folder / path.rpartition("/")[2]
    file.write_bytes(data)
    command = [work.space.go.go, "tool", "cover", "-mode=set", "-var=gopatchCover", str(file)]
    ran = run(command, folder, work.space.env)
    text, found, table = ran.out.partition("\nvar gopatchCover = struct")
    if ran.code != 0 or not found:
        return None
    text = re.sub(r"\A//line .*\n", "", text)
    text = _MARK.sub(lambda mark: f"gopatchRan({first + int(mark[1])});", text)
    return NotedFile(path, data, text.encode(), first, tuple(_blocks(table)))


def _blocks(table: str) -> Iterator[NotedBlock]:
    """The third number has both columns, the end's above the start's."""
    for start, end, columns in _PLACE.findall(table):
        packed = int(columns, 16)
        yield NotedBlock((int(start), packed & 0xFFFF), (int(end), packed >> 16))


def _recorder(package: str, count: int) -> bytes:
    """A function that writes a number down when it comes for the first time."""
    return (
        f"package {package}\n\n"
        'import (\n\t"fmt"\n\t"os"\n\t"sync/atomic"\n)\n\n'
        f"var gopatchNoted [{count + 1}]uint32\n\n"
        "func gopatchRan(number int) {\n"
        "\tif atomic.SwapUint32(&gopatchNoted[number], 1) == 1 {\n\t\treturn\n\t}\n"
        f'\tfile, err := os.OpenFile(os.Getenv("{NOTES}"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0600)\n'
        "\tif err != nil {\n\t\treturn\n\t}\n"
        "\tdefer file.Close()\n"
        "\tfmt.Fprintln(file, number)\n}\n"
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
