"""Edits of matches that may lie within each other: none takes bytes that another one has."""

from __future__ import annotations

import pytest

from gopatch.engine.rounds import _claim
from gopatch.splice import Splice


@pytest.mark.parametrize(
    ("spans", "is_free"),
    [
        pytest.param([(0, 10)], True, id="before all"),
        pytest.param([(20, 30)], True, id="between"),
        pytest.param([(60, 70)], True, id="behind all"),
        pytest.param([(20, 30), (5, 8)], True, id="two"),
        pytest.param([(0, 11)], False, id="into the next"),
        pytest.param([(19, 30)], False, id="out of the last"),
        pytest.param([(12, 14)], False, id="inside"),
        pytest.param([(5, 50)], False, id="around"),
        pytest.param([(20, 30), (45, 46)], False, id="one of two"),
    ],
)
def test_a_claim_is_whole_or_none(spans: list[tuple[int, int]], is_free: bool) -> None:
    before = [(10, 20), (40, 50)]
    claimed = list(before)
    assert _claim(claimed, [Splice(start, end, b"") for start, end in spans]) is is_free
    assert claimed == (sorted(before + spans) if is_free else before)
