"""CHANGE, as the command line names it: a commit, a diff, a mailbox, a patch of a series."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from gopatch.backport.foreign import ForeignChange, epoch_of
from gopatch.backport.targets import opened
from gopatch.errors import SourceError, UsageError
from gopatch.source import Entry, Source, open_source
from gopatch.source.gitref import GitRef, Repository
from gopatch.splice import FileChange, leads_out


def read_change(
    name: str, docker_src: Repository | str, made_for: str | None, onto: str = ""
) -> ForeignChange:
    """The change that `name` stands for: a file, or a commit of the repository `docker_src` (or its path).

    `made_for` is the ref (or the folder) that the change was made for; without it a commit's parent
    is taken, the source as the earlier patches of its series leave it, the release whose blobs a
    diff's `index` lines name, or the one nearest to `onto` on which it applies exactly.
    Raises UsageError where there is no such change, ApplyError where its source cannot be found.
    """
    if Path(name).is_file():
        from gopatch.backport.mailed import of_file  # what reads mails is not loaded for a commit

        given = None if made_for is None else _source(docker_src, made_for)
        return of_file(Path(name), docker_src, given, onto)
    try:
        change = of_commit(opened(docker_src), name)
    except UsageError:
        if not Path(name).exists():
            raise
        raise UsageError(
            f"{name} is no file with a diff", hint="name a patch in a folder"
        ) from None
    return change if made_for is None else _said(change, _source(docker_src, made_for))


def _said(change: ForeignChange, source: Source) -> ForeignChange:
    """A commit for a source that the user names: its files must be there as the commit found them."""
    for file in change.files:
        entry = source.entry(file.path)
        found = source.read(file.path) if entry is not None and entry.kind == "file" else None
        if found != file.before:
            raise UsageError(
                f"--made-for {source.name}: {file.path} reads otherwise there than before {change.name}",
                hint="a commit was made for its parent: leave --made-for out",
            )
    return change._replace(made_for=source, basis=f"{source.name}, as --made-for says")


def _source(docker_src: Repository | str, ref: str) -> Source:
    return open_source(ref) if Path(ref).is_dir() else GitRef(opened(docker_src), ref)


def of_commit(repository: Repository, name: str) -> ForeignChange:
    """A commit of the repository, against its first parent."""
    commit = repository.resolve(name)
    _, *parents = repository.links_of(commit)
    if not parents:
        raise UsageError(f"{name} has no parent: it is no change", hint="name a later commit")
    head, _, message = repository.commit_data(commit).partition(b"\n\n")
    found = re.search(rb"(?m)^author (.*) (\d{1,12}) [-+]\d+$", head)
    author = _decoded(found[1], head) if found else ""
    subject, _, body = _decoded(message, head).partition("\n")
    before, after = GitRef(repository, parents[0]), GitRef(repository, commit)
    files, rest = tuple(differences(before, after)), tuple(beyond(before, after))
    if not files and not rest:
        raise UsageError(f"{name} changes no file", hint="name a commit that does")
    which = "the merge's first parent" if len(parents) > 1 else "the commit's parent"
    return ForeignChange(
        commit[:12],
        files,
        before,
        f"{parents[0][:12]}, {which}",
        subject,
        body.strip(),
        author,
        epoch_of(int(found[2])) if found else 0,
        commit,
        rest,
    )


def _decoded(data: bytes, head: bytes) -> str:
    """What a commit says, in the encoding that its head names."""
    named = re.search(rb"(?m)^encoding (\S+)$", head)
    try:
        return data.decode(named[1].decode("ascii", "replace") if named else "utf-8", "replace")
    except LookupError:
        return data.decode("utf-8", "replace")


def differences(before: Source, after: Source, folder: str = "") -> Iterator[FileChange]:
    """What turns one source into another, vendored files too; links and submodules are left out."""
    old = {entry.name: entry for entry in before.listdir(folder)}
    new = {entry.name: entry for entry in after.listdir(folder)}
    for name in sorted(old.keys() | new.keys()):
        one, other = old.get(name), new.get(name)
        if one == other and one is not None and one.id:
            continue
        path = f"{folder}/{name}" if folder else name
        if leads_out(path):
            raise SourceError("is no name inside a source", path=path)
        if "dir" in (one and one.kind, other and other.kind):
            yield from differences(before, after, path)
        left, right = _bytes(before, path, one), _bytes(after, path, other)
        if left != right:
            yield FileChange(path, left, right, (other or one or Entry("", "", 0o100644)).mode)


def beyond(before: Source, after: Source, folder: str = "") -> Iterator[tuple[str, str]]:
    """What a step does beside changing bytes, which no port carries: a path, and what becomes of it."""
    old = {entry.name: entry for entry in before.listdir(folder)}
    new = {entry.name: entry for entry in after.listdir(folder)}
    for name in sorted(old.keys() | new.keys()):
        one, other = old.get(name), new.get(name)
        if one == other:
            continue
        path = f"{folder}/{name}" if folder else name
        kinds = {entry.kind for entry in (one, other) if entry is not None}
        if "dir" in kinds:
            yield from beyond(before, after, path)
        if kinds - {"dir", "file"}:
            yield (
                path,
                f"is changed as a {'/'.join(sorted(kinds - {'dir', 'file'}))}, which is not ported",
            )
        elif one and other and kinds == {"file"} and one.mode != other.mode:
            yield path, f"gets the mode {other.mode & 0o777:o}, which is not ported"


def _bytes(source: Source, path: str, entry: Entry | None) -> bytes | None:
    return source.read(path) if entry is not None and entry.kind == "file" else None


def source_name(source: Source) -> str:
    """What a message calls a source: a ref, or the last part of a path."""
    try:
        return Path(source.name).name or source.name
    except (SourceError, ValueError):
        return source.name
