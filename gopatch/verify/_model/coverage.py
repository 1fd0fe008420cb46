"""Which statements that a port has written were run by no case."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

from gopatch.evaluate.package import built
from gopatch.go.tree import Syntax, parse
from gopatch.splice import FileChange

_STATEMENTS = frozenset(
    [
        "return_statement", "if_statement", "for_statement", "expression_switch_statement",
        "type_switch_statement", "select_statement", "break_statement", "continue_statement",
        "defer_statement", "go_statement", "short_var_declaration", "assignment_statement",
        "inc_statement", "dec_statement",
    ]
)  # fmt: skip
_BODIES = ("function_declaration", "method_declaration")


def unseen(changes: tuple[FileChange, ...], ran: set[tuple[str, int]]) -> Iterator[tuple[str, int]]:
    """Path and line (from 1) of each statement on a line that a port has written and that did not
    run. Tests and files that are not built for Linux are left out."""
    for change in changes:
        if change.after is None or not built(change.path, change.after):
            continue
        fresh = _fresh(change.before or b"", change.after)
        for node in _statements(parse(change.after).root):
            line = node.point[0]
            if line in fresh and (change.path, node.start) not in ran:
                yield change.path, line


def _fresh(before: bytes, after: bytes) -> set[int]:
    """The lines of `after`, from 1, that are not those of `before`."""
    old, new = before.split(b"\n"), after.split(b"\n")
    found: set[int] = set()
    for tag, _, _, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag in ("insert", "replace"):
            found.update(range(start + 1, end + 1))
    return found


def _statements(root: Syntax) -> Iterator[Syntax]:
    todo = [node for node in root.children if node.kind in _BODIES]
    while todo:
        node = todo.pop()
        if node.kind in _STATEMENTS:
            yield node
        todo += node.children
