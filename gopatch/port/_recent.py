"""A mapping that lets go of what nobody asks for any more, so that many refs take no more memory than some of them."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import TypeVar

_K = TypeVar("_K")
_V = TypeVar("_V")


class Recent(MutableMapping[_K, _V]):
    """What was put or asked for since the last but one `age`."""

    def __init__(self) -> None:
        self._young: dict[_K, _V] = {}
        self._old: dict[_K, _V] = {}

    def age(self) -> None:
        """What was not asked for since it aged last goes."""
        self._young, self._old = {}, self._young

    def __getitem__(self, key: _K) -> _V:
        if key not in self._young:
            self._young[key] = self._old.pop(key)
        return self._young[key]

    def __setitem__(self, key: _K, value: _V) -> None:
        self._young[key] = value

    def __delitem__(self, key: _K) -> None:
        if key not in self:
            raise KeyError(key)
        self._young.pop(key, None)
        self._old.pop(key, None)

    def __contains__(self, key: object) -> bool:
        return key in self._young or key in self._old

    def __iter__(self) -> Iterator[_K]:
        yield from {**self._old, **self._young}

    def __len__(self) -> int:
        return len(self._old.keys() | self._young.keys())
