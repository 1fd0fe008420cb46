"""A Go file that comes, and the package that it comes to -> the file as that package would write it.

What it names and does not import is imported as the package, else the source, knows it; and it says `any`
for `interface{}` where the package does.
"""

from __future__ import annotations

from functools import lru_cache

from gopatch.engine.apply import apply
from gopatch.engine.compiled import compiled
from gopatch.go.declaring import declares, places_of
from gopatch.go.once import once
from gopatch.go.tree import parse
from gopatch.port._imports import UnknownImportError, wanted_by
from gopatch.port._own_files import beside
from gopatch.port._task import Task
from gopatch.port._work import FailedError, Work
from gopatch.recipe.values import NewFile

_TYPES = frozenset({"type_identifier"})
_ANY = "@@\n@@\n-interface{}\n+any\n"


def arriving(task: Task, work: Work, near: str, new: NewFile) -> NewFile:
    """The file as it comes beside `near`; FailedError where nothing tells which import a name is."""
    if not new.name.endswith(".go"):
        return new
    content = new.content
    path = f"{near.rpartition('/')[0]}/{new.name}".removeprefix("/")
    try:
        imports = [f"+{item.text}\n" for item in wanted_by(task, work, content, near)]
    except UnknownImportError as error:
        raise FailedError(f"{path}: nothing says which import `{error}` is") from None
    if imports:
        content = _changed("".join(("@@\n@@\n", *imports)), content, path)
    if _says_any(task, path):
        content = _changed(_ANY, content, path)
    return new._replace(content=content)


@lru_cache(maxsize=256)
def _changed(patch: str, content: bytes, path: str) -> bytes:
    (pattern,) = compiled(patch, path)
    return apply(pattern, content, path).after


def _says_any(task: Task, path: str) -> bool:
    """Whether a Go file of the package that `path` is in, which was there before, writes `any`."""
    for other in beside(task, path):
        data = task.original(other)
        if other == path or next(places_of(data, b"any"), None) is None:
            continue
        if declares(data, "any"):
            return False
        if _has_type_any(data):
            return True
    return False


@once(256)
def _has_type_any(data: bytes) -> bool:
    """Kept, for all files that come to a package ask its other ones."""
    return any(leaf.text == b"any" for leaf in parse(data).nodes(_TYPES, (b"any",)))
