"""Which of many cases a run takes: all, or those that the commit draws, where .ci/run says which it is."""

from __future__ import annotations

import os
from collections.abc import Sequence
from hashlib import sha256

SHARE = 3  # .ci/run takes one of so many; benchmarks/judges.py takes all


def drawn(name: str) -> bool:
    """Whether a case is taken: GOPATCH_SEED draws, and without it every one is."""
    seed = os.environ.get("GOPATCH_SEED")
    return not seed or sha256(f"{seed}:{name}".encode()).digest()[0] % SHARE == 0


def one_of(names: Sequence[str]) -> Sequence[str]:
    """The one that GOPATCH_SEED draws, and without it all of them."""
    seed = os.environ.get("GOPATCH_SEED")
    if not seed:
        return names
    return [names[int.from_bytes(sha256(seed.encode()).digest()[:4], "big") % len(names)]]
