"""Functions of Go's standard library that are plain functions of strings, lists and maps."""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from collections.abc import Sequence as Sequenced
from typing import Any

from gopatch.evaluate.go_values import (
    GoError,
    GoPanicError,
    Many,
    Map,
    Native,
    Sequence,
    Slice,
    UnsupportedError,
)
from gopatch.go.net import atoi, split_host_port


def failed(*results: Any, kind: str = "", message: str = "") -> Many:
    """Results of a call that ends in an error."""
    return Many((*results, GoError(message, kind)))


def nothing(*_: Any) -> Many:
    return Many()


def _split(text: str) -> Many:
    found = split_host_port(text)
    return failed("", "", message=f"address {text}") if found is None else Many((*found, None))


def _atoi(text: str) -> Many:
    number = atoi(text)
    return failed(0, message=f"Atoi {text}") if number is None else Many((number, None))


def _quote(text: str) -> str:
    if not (text.isascii() and text.isprintable()):
        raise UnsupportedError("strconv.Quote of what cannot be printed")
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _cut(text: str, mark: str) -> Many:
    before, found, after = text.partition(mark)
    return Many((before, after, bool(found)))


def _splits(text: str, mark: str, count: int = -1) -> Slice:
    if not mark or count == 0:
        raise UnsupportedError("strings.SplitN of nothing")
    return Slice(text.split(mark, count - 1 if count > 0 else -1))


def _index(text: str, what: str) -> int:
    return text.encode().find(what.encode())


def _index_any(text: str, marks: str) -> int:
    return min((i for i in (_index(text, mark) for mark in marks) if i >= 0), default=-1)


def _copy(to: dict[Any, Any] | None, source: dict[Any, Any] | None) -> Many:
    if to is None and source:
        raise GoPanicError("assignment to an entry of a nil map")
    if to is not None:
        to.update(source or {})
    return Many()


def _clone_map(found: Map | None) -> Map | None:
    return None if found is None else Map(found.zero, found.items())


def _clone(found: Sequenced[Any] | None) -> Slice | None:
    return None if found is None else Slice(found)


def _any(values: Sequenced[Any] | None, holds: Callable[[Any], Any]) -> bool:
    return any(holds(value) is True for value in values or ())


def _wrap(error: Any, text: str = "", *_: Any) -> Any:
    kind = getattr(error, "kind", "")
    return None if error is None else GoError(f"{text}: {error}", kind, error, "Cause")


def _join_host(host: str, port: str) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _join_path(*parts: str) -> str:
    held = "/".join(part for part in parts if part)
    return posixpath.normpath(held) if held else ""


def once() -> Native:
    """sync.Once."""
    done: list[bool] = []

    def do(function: Callable[[], Any]) -> Many:
        if not done:
            done.append(True)
            function()
        return Many()

    return Native("sync.Once", {"Do": do})


def _once_value(function: Callable[[], Any]) -> Callable[[], Any]:
    """sync.OnceValue and sync.OnceValues."""
    made: list[Any] = []

    def value() -> Any:
        if not made:
            made.append(function())
        return made[0]

    return value


def atomic(first: Any) -> Native:
    """sync/atomic.Bool, Pointer, Value and the numbers."""
    held = [first]

    def set_to(value: Any) -> Many:
        held[0] = value
        return Many()

    def swap(value: Any) -> Any:
        old, held[0] = held[0], value
        return old

    def add(count: int) -> Any:
        held[0] += count
        return held[0]

    methods: dict[str, Callable[..., Any]] = {"Load": lambda: held[0], "Store": set_to}
    return Native("sync/atomic", {**methods, "Swap": swap, "Add": add})


def _atomic_add(ref: Any, count: int) -> Any:
    ref.set(ref.get() + count)
    return ref.get()


def _atomic_store(ref: Any, value: Any) -> Many:
    ref.set(value)
    return Many()


_WIDTHS = ("Int32", "Int64", "Uint32", "Uint64")
ATOMICS: dict[str, Any] = {
    **{f"sync/atomic.Add{width}": _atomic_add for width in _WIDTHS},
    **{f"sync/atomic.Load{width}": lambda ref: ref.get() for width in _WIDTHS},
    **{f"sync/atomic.Store{width}": _atomic_store for width in _WIDTHS},
}


FUNCTIONS: dict[str, Any] = {
    **ATOMICS,
    "strings.HasPrefix": str.startswith,
    "strings.HasSuffix": str.endswith,
    "strings.Contains": lambda text, what: what in text,
    "strings.ContainsRune": lambda text, rune: chr(rune) in text,
    "strings.ContainsAny": lambda text, marks: any(mark in text for mark in marks),
    "strings.Index": _index,
    "strings.IndexRune": lambda text, rune: _index(text, chr(rune)),
    "strings.IndexByte": lambda text, byte: _index(text, chr(byte)),
    "strings.IndexAny": _index_any,
    "strings.LastIndex": lambda text, what: text.encode().rfind(what.encode()),
    "strings.LastIndexByte": lambda text, byte: text.encode().rfind(bytes([byte])),
    "strings.Count": str.count,
    "strings.TrimSuffix": str.removesuffix,
    "strings.TrimPrefix": str.removeprefix,
    "strings.TrimSpace": str.strip,
    "strings.Trim": str.strip,
    "strings.TrimRight": str.rstrip,
    "strings.TrimLeft": str.lstrip,
    "strings.ToLower": str.lower,
    "strings.ToUpper": str.upper,
    "strings.EqualFold": lambda one, other: one.casefold() == other.casefold(),
    "strings.Replace": lambda text, old, new, count: text.replace(old, new, count),
    "strings.ReplaceAll": lambda text, old, new: text.replace(old, new),
    "strings.Join": lambda parts, mark: mark.join(parts or []),
    "strings.Split": _splits,
    "strings.SplitN": _splits,
    "strings.Cut": _cut,
    "strings.Fields": lambda text: Slice(text.split()),
    "strconv.Atoi": _atoi,
    "strconv.Quote": _quote,
    "errors.New": GoError,
    "errors.Wrap": _wrap,
    "errors.Wrapf": _wrap,
    "errors.WithStack": lambda error: error,
    "net.SplitHostPort": _split,
    "net.JoinHostPort": _join_host,
    "sync.OnceValue": _once_value,
    "sync.OnceValues": _once_value,
    "sync.OnceFunc": _once_value,
    "maps.Keys": lambda found: Sequence(found or ()),
    "maps.Values": lambda found: Sequence((found or {}).values()),
    "maps.Clone": _clone_map,
    "maps.Copy": _copy,
    "slices.Collect": Slice,
    "slices.Clone": _clone,
    "slices.Values": lambda found: Sequence(found or ()),
    "slices.Contains": lambda found, value: value in (found or ()),
    "slices.ContainsFunc": _any,
    "slices.Concat": lambda *found: Slice(value for part in found for value in part or ()),
    # Nobody set a variable, and it is Linux.
    "os.UserConfigDir": lambda: failed("", message="no home"),
    "runtime.GOOS": "linux",
    "runtime.GOARCH": "amd64",
    "path.Join": _join_path,
    "path/filepath.Join": _join_path,
    "path/filepath.FromSlash": lambda path: path,
    "path/filepath.Clean": posixpath.normpath,
}
