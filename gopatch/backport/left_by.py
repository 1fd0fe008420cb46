"""What a jump leaves: a `return` goes out of the function around it, a `break` out of the nearest of its kind.

"Return", "Break", "Continue" and "Defer statements" of the Go specification. Such a line compiles in another block, too,
and means another thing there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from gopatch.go.tree import SWITCHES, Syntax

_FUNCTIONS = {"function_declaration": "the function", "method_declaration": "the function", "func_literal": "a function in it"}  # fmt: skip
_BROKEN = dict.fromkeys(SWITCHES, "a `switch` or `select`") | {"for_statement": "a loop"}
_LEFT = {
    "return_statement": _FUNCTIONS,
    "defer_statement": _FUNCTIONS,
    "break_statement": _BROKEN | _FUNCTIONS,
}
_Jump = tuple[bytes, str]
"""A jump, and what it leaves."""


def left_otherwise(change: tuple[Syntax, Syntax], port: tuple[Syntax, Syntax]) -> Iterator[str]:
    """The jumps that come and leave other things in the port than in the change; both are without it and with it."""
    theirs, ours = (Counter(_jumps(new)) - Counter(_jumps(old)) for old, new in (change, port))
    for words, what in sorted(ours.keys() - theirs.keys()):
        others = sorted(other for said, other in theirs.keys() - ours.keys() if said == words)
        if others:
            jump = b" ".join(words.split())[:60].decode(errors="replace")
            yield f"`{jump}` leaves {what} here, and {others[0]} in the source it was made for"


def _jumps(node: Syntax, around: tuple[str, ...] = ()) -> Iterator[_Jump]:
    kinds = _LEFT.get(node.kind)
    if kinds is not None and not (node.kind == "break_statement" and len(node.children) > 1):
        nearest = next((kind for kind in reversed(around) if kind in kinds), None)
        yield node.text, kinds[nearest] if nearest is not None else ""
    if node.kind in _BROKEN or node.kind in _FUNCTIONS:
        around = (*around, node.kind)
    for child in node.children:
        yield from _jumps(child, around)
