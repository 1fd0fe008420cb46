"""Packages that would import one another in a circle."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from functools import lru_cache

from gopatch.backport.index import imports_in_head
from gopatch.backport.overlaid import OverlaidSource
from gopatch.backport.redeclared import built_by

# A file that no build takes: it gets its packages wherever it likes.
_APART = re.compile(rb"^//(?:go:build|[ \t]*\+build)[ \t]+(?:ignore|tools)[ \t]*$", re.M)

_Step = tuple[str, tuple[str, ...]]
"""A folder, and the words that say when what leads there is built."""


@lru_cache(maxsize=4096)
def is_apart(data: bytes) -> bool:
    """Whether a file says that no build takes it."""
    return _APART.search(data.partition(b"\npackage ")[0]) is not None


def circle(path: str, file: str, data: bytes, here: OverlaidSource) -> list[str]:
    """The import paths from one that a file of the source has back to the file's own package; empty where there is none.

    Of files that are built for some systems only those count that have the same words for it: whether
    others are ever built together nobody can tell here.
    """
    home = file.rpartition("/")[0]
    start = path, _words(file, data)
    came: dict[_Step, _Step | None] = {start: None}
    todo = deque([start])
    while todo:
        step = todo.popleft()
        folder = here.index.own_folder(step[0])
        if folder == home:
            return _back(step, came)
        for each in _steps(step, folder, here) if folder is not None else ():
            if each not in came:
                came[each] = step
                todo.append(each)
    return []


def _back(step: _Step | None, came: dict[_Step, _Step | None]) -> list[str]:
    found: list[str] = []
    while step is not None:
        found.insert(0, step[0])
        step = came[step]
    return found


def _steps(step: _Step, folder: str, here: OverlaidSource) -> Iterator[_Step]:
    """What a package's own files import, but for its tests."""
    for path, data in here.go_texts(folder):
        if path.endswith("_test.go") or is_apart(data):
            continue
        words = _words(path, data)
        if not words or not step[1] or words == step[1]:
            yield from ((each, words or step[1]) for each in imports_in_head(data))


@lru_cache(maxsize=4096)
def _words(path: str, data: bytes) -> tuple[str, ...]:
    return built_by(path, data)
