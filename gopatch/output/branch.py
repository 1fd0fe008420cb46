"""A port as a commit on a branch, made from git's objects: work tree and index are not touched."""

from __future__ import annotations

import os
from binascii import unhexlify
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from gopatch.errors import ApplyError, SourceError, UsageError
from gopatch.source import Entry
from gopatch.source.gitref import Repository, identity
from gopatch.source.own_folders import refuse_links_out
from gopatch.splice import FileChange, leads_out


class BranchResult(NamedTuple):
    """The commit (40 hex) that the branch stands at; `created` is False if it did already."""

    commit: str
    created: bool


class Branch(NamedTuple):
    """The branch that is to stand on the commit `base`; `force` moves one that stands elsewhere."""

    name: str
    base: str
    force: bool = False


def commit(
    path: str | Path,
    branch: Branch,
    changes: Sequence[FileChange],
    *,
    message: str,
    author: str | None = None,
) -> BranchResult:
    """Commit `changes` on top of the base of `branch`.

    Author (`Name <mail>`, where one is given) and committer come from GIT_AUTHOR_* and the like, or
    the user's own configuration of git, never the repository's; the date from SOURCE_DATE_EPOCH
    if it is set. Raises UsageError for a name that git does not take or that is checked out,
    ApplyError for a branch that exists (unless `force`), SourceError where a link leads out of the repository.
    """
    repository = Repository(path)
    name, base, force = branch
    _check_name(repository, name)
    refuse_links_out(repository.objects_folder.parent, name)
    parent = repository.resolve(base)
    tree = _tree(repository, parent, changes)
    old = repository.refs_of("refs/heads").get(name)
    if old is not None and repository.links_of(old) == (tree, parent):
        return BranchResult(old, False)
    if old is not None and not force:
        raise ApplyError(
            f"there is a branch `{name}` already", hint="choose another name, or say --force"
        )
    new = repository.commit(tree, parent, message, _who(author))
    repository.move_branch(name, new, old)
    return BranchResult(new, True)


def _check_name(repository: Repository, name: str) -> None:
    if not repository.is_branch_name(name):
        raise UsageError(f"`{name}` is no name for a branch")
    if f"refs/heads/{name}" in repository.checked_out():
        raise UsageError(
            f"the branch `{name}` is checked out", hint="its work tree would be left behind"
        )


def _tree(repository: Repository, parent: str, changes: Sequence[FileChange]) -> str:
    """The parent's tree with the changes, each folder on the way to one written anew."""
    wanted: dict[str, FileChange] = {}
    for change in changes:
        if leads_out(change.path):
            raise SourceError("is no name inside the source", path=change.path)
        where = f"{repository.prefix}/{change.path}" if repository.prefix else change.path
        wanted[where] = change
    tree = _folder(repository, repository.tree_of(parent), wanted)
    return tree or repository.store("tree", b"")


def _folder(repository: Repository, tree: str | None, wanted: Mapping[str, FileChange]) -> str:
    """The folder `tree` with the changes, whose paths are below it; "" where nothing is left."""
    entries = {entry.name: entry for entry in repository.tree(tree)} if tree else {}
    below: dict[str, dict[str, FileChange]] = {}
    for path, change in wanted.items():
        first, _, rest = path.partition("/")
        if rest:
            below.setdefault(first, {})[rest] = change
        elif change.after is None:
            entries.pop(first, None)
        else:
            id = repository.store("blob", change.after)
            entries[first] = Entry(first, "file", change.mode, id)
    for name, more in below.items():
        there = entries.pop(name, None)
        made = _folder(repository, there.id if there and there.kind == "dir" else None, more)
        if made:
            entries[name] = Entry(name, "dir", 0o040000, made)
    return repository.store("tree", _packed(entries.values())) if entries else ""


def _packed(entries: Iterable[Entry]) -> bytes:
    """A tree as git writes it: a folder sorts as if its name ended in a slash."""
    rows = sorted((os.fsencode(e.name) + b"/" * (e.kind == "dir"), e) for e in entries)
    return b"".join(
        b"%o %s\0%s" % (entry.mode, os.fsencode(entry.name), unhexlify(entry.id or ""))
        for _, entry in rows
    )


def _who(author: str | None) -> dict[str, str]:
    """git's variables for who commits, and when."""
    found = identity()
    if author is not None:
        name, _, mail = author.partition(" <")
        found |= {"GIT_AUTHOR_NAME": name, "GIT_AUTHOR_EMAIL": mail.removesuffix(">")}
    missing = {f"GIT_{who}_{what}" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    if missing - set(found):
        raise UsageError(
            "git does not know who you are",
            hint="git config --global user.name 'Your Name'; "
            "git config --global user.email you@example.org",
        )
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch:
        date = f"@{epoch} +0000"
        found |= {"GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date}
    return found
