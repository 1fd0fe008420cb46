"""The verdict of several judges: what fails, what is doubted, and what nobody looked at."""

from __future__ import annotations

import json

import pytest

from gopatch.port.judged import Case, Finding, Opinion, Status, Subject, decide, read_opinion

FLAG, PULL = Subject("edit", "flag"), Subject("road", "pull")


def opinion(judge: str, *subjects: Subject, status: Status = "pass") -> Opinion:
    findings = tuple(Finding(judge, *subject, status, "running it", 3) for subject in subjects)
    return Opinion(judge, "pass", ("seen",), (Case("all", "pass", 3),), "", findings)


def test_a_finding_for_each_is_a_pass() -> None:
    assert decide([opinion("a", FLAG, PULL)], [FLAG, PULL]).status == "pass"


def test_findings_of_several_judges_are_joined() -> None:
    assert decide([opinion("a", FLAG), opinion("b", PULL)], [FLAG, PULL]).status == "pass"


def test_what_nobody_looked_at_is_partial_and_named() -> None:
    verdict = decide([opinion("a", FLAG)], [FLAG, PULL])
    assert (verdict.status, verdict.unjudged) == ("partial", (PULL,))


@pytest.mark.parametrize("said", [[], [Opinion("a", "pass")]])
def test_a_pass_that_looked_at_nothing_is_none(said: list[Opinion]) -> None:
    assert decide(said, [FLAG]).status == "partial"


def test_nobody_at_all_is_no_pass() -> None:
    assert decide([], []).status == "partial"


@pytest.mark.parametrize("status", ["fail", "inconclusive"])
def test_one_finding_that_is_no_pass_is_the_verdict(status: Status) -> None:
    said = [opinion("a", FLAG, PULL), opinion("b", FLAG, status=status)]
    assert decide(said, [FLAG, PULL]).status == status


def test_a_failure_outweighs_doubt() -> None:
    said = [opinion("a", FLAG, status="inconclusive"), opinion("b", FLAG, status="fail")]
    assert decide(said, [FLAG]).status == "fail"


A, B = ("flag", "a.go:1"), ("flag", "b.go:2")


@pytest.mark.parametrize(
    ("model", "go", "wire", "status"),
    [
        # Wire alone, or beside one who has run all or notes nothing.
        (None, None, "pass", "pass"),
        ([], None, "pass", "pass"),
        ([("store", "a.go:1")], None, "pass", "pass"),
        # What nobody has run is not vouched for by one who saw no more than what comes out.
        ([A], None, "pass", "partial"),
        ([A], [A], "pass", "partial"),
        ([A, B], [B], "pass", "partial"),
        # One has run what the other has not.
        ([A], [], "pass", "pass"),
        ([A], [B], "pass", "pass"),
        # It may say no all the same.
        ([A], None, "fail", "fail"),
        ([A], [A], "inconclusive", "inconclusive"),
    ],
)
def test_what_no_judge_has_run_is_not_passed_by_one_who_does_not_note_it(
    model: list[tuple[str, str]] | None,
    go: list[tuple[str, str]] | None,
    wire: Status,
    status: str,
) -> None:
    said = [
        opinion("model", PULL)._replace(unrun=None if model is None else tuple(model)),
        opinion("go", PULL)._replace(unrun=None if go is None else tuple(go)),
        opinion("wire", FLAG, PULL, status=wire),
    ]
    verdict = decide(said, [FLAG, PULL])
    assert verdict.status == status
    assert verdict.unjudged == ((FLAG,) if status == "partial" else ())
    assert {f.status for f in verdict.findings if f.subject == FLAG} == {wire} - (
        {wire} if status == "partial" else set()
    )
    # A road is what wire goes itself.
    assert [f.judge for f in verdict.findings if f.subject == PULL] == ["model", "go", "wire"]


def test_the_places_that_nobody_has_run_are_told() -> None:
    said = [opinion("model")._replace(unrun=(B, A)), opinion("go")._replace(unrun=(A,))]
    verdict = decide([*said, opinion("wire", FLAG)], [FLAG])
    assert (verdict.places(FLAG), verdict.places(PULL)) == (["a.go:1"], [])


@pytest.mark.parametrize("unrun", [None, (), (A, B)])
def test_an_opinion_comes_back_from_json(unrun: tuple[tuple[str, str], ...] | None) -> None:
    said = opinion("a", FLAG, PULL, status="inconclusive")._replace(unrun=unrun)
    assert read_opinion(json.loads(json.dumps(said.table()))) == said


def test_a_verdict_is_told_with_what_comes_first() -> None:
    table = decide([opinion("a", FLAG)], [FLAG, PULL]).table()
    assert list(table) == ["verdict", "findings", "unjudged", "opinions"]
    assert table["unjudged"] == [{"kind": "road", "name": "pull"}]


@pytest.mark.parametrize("table", [{}, {"judge": "a"}, {"judge": "a", "cases": [{}]}])
def test_what_is_no_opinion_is_refused(table: dict[str, object]) -> None:
    with pytest.raises((KeyError, TypeError)):
        read_opinion(table)
