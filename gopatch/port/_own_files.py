"""The Go files of an engine that are its own: nothing vendored, no tests, no other program inside it.

Most refs differ from their neighbours in few files: which words a blob has, and which files below a
tree have one, is known by their ids.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from gopatch.go.cut_off import is_cut_off
from gopatch.go.once import once
from gopatch.port._task import HoldingFiles, Memo, Task
from gopatch.port._work import Work
from gopatch.source import Entry, ahead
from gopatch.source.links import folder_of
from gopatch.source.roots import is_go, join
from gopatch.splice import is_inside

# In .pc quilt keeps every file as it was before each patch.
SKIPPED = frozenset(
    {"vendor", "testdata", "node_modules", "third_party", "_vendor", "Godeps", ".pc"}
)
# Files that list what a program vendors, as the tools of their times had them.
_LISTS = ("go.mod", "vendor.mod", "vendor.conf", "glide.yaml", "Gopkg.toml", "trash.conf", "vendor/modules.txt", "vendor/manifest")  # fmt: skip

# What is said of a link in the place of the words that it has.
_LINK = frozenset({b""})


def own_files(task: Task, root: str) -> Iterator[tuple[str, Entry]]:
    """The Go files below `root` with their entries, in order; those of programs inside it, too."""
    for entry in task.source.listdir(root):
        path = join(root, entry.name)
        if entry.kind == "file" and is_go(entry.name):
            yield path, entry
        elif _is_open(entry):
            yield from own_files(task, path)


def _is_open(entry: Entry, *more: str) -> bool:
    kinds = ("dir", *more)
    return entry.kind in kinds and is_inside(entry.name) and entry.name not in SKIPPED


def _is_another_program(task: Task, folder: str) -> bool:
    """Whether a folder is not built from the engine's files, as docker/cli may be: it lists what it vendors itself.

    A vendor folder alone says nothing: Go lets every package have one.
    """
    if folder == task.roots.cli:
        return True
    vendored = task.source.entry(join(folder, "vendor"))
    return (
        vendored is not None
        and vendored.kind == "dir"
        and any(task.source.entry(join(folder, name)) is not None for name in _LISTS)
    )


def beside(task: Task, path: str) -> tuple[str, ...]:
    """The Go files of a file's package, itself among them, without tests."""
    folder = path.rpartition("/")[0]
    if folder not in task.packages:
        found = (entry.name for entry in task.source.listdir(folder) if entry.kind == "file")
        task.packages[folder] = tuple(join(folder, name) for name in found if _is_program(name))
    return task.packages[folder]


def holding(task: Task, work: Work, words: tuple[str, ...], root: str | None = None) -> list[str]:
    """The own files below a root (the engine's), in order and without tests, that have one of `words`."""
    root = task.roots.engine or "" if root is None else root
    if (root, words) not in task.held:
        task.held[root, words] = _held(task, words, root)
    sought, there = task.held[root, words]
    signs = frozenset(word.encode() for word in words)
    now = _spoken_of_now(task, work, sought)
    has = {path for path, there in now.items() if not signs.isdisjoint(there)}
    left = [path for path in there if path not in work.files or path in has]
    come = [path for path in has.difference(left) if _is_own(task, root, path)]
    return sorted((*left, *come), key=lambda path: path.split("/")) if come else left


def _spoken_of_now(
    task: Task, work: Work, sought: tuple[bytes, ...]
) -> Mapping[str, frozenset[bytes]]:
    """Which of some words the Go files have that the work has changed; told once as long as none changes."""
    asked, found = task.spoken_of.get(sought, (None, {}))
    if asked is not work.files:
        changed = (path for path in work.files if _is_program(path.rpartition("/")[2]))
        found = {path: _now_spoken_of(work.files[path], sought) for path in changed}
        task.spoken_of[sought] = work.files, found
    return found


def files_with(task: Task, folder: str, words: tuple[bytes, ...]) -> HoldingFiles:
    """The Go files of a folder, tests among them, that have one of `words` in the source."""
    sought = _Sought(task, words)
    found = (e for e in task.source.listdir(folder) if e.kind == "file" and is_go(e.name))
    named = ((join(folder, entry.name), entry) for entry in found)
    return tuple((path, has) for path, entry in named if (has := _words(sought, path, entry)))


def linked(task: Task) -> list[str]:
    """The links to Go files among the engine's own: what stands in them is not looked at.

    Go compiles what a linked folder holds where it is imported by that path.
    """
    root = task.roots.engine or ""
    found = (path for path, there in _looked_through(task, (), root)[1] if there == _LINK)
    paths = (join(root, path) for path in found)
    return [p for p in paths if _is_program(p.rpartition("/")[2]) or _hides_go(task, root, p)]


def _hides_go(task: Task, root: str, path: str) -> bool:
    """Whether a link leads to a folder that has Go, and is not looked into by a name of its own."""
    try:
        folder = folder_of(task.source, path)
    except LookupError:
        return True
    if folder is None or _is_looked_into(task, root, folder):
        return False
    return any(_is_program(entry.name) for _, entry in own_files(task, folder))


def _held(task: Task, words: tuple[str, ...], root: str) -> tuple[tuple[bytes, ...], list[str]]:
    """What files are looked through for, and those below a root which have one of `words` in the source."""
    signs = {word.encode() for word in words}
    sought, below = _looked_through(task, words, root)
    return sought, [join(root, path) for path, there in below if not signs.isdisjoint(there)]


