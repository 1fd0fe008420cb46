"""Whether a running service turns its option under a lock: lookups go on while a reload does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from gopatch.evaluate import Machine, Pointer, Struct
from gopatch.evaluate.go_values import Lock


class _Watched(dict[str, Any]):
    """The fields of a struct. Which of some was read while no lock was held, or written while none was
    held for writing, is kept."""

    def __init__(self, fields: dict[str, Any], names: set[str], machine: Machine) -> None:
        super().__init__(fields)
        self.names, self.machine, self.bare = names, machine, set[str]()

    def locks(self) -> Iterator[Lock]:
        """The struct's own, and those of the package."""
        package = self.machine.package.variables
        return _locks([*self.values(), *map(self.machine.known_variable, package)])

    def __getitem__(self, name: str) -> Any:
        if name in self.names and not any(lock.writer or lock.readers for lock in self.locks()):
            self.bare.add(f"{name} is read")
        return super().__getitem__(name)

    def __setitem__(self, name: str, value: Any) -> None:
        if name in self.names and not any(lock.writer for lock in self.locks()):
            self.bare.add(f"{name} is written")
        super().__setitem__(name, value)


def watched(machine: Machine, service: Any, stock: Any) -> set[str]:
    """Which booleans that the service has beside the original's are read or written from now on without
    a lock; none where the original's has no lock either, or nothing is known of it."""
    struct = service.target if isinstance(service, Pointer) else service
    other = stock.target if isinstance(stock, Pointer) else stock
    if not (isinstance(struct, Struct) and isinstance(other, Struct)) or not any(
        _locks(other.fields.values())
    ):
        return set()
    own = {n for n, v in struct.fields.items() if isinstance(v, bool) and n not in other.fields}
    struct.fields = made = _Watched(struct.fields, own, machine)
    return made.bare


def _locks(values: Iterable[Any]) -> Iterator[Lock]:
    for value in values:
        held = value.target if isinstance(value, Pointer) else value
        if isinstance(held, Lock):
            yield held
