"""What condemns a port must be so twice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import pytest

from gopatch.verify import Case
from gopatch.verify._go.confirming import confirmed
from gopatch.verify._go.two_sides import Report

Lines = Sequence[str]
WRONG = "  push at silent: nothing is asked; right is: https hello"
OTHER = "  push at late: nothing is asked; right is: https hello"
LEAK = "  a leak: the password goes over plain HTTP (push at late)"


class _Work(NamedTuple):
    report: Report
    options: dict[str, Any]


def judged(
    *times: dict[str, Lines], memo: dict[Any, Any] | None = None
) -> tuple[Report, list[Any]]:
    """The report on cases that are wrong by these lines, time after time, and the memo of each time."""
    asked: list[Any] = []

    def step(work: Any) -> None:
        found = times[len(asked)]
        asked.append(work.options["memo"])
        work.report.summary.append("roads: driven")
        for name, wrong in found.items():
            status = "fail" if wrong else "pass"
            work.report.add(name, status, 9, f"{name}: {9 - len(wrong)} of 9", *wrong)

    work: Any = _Work(Report(), {"memo": memo})
    confirmed(work, step)
    return work.report, asked


def test_what_is_right_is_asked_once() -> None:
    memo: dict[Any, Any] = {}
    report, asked = judged({"pull": (), "push": ()}, memo=memo)
    assert report.cases == [Case("pull", "pass", 9), Case("push", "pass", 9)]
    assert report.summary == ["roads: driven", "pull: 9 of 9", "push: 9 of 9"]
    assert len(asked) == 1
    assert asked[0] is memo


def test_what_is_wrong_is_asked_anew_of_both_sides() -> None:
    _, asked = judged({"push": [WRONG]}, {"push": [WRONG]}, memo={"walks": "of before"})
    assert asked == [{"walks": "of before"}, None]


@pytest.mark.parametrize(
    ("first", "again"),
    [
        ([WRONG], [WRONG]),
        ([WRONG, LEAK], [LEAK]),
        ([WRONG, OTHER], [OTHER, WRONG]),
        (["  push crashes (panic: &{0xc0000a2100})"], ["  push crashes (panic: &{0xc0001b4000})"]),
        (["  step 1: open /tmp/roads17/003/daemon.json"], ["  step 1: open /tmp/roads9/004/daemon.json"]),
        (["  step 1: ends in an error: dial 127.0.0.1:40111: refused"], ["  step 1: ends in an error: dial 127.0.0.1:51223: refused"]),
    ],
)  # fmt: skip
def test_what_is_wrong_twice_condemns_and_is_told_once(first: Lines, again: Lines) -> None:
    report, _ = judged({"pull": (), "push": first}, {"pull": (), "push": again})
    assert report.cases == [Case("pull", "pass", 9), Case("push", "fail", 9)]
    assert report.summary[2:] == [f"push: {9 - len(first)} of 9", *first]


@pytest.mark.parametrize(
    "again",
    [{"push": ()}, {"push": [OTHER]}, {}, {"pull": [WRONG], "push": ()}],
    ids=["is right then", "another one is wrong then", "cannot be asked then", "another road is wrong"],
)  # fmt: skip
def test_what_is_wrong_once_condemns_nothing_and_passes_nothing(again: dict[str, Lines]) -> None:
    report, _ = judged({"pull": (), "push": [WRONG, LEAK]}, again)
    assert report.cases == [Case("pull", "pass", 9), Case("push", "inconclusive", 9)]
    assert report.summary[2:4] == ["push: 7 of 9", WRONG]
    assert "the machine is too busy" in report.summary[4]
    assert not any("a leak" in line for line in report.summary)


def test_what_is_told_beside_is_kept() -> None:
    report, _ = judged({"push": [WRONG]}, {"push": ()})
    assert report.summary[0] == "roads: driven"
