"""A port written into a folder: all files or none, whatever happens in between."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from pathlib import Path

from gopatch.errors import ApplyError, SourceError, UsageError
from gopatch.files import locked, write_all
from gopatch.splice import FileChange, leads_out

_FORCE = "--force writes without asking git"


def write(root: Path, changes: Sequence[FileChange], *, force: bool = False) -> None:
    """Write every change below `root`, or none.

    Raises SourceError where another run works there, a file cannot be written or is no regular file, ApplyError where a
    file has changed since it was read, or has changes that are not committed (unless `force`).
    """
    with locked(root):
        targets = [(_target(root, change), change) for change in changes]
        for target, change in targets:
            _check(target, change)
        if not force:
            _refuse_uncommitted(root, changes)
        write_all(root, changes)


def _target(root: Path, change: FileChange) -> Path:
    target = root / change.path
    real = root.resolve()
    parent = target.parent.resolve()
    if leads_out(change.path):
        raise SourceError("is no name inside the source", path=change.path)
    if parent != real and real not in parent.parents:
        raise SourceError("leaves the source by a link", path=change.path)
    return target


def _check(target: Path, change: FileChange) -> None:
    try:
        found = target.lstat()
    except FileNotFoundError:
        if change.before is None:
            return
        raise ApplyError(
            "was removed while we worked", path=change.path, hint="run again"
        ) from None
    except OSError as error:
        raise SourceError(f"cannot be read: {error.strerror}", path=change.path) from None
    if change.before is None:
        raise ApplyError("came into being while we worked", path=change.path, hint="run again")
    if not stat.S_ISREG(found.st_mode):
        raise SourceError(
            "is not a regular file", path=change.path, hint="patch the file that the link names"
        )
    if target.read_bytes() != change.before:
        raise ApplyError("changed while we worked", path=change.path, hint="run again")
    if not os.access(target, os.W_OK) or not found.st_mode & 0o222:
        raise SourceError("is read-only", path=change.path, hint="chmod u+w, or copy the source")


def _refuse_uncommitted(root: Path, changes: Sequence[FileChange]) -> None:
    top = next(
        (p for p in (root.resolve(), *root.resolve().parents) if (p / ".git").exists()), None
    )
    if top is None:
        return
    from gopatch.source.gitref import Repository

    try:
        dirty = Repository(root).uncommitted(
            root, [c.path for c in changes if c.before is not None]
        )
    except SourceError as error:
        error.hint = "; ".join(filter(None, (error.hint, _FORCE)))
        raise
    except UsageError as error:
        raise SourceError(f"whether it has changes cannot be told: {error}", hint=_FORCE) from None
    if dirty:
        raise ApplyError(
            f"uncommitted changes in {', '.join(sorted(dirty))}",
            hint="commit them, or say --force to write over them",
        )
