"""What some types of the standard library are, and what its interfaces ask for."""

from __future__ import annotations

import tomllib
from importlib.resources import files

from gopatch.backport.go_files import go_file
from gopatch.go.tree import Syntax, elements_of

StdName = tuple[str, bytes]
"""Of a type: the path that it is imported by, and its name behind its package's; without a path one that Go declares."""

# By what the types below are written with.
IMPORTS = {b"http": "net/http", b"os": "os"}


def _by_name(table: dict[str, str]) -> dict[StdName, bytes]:
    found: dict[StdName, bytes] = {}
    for key, text in table.items():
        path, dot, name = key.rpartition(".")
        called = f"{path.rpartition('/')[2]}{dot}{name}"
        found[path, called.encode()] = text.encode()
    return found


_TABLES = tomllib.loads(files("gopatch.backport").joinpath("std_types.toml").read_text())
ASKED, BELOW = (_by_name(_TABLES[each]) for each in ("asked", "below"))
OF_GO = ASKED.keys() | BELOW.keys()


def below(name: StdName) -> Syntax | None:
    """What is written below the name of a type; None where that is not known."""
    text = BELOW.get(name)
    if text is None:
        return None
    text = b"struct{}" if text == b"struct" else text
    return elements_of(go_file(b"package p\n\ntype t %s\n" % text).root.children[-1])[0].children[
        -1
    ]
