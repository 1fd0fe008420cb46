"""A function with a body in Go, ready to be called from Go or from here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gopatch.evaluate import statements as stated
from gopatch.evaluate.context import DEFERRED, OUTER, Context, Env, Run
from gopatch.evaluate.go_values import Many, Slice, Spread, copied
from gopatch.evaluate.package import parts, text_of
from gopatch.evaluate.types import Type, zero_maker
from gopatch.go.tree import Syntax

_DEPTH = 60  # of calls inside of calls: Docker's lookup needs ten


class Function:
    """A function that is ready to run, made so when it is called for the first time."""

    def __init__(self, context: Context, node: Syntax) -> None:
        self.context = context
        self.node = node
        self.receiver: int | None = None
        self.by_pointer = "*" in text_of(node.field("receiver"))
        self.parameters: list[int] = []
        self.variadic = False
        self.results: list[tuple[int, Callable[[], Any]]] = []
        self.body: Run | None = None
        if context.outer is not None:
            self._make()  # names of the function around it are known now, and not later

    def _make(self) -> None:
        context, node = self.context, self.node
        for parameter in parts(node.field("receiver")):
            names = parameter.names()
            self.receiver = context.declare(text_of(names[0]) if names else "_")
        for parameter in parts(node.field("parameters")):
            self.variadic = any(child.kind == "..." for child in parameter.children)
            called = [text_of(name) for name in parameter.names()] or ["_"]
            self.parameters += map(context.declare, called)
        for result in next((c.children for c in node.children if c.kind == "result_list"), []):
            found = result.field("type")
            make = zero_maker(context.machine, Type(context.file, found) if found else None)
            self.results += [(context.declare(text_of(name)), make) for name in result.names()]
        body = node.field("body")
        if body is None:
            self.body = context.unknown(node, "a function without a body")
        else:
            self.body = stated.statements(context, parts(body))

    def run(self, outer: Env | None, receiver: Any, arguments: tuple[Any, ...]) -> Any:
        if self.body is None:
            self._make()
        env: Env = [None] * self.context.size
        env[OUTER], env[DEFERRED] = outer, []
        if self.receiver is not None:
            env[self.receiver] = receiver
        self._bind(env, arguments)
        for index, make in self.results:
            env[index] = make()
        try:
            signal = self.body(env)  # type: ignore[misc]
            value = Many() if signal is None else signal[1]
            value = self._named(env) if value is stated.BARE else value
            if self.context.defers and self.results:
                self._keep(env, value)
        finally:
            for deferred in reversed(env[DEFERRED]):
                deferred()
        return self._named(env) if self.context.defers and self.results else value

    def _bind(self, env: Env, arguments: tuple[Any, ...]) -> None:
        if self.variadic:
            fixed = len(self.parameters) - 1
            rest = arguments[fixed:]
            spread = len(rest) == 1 and isinstance(rest[0], Spread)
            arguments = (*arguments[:fixed], Slice(rest[0] if spread else rest))
        if len(arguments) != len(self.parameters):
            raise self.context.error(self.node, "a call with another number of arguments")
        for index, value in zip(self.parameters, arguments, strict=True):
            env[index] = copied(value)

    def _named(self, env: Env) -> Any:
        values = Many(env[index] for index, _ in self.results)
        return values[0] if len(values) == 1 else values

    def _keep(self, env: Env, value: Any) -> None:
        values = value if isinstance(value, Many) else (value,)
        for (index, _), each in zip(self.results, values, strict=True):
            env[index] = each


class Bound:
    """A function with the environment around it, or with its receiver."""

    __slots__ = ("made", "outer", "receiver")

    def __init__(self, made: Function, outer: Env | None = None, receiver: Any = None) -> None:
        self.made, self.outer, self.receiver = made, outer, receiver

    def __call__(self, *arguments: Any) -> Any:
        machine = self.made.context.machine
        if machine.depth > _DEPTH:
            raise self.made.context.error(self.made.node, "calls that go too deep")
        machine.depth += 1
        try:
            return self.made.run(self.outer, self.receiver, arguments)
        finally:
            machine.depth -= 1
