"""The daemon's configuration: what options, and what any other key of daemon.json, set in a value of its struct."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Any, NamedTuple

from gopatch.evaluate import Map, Pointer, Slice, Struct, UnsupportedError
from gopatch.evaluate.go_values import type_name
from gopatch.evaluate.package import text_of
from gopatch.evaluate.types import Type, embedded_name, fields_of, underlying, zero_maker
from gopatch.model import Options
from gopatch.verify._model.service import json_key


class ConfigurationKey(NamedTuple):
    """A key of daemon.json, the struct and field that keep it, and a value that it may well have."""

    key: str
    holder: Struct
    field: str
    value: Any


class ValuesSet(Map):
    """The keys that daemon.json has; which ones were asked for is noted."""

    __slots__ = ("asked",)

    def __init__(self, keys: Iterable[str], asked: set[str]) -> None:
        super().__init__(lambda: None, [(key, True) for key in keys])
        self.asked = asked

    def __contains__(self, key: object) -> bool:
        self.asked.add(str(key))
        return super().__contains__(key)


def fill(
    config: Any, options: Options, accept: str, values: ValuesSet, beside: tuple[str, ...] = ()
) -> None:
    """Set what the options say, and the keys `beside` that have a place, in a configuration; `accept` is the
    field of the option, or "" where it has none."""
    if not isinstance(config, Struct):
        raise UnsupportedError("a configuration that is no struct")
    lists = {"Mirrors": options.mirrors, "InsecureRegistries": options.insecure_registries}
    for name, items in lists.items():
        holder = config.holder(name)
        if holder is not None:
            holder.fields[name] = Slice(items) if items else None
    holder = config.holder(accept) if accept else None
    if holder is not None:
        holder.fields[accept] = options.accept_insecure_registry
    for name in ("ValuesSet", "valuesSet"):
        holder = config.holder(name)
        if holder is not None:
            holder.fields[name] = values
    for entry in entries(config) if beside else ():
        if entry.key in beside:
            entry.holder.fields[entry.field] = entry.value


def configure(struct: Struct, field: str, node: Type | None, put: Callable[[Any], None]) -> None:
    """Give a daemon its configuration, however the field keeps it; `put` fills it."""
    text = "" if node is None else text_of(node.node)
    held, home = struct.fields[field], type_name(struct).home
    if "atomic.Pointer" in text:
        inner = home.zero_of(text.partition("[")[2].rstrip("]"))
        put(inner)
        held.methods["Store"](Pointer(inner))
    elif text.startswith("*") and node is not None:
        inner = zero_maker(home, Type(node.file, node.node.children[-1]))()
        put(inner)
        struct.fields[field] = Pointer(inner)
    else:
        put(held)


def entries(config: Struct) -> Iterator[ConfigurationKey]:
    """The keys that a configuration has, by the json tags of its struct and of those in it; without what
    nothing is known of."""
    home = type_name(config).home
    place = home.package.types.get(config.type) if home is not None else None
    body = None if place is None else place.node.field("type")
    if place is None or body is None:
        return
    for declared in fields_of(body):
        key, kind = json_key(declared), declared.field("type")
        for name in [text_of(each) for each in declared.names()] or [embedded_name(declared)]:
            held = config.fields.get(name)
            if isinstance(held, Struct):
                yield from entries(held)
            elif key and key != "-" and kind is not None:
                with suppress(UnsupportedError):
                    value = _plausible(home, Type(place.file, kind), held)
                    if value is not None:
                        yield ConfigurationKey(key, config, name, value)


def _plausible(home: Any, kind: Type, zero: Any) -> Any:
    """A value of a type that a daemon.json may well have, None where none is known."""
    plain = {bool: True, int: 7, str: "some"}.get(type(zero))
    if plain is not None:
        return plain
    if isinstance(zero, Map):
        return Map(zero.zero, [("some", _plausible(home, kind, zero.zero()) or zero.zero())])
    found = underlying(home, kind)
    element = found.part("element") if found.node.kind == "slice_type" else None
    if element is not None and zero_maker(home, element)() == "":
        return Slice(["one", "other"])
    return None


def switch_on(config: Any) -> None:
    """Set every boolean of a configuration."""
    for name, held in config.fields.items() if isinstance(config, Struct) else ():
        if isinstance(held, bool):
            config.fields[name] = True
        else:
            switch_on(held)


__all__ = ["ConfigurationKey", "ValuesSet", "configure", "entries", "fill", "switch_on"]
