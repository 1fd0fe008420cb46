"""The names that a block binds, and what a declaration does with those that it binds itself."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple


class Scope(NamedTuple):
    """Names and where they are bound, in a block and in those around it."""

    names: dict[bytes, int]
    outer: Scope | None

    def binding(self, name: bytes) -> int:
        """Where the name is bound, -1 where it is not."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            scope = scope.outer
        return -1

    def has(self, name: bytes) -> bool:
        return self.binding(name) >= 0


class OwnNames(NamedTuple):
    """What a declaration does with the names that it binds itself.

    `inside` and `loose` count its uses of names that it binds and of those that it does not, each with
    what is taken of it behind a dot; `meant` says for where a name stands where it was bound, `unread` are
    the variables that nothing reads, `again` the `:=` that declare nothing new, and `rebound` says for where
    a name stands before a `:=` that finds it bound in its block where that was.
    """

    inside: Counter[tuple[bytes, bytes]]
    loose: Counter[tuple[bytes, bytes]]
    meant: dict[int, int]
    unread: list[tuple[bytes, int]]
    again: list[int]
    rebound: dict[int, int]
