"""reflect, as far as the shape of an error is looked at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gopatch.evaluate.go_values import GoPanicError, Native, Pointer, Slice, Struct

_KINDS = (
    "Struct",
    "Ptr",
    "Array",
    "Slice",
    "Uint8",
    "Int",
    "String",
    "Bool",
    "Map",
    "Interface",
    "Invalid",
    "Func",
)


def kind_of(value: Any) -> str:
    if isinstance(value, Struct):
        return "struct"
    if isinstance(value, Native):
        key = value.key
        return str(key[1]) if isinstance(key, tuple) and len(key) == 2 else "ptr"
    simple = {str: "string", bool: "bool", int: "int", dict: "map"}
    return (
        "ptr"
        if value is not None and type(value) not in simple
        else simple.get(type(value), "invalid")
    )


def value_of(value: Any, kind: str = "") -> Native:
    """reflect.ValueOf; `kind` where a Python value has lost it."""
    found = kind or kind_of(value)

    def field(name: str) -> Native:
        if isinstance(value, Native) and found == "struct":
            return value_of(None, "invalid")
        if not isinstance(value, Struct):
            raise GoPanicError(f"reflect: call of FieldByName on {found} Value")
        if name not in value.fields:
            return value_of(None, "invalid")
        inner = value.fields[name]
        return value_of(inner, "array" if isinstance(inner, Slice) else "")

    def index(at: int) -> Native:
        if found not in ("array", "slice", "string") or not 0 <= at < len(value):
            raise GoPanicError("reflect: index out of range")
        return value_of(value[at], "uint8")

    def elem() -> Native:
        if not isinstance(value, Pointer):
            raise GoPanicError(f"reflect: call of Elem on {found} Value")
        return value_of(value.target)

    methods: dict[str, Callable[..., Any]] = {
        "Kind": lambda: found,
        "IsValid": lambda: found != "invalid",
        "FieldByName": field,
        "Len": lambda: len(value),
        "Index": index,
        "Uint": lambda: value,
        "Elem": elem,
        "IsNil": lambda: value is None,
    }
    return Native("reflect.Value", methods)


MEMBERS: dict[str, Any] = {
    "reflect.ValueOf": value_of,
    "reflect.Pointer": "ptr",
    **{f"reflect.{name}": name.lower() for name in _KINDS},
}
