"""The rules of the judge, on observations as a perfect daemon would leave them, and on worse ones."""

from __future__ import annotations

import pytest

from gopatch.verify._wire.claims import Claims
from gopatch.verify._wire.holding import judge
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


def test_what_was_seen_is_said_of_edits_and_roads() -> None:
    found = {f.subject: f for f in judge(perfect(ALL), Claims(ALL), TRAITS).findings}
    roads = {subject.name for subject in found if subject.kind == "road"}
    assert {"login", "pull", "push", "plugin", "search", "buildkit", "reload"} <= roads
    edits = {subject.name for subject in found if subject.kind == "edit"}
    assert edits <= ALL
    assert {"flag", "guard-v2", "hosts", "search", "reload", "warn"} & ALL <= edits
    assert all(finding.status == "pass" and finding.cases for finding in found.values())


@pytest.mark.parametrize(
    ("name", "road"),
    [
        ("no falling back", "login"),
        ("listed and other attempts", ""),
        ("a reload does not turn it on", "reload"),
        ("a reload does not turn it off", "reload"),
    ],
)
def test_a_road_that_goes_wrong_has_a_finding_that_fails(name: str, road: str) -> None:
    setting, step, host, change = WRONG[name]
    verdict = judge(changed(ALL, setting, step, host, change), Claims(ALL), TRAITS)
    failed = {f.name for f in verdict.findings if f.kind == "road" and f.status == "fail"}
    assert failed == ({road} if road else set())


def test_an_edit_that_is_not_there_has_no_finding() -> None:
    found = judge(perfect(CORE), Claims(CORE), TRAITS).findings
    assert {f.name for f in found if f.kind == "edit"} <= CORE
    assert not {"search", "buildkit", "reload"} & {f.name for f in found if f.kind == "road"}


def test_of_somebody_elses_port_nothing_is_said() -> None:
    claims = Claims(ALL, foreign=True)
    assert judge(perfect(ALL), claims, TRAITS).findings == ()
