"""Calls of functions, methods and builtins, and conversions, which look like calls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

from gopatch.evaluate.context import Context, Env, Run
from gopatch.evaluate.go_values import (
    GoPanicError,
    Many,
    Map,
    Pointer,
    Reference,
    Slice,
    Spread,
    Struct,
    UnsupportedError,
    copied,
)
from gopatch.evaluate.package import parts, text_of
from gopatch.evaluate.types import BASIC, Type, convert, underlying, zero_maker
from gopatch.go.tree import Syntax

_TYPES = {"slice_type", "array_type", "map_type", "function_type", "interface_type"}
Arguments = Callable[[Env], list[Any]]


def call(context: Context, node: Syntax) -> Run:
    head, arguments = _head(node), parts(node)[-1]
    name = text_of(head)
    if _is_type(context, head):
        return _conversion(context, head, arguments)
    if head.kind == "identifier" and context.find(name) is None:
        builtin = _BUILTINS.get(name)
        if builtin is not None and name not in context.machine.package.functions:
            return builtin(context, arguments)
    function, given = prepared(context, node)
    asked = context.machine.library.asked.by(context.file.path, node)

    def run(env: Env) -> Any:
        try:
            if asked is None:
                return function(env)(*given(env))
            return asked.call(function(env), given(env))
        except UnsupportedError as error:
            raise context.placed(error, node) from None
        except (TypeError, AttributeError, KeyError, IndexError, ValueError) as error:
            # A value of another kind than the library's function takes: not known here.
            raise context.error(node, f"`{name}` of these values ({error})") from error

    return run


def prepared(context: Context, node: Syntax) -> tuple[Run, Arguments]:
    """What a call calls, and its arguments: both are worked out before it is made."""
    head = _head(node)
    value = context.one(head)

    def function(env: Env) -> Any:
        found = value(env)
        if found is None:
            raise GoPanicError(f"`{text_of(head)}` is nil and is called")
        if not callable(found):
            raise context.error(head, f"a call of `{text_of(head)}`")
        return found

    return function, _arguments(context, parts(node)[-1])


def _head(node: Syntax) -> Syntax:
    head = parts(node)[0]
    while head.kind == "parenthesized_expression":
        head = parts(head)[0]
    return head


def _is_type(context: Context, head: Syntax) -> bool:
    if head.kind == "identifier":
        name = text_of(head)
        known = name in context.machine.package.types or name in BASIC
        return known and context.find(name) is None
    if head.kind == "selector_expression":
        path = context.imported(parts(head)[0])
        return path is not None and context.machine.library.is_type(path, text_of(parts(head)[-1]))
    return head.kind in _TYPES or (head.kind == "unary_expression" and head.text.startswith(b"*"))


def _conversion(context: Context, head: Syntax, arguments: Syntax) -> Run:
    given = parts(arguments)
    if len(given) != 1:
        return context.unknown(head, "a conversion of several values")
    value, to = context.one(given[0]), text_of(head)
    return lambda env: convert(context.machine, to, value(env))


def _arguments(context: Context, node: Syntax) -> Arguments:
    given = parts(node)
    if len(given) == 1 and given[0].kind == "call_expression":
        only = context.expression(given[0])

        def spread_results(env: Env) -> list[Any]:
            value = only(env)
            return list(value) if isinstance(value, Many) else [value]

        return spread_results
    runs = [_argument(context, argument) for argument in given]
    return lambda env: [run(env) for run in runs]


def _argument(context: Context, node: Syntax) -> Run:
    if node.kind != "variadic_argument":
        return context.one(node)
    values = context.one(parts(node)[0])
    return lambda env: Spread(values(env) or ())


# Builtins ------------------------------------------------------------------------------------


def _len(context: Context, arguments: Syntax) -> Run:
    value = context.one(parts(arguments)[0])

    def run(env: Env) -> int:
        found = value(env)
        if isinstance(found, str):
            return len(found.encode())
        if found is None or isinstance(found, list | dict):
            return len(found or ())
        raise context.error(arguments, "the length of this value")

    return run


def _append(context: Context, arguments: Syntax) -> Run:
    first, *rest = (_argument(context, node) for node in parts(arguments))

    def run(env: Env) -> Slice:
        old = first(env)
        if old is not None and not isinstance(old, Slice):
            raise context.error(arguments, "append to this value")
        out = Slice(old or ())
        for item in rest:
            value = item(env)
            out.extend(map(copied, value)) if isinstance(value, Spread) else out.append(
                copied(value)
            )
        return out

    return run


def _make(context: Context, arguments: Syntax) -> Run:
    kind, *sizes = parts(arguments)
    found = underlying(context.machine, Type(context.file, kind))
    if found.node.kind == "map_type":
        zero = zero_maker(context.machine, found.part("value"))
        return lambda _: Map(zero)
    if found.node.kind == "selector_expression" and text_of(kind) in ("http.Header", "url.Values"):
        return lambda _: Map(lambda: None)
    if found.node.kind != "slice_type":
        return context.unknown(kind, f"make of a {found.node.kind}")
    zero = zero_maker(context.machine, found.part("element"))
    size = context.one(sizes[0]) if sizes else lambda _: 0
    return lambda env: Slice(zero() for _ in range(size(env)))


def _new(context: Context, arguments: Syntax) -> Run:
    zero = zero_maker(context.machine, Type(context.file, parts(arguments)[0]))

    def run(_: Env) -> Pointer | Reference:
        value = zero()
        if isinstance(value, Struct):
            return Pointer(value)
        cell = [value]
        return Reference(lambda: cell[0], lambda new: cell.__setitem__(0, new), (id(cell),))

    return run


def _delete(context: Context, arguments: Syntax) -> Run:
    holder, key = (context.one(node) for node in parts(arguments))

    def run(env: Env) -> Many:
        (holder(env) or {}).pop(key(env), None)
        return Many()

    return run


def _panic(_: Context, arguments: Syntax) -> Run:
    def run(_: Env) -> NoReturn:
        raise GoPanicError(text_of(arguments))

    return run


_BUILTINS: dict[str, Callable[[Context, Syntax], Run]] = {
    "len": _len,
    "append": _append,
    "make": _make,
    "new": _new,
    "delete": _delete,
    "panic": _panic,
}
for _name in ("cap", "copy", "recover", "min", "max", "clear", "close", "print", "println"):
    _BUILTINS[_name] = lambda context, node, name=_name: context.unknown(node, f"`{name}`")  # type: ignore[misc]

KINDS: dict[str, Callable[[Context, Syntax], Run]] = {"call_expression": call}
