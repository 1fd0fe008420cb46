"""What an edit makes of some files, known once for all refs that have the same ones.

Most refs of a release line differ in files that no edit looks at. An edit is a function of the files
that it names, those beside them and those that it adds: of their paths, of git's ids of what the
source has there, and of what earlier edits of the run have made of them.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from hashlib import blake2b
from typing import NamedTuple

from gopatch.go.once import DIGEST, digest_of
from gopatch.port._imports import beyond
from gopatch.port._places import files_of, may_declare, named_and_beside
from gopatch.port._task import Task
from gopatch.port._work import FailedError, Work, WrittenRange
from gopatch.port.outcome import Outcome
from gopatch.recipe.values import GoEdit, NewFiles, PatchEdit


class _KnownFile(NamedTuple):
    """One file as an edit leaves it; as of Work."""

    data: bytes
    written: tuple[WrittenRange, ...] | None
    writers: tuple[str, ...] | None


class Known(NamedTuple):
    """The outcomes of an edit below one root, and the files that it changed; or why it cannot be made.

    `beyond` is what other packages were asked: names, each with the import that they told.
    """

    outcomes: tuple[Outcome, ...]
    files: dict[str, _KnownFile]
    beyond: tuple[tuple[str, object], ...] = ()
    failure: tuple[str, str] | None = None  # a reason and a hint

    def holds(self, task: Task, work: Work) -> bool:
        """Whether other packages would still say the same."""
        return all(beyond(task, work, name) == told for name, told in self.beyond)

    def on(self, work: Work) -> Work:
        """The work once the edit is made; FailedError where it cannot be."""
        if self.failure is not None:
            raise FailedError(*self.failure)
        if not self.files:
            return work
        written = {p: f.written for p, f in self.files.items() if f.written is not None}
        writers = {p: f.writers for p, f in self.files.items() if f.writers is not None}
        return Work(
            {**work.files, **{path: file.data for path, file in self.files.items()}},
            {**work.written, **written},
            {**work.writers, **writers},
        )


def known_of(
    outcomes: Iterable[Outcome], before: Work, after: Work, asked: Iterable[tuple[str, object]]
) -> Known:
    """What an edit has done between two states of the work, and what it `asked` beyond its files."""
    files = {path: _file(after, path) for path in after.files}
    changed = {p: f for p, f in files.items() if p not in before.files or f != _file(before, p)}
    return Known(tuple(outcomes), changed, tuple(asked))


def failed_of(error: FailedError, asked: Iterable[tuple[str, object]]) -> Known:
    """An edit that cannot be made, and what it `asked` beyond its files."""
    return Known((), {}, tuple(asked), (error.reason, error.hint))


def _file(work: Work, path: str) -> _KnownFile:
    return _KnownFile(work.files[path], work.written.get(path), work.writers.get(path))


def inputs(task: Task, work: Work, edit: PatchEdit, root: str) -> Hashable:
    """All that an edit below a root depends on; None where the source has no ids for it."""
    named, wider = files_of(task, work, edit, root), named_and_beside(task, work, edit, root)
    folders = dict.fromkeys(path.rpartition("/")[0] for path in wider)
    places = [f"{folder}/{name}" if folder else name for folder in folders for name in _adds(edit)]
    # Where nothing is declared, a file that has the words may be broken: then it is not absent.
    broken = () if wider else may_declare(task, work, edit, root)
    found = states(task, work, (*wider, *broken, *places))
    # The named ones are the first of the wider ones.
    return None if found is None else (root, len(named), len(wider), found)


def _adds(edit: PatchEdit) -> list[str]:
    if isinstance(edit, NewFiles):
        return [new.name for new in edit.adds]
    variants = edit.variants if isinstance(edit, GoEdit) else ()
    return [new.name for variant in variants for new in variant.adds]


def states(task: Task, work: Work, paths: Sequence[str]) -> bytes | None:
    """A digest of what stands at some paths now; None where the source has no ids for it."""
    key = tuple(paths)
    if key not in task.stands:
        task.stands[key] = _in_source(task, key)
    there = task.stands[key]
    if there is None:
        return None
    digest = blake2b(there, digest_size=DIGEST)
    for path in key:
        if path in work.files:
            digest.update(_state(task, work, path))
    return digest.digest()


def _state(task: Task, work: Work, path: str) -> bytes:
    """A digest of a file as the work has it; told once as long as no edit writes to it."""
    file = _file(work, path)
    known = task.states.get(path)
    if known is None or known[0] != file:
        data, *rest = file
        told = repr((path, digest_of(data), rest)).encode("utf-8", "surrogatepass")
        known = file, blake2b(told, digest_size=DIGEST).digest()
        task.states[path] = known
    return known[1]


def _in_source(task: Task, paths: Iterable[str]) -> bytes | None:
    entries = [(path, task.source.entry(path)) for path in paths]
    if any(entry is not None and entry.id is None for _, entry in entries):
        return None
    # No path has a zero byte in it, and the mode tells the kind.
    told = "\0".join(
        f"{path}\0{entry.mode} {entry.id}" if entry else f"{path}\0-" for path, entry in entries
    )
    return blake2b(told.encode("utf-8", "surrogatepass"), digest_size=DIGEST).digest()
