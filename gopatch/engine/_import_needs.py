"""Whether a file needs an import: for a name that it uses, for a directive, or for cgo.

cmd/compile: `//go:embed` asks for an import of "embed" and `//go:linkname` for one of "unsafe", under any
name. cmd/cgo: the comment right above `import "C"` is C, and `//export` speaks only where it is imported.
"""

from __future__ import annotations

from gopatch.engine._head import import_path
from gopatch.engine._scopes import uses
from gopatch.engine.free_names import stands_free
from gopatch.go.tree import IDENTIFIER, GoFile, Syntax

CGO = "C"
DOT = b"."  # the name of an import whose names the file has as its own
_ASKED_BY = {"embed": b"//go:embed", "unsafe": b"//go:linkname"}
_EXPORT = b"//export"


def is_used(file: GoFile, name: bytes) -> bool:
    """Whether `name.X` stands where `name` is no parameter or variable; for `.`, an exported name of no known origin."""
    if name == DOT:
        words = {leaf.text for leaf in file.nodes(frozenset({IDENTIFIER}))}
        return any(
            word[:1].decode(errors="replace").isupper() and stands_free(file, word)
            for word in words
        )
    return next(uses(file, name, hidden=False), None) is not None


def is_asked_for(file: GoFile, path: str) -> bool:
    """Whether a directive of the file asks for an import of `path`, whatever it is called."""
    return path in _ASKED_BY and _has_directive(file, _ASKED_BY[path])


def is_for_cgo(spec: Syntax, declaration: Syntax, file: GoFile) -> bool:
    """Whether an import is that of cgo, with C above it or functions that are given to C."""
    if import_path(spec) != CGO:
        return False
    starts = {spec.start, declaration.start}
    return _has_directive(file, _EXPORT) or any(
        _is_right_above(file.data[end:start])
        for _, end in file.comments()
        for start in starts
        if end <= start
    )


def _is_right_above(between: bytes) -> bool:
    return not between.strip() and between.count(b"\n") < len(b"\n\n")


def _has_directive(file: GoFile, word: bytes) -> bool:
    return any(
        file.data[start:end].split(maxsplit=1)[:1] == [word] for start, end in file.comments()
    )
