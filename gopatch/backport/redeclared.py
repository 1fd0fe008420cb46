"""What a port declares, and the target declares already: Go takes no name twice in one package.

Two files that are never built together may share names: a file is built by the system and machine in its
name, and by its `//go:build` lines (go/build). Where both have such words and other ones, nobody can tell here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from gopatch.backport.imports_by_need import imports
from gopatch.backport.index import package_of
from gopatch.backport.lists import ListedRow, listing_of
from gopatch.backport.overlaid import OverlaidSource
from gopatch.go.built_for import MACHINES, SYSTEMS

_SUFFIX = re.compile(rf"((?:_(?:{'|'.join(sorted(SYSTEMS | MACHINES))}))*)(?:_test)?\.go$")
_BUILD = re.compile(rb"(?m)^//(?:go:build|[ ]?\+build)\b.*$")
_FREE = {b"_", b"init", b"main"}

_Name = tuple[bytes, bytes]
"""The type of a method's receiver (else empty), and a name."""


def redeclared(
    path: str, result: bytes, target: bytes | None, here: OverlaidSource
) -> Iterator[tuple[str, str]]:
    """Names that come twice with the port, each with where it is declared already."""
    old, new = Counter(names_of(target or b"")), Counter(names_of(result))
    for name in sorted(new.keys() - {n for n in new if n[1] in _FREE}):
        if new[name] > max(1, old[name]):
            yield _said(name), path
        elif not old[name]:
            yield from ((_said(name), other) for other in _elsewhere(path, result, name, here))


def imported_too(
    path: str, result: bytes, target: bytes | None, here: OverlaidSource
) -> Iterator[tuple[str, str]]:
    """Names that a file of the package imports something by, and a file declares, where the port brings either: each with where the other is."""
    old, new = _imported(target or b""), _imported(result)
    for name in sorted(new - old):
        if (b"", name) in names_of(result):
            yield name.decode(errors="replace"), path
        found = _elsewhere(path, result, (b"", name), here)
        yield from ((name.decode(errors="replace"), other) for other in found)
    come = {word for owner, word in {*names_of(result)} - {*names_of(target or b"")} if not owner}
    for other, data in here.go_texts(path.rpartition("/")[0]) if come - _FREE else ():
        is_near = other != path and package_of(data) == package_of(result)
        if is_near and _meet((path, result), (other, data)):
            both = sorted((come - _FREE) & _imported(data))
            yield from ((name.decode(errors="replace"), other) for name in both)


def _imported(data: bytes) -> set[bytes]:
    """The names by which a file imports packages."""
    found = imports(data) if data else ()
    return {each.name.encode() for each in found if each.alias not in ("_", ".")} - {b"C"}


@lru_cache(maxsize=16)
def names_of(data: bytes) -> tuple[_Name, ...]:
    """What a file declares at its top level, each as often as it does."""
    return tuple(name for row in listing_of(data).rows for name in _of(row)) if data else ()


def _of(row: ListedRow) -> Iterator[_Name]:
    key = row.key
    if key is None or key == ("import",):
        return
    if key[0] == "func":
        yield key[1], key[2]  # type: ignore[misc]
    elif isinstance(key[-1], tuple):
        yield from ((b"", name) for name in key[-1])


def _said(name: _Name) -> str:
    return b".".join(part for part in name if part).decode(errors="replace")


def _elsewhere(path: str, result: bytes, name: _Name, here: OverlaidSource) -> Iterator[str]:
    """The other files of the package that declare a name, and may be built together with this one."""
    owner, word = name
    for found in here.declared(path.rpartition("/")[0], word):
        is_same = found.owner == owner and (
            found.parameters >= 0 if owner else found.kind != "member"
        )
        if found.path == path or not is_same:
            continue
        data = here.files.get(found.path) or here.index.read(found.path) or b""
        if package_of(data) == package_of(result) and _meet((path, result), (found.path, data)):
            yield found.path
            return


def _meet(one: tuple[str, bytes], other: tuple[str, bytes]) -> bool:
    ours, theirs = built_by(*one), built_by(*other)
    return not ours or not theirs or ours == theirs


def built_by(path: str, data: bytes) -> tuple[str, ...]:
    """The words that say when a file is built; none for always."""
    found = _SUFFIX.search(path.rpartition("/")[2])
    words = [found[1]] if found and found[1] else []
    head = data.partition(b"\npackage ")[0]
    return (*words, *(line.decode(errors="replace") for line in _BUILD.findall(head)))
