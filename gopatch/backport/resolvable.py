"""Whether Go finds, in the target, a package that a port imports."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gopatch.backport.circles import circle, is_apart
from gopatch.backport.index import MODULE_FILES, Index, package_of
from gopatch.backport.overlaid import OverlaidSource
from gopatch.backport.std import since, too_new

_INTERNAL = re.compile(r"(?:^|/)internal(?:/|$)")


def unresolved(path: str, file: str, data: bytes, here: OverlaidSource) -> str:
    """Why a Go file of the target cannot import a package; "" where it can."""
    if path == "C":
        return ""
    folder = here.folder_of(path)
    if folder is None and is_undotted(path) and (here.by_go or path in since()):
        return "" if here.by_go else too_new(path, here.index)
    if folder is None and not _from_elsewhere(path, file, data, here.index):
        return f"the package `{path}` is not in the target{_what_is_missing(path, here.index)}"
    return _hidden(path, file, here) or _circular(path, file, data, here)


def is_undotted(path: str) -> bool:
    """Whether a path is as those of Go's own packages are."""
    return "." not in path.partition("/")[0]


def _from_elsewhere(path: str, file: str, data: bytes, index: Index) -> bool:
    """Whether a package that the tree does not hold is fetched, or made, before the file is built."""
    if is_apart(data):
        return True
    if index.is_own(path):  # as `autogen` is, which the build makes
        return any(path in index.imports_in(folder) for folder in ["", *index.folders()])
    folder = file.rpartition("/")[0]
    if path in index.imports_in(folder) or any(
        index.mentions(path, each) for each in _modules_above(folder, index)
    ):
        return True
    return not index.has_vendor() and index.mentions(path)


def _modules_above(folder: str, index: Index) -> Iterator[str]:
    """The folders around a file, below the source's own, that list dependencies of their own."""
    while folder:
        if any(index.source.entry(f"{folder}/{name}") for name in MODULE_FILES):
            yield folder
        folder = folder.rpartition("/")[0]


def _what_is_missing(path: str, index: Index) -> str:
    """What of it is there: the module that is vendored without it, or the folder that would be its own."""
    below = index.below(path)
    if below is not None:
        return f": there is no Go in {below}/"
    parts = path.split("/")
    for size in range(len(parts) - 1, 1, -1):
        module = "/".join(parts[:size])
        if index.has_vendor(module):
            return f": it vendors other packages of `{module}`, and not this one"
    return ", and Go's standard library has none of that name" if is_undotted(path) else ""


def _hidden(path: str, file: str, here: OverlaidSource) -> str:
    """Internal packages are for what is below the folder that holds them ("Internal Directories")."""
    last = max((m.start() for m in _INTERNAL.finditer(path)), default=-1)
    parent = path[:last] if last > 0 else ""
    own = here.index.import_path(file.rpartition("/")[0])
    if not parent or not here.index.modules or f"{own}/".startswith(f"{parent}/"):
        return ""
    return f"the package `{path}` is internal to `{parent}`, and cannot be imported here"


def _circular(path: str, file: str, data: bytes, here: OverlaidSource) -> str:
    """Packages cannot import one another in a circle ("Import declarations"); a test of no other name neither."""
    if package_of(data).endswith(b"_test") or is_apart(data):
        return ""
    steps = circle(path, file, data, here)
    if len(steps) == 1:
        return f"the package `{path}` is the file's own, and cannot be imported here"
    others = ", which imports ".join(f"`{step}`" for step in steps)
    return f"to import {others}, would be a circle in the target" if steps else ""
