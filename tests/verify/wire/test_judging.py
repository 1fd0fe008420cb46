"""The rules of the judge, on observations as a perfect daemon would leave them, and on worse ones."""

from __future__ import annotations

import pytest

from gopatch.verify._wire.claims import Claims
from gopatch.verify._wire.judging import judge
from tests.verify.wire.judging_world import (
    ALL,
    CORE,
    TRAITS,
    WRONG,
    changed,
    perfect,
)


@pytest.mark.parametrize("edits", [ALL, CORE, ALL - {"hosts"}, ALL - {"search"}, ALL - {"reload"}])
def test_a_daemon_that_is_right_passes(edits: frozenset[str]) -> None:
    verdict = judge(perfect(edits), Claims(edits), TRAITS)
    assert verdict.summary == ()
    assert verdict.status == "pass"
    assert verdict.counterexample == ""
    assert sum(case.total for case in verdict.cases) > 200


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_found(name: str) -> None:
    setting, road, host, change = WRONG[name]
    verdict = judge(changed(ALL, setting, road, host, change), Claims(ALL), TRAITS)
    assert verdict.status == "fail"
    assert any(setting in line and road in line for line in verdict.summary)
    assert setting in verdict.counterexample
    assert any(case.status == "fail" for case in verdict.cases)
