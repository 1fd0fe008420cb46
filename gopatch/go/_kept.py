"""The Go files that were parsed last."""

from __future__ import annotations

from typing import Generic, TypeVar

_T = TypeVar("_T")


class ParsedFiles(Generic[_T]):
    """The files that were asked for last; a tree with its view takes some hundred times the bytes of its file.

    The largest does not count: a small file between two looks at a large one must not cost a parse of it.
    """

    LIMIT = 150_000  # bytes of Go, which a run looks at again and again: those of some five files

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._files: dict[bytes, _T] = {}
        self._size = 0

    def get(self, data: bytes) -> _T | None:
        found = self._files.pop(data, None)
        if found is not None:
            self._files[data] = found  # the last that was asked for is the last to go
        return found

    def keep(self, data: bytes, file: _T) -> _T:
        self._size -= len(data) if self._files.pop(data, None) is not None else 0
        self._files[data] = file
        self._size += len(data)
        largest = max(map(len, self._files))
        for oldest in list(self._files):
            if self._size - largest <= self._limit or oldest is data:
                break
            if len(oldest) < largest or len(data) == largest:
                self._size -= len(oldest)
                del self._files[oldest]
        return file

    def forget(self) -> None:
        self._files.clear()
        self._size = 0
