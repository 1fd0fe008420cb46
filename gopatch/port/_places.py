"""Where an edit looks: its roots, the files that it names, those beside them, and whether it is needed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gopatch.errors import either
from gopatch.go.declaring import declares
from gopatch.go.tree import position
from gopatch.port._calls import error_in
from gopatch.port._own_files import beside, holding
from gopatch.port._task import Task
from gopatch.port._work import FailedError, Work
from gopatch.port.outcome import Outcome
from gopatch.recipe.subjects import subjects, words
from gopatch.recipe.values import PatchEdit, TextEdit
from gopatch.source.roots import Roots, with_packages


def roots_of(roots: Roots, edit: PatchEdit) -> list[str]:
    """The folders below which an edit's files are."""
    wanted = {"engine": (roots.engine,), "cli": (roots.cli,)}
    both = wanted.get(edit.root, (roots.engine, roots.cli))
    return list(dict.fromkeys(root for root in both if root is not None))


def files_of(task: Task, work: Work, edit: PatchEdit, root: str) -> tuple[str, ...]:
    """The files that an edit names, else those that declare what it is about; tests are never among them."""
    if _is_found(task, edit, root):
        return declaring(task, work, edit, root)
    return task.named(root, edit.files)


def named_and_beside(task: Task, work: Work, edit: PatchEdit, root: str) -> tuple[str, ...]:
    """The files of an edit, then the others of their packages."""
    if not _is_found(task, edit, root):
        return task.named(root, tuple(with_packages(edit.files)))
    own = declaring(task, work, edit, root)
    others = (path for one in own for path in beside(task, one))
    return tuple(dict.fromkeys((*own, *others)))


def _is_found(task: Task, edit: PatchEdit, root: str) -> bool:
    """Whether an edit's files are found by what they declare: it names none, or none that is there."""
    if not edit.files:
        return True
    named = task.named(root, tuple(with_packages(edit.files)))
    return not named and not edit.anchors and bool(subjects(edit))


def may_declare(task: Task, work: Work, edit: PatchEdit, root: str) -> list[str]:
    """The own files below a root that have a word of what an edit without paths is about."""
    return holding(task, work, words(edit), root) if _is_found(task, edit, root) else []


def declaring(task: Task, work: Work, edit: PatchEdit, root: str) -> tuple[str, ...]:
    """The own files below a root that declare what an edit is about; told once as long as no file changes."""
    asked, found = task.declaring.get((edit.name, root), (None, ()))
    if asked is not work.files:
        names = subjects(edit)
        found = tuple(
            path
            for path in holding(task, work, words(edit), root)
            if any(declares(work.read(task, path), name) for name in names)
        )
        task.declaring[edit.name, root] = work.files, found
    return found


def declared_in(task: Task, work: Work, files: Iterable[str], names: Sequence[str]) -> str:
    """The first of `names` that one of `files` declares, or ""."""
    paths = list(files)
    return next((n for n in names if any(declares(work.read(task, p), n) for p in paths)), "")


def unneeded(task: Task, work: Work, edit: PatchEdit, root: str) -> Outcome | None:
    """The outcome of an edit whose anchors are declared nowhere, or which something forbids.

    Raises FailedError where a file that the edit names is broken: what is not found in it is not absent.
    """
    found = _is_found(task, edit, root)
    names = subjects(edit) if found else edit.anchors
    files, wider = files_of(task, work, edit, root), named_and_beside(task, work, edit, root)
    if names and not (
        declared_in(task, work, files, names) or declared_in(task, work, wider, names)
    ):
        refuse_broken(
            task, work, holding(task, work, words(edit), root) if found else files, words(edit)
        )
        return Outcome(edit.name, "absent", reason=f"nothing declares {either(names)} here")
    if edit.unless and (other := declared_in(task, work, wider, edit.unless)):
        return Outcome(edit.name, "absent", reason=f"`{other}` is declared here")
    return None


def refuse_broken(task: Task, work: Work, files: Iterable[str], words: tuple[str, ...]) -> None:
    """Raise FailedError for the first of `files` that does not parse where it matters."""
    for path in files:
        data = work.read(task, path)
        at = error_in(data, words) if path.endswith(".go") else None
        if at is not None:
            raise FailedError(
                f"{work.site(task, path, *position(data, at))}: the Go here does not parse, so that "
                "what the edit looks for may be there or not",
                "mend that file first",
            )


def has_place(task: Task, work: Work, edit: PatchEdit) -> bool:
    """Whether an edit has something to do, as far as its anchors tell."""
    roots = roots_of(task.roots, edit)
    if edit.files and not edit.anchors:
        return True
    if isinstance(edit, TextEdit):
        paths = [path for root in roots for path in files_of(task, work, edit, root)]
        return any(
            anchor.encode() in work.read(task, path) for path in paths for anchor in edit.anchors
        )
    return any(_is_needed(task, work, edit, root) for root in roots)


def _is_needed(task: Task, work: Work, edit: PatchEdit, root: str) -> bool:
    try:
        return unneeded(task, work, edit, root) is None
    except FailedError:
        return True
