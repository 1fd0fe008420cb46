"""CHANGE, as the command line names it: a commit, a diff, a mailbox, a patch of a series."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.header import decode_header, make_header
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import NamedTuple

from gopatch.backport.below import Below, place_of
from gopatch.backport.foreign import ForeignChange
from gopatch.errors import ApplyError, SourceError, UsageError
from gopatch.source import Entry, Source, open_source
from gopatch.source.diffs import FileDiff, Misfit, apply, read
from gopatch.source.gitref import GitRef, Repository
from gopatch.splice import FileChange

_RELEASE = re.compile(r"(?:docker-)?v(\d+)\.(\d+)\.(\d+)(-\w+(?:[.-]\d+)?)?$")
_HEADER = re.compile(r"^(From|Author|Subject|Description|Date|Origin): ?(.*)$", re.IGNORECASE)

_KINDS = {"120000": "link", "160000": "submodule"}


def read_change(name: str, docker_src: str, made_for: str | None, onto: str = "") -> ForeignChange:
    """The change that `name` stands for: a file, or a commit of the repository `docker_src`.

    `made_for` is the ref (or the folder) that the change was made for; without it a commit's parent
    is taken, the source as the earlier patches of its series leave it, the release whose blobs a
    diff's `index` lines name, or the one nearest to `onto` on which it applies exactly.
    Raises UsageError where there is no such change, ApplyError where its source cannot be found.
    """
    if Path(name).is_file():
        return _of_file(Path(name), docker_src, made_for, onto)
    if Path(name).exists():
        raise UsageError(f"{name} is no file with a diff", hint="name a patch in a folder")
    if made_for is not None:
        return of_commit(Repository(docker_src), name)._replace(
            made_for=_source(docker_src, made_for), basis=f"{made_for}, as --made-for says"
        )
    return of_commit(Repository(docker_src), name)


def _source(docker_src: str, ref: str) -> Source:
    return open_source(ref) if Path(ref).is_dir() else GitRef(Repository(docker_src), ref)


def of_commit(repository: Repository, name: str) -> ForeignChange:
    """A commit of the repository, against its first parent."""
    commit = repository.resolve(name)
    _, *parents = repository.links_of(commit)
    if not parents:
        raise UsageError(f"{name} has no parent: it is no change", hint="name a later commit")
    head, _, message = repository.commit_data(commit).partition(b"\n\n")
    found = re.search(rb"(?m)^author (.*) (\d+) [-+]\d+$", head)
    subject, _, body = message.decode("utf-8", "replace").partition("\n")
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
        found[1].decode("utf-8", "replace") if found else "",
        int(found[2]) if found else 0,
        commit,
        rest,
    )


def differences(before: Source, after: Source, folder: str = "") -> Iterator[FileChange]:
    """What turns one source into another, vendored files too; links and submodules are left out."""
    old = {entry.name: entry for entry in before.listdir(folder)}
    new = {entry.name: entry for entry in after.listdir(folder)}
    for name in sorted(old.keys() | new.keys()):
        one, other = old.get(name), new.get(name)
        if one == other and one is not None and one.id:
            continue
        path = f"{folder}/{name}" if folder else name
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


# Diffs ----------------------------------------------------------------------------------------------


class _Diff(NamedTuple):
    """A diff that was read: its files, the blobs that it names (path -> id), its words, and all of it."""

    name: str
    files: tuple[FileDiff, ...]
    blobs: dict[str, str]
    words: str
    text: str

    @property
    def paths(self) -> list[str]:
        """The files that it changes or removes."""
        return [f.old.split("/", 1)[-1] for f in self.files if f.old is not None]


def _of_file(path: Path, docker_src: str, made_for: str | None, onto: str) -> ForeignChange:
    diff = _read(path)
    if made_for is not None:
        source, basis = _source(docker_src, made_for), f"{made_for}, as --made-for says"
    else:
        source, basis = _found(diff, path, docker_src, onto)
    laid = Below(source, place) if (place := place_of(source, diff.paths)) else source
    changes = apply(laid, diff.files)
    if isinstance(changes, Misfit):
        raise ApplyError(
            f"does not apply exactly to {source.name}: {changes}",
            path=path.name,
            hint="say --made-for REF, the source that it was made for",
        )
    name = path.name.rsplit(".", 1)[0]
    made = ForeignChange(name, tuple(changes), laid, basis, rest=tuple(_rest(diff.text)))
    return _described(made, diff.words)


def _read(path: Path) -> _Diff:
    data = path.read_bytes()
    text = data.decode("utf-8", "surrogateescape")
    start = re.search(r"(?m)^(diff --git |--- |Index: )\S", text)
    files = read(data, path.name) if start else ()
    if start is None or not files:
        raise UsageError(f"{path} holds no diff", hint="CHANGE is a commit, or a file with a diff")
    blobs: dict[str, str] = {}
    for found in re.finditer(
        r"(?m)^diff --git a/(\S+) .*\n(?:.*\n){0,4}?index ([0-9a-f]+)\.\.", text
    ):
        blobs.setdefault(found[1], found[2])  # of several mails the first says what was there
    return _Diff(path.name, files, blobs, text[: start.start()], text)


def _rest(text: str) -> Iterator[tuple[str, str]]:
    """What git's extended headers say of modes and links."""
    heads = r"(?m)^diff --git a/(\S+) .*\n(?:(?:new|deleted) file mode (\d+)|old mode \d+\nnew mode (\d+))"
    for path, kind, mode in re.findall(heads, text):
        if mode:
            yield path, f"gets the mode {int(mode, 8) & 0o777:o}, which is not ported"
        elif kind not in ("100644", "100755"):
            yield path, f"is changed as a {_KINDS.get(kind, 'other')}, which is not ported"


