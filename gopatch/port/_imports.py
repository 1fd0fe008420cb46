"""Imports follow use: what a change's `+` lines need of a file's imports, and what they make needless.

`pkg.Name` on a `+` line brings the import that this source uses for it: the one that other files of the
package have, else those of other packages. What nothing uses any more goes, if it was used before the change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from gopatch.engine.apply import Result
from gopatch.engine.imports import imports_of, local_name_of, path_of
from gopatch.engine.pattern import Pattern
from gopatch.go.tree import GoFile, Syntax, parse
from gopatch.port._own_files import beside, holding
from gopatch.port._task import Task, VariantForm
from gopatch.port._work import FailedError, Work

_ENOUGH = 20  # files of other packages that are asked what they import by a name
_SELECTOR = frozenset({"selector_expression", "qualified_type"})
_NAMES = frozenset({"identifier", "package_identifier", "type_identifier"})


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
    before, after = parse(work.read(task, path)), parse(result.after)
    come = [f"+{i.text}" for i in _missing(task, work, form.pattern, (before, after), path)]
    gone = [f"-{i.text}" for i in _needless(before, after)]
    return form._replace(imports=(*come, *gone))


def _missing(
    task: Task, work: Work, pattern: Pattern, files: tuple[GoFile, GoFile], path: str
) -> Iterator[_Import]:
    before, after = files
    known = {i.name for i in _imports(after)}
    there = {leaf.text for leaf in before.nodes(_NAMES)}
    for name in sorted(set(_bases(after)) - known):
        word = name.encode()
        alone = _counted(after, word) > sum(1 for base in _bases(after) if base == name)
        if word in there or alone or word not in pattern.change.plus.data:
            continue
        own = beside(task, path)
        found = _one(name, _known(task, name, own))
        if found is None and any(word in task.original(other) for other in own):
            continue  # a name of the package's own
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


def _needless(before: GoFile, after: GoFile) -> Iterator[_Import]:
    used, left = set(_bases(before)), set(_bases(after))
    still = {i.text for i in _imports(after)}
    for item in _imports(before):
        if item.name in used - left and item.text in still:
            yield item


def _counted(file: GoFile, word: bytes) -> int:
    return sum(1 for leaf in file.nodes(_NAMES) if leaf.text == word)


def _bases(file: GoFile) -> Iterator[str]:
    """The names before the dots of `a.b`, each as often as it stands there."""
    for node in file.nodes(_SELECTOR):
        first: Syntax = node.children[0]
        if first.token is not None and first.kind in _NAMES:
            yield first.text.decode(errors="replace")


def _imports(file: GoFile) -> Iterator[_Import]:
    for spec in imports_of(file):
        name, path = local_name_of(spec), path_of(spec)
        if name not in ("_", "."):
            given = f"{name} " if len(spec.children) > 1 else ""
            yield _Import(name, f'import {given}"{path}"')


def _known(task: Task, name: str, paths: Iterable[str]) -> frozenset[_Import]:
    """What these files import by a name."""
    word = name.encode()
    return frozenset(
        item
        for other in paths
        if word in (data := task.original(other))
        for item in _imports(parse(data))
        if item.name == name
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
