"""Which JSON value fits which Go type, and what encoding/json says where one does not.

A type that is not known (most of other packages, those with a decoder of their own) takes everything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from gopatch.go.net import GoRules, parse_address, quoted
from gopatch.model.config_rules import ConfigRules, JsonField
from gopatch.model.go_json import Members, Number, Value, printed
from gopatch.model.go_units import wrong_size

_INTEGERS = {
    **{
        f"int{bits}": (-(2 ** (int(bits or 64) - 1)), 2 ** (int(bits or 64) - 1))
        for bits in ("", "8", "16", "32", "64")
    },
    **{f"uint{bits}": (0, 2 ** int(bits or 64)) for bits in ("", "8", "16", "32", "64")},
}
# Types of other packages, which have no decoder of their own.
_STRINGS = ("string", "log.OutputFormat")
_STRUCTS = ("types.Runtime", "system.Runtime", "units.Ulimit", "container.Ulimit")
_ADDRESSES = {
    "net.IP": "invalid IP address: {0}",
    "netip.Addr": "ParseAddr({1}): unable to parse IP",
}
_DECODED = ("opts.MemBytes", "opts.PoolsOpt", *_ADDRESSES)


class _ValuePlace(NamedTuple):
    """Where a value stands: the struct, and the keys that lead there."""

    struct: str = ""
    path: tuple[str, ...] = ()


class _Check(NamedTuple):
    rules: ConfigRules
    go: GoRules


def mismatch(value: Value, kind: str, rules: ConfigRules, go: GoRules) -> str:
    """The error of decoding `value` into a Go type, "" where there is none: the first counts."""
    return next(_wrong(value, kind, _ValuePlace(), _Check(rules, go)), "")


def _wrong(value: Value, kind: str, at: _ValuePlace, check: _Check) -> Iterator[str]:
    kind = kind.lstrip("*")
    if value is None:
        return
    fields = check.rules.struct(kind)
    if kind in _DECODED:
        yield from _wrong_decoded(value, kind, at, check)
    elif kind.startswith("[]") and kind != "[]byte":
        yield from _wrong_list(value, kind, at, check)
    elif kind.startswith("map[string]"):
        yield from _wrong_map(value, kind, at, check)
    elif fields is not None:
        yield from _wrong_struct(value, kind, fields, at, check)
    elif not _fits(value, kind):
        yield _said(value, kind, at, check)


def _fits(value: Value, kind: str) -> bool:
    if kind == "bool":
        return isinstance(value, bool)
    if kind in _STRINGS:
        return isinstance(value, str)
    if kind in _STRUCTS:
        return isinstance(value, Members)
    if kind in _INTEGERS:
        least, most = _INTEGERS[kind]
        whole = isinstance(value, Number) and re.fullmatch(r"-?[0-9]{1,25}", value.text)
        return bool(whole) and least <= int(value.text) < most  # type: ignore[union-attr]
    return not kind.startswith("float") or isinstance(value, Number)


def _wrong_decoded(value: Value, kind: str, at: _ValuePlace, check: _Check) -> Iterator[str]:
    """Of types that read their JSON themselves."""
    if kind == "opts.MemBytes":
        yield from _wrong_bytes(value, check)
    elif kind == "opts.PoolsOpt" and not isinstance(value, list):
        yield _said(value, "[]*ipamutils.NetworkToSplit", _ValuePlace(), check)
    elif kind in _ADDRESSES and not isinstance(value, str):
        yield _said(value, kind, at, check)
    elif kind in _ADDRESSES and value and parse_address(str(value), check.go) is None:
        yield _ADDRESSES[kind].format(value, quoted(str(value)))


def _wrong_bytes(value: Value, check: _Check) -> Iterator[str]:
    wrong = wrong_size(str(value), by_pattern=not check.rules.decoded)
    if not isinstance(value, str):
        yield f"invalid size: {quoted(printed(value))}"
    elif not value:
        yield f"invalid size: {quoted(quoted(value))}"
    elif wrong:
        yield wrong


def _wrong_list(value: Value, kind: str, at: _ValuePlace, check: _Check) -> Iterator[str]:
    if not isinstance(value, list):
        yield _said(value, kind, at, check)
        return
    for one in value:
        yield from _wrong(one, kind[2:], at, check)


def _wrong_map(value: Value, kind: str, at: _ValuePlace, check: _Check) -> Iterator[str]:
    inner = kind.removeprefix("map[string]")
    if not isinstance(value, Members):
        yield _said(value, kind, at, check)
        return
    for _, one in value.pairs:
        yield from _wrong(one, inner, at, check)


def _wrong_struct(
    value: Value, kind: str, fields: tuple[JsonField, ...], at: _ValuePlace, check: _Check
) -> Iterator[str]:
    if not isinstance(value, Members):
        yield _said(value, f"{check.rules.package}.{kind}", at, check)
        return
    exact = {one.key: one for one in reversed(fields)}
    folded = {one.key.casefold(): one for one in reversed(fields)}
    for key, one in value.pairs:
        field = exact.get(key) or folded.get(key.casefold())
        if field is not None:
            way = field.way if check.go.embedded_named else ()
            yield from _wrong(
                one, field.type, _ValuePlace(kind, (*at.path, *way, field.key)), check
            )


def _said(value: Value, kind: str, at: _ValuePlace, check: _Check) -> str:
    what = "object" if isinstance(value, Members) else "array"
    if isinstance(value, bool):
        what = "bool"
    elif isinstance(value, str):
        what = "string"
    elif isinstance(value, Number):
        what = f"number {value.text}" if kind in _INTEGERS else "number"
    if at.struct and check.go.fields_named:
        return (
            f"json: cannot unmarshal {what} into Go struct field "
            f"{at.struct}.{'.'.join(at.path)} of type {kind}"
        )
    return f"json: cannot unmarshal {what} into Go value of type {kind}"
