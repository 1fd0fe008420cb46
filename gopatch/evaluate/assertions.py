"""Type switches and type assertions: of which type is a value?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gopatch.evaluate.context import Context, Env, Run
from gopatch.evaluate.go_values import (
    GoError,
    GoPanicError,
    Native,
    Pointer,
    Struct,
    type_name,
)
from gopatch.evaluate.package import parts, text_of
from gopatch.evaluate.statements import body_of
from gopatch.evaluate.types import Type, zero_maker
from gopatch.go.tree import Syntax

Test = Callable[[Any], bool]
_BASIC: dict[str, type] = {"string": str, "bool": bool, "int": int}


def test_for(context: Context, node: Syntax) -> Test:
    """Whether a value is of the type that `node` names."""
    machine, text = context.machine, text_of(node)
    if node.kind == "unary_expression":
        inner = test_for(context, parts(node)[0])
        return lambda value: isinstance(value, Pointer) and inner(value.target)
    if node.kind == "interface_type":
        names = [text_of(each.children[0]) for each in parts(node) if each.kind == "method_elem"]
        return lambda value: value is not None and all(machine.method(value, n) for n in names)
    if text in ("error", "any"):
        return _has_error(context) if text == "error" else lambda value: value is not None
    if text in _BASIC:
        return lambda value: type(value) is _BASIC[text]
    if node.kind == "identifier" and text in machine.package.types:
        return _named(context, Type(context.file, node), machine.package.types[text].node, text)
    if node.kind == "selector_expression":
        path = context.imported(parts(node)[0])
        if path is not None:
            return lambda value: machine.library.is_of(
                machine, value, path, text_of(parts(node)[-1])
            )

    def unknown(_: Any) -> bool:
        raise context.error(node, f"whether a value is a {text}")

    return unknown


def _has_error(context: Context) -> Test:
    return lambda value: value is not None and context.machine.method(value, "Error") is not None


def _named(context: Context, found: Type, spec: Syntax, name: str) -> Test:
    inner = spec.field("type")
    if inner is not None and inner.kind == "interface_type":
        place = context.machine.package.types[name]
        return test_for(Context(context.machine, place.file), inner)
    own = context.machine.own(text_of(found.node))

    def holds(value: Any) -> bool:
        if isinstance(value, Struct):
            return value.type == own and type_name(value).home is context.machine
        if value is None or isinstance(value, Pointer | Native | GoError):
            return False
        raise context.error(found.node, f"whether this value is a {own}")

    return holds


def type_assertion(context: Context, node: Syntax) -> Run:
    """`x.(T)` where it must hold."""
    value, holds = context.one(parts(node)[0]), test_for(context, parts(node)[1])

    def run(env: Env) -> Any:
        found = value(env)
        if not holds(found):
            raise GoPanicError(f"`{text_of(node)}` does not hold")
        return found

    return run


def assertion_and_ok(context: Context, node: Syntax) -> Callable[[Env], tuple[Any, bool]]:
    """`x.(T)` with the second value that says whether it holds."""
    value, holds = context.one(parts(node)[0]), test_for(context, parts(node)[1])
    make = zero_maker(context.machine, Type(context.file, parts(node)[1]))

    def run(env: Env) -> tuple[Any, bool]:
        found = value(env)
        return (found, True) if holds(found) else (make(), False)

    return run


def type_switch(context: Context, node: Syntax, label: str = "") -> Run:
    with context.scope():
        first = node.field("initializer")
        start = context.machine.statement(context, first) if first is not None else None
        subject = node.field("value")
        if subject is None:
            return context.unknown(node)
        value = context.one(subject)
        alias = parts(node.field("alias"))
        slot = context.declare(text_of(alias[0])) if alias else None
        cases = [_case(context, c) for c in parts(node) if c.kind == "type_case"]
        default = [body_of(context, c) for c in parts(node) if c.kind == "default_case"]
    breaks = (("break", ""), ("break", label))

    def run(env: Env) -> Any:
        if start is not None:
            start(env)
        found = value(env)
        if slot is not None:
            env[slot] = found
        bodies = (body for holds, body in cases if holds(found))
        body = next(bodies, default[0] if default else None)
        signal = None if body is None else body(env)
        return None if signal in breaks else signal

    return run


def _case(context: Context, node: Syntax) -> tuple[Test, Run]:
    types = node.children[1].children
    tests = [_nil if text_of(each) == "nil" else test_for(context, each) for each in types]
    seen, branch = context.machine.seen, (context.file.path, node.start, True)

    def holds(value: Any) -> bool:
        if any(test(value) for test in tests):
            seen.add(branch)
            return True
        return False

    return holds, body_of(context, node)


def _nil(value: Any) -> bool:
    return value is None


__all__ = [
    "EXPRESSIONS", "STATEMENTS", "assertion_and_ok", "test_for", "type_assertion", "type_switch",
]  # fmt: skip
EXPRESSIONS: dict[str, Callable[[Context, Syntax], Run]] = {
    "type_assertion_expression": type_assertion
}
STATEMENTS: dict[str, Callable[[Context, Syntax, str], Run]] = {
    "type_switch_statement": type_switch
}
