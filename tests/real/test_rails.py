"""A part of benchmarks/rails.py: the files that a rail names, of one fixture, cut and moved."""

from __future__ import annotations

import pytest

from benchmarks.rails import bare, cut, fixture, left, moved
from gopatch.port.work import Memo

FIXTURE = "v1.13.1"
NAMED = ["distribution/pull.go", "distribution/push.go", "daemon/image_pull.go"]


@pytest.mark.real
def test_what_is_cut_or_moved_keeps_its_rails_or_is_refused() -> None:
    files, memo = fixture(FIXTURE), Memo()
    assert left(files, memo) == []
    for what, tree in (*cut(files, NAMED), *moved(files)):
        assert not left(tree, memo), what


def test_the_count_sees_a_loop_without_a_rail() -> None:
    """The stock source has all loops and no rail: the count shares nothing with what makes them."""
    assert len(bare(fixture(FIXTURE))) == 4
