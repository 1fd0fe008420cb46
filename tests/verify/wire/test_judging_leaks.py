"""The rules of the judge, on observations as a perfect daemon would leave them, and on worse ones."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gopatch.verify._wire.claims import Claims
from gopatch.verify._wire.holding import judge
from gopatch.verify._wire.logged import Event
from gopatch.verify._wire.observation import Observation, Store, parse
from gopatch.verify._wire.places import (
    CHALLENGE,
    HUB,
    INDEX,
    OPEN,
)
from gopatch.verify._wire.prediction import read
from tests.verify.wire.judging_world import (
    ALL,
    BAD,
    CORE,
    LOG,
    PULL_LOG,
    PULLS,
    TRAITS,
    WANT,
    changed,
    closed,
    fails,
    leaks,
    perfect,
    plain_first,
    succeeds,
    trapped,
)


@pytest.mark.parametrize(("road", "host"), [("buildkit", OPEN.host), ("search", INDEX.host)])
def test_a_road_that_is_not_reached_must_stay_as_stock(road: str, host: str) -> None:
    verdict = judge(changed(CORE, "on", road, host, succeeds), Claims(CORE), TRAITS)
    assert verdict.status == "fail"


@pytest.mark.parametrize(
    ("road", "host", "plain", "secrets", "status"),
    [
        pytest.param("login", BAD, 2, 1, "pass", id="a password after a bad certificate"),
        pytest.param("login", BAD, 2, 0, "fail", id="a request and no password"),
        pytest.param("login", BAD, 0, 0, "fail", id="less than the model says"),
        pytest.param("pull", BAD, 3, 2, "pass", id="a pull, too"),
        pytest.param("buildkit", BAD, 0, 0, "pass", id="a road that is not reached"),
        pytest.param("buildkit", BAD, 1, 0, "fail", id="and leaks"),
        pytest.param("login", CHALLENGE.host, 0, 0, "pass", id="nothing after a 401"),
        pytest.param("login", CHALLENGE.host, 2, 1, "fail", id="more than the model says"),
    ],
)
def test_without_rails_what_leaks_is_what_the_model_says(
    road: str, host: str, plain: int, secrets: int, status: str
) -> None:
    verdict = judge(trapped(road, host, plain, secrets), Claims(CORE), TRAITS)
    assert verdict.status == status
    assert any("the model: " in line for line in verdict.summary) is (status == "fail")


def test_docker_hub_is_watched_without_rails_too() -> None:
    verdict = judge(changed(CORE, "on", "pull", "docker.io", leaks), Claims(CORE), TRAITS)
    assert verdict.status == "fail"


def test_of_a_foreign_patch_only_the_lookups_are_known_and_leaks_are_not_forgiven() -> None:
    claims = Claims(CORE, foreign=True)
    assert judge(perfect(CORE), claims, TRAITS).status == "fail"
    assert judge(closed(perfect(CORE)), claims, TRAITS).status == "pass"
    for road, host, change, status in (
        ("buildkit", OPEN.host, succeeds, "pass"),
        ("pull", OPEN.host, fails, "fail"),
    ):
        found = closed(changed(CORE, "on", road, host, change))
        assert judge(found, claims, TRAITS).status == status


def test_where_the_control_fails_nothing_is_asked() -> None:
    found = changed(ALL, "stock-listed", "plugin", OPEN.host, fails)
    found = [
        fails(one) if (one.setting, *one.key) in {
            ("on", "plugin", OPEN.host), ("listed", "plugin", OPEN.host),
        } else one
        for one in found
    ]  # fmt: skip
    verdict = judge(found, Claims(ALL), TRAITS)
    assert verdict.status == "pass"
    assert [line for line in verdict.summary if line.startswith("not judged: ")]


def test_what_is_asked_of_the_resolver_is_shown() -> None:
    found = changed(ALL, "on", "buildkit", OPEN.host, plain_first)
    shown = judge(found, Claims(ALL), TRAITS).counterexample
    host = OPEN.host
    model, daemon = shown.split("the model:\n")[1].split("the daemon:\n")
    assert model == f"  request https://{host}\n  fall back {host}\n"
    asked = f"  request http://{host}\n  request https://{host}\n  fall back {host}\n"
    assert daemon.startswith(asked)


@pytest.mark.parametrize(
    ("store", "road", "log", "want", "alike"),
    [
        pytest.param("graph", "buildkit", LOG, WANT, True, id="all of it"),
        pytest.param("graph", "buildkit", LOG[1:], WANT, False, id="a request is missing"),
        pytest.param("containerd", "buildkit", LOG[1:], WANT, True, id="where none is told"),
        pytest.param("containerd", "buildkit", (), WANT, False, id="falling back always is"),
        pytest.param("containerd", "pull", LOG[1:], WANT, False, id="a pull tells"),
        pytest.param("graph", "plugin", PULL_LOG, PULLS, True, id="a plugin once"),
        pytest.param("graph", "plugin", PULL_LOG * 2, PULLS, True, id="with its privileges"),
        pytest.param("graph", "plugin", PULL_LOG * 3, PULLS, False, id="but not more often"),
        pytest.param("graph", "pull", PULL_LOG * 2, PULLS, False, id="and nothing else twice"),
    ],
)
def test_what_can_be_seen(
    store: Store, road: str, log: tuple[str, ...], want: tuple[Event, ...], alike: bool
) -> None:
    mine, visible = read(Observation(store, "on", road, "h", "", log), want)
    assert (mine == visible) is alike


def test_a_broken_control_is_no_pass() -> None:
    found = [fails(one) if one.setting in ("stock-listed", "listed", "on") else one
             for one in perfect(frozenset())]  # fmt: skip
    found = [one for one in found if one.road not in ("start", "search")]
    verdict = judge(found, Claims(frozenset()), TRAITS)
    assert verdict.status != "pass"


def test_a_stock_daemon_that_does_not_start_says_nothing_of_the_port() -> None:
    found = [replace(one, error="panic: too new") if one.road == "start" else one
             for one in perfect(ALL)]  # fmt: skip
    verdict = judge(found, Claims(ALL), TRAITS)
    assert (verdict.status, verdict.cases) == ("inconclusive", ())
    assert "--go" in verdict.summary[0]
    assert "panic: too new" in verdict.summary[0]


def test_nothing_seen_is_no_pass() -> None:
    assert judge([], Claims(ALL), TRAITS).status == "inconclusive"


def test_on_the_containerd_store_only_login_is_the_lookups() -> None:
    claims = Claims(CORE)
    assert claims.reaches("login", "containerd")
    assert claims.reaches("plugin", "containerd")
    assert not claims.reaches("pull", "containerd")
    assert Claims(ALL).reaches("pull", "containerd")


def test_an_observation_survives_the_pipe() -> None:
    one = Observation("graph", "on", "login", HUB.host, 'bad "ü"', ("a", "b"), 1, 2, 3, ("c",))
    assert parse(one.line()) == one
    assert "\n" not in one.line()
