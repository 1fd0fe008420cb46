"""Which calls are those of a guard: by its name, and where it is a method, by what it is one of.

A fork may have functions of the same names, which guard nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Set

from gopatch.go.tree import Syntax

Types = Callable[[Syntax], frozenset[bytes]]
"""The types that a function declares what stands before the dot of a call with; empty where it tells none."""


class Guards:
    """The guards of a handout, as patch.toml has them: `Name`, `Type.Name`, or `.Name`, of an element."""

    def __init__(self, told: Iterable[str], types: Types) -> None:
        self._owners: dict[str, set[bytes]] = {}
        self._free: set[str] = set()
        self._types = types
        for guard in told:
            owner, dot, name = guard.rpartition(".")
            if dot:
                self._owners.setdefault(name, set()).add(owner.encode())
            else:
                self._free.add(name)

    def takes(self, call: Syntax) -> bool:
        """Whether a call is that of a guard which only looks at what it is given."""
        return called_name(call) in self._free or self._is_typed(call)

    def asks(self, call: Syntax, elements: Set[bytes]) -> bool:
        """Whether a call asks a guard about an element, by one of its names."""
        name = called_name(call)
        own = {part.text for part in call.children[0].children[:1]} & elements
        if own and (name in self._free or b"" in self._owners.get(name, ())):
            return True
        return self.takes(call) and any(
            part.text in elements for part in call.children[-1].children
        )

    def _is_typed(self, call: Syntax) -> bool:
        owners = self._owners.get(called_name(call), set()) - {b""}
        return bool(owners) and bool(found := self._types(call)) and found <= owners


def called_name(call: Syntax) -> str:
    """The function's or method's name, whatever stands before it."""
    return call.children[0].text[-200:].rpartition(b".")[2].decode(errors="replace")
