"""The Go files of an engine that are its own: nothing vendored, no tests, no other program inside it.

Most refs differ from their neighbours in few files: which words a blob has, and which files below a
tree have one, is known by their ids.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from gopatch.go.cut_off import is_cut_off
from gopatch.port._task import Task
from gopatch.port._work import Work
from gopatch.recipe.subjects import sought as sought_for
from gopatch.source import Entry, ahead
from gopatch.source.roots import join
from gopatch.splice import is_inside

SKIPPED = frozenset({"vendor", "testdata", "node_modules", "third_party", "_vendor", "Godeps"})
# What a file says that may call a function which hands on: it knows the registry package.
EXPORTING = ('/registry"', "package registry")


def own_files(task: Task, root: str) -> Iterator[tuple[str, Entry]]:
    """The Go files below `root` with their entries, in order; those of programs inside it, too."""
    for entry in task.source.listdir(root):
        path = join(root, entry.name)
        if entry.kind == "file" and entry.name.endswith(".go"):
            yield path, entry
        elif _is_open(entry):
            yield from own_files(task, path)


def _is_open(entry: Entry) -> bool:
    return entry.kind == "dir" and is_inside(entry.name) and entry.name not in SKIPPED


def _is_another_program(task: Task, folder: str) -> bool:
    """Whether a folder is not built from the engine's files, as docker/cli may be: it has a vendor folder of its own."""
    entry = task.source.entry(join(folder, "vendor"))
    return folder == task.roots.cli or (entry is not None and entry.kind == "dir")


class _Sought(NamedTuple):
    """What is asked of an engine's files: `signs`, of `all` that the patch looks for at all."""

    task: Task
    signs: frozenset[bytes]
    all: tuple[bytes, ...]


def beside(task: Task, path: str) -> list[str]:
    """The Go files of a file's package, itself among them, without tests."""
    folder = path.rpartition("/")[0]
    found = (entry for entry in task.source.listdir(folder) if entry.kind == "file")
    names = [e.name for e in found if e.name.endswith(".go") and not e.name.endswith("_test.go")]
    return [join(folder, name) for name in names]


def holding(task: Task, work: Work, words: tuple[str, ...], root: str | None = None) -> list[str]:
    """The own files below a root (the engine's), in order and without tests, that have one of `words`."""
    signs = frozenset(word.encode() for word in words)
    names = {name for handout in task.patch.handouts for name in handout.names}
    every = {word.encode() for word in (*names, *EXPORTING, *sought_for(task.patch))}
    sought = _Sought(task, signs, tuple(sorted(signs | every)))
    root = task.roots.engine or "" if root is None else root
    entry = task.source.entry(root) if root else None
    found = {join(root, path) for path in _below(sought, root, entry and entry.id)}
    for path, data in work.files.items():
        if not _spoken_of(data, signs):
            found.discard(path)
        elif _is_own(task, root, path):
            found.add(path)
    return sorted(found, key=lambda path: path.split("/"))


def _below(sought: _Sought, folder: str, id: str | None) -> tuple[str, ...]:
    """Those below a folder, whose tree is `id`, as the source has them."""
    task = sought.task
    cli = task.roots.cli or ""
    inside = cli.removeprefix(f"{folder}/") if cli.startswith(f"{folder}/") else ""
    known = task.below if id is None else task.memo.below
    key = (id or folder, sought.signs, inside)
    if key not in known:
        known[key] = tuple(_found(sought, folder))
    return known[key]


def _found(sought: _Sought, folder: str) -> Iterator[str]:
    task, entries = sought.task, _entries(sought.task, folder)
    known = task.memo.words
    new = [e for e in entries if e.kind == "file" and e.id and (e.id, sought.all) not in known]
    if new:
        ahead(task.source, [join(folder, entry.name) for entry in new])
    for entry in entries:
        path = join(folder, entry.name)
        if entry.kind == "file":
            if not sought.signs.isdisjoint(_words(sought, path, entry)):
                yield entry.name
        else:
            for inner in _below(sought, path, entry.id):
                yield join(entry.name, inner)


def _entries(task: Task, folder: str) -> tuple[Entry, ...]:
    """The own Go files and the folders of the engine's that stand in a folder."""
    if folder not in task.own:
        found = [e for e in task.source.listdir(folder) if _is_go(e) or _is_open(e)]
        inner = [join(folder, e.name) for e in found if e.kind == "dir"]
        if inner:
            ahead(task.source, inner)
        task.own[folder] = tuple(
            e
            for e in found
            if e.kind == "file" or not _is_another_program(task, join(folder, e.name))
        )
    return task.own[folder]


def _words(sought: _Sought, path: str, entry: Entry) -> frozenset[bytes]:
    """Which of the words that are sought a file has."""
    kept = sought.task.words if entry.id is None else sought.task.memo.words
    key = (entry.id or path, sought.all)
    if key not in kept:
        data = sought.task.source.read(path)
        kept[key] = frozenset(_spoken_of(data, sought.all))
    return kept[key]


def _spoken_of(data: bytes, words: Iterable[bytes]) -> list[bytes]:
    """Which of some words a file has; all of them where it is cut off, for it may have had them."""
    return list(words) if is_cut_off(data) else [word for word in words if word in data]


def _is_go(entry: Entry) -> bool:
    is_go = entry.name.endswith(".go") and not entry.name.endswith("_test.go")
    return is_go and entry.kind == "file"


def _is_own(task: Task, root: str, path: str) -> bool:
    """Whether a file is one of the source's that are the engine's own."""
    entry = task.source.entry(path)
    if entry is None or not _is_go(entry) or not path.startswith(root and f"{root}/"):
        return False
    folder = path.rpartition("/")[0]
    while folder != root:
        above = task.source.entry(folder)
        if above is None or not _is_open(above) or _is_another_program(task, folder):
            return False
        folder = folder.rpartition("/")[0]
    return True
