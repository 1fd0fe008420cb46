"""The Go files of an engine that are its own: nothing vendored, no tests, no other program inside it."""

from __future__ import annotations

from collections.abc import Iterator

from gopatch.port._task import Task
from gopatch.port._work import Work
from gopatch.source import Entry
from gopatch.source.roots import join
from gopatch.splice import is_inside

SKIPPED = frozenset({"vendor", "testdata", "node_modules", "third_party", "_vendor", "Godeps"})


def own_files(task: Task, root: str, *, alone: bool = False) -> Iterator[tuple[str, Entry]]:
    """The Go files below `root` with their entries, in order.

    Not, where the engine is meant `alone`, those of another program inside it, as docker/cli may be: a
    folder with a vendor folder of its own is not built from these files.
    """
    for entry in task.source.listdir(root):
        path = join(root, entry.name)
        if entry.kind == "file" and entry.name.endswith(".go"):
            yield path, entry
        elif _is_open(entry) and not (alone and _is_another_program(task, path)):
            yield from own_files(task, path, alone=alone)


def _is_open(entry: Entry) -> bool:
    return entry.kind == "dir" and is_inside(entry.name) and entry.name not in SKIPPED


def _is_another_program(task: Task, folder: str) -> bool:
    entry = task.source.entry(join(folder, "vendor"))
    return folder == task.roots.cli or (entry is not None and entry.kind == "dir")


def holding(task: Task, work: Work, words: tuple[str, ...]) -> list[str]:
    """The own files of the engine that have one of `words`; what is known of a blob is not read again."""
    signs = tuple(word.encode() for word in words)
    found = []
    for path, entry in own_files(task, task.roots.engine or "", alone=True):
        if path.endswith("_test.go"):
            continue
        if path in work.files:
            holds = any(sign in work.files[path] for sign in signs)
        else:
            holds = _holds(task, path, entry, signs)
        if holds:
            found.append(path)
    return found


def _holds(task: Task, path: str, entry: Entry, signs: tuple[bytes, ...]) -> bool:
    if entry.id is None:
        data = task.source.read(path)
        return any(sign in data for sign in signs)
    known = task.memo.held
    if (entry.id, signs) not in known:
        data = task.source.read(path)
        known[entry.id, signs] = any(sign in data for sign in signs)
    return known[entry.id, signs]
