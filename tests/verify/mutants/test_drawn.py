"""Mutants of the ports of two fixtures, drawn by the commit: how many the judge `model` notices."""

from __future__ import annotations

import os

import pytest

from gopatch.port.work import work_out
from gopatch.recipe.read import load as load_patch
from gopatch.source.directory import Directory
from gopatch.verify import Asked, Tally, equivalents, load, try_mutants
from gopatch.verify._mutants.drawing import mutants
from tests.conftest import FIXTURES

pytestmark = pytest.mark.kills

PATCH = "accept-insecure-registry"
COUNT = 12
# By `model` alone, and of so few that a commit may draw many which do not compile, which is Go's to
# find, or what nobody has stated as equivalent yet: a rate of all would be half, and an eighth.
RATE = 1 / 4
SURVIVORS = COUNT // 3


def test_what_is_called_equivalent_is_a_mutant() -> None:
    """A row that fits nothing would be believed for ever."""
    known = set(equivalents(PATCH))
    assert known
    for fixture in ("v24.0.9", "docker-v29"):
        source = Directory(FIXTURES / fixture)
        for mutant in mutants(work_out(load_patch(PATCH), source), source):
            known -= {each for each in known if each.is_meant(mutant)}
    assert not known


@pytest.mark.parametrize("fixture", ["v1.13.1", "v24.0.9"])
def test_drawn_mutants_are_condemned_or_doubted(fixture: str) -> None:
    source = Directory(FIXTURES / fixture)
    port = work_out(load_patch(PATCH), source)
    seed = os.environ.get("GOPATCH_SEED", "1")
    asked = Asked([load("model")], {}, COUNT, seed, equivalents(PATCH))
    tally = Tally(tuple(try_mutants(port, source, asked)))
    said = "\n".join(tally.lines())
    assert len(tally.counted) == COUNT, said
    assert len(tally.of("survives")) <= SURVIVORS, said
    assert len(tally.of("killed")) >= RATE * COUNT, said
