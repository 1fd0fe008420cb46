"""The targets that --onto names: refs, folders, and refs by glob."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple

from gopatch.errors import UsageError
from gopatch.source import Source, open_source
from gopatch.source.gitref import GitRef, Repository


class Target(NamedTuple):
    """A target by its name: a ref, or the folder as it was given."""

    name: str
    source: Source


def targets_of(given: Iterable[str], docker_src: str) -> list[Target]:
    """All targets, each once; refs of a glob by version. Raises UsageError where one names nothing."""
    found: dict[str, Target] = {}
    repository: Repository | None = None
    for word in given:
        if Path(word).exists():
            found.setdefault(word, Target(word, open_source(word)))
            continue
        repository = repository or Repository(docker_src)
        names = [word]
        if re.search(r"[*?\[]", word):
            names = sorted((r for r in repository.refs() if fnmatchcase(r, word)), key=_version)
            if not names:
                raise UsageError(
                    f"no ref is like `{word}`", hint="`git tag` and `git branch -a` show the refs"
                )
        for name in names:
            found.setdefault(name, Target(name, GitRef(repository, name)))
    return list(found.values())


def _version(ref: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", ref)]


def repository_of(targets: Iterable[Target]) -> Repository | None:
    """The repository of the first target that is a ref."""
    sources = (target.source for target in targets)
    return next((each.repository for each in sources if isinstance(each, GitRef)), None)


def opened(docker_src: Repository | str) -> Repository:
    """The repository, which may be open already: its refs are read once."""
    return docker_src if isinstance(docker_src, Repository) else Repository(docker_src)
