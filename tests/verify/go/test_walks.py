"""Which walk of the original a walk of the port must be like, and what is said where it is not."""

from __future__ import annotations

from typing import Any

import pytest

from gopatch.model import PRESETS
from gopatch.verify._go import walks
from gopatch.verify._go.second_harness import Inside
from gopatch.verify._go.two_sides import Report
from gopatch.verify._go.visits import HUBS, REGISTRIES, ROADS, RoadVisit, visits
from gopatch.verify._go.walks import RoadSeen, like, seen_of

BY_NAME = {registry.name: registry for registry in REGISTRIES}
TRAITS = PRESETS["netip"]
SPEAKS_TLS = [r for r in REGISTRIES if r.answered == "yes"]
SILENT = [r for r in REGISTRIES if r.answered == "no"]


@pytest.mark.parametrize("registry", REGISTRIES, ids=lambda registry: registry.name)
@pytest.mark.parametrize("listed", [False, True])
@pytest.mark.parametrize("turned", [False, True])
def test_with_the_option_off_a_walk_is_like_itself(
    registry: Any, listed: bool, turned: bool
) -> None:
    walk = RoadVisit("pull", registry, listed, turned=turned)
    assert walk.likes == (RoadVisit("pull", registry, listed),)


@pytest.mark.parametrize("registry", REGISTRIES, ids=lambda registry: registry.name)
def test_the_option_changes_nothing_for_who_is_listed(registry: Any) -> None:
    walk = RoadVisit("push", registry, listed=True, accept=True)
    assert walk.likes == (RoadVisit("push", registry, listed=True),)


@pytest.mark.parametrize("registry", SPEAKS_TLS, ids=lambda registry: registry.name)
def test_who_has_answered_is_treated_as_if_the_option_were_off(registry: Any) -> None:
    assert RoadVisit("pull", registry, accept=True).likes == (RoadVisit("pull", registry),)


@pytest.mark.parametrize("registry", SILENT, ids=lambda registry: registry.name)
def test_who_has_not_answered_is_treated_as_if_listed(registry: Any) -> None:
    walk = RoadVisit("inspect", registry, accept=True, turned=True)
    assert walk.likes == (RoadVisit("inspect", registry, listed=True),)


def test_who_is_late_may_be_treated_as_either() -> None:
    found = RoadVisit("pull", BY_NAME["late"], accept=True).likes
    assert [one.listed for one in found] == [False, True]


def test_every_registry_is_visited_by_every_road_with_the_option_on_off_and_turned() -> None:
    found = list(visits(ROADS, reloads=True, briefly=False))
    assert len(found) == len(set(found))
    for road in ROADS:
        own = [one for one in found if one.road == road]
        quick = {r.name for r in REGISTRIES if not r.slow}
        assert {one.registry.name for one in own if one.turned and one.accept} >= quick
        assert {(one.listed, one.accept) for one in own if not one.turned} == {
            (a, b) for a in (False, True) for b in (False, True)
        }
        hubs = {one.registry.name for one in own} - {r.name for r in REGISTRIES}
        assert len(hubs) == (3 if road == "ping" else 0)
    assert not any(one.turned for one in visits(ROADS, reloads=False, briefly=False))
    assert not any(one.registry.slow for one in visits(ROADS, reloads=True, briefly=True))


def test_the_option_changes_nothing_for_docker_hub() -> None:
    for hub in HUBS:
        assert RoadVisit("ping", hub, accept=True).likes == (RoadVisit("ping", hub),)
        assert hub.manner()["bare"]


def test_who_pings_is_asked_with_the_option_off_and_then_with_it_on() -> None:
    asked: list[list[bool]] = []

    class Side:
        def ask(self, questions: list[Any]) -> tuple[list[Any], str]:
            asked.append([question["case"]["accept"] for question in questions])
            return [{"error": "", "log": [q["manner"]["host"]]} for q in questions], ""

    side: Any = Side()
    walked = list(visits(["ping"], reloads=False, briefly=True))
    heard = walks._heard(side, walked, TRAITS)
    assert [one.log for one in heard] == [(visit.registry.name,) for visit in walked]
    assert [set(batch) for batch in asked] == [{False}, {True}]


