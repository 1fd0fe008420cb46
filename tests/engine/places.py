"""A change and a file as values: where it fits, and what is made of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from gopatch.engine.match import Match, Search, find
from gopatch.engine.pattern import Pattern, compile_patch
from gopatch.go.tree import GoFile, parse


class Fit(NamedTuple):
    """A pattern, a file, and the places where its minus side fits."""

    pattern: Pattern
    file: GoFile
    matches: Sequence[Match]


def fit(diff: str, go: str, variables: str = "") -> Fit:
    """`diff` is the lines of a change, `go` what stands below the package clause."""
    (pattern,) = compile_patch(f"@@\n{variables}\n@@\n{diff}\n", "x.patch")
    file = parse(f"package a\n\n{go}\n".encode())
    assert not file.errors()
    return Fit(pattern, file, find(Search.minus(pattern), file))
