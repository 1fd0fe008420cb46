"""How deep brackets stand in brackets: what is deeper than any Go that somebody wrote is not parsed."""

from __future__ import annotations

import re
from functools import lru_cache

DEEPEST = 1000  # brackets in brackets; of all Go in Docker's tree, vendored too, none has 200
_BRACKETS = re.compile(rb"[({\[]+|[)}\]]+")


@lru_cache(maxsize=512)
def is_too_deep(data: bytes) -> bool:
    """Whether more than DEEPEST brackets are open at once; strings and comments count as code."""
    if data.count(b"(") + data.count(b"{") + data.count(b"[") <= DEEPEST:
        return False
    depth = 0
    for run in _BRACKETS.finditer(data):
        size = run.end() - run.start()
        depth = depth + size if run[0][:1] in b"({[" else max(0, depth - size)
        if depth > DEEPEST:
            return True
    return False
