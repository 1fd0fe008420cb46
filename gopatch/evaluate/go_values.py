"""The values that Go code works on while it runs here.

Strings, numbers, booleans and `nil` are Python's own. What Go copies and Python does not, and
what has methods, is here. Strings are text: none of Docker's rules looks inside a character.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any


class UnsupportedError(Exception):
    """Go, or a call out of the package, that is not known here; line and column count from 1."""

    def __init__(self, what: str, path: str = "", line: int = 0, column: int = 0) -> None:
        super().__init__(what)
        self.what = what
        self.path = path
        self.line = line
        self.column = column

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}: {self.what}" if self.path else self.what


class GoPanicError(Exception):
    """What Go would panic at."""


class HangError(GoPanicError):
    """Go that waits for ever: for a lock, or for an answer without a time limit."""


class GoError:
    """An error value: what `errors.New` gives. `kind` is for `errors.Is` and the like.

    `cause` is the error that it wraps, which the method `via` ("Unwrap", "Cause") gives.
    """

    def __init__(
        self, message: str, kind: str = "", cause: Any = None, via: str = "Unwrap"
    ) -> None:
        self.message = message
        self.kind = kind
        self.cause = cause
        self.via = via

    def __repr__(self) -> str:
        return f"error({self.message!r})"


class Slice(list[Any]):
    """A slice. `shared` once another slice may have the same array: then nothing is set in it."""

    __slots__ = ("shared",)

    def __init__(self, values: Iterable[Any] = ()) -> None:
        super().__init__(values)
        self.shared = False


class Map(dict[Any, Any]):
    """A map; `zero` makes what a missing key stands for."""

    __slots__ = ("zero",)

    def __init__(self, zero: Callable[[], Any], values: Iterable[tuple[Any, Any]] = ()) -> None:
        super().__init__(values)
        self.zero = zero


class Struct:
    """A struct value. Whoever stores it copies it; `type` is its name, qualified if not ours."""

    __slots__ = ("embedded", "fields", "type")

    def __init__(self, type: str, fields: dict[str, Any], embedded: tuple[str, ...] = ()) -> None:
        self.type = type
        self.fields = fields
        self.embedded = embedded

    def copy(self) -> Struct:
        made = {k: copied(v) for k, v in self.fields.items()}
        renewed = getattr(self.fields, "renewed", None)  # of fields that are looked after
        return Struct(self.type, renewed(made) if renewed else made, self.embedded)

    def holder(self, name: str) -> Struct | None:
        """The struct that has the field, itself or the one that it is promoted from."""
        if name in self.fields:
            return self
        for part in self.embedded:
            inner = self.fields[part]
            inner = inner.target if isinstance(inner, Pointer) else inner
            found = inner.holder(name) if isinstance(inner, Struct) else None
            if found is not None:
                return found
        return None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Struct) and self.type == other.type and self.fields == other.fields

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"{self.type}{self.fields!r}"


class NilMap(Map):
    """A map that nothing was made for: it is nil, can be read, and cannot be written to."""

    def __eq__(self, other: object) -> bool:
        return other is None or isinstance(other, NilMap)

    __hash__ = None  # type: ignore[assignment]


class TypeName(str):
    """The name of a type that Go declares, and the machine of the package that it is declared in."""

    __slots__ = ("home",)
    home: Any


def type_name(value: Struct) -> TypeName:
    """The type of a struct, with no home where another package's code is not at hand."""
    if isinstance(value.type, TypeName):
        return value.type
    found = TypeName(value.type)
    found.home = None
    return found


class Reference:
    """A pointer to something that is no struct: a variable, a field, an entry.

    Two are equal where they point to the same place.
    """

    __slots__ = ("get", "place", "set")

    def __init__(
        self, get: Callable[[], Any], put: Callable[[Any], None], place: tuple[Any, ...]
    ) -> None:
        self.get, self.set, self.place = get, put, place

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Reference) and self.place == other.place

    def __hash__(self) -> int:
        return hash(self.place)


