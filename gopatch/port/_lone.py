"""A lone .patch file on any Go: each change wherever it fits, at least one of them somewhere."""

from __future__ import annotations

from gopatch.engine.apply import may_fit
from gopatch.engine.compiled import patterns_of
from gopatch.port._explain import explain
from gopatch.port._go_edits import engine
from gopatch.port._imports import without_needless
from gopatch.port._own_files import own_files
from gopatch.port._task import Task, VariantForm
from gopatch.port._work import EditDone, FailedError, Work
from gopatch.port.outcome import EditStatus, Outcome, Site
from gopatch.recipe.values import GoEdit

_EXPLAINED = 2000  # files in which the nearest place is looked for


def edit_anywhere(task: Task, work: Work, edit: GoEdit) -> EditDone:
    """Make the changes of a lone patch; FailedError where none of them fits anywhere."""
    files = [path for path, _ in own_files(task, "")]
    if not files:
        raise FailedError("there are no Go files here")
    statuses: set[EditStatus] = set()
    sites: dict[Site, None] = {}
    (variant,) = edit.variants
    patterns = patterns_of(variant)
    for path in files:
        data = work.files.get(path)
        data = task.glance(path) if data is None else data
        if not any(may_fit(pattern, data) for pattern in patterns):
            continue  # of a whole tree only what may fit is kept
        before = work
        for number, pattern in enumerate(patterns):
            if not may_fit(pattern, work.read(task, path)):
                continue
            result = engine(task, work, VariantForm(variant, number), path)
            if result.status == "missing":
                continue
            statuses.add("applied" if result.status == "applied" else "already")
            sites.update({Site(path, *site): None for site in result.sites})
            if result.status == "applied":
                work = work.put(path, result.after)
        if work is not before:
            after = without_needless(before.read(task, path), work.files[path], path)
            work = work.put(path, after)
    if not statuses:
        raise FailedError(*explain(task, work, edit, files[:_EXPLAINED]))
    status: EditStatus = "applied" if "applied" in statuses else "already"
    return EditDone(Outcome(edit.name, status, variant.name, tuple(sites)), work)
