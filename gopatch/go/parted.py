"""Declarations that gofmt parts by a blank line.

The rule is that of go/printer (nodes.go: declList): where the keyword changes from one declaration to
the next, or the next one has a comment of its own, one blank line at least stands between them.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from gopatch.go.ranges import Ranges
from gopatch.go.tree import GoFile, Syntax, elements_of
from gopatch.splice import Splice


def part(file: GoFile, touched: Iterable[tuple[int, int]]) -> list[Splice]:
    """The edits that put a blank line between declarations of which one overlaps `touched`."""
    ranges = Ranges(touched)
    found = []
    for one, other in pairwise(e for e in elements_of(file.root) if e.kind != "comment"):
        if not (_is_declaration(one) and _is_declaration(other)):
            continue
        if not (ranges.touches(one.start, one.end) or ranges.touches(other.start, other.end)):
            continue
        rest, *between = file.data[one.end : other.start].split(b"\n")
        if not between or not all(line.strip() for line in between[:-1]) or b"/*" in rest:
            continue
        if _keyword(one) != _keyword(other) or between[:-1]:
            at = one.end + len(rest) + 1
            found.append(Splice(at, at, b"\r\n" if rest.endswith(b"\r") else b"\n"))
    return found


def _is_declaration(element: Syntax) -> bool:
    # tree-sitter-go takes statements beside declarations, of which one may be a name alone.
    return element.kind == "package_clause" or element.kind.endswith("_declaration")


def _keyword(declaration: Syntax) -> bytes:
    return declaration.children[0].token or b""
