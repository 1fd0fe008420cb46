"""What is told of bytes, known once and kept by a digest of them: no file is held for an answer about it."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from hashlib import blake2b
from typing import ParamSpec, TypeVar

DIGEST = 32  # bytes of a digest: what it stands for would fill a hundred MiB
_P = ParamSpec("_P")
_T = TypeVar("_T")


@lru_cache(maxsize=256)
def digest_of(data: bytes) -> bytes:
    """What stands for the bytes of a file."""
    return blake2b(data, digest_size=DIGEST).digest()


def once(maxsize: int) -> Callable[[Callable[_P, _T]], Callable[_P, _T]]:
    """As `lru_cache`, where each argument that is bytes is known by its digest; the others can be hashed."""

    def keeping(told: Callable[_P, _T]) -> Callable[_P, _T]:
        known: dict[tuple[object, ...], _T] = {}

        @wraps(told)
        def kept(*asked: _P.args, **named: _P.kwargs) -> _T:
            all = (*asked, *sorted(named.items())) if named else asked
            key = tuple([digest_of(one) if type(one) is bytes else one for one in all])
            found = known.pop(key) if key in known else told(*asked, **named)
            known[key] = found  # the last that was asked for is the last to go
            if len(known) > maxsize:
                del known[next(iter(known))]
            return found

        return kept

    return keeping
