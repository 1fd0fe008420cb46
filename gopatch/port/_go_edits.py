"""Edits of Go: the first variant that fits is made, in the files that the edit names or beside them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from types import MappingProxyType
from typing import NamedTuple

from gopatch.engine.apply import Result, apply
from gopatch.engine.carry import Bound, wanted, without_holes
from gopatch.engine.compiled import form_name, patterns_of, read_changes, steps_in, steps_of
from gopatch.engine.pattern import Pattern, changes
from gopatch.errors import ApplyError
from gopatch.port._calls import calling
from gopatch.port._explain import explain
from gopatch.port._imports import UnknownImportError, with_imports
from gopatch.port._new_files import put_beside
from gopatch.port._places import declared_in, declaring, files_of, named_and_beside, unneeded
from gopatch.port._task import Task, VariantForm
from gopatch.port._work import EditDone, FailedError, Work
from gopatch.port.outcome import EditStatus, Outcome, Site
from gopatch.recipe.subjects import subjects
from gopatch.recipe.values import GoEdit, GoVariant, NewFile


class _Change(NamedTuple):
    """One change of an edit, in one of its forms."""

    edit: GoEdit
    form: VariantForm


class _Made(NamedTuple):
    """What the changes of a variant have done so far, and what they have bound."""

    work: Work
    statuses: frozenset[EditStatus] = frozenset()
    sites: tuple[Site, ...] = ()
    bound: Bound = MappingProxyType({})


def edit_go(task: Task, work: Work, edit: GoEdit, root: str) -> EditDone:
    """Make an edit of Go. Raises FailedError or ApplyError where no variant can be made."""
    missing = unneeded(task, work, edit, root)
    if missing is not None:
        return EditDone(missing, work)
    try:
        return _somewhere(task, work, edit, root)
    except _UnfitError as error:
        raise FailedError(*explain(task, work, edit, error.files)) from None


class _UnfitError(FailedError):
    """No variant fits in `files`; why is worked out where nothing else is left to try."""

    def __init__(self, files: Sequence[str]) -> None:
        super().__init__("no variant fits")
        self.files = files


def _somewhere(task: Task, work: Work, edit: GoEdit, root: str) -> EditDone:
    """The edit in the files that it names, in their packages, or where what it is about stands now.

    Go knows packages, not files: a fork may have given any file another name.
    """
    named, wider = files_of(task, work, edit, root), named_and_beside(task, work, edit, root)
    try:
        return _named_first(task, work, edit, (named, wider))
    except (FailedError, ApplyError):
        moved = _moved(task, work, edit, root)
        if not moved:
            raise
        return _first_variant(task, work, edit, moved)


def _named_first(
    task: Task, work: Work, edit: GoEdit, files: tuple[Sequence[str], Sequence[str]]
) -> EditDone:
    """The edit in the files that it names, else in all of their packages."""
    named, wider = files
    try:
        return _first_variant(task, work, edit, named)
    except (FailedError, ApplyError) as error:
        if len(wider) == len(named):
            raise
        try:
            return _first_variant(task, work, edit, wider)
        except (FailedError, ApplyError):
            if _folders(named) == _folders(wider) and (
                not edit.anchors or (edit.files and declared_in(task, work, named, edit.anchors))
            ):
                raise error from None  # no file is missing: the nearest place is in one of them
            raise


def _moved(task: Task, work: Work, edit: GoEdit, root: str) -> tuple[str, ...]:
    """The files that declare what an edit is about, where none that it names or beside them does."""
    if not edit.files or edit.anchors or not subjects(edit):
        return ()
    wider = named_and_beside(task, work, edit, root)
    if declared_in(task, work, wider, subjects(edit)):
        return ()
    task.found_elsewhere.add(edit.name)
    return declaring(task, work, edit, root)


def _folders(files: Iterable[str]) -> set[str]:
    return {path.rpartition("/")[0] for path in files}


def _first_variant(task: Task, work: Work, edit: GoEdit, files: Sequence[str]) -> EditDone:
    if not files:
        raise FailedError(f"no file of {', '.join(edit.files)} is there")
    for variant in edit.variants:
        done = _variant(task, work, edit, variant, files)
        if done is not None:
            return done
    if (fixed := _fixed(task, edit, files)) is not None:
        return EditDone(fixed, work)
    raise _UnfitError(files)


def _fixed(task: Task, edit: GoEdit, files: Sequence[str]) -> Outcome | None:
    """That the source, as it was before this run, has what the edit is for in another form."""
    for variant in edit.fixed:
        patterns = patterns_of(variant)
        found = [_sites(task, [patterns[n] for n in step], files) for step in steps_of(patterns)]
        if all(found):
            sites = tuple(site for here in found for site in here)
            return Outcome(edit.name, "already", variant.name, sites)
    return None


def _sites(task: Task, forms: Sequence[Pattern], files: Sequence[str]) -> list[Site]:
    """Where the first form that fits does."""
    for pattern in forms:
        found = [
            Site(path, *at)
            for path in files
            for at in apply(pattern, task.original(path), path).sites
        ]
        if found:
            return found
    return []


def _variant(
    task: Task, work: Work, edit: GoEdit, variant: GoVariant, files: Sequence[str]
) -> EditDone | None:
    """What comes of a variant whose changes all fit; None where one does not."""
    made = _Made(work)
    said = read_changes(variant)
    chosen = []
    for step in steps_in(said):
        found = _first_form(task, made, _ChangeStep(edit, variant, step), files)
        if found is None:
            return None
        number, here = found
        if len(step) > 1:
            chosen.append(form_name(said, step, number))
        made = _Made(
            here.work,
            made.statuses | here.statuses,
            made.sites + here.sites,
            {**made.bound, **here.bound},
        )
    name = "/".join(filter(None, (variant.name, "+".join(chosen))))
    if variant.adds:
        adds = [_filled(new, made.bound) for new in variant.adds]
        outcome = Outcome(edit.name, "already", name)
        return put_beside(task, made.work, outcome, made.sites[0].path, adds)
    status: EditStatus = "applied" if "applied" in made.statuses else "already"
    return EditDone(Outcome(edit.name, status, name, tuple(dict.fromkeys(made.sites))), made.work)


class _ChangeStep(NamedTuple):
    """One change of a variant, by the numbers of its forms."""

    edit: GoEdit
    variant: GoVariant
    forms: tuple[int, ...]


def _first_form(
    task: Task, made: _Made, step: _ChangeStep, files: Sequence[str]
) -> tuple[int, _Made] | None:
    """The number of the first form that fits, and what it has done; None where none does."""
    edit, variant, forms = step
    for number in forms:
        form = form_of(variant, number, made.bound)
        here = _everywhere(task, made.work, _Change(edit, form), files)
        if not here.sites:
            continue
        if edit.matches and len(here.sites) != edit.matches and changes(form.pattern):
            places = ", ".join(map(str, here.sites))
            raise FailedError(
                f"{variant.name}: {len(here.sites)} places match where {edit.matches} may: {places}",
                "which of them is meant cannot be told: take the others out of the source, or "
                f"leave the edit out, --without {edit.name}",
            )
        return number, here
    return None


def form_of(variant: GoVariant, number: int, bound: Bound) -> VariantForm:
    """A change with what it wants of those before it; FailedError where they bound it to more than one."""
    names = wanted(read_changes(variant)[number])
    missing = next((name for name in names if name not in bound), None)
    if missing is not None:
        raise FailedError(f"{variant.name}: the places found do not agree on what `{missing}` is")
    return VariantForm(variant, number, tuple((name, bound[name]) for name in names))


def _filled(new: NewFile, bound: Bound) -> NewFile:
    """A file with its holes filled with what the variant has bound."""
    try:
        return new._replace(content=without_holes(new.content, bound))
    except KeyError as error:
        raise FailedError(f"{new.name}: nothing says what `${{{error.args[0]}}}` is") from None


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
        bound = result.bound if not made.sites else _agreed(made.bound, result.bound)
        made = _Made(after, made.statuses | {_status(result)}, made.sites + sites, bound)
    return made


def _agreed(one: Bound, other: Bound) -> Bound:
    return {name: text for name, text in one.items() if other.get(name) == text}


def _status(result: Result) -> EditStatus:
    return "applied" if result.status == "applied" else "already"


def _in_file(task: Task, work: Work, change: _Change, path: str) -> Result | None:
    """What a change does to a file; None where it does not fit there.

    A rail guards the loops that it names: a place in another declaration is none of its. And what
    another edit of this run has written is no evidence that this one is made already.
    """
    edit, form = change
    data = work.read(task, path)
    if not form.may_fit(data):
        return None
    guards = edit.guards if changes(form.pattern) else ()
    ranges = calling(data, guards) if guards else ()
    if guards and not ranges:
        return None
    result = engine(task, work, form, path)
    if result.status == "missing":
        return None
    try:
        whole = with_imports(task, work, form, path, result)
    except UnknownImportError:
        return None
    if whole != form:
        result = engine(task, work, whole, path)
    if guards and not any(
        one.start <= at < one.end for at in _offsets(data, result) for one in ranges
    ):
        return None
    if result.status == "already" and path in work.files and not work.wrote(edit.name, path):
        original = task.memo.apply(form, task.original(path), path)
        if changes(form.pattern) and original.status != "already":
            return None
    return result


def _offsets(data: bytes, result: Result) -> list[int]:
    starts = [0]
    for line in data.split(b"\n"):
        starts.append(starts[-1] + len(line) + 1)
    return [starts[line - 1] + column - 1 for line, column in result.sites]


def engine(task: Task, work: Work, form: VariantForm, path: str) -> Result:
    """What a change does to a file as it is now; ApplyError tells the line in the source's own."""
    try:
        return task.memo.apply(form, work.read(task, path), path)
    except ApplyError as error:
        if error.line is None:
            raise
        at = work.site(task, path, error.line, error.column or 1)
        raise ApplyError(
            error.message, path=path, line=at.line, column=error.column, hint=error.hint
        ) from None
