"""What some types of the standard library are, what its interfaces ask for, and of which types are what its packages and types have."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

from gopatch.backport.go_files import go_file
from gopatch.backport.type_rows import listed_values
from gopatch.go.tree import Syntax, elements_of

StdName = tuple[str, bytes]
"""Of a type: the path that it is imported by, and its name behind its package's; without a path one that Go declares."""

_FOLDER = files("gopatch.backport")


def _std_name(key: str) -> StdName:
    path, dot, name = key.rpartition(".")
    return path, f"{path.rpartition('/')[2]}{dot}{name}".encode()


def _by_name(table: dict[str, str]) -> dict[StdName, bytes]:
    return {_std_name(key): text.encode() for key, text in table.items()}


_TABLES = tomllib.loads(_FOLDER.joinpath("std_types.toml").read_text())
ASKED, BELOW, _POINTERS = (_by_name(_TABLES[each]) for each in ("asked", "below", "pointers"))
DEEPER = frozenset(map(_std_name, _TABLES["deeper"]))
OF_GO = ASKED.keys() | BELOW.keys()


def below(name: StdName) -> Syntax | None:
    """What is written below the name of a type; None where that is not known."""
    text = BELOW.get(name)
    if text is None:
        return None
    return _written(b"struct{}" if text == b"struct" else text)


def type_of(path: str, name: bytes) -> Syntax | None:
    """The type of what a package has under a name; None where that is not known."""
    text = _members(path).get(name, b"")
    return _written(text) if text and not text.startswith(b"=") else None


def constant_of(path: str, name: bytes) -> Syntax | None:
    """What an untyped constant of a package is worth; None where there is none of the name, or that is not known."""
    text = _members(path).get(name, b"")
    return _worth(text) if text.startswith(b"=") else None


def is_of_pointer(named: StdName, method: bytes) -> bool:
    """Whether only a pointer to a type has a method."""
    return method in _POINTERS.get(named, b"").split()


def member_of(named: StdName, name: bytes) -> Syntax | None:
    """A field or method of a type as a field of its type; None where it has none, or that is not known."""
    text = _members(named[0]).get(b"%s.%s" % (_own_name(named), name))
    return _written(b"struct{ %s %s }" % (name, text)).children[-1].children[1] if text else None


def field_of(named: StdName, name: bytes) -> Syntax | None:
    """As `member_of`, of a type that is declared as one is: it has its fields, and not its methods."""
    return None if is_of_pointer(named, name) else member_of(named, name)


def has_members(named: StdName) -> bool:
    """Whether the fields and methods of a type are known: Go 1 keeps them, so one that is not among them was in no Go before."""
    return _own_name(named) in _owners(named[0])


def _own_name(named: StdName) -> bytes:
    return named[1].rpartition(b".")[2]


@cache
def _owners(path: str) -> frozenset[bytes]:
    return frozenset(name.partition(b".")[0] for name in _members(path) if b"." in name)


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


@cache
def _worth(text: bytes) -> Syntax:
    row = go_file(b"package p\n\nconst c %s\n" % text).root.children[-1]
    return listed_values(elements_of(row)[0].children[-1])[0]