def _looked_through(
    task: Task, words: tuple[str, ...], root: str
) -> tuple[tuple[bytes, ...], HoldingFiles]:
    """What files are looked through for, and which of it those below a root have in the source.

    All that the patch looks for at all is looked for at once, and with it what other ports have asked for.
    """
    signs = {word.encode() for word in words}
    every = {word.encode() for word in task.looked_for}
    if not signs <= every:
        task.memo.asked |= signs  # other refs will ask for these as well
    sought = tuple(sorted(every | task.memo.asked))
    entry = task.source.entry(root) if root else None
    return sought, _below(_Sought(task, sought), root, entry and entry.id)


class _Sought(NamedTuple):
    """Words that an engine's files are looked through for."""

    task: Task
    words: tuple[bytes, ...]


def _below(sought: _Sought, folder: str, id: str | None) -> HoldingFiles:
    """The files below a folder, whose tree is `id`, that have one of the words, as the source has them."""
    task = sought.task
    cli = task.roots.cli or ""
    inside = cli.removeprefix(f"{folder}/") if cli.startswith(f"{folder}/") else ""
    known = task.below if id is None else task.memo.below
    key = (id or folder, sought.words, inside)
    if key not in known:
        known[key] = tuple(_found(sought, folder))
    return known[key]


def _found(sought: _Sought, folder: str) -> Iterator[tuple[str, frozenset[bytes]]]:
    task, entries = sought.task, _entries(sought.task, folder)
    known = task.memo.words
    new = [e for e in entries if e.kind == "file" and e.id and (e.id, sought.words) not in known]
    if new:
        ahead(task.source, [join(folder, entry.name) for entry in new])
    for entry in entries:
        path = join(folder, entry.name)
        if entry.kind == "dir":
            below = _below(sought, path, entry.id)
            yield from ((join(entry.name, inner), words) for inner, words in below)
        elif entry.kind == "link":
            yield entry.name, _LINK
        elif words := _words(sought, path, entry):
            yield entry.name, words


def _entries(task: Task, folder: str) -> tuple[Entry, ...]:
    """The own Go files and the folders of the engine's that stand in a folder."""
    if folder not in task.own:
        found = [e for e in task.source.listdir(folder) if _is_read(e) or _is_open(e, "link")]
        inner = [join(folder, e.name) for e in found if e.kind == "dir"]
        if inner:
            ahead(task.source, inner)
        task.own[folder] = tuple(
            e
            for e in found
            if e.kind != "dir" or not _is_another_program(task, join(folder, e.name))
        )
    return task.own[folder]


def _words(sought: _Sought, path: str, entry: Entry) -> frozenset[bytes]:
    """Which of the words that are sought a file has."""
    known: Task | Memo = sought.task if entry.id is None else sought.task.memo
    key = (entry.id or path, sought.words)
    if key not in known.words:
        data = sought.task.source.read(path)
        if key[0] not in known.cut_off:
            known.cut_off[key[0]] = is_cut_off(data)
        found = _spoken_of(data, sought.words, known.cut_off[key[0]])
        known.words[key] = _one_of_its_kind(found)
    return known.words[key]


def _spoken_of(data: bytes, words: tuple[bytes, ...], cut_off: bool) -> frozenset[bytes]:
    """Which of some words a file has; all of them where it is cut off, for it may have had them."""
    if cut_off:
        return frozenset(words)
    return frozenset(
        [w for part, some in _shared(words) if part in data for w in some if w in data]
    )


_PART = 8  # bytes of a part that words share: it is looked for once for all of them


@lru_cache(maxsize=64)
def _shared(words: tuple[bytes, ...]) -> tuple[tuple[bytes, tuple[bytes, ...]], ...]:
    """The words by parts of them, the one first that most have: a file without it has none of those."""
    left, found = list(words), []
    while left:
        parts = Counter(part for word in left for part in {*_parts(word)})
        part = max(parts, key=lambda one: (parts[one], one))
        found.append((part, tuple(word for word in left if part in word)))
        left = [word for word in left if part not in word]
    return tuple(found)


def _parts(word: bytes) -> Iterator[bytes]:
    return (word[at : at + _PART] for at in range(max(len(word) - _PART, 0) + 1))


@once(256)
def _now_spoken_of(data: bytes, words: tuple[bytes, ...]) -> frozenset[bytes]:
    """The same of a file that an edit has changed: each edit behind it asks."""
    return _spoken_of(data, words, is_cut_off(data))


@lru_cache(maxsize=512)
def _one_of_its_kind(words: frozenset[bytes]) -> frozenset[bytes]:
    """The same for all files that have the same words: there are thousands of them, and few kinds."""
    return words


def _is_go(entry: Entry) -> bool:
    return entry.kind == "file" and _is_read(entry)


def _is_read(entry: Entry) -> bool:
    """Whether Go reads it for a program, by its name: a link as well, which is not followed here."""
    kinds = ("file", "link")
    return entry.kind in kinds and _is_program(entry.name)


def _is_program(name: str) -> bool:
    return is_go(name) and not name.endswith("_test.go")


def _is_own(task: Task, root: str, path: str) -> bool:
    """Whether a file is one of the source's that are the engine's own."""
    entry = task.source.entry(path)
    if entry is None or not _is_go(entry) or not path.startswith(root and f"{root}/"):
        return False
    return _is_looked_into(task, root, path.rpartition("/")[0])


def _is_looked_into(task: Task, root: str, folder: str) -> bool:
    """Whether the files of a folder are the engine's own."""
    if folder != root and not folder.startswith(root and f"{root}/"):
        return False
    while folder != root:
        above = task.source.entry(folder)
        if above is None or not _is_open(above) or _is_another_program(task, folder):
            return False
        folder = folder.rpartition("/")[0]
    return True
