"""A port as a commit on a branch, made from git's objects: work tree and index are not touched."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from gopatch.errors import ApplyError, SourceError, UsageError
from gopatch.source.gitref import Repository
from gopatch.splice import FileChange


class BranchResult(NamedTuple):
    """The commit (40 hex) that the branch stands at; `created` is False if it did already."""

    commit: str
    created: bool


def commit(
    path: str | Path,
    base: str,
    changes: Sequence[FileChange],
    *,
    name: str,
    message: str,
    author: str | None = None,
    force: bool = False,
) -> BranchResult:
    """Commit `changes` on top of `base` as branch `name`.

    Author (`Name <mail>`, where one is given) and committer come from git's configuration (or
    GIT_AUTHOR_* and the like), the date
    from SOURCE_DATE_EPOCH if it is set. Raises UsageError for a name that git does not take or
    that is checked out, ApplyError for a branch that exists (unless `force`).
    """
    repository = Repository(path)
    _check_name(repository, name)
    parent = repository.resolve(base)
    tree = _tree(repository, parent, changes)
    old = repository.refs_of("refs/heads").get(name)
    if old is not None and _is_same(repository, old, parent, tree):
        return BranchResult(old, False)
    if old is not None and not force:
        raise ApplyError(
            f"there is a branch `{name}` already", hint="choose another name, or say --force"
        )
    new = _commit(repository, tree, parent, message, author)
    _update(repository, name, new, old)
    return BranchResult(new, True)


def _git(repository: Repository, *arguments: str, **options: object) -> str:
    import git

    try:
        return str(repository.repo.git.execute(["git", *arguments], **options))  # type: ignore[call-overload]
    except git.GitCommandError as error:
        detail = str(error.stderr).replace("stderr:", "").strip().strip("'").strip()
        raise SourceError(f"git {arguments[0]} failed: {detail}", path=repository.path) from None


def _check_name(repository: Repository, name: str) -> None:
    try:
        _git(repository, "check-ref-format", "--branch", name)
    except SourceError:
        raise UsageError(f"`{name}` is no name for a branch") from None
    if name.startswith("-") or f"refs/heads/{name}" in _checked_out(repository):
        raise UsageError(
            f"the branch `{name}` is checked out", hint="its work tree would be left behind"
        )


def _checked_out(repository: Repository) -> set[str]:
    listed = _git(repository, "worktree", "list", "--porcelain")
    return {
        line.removeprefix("branch ") for line in listed.splitlines() if line.startswith("branch ")
    }


def _tree(repository: Repository, parent: str, changes: Sequence[FileChange]) -> str:
    """The parent's tree with the changes, written by way of an index of our own."""
    with tempfile.TemporaryDirectory(prefix="gopatch-") as folder:
        environment = {"GIT_INDEX_FILE": os.path.join(folder, "index")}
        _git(repository, "read-tree", parent, env=environment)
        for change in changes:
            where = f"{repository.prefix}/{change.path}" if repository.prefix else change.path
            if change.after is None:
                _git(repository, "update-index", "--force-remove", "--", where, env=environment)
                continue
            file = Path(folder, "blob")
            file.write_bytes(change.after)
            blob = _git(repository, "hash-object", "-w", "--no-filters", str(file))
            entry = f"{change.mode:o},{blob},{where}"
            _git(repository, "update-index", "--add", "--cacheinfo", entry, env=environment)
        return _git(repository, "write-tree", env=environment)


def _is_same(repository: Repository, old: str, parent: str, tree: str) -> bool:
    facts = _git(repository, "show", "--no-patch", "--format=%T %P", old)
    return facts == f"{tree} {parent}"


def _commit(
    repository: Repository, tree: str, parent: str, message: str, author: str | None
) -> str:
    environment = {}
    if author is not None:
        name, _, mail = author.partition(" <")
        environment = {"GIT_AUTHOR_NAME": name, "GIT_AUTHOR_EMAIL": mail.removesuffix(">")}
    _identity(repository, environment)
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch:
        environment |= {
            "GIT_AUTHOR_DATE": f"@{epoch} +0000",
            "GIT_COMMITTER_DATE": f"@{epoch} +0000",
        }
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", prefix="gopatch-") as file:
        file.write(message)
        file.flush()
        return _git(repository, "commit-tree", tree, "-p", parent, "-F", file.name, env=environment)


def _identity(repository: Repository, environment: dict[str, str]) -> None:
    for variable in ("GIT_AUTHOR_IDENT", "GIT_COMMITTER_IDENT"):
        try:
            _git(repository, "var", variable, env=environment)
        except SourceError:
            raise UsageError(
                "git does not know who you are",
                hint="git config user.name 'Your Name'; git config user.email you@example.org",
            ) from None


def _update(repository: Repository, name: str, new: str, old: str | None) -> None:
    """Move the branch in one step, and only from where we saw it."""
    _git(
        repository,
        "update-ref",
        "-m",
        "gopatch: commit",
        f"refs/heads/{name}",
        new,
        old or "0" * 40,
    )
