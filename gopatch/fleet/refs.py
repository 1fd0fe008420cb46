"""Which refs of a repository are meant: by glob, by name, or as a range of commits."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, NamedTuple

from gopatch.errors import UsageError

if TYPE_CHECKING:
    from gopatch.source.gitref import Repository


class Ref(NamedTuple):
    """A ref to work on: its short name and the commit (40 hex) that it stands for."""

    name: str
    commit: str


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
    match = re.match(r"(\D*)([\d.]*)(.*)", name, re.DOTALL)
    assert match is not None
    numbers = tuple(int(n) for n in match[2].split(".") if n)
    rest = match[3]
    released = not re.search(r"-(rc|beta|alpha|tp)", rest)
    parts = tuple((0, int(p), "") if p.isdigit() else (1, 0, p) for p in re.split(r"(\d+)", rest))
    return (match[1], numbers, released, parts)
