"""Fields of a struct that has a lock of its own: which are asked for or set while nobody holds it, although elsewhere
somebody does.

Nothing here runs at the same time, and what Go's detector of races sees when it comes to pass is told from how a
field is kept: once with the lock and once without is the mark of a race (Savage et al., "Eraser", 1997).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from gopatch.evaluate.go_values import Lock, Map, Slice


class SharedFields(dict[str, Any]):
    """The fields of one struct, of which some are looked after; from when its lock is first taken, others may
    have the struct."""

    def __init__(
        self,
        known: list[SharedFields],
        type_name: str,
        fields: dict[str, Any],
        names: Collection[str],
    ) -> None:
        super().__init__(fields)
        self.type, self.names, self._known = type_name, frozenset(names), known
        known.append(self)
        self._locks = [value for value in fields.values() if isinstance(value, Lock)]
        self._held, self._bare, self._written = set[str](), set[str](), set[str]()

    def renewed(self, fields: dict[str, Any]) -> SharedFields:
        """Those of a copy of the struct."""
        return SharedFields(self._known, self.type, fields, self.names)

    @property
    def races(self) -> set[str]:
        """The fields that are kept with the lock and without it, and are set."""
        return self._held & self._bare & self._written

    @property
    def is_locked(self) -> bool:
        """Whether somebody holds a lock of the struct."""
        return any(lock.writer or lock.readers for lock in self._locks)

    def __getitem__(self, name: str) -> Any:
        value = super().__getitem__(name)
        # Who has a map or a slice may well set an entry of it.
        self._note(name, sets=isinstance(value, Map | Slice))
        return value

    def __setitem__(self, name: str, value: Any) -> None:
        self._note(name, sets=True)
        super().__setitem__(name, value)

    def _note(self, name: str, *, sets: bool) -> None:
        if name not in self.names or not any(lock.taken for lock in self._locks):
            return
        (self._held if self.is_locked else self._bare).add(name)
        if sets:
            self._written.add(name)


def watched(
    known: list[SharedFields], type_name: str, fields: dict[str, Any], own: Collection[str]
) -> dict[str, Any]:
    """The fields of a new struct, of which a port has written some; if it has a lock they are looked after, and
    among the known."""
    if not own or not any(isinstance(value, Lock) for value in fields.values()):
        return fields
    return SharedFields(known, type_name, fields, own)
