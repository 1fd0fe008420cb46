"""Wrong ports, made by hand or left half done: none passes, and no right one fails."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from _pytest.mark import ParameterSet

from gopatch.verify import Verdict, verdict_of
from gopatch.verify.model import judge
from tests.verify.wrong_ports import Mutant, mutants, spoilt

pytestmark = pytest.mark.thorough

# A quick run takes one of each of some kinds; .ci/run takes all.
QUICK = {
    "flag/never-true-condition", "guard/no-http-for-one-port", "reload/set-never-unlocks",
    "login/rail-gone", "part/without-rails", "fallback/trace-gone",
}  # fmt: skip
_MEMO: dict[str, object] = {}


def _cases(*kinds: str) -> Iterator[ParameterSet]:
    for mutant in mutants():
        for number, fixture in enumerate(mutant.fixtures):
            quick = mutant.name in QUICK and number == 0
            marks = () if quick else pytest.mark.kills
            if mutant.kind in kinds:
                yield pytest.param(mutant, fixture, marks=marks, id=f"{mutant.name}-{fixture}")


def _verdict(mutant: Mutant, fixture: str) -> Verdict:
    port, source = spoilt(mutant, fixture)
    return verdict_of([judge(port, source, {"memo": _MEMO})], port, source)


@pytest.mark.parametrize(("mutant", "fixture"), list(_cases("real")))
def test_a_wrong_port_is_condemned(mutant: Mutant, fixture: str) -> None:
    verdict = _verdict(mutant, fixture)
    said = "\n".join(verdict.opinions[0].summary)
    doubted = verdict.status in ("partial", "inconclusive") and mutant.name in DOUBTED
    assert verdict.status == "fail" or doubted, said


@pytest.mark.kills
@pytest.mark.parametrize(("mutant", "fixture"), list(_cases("same")))
def test_a_right_port_does_not_fail(mutant: Mutant, fixture: str) -> None:
    verdict = _verdict(mutant, fixture)
    assert verdict.status in ("pass", "partial"), "\n".join(verdict.opinions[0].summary)


def test_there_are_as_many_as_were_handed_over() -> None:
    assert len([mutant for mutant in mutants() if mutant.kind == "real"]) == 105
    assert len({mutant.name for mutant in mutants()}) == len(mutants())


@pytest.mark.kills
def test_every_mutant_finds_its_place() -> None:
    for mutant in mutants():
        for fixture in mutant.fixtures[: 1 if mutant.without else None]:
            port, _ = spoilt(mutant, fixture)
            assert port.changes


# What the model cannot tell from right; each is named by its edit, and another judge is asked.
DOUBTED = {
    "fallback/host-without-port",
    "fallback/gives-up-ctx-ignored",
    "fallback/warning-gone",
}
