"""Doc comments with directives in them: gofmt has the words first, a bare `//`, then the directives.

The rule is that of go/printer (comment.go: formatDocComment), which minds what stands right above the
package clause and the declarations of a file.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from gopatch.go.ranges import Ranges
from gopatch.go.tree import GoFile
from gopatch.splice import Splice

# go/ast, Directive comments.
_DIRECTIVE = re.compile(rb"//(?:line |extern |export |[a-z0-9]+:[a-z0-9])")
_BARE = b"//"


def is_directive(line: bytes) -> bool:
    """Whether a line of a comment is meant for a tool."""
    return _DIRECTIVE.match(line) is not None


def part_directives(file: GoFile, touched: Sequence[tuple[int, int]]) -> list[Splice]:
    """The edits that put the directives of the doc comments that overlap `touched` below their words."""
    ranges = Ranges(touched)
    found = []
    for node in file.root.children:
        start = _group_above(file.data, node.start)
        if start < node.start and ranges.touches(start, node.start):
            old = file.data[start : node.start]
            new = b"".join(_parted(old.splitlines(keepends=True)))
            found += [Splice(start, node.start, new)] if new != old else []
    return found


def _group_above(data: bytes, start: int) -> int:
    """Where the lines of `//` begin that stand right above an offset at the margin."""
    while data[start - 1 : start] == b"\n":
        row = data.rfind(b"\n", 0, start - 1) + 1
        if not data.startswith(b"//", row):
            break
        start = row
    return start


def _parted(lines: list[bytes]) -> list[bytes]:
    directives = [line for line in lines if is_directive(line)]
    words = [line for line in lines if not is_directive(line)]
    if not directives:
        return lines
    while words and words[-1].strip() == _BARE:
        words.pop()
    while words and words[0].strip() == _BARE:
        words.pop(0)
    bare = lines[0].replace(lines[0].rstrip(b"\r\n"), _BARE, 1)
    return [*words, bare, *directives] if words else directives
