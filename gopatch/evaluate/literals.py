"""Literals: numbers, texts, structs, slices, maps and functions."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from typing import Any

from gopatch.evaluate.context import Context, Env, Run
from gopatch.evaluate.go_values import Map, Native, Pointer, Slice, Struct, copied
from gopatch.evaluate.package import parts, text_of
from gopatch.evaluate.types import Type, is_list, pointed, underlying, zero_maker
from gopatch.go.tree import Syntax


def _constant(value: Any) -> Run:
    return lambda _: value


def integer(_: Context, node: Syntax) -> Run:
    text = text_of(node).replace("_", "")
    return _constant(int(text, 8) if re.fullmatch(r"0[0-7]+", text) else int(text, 0))


def text(_: Context, node: Syntax) -> Run:
    written = text_of(node)
    return _constant(str(ast.literal_eval(written)) if "\\" in written else written[1:-1])


def raw_text(_: Context, node: Syntax) -> Run:
    return _constant(text_of(node)[1:-1].replace("\r", ""))


def rune(_: Context, node: Syntax) -> Run:
    return _constant(ord(str(ast.literal_eval(text_of(node)))))


def function(context: Context, node: Syntax) -> Run:
    return context.machine.closure(context, node)


def composite_literal(context: Context, node: Syntax) -> Run:
    found, body = node.field("type"), node.field("body")
    if found is None or body is None:
        return context.unknown(node)
    return _composite(context, Type(context.file, found), body)


def _composite(context: Context, found: Type, body: Syntax) -> Run:
    inner = underlying(context.machine, found)
    if is_list(inner):
        return _list(context, inner, body)
    if inner.node.kind == "map_type":
        return _map(context, inner, body)
    return _struct(context, found, body)


def _list(context: Context, found: Type, body: Syntax) -> Run:
    items = parts(body)
    if any(item.kind == "keyed_element" for item in items):
        return context.unknown(body, "a slice with keys")
    runs = [_element(context, found.part("element"), item) for item in items]
    return lambda env: Slice([run(env) for run in runs])


def _map(context: Context, found: Type, body: Syntax) -> Run:
    zero = zero_maker(context.machine, found.part("value"))
    pairs: list[tuple[Run, Run]] = []
    for item in parts(body):
        key, value = parts(item)[0], parts(item)[-1]
        pairs.append(
            (
                _element(context, found.part("key"), key),
                _element(context, found.part("value"), value),
            )
        )
    return lambda env: Map(zero, [(key(env), value(env)) for key, value in pairs])


def _element(context: Context, found: Type | None, node: Syntax) -> Run:
    """An element of a literal, whose type may be left out."""
    if node.kind != "literal_value":
        run = context.one(node)
        return lambda env: copied(run(env))
    if found is None:
        return context.unknown(node, "a literal without a type")
    target = pointed(context.machine, found)
    if target is None:
        return _composite(context, found, node)
    inner = _composite(context, target, node)
    return lambda env: Pointer(inner(env))


def _struct(context: Context, found: Type, body: Syntax) -> Run:
    make = zero_maker(context.machine, found)
    items = parts(body)
    runs = [_field(context, item) for item in items]
    name = text_of(found.node)
    keys = [context.one(parts(i)[0]) for i in items if i.kind == "keyed_element" and parts(i)]

    def run(env: Env) -> Any:
        value = make()
        if isinstance(value, Native) and not items:
            return value
        if isinstance(value, Map):  # of a map type that another package declares
            pairs = zip(keys, runs, strict=True)
            return Map(value.zero, [(key(env), source(env)) for key, (_, source) in pairs])
        if not isinstance(value, Struct):
            raise context.error(found.node, f"a literal of `{name}`")
        order = list(value.fields)
        for index, (item, (named, source)) in enumerate(zip(items, runs, strict=True)):
            key = named or (order[index] if index < len(order) else "")
            if key not in value.fields:
                raise context.error(item, f"a field `{key}` of `{name}`")
            value.fields[key] = copied(source(env))
        return value

    return run


def _field(context: Context, item: Syntax) -> tuple[str, Run]:
    if item.kind == "keyed_element":
        key, value = parts(item)[0], parts(item)[-1]
        return text_of(key), _element(context, None, value)
    return "", _element(context, None, item)


KINDS: dict[str, Callable[[Context, Syntax], Run]] = {
    "int_literal": integer,
    "interpreted_string_literal": text,
    "raw_string_literal": raw_text,
    "rune_literal": rune,
    "func_literal": function,
    "composite_literal": composite_literal,
}
