"""Names, fields, operators, indexes: each kind of node becomes a function of the environment."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from gopatch.evaluate.addresses import nil_method
from gopatch.evaluate.context import OUTER, Context, Env, Run
from gopatch.evaluate.go_values import (
    GoPanicError,
    Map,
    Native,
    NilMap,
    Pointer,
    Reference,
    Slice,
    Struct,
)
from gopatch.evaluate.package import parts, text_of
from gopatch.go.tree import Syntax

_ORDERS: dict[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "+": operator.add,
}  # fmt: skip
_NUMERIC: dict[str, Callable[[Any, Any], Any]] = {
    "-": operator.sub, "*": operator.mul, "&": operator.and_, "|": operator.or_,
}  # fmt: skip
_UNIVERSE: dict[str, Any] = {"nil": None, "true": True, "false": False}


def identifier(context: Context, node: Syntax) -> Run:
    name = text_of(node)
    found = context.find(name)
    if found is not None:
        depth, slot = found
        if depth and slot.looped:
            return context.unknown(node, f"`{name}`, a loop's variable, in a function of its own")
        return _local(depth, slot.at)
    machine, package = context.machine, context.machine.package
    if name in package.constants:
        return lambda _: machine.constant(name)
    if name in package.variables:
        return lambda _: machine.variable(name)
    if name in package.functions:
        return lambda _: machine.function(name)
    if name in _UNIVERSE:
        value = _UNIVERSE[name]
        return lambda _: value
    return context.unknown(node, f"`{name}`")


def _local(depth: int, index: int) -> Run:
    if depth == 0:
        return lambda env: env[index]

    def outer(env: Env) -> Any:
        for _ in range(depth):
            env = env[OUTER]
        return env[index]

    return outer


def parenthesized(context: Context, node: Syntax) -> Run:
    return context.expression(parts(node)[0])


def expression_list(context: Context, node: Syntax) -> Run:
    return context.one(node) if len(parts(node)) == 1 else context.unknown(node)


def selector(context: Context, node: Syntax) -> Run:
    operand, field = parts(node)[0], parts(node)[-1]
    name, machine = text_of(field), context.machine
    path = context.imported(operand)
    if path is not None:
        return _member(machine.library.member, path, name)
    value = context.one(operand)

    def run(env: Env) -> Any:
        found = value(env)
        struct = found.target if found.__class__ is Pointer else found
        if isinstance(struct, Struct):
            holder = struct if name in struct.fields else struct.holder(name)
            if holder is not None:
                return holder.fields[name]
        method = nil_method(name) if found is None else machine.method(found, name)
        if found is None and method is None:
            raise GoPanicError(f"`{text_of(node)}` of nil")
        if method is None:
            kind = getattr(struct, "type", type(struct).__name__)
            raise context.error(node, f"`.{name}` of a {kind}")
        return method

    return run


def _member(look: Callable[[str, str], Any], path: str, name: str) -> Run:
    """A member of another package, looked up when it is reached, and once."""
    found: list[Any] = []

    def run(_: Env) -> Any:
        if not found:
            found.append(look(path, name))
        return found[0]

    return run


def unary(context: Context, node: Syntax) -> Run:
    sign, operand = text_of(node.children[0]), parts(node)[-1]
    if sign == "!":
        holds = context.truth(operand)
        return lambda env: not holds(env)
    value = context.one(operand)
    refer = _reference(context, operand, value) if sign == "&" else None

    def run(env: Env) -> Any:
        found = value(env)
        if sign == "*" and isinstance(found, Reference):
            return found.get()
        if sign == "&" and isinstance(found, Struct):
            return Pointer(found)
        if sign in ("&", "*") and isinstance(found, Native):
            return found
        if refer is not None:
            return refer(env)
        if sign == "*" and isinstance(found, Pointer):
            return found.target.copy()
        if sign == "*" and found is None:
            raise GoPanicError(f"`{text_of(node)}` of nil")
        if sign == "-" and isinstance(found, int):
            return -found
        raise context.error(node, f"the operator `{sign}` on this value")

    return run


def _reference(context: Context, operand: Syntax, value: Run) -> Run | None:
    """`&x` of what is no struct: a variable, or a field; None for what has no such address."""
    if operand.kind not in ("identifier", "selector_expression"):
        return None
    put, name = context.machine.setter(context, operand), text_of(operand)
    foreign = operand.kind == "selector_expression" and context.imported(parts(operand)[0])
    inside = operand.kind == "selector_expression" and not foreign
    holder = context.one(parts(operand)[0]) if inside else None

    def run(env: Env) -> Reference:
        held = foreign or env if holder is None else holder(env)
        struct = held.target if isinstance(held, Pointer) else held
        inner = struct.holder(name.rpartition(".")[2]) if isinstance(struct, Struct) else struct
        return Reference(
            lambda: value(env), lambda v: put(env, v), (id(inner), name.rpartition(".")[2])
        )

    return run


def binary(context: Context, node: Syntax) -> Run:
    left, sign, right = node.children[0], text_of(node.children[1]), node.children[2]
    if sign in ("&&", "||"):
        one, other = context.truth(left), context.truth(right)
        if sign == "&&":
            return lambda env: one(env) and other(env)
        return lambda env: one(env) or other(env)
    first, second = context.one(left), context.one(right)
    operate = operation(context, node, sign)
    return lambda env: operate(first(env), second(env))


def operation(context: Context, node: Syntax, sign: str) -> Callable[[Any, Any], Any]:
    """A binary operator on two values."""
    compared = context.machine.library.compared
    asked = context.machine.library.asked.by(context.file.path, node)
    if sign in ("==", "!="):
        wanted = sign == "=="

        def same(one: Any, other: Any) -> bool:
            note(compared, one, other)
            if asked is not None:
                asked.pair(one, other, told=equal(one, other))
            return equal(one, other) is wanted

        return same
    plain, numeric = _ORDERS.get(sign), _NUMERIC.get(sign)

    def run(one: Any, other: Any) -> Any:
        if sign != "+":
            note(compared, one, other)
        if one.__class__ is other.__class__:
            if plain is not None and isinstance(one, str | int) and not isinstance(one, bool):
                found = plain(one, other)
                if asked is not None and sign != "+":
                    asked.pair(one, other, told=found)
                return found
            if numeric is not None and one.__class__ is int:
                return numeric(one, other)
        raise context.error(node, f"the operator `{sign}` on these values")

    return run


def note(compared: set[tuple[str, str | int]], one: Any, other: Any) -> None:
    """Keep what two values are compared with each other by."""
    if one.__class__ is str and other.__class__ is str:
        compared.update((("=", one), ("=", other)))
    elif one.__class__ is int and other.__class__ is int:
        compared.update((("#", one), ("#", other)))


def equal(one: Any, other: Any) -> bool:
    if one is None and other.__class__ is NilMap:
        return True
    return isinstance(one, bool) is isinstance(other, bool) and bool(one == other)


def index(context: Context, node: Syntax) -> Run:
    holder, key = (context.one(part) for part in parts(node))
    asked = context.machine.library.asked.by(context.file.path, node)

    def run(env: Env) -> Any:
        found, at = holder(env), key(env)
        if isinstance(found, Map):
            if asked is not None:
                asked.entry(found, at)
            return found[at] if at in found else found.zero()
        if isinstance(found, str):
            found = found.encode()
        if isinstance(found, list | bytes) or found is None:
            if not isinstance(at, int) or not 0 <= at < len(found or ()):
                raise GoPanicError(f"`{text_of(node)}`: index out of range")
            return found[at]  # type: ignore[index]
        raise context.error(node, "an index of this value")

    return run


def slice_expression(context: Context, node: Syntax) -> Run:
    operand, start, end = (node.field(name) for name in ("operand", "start", "end"))
    if operand is None or node.field("capacity") is not None:
        return context.unknown(node)
    value = context.one(operand)
    low = context.one(start) if start is not None else None
    high = context.one(end) if end is not None else None

    def run(env: Env) -> Any:
        found = value(env)
        data = found.encode() if isinstance(found, str) else found
        if not (data is None or isinstance(data, list | bytes)):
            raise context.error(node, "a part of this value")
        first = 0 if low is None else low(env)
        last = len(data or ()) if high is None else high(env)
        if not 0 <= first <= last <= len(data or ()):
            raise GoPanicError(f"`{text_of(node)}`: slice bounds out of range")
        if isinstance(data, bytes):
            return data[first:last].decode("utf-8", "replace")
        return _shared(data, first, last)

    return run


def _shared(data: Any, first: int, last: int) -> Slice | None:
    if data is None:
        return None
    out = Slice(data[first:last])
    out.shared = data.shared = True
    return out


KINDS: dict[str, Callable[[Context, Syntax], Run]] = {
    "identifier": identifier,
    "parenthesized_expression": parenthesized,
    "expression_list": expression_list,
    "selector_expression": selector,
    "unary_expression": unary,
    "binary_expression": binary,
    "index_expression": index,
    "slice_expression": slice_expression,
}
