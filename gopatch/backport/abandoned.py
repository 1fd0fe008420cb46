"""What a port takes away or gives other parameters, and the target still names: in files that the change
does not touch, too.

Methods and fields are left out: what stands before their dot is not known.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from typing import NamedTuple

from gopatch.backport.declared import declared_in
from gopatch.backport.go_files import go_file
from gopatch.backport.imports_by_need import imports
from gopatch.backport.index import package_of
from gopatch.backport.overlaid import OverlaidSource
from gopatch.backport.redeclared import names_of
from gopatch.backport.scopes import uses
from gopatch.go.tree import position


class Abandoned(NamedTuple):
    """A name that is gone, and where it is still named: a path, and a line from 1.

    `calls` are the arguments where it is called, -1 where it is not; else as `Use` has it.
    """

    name: str
    path: str
    line: int
    calls: int = -1


def abandoned(
    path: str, sides: tuple[bytes, bytes | None], here: OverlaidSource, left: Set[str]
) -> Iterator[Abandoned]:
    """The names that a file declared before and nothing of its package does now, where one is still used.

    `sides` are the file's bytes in the target and with the port; `left` are files that the user leaves
    out of the change: what they name is theirs to say.
    """
    target, result = sides
    folder = path.rpartition("/")[0]
    kept = set(names_of(result or b""))
    gone = {
        word
        for owner, word in names_of(target)
        if not owner and (owner, word) not in kept and word not in (b"_", b"init")
    }
    words = {w for w in gone if all(d.kind == "member" for d in here.declared(folder, w))}
    if words:
        found = _named(folder, package_of(target), words, here)
        yield from {each.name: each for each in found if each.path not in left}.values()


def miscalled(
    path: str, sides: tuple[bytes, bytes], here: OverlaidSource, left: Set[str]
) -> Iterator[Abandoned]:
    """The calls of functions that take other arguments now than the file's functions took before."""
    target, result = sides
    folder = path.rpartition("/")[0]
    both = {word for owner, word in set(names_of(target)) & set(names_of(result)) if not owner}
    words = {w for w in both if _shapes(target, w) != _shapes(result, w)}
    for each in _named(folder, package_of(target), words, here) if words else ():
        takes = [d for d in here.declared(folder, each.name.encode()) if d.kind != "member"]
        if each.path not in left and each.calls >= 0 and not any(d.fits(each.calls) for d in takes):
            yield each


def _shapes(data: bytes, word: bytes) -> set[tuple[int, bool]]:
    found = (d for d in declared_in(data, word, "") if d.kind == "func")
    return {(d.parameters, d.variadic) for d in found}


def _named(
    folder: str, package: bytes, words: Set[bytes], here: OverlaidSource
) -> Iterator[Abandoned]:
    for path, data in here.go_texts(folder):
        if package_of(data) == package:
            yield from _by_name(path, data, words)
    exported = {word for word in words if word[:1].isupper()}
    imported = here.index.import_path(folder)
    folders = here.index.folders() if exported else ()
    for path, data in (each for folder in folders for each in here.go_texts(folder)):
        if imported.encode() in data:
            names = {each.name.encode() for each in imports(data) if each.path == imported}
            yield from _by_name(path, data, exported, names) if names else ()


def _by_name(
    path: str, data: bytes, words: Set[bytes], operands: Set[bytes] = frozenset()
) -> Iterator[Abandoned]:
    """Where a file has names as its package's own, or behind one of `operands`."""
    if not any(word in data for word in words):
        return
    for node in go_file(data).root.children:
        if not any(word in node.text for word in words):
            continue
        for use in uses(node):
            is_own = use.role == "name" and not operands
            if use.name in words and (is_own or (use.role == "field" and use.operand in operands)):
                line = position(data, use.start)[0]
                yield Abandoned(use.name.decode(errors="replace"), path, line, use.calls)
