"""What git's three-way merge makes of the files of a change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gopatch.backport.index import Index
from gopatch.backport.moved import candidates
from gopatch.backport.placed import PlacedFile
from gopatch.source.merge import Merged, merge

Result = tuple[str, bytes | None] | None


_Side = dict[str, tuple[bytes, int]]


def by_git(made: Index, onto: Index, files: Sequence[PlacedFile]) -> dict[str, Result]:
    """For each file what git made of it: its path and bytes; None where it conflicts."""
    before = _side((f.change.path, f.change.before, f.change.mode) for f in files)
    after = _side((f.new_path, f.change.after, f.change.mode) for f in files)
    target: _Side = {}
    for file in files:
        target |= _in_target(made, onto, file)
    for folder in {f.path.rpartition("/")[0] for f in files if f.change.before is None}:
        # Git takes a folder that is gone on one side for renamed.
        if onto.go_files(folder):
            for side in (before, after, target):
                side[f"{folder}/.keep".lstrip("/")] = (b"keep\n", 0o100644)
    found = merge(before, after, target)
    return {file.change.path: _result(file, found, target) for file in files}


def _side(files: Iterable[tuple[str, bytes | None, int]]) -> _Side:
    return {path: (data, mode) for path, data, mode in files if data is not None}


def _in_target(made: Index, onto: Index, file: PlacedFile) -> _Side:
    """A file of the target as git is shown it; where it is not there, those that may be it."""
    if file.target is not None:
        return {file.path: (file.target, file.change.mode)}
    if file.change.before is None or not file.is_go:
        return {}
    paths = candidates(file.change.path, made, onto)[:40]
    return {path: (onto.read(path) or b"", 0o100644) for path in paths}


def _result(file: PlacedFile, found: Merged, target: _Side) -> Result:
    path = _merged_path(file, found.files, target)
    if path in found.conflicts or file.change.path in found.conflicts:
        return None
    if file.change.after is None:
        return (path, None) if path not in found.files else None
    return (path, found.files[path][0]) if path in found.files else None


def _merged_path(
    file: PlacedFile, merged: dict[str, tuple[bytes, int]], target: dict[str, tuple[bytes, int]]
) -> str:
    if file.path in merged or file.change.after is None:
        return file.path
    name = file.path.rpartition("/")[2]
    moved = [p for p in merged if p.rpartition("/")[2] == name and merged[p] != target.get(p)]
    return moved[0] if len(moved) == 1 else file.path
