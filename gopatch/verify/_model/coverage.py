"""Which statements that a port has written were run by no case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher

from gopatch.evaluate.package import built
from gopatch.go.tree import Syntax, parse
from gopatch.splice import FileChange
from gopatch.verify._model.idle import idle

_STATEMENTS = frozenset(
    [
        "return_statement", "if_statement", "for_statement", "expression_switch_statement",
        "type_switch_statement", "select_statement", "break_statement", "continue_statement",
        "defer_statement", "go_statement", "short_var_declaration", "assignment_statement",
        "inc_statement", "dec_statement",
    ]
)  # fmt: skip
_LISTS = ("block", "statement_list")
_BODIES = ("function_declaration", "method_declaration")


def unseen(
    changes: tuple[FileChange, ...], ran: set[tuple[str, int]], others: Iterable[bytes] = ()
) -> Iterator[tuple[str, int]]:
    """Path and line (from 1) of each statement on a line that a port has written and that did not
    run. Tests, files that are not built for Linux and functions that nobody can call are left out;
    `others` is the code around, which the port has not written."""
    built_ones = [c for c in changes if c.after is not None and built(c.path, c.after)]
    code = [
        (c.path, parse(after), written(c.before or b"", after))
        for c in built_ones
        if (after := c.after) is not None
    ]
    dead = {(body.path, body.node.start) for body in idle(code, others)}
    for path, file, fresh in code:
        for body in file.root.children:
            if body.kind not in _BODIES or (path, body.start) in dead:
                continue
            for node in _statements(body):
                line = node.point[0]
                if line in fresh and (path, node.start) not in ran:
                    yield path, line


def written(before: bytes, after: bytes) -> set[int]:
    """The lines of `after`, from 1, that are not those of `before`."""
    old, new = before.split(b"\n"), after.split(b"\n")
    found: set[int] = set()
    for tag, _, _, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag in ("insert", "replace"):
            found.update(range(start + 1, end + 1))
    return found


def _statements(body: Syntax) -> Iterator[Syntax]:
    todo = list(body.children)
    while todo:
        node = todo.pop()
        if node.kind in _STATEMENTS:
            yield node
        if node.kind in _LISTS:
            yield from (each for each in node.children if each.kind == "call_expression")
        todo += node.children
