"""The work on one source so far: a value. An edit takes one and gives one; to go back is to keep the old."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from gopatch.go.tree import position
from gopatch.port._task import Task
from gopatch.port.outcome import Outcome, Site
from gopatch.splice import FileChange, Splice


class FailedError(Exception):
    """An edit that fits but cannot be made; carried to its outcome."""

    def __init__(self, reason: str, hint: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.hint = hint


class WrittenRange(NamedTuple):
    """A range of a file as it is now that an edit wrote, and how many lines that added."""

    start: int
    end: int
    edit: str
    lines: int


@dataclass(frozen=True)
class Work:
    """The files that are not as the source has them any more, with who wrote what in them.

    `writers` are, for each file, the edits that changed its Go, once for each of their changes.
    """

    files: Mapping[str, bytes] = field(default_factory=dict)
    written: Mapping[str, tuple[WrittenRange, ...]] = field(default_factory=dict)
    writers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def read(self, task: Task, path: str) -> bytes:
        """A file as it is now."""
        return self.files[path] if path in self.files else task.original(path)

    def site(self, task: Task, path: str, line: int, column: int) -> Site:
        """A place of a file as it is now, by the line that it had in the source."""
        if path not in self.written:
            return Site(path, line, column)
        data = self.read(task, path)
        above = [w for w in self.written[path] if position(data, w.start)[0] < line]
        return Site(path, line - sum(w.lines for w in above), column)

    def put(self, path: str, after: bytes) -> Work:
        """The work with new bytes at `path`."""
        return replace(self, files={**self.files, path: after})

    def changed(
        self, task: Task, edit: str, path: str, edits: Iterable[Splice], after: bytes
    ) -> Work:
        """The work with the splices of an edit in one file, which then is `after`.

        Raises FailedError where another edit of the patch has written the same bytes.
        """
        old = self.read(task, path)
        known = self.written.get(path, ())
        ordered = sorted(edits)
        for change in ordered:
            other = next((w for w in known if w.edit != edit and _meets(change, w)), None)
            if other is not None:
                at = self.site(task, path, *position(old, change.start))
                raise FailedError(
                    f"{at}: the edits `{other.edit}` and `{edit}` change the same bytes",
                    "make one edit of them",
                )
        ranges = (*_moved(known, ordered), *_ranges(old, ordered, edit))
        return Work(
            {**self.files, path: after},
            {**self.written, path: ranges},
            {**self.writers, path: (*self.writers.get(path, ()), edit)},
        )

    def stands_alone(self, edit: str) -> bool:
        """Whether what an edit wrote is all that was written to its files, in one go."""
        mine = [names for names in self.writers.values() if edit in names]
        return bool(mine) and all(names == (edit,) for names in mine)

    def wrote(self, edit: str, path: str) -> bool:
        """Whether an edit has written to a file."""
        return edit in self.writers.get(path, ())

    def since(self, task: Task, before: Work) -> tuple[FileChange, ...]:
        """The files that differ from what they were in an earlier state, sorted by path."""
        changes = []
        for path, new in sorted(self.files.items()):
            there = path in before.files or task.has(path)
            old = before.read(task, path) if there else None
            if old != new:
                changes.append(FileChange(path, old, new, task.mode(path)))
        return tuple(changes)


class EditDone(NamedTuple):
    """An edit's outcome, and the work with what it wrote."""

    outcome: Outcome
    work: Work


def _meets(change: Splice, written: WrittenRange) -> bool:
    return max(change.start, written.start) < min(change.end, written.end)


def _ranges(old: bytes, edits: Iterable[Splice], name: str) -> list[WrittenRange]:
    found, shift = [], 0
    for edit in edits:
        start = edit.start + shift
        lines = edit.new.count(b"\n") - old.count(b"\n", edit.start, edit.end)
        found.append(WrittenRange(start, start + len(edit.new), name, lines))
        shift += len(edit.new) - (edit.end - edit.start)
    return found


def _moved(known: Iterable[WrittenRange], edits: list[Splice]) -> list[WrittenRange]:
    """Ranges of earlier edits, where later ones have pushed them."""

    def shift(at: int) -> int:
        return at + sum(len(e.new) - (e.end - e.start) for e in edits if e.end <= at)

    return [w._replace(start=shift(w.start), end=shift(w.end)) for w in known]
