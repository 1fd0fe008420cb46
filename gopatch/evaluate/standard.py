"""Functions of Go's standard library that are plain functions of strings, lists and maps."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from collections.abc import Sequence as Sequenced
from typing import Any

from gopatch.evaluate.values import (
    GoError,
    GoPanicError,
    Many,
    Map,
    Native,
    Sequence,
    Slice,
    Spread,
    UnsupportedError,
)
from gopatch.go.net import atoi, split_host_port


def failed(*results: Any, kind: str = "", message: str = "") -> Many:
    """Results of a call that ends in an error."""
    return Many((*results, GoError(message, kind)))


def nothing(*_: Any) -> Many:
    return Many()


def sprintf(form: str, *values: Any) -> str:
    """fmt.Sprintf for strings, numbers and booleans."""
    flat = [*values[:-1], *values[-1]] if values and isinstance(values[-1], Spread) else [*values]
    rest = iter(flat)

    def one(found: re.Match[str]) -> str:
        verb = found.group(1)
        return "%" if verb == "%" else _formatted(verb, next(rest, None))

    return re.sub(r"%([a-zA-Z%])", one, form)


def _formatted(verb: str, value: Any) -> str:
    if verb in "sv" and isinstance(value, str):
        return value
    if verb in "tv" and isinstance(value, bool):
        return str(value).lower()
    if verb in "dv" and isinstance(value, int):
        return str(value)
    if verb == "q" and isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    raise UnsupportedError(f"fmt.Sprintf with `%{verb}` of this value")


def _message(form: str, *_: Any) -> GoError:
    return GoError(form)


def _split(text: str) -> Many:
    found = split_host_port(text)
    return failed("", "", message=f"address {text}") if found is None else Many((*found, None))


def _atoi(text: str) -> Many:
    number = atoi(text)
    return failed(0, message=f"Atoi {text}") if number is None else Many((number, None))


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


def _wrap(error: Any, *_: Any) -> Any:
    return None if error is None else GoError("wrapped", getattr(error, "kind", ""))


def _is(error: Any, target: Any) -> bool:
    kind = getattr(target, "kind", "")
    return error is target or bool(kind and getattr(error, "kind", "") == kind)


def _join_host(host: str, port: str) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


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


def lock() -> Native:
    """sync.Mutex and sync.RWMutex: nothing here runs at the same time."""
    return Native("sync", dict.fromkeys(("Lock", "Unlock", "RLock", "RUnlock"), nothing))


def atomic_bool() -> Native:
    """sync/atomic.Bool."""
    held = [False]

    def set_to(value: bool) -> Many:
        held[0] = value
        return Many()

    return Native("sync/atomic.Bool", {"Load": lambda: held[0], "Store": set_to})


NO_FILE = GoError("file does not exist", "not-exist")

FUNCTIONS: dict[str, Any] = {
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
    "strconv.Atoi": _atoi,
    "fmt.Sprintf": sprintf,
    "fmt.Errorf": _message,
    "errors.New": GoError,
    "errors.Errorf": _message,
    "errors.Wrap": _wrap,
    "errors.Wrapf": _wrap,
    "errors.WithStack": lambda error: error,
    "errors.Is": _is,
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
    # Nothing lies in any folder, nobody set a variable, and it is Linux.
    "os.ReadDir": lambda _: Many((None, NO_FILE)),
    "os.IsNotExist": lambda error: getattr(error, "kind", "") == "not-exist",
    "os.ErrNotExist": NO_FILE,
    "os.Getenv": lambda _: "",
    "os.UserConfigDir": lambda: failed("", message="no home"),
    "runtime.GOOS": "linux",
    "runtime.GOARCH": "amd64",
    "path/filepath.Join": posixpath.join,
    "path/filepath.FromSlash": lambda path: path,
    "path/filepath.Clean": posixpath.normpath,
}
