"""The Go of a backport, its files parsed once: one is asked for by every step and gate, in turn with others.

`go.tree` keeps so few that a change of two large files had each parsed hundreds of times.
"""

from __future__ import annotations

from functools import lru_cache

from gopatch.go.tree import GoFile, elements_of, parse

_FILES = 1536  # those of the packages that a large change asks for names; parsed again and again they take more room


@lru_cache(maxsize=_FILES)
def go_file(data: bytes) -> GoFile:
    """As `go.tree.parse`."""
    return parse(data)


def can_stand(text: str) -> bool:
    """Whether some words can stand in the place of a name of Go: no keyword, nothing half said."""
    return any(
        _is_variable(f"{sign} {text}") and _is_variable(f"{sign} ({text})") for sign in ("=", "")
    )


def _is_variable(said: str) -> bool:
    file = parse(f"package p\n\nvar _ {said}\n".encode())
    found = [node for node in file.root.children if node.kind == "var_declaration"]
    alone = len(found) == len(file.root.children) - 1 == len(elements_of(found[0])) == 1
    return alone and "\n" not in said and not file.errors() and not file.comments()