def test_a_question_says_how_the_server_answers_and_leaves_its_address_to_it() -> None:
    asked = RoadVisit("pull", BY_NAME["redirect"], listed=True, accept=True).question(TRAITS)
    assert asked["case"]["insecure"] == ["HOST"]
    assert asked["case"]["accept"] is True
    assert asked["manner"]["https"] == {
        "kind": "good", "status": 307, "accepts": False, "v2": True, "location": "http://HOST/elsewhere",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("log", "told"),
    [
        (["https hello", "https hello", "http GET /v2/"], ("https hello", "http GET /v2/")),
        (["http GET /v2/", "http GET /v2/"], ("http GET /v2/", "http GET /v2/")),
        (None, ()),
    ],
)
def test_one_handshake_after_the_other_counts_once(log: Any, told: tuple[str, ...]) -> None:
    assert seen_of({"error": "", "log": log}) == RoadSeen(True, told)


@pytest.mark.parametrize("error", ["panic: nil map", "no end"])
def test_a_crash_is_no_error_like_others(error: str) -> None:
    found = seen_of({"error": error, "log": []})
    assert found.crash == error
    assert not like(RoadVisit("pull", BY_NAME["reset"]), found, [RoadSeen(False, ())])


HELLO, PLAIN = "https hello", "http GET /v2/ with the password"


@pytest.mark.parametrize("road", ROADS)
def test_what_goes_over_plain_http_is_compared_on_every_road(road: str) -> None:
    walk = RoadVisit(road, BY_NAME["unknown-ca"], accept=True)
    assert not like(walk, RoadSeen(False, (HELLO, PLAIN)), [RoadSeen(False, (HELLO,))])
    assert not like(walk, RoadSeen(True, (HELLO,)), [RoadSeen(False, (HELLO,))])


def test_a_plugins_client_may_ask_over_https_once_more() -> None:
    twice = RoadSeen(False, (HELLO, "https GET /v2/", HELLO))
    once = [RoadSeen(False, (HELLO, "https GET /v2/"))]
    assert like(RoadVisit("plugin", BY_NAME["forbidden"], accept=True), twice, once)
    assert not like(RoadVisit("pull", BY_NAME["forbidden"], accept=True), twice, once)


class _Work:
    def __init__(self) -> None:
        self.report = Report()


def reported(monkeypatch: pytest.MonkeyPatch, stock: Any, port: Any) -> Report:
    """The report on two sides whose walks are what `stock` and `port` make of them."""
    sides = {"before": stock, "after": port}
    monkeypatch.setattr(
        walks, "_heard", lambda side, asked, _: [sides[side.package](o) for o in asked]
    )
    monkeypatch.setattr(_Work, "options", {}, raising=False)
    made: Any = _Work()
    before, after = (Inside(made, frozenset({"pull"}), name) for name in sides)
    walks._walks(made, (before, after), TRAITS, reloads=True)
    report: Report = made.report
    return report


def right(one: RoadVisit) -> RoadSeen:
    opened = one.likes[-1].listed
    return RoadSeen(opened, (HELLO, PLAIN) if opened else (HELLO,))


def test_a_port_that_does_as_it_must_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    report = reported(monkeypatch, right, right)
    assert [(case.name, case.status) for case in report.cases] == [("road: pull", "pass")]


@pytest.mark.parametrize(
    "wrong",
    [
        lambda one: (
            RoadSeen(True, (HELLO, PLAIN)) if one.registry.name == "unknown-ca" else right(one)
        ),
        lambda one: RoadSeen(False, (HELLO,)) if one.turned and one.accept else right(one),
        lambda one: RoadSeen(False, (HELLO,), "no end") if one.accept else right(one),
        lambda one: right(one._replace(accept=False)),
        lambda one: right(one._replace(accept=True)),
    ],
    ids=[
        "a rail is gone",
        "a reload is not applied",
        "it hangs",
        "it is never on",
        "it is always on",
    ],
)
def test_a_port_that_does_not_is_condemned(monkeypatch: pytest.MonkeyPatch, wrong: Any) -> None:
    report = reported(monkeypatch, right, wrong)
    assert [(case.name, case.status) for case in report.cases] == [("road: pull", "fail")]


def test_a_leak_is_named_first(monkeypatch: pytest.MonkeyPatch) -> None:
    report = reported(monkeypatch, right, lambda one: RoadSeen(False, (HELLO, PLAIN)))
    assert "  a leak: the password goes over plain HTTP" in report.summary[2]


def test_where_the_original_itself_crashes_nobody_looked(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(_: RoadVisit) -> RoadSeen:
        return RoadSeen(False, (), "panic: nil pointer")

    report = reported(monkeypatch, crash, right)
    assert report.cases == []
    assert "not driven here: panic: nil pointer" in report.summary[0]


def test_where_the_original_asks_no_server_nobody_looked(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: RoadVisit) -> RoadSeen:
        return RoadSeen(False, ())

    report = reported(monkeypatch, refuse, refuse)
    assert report.cases == []
    assert "not driven here: the original asks no server" in report.summary[0]
