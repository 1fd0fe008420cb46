"""Objects of a git repository by their names, from one `git cat-file --batch` that stays open."""

from __future__ import annotations

import os
import select
import weakref
from collections.abc import Sequence
from subprocess import Popen
from typing import NamedTuple

from gopatch.errors import SourceError
from gopatch.source import _git
from gopatch.source.entries import LARGEST

_SECONDS = 60
_AHEAD = 60  # names that are asked for at once: the smallest pipe holds them, so that nobody waits


class Object(NamedTuple):
    """What kind an object is ("commit", "tree", "blob", "tag"), its name in hex, and its bytes."""

    kind: str
    id: str
    data: bytes


class Objects:
    """Objects are looked up by name (40 or 64 hex), or as git finds one; it is started with the first question."""

    def __init__(self, found: _git.FoundRepository) -> None:
        self._found = found
        self._process: Popen[bytes] | None = None
        self._read = b""

    def get(self, id: str) -> Object:
        """An object; SourceError where it is missing, broken, or larger than LARGEST."""
        return self.many([id])[0]

    def many(self, ids: Sequence[str]) -> list[Object]:
        """Objects in the order of `ids`, asked for ahead; errors as of `get`."""
        found: list[Object] = []
        for at in range(0, len(ids), _AHEAD):
            part = ids[at : at + _AHEAD]
            try:
                self._ask(part)
                found += map(self._answer, part)
            except SourceError:
                self._end()  # it has more to say, to what nobody asks any more
                raise
        return found

    def _ask(self, ids: Sequence[str]) -> None:
        process = self._running()
        assert process.stdin is not None
        try:
            process.stdin.write("".join(f"{id}\n" for id in ids).encode())
        except OSError:
            raise self._missing(ids[0]) from None

    def _answer(self, id: str) -> Object:
        head = self._line(id).split()
        if len(head) != 3 or not head[2].isdigit():
            raise self._missing(id)
        size = int(head[2])
        if size > LARGEST:
            raise SourceError(
                f"object {id} has {size:,} bytes, more than gopatch reads", path=self._found.path
            )
        data = self._exactly(size + 1, id)[:-1]
        return Object(head[1].decode(), head[0].decode(), data)

    def _line(self, id: str) -> bytes:
        process = self._running()
        try:
            while b"\n" not in self._read:
                self._more(process)
        except (OSError, EOFError):
            raise self._missing(id) from None
        head, _, self._read = self._read.partition(b"\n")
        return head

    def _exactly(self, size: int, id: str) -> bytes:
        process = self._running()
        parts = [self._read[:size]]
        self._read = self._read[size:]
        left = size - len(parts[0])
        try:
            while left:
                self._more(process)
                parts.append(self._read[:left])
                self._read = self._read[left:]
                left -= len(parts[-1])
        except (OSError, EOFError):
            raise self._missing(id) from None
        return b"".join(parts)

    def _more(self, process: Popen[bytes]) -> None:
        assert process.stdout is not None
        ready, _, _ = select.select([process.stdout], [], [], _SECONDS)
        found = os.read(process.stdout.fileno(), 1 << 16) if ready else b""
        if not found:
            raise EOFError
        self._read += found

    def _running(self) -> Popen[bytes]:
        if self._process is None:
            self._process = _git.stream(self._found, ["cat-file", "--batch"])
            weakref.finalize(self, _stop, self._process, os.getpid())
        return self._process

    def _end(self) -> None:
        if self._process is not None:
            _stop(self._process, os.getpid())
        self._process, self._read = None, b""

    def _missing(self, id: str) -> SourceError:
        hint = "`git fsck` shows what else is; fetch the repository anew"
        if (self._found.common_dir / "shallow").is_file():
            hint = "this is a shallow clone: `git fetch --unshallow`"
        elif any((self._found.common_dir / "objects" / "pack").glob("*.promisor")):
            hint = "this is a partial clone, and gopatch fetches nothing: `git fetch --refetch`"
        return SourceError(f"object {id} is missing or broken", path=self._found.path, hint=hint)


def _stop(process: Popen[bytes], owner: int) -> None:
    """End git; a process that was forked off keeps its hands from its parent's."""
    if os.getpid() != owner:
        return
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
