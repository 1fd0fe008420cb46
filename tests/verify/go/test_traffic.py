"""Which talk of the original a talk of the port must be like, and what is said where it is not."""

from __future__ import annotations

from typing import Any

import pytest

from gopatch.model import PRESETS
from gopatch.verify._go import traffic
from gopatch.verify._go.harness import UnfitError
from gopatch.verify._go.traffic import REGISTRIES, SeenCall, TrafficCall, all_talks
from gopatch.verify._go.two_sides import Report

BY_NAME = {registry.name: registry for registry in REGISTRIES}
FAILS, WORKS = SeenCall(False, False, False), SeenCall(True, True, True)


def talk(name: str, *, listed: bool = False, accept: bool = False) -> TrafficCall:
    return TrafficCall("login", BY_NAME[name], listed, accept)


@pytest.mark.parametrize("registry", REGISTRIES, ids=lambda registry: registry.name)
@pytest.mark.parametrize("listed", [False, True])
def test_with_the_option_off_a_talk_is_like_itself(registry: Any, listed: bool) -> None:
    off = TrafficCall("search", registry, listed, False)
    assert off.like == off


@pytest.mark.parametrize("registry", REGISTRIES, ids=lambda registry: registry.name)
def test_the_option_changes_nothing_for_who_is_listed(registry: Any) -> None:
    assert TrafficCall("login", registry, True, True).like == TrafficCall(
        "login", registry, True, False
    )


def test_who_speaks_no_tls_is_treated_as_if_listed() -> None:
    assert talk("plain-open", accept=True).like == talk("plain-open", listed=True)


@pytest.mark.parametrize("name", ["unknown-ca", "wrong-name", "wrong-password", "forbidden"])
def test_who_speaks_tls_is_treated_as_if_the_option_were_off(name: str) -> None:
    assert talk(name, accept=True).like == talk(name)


def test_a_question_names_the_manner_and_leaves_the_address_to_the_server() -> None:
    asked = talk("wrong-name", listed=True).question(PRESETS["netip"])
    assert asked["manner"] == {
        "host": "wrong-name",
        "https": {"kind": "wrong-name", "status": 401, "accepts": False, "v2": True},
        "http": {"status": 401, "accepts": True, "v2": True},
    }
    assert asked["case"]["insecure"] == ["HOST"]
    assert asked["case"]["accept"] is False


class _Work:
    def __init__(self) -> None:
        self.report = Report()


def judged(monkeypatch: pytest.MonkeyPatch, stock: Any, port: Any) -> Report:
    """The report on two sides whose talks are what `stock` and `port` make of them."""
    made: Any = _Work()
    monkeypatch.setattr(traffic, "heard", lambda side, talks, _: [side(one) for one in talks])
    traffic.traffic(made, PRESETS["netip"], stock, port)
    report: Report = made.report
    return report


def right(one: TrafficCall) -> SeenCall:
    return WORKS if one.like.listed else FAILS


def test_a_port_that_does_as_it_must_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    report = judged(monkeypatch, right, right)
    assert [(case.name, case.status) for case in report.cases] == [
        ("traffic: login", "pass"),
        ("traffic: search", "pass"),
    ]
    assert sum(case.total for case in report.cases) == len(all_talks())


def test_a_leak_is_named_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def leaks(one: TrafficCall) -> SeenCall:
        return WORKS if one == talk("unknown-ca", accept=True) else right(one)

    report = judged(monkeypatch, right, leaks)
    assert [case.status for case in report.cases] == ["fail", "pass"]
    assert (
        "  a leak: the password goes over plain HTTP to a registry that speaks TLS"
        in report.summary
    )


def test_an_option_that_opens_nothing_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    report = judged(monkeypatch, right, lambda one: WORKS if one.listed else FAILS)
    assert [case.status for case in report.cases] == ["fail", "fail"]
    assert not any("a leak" in line for line in report.summary)


def test_what_the_original_does_not_have_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def without_search(one: TrafficCall) -> Any:
        return "the service has no such method" if one.action == "search" else right(one)

    report = judged(monkeypatch, without_search, without_search)
    assert [case.name for case in report.cases] == ["traffic: login"]


def test_a_source_that_cannot_be_asked_is_inconclusive(monkeypatch: pytest.MonkeyPatch) -> None:
    def unfit(one: TrafficCall) -> Any:
        raise UnfitError("the harness ended with exit code 2")

    report = judged(monkeypatch, unfit, right)
    assert [case.status for case in report.cases] == ["inconclusive"]
