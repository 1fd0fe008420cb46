"""A part of benchmarks/rails.py: the files that a rail names, of one fixture, cut and moved."""

from __future__ import annotations

import os
import random

import pytest

from benchmarks.rails import bare, cut, fixture, left, moved
from gopatch.port.work import Memo

FIXTURE = "v1.13.1"
NAMED = ["distribution/pull.go", "distribution/push.go", "daemon/image_pull.go"]
CUTS = 120  # of some 240: each is a port that nothing was kept of


@pytest.mark.real
def test_what_is_cut_or_moved_keeps_its_rails_or_is_refused() -> None:
    files, memo = fixture(FIXTURE), Memo()
    assert left(files, memo) == []
    draw = random.Random(os.environ.get("GOPATCH_SEED", "rails"))
    for what, tree in (*draw.sample(list(cut(files, NAMED)), CUTS), *moved(files)):
        assert not left(tree, memo), what


def test_the_count_sees_a_loop_without_a_rail() -> None:
    """The stock source has all loops and no rail: the count shares nothing with what makes them."""
    assert len(bare(fixture(FIXTURE))) == 4
