"""Wrong ports, made by hand or left half done: none passes, and no right one fails."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from _pytest.mark import ParameterSet

from gopatch.verify import Verdict, verdict_of
from gopatch.verify.model import judge
from tests.drawing import one_of
from tests.verify.wrong_ports import Mutant, mutants, ported, spoilt, spoilt_further

pytestmark = pytest.mark.thorough

# A quick run takes one of each of some kinds; .ci/run takes every one, on a layout that the commit draws.
QUICK = {
    "flag/never-true-condition", "guard/no-http-for-one-port", "reload/set-never-unlocks",
    "login/rail-gone", "part/without-rails", "fallback/trace-gone", "watch/default-option-on",
    "fallback/no-answer-kept-in-silence", "shape/two-conditions-at-once", "shape/by-a-regular-expression",
    "certs/not-read-under-the-option",
}  # fmt: skip
ALL = (*mutants(), *mutants("invented.toml"))
_MEMO: dict[str, object] = {}

# What the model cannot tell from right: each is named by its edit, and another judge is asked.
DOUBTED = {
    "fallback/gives-up-ctx-ignored": "inconclusive",
    "fallback/warning-gone": "inconclusive",
    "fallback/neither-answer-nor-error": "inconclusive",
    "fallback/no-answer-kept-in-silence": "inconclusive",
    # A right port may go on with a reload in the background, and log before that is done.
    "reload/in-the-background-v20.10.27": "inconclusive",
    # Only Go's own detector of races sees them, where something runs at the same time.
    "reload/set-without-a-lock": "inconclusive",
    "reload/set-under-a-lock-for-readers": "inconclusive",
    "ask/without-a-lock": "inconclusive",
    "store/set-in-the-background": "inconclusive",
    "lock/answer-noted-without": "inconclusive",
    "lock/shown-read-without": "inconclusive",
    # No case has so many, or such a mirror: what asks for them always has one answer.
    "store/many-listed-turn-it-on": "partial",
    "guard/on-beside-one-second-mirror": "partial",
    # There are no files, and a variable is set for the lookups alone.
    "store/on-where-a-file-is": "partial",
    "ask/on-by-a-variable": "partial",
    "ask/on-by-a-variable-through-another-name": "partial",
    "guard/on-where-a-file-can-be-read": "partial",
    "answer/timeout-is-an-answer": "partial",
    # No request has such a header or context, no search one, and no daemon runs for a day.
    "asked/builds-by-header": "partial",
    "asked/builds-by-context": "partial",
    "asked/search-header": "partial",
    "time/off-after-a-day": "partial",
    # Nothing is looked up 65536 times.
    "asked/on-when-a-counter-comes-round": "partial",
    # What is not said is not known.
    "papers/man-without-order": "partial",
    # No host is found for which the whole address is as long.
    "shape/whole-address-of-one-length": "partial",
    "answer/http-urls-too": "partial",
    # No clause of the contract is told in these words.
    "papers/man-strange-words": "partial",
    # Nobody calls what is spoilt there: plugins come as images do, and a client is not copied.
    "first/plugin-asks-http-v1.13.1": "partial",
    "first/plugin-no-time-limit-v1.13.1": "partial",
    "first/plugin-asks-every-time-none-v1.13.1": "partial",
    "first/plugin-other-port-free-v1.13.1": "partial",
    "fallback/option-asked-once-in-over-docker-v29": "partial",
    "fallback/client-changed-in-place-docker-v29": "partial",
}

# At once in one tree: each has to be named beside all the others.
MANY = (
    "flag/on-by-default-after-registering", "option/tag-string", "store/also-on-for-many-mirrors",
    "store/env-too", "guard/no-http-for-:443", "guard/default-tls-minimum-lost", "ask/ask-inverted",
    "reload/never-called", "reload/set-also-clears-the-list", "reload/service-gets-negation",
    "login/rail-gone", "pull/rail-negated", "push/rail-gone", "inspect/answered-never-true",
    "plugin/guard-dropped", "hosts/always-accepted-20", "hosts/any-error-is-no-answer-20",
    "hosts/mirrors-fall-back-20", "search/always", "search/listed-lose-http", "warn/start-warning-gone",
    "warn/info-warning-inverted", "first/handshake-not-watched", "answer/pointer-record",
    "watch/answered-by-status-only", "fallback/hasAnswered-gone", "fallback/hub-index-forgotten",
)  # fmt: skip
LEAKS = ("login", "push", "inspect", "search", "hosts", "plugin")


def _cases(*kinds: str) -> Iterator[ParameterSet]:
    for mutant in ALL:
        taken = one_of(mutant.fixtures, mutant.name)
        for number, fixture in enumerate(mutant.fixtures if mutant.kind in kinds else ()):
            quick = mutant.name in QUICK and number == 0
            if quick or fixture in taken:
                marks = () if quick else pytest.mark.kills
                yield pytest.param(mutant, fixture, marks=marks, id=f"{mutant.name}-{fixture}")


def _verdict(mutant: Mutant, fixture: str) -> Verdict:
    port, source = spoilt(mutant, fixture)
    return verdict_of([judge(port, source, {"memo": _MEMO, "briefly": True})], port, source)


@pytest.mark.parametrize(("mutant", "fixture"), list(_cases("real")))
def test_a_wrong_port_is_condemned(mutant: Mutant, fixture: str) -> None:
    verdict = _verdict(mutant, fixture)
    said = "\n".join((verdict.status, *verdict.opinions[0].summary))
    doubted = DOUBTED.get(mutant.name, DOUBTED.get(f"{mutant.name}-{fixture}"))
    assert verdict.status == (doubted or "fail"), said
    unjudged = {subject.name for subject in verdict.unjudged}
    failed = {f.name: f.reason for f in verdict.findings if f.status == verdict.status}
    named = unjudged if verdict.status == "partial" else failed
    assert mutant.without or mutant.edit in named, said
    assert all(failed.values()), said


@pytest.mark.kills
@pytest.mark.parametrize(("mutant", "fixture"), list(_cases("same")))
def test_a_right_port_does_not_fail(mutant: Mutant, fixture: str) -> None:
    verdict = _verdict(mutant, fixture)
    assert verdict.status in ("pass", "partial"), "\n".join(verdict.opinions[0].summary)


def test_a_tree_of_many_faults_has_each_of_them_named() -> None:
    by_name = {mutant.name: mutant for mutant in ALL}
    port, source = ported("v20.10.27")
    for name in MANY:
        port = spoilt_further(port, source, by_name[name])
    opinion = judge(port, source, {"memo": _MEMO})
    failed = {f.name: f.reason for f in opinion.findings if f.status == "fail"}
    assert {by_name[name].edit for name in MANY} <= failed.keys()
    assert all(failed.values())
    for road in LEAKS:
        assert any(f"broken: {road}: " in li and " a leak: " in li for li in opinion.summary), road


def test_there_are_as_many_as_were_handed_over_and_more() -> None:
    handed, invented = mutants(), mutants("invented.toml")
    assert len([mutant for mutant in handed if mutant.kind == "real"]) == 105
    assert len(invented) >= 35
    assert len({mutant.name for mutant in ALL}) == len(ALL) == len(handed) + len(invented)
    assert len(MANY) == 27


@pytest.mark.kills
def test_every_mutant_finds_its_place() -> None:
    for mutant in ALL:
        for fixture in mutant.fixtures[: 1 if mutant.without else None]:
            port, _ = spoilt(mutant, fixture)
            assert port.changes
