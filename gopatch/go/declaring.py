"""Whether a Go file declares what a name says: the name alone, or with its type or its package."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from gopatch.go.once import once
from gopatch.go.tree import GoFile, declared, parse, receiver

_WORD = re.compile(rb"\w")


def declares(data: bytes, name: str) -> bool:
    """Whether a Go file declares a function, method, type, variable or constant `name`.

    `Type.Method` is the method of that type alone, `package.Name` any of these in a package of that name.
    """
    return may_declare(data, name) and name.encode() in _declared_in(data)


@lru_cache(maxsize=512)
def may_declare(data: bytes, name: str) -> bool:
    """Whether a file has a name's words, the last one where no `.` stands before it: that is a use.

    No tree is asked.
    """
    owner, _, word = name.encode().rpartition(b".")
    return owner in data and any(data[at - 1 : at] != b"." for at in places_of(data, word))


_NEAR = 200  # bytes before a word in which its line is looked for: comments have no longer ones


def places_of(data: bytes, word: bytes) -> Iterator[int]:
    """Where a whole word stands in a file, not in a line of comment; no tree is asked."""
    at = data.find(word)
    while at >= 0:
        end = at + len(word)
        around = data[max(at - 1, 0) : at] + data[end : end + 1]
        if not (_WORD.search(around) or _is_comment(data, at)):
            yield at
        at = data.find(word, end)


def _is_comment(data: bytes, at: int) -> bool:
    """Whether a line begins with `//` before an offset; in a text or comment that began above, it ends there not."""
    line = data.rfind(b"\n", max(at - _NEAR, 0), at)
    head = data[line + 1 : at].lstrip(b" \t") if line >= 0 else b""
    return head.startswith(b"//") and b"`" not in head and b"*/" not in head


@once(512)
def _declared_in(data: bytes) -> frozenset[bytes]:
    file = parse(data)
    package = package_in(file)
    found = set()
    for name, node in declared(file):
        found |= {name.text, package + b"." + name.text}
        if (owner := receiver(node)) is not None:
            found.add(owner + b"." + name.text)
    return frozenset(found)


def package_in(file: GoFile) -> bytes:
    """The name in the package clause, b"" where there is none."""
    clauses = (child for child in file.root.children if child.kind == "package_clause")
    return next((clause.children[1].text for clause in clauses), b"")
