"""Whether a Go file declares what a name says: the name alone, or with its type or its package."""

from __future__ import annotations

import re
from functools import lru_cache

from gopatch.go.tree import GoFile, declared, parse, receiver


def declares(data: bytes, name: str) -> bool:
    """Whether a Go file declares a function, method, type, variable or constant `name`.

    `Type.Method` is the method of that type alone, `package.Name` any of these in a package of that name.
    """
    return may_declare(data, name) and name.encode() in _declared_in(data)


@lru_cache(maxsize=4096)
def may_declare(data: bytes, name: str) -> bool:
    """Whether a file has a name's words, the last one where no `.` stands before it: that is a use.

    No tree is asked.
    """
    owner, _, word = name.encode().rpartition(b".")
    return word in data and owner in data and _free(word).search(data) is not None


@lru_cache(maxsize=1024)
def _free(word: bytes) -> re.Pattern[bytes]:
    return re.compile(rb"(?<![.\w])" + re.escape(word) + rb"(?!\w)")


@lru_cache(maxsize=2048)
def _declared_in(data: bytes) -> frozenset[bytes]:
    file = parse(data)
    package = _package(file)
    found = set()
    for name, node in declared(file):
        found |= {name.text, package + b"." + name.text}
        if (owner := receiver(node)) is not None:
            found.add(owner + b"." + name.text)
    return frozenset(found)


def _package(file: GoFile) -> bytes:
    clauses = (child for child in file.root.children if child.kind == "package_clause")
    return next((clause.children[1].text for clause in clauses), b"")
