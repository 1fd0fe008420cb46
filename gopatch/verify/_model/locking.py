"""Whether a running service turns its option under a lock: lookups go on while a reload does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gopatch.evaluate import Pointer, Struct
from gopatch.evaluate.go_values import Lock


class _Watched(dict[str, Any]):
    """The fields of a struct. Which of some was read while no lock was held, or written while none was
    held for writing, is kept."""

    def __init__(self, fields: dict[str, Any], names: set[str]) -> None:
        super().__init__(fields)
        self.names, self.bare = names, set[str]()

    def __getitem__(self, name: str) -> Any:
        if name in self.names and not any(lock.writer or lock.readers for lock in _locks(self)):
            self.bare.add(f"{name} is read")
        return super().__getitem__(name)

    def __setitem__(self, name: str, value: Any) -> None:
        if name in self.names and not any(lock.writer for lock in _locks(self)):
            self.bare.add(f"{name} is written")
        super().__setitem__(name, value)


def watched(service: Any, stock: Any) -> set[str]:
    """Which booleans that the service has beside the original's are read or written from now on without
    a lock; none where the original's has no lock either, or nothing is known of it."""
    struct = service.target if isinstance(service, Pointer) else service
    other = stock.target if isinstance(stock, Pointer) else stock
    if not (isinstance(struct, Struct) and isinstance(other, Struct)) or not any(
        _locks(other.fields)
    ):
        return set()
    own = {n for n, v in struct.fields.items() if isinstance(v, bool) and n not in other.fields}
    struct.fields = made = _Watched(struct.fields, own)
    return made.bare


def _locks(fields: dict[str, Any]) -> Iterator[Lock]:
    for value in fields.values():
        held = value.target if isinstance(value, Pointer) else value
        if isinstance(held, Lock):
            yield held
