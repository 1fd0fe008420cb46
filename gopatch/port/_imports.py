"""Imports follow use: what a change's `+` lines need of a file's imports, and what they make needless.

`pkg.Name` on a `+` line brings the import that this source uses for it: the one that other files of the
package have, else those of other packages. What nothing uses any more goes, if it was used before the change.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from gopatch.engine.apply import Result, apply
from gopatch.engine.compiled import compiled
from gopatch.engine.imports import guesses, imports_of, is_used, local_name_of, path_of
from gopatch.errors import ApplyError
from gopatch.go.declaring import declares
from gopatch.go.once import once
from gopatch.go.tree import Syntax, parse
from gopatch.port._own_files import beside, holding
from gopatch.port._task import Task, VariantForm
from gopatch.port._work import FailedError, Work
from gopatch.splice import FileChange

_ENOUGH = 20  # files of other packages that are asked what they import by a name
_WORD = re.compile(rb"[\w\x80-\xff]+")


class UnknownImportError(Exception):
    """Nothing in the source tells which import a name is."""


class _Import(NamedTuple):
    """A line of an import as a change has it: with a name only where the path does not tell it."""

    name: str
    text: str


def with_imports(
    task: Task, work: Work, form: VariantForm, path: str, result: Result
) -> VariantForm:
    """The change with the imports that its result in one file wants and has not, or no longer needs."""
    if result.status != "applied":
        return form
    before, words = work.read(task, path), form.pattern.change.plus.data
    new = _come(before, result.after, words)
    come = [f"+{i.text}" for name in new for i in _brought(task, work, name, path)]
    gone = [f"-{i.text}" for i in _needless(before, result.after)]
    return form._replace(imports=(*come, *gone))


def wanted_by(task: Task, work: Work, content: bytes, near: str) -> Iterator[_Import]:
    """The imports that a file which comes beside `near` wants and has not, as that one has them if it does.

    Raises UnknownImportError for a name that nobody knows.
    """
    for name in _unknown(content, content):
        found = _one(name, _known(task, name, [near]))
        yield from [found] if found else _brought(task, work, name, near)


# What is asked of bytes alone is kept: neighbouring refs have the same files.


@once(512)
def _come(before: bytes, after: bytes, words: bytes) -> tuple[str, ...]:
    """The names before dots, of those in `words`, that only the file as it comes out has, without an import."""
    names = _unknown(after, words)
    return tuple(name for name in names if not parse(before).counted(name.encode()))


@once(512)
def _unknown(data: bytes, words: bytes) -> tuple[str, ...]:
    """The names before dots, of those in `words`, that a file neither imports nor has on their own."""
    file = parse(data)
    bases = file.bases()
    # Most names are told apart by the words alone, without a look at the tree.
    found = bases.keys() & set(_WORD.findall(words))
    known = {i.name for i in _imports(data)} if found else set()
    names = sorted({word.decode(errors="replace") for word in found} - known)
    return tuple(n for n in names if file.counted(n.encode()) <= bases[n.encode()])


def _brought(task: Task, work: Work, name: str, path: str) -> Iterator[_Import]:
    """The import that a name is in this package, else in this source; none for a name of its own."""
    own = beside(task, path)
    found = _one(name, _known(task, name, own))
    if found is None and any(declares(work.read(task, other), name) for other in own):
        return
    found = found or _one(name, _renamed(task, name, own))
    if found is None:
        told = beyond(task, work, name)
        task.asked_beyond.append((name, told))
        found = _one(name, told)
    if found is None:
        raise UnknownImportError(name)
    yield found


def beyond(task: Task, work: Work, name: str) -> frozenset[_Import]:
    """What files of other packages import by a name."""
    return _known(task, name, holding(task, work, (f'/{name}"',))[:_ENOUGH])


@once(512)
def _needless(before: bytes, after: bytes) -> tuple[_Import, ...]:
    """The imports of a file that it still has and uses no more."""
    gone = _used_no_more(before, after)
    still = {i.text for i in _imports(after)} if gone else set()
    return tuple(i for i in _imports(before) if i.name in gone and i.text in still) if gone else ()


def without_needless(before: bytes, after: bytes, path: str) -> bytes:
    """A file without the imports that it uses no more; where they cannot go, as it is."""
    lines = [f"-{each.text}\n" for each in _needless(before, after)]
    if not lines:
        return after
    try:
        (pattern,) = compiled("".join(["@@\n@@\n", *lines]), "imports")
        return apply(pattern, after, path).after
    except ApplyError:
        return after


def idle_imports(changes: Iterable[FileChange]) -> Iterator[str]:
    """What must be said of imports that stay, though what may be their name is used no more."""
    for change in changes:
        before, after = change.before or b"", change.after or b""
        if not (change.path.endswith(".go") and before and after):
            continue
        for spec, word in _idle(before, after):
            yield (
                f'`{word}` is used no more in {change.path}: look whether its import "{spec}" is to go, too'
            )


@once(1024)
def _idle(before: bytes, after: bytes) -> tuple[tuple[str, str], ...]:
    """The paths that a file imports still, each with a name of it that the file uses no more."""
    gone = _used_no_more(before, after)
    specs = list(imports_of(parse(after))) if gone else []
    found = ((path_of(spec), _may_be_called(spec) & gone) for spec in specs)
    return tuple((path, min(names)) for path, names in found if names)


def _used_no_more(before: bytes, after: bytes) -> set[str]:
    """The names before dots that a file has no more, but where a parameter or variable is called so."""
    old, new = parse(before), parse(after)
    left = new.bases()
    fewer = [word for word, count in old.bases().items() if left[word] < count]
    return {
        word.decode(errors="replace")
        for word in fewer
        if not left[word] or (is_used(old, word) and not is_used(new, word))
    }


def _may_be_called(spec: Syntax) -> set[str]:
    """What a file may call what a spec imports: its name there, or what its path tells."""
    name = local_name_of(spec)
    return {name} if len(spec.children) > 1 else {name, *guesses(path_of(spec))}


@once(512)
def _imports(data: bytes) -> tuple[_Import, ...]:
    """What a file imports by a name."""
    found = []
    for spec in imports_of(parse(data)):
        name, path = local_name_of(spec), path_of(spec)
        if name not in ("_", "."):
            given = f"{name} " if len(spec.children) > 1 else ""
            found.append(_Import(name, f'import {given}"{path}"'))
    return tuple(found)


def _known(task: Task, name: str, paths: Iterable[str]) -> frozenset[_Import]:
    """What these files import by a name."""
    word = name.encode()
    return frozenset(
        item
        for other in paths
        if word in (data := task.original(other))
        for item in _imports(data)
        if item.name == name
    )


def _renamed(task: Task, name: str, paths: Iterable[str]) -> frozenset[_Import]:
    """What these files import by another name than the last part of its path, which is `name`."""
    end = f'/{name}"'
    return frozenset(
        _Import(name, f"import {item.text.rpartition(' ')[2]}")
        for other in paths
        if end.encode() in (data := task.original(other))
        for item in _imports(data)
        if item.name != name and item.text.endswith(end)
    )


def _one(name: str, found: frozenset[_Import]) -> _Import | None:
    """The import that a name is; FailedError where that is not one thing."""
    if len(found) > 1:
        paths = " and ".join(sorted(item.text for item in found))
        raise FailedError(
            f"`{name}` is more than one import in this source: {paths}",
            "say which is meant by a line with `+import`",
        )
    return next(iter(found), None)
