"""Names that a port brings into a file and that nothing there, in its package or its imports says what they are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from functools import cache
from typing import NamedTuple

from gopatch.engine.compiled import read_changes, unbound_pattern
from gopatch.engine.free_names import free_names, may_be_free, stands_free, words_of
from gopatch.engine.imports import guesses, imports_of, local_name_of, path_of
from gopatch.engine.pattern import Pattern
from gopatch.go.declaring import declares
from gopatch.go.once import once
from gopatch.go.tree import parse
from gopatch.port._own_files import beside
from gopatch.port._task import Task
from gopatch.port._work import Work
from gopatch.port.outcome import Outcome
from gopatch.recipe.values import GoEdit, GoVariant
from gopatch.splice import FileChange

_WORD = re.compile(rb"[\w\x80-\xff]+")
_SHOWN = 3  # files that a name is told of


def unknown_names(
    task: Task, work: Work, outcomes: Iterable[Outcome], changes: Sequence[FileChange]
) -> Iterator[str]:
    """What must be said of such names, a sentence for each."""
    made = {outcome.edit for outcome in outcomes if outcome.status == "applied"}
    edits = [e for e in task.patch.edits if isinstance(e, GoEdit) and e.name in made]
    come: dict[bytes, list[FileChange]] = {}
    for change in changes:
        if change.path.endswith(".go") and change.before is not None and change.after is not None:
            for word in _new_words(change.before, change.after):
                come.setdefault(word, []).append(change)

    @cache
    def unknown(name: str) -> list[str]:
        return _unknown(task, work, name, come.get(name.encode(), []))

    forms = [form for e in edits for v in e.variants for form in _bringing(v, come.keys())]
    named = (form for form in forms if any(map(unknown, form.words)))
    patterns = [form.pattern for form in named if any(map(unknown, form.names))]
    for name in dict.fromkeys(name for pattern in patterns for name in free_names(pattern)):
        paths = unknown(name)
        if paths:
            more = f" and {len(paths) - _SHOWN} more" * (len(paths) > _SHOWN)
            yield (
                f"`{name}` comes into {', '.join(paths[:_SHOWN])}{more}, where it is neither declared "
                "nor imported"
            )


@once(1024)
def _new_words(before: bytes, after: bytes) -> frozenset[bytes]:
    """The words of a file that it had nowhere before, not as parts of others either."""
    found = frozenset(_WORD.findall(after)) - frozenset(_WORD.findall(before))
    return frozenset(word for word in found if word not in before)


class _Bringing(NamedTuple):
    """A form of a change, and the words of its plus side which came."""

    variant: GoVariant
    number: int
    words: tuple[str, ...]

    @property
    def names(self) -> Iterator[str]:
        """Those which it may have brought; told without compiling it."""
        change = read_changes(self.variant)[self.number]
        free = may_be_free(change.minus.data, change.plus.data)
        return (word for word in self.words if word.encode() in free)

    @property
    def pattern(self) -> Pattern:
        return unbound_pattern(self.variant, self.number)


def _bringing(variant: GoVariant, come: Set[bytes]) -> Iterator[_Bringing]:
    for number, change in enumerate(read_changes(variant)):
        words = sorted(come & words_of(change.plus.data))
        yield _Bringing(variant, number, tuple(word.decode() for word in words))


def _unknown(task: Task, work: Work, name: str, changes: Sequence[FileChange]) -> list[str]:
    """The files in which a name is unknown; of many only the first are read as trees."""
    declared: dict[str, bool] = {}
    found: list[str] = []
    for change in changes:
        data, folder = change.after or b"", change.path.rpartition("/")[0]
        if declared.get(folder) or _is_imported(data, name):
            continue
        if len(found) < _SHOWN and not _stands_free(data, name):
            continue
        if folder not in declared:
            declared[folder] = _is_declared(task, work, change.path, name)
        if not declared[folder]:
            found.append(change.path)
    return found


@once(1024)
def _stands_free(data: bytes, name: str) -> bool:
    return stands_free(parse(data), name.encode())


def _is_declared(task: Task, work: Work, path: str, name: str) -> bool:
    """Whether another file of a package declares a name, be it one that the port adds."""
    folder = path.rpartition("/")[0]
    here = [p for p in work.files if p.rpartition("/")[0] == folder and p.endswith(".go")]
    others = {*beside(task, path), *here} - {path}
    return any(declares(_glance(task, work, other), name) for other in others)


def _glance(task: Task, work: Work, path: str) -> bytes:
    return work.files[path] if path in work.files else task.glance(path)


@once(1024)
def _is_imported(data: bytes, name: str) -> bool:
    if name.encode() not in data[: data.find(b"\nfunc ")] and b"import . " not in data:
        return False
    specs = list(imports_of(parse(data)))
    names = [local_name_of(spec) for spec in specs]
    return name in names or "." in names or any(name in guesses(path_of(spec)) for spec in specs)
