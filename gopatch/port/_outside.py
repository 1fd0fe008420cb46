"""Docker before it had heard of insecure registries: told at the first edit that fits nowhere, and not why it does not."""

from __future__ import annotations

from gopatch.errors import OutsideError
from gopatch.port._task import Task
from gopatch.recipe.read import names

_FLAG_FILES = (
    "registry/*.go",
    "daemon/config*.go",
    "daemon/config/*.go",
    "cmd/dockerd/*.go",
    "daemon/command/*.go",
    "docker/*.go",
)


def refuse_outside(task: Task) -> None:
    """Raise OutsideError where a patch that comes with gopatch cannot have a place.

    A tree whose roots were given may be too small for that to be told.
    """
    if not task.roots_given and task.patch.name in names() and not _knows_lists(task):
        raise OutsideError(
            "this is Docker before --insecure-registry existed (v1.3.1 is the first with it)",
            path=task.source.name,
        )


def _knows_lists(task: Task) -> bool:
    """Whether the daemon has heard of insecure registries: where it registers its flags."""
    return any(
        b"insecure-registry" in task.original(path)
        for pattern in _FLAG_FILES
        for path in task.glob(task.roots.engine or "", pattern)
    )
