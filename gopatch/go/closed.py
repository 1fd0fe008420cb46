"""Lists that end on the line on which all their elements stand, as gofmt has them.

The rule is that of go/printer (nodes.go: exprList): where the elements of a call or of a composite literal
all stand on the line of the opening bracket, the closing one follows them there; so does that of a group
of declarations of which none is left. Comments alone in parentheses are no deeper than these.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from gopatch.go.tree import GROUPS, GoFile, Syntax
from gopatch.splice import Splice

_LISTS = frozenset({"argument_list", "literal_value"})
_ALL = _LISTS | {"parameter_list"}


def close_lists(file: GoFile, touched: Iterable[tuple[int, int]]) -> list[Splice]:
    """The edits that bring closing brackets back to the lines of their lists that overlap `touched`.

    A comma before a bracket on its line goes, too.
    """
    found: list[Splice] = []
    for node in file.around(_ALL | GROUPS, touched):
        last = node.children[-2]  # the opening bracket, where the list is empty
        if b"\n" in file.data[node.start : last.end] or _is_filled_group(node):
            continue
        start, end = last.end, node.children[-1].start
        between = file.data[start:end]
        stays = last.named and (node.kind not in _LISTS or last.kind == "variadic_argument")
        if last.token == b"(" and between.strip():
            found += _outdented(file.data, start, end)
        if between.strip(b", \t\r\n") or (stays and b"\n" in between):
            continue
        if b"\n" in between or b"," in between:
            found.append(Splice(start, end, b""))
    return found


def _outdented(data: bytes, start: int, end: int) -> Iterator[Splice]:
    """Comments that nothing stands beside in parentheses are no deeper than these."""
    row = data.rfind(b"\n", 0, end) + 1
    deeper = data[row:end] + b"\t"
    for line in re.finditer(rb"\n" + re.escape(deeper), data[start:row]):
        yield Splice(start + line.end() - 1, start + line.end(), b"")


def _is_filled_group(node: Syntax) -> bool:
    """Whether a declaration holds anything, in brackets or not."""
    return node.kind in GROUPS and [c.token for c in node.children[-2:]] != [b"(", b")"]
