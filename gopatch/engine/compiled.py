"""The text of a .patch file -> its patterns, compiled once, however often they are asked for."""

from __future__ import annotations

from functools import lru_cache

from gopatch.engine.pattern import Pattern, compile_patch
from gopatch.errors import PatchError


@lru_cache(maxsize=1024)
def compiled(text: str, shown: str) -> tuple[Pattern, ...]:
    """The changes of a .patch file; `shown` is what messages call it.

    Raises PatchError for whatever is wrong with it.
    """
    try:
        return compile_patch(text, shown)
    except RecursionError:
        raise PatchError("is nested too deeply", path=shown) from None
