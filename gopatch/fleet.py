"""One patch, many refs of one repository: each distinct blob is read, parsed and matched once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from gopatch.edit import FileChange
from gopatch.errors import ApplyError, SourceError, UsageError
from gopatch.port import Memo, Outcome, Port, work_out
from gopatch.recipe import Patch

if TYPE_CHECKING:
    from gopatch.source import Source
    from gopatch.source.gitref import Repository

SCHEMA = 1
# Outcomes of a ref that are no failure: the patch is there, or has nothing to do there.
FINE = ("applied", "already", "absent", "outside", "not-docker")


class Ref(NamedTuple):
    """A ref to work on: its short name and the commit (40 hex) that it stands for."""

    name: str
    commit: str


@dataclass(frozen=True)
class RefResult:
    """What became of one ref.

    `status` is "applied", "already", "absent", "failed", "outside" (Docker, but before insecure
    registries) or "not-docker"; `changes` are the files of the port; `reason` says why where
    nothing could be done.
    """

    ref: Ref
    status: str
    outcomes: tuple[Outcome, ...] = ()
    changes: tuple[FileChange, ...] = ()
    reason: str = ""


Progress = Callable[[int, int, str], None]


def select(repository: Repository, patterns: Sequence[str]) -> list[Ref]:
    """The refs that `patterns` name, in the order of the patterns, versions in order.

    A pattern is a glob over short names of tags and branches, a ref, a commit, or a range
    `A..B` (the first-parent commits from A, without it, to B). Raises UsageError for a pattern
    that names nothing.
    """
    known = repository.refs()
    found: dict[str, Ref] = {}
    for pattern in patterns:
        refs = list(_matching(repository, known, pattern))
        if not refs:
            raise UsageError(
                f"no ref matches `{pattern}`", hint="quote globs, as in --ref 'v20.10.*'"
            )
        for ref in refs:
            found.setdefault(ref.name, ref)
    return list(found.values())


def _matching(repository: Repository, known: dict[str, str], pattern: str) -> Iterator[Ref]:
    from fnmatch import fnmatchcase

    if ".." in pattern:
        first, _, last = pattern.partition("..")
        for commit in repository.between(first or "HEAD", last.lstrip(".") or "HEAD"):
            yield Ref(commit, commit)
    elif any(sign in pattern for sign in "*?["):
        names = [name for name in known if fnmatchcase(name, pattern)]
        for name in sorted(names, key=version_key):
            yield Ref(name, known[name])
    else:
        yield Ref(pattern, known.get(pattern) or repository.resolve(pattern))


def version_key(name: str) -> tuple[object, ...]:
    """Sort key: numbers as numbers, a release after its pre-releases (-rc1, -beta.2)."""
    import re

    match = re.match(r"(\D*)([\d.]*)(.*)", name, re.DOTALL)
    assert match is not None
    numbers = tuple(int(n) for n in match[2].split(".") if n)
    rest = match[3]
    released = not re.search(r"-(rc|beta|alpha|tp)", rest)
    parts = tuple((0, int(p), "") if p.isdigit() else (1, 0, p) for p in re.split(r"(\d+)", rest))
    return (match[1], numbers, released, parts)


def run(
    patch: Patch,
    repository: Repository,
    refs: Iterable[Ref],
    *,
    memo: Memo | None = None,
    progress: Progress | None = None,
) -> Iterator[RefResult]:
    """Work `patch` out on every ref, one after the other; `memo` may be kept between runs.

    `progress` is told the number of the ref (from 1), how many there are, and its name.
    """
    from gopatch.source.gitref import GitRef

    todo = list(refs)
    known: Memo = {} if memo is None else memo
    for number, ref in enumerate(todo, 1):
        if progress is not None:
            progress(number, len(todo), ref.name)
        yield work_on(patch, GitRef(repository, ref.commit), ref, known)


def work_on(patch: Patch, source: Source, ref: Ref, memo: Memo) -> RefResult:
    """Work `patch` out on one ref; nothing that is wrong with the ref is an exception."""
    try:
        port = work_out(patch, source, memo)
    except SourceError as error:
        return RefResult(ref, "not-docker", reason=str(error))
    except ApplyError as error:
        return RefResult(ref, "failed", reason=str(error))
    if port.failed and not _has_lists(port, source):
        return RefResult(ref, "outside", reason="this Docker knows no insecure registries yet")
    reason = "; ".join(f"{o.edit}: {o.reason}" for o in port.failed)
    return RefResult(ref, port.status, port.outcomes, port.changes, reason)


def _has_lists(port: Port, source: Source) -> bool:
    """Whether `--insecure-registry` stands anywhere that the patch looks at."""
    from gopatch.source.roots import glob

    return any(
        b"insecure-registry" in source.read(path)
        for edit in port.patch.edits
        for pattern in edit.files
        for path in glob(source, port.roots.engine or "", pattern)
    )
