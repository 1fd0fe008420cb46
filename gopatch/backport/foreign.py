"""What goes in and what comes out of a backport, as values."""

from __future__ import annotations

from typing import NamedTuple

from gopatch.source import Source
from gopatch.splice import FileChange

_YEAR_10000 = 253_402_300_800  # seconds; no calendar of Python's goes on


def epoch_of(seconds: int) -> int:
    """When a change says that it was made, 0 for what no change was made at."""
    return seconds if 0 <= seconds < _YEAR_10000 else 0


class ForeignChange(NamedTuple):
    """Somebody's change: each file before and after, and what it says of itself.

    `made_for` is the source of the `before` sides, `basis` its name and how it was found; `commit`
    is 40 hex where the change is one; `author` is `Name <mail>` and `epoch` seconds since 1970,
    where they are known. `rest` is what it does beside changing bytes: a path, and what becomes of it.
    """

    name: str
    files: tuple[FileChange, ...]
    made_for: Source
    basis: str
    subject: str = ""
    body: str = ""
    author: str = ""
    epoch: int = 0
    commit: str = ""
    rest: tuple[tuple[str, str], ...] = ()


class Wishes(NamedTuple):
    """What the user decides: files to leave out, names to say otherwise, whether tests come, and
    whether the toolchain is asked."""

    skip: tuple[str, ...] = ()
    names: tuple[tuple[str, str], ...] = ()
    tests: bool = True
    by_go: bool = False


NOTHING = Wishes()


class Refusal(NamedTuple):
    """Why a file, or an edit of it, is not ported: where, why, and what to do.

    `missing` is a name that the target does not declare, `declared` the file that declares it in the
    source that the change was made for.
    """

    path: str
    line: int
    reason: str
    hint: str = ""
    missing: str = ""
    declared: str = ""

    def __str__(self) -> str:
        where = f"{self.path}:{self.line}" if self.line else self.path
        return f"{where}: {self.reason}"


class Adaptation(NamedTuple):
    """What reads otherwise in the port, and by what evidence; places are `path:line`."""

    old: str
    new: str
    here: str
    there: str
    evidence: str


class Edit(NamedTuple):
    """One edit that was made, for the reviewer: its place in words, and lines that came and went."""

    path: str
    declaration: str
    rung: str
    place: str
    added: int
    removed: int


class Ported(NamedTuple):
    """A file of the port. `origin` is its path in the change; `rung` is "same", "git", "lines" or
    "structure".

    `change` has the target's bytes before and after; equal where nothing was to do.
    """

    origin: str
    rung: str
    change: FileChange
    edits: tuple[Edit, ...] = ()
    adaptations: tuple[Adaptation, ...] = ()


class Backport(NamedTuple):
    """A change worked out on one target. With a refusal nothing may be written.

    `vet` is what go vet and the compiler said, line by line; empty where nobody asked for it.
    """

    change: ForeignChange
    target: str
    files: tuple[Ported, ...]
    refusals: tuple[Refusal, ...] = ()
    already: tuple[str, ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()
    gates: tuple[str, ...] = ()
    vet: tuple[str, ...] = ()

    @property
    def changes(self) -> tuple[FileChange, ...]:
        """The files that change, by path."""
        found = [p.change for p in self.files if p.change.before != p.change.after]
        return tuple(sorted(found, key=lambda change: change.path))

    @property
    def status(self) -> str:
        """ "failed", "applied" or "already"."""
        if self.refusals:
            return "failed"
        return "applied" if self.changes else "already"
