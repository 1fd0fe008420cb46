"""A file of the change, and where it lies in the target."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from gopatch.backport.foreign import Edit, Ported
from gopatch.backport.index import Index
from gopatch.backport.moved import elsewhere, find
from gopatch.backport.pairing import aligned
from gopatch.backport.paths import is_vendored
from gopatch.splice import FileChange

# A file that goes may read otherwise if it has so many of its lines .
_MOST = 0.8


class PlacedFile(NamedTuple):
    """A file of the change, and where it lies in the target (with what bytes, if any)."""

    change: FileChange
    path: str
    target: bytes | None

    @property
    def new_path(self) -> str:
        """Where the change has the file afterwards; one that comes lies where the target will have it."""
        return self.path if self.change.before is None else self.change.path

    @property
    def is_go(self) -> bool:
        return self.path.endswith(".go") and not is_vendored(self.path)


def located(change: FileChange, made: Index, target: Index) -> PlacedFile:
    """The file and its counterpart in the target."""
    data = target.read(change.path)
    before, after = change.before, change.after or b""
    if before is None and data is None and not is_vendored(change.path):
        folder, _, name = change.path.rpartition("/")
        path = f"{target.folder_for(folder, made)}/{name}".lstrip("/")
        return PlacedFile(change, path, target.read(path))
    if before is None or not change.path.endswith(".go") or is_vendored(change.path):
        return PlacedFile(change, change.path, data)
    if data is None:
        found = find(change.path, before, after, made, target)
    elif data == before:
        found = None
    else:
        found = elsewhere(change.path, before, after, target)
    if found is None:
        return PlacedFile(change, change.path, data)
    return PlacedFile(change, found, target.read(found))


def removed(file: PlacedFile) -> Ported | None:
    """A file that goes and reads otherwise in the target, where few of its lines are others."""
    before, target = file.change.before, file.target
    if file.change.after is not None or not before or not target:
        return None
    old, new = before.split(b"\n"), target.split(b"\n")
    if len(aligned(old, new)) < _MOST * max(len(old), len(new)):
        return None
    how = "the whole file goes, though it reads otherwise here"
    edit = Edit(file.path, "", "structure", how, 0, len(new))
    return Ported(
        file.change.path,
        "structure",
        FileChange(file.path, file.target, None, file.change.mode),
        (edit,),
    )


def vendored_copies(files: Iterable[FileChange], made: Index, target: Index) -> dict[str, str]:
    """Files that go with their originals: a source that vendors modules of its own, as v29 does its `api`,
    changes both, and a target that does not vendor them has the one. Paths, each with why it is left out.
    """
    files = list(files)
    steps = {file.path: (file.before, file.after) for file in files}
    found = {}
    for file in files:
        for module, folder in made.modules:
            root = f"vendor/{module}/"
            own = f"{folder}/{file.path.removeprefix(root)}".lstrip("/")
            is_copy = file.path.startswith(root) and steps.get(own) == steps[file.path]
            if is_copy and target.source.entry(root.rstrip("/")) is None:
                found[file.path] = f"a vendored copy of {own}, which the target does not keep"
    return found