def _found(diff: _Diff, path: Path, docker_src: str, onto: str) -> tuple[Source, str]:
    """The source that a diff was made for."""
    if (path.parent / "series").is_file() and path.parent.name == "patches":
        from gopatch.source.series import Series

        tree = open_source(path.parent.parent.parent)
        return Series(tree, path.stem, path.name).before, "its own tree, with the patches before it"
    repository = Repository(docker_src)
    refs = repository.refs_of("refs/tags")
    releases = sorted((r for r in refs if _RELEASE.match(r)), key=lambda r: _distance(r, onto))
    for ref in releases if diff.blobs else ():
        source = GitRef(repository, refs[ref])
        if all(_has_blob(source, p, blob) for p, blob in diff.blobs.items() if blob.strip("0")):
            return GitRef(repository, ref), f"{ref}, which has the blobs that it names"
    for ref in releases:
        if not isinstance(apply(GitRef(repository, refs[ref]), diff.files), Misfit):
            basis = f"{ref}, the nearest release on which it applies exactly"
            return GitRef(repository, ref), basis
    raise ApplyError(
        "applies to no release exactly: nobody can tell what it was made for",
        path=path.name,
        hint="say --made-for REF",
    )


def _has_blob(source: Source, path: str, blob: str) -> bool:
    entry = source.entry(path)
    return entry is not None and (entry.id or "").startswith(blob)


def _distance(ref: str, onto: str) -> tuple[int, tuple[int, ...], str]:
    """How far a release is from the target; later ones first where both are as far."""
    here, there = _RELEASE.match(ref), _RELEASE.match(onto)
    assert here is not None
    numbers = tuple(int(here[n]) for n in (1, 2, 3))
    if there is None:
        return 0, tuple(-n for n in numbers), ref
    far = abs(numbers[0] - int(there[1])) * 10_000 + abs(numbers[1] - int(there[2])) * 100
    return far + abs(numbers[2] - int(there[3])), tuple(-n for n in numbers), ref


def _described(change: ForeignChange, words: str) -> ForeignChange:
    """The change with what its mail's or DEP-3's header says."""
    fields: dict[str, str] = {}
    lines = words.split("\n")
    at = 0
    for at, line in enumerate(lines):  # noqa: B007
        found = _HEADER.match(line)
        if found:
            fields.setdefault(found[1].lower(), found[2].strip())
        elif line.startswith(" ") and fields and line.strip() not in ("", "."):
            last = next(reversed(fields))
            fields[last] += " " + line.strip()
        elif not line.strip() and fields:
            break
    subject = str(
        make_header(decode_header(fields.get("subject") or fields.get("description") or ""))
    )
    author = fields.get("author") or fields.get("from") or ""
    author = str(make_header(decode_header(author))) if "<" in author else ""
    body = "\n".join(lines[at:]).split("\n---\n")[0].strip().removesuffix("---").strip()
    origin = re.search(
        r"\b[0-9a-f]{40}\b", fields.get("origin", "") + words.split("\n", maxsplit=1)[0]
    )
    commit = origin[0] if origin and origin[0].strip("0") else ""
    return change._replace(
        subject=re.sub(r"^\[PATCH[^\]]*\]\s*", "", subject),
        body=body,
        author=author,
        epoch=_epoch(fields.get("date", "")),
        commit=commit,
    )


def _epoch(date: str) -> int:
    try:
        return max(0, int(parsedate_to_datetime(date).timestamp()))
    except (ValueError, TypeError):
        return 0


def source_name(source: Source) -> str:
    """What a message calls a source: a ref, or the last part of a path."""
    try:
        return Path(source.name).name or source.name
    except (SourceError, ValueError):
        return source.name
