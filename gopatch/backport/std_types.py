"""What some types of the standard library are, what its interfaces ask for, and of which types are what its packages and types have."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

from gopatch.backport.go_files import go_file
from gopatch.go.tree import Syntax, elements_of

StdName = tuple[str, bytes]
"""Of a type: the path that it is imported by, and its name behind its package's; without a path one that Go declares."""

_FOLDER = files("gopatch.backport")


def _by_name(table: dict[str, str]) -> dict[StdName, bytes]:
    found: dict[StdName, bytes] = {}
    for key, text in table.items():
        path, dot, name = key.rpartition(".")
        called = f"{path.rpartition('/')[2]}{dot}{name}"
        found[path, called.encode()] = text.encode()
    return found


_TABLES = tomllib.loads(_FOLDER.joinpath("std_types.toml").read_text())
ASKED, BELOW = (_by_name(_TABLES[each]) for each in ("asked", "below"))
OF_GO = ASKED.keys() | BELOW.keys()


def below(name: StdName) -> Syntax | None:
    """What is written below the name of a type; None where that is not known."""
    text = BELOW.get(name)
    if text is None:
        return None
    return _written(b"struct{}" if text == b"struct" else text)


def type_of(path: str, name: bytes) -> Syntax | None:
    """The type of what a package has under a name, of a field or method of a type's under `Type.Name`; None where that is not known."""
    text = _members(path).get(name)
    return _written(text) if text is not None else None


def imports_for(path: str) -> dict[bytes, str]:
    """By which names what is written of a package names others, and itself."""
    return {**_imports(), path.rpartition("/")[2].encode(): path}


@cache
def _text() -> bytes:
    return _FOLDER.joinpath("std_members.txt").read_bytes()


@cache
def _members(path: str) -> dict[bytes, bytes]:
    rows = _text().partition(b"\n[%s]\n" % path.encode())[2].partition(b"\n\n")[0]
    return {name: text for name, _, text in (row.partition(b" ") for row in rows.splitlines())}


@cache
def _imports() -> dict[bytes, str]:
    paths = re.findall(rb"(?m)^\[(.+)\]$", _text())
    return {path.rpartition(b"/")[2]: path.decode() for path in paths}


@cache
def _written(text: bytes) -> Syntax:
    row = go_file(b"package p\n\ntype t %s\n" % text).root.children[-1]
    return elements_of(row)[0].children[-1]