class Channel:
    """A channel that nothing but `ready` is known of: whether a receive would go on."""

    __slots__ = ("ready",)

    def __init__(self, ready: Callable[[], bool]) -> None:
        self.ready = ready


class Pointer:
    """A pointer to a struct; two are equal where they point to the same one."""

    __slots__ = ("target",)

    def __init__(self, target: Struct) -> None:
        self.target = target

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Pointer) and self.target is other.target

    def __hash__(self) -> int:
        return id(self.target)

    def __repr__(self) -> str:
        return f"&{self.target!r}"


class Native:
    """A value of another package: its methods are Python functions.

    `key` makes two of them equal; without one, a value is equal to itself only.
    """

    __slots__ = ("key", "methods", "type")

    def __init__(
        self, type: str, methods: dict[str, Callable[..., Any]] | None = None, key: Any = None
    ) -> None:
        self.type = type
        self.methods = methods or {}
        self.key = key

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Native):
            return False
        return self is other or (
            self.key is not None and (self.type, self.key) == (other.type, other.key)
        )

    def __hash__(self) -> int:
        return hash((self.type, self.key)) if self.key is not None else id(self)

    def __repr__(self) -> str:
        return f"{self.type}({self.key!r})"


class Many(tuple[Any, ...]):
    """The results of a call that has not exactly one."""

    __slots__ = ()


class Spread(list[Any]):
    """The slice of a call's `x...`."""


class Sequence(list[Any]):
    """An iterator over single values, such as `maps.Keys` gives."""


class Lock(Native):
    """sync.Mutex and sync.RWMutex; `taken` once it was. Who would wait for ever is told so by GoPanicError."""

    __slots__ = ("readers", "taken", "writer")

    def __init__(self, writer: bool = False, readers: int = 0) -> None:
        super().__init__("sync")
        self.writer, self.readers, self.taken = writer, readers, False
        self.methods = {
            "Lock": self._lock, "Unlock": self._unlock, "RLock": self._read, "RUnlock": self._unread,
        }  # fmt: skip

    def copy(self) -> Lock:
        return Lock(self.writer, self.readers)

    def _lock(self) -> Many:
        if self.writer or self.readers:
            raise HangError("waits for ever for a lock that nobody releases")
        self.writer = self.taken = True
        return Many()

    def _unlock(self) -> Many:
        if not self.writer:
            raise GoPanicError("unlock of an unlocked mutex")
        self.writer = False
        return Many()

    def _read(self) -> Many:
        if self.writer:
            raise HangError("waits for ever for a lock that nobody releases")
        self.readers, self.taken = self.readers + 1, True
        return Many()

    def _unread(self) -> Many:
        if not self.readers:
            raise GoPanicError("unlock of an unlocked mutex")
        self.readers -= 1
        return Many()


def copied(value: Any) -> Any:
    """What Go stores when it stores `value`."""
    return value.copy() if isinstance(value, Struct | Lock) else value


def store(holder: Any, key: Any, value: Any) -> None:
    """Set an entry of a Python container; pointers to a struct that it holds see the change."""
    old = holder[key] if isinstance(holder, list) else holder.get(key)
    if isinstance(old, Struct) and isinstance(value, Struct):
        old.fields = value.copy().fields
        old.type = value.type
    else:
        holder[key] = copied(value)


def plain(value: Any) -> Any:
    """A value as nested tuples that can be compared and kept: pointers are followed."""
    kind = value.__class__
    if kind is str or kind is bool or kind is int or value is None:
        return value
    if kind is Pointer:
        value = value.target
    if isinstance(value, Struct):
        return value.type, tuple([(k, plain(v)) for k, v in value.fields.items()])
    if isinstance(value, dict):
        return tuple(sorted(((plain(k), plain(v)) for k, v in value.items()), key=repr))
    if isinstance(value, list):
        return tuple(map(plain, value))
    if isinstance(value, Native):
        return value.type, value.key
    return repr(value)
