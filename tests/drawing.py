"""Which of many cases a run takes: all, or those that the commit draws, where .ci/run says which it is."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Sequence
from hashlib import sha256

import pytest
from _pytest.mark.structures import ParameterSet

SHARE = 3  # .ci/run takes one of so many; benchmarks/judges.py takes all


def drawn(name: str) -> bool:
    """Whether a case is taken: GOPATCH_SEED draws, and without it every one is."""
    seed = os.environ.get("GOPATCH_SEED")
    return not seed or sha256(f"{seed}:{name}".encode()).digest()[0] % SHARE == 0


def one_of(names: Sequence[str], whose: str = "") -> Sequence[str]:
    """The one that GOPATCH_SEED draws for somebody, and without it all of them."""
    seed = os.environ.get("GOPATCH_SEED")
    if not seed:
        return names
    lot = sha256(f"{seed}:{whose}".encode()).digest()
    return [names[int.from_bytes(lot[:4], "big") % len(names)]]


# Each is of another age of Docker: where a question is asked of a fixture once more for each of
# many things, the default tests ask it of these, and the thorough ones of all.
TYPICAL = ("v1.7.1", "v1.13.1", "v20.10.27", "docker-v29")


def few(cases: Iterable[str], at_once: Collection[str] = TYPICAL) -> list[ParameterSet]:
    """The cases, those put off that are not to be looked at in every run."""
    return [
        pytest.param(one, marks=[] if one in at_once else [pytest.mark.thorough]) for one in cases
    ]
