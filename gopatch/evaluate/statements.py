"""Statements: each becomes a function of the environment that gives None, or a signal.

A signal is ("return", value), ("break", label) or ("continue", label). The value of a bare
`return` is BARE.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from gopatch.evaluate.assign import KINDS as ASSIGNMENTS
from gopatch.evaluate.calls import prepared
from gopatch.evaluate.context import DEFERRED, Context, Env, Run
from gopatch.evaluate.expressions import equal, note
from gopatch.evaluate.go_values import Many
from gopatch.evaluate.loops import for_statement
from gopatch.evaluate.package import parts, text_of
from gopatch.go.tree import LABEL, Syntax

BARE = object()
Signal = tuple[str, Any]


def statements(context: Context, nodes: list[Syntax]) -> Run:
    """Several statements, one after the other, in the scope that is open."""
    runs = list(_runs(context, nodes))
    if len(runs) == 1:
        return runs[0]

    def run(env: Env) -> Signal | None:
        for each in runs:
            signal = each(env)
            if signal is not None:
                return signal  # type: ignore[no-any-return]
        return None

    return run


def _runs(context: Context, nodes: list[Syntax]) -> Iterator[Run]:
    """What each statement runs; a label stands before the one that it names."""
    label = ""
    for node in nodes:
        if node.kind == LABEL:
            label = text_of(parts(node)[0])
            continue
        run = context.machine.statement(context, node, label)
        yield _labelled(run, label) if label else run
        label = ""


def _labelled(inner: Run, label: str) -> Run:
    def run(env: Env) -> Any:
        signal = inner(env)
        return None if signal == ("break", label) else signal

    return run


def block(context: Context, node: Syntax, _: str = "") -> Run:
    with context.scope():
        return statements(context, parts(node))


def expression_statement(context: Context, node: Syntax, _: str = "") -> Run:
    value = context.expression(node)

    def run(env: Env) -> None:
        value(env)

    return run


def return_statement(context: Context, node: Syntax, _: str = "") -> Run:
    found = parts(node)
    if not found:
        return lambda _: ("return", BARE)
    given = parts(found[0]) if found[0].kind == "expression_list" else found
    if len(given) == 1:
        only = context.expression(given[0])
        return lambda env: ("return", only(env))
    runs = [context.one(each) for each in given]
    return lambda env: ("return", Many([run(env) for run in runs]))


def if_statement(context: Context, node: Syntax, _: str = "") -> Run:
    with context.scope():
        return _if(context, node)


def _if(context: Context, node: Syntax) -> Run:
    machine = context.machine
    first, condition = node.field("initializer"), node.field("condition")
    body, other = node.field("consequence"), node.field("alternative")
    if condition is None or body is None:
        return context.unknown(node)
    start = machine.statement(context, first) if first is not None else None
    holds = context.truth(condition)
    then = block(context, body)
    otherwise = machine.statement(context, other) if other is not None else None
    yes = context.file.path, condition.start, True
    no = context.file.path, condition.start, False

    def run(env: Env) -> Any:
        if start is not None:
            start(env)
        if holds(env):
            machine.seen.add(yes)
            return then(env)
        machine.seen.add(no)
        return None if otherwise is None else otherwise(env)

    return run


def switch_statement(context: Context, node: Syntax, label: str = "") -> Run:
    with context.scope():
        first, subject = node.field("initializer"), node.field("value")
        start = context.machine.statement(context, first) if first is not None else None
        value = context.one(subject) if subject is not None else lambda _: True
        cases = [_case(context, c) for c in parts(node) if c.kind == "expression_case"]
        default = [body_of(context, c) for c in parts(node) if c.kind == "default_case"]
    breaks = (("break", ""), ("break", label))

    def run(env: Env) -> Any:
        if start is not None:
            start(env)
        found = value(env)
        bodies = (body for holds, body in cases if holds(env, found))
        body = next(bodies, default[0] if default else None)
        signal = None if body is None else body(env)
        return None if signal in breaks else signal

    return run


def _case(context: Context, node: Syntax) -> tuple[Callable[[Env, Any], bool], Run]:
    values = [context.one(each) for each in parts(node.field("value"))]
    seen, compared = context.machine.seen, context.machine.library.compared
    branch = context.file.path, node.start, True
    asked = context.machine.library.asked.by(context.file.path, node)

    def holds(env: Env, found: Any) -> bool:
        for value in values:
            note(compared, found, value(env))
            if asked is not None:
                asked.pair(found, value(env), told=equal(found, value(env)))
        if any(equal(found, value(env)) for value in values):
            seen.add(branch)
            return True
        return False

    return holds, body_of(context, node)


def body_of(context: Context, node: Syntax) -> Run:
    children = node.children
    colon = next(i for i, child in enumerate(children) if child.kind == ":")
    with context.scope():
        return statements(context, [c for c in children[colon + 1 :] if c.named])


def jump(_: Context, node: Syntax, __: str = "") -> Run:
    target = parts(node)
    signal = node.kind.partition("_")[0], text_of(target[0]) if target else ""
    return lambda _: signal


def defer_statement(context: Context, node: Syntax, _: str = "") -> Run:
    made = parts(node)[0]
    if made.kind != "call_expression":
        return context.unknown(made)
    context.defers = True
    function, arguments = prepared(context, made)

    def run(env: Env) -> None:
        called, given = function(env), arguments(env)
        env[DEFERRED].append(lambda: called(*given))

    return run


def empty(_: Context, __: Syntax, ___: str = "") -> Run:
    return lambda _: None


KINDS: dict[str, Callable[[Context, Syntax, str], Run]] = {
    **ASSIGNMENTS,
    "block": block,
    "return_statement": return_statement,
    "if_statement": if_statement,
    "for_statement": for_statement,
    "expression_switch_statement": switch_statement,
    "break_statement": jump,
    "continue_statement": jump,
    "defer_statement": defer_statement,
    "empty_statement": empty,
    "call_expression": expression_statement,
    "parenthesized_expression": expression_statement,
}
