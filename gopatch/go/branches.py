"""Where `break`, `continue`, `goto`, `fallthrough`, labels and `default` may stand: Go's specification,
Terminating statements to Goto statements, as its compiler holds them before it looks at types.

Each rule takes a node and gives what Go refuses there, as an offset and a reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from gopatch.go.tree import CLAUSES, IDENTIFIER, LABEL, SWITCHES, Syntax, elements_of

_FUNCTIONS = {"function_declaration", "method_declaration", "func_literal"}
_LOOP = "for_statement"
_BRANCHES = {"break_statement", "continue_statement", "goto_statement"}

Found = tuple[int, str]


def stray(node: Syntax) -> Iterator[Found]:
    """`break` and `continue` stand in what they leave or go on with; a label names it."""
    word = node.kind.removesuffix("_statement")
    kinds = {_LOOP} if word == "continue" else {_LOOP} | SWITCHES
    around = [above for above in _above(node) if above.kind in kinds]
    label = _label(node)
    if label is not None:
        around = [above for above in around if label in _labels_of(above)]
    if not around:
        where = "a loop" if word == "continue" else "a loop, switch or select"
        name = f" of label `{label.decode()}`" if label is not None else ""
        yield node.start, f"`{word}` stands outside of {where}{name}"


def unknown(node: Syntax) -> Iterator[Found]:
    """`goto` names a label of its function."""
    label = _label(node)
    if label is not None and label not in _declared(_function(node)):
        yield node.start, f"the label `{label.decode()}` is not there"


def unused(node: Syntax) -> Iterator[Found]:
    """A label that is declared is used."""
    name = node.children[0].token or b""
    if name != b"_" and name not in _named(_function(node)):
        yield node.start, f"the label `{name.decode()}` is not used"


def falls(node: Syntax) -> Iterator[Found]:
    """`fallthrough` is the last statement of a clause that another one follows."""
    clause = node.parent
    switch = clause.parent if clause is not None else None
    if clause is None or switch is None or switch.kind != "expression_switch_statement":
        yield node.start, "`fallthrough` stands outside of a switch's clause"
    elif elements_of(clause)[-1].start != node.start:
        yield node.start, "`fallthrough` is not the last statement of its clause"
    elif elements_of(switch)[-1].start == clause.start:
        yield node.start, "`fallthrough` stands in the last clause"


def defaults(node: Syntax) -> Iterator[Found]:
    """A switch or select has one `default` at most."""
    clauses = elements_of(node)
    found = [c for c in clauses if c.kind == "default_case" or c.children[0].token == b"default"]
    for clause in found[1:]:
        yield clause.start, "two clauses are `default`"


@lru_cache(2)
def _declared(function: Syntax) -> frozenset[bytes]:
    """The labels of a function: one look for all that ask of it, one after the other."""
    return frozenset(one.children[0].token or b"" for one in _inside(function, {LABEL}))


@lru_cache(2)
def _named(function: Syntax) -> frozenset[bytes]:
    """The labels that branches of a function name."""
    return frozenset(label for one in _inside(function, _BRANCHES) if (label := _label(one)))


def _label(node: Syntax) -> bytes | None:
    return next((c.token for c in node.children if c.kind == IDENTIFIER), None)


def _above(node: Syntax) -> Iterator[Syntax]:
    """What holds a node, up to its function."""
    above = node.parent
    while above is not None and above.kind not in _FUNCTIONS:
        yield above
        above = above.parent


def _function(node: Syntax) -> Syntax:
    above = node
    while above.parent is not None and above.kind not in _FUNCTIONS:
        above = above.parent
    return above


def _inside(function: Syntax, kinds: set[str]) -> Iterator[Syntax]:
    """The nodes of one of `kinds` in a function, not in functions within it."""
    todo = list(function.children)
    while todo:
        node = todo.pop()
        if node.kind in kinds:
            yield node
        elif node.token is None and node.kind not in _FUNCTIONS:
            todo += node.children


def _labels_of(statement: Syntax) -> set[bytes]:
    """The labels right before a statement: they read as statements of their own."""
    holder = statement.parent
    found: set[bytes] = set()
    if holder is None or holder.kind not in CLAUSES | {"block"}:
        return found
    for element in elements_of(holder):
        if element.start == statement.start:
            break
        if element.kind == LABEL:
            found.add(element.children[0].token or b"")
        else:
            found.clear()
    return found
