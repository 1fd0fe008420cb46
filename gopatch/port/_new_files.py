"""Files that an edit adds, into the folder of something that the source declares."""

from __future__ import annotations

from collections.abc import Iterable

from gopatch.go.declaring import declares
from gopatch.port._arriving import arriving
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
    files = (*files_of(task, work, edit, root), *named_and_beside(task, work, edit, root))
    found: dict[str, str] = {}  # of each folder the first file: no other is asked
    for path in files:
        folder = path.rpartition("/")[0]
        if folder not in found and declares(work.read(task, path), edit.beside):
            found[folder] = path
    if not found:
        where = f"no file of {', '.join(edit.files)}" if edit.files else "no file beside it"
        raise FailedError(f"{where} declares `{edit.beside}`")
    if not edit.files and len(found) > 1:
        raise FailedError(
            f"`{edit.beside}` is declared in {', '.join(found)}: which is meant cannot be told",
            "say where by `files`",
        )
    outcome = Outcome(edit.name, "already", ", ".join(edit.forms))
    return put_beside(task, work, outcome, next(iter(found.values())), edit.adds)


def put_beside(
    task: Task, work: Work, outcome: Outcome, path: str, adds: Iterable[NewFile]
) -> EditDone:
    """`outcome` with its status and sites, where new files have come into the folder of `path`.

    Raises FailedError where a file of that name and of other content is there.
    """
    folder = path.rpartition("/")[0]
    status: EditStatus = "already"
    sites = []
    for new in (arriving(task, work, path, each) for each in adds):
        place = f"{folder}/{new.name}" if folder else new.name
        sites.append(Site(place, 1, 1))
        if not (place in work.files or task.has(place)):
            work, status = work.put(place, new.content), "applied"
        elif work.read(task, place) != new.content:
            raise FailedError(
                f"{place} is there already, with other content", "remove or rename that file"
            )
    return EditDone(outcome._replace(status=status, sites=tuple(sites)), work)
