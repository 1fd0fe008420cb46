"""`for` in all its forms."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from gopatch.evaluate.assign import Setter, declaration, setter
from gopatch.evaluate.context import Context, Env, Run
from gopatch.evaluate.go_values import Sequence
from gopatch.evaluate.package import parts, text_of
from gopatch.go.tree import Syntax

_STEPS = 200_000  # of one call from outside: loops that go on for longer have no end
Rounds = Callable[[Env], Iterator[None]]


def for_statement(context: Context, node: Syntax, label: str = "") -> Run:
    *heads, body = parts(node)
    head = heads[0] if heads else None
    with context.scope(loop=True):
        if head is not None and head.kind == "range_clause":
            rounds = _range(context, head)
        else:
            rounds = _while(context, head)
        run_body = context.machine.statement(context, body)
    machine = context.machine
    goes_on = (("continue", ""), ("continue", label))
    stops = (("break", ""), ("break", label))

    def run(env: Env) -> Any:
        for _ in rounds(env):
            machine.steps += 1
            if machine.steps > _STEPS:
                raise context.error(node, "a loop that runs for too long")
            signal = run_body(env)
            if signal is None or signal in goes_on:
                continue
            return None if signal in stops else signal
        return None

    return run


def _while(context: Context, head: Syntax | None) -> Rounds:
    first = condition = update = None
    if head is not None and head.kind == "for_clause":
        first, condition, update = (
            head.field(name) for name in ("initializer", "condition", "update")
        )
    elif head is not None:
        condition = head
    start = context.machine.statement(context, first) if first is not None else None
    holds = context.truth(condition) if condition is not None else None
    after = context.machine.statement(context, update) if update is not None else None

    def rounds(env: Env) -> Iterator[None]:
        if start is not None:
            start(env)
        while holds is None or holds(env):
            yield
            if after is not None:
                after(env)

    return rounds


def _range(context: Context, head: Syntax) -> Rounds:
    right = head.field("right")
    if right is None:
        raise context.error(head, "a range over nothing")
    value = context.one(right)
    names = parts(head.field("left"))
    defines = any(child.kind == ":=" for child in head.children)
    setters: list[Setter] = [
        declaration(context, text_of(name)) if defines else setter(context, name) for name in names
    ]

    def rounds(env: Env) -> Iterator[None]:
        for items in _items(context, right, value(env)):
            for assign, item in zip(setters, items, strict=False):
                assign(env, item)
            yield

    return rounds


def _items(context: Context, node: Syntax, value: Any) -> Iterable[tuple[Any, ...]]:
    if value is None:
        return ()
    if isinstance(value, Sequence):
        return [(item,) for item in value]
    if isinstance(value, list):
        return list(enumerate(value))
    if isinstance(value, dict):
        return list(value.items())
    if isinstance(value, str):
        starts = [len(value[:i].encode()) for i in range(len(value))]
        return list(zip(starts, map(ord, value), strict=True))
    if isinstance(value, int) and not isinstance(value, bool):
        return [(number,) for number in range(value)]
    raise context.error(node, "a range over this value")
