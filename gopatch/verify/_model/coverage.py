"""Which statements that a port has written were run by no case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from difflib import SequenceMatcher
from functools import lru_cache
from typing import NamedTuple

from gopatch.evaluate.package import built
from gopatch.go.tree import GoFile, Syntax, parse
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


class WhatRan(NamedTuple):
    """What was run: path and offset of each statement; path, begin and end of each question that
    asks for a constant, with its answer; and of such as may have got none."""

    statements: AbstractSet[tuple[str, int]]
    answers: AbstractSet[tuple[str, int, int, bool]] = frozenset()
    questions: AbstractSet[tuple[str, int, int]] = frozenset()


def unseen(
    changes: tuple[FileChange, ...], ran: WhatRan, others: Iterable[bytes] = ()
) -> Iterator[tuple[str, int]]:
    """Path and line (from 1) of each statement on a line that a port has written and that did not
    run, and of each question for a constant there that never came out both ways; and the first line of
    each file that is not built here, for another system, machine or tag. Tests and functions that nobody
    can call are left out; `others` is the code around, which the port has not written."""
    asked = ran.questions | {answer[:3] for answer in ran.answers}
    settled = {one for one in asked if not {(*one, True), (*one, False)} <= ran.answers}
    code: list[tuple[str, GoFile, frozenset[int]]] = []
    for change in changes:
        path, after = change.path, change.after
        if after is None or not path.endswith(".go") or path.endswith("_test.go"):
            continue
        if built(path, after):
            code.append((path, parse(after), written(change.before or b"", after)))
        else:
            yield path, 1
    dead = {(body.path, body.node.start) for body in idle(code, others)}
    for path, file, fresh in code:
        lines = (file.data.count(b"\n", 0, at) + 1 for where, at, _ in settled if where == path)
        yield from ((path, line) for line in sorted(lines) if line in fresh)
        for body in file.root.children:
            if body.kind not in _BODIES or (path, body.start) in dead:
                continue
            for node in _statements(body):
                line = node.point[0]
                if line in fresh and (path, node.start) not in ran.statements:
                    yield path, line


def written_lines(changes: Iterable[FileChange]) -> dict[str, frozenset[int]]:
    """The lines of Go that a port has written, by path."""
    go = ((c.path, c.before or b"", c.after) for c in changes if c.path.endswith(".go"))
    return {path: written(before, after) for path, before, after in go if after is not None}


@lru_cache(maxsize=64)  # each is asked for several times
def written(before: bytes, after: bytes) -> frozenset[int]:
    """The lines of `after`, from 1, that are not those of `before`."""
    old, new = before.split(b"\n"), after.split(b"\n")
    found: set[int] = set()
    for tag, _, _, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag in ("insert", "replace"):
            found.update(range(start + 1, end + 1))
    return frozenset(found)


def _statements(body: Syntax) -> Iterator[Syntax]:
    todo = list(body.children)
    while todo:
        node = todo.pop()
        if node.kind in _STATEMENTS:
            yield node
        if node.kind in _LISTS:
            yield from (each for each in node.children if each.kind == "call_expression")
        todo += node.children
