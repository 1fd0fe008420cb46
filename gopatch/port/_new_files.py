"""Files that an edit adds, into the folder of something that the source declares."""

from __future__ import annotations

from collections.abc import Iterable

from gopatch.go.tree import declares
from gopatch.port._places import files_of, named_and_beside, unneeded
from gopatch.port._task import Task
from gopatch.port._work import EditDone, FailedError, Work
from gopatch.port.outcome import EditStatus, Outcome, Site
from gopatch.recipe.values import NewFile, NewFiles


def add_files(task: Task, work: Work, edit: NewFiles, root: str) -> EditDone:
    """Add an edit's files beside its declaration, which may be in another file of the package."""
    missing = unneeded(task, work, edit, root)
    if missing is not None:
        return EditDone(missing, work)
    files = (*files_of(task, edit, root), *named_and_beside(task, edit, root))
    beside = next((path for path in files if declares(work.read(task, path), edit.beside)), None)
    if beside is None:
        raise FailedError(f"no file of {', '.join(edit.files)} declares `{edit.beside}`")
    outcome = Outcome(edit.name, "already", ", ".join(edit.forms))
    return put_beside(task, work, outcome, beside, edit.adds)


def put_beside(
    task: Task, work: Work, outcome: Outcome, path: str, adds: Iterable[NewFile]
) -> EditDone:
    """`outcome` with its status and sites, where new files have come into the folder of `path`.

    Raises FailedError where a file of that name and of other content is there.
    """
    folder = path.rpartition("/")[0]
    status: EditStatus = "already"
    sites = []
    for new in adds:
        place = f"{folder}/{new.name}" if folder else new.name
        sites.append(Site(place, 1, 1))
        if not (place in work.files or task.has(place)):
            work, status = work.put(place, new.content), "applied"
        elif work.read(task, place) != new.content:
            raise FailedError(
                f"{place} is there already, with other content", "remove or rename that file"
            )
    return EditDone(outcome._replace(status=status, sites=tuple(sites)), work)
