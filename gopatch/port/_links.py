"""Links among what a patch names: they are not followed, and what they lead to is missing."""

from __future__ import annotations

from collections.abc import Iterator

from gopatch.recipe.values import NewFiles, Patch
from gopatch.source import Source
from gopatch.source.roots import ENGINES, join

_WILD = frozenset("*?[")


def links_hint(patch: Patch, source: Source, root: str | None) -> str:
    """What to say of them where a port is not made; "" where there are none."""
    places = ENGINES if root is None else (root,)
    names = sorted({name for place in places for name in _links(patch, source, place)})
    if not names:
        return ""
    what = ", ".join(f"`{name}`" for name in names[:3])
    are = "is a link, and links are" if len(names) == 1 else "are links, and links are"
    return f"{what} {are} not followed: put what it leads to in its place"


def _links(patch: Patch, source: Source, root: str) -> Iterator[str]:
    edits = (edit for edit in patch.edits if not isinstance(edit, NewFiles))
    folders = {_literal(pattern) for edit in edits for pattern in edit.files}
    for folder in sorted(folders):
        parts = folder.split("/")
        above = [join(root, "/".join(parts[:n])) for n in range(1, len(parts) + 1)]
        yield from (path for path in above if _is_link(source, path))
        for entry in source.listdir(join(root, folder)):
            if entry.kind == "link" and entry.name.endswith(".go"):
                yield join(join(root, folder), entry.name)


def _literal(pattern: str) -> str:
    """The folder of a glob, as far as it is one name."""
    parts = pattern.split("/")[:-1]
    wild = next((n for n, part in enumerate(parts) if _WILD & set(part)), len(parts))
    return "/".join(parts[:wild])


def _is_link(source: Source, path: str) -> bool:
    entry = source.entry(path)
    return entry is not None and entry.kind == "link"
