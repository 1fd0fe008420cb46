"""`go` and `select`, as far as one thread can tell: nothing here runs at the same time.

What `go` starts runs when the call from outside has ended, the latest that Go's own scheduler may
choose: who has to wait for it, and does not, is seen to be wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gopatch.evaluate.calls import prepared
from gopatch.evaluate.context import Context, Env, Run
from gopatch.evaluate.go_values import Channel
from gopatch.evaluate.package import parts, text_of
from gopatch.evaluate.statements import body_of
from gopatch.go.tree import Syntax


def go_statement(context: Context, node: Syntax, _: str = "") -> Run:
    made = parts(node)[0]
    if made.kind != "call_expression":
        return context.unknown(made)
    function, arguments = prepared(context, made)
    later = context.machine.library.world.later

    def run(env: Env) -> None:
        called, given = function(env), arguments(env)
        later.append(lambda: called(*given))

    return run


def select_statement(context: Context, node: Syntax, label: str = "") -> Run:
    with context.scope():
        cases = [_receive(context, c) for c in parts(node) if c.kind == "communication_case"]
        default = [body_of(context, c) for c in parts(node) if c.kind == "default_case"]
    breaks = (("break", ""), ("break", label))

    def run(env: Env) -> Any:
        ready = next((body for channel, body in cases if channel(env)), None)
        body = ready or (default[0] if default else None)
        if body is None:
            raise context.error(node, "a select that waits")
        signal = body(env)
        return None if signal in breaks else signal

    return run


def _receive(context: Context, node: Syntax) -> tuple[Callable[[Env], bool], Run]:
    statement = parts(node)[0]
    source = parts(statement)[0] if statement.kind == "receive_statement" else statement
    if source.kind != "unary_expression" or not source.text.startswith(b"<-"):
        return context.unknown(node, "a select that sends or keeps what it gets"), context.unknown(
            node
        )
    channel = context.one(parts(source)[0])

    def ready(env: Env) -> bool:
        found = channel(env)
        if found is None:
            return False
        if not isinstance(found, Channel):
            raise context.error(source, f"a receive from `{text_of(source)}`")
        return found.ready()

    return ready, body_of(context, node)


STATEMENTS: dict[str, Callable[[Context, Syntax, str], Run]] = {
    "go_statement": go_statement,
    "select_statement": select_statement,
}
