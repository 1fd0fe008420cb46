"""Declarations and assignments."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gopatch.evaluate.context import OUTER, Context, Env, Run
from gopatch.evaluate.expressions import operation
from gopatch.evaluate.go_values import (
    GoPanicError,
    Many,
    Map,
    NilMap,
    Pointer,
    Reference,
    Slice,
    Struct,
    copied,
    store,
)
from gopatch.evaluate.package import parts, specs_of, text_of
from gopatch.evaluate.types import Type, zero_maker
from gopatch.go.tree import Syntax

Setter = Callable[[Env, Any], None]
Values = Callable[[Env], "list[Any] | tuple[Any, ...]"]


def setter(context: Context, target: Syntax) -> Setter:
    """A function that assigns a value to what `target` names."""
    if target.kind == "parenthesized_expression":
        return setter(context, parts(target)[0])
    if target.kind == "identifier":
        return _name_setter(context, target)
    if target.kind == "selector_expression":
        return _field_setter(context, target)
    if target.kind == "index_expression":
        return _entry_setter(context, target)
    if target.kind == "unary_expression" and target.text.startswith(b"*"):
        return _target_setter(context, target)
    return context.unknown(target, f"an assignment to a {target.kind}")  # type: ignore[return-value]


def _name_setter(context: Context, target: Syntax) -> Setter:
    name = text_of(target)
    if name == "_":
        return lambda _, __: None
    found = context.find(name)
    if found is None:
        if name not in context.machine.package.variables:
            return _unknown(context, target, f"`{name}`")
        machine = context.machine
        return lambda _, value: machine.set_variable(name, copied(value))
    depth, slot = found
    if depth and slot.looped:
        return _unknown(context, target, f"`{name}`, a loop's variable, in a function of its own")

    def assign(env: Env, value: Any) -> None:
        for _ in range(depth):
            env = env[OUTER]
        store(env, slot.at, value)

    return assign


def _unknown(context: Context, target: Syntax, what: str) -> Setter:
    def assign(_: Env, __: Any) -> None:
        raise context.error(target, what)

    return assign


def _field_setter(context: Context, target: Syntax) -> Setter:
    path = context.imported(parts(target)[0])
    if path is not None:
        other = text_of(parts(target)[-1])
        return lambda _, value: context.machine.library.assign(path, other, copied(value))
    operand, name = context.one(parts(target)[0]), text_of(parts(target)[-1])

    def assign(env: Env, value: Any) -> None:
        found = operand(env)
        if found is None:
            raise GoPanicError(f"`{text_of(target)}` of nil")
        struct = found.target if isinstance(found, Pointer) else found
        holder = struct.holder(name) if isinstance(struct, Struct) else None
        if holder is None:
            raise context.error(target, f"a field `{name}`")
        store(holder.fields, name, value)

    return assign


def _entry_setter(context: Context, target: Syntax) -> Setter:
    holder, key = (context.one(part) for part in parts(target))

    def assign(env: Env, value: Any) -> None:
        found, at = holder(env), key(env)
        if found is None:
            raise GoPanicError(f"`{text_of(target)}` of nil")
        if isinstance(found, NilMap):
            raise GoPanicError(f"`{text_of(target)}`: an entry of a nil map is set")
        if isinstance(found, Map):
            found[at] = copied(value)
        elif not isinstance(found, Slice) or found.shared:
            raise context.error(target, "an entry of a slice that others may share")
        elif not 0 <= at < len(found):
            raise GoPanicError(f"`{text_of(target)}`: index out of range")
        else:
            store(found, at, value)

    return assign


def _target_setter(context: Context, target: Syntax) -> Setter:
    operand = context.one(parts(target)[-1])

    def assign(env: Env, value: Any) -> None:
        pointer = operand(env)
        if isinstance(pointer, Reference):
            pointer.set(value)
            return
        if not isinstance(pointer, Pointer) or not isinstance(value, Struct):
            raise context.error(target, "a pointer to something that is no struct")
        pointer.target.fields = value.copy().fields

    return assign


# Statements ----------------------------------------------------------------------------------


def short_declaration(context: Context, node: Syntax, _: str = "") -> Run:
    names = parts(node.field("left"))
    values = _matched(context, node, len(names))
    setters = [
        setter(context, name)
        if text_of(name) == "_" or context.declared_here(text_of(name))
        else declaration(context, text_of(name))
        for name in names
    ]
    return _all(setters, values)


def declaration(context: Context, name: str) -> Setter:
    """Declare a variable, new in each round of a loop."""
    index = context.declare(name)

    def assign(env: Env, value: Any) -> None:
        env[index] = copied(value)

    return assign


def assignment(context: Context, node: Syntax, _: str = "") -> Run:
    targets = parts(node.field("left"))
    sign = text_of(node.field("operator"))
    setters = [setter(context, target) for target in targets]
    if sign == "=":
        values = _matched(context, node, len(targets))
        return _all(setters, values)
    old = context.one(targets[0])
    right = context.one(parts(node.field("right"))[0])
    operate = operation(context, node, sign[:-1])

    def run(env: Env) -> None:
        setters[0](env, operate(old(env), right(env)))

    return run


def _all(setters: list[Setter], values: Values) -> Run:
    if len(setters) == 1:
        only = setters[0]

        def assign_one(env: Env) -> None:
            only(env, values(env)[0])

        return assign_one

    def assign_all(env: Env) -> None:
        for assign, value in zip(setters, [copied(v) for v in values(env)], strict=True):
            assign(env, value)

    return assign_all


def _matched(context: Context, node: Syntax, wanted: int) -> Values:
    """The values on the right of an assignment to `wanted` places."""
    sources = parts(node.field("right"))
    if len(sources) == 1 and wanted == 1:
        only = context.one(sources[0])
        return lambda env: (only(env),)
    if len(sources) == 1 and sources[0].kind == "type_assertion_expression":
        return context.machine.assertion_and_ok(context, sources[0])
    if len(sources) == 1 and sources[0].kind == "index_expression":
        return _entry_and_ok(context, sources[0])
    if len(sources) == 1:
        many = context.expression(sources[0])

        def results(env: Env) -> tuple[Any, ...]:
            found = many(env)
            if not isinstance(found, Many) or len(found) != wanted:
                raise context.error(node, "an assignment of another number of values")
            return found

        return results
    runs = [context.one(source) for source in sources]
    return lambda env: [run(env) for run in runs]


def _entry_and_ok(context: Context, node: Syntax) -> Values:
    holder, key = (context.one(part) for part in parts(node))
    asked = context.machine.library.asked.by(context.file.path, node)

    def run(env: Env) -> tuple[Any, bool]:
        found, at = holder(env), key(env)
        if isinstance(found, Map):
            if asked is not None:
                asked.entry(found, at)
            return (found[at], True) if at in found else (found.zero(), False)
        if found is None:
            return None, False
        raise context.error(node, "an entry, and whether there is one, of this value")

    return run


def count(context: Context, node: Syntax, _: str = "") -> Run:
    target = parts(node)[0]
    old, assign = context.one(target), setter(context, target)
    by = 1 if node.kind == "inc_statement" else -1
    return lambda env: assign(env, old(env) + by)


def var_declaration(context: Context, node: Syntax, _: str = "") -> Run:
    runs = [_var(context, spec) for spec in specs_of(node)]

    def run(env: Env) -> None:
        for each in runs:
            each(env)

    return run


def _var(context: Context, spec: Syntax) -> Run:
    names, type_node = spec.names(), spec.field("type")
    given = parts(spec.field("value"))
    if not given:
        found = None if type_node is None else Type(context.file, type_node)
        make = zero_maker(context.machine, found)
        setters = [declaration(context, text_of(name)) for name in names]
        return _all(setters, lambda _: [make() for _ in setters])
    if len(given) == 1 and len(names) > 1:
        return context.unknown(spec, "a declaration of several variables by one call")
    runs = [context.one(each) for each in given]
    setters = [declaration(context, text_of(name)) for name in names]
    return _all(setters, lambda env: [run(env) for run in runs])


def const_declaration(context: Context, node: Syntax, _: str = "") -> Run:
    if any(spec.field("value") is None for spec in specs_of(node)):
        return context.unknown(node, "a constant that repeats the one above")
    return var_declaration(context, node)


KINDS: dict[str, Callable[[Context, Syntax, str], Run]] = {
    "short_var_declaration": short_declaration,
    "assignment_statement": assignment,
    "inc_statement": count,
    "dec_statement": count,
    "var_declaration": var_declaration,
    "const_declaration": const_declaration,
}
