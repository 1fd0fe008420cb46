"""Edits of Go: the first variant that fits is made, in the files that the edit names or beside them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from gopatch.engine.apply import Result, apply, changes
from gopatch.errors import ApplyError
from gopatch.port._calls import calling
from gopatch.port._explain import explain
from gopatch.port._new_files import put_beside
from gopatch.port._places import declared_in, files_of, named_and_beside, unneeded
from gopatch.port._task import Task, patterns_of
from gopatch.port._work import Done, FailedError, Work
from gopatch.port.outcome import EditStatus, Outcome, Site
from gopatch.recipe.values import GoEdit, GoVariant


class _Change(NamedTuple):
    """One change of a variant: `number` counts from 0."""

    edit: GoEdit
    variant: GoVariant
    number: int


class _Made(NamedTuple):
    """What the changes of a variant have done so far."""

    work: Work
    statuses: frozenset[EditStatus] = frozenset()
    sites: tuple[Site, ...] = ()


def edit_go(task: Task, work: Work, edit: GoEdit, root: str) -> Done:
    """Make an edit of Go in the files that it names, else in the packages that they belong to.

    Go knows packages, not files: a fork may have given any file another name. Raises FailedError
    or ApplyError where no variant can be made.
    """
    missing = unneeded(task, work, edit, root)
    if missing is not None:
        return Done(missing, work)
    named, wider = files_of(task, edit, root), named_and_beside(task, edit, root)
    try:
        return _first_variant(task, work, edit, named)
    except (FailedError, ApplyError) as error:
        if len(wider) == len(named):
            raise
        try:
            return _first_variant(task, work, edit, wider)
        except (FailedError, ApplyError):
            if _folders(named) == _folders(wider) and (
                not edit.anchors or declared_in(task, work, named, edit.anchors)
            ):
                raise error from None  # no file is missing: the nearest place is in one of them
            raise


def _folders(files: Iterable[str]) -> set[str]:
    return {path.rpartition("/")[0] for path in files}


def _first_variant(task: Task, work: Work, edit: GoEdit, files: Sequence[str]) -> Done:
    if not files:
        raise FailedError(f"no file of {', '.join(edit.files)} is there")
    for variant in edit.variants:
        done = _variant(task, work, edit, variant, files)
        if done is not None:
            return done
    if (fixed := _fixed(task, edit, files)) is not None:
        return Done(fixed, work)
    raise FailedError(*explain(task, work, edit, files))


def _fixed(task: Task, edit: GoEdit, files: Sequence[str]) -> Outcome | None:
    """That the source, as it was before this run, has what the edit is for in another form."""
    for form in edit.fixed:
        found = [
            [
                Site(path, *at)
                for path in files
                for at in apply(pattern, task.original(path), path).sites
            ]
            for pattern in patterns_of(form)
        ]
        if all(found):
            return Outcome(
                edit.name, "already", form.name, tuple(site for here in found for site in here)
            )
    return None


def _variant(
    task: Task, work: Work, edit: GoEdit, variant: GoVariant, files: Sequence[str]
) -> Done | None:
    """What comes of a variant whose changes all fit; None where one does not."""
    made = _Made(work)
    patterns = patterns_of(variant)
    for number in range(len(patterns)):
        here = _everywhere(task, made.work, _Change(edit, variant, number), files)
        if not here.sites:
            return None
        if edit.matches and len(here.sites) != edit.matches and changes(patterns[number]):
            places = ", ".join(map(str, here.sites))
            raise FailedError(
                f"{variant.name}: {len(here.sites)} places match where {edit.matches} may: {places}",
                "which of them is meant cannot be told: take the others out of the source, or "
                f"leave the edit out, --without {edit.name}",
            )
        made = _Made(here.work, made.statuses | here.statuses, made.sites + here.sites)
    if variant.adds:
        return put_beside(
            task,
            made.work,
            Outcome(edit.name, "already", variant.name),
            made.sites[0].path,
            variant.adds,
        )
    status: EditStatus = "applied" if "applied" in made.statuses else "already"
    return Done(
        Outcome(edit.name, status, variant.name, tuple(dict.fromkeys(made.sites))), made.work
    )


def _everywhere(task: Task, work: Work, change: _Change, files: Sequence[str]) -> _Made:
    """One change in every file where it fits; no site where it fits in none."""
    made = _Made(work)
    edit = change.edit
    for path in files:
        result = _in_file(task, made.work, change, path)
        if result is None:
            continue
        sites = tuple(made.work.site(task, path, *at) for at in result.sites)
        after = made.work
        if result.status == "applied":
            after = made.work.changed(task, edit.name, path, result.edits, result.after)
        if edit.matches:
            sites += tuple(after.site(task, path, *at) for at in result.left)
        made = _Made(after, made.statuses | {_status(result)}, made.sites + sites)
    return made


def _status(result: Result) -> EditStatus:
    return "applied" if result.status == "applied" else "already"


def _in_file(task: Task, work: Work, change: _Change, path: str) -> Result | None:
    """What a change does to a file; None where it does not fit there.

    A rail guards the loops that it names: a place in another declaration is none of its. And what
    another edit of this run has written is no evidence that this one is made already.
    """
    edit, variant, number = change
    data = work.read(task, path)
    guards = edit.guards if changes(patterns_of(variant)[number]) else ()
    ranges = calling(data, guards) if guards else ()
    if guards and not ranges:
        return None
    result = engine(task, work, change.variant, number, path)
    if result.status == "missing":
        return None
    if guards and not any(
        one.start <= at < one.end for at in _offsets(data, result) for one in ranges
    ):
        return None
    if result.status == "already" and path in work.files and not work.wrote(edit.name, path):
        pattern = patterns_of(variant)[number]
        original = task.memo.apply(variant, number, task.original(path), path)
        if changes(pattern) and original.status != "already":
            return None
    return result


def _offsets(data: bytes, result: Result) -> list[int]:
    starts = [0]
    for line in data.split(b"\n"):
        starts.append(starts[-1] + len(line) + 1)
    return [starts[line - 1] + column - 1 for line, column in result.sites]


def engine(task: Task, work: Work, variant: GoVariant, number: int, path: str) -> Result:
    """What a change does to a file as it is now; ApplyError tells the line in the source's own."""
    try:
        return task.memo.apply(variant, number, work.read(task, path), path)
    except ApplyError as error:
        if error.line is None:
            raise
        at = work.site(task, path, error.line, error.column or 1)
        raise ApplyError(
            error.message, path=path, line=at.line, column=error.column, hint=error.hint
        ) from None
