"""Fields and methods that a type has from what it embeds of another package, which its user need not import."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from gopatch.backport.declared import Declared
from gopatch.backport.imports_by_need import imports
from gopatch.backport.overlaid import OverlaidSource

# An embedded type stands on a line of its own, with its tag or a comment.
_EMBEDDED = re.compile(rb"^[ \t]+\*?(\w+)\.(\w+)[ \t]*(?:`|//|\r?$)", re.M)
_DEEPEST = 3  # types that are embedded in one another


def promoted(side: OverlaidSource, folders: Iterable[str], name: bytes) -> list[Declared]:
    """What types that the packages of some folders embed from others declare under a name."""
    todo = list(folders)
    seen: set[tuple[str, bytes]] = set()
    for _ in range(_DEEPEST):
        found = [each for folder in todo for each in _embedded(side, folder) if each not in seen]
        seen.update(found)
        members = [
            declared
            for folder, owner in dict.fromkeys(found)
            for declared in side.declared(folder, name)
            if declared.kind == "member" and declared.owner in (b"", owner)
        ]
        if members:
            return members
        todo = list(dict.fromkeys(folder for folder, _ in found))
    return []


def _embedded(side: OverlaidSource, folder: str) -> Iterator[tuple[str, bytes]]:
    """The types that a folder's files embed from other packages: a folder and a name each."""
    for _, data in side.go_texts(folder):
        hits = set(_EMBEDDED.findall(data))
        paths = {each.name.encode(): each.path for each in imports(data)} if hits else {}
        for operand, owner in sorted(hits):
            held = side.folder_of(paths[operand]) if operand in paths else None
            if held is not None:
                yield held, owner
