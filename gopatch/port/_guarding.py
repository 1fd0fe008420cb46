"""A loop of a Go function -> the guards that it asks about what it goes over, each at the body's own level.

A guard that stands in a branch, or that is asked about something else, guards nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from gopatch.go.tree import Syntax
from gopatch.port._guards import Guards
from gopatch.port._spans import Span

_LEAVES = ("break_statement", "return_statement")
_ENDS_TURN = ("continue_statement", *_LEAVES)
_BINDS = frozenset({"short_var_declaration", "assignment_statement"})


class Guard(NamedTuple):
    """A guard's call at `at`; what it gives is kept in `kept`, b"" where the turn ends there instead."""

    at: int
    kept: bytes = b""

    @property
    def base(self) -> bytes:
        """The variable that it is kept in, or in a field of."""
        return self.kept.partition(b".")[0]

    def is_undone(self, place: bytes) -> bool:
        """Whether a place that is set is the one where it is kept, or holds that."""
        return place == self.kept or self.kept.startswith(place.lstrip(b"*") + b".")


class Loop(NamedTuple):
    """A loop: the spans of its header and its body, and the names that one element has in there.

    `copies` are the places of what such a name is bound to in there; `ends` tells whether the body ends
    with leaving the loop.
    """

    header: Span
    body: Span
    names: frozenset[bytes]
    copies: frozenset[int]
    guards: tuple[Guard, ...]
    ends: bool

    def knows(self, at: int) -> bool:
        """Whether an element that is taken by its index gets a name, or is one that was asked about."""
        return at in self.copies or any(guard.at < at for guard in self.guards)


def loop_of(node: Syntax, guards: Guards) -> Loop:
    """What is to be known of a `for_statement`."""
    body = node.children[-1]
    names, copies = _elements(node)
    return Loop(
        (node.start, body.start),
        (body.start, body.end),
        frozenset(names),
        frozenset(copies),
        tuple(_asked(body, names, guards)),
        _last(body) in _LEAVES,
    )


def _elements(loop: Syntax) -> tuple[set[bytes], set[int]]:
    """The names of an element: the loop's second variable, and what its body binds to that or to an index."""
    names: set[bytes] = set()
    copies: set[int] = set()
    header = loop.children[1]
    if header.kind == "range_clause":
        names |= {value.text for value in header.children[0].children[1:]}
    for statement in loop.children[-1].children:
        if statement.kind != "short_var_declaration":
            continue
        left, right = _sides(statement)
        if right.kind == "index_expression" or right.text in names:
            names.add(left.text)
            copies.add(right.start)
    return names - {b"_"}, copies


def _sides(binding: Syntax) -> tuple[Syntax, Syntax]:
    """What a binding binds, and to what; of a list the first one of it."""
    left, right = (binding.field(name) for name in ("left", "right"))
    sides = (side for side in (left, right) if side is not None)
    first, second = (s.children[0] if s.kind == "expression_list" else s for s in sides)
    return first, second


def _asked(body: Syntax, names: set[bytes], guards: Guards) -> Iterator[Guard]:
    for statement in body.children:
        if statement.kind == "if_statement" and _ends_turn(statement):
            condition = statement.field("condition")
            calls = [] if condition is None else condition.operands(b"||")
        elif statement.kind in _BINDS:
            calls = [_sides(statement)[1]]
        else:
            continue
        for call in calls:
            if call.kind == "call_expression" and guards.asks(call, names):
                yield Guard(call.start, _kept(statement))


def _kept(statement: Syntax) -> bytes:
    """Where a binding puts something; b"" where it is none."""
    return _sides(statement)[0].text if statement.kind in _BINDS else b""


def _ends_turn(statement: Syntax) -> bool:
    """Whether what is done under a condition goes on to the next turn, or out of the loop."""
    block = statement.field("consequence")
    return block is not None and _last(block) in _ENDS_TURN


def _last(block: Syntax) -> str:
    """The kind of a block's last statement; that of the bracket where there is none."""
    return block.children[-2].kind
