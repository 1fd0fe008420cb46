"""The rules of the judge, on observations as a perfect daemon would leave them, and on worse ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from gopatch.model import preset_rules
from gopatch.model.traits import LoginRule, PluginRule
from gopatch.verify._wire.claims import Claims
from gopatch.verify._wire.holding import judge
from gopatch.verify._wire.logged import Event
from gopatch.verify._wire.observation import Observation
from gopatch.verify._wire.places import LOCKED, MIXED_UP, OPEN, REGISTRIES, UNKNOWN_CA
from gopatch.verify._wire.prediction import read
from gopatch.verify._wire.settings import FIRST, SETTINGS, refused_by, settings_of
from tests.verify.wire.judging_world import (
    ALL,
    CORE,
    TRAITS,
    WRONG,
    changed,
    fails,
    perfect,
    succeeds,
)


@pytest.mark.parametrize("edits", [ALL, CORE, ALL - {"hosts"}, ALL - {"search"}, ALL - {"reload"}])
def test_a_daemon_that_is_right_passes(edits: frozenset[str]) -> None:
    verdict = judge(perfect(edits), Claims(edits), TRAITS)
    assert verdict.summary == ()
    assert verdict.status == "pass"
    assert verdict.counterexample == ""
    assert sum(case.total for case in verdict.cases) > 200


UNTRIED = Observation("graph", "on", "build", UNKNOWN_CA.host, "unexpected EOF")


def without_builds(*settings: str) -> list[Observation]:
    """The classic build fails before it asks anybody, in these settings."""
    return [
        replace(one, error="unexpected EOF", log=(), served=0)
        if one.road == "build" and one.setting in settings
        else one
        for one in perfect(ALL)
    ]


def test_what_fails_in_the_control_says_nothing_of_the_port_nor_of_traps() -> None:
    builds = without_builds(*(setting.name for setting in SETTINGS))
    verdict = judge([*builds, UNTRIED], Claims(ALL), TRAITS)
    assert verdict.status == "pass"
    assert all("not judged" in line for line in verdict.summary)


def test_what_works_in_the_control_has_to_ask_at_traps() -> None:
    verdict = judge([*perfect(ALL), UNTRIED], Claims(ALL), TRAITS)
    assert verdict.status == "fail"
    assert UNKNOWN_CA.host in verdict.counterexample


@pytest.fixture
def without_plugins() -> list[Observation]:
    """Nothing of plugins is known to this daemon."""
    return [
        replace(one, error="page not found", log=(), served=0)
        if one.road.startswith("plugin")
        else one
        for one in perfect(ALL)
    ]


@pytest.mark.parametrize(
    ("plugins", "said"),
    [
        pytest.param("first", True, id="v1.12-which-has-them-by-a-build-of-its-own"),
        pytest.param("", False, id="a-road-that-the-source-has-not"),
    ],
)
def test_where_the_control_asks_nobody_no_attempts_are_expected(
    without_plugins: list[Observation], plugins: PluginRule, said: bool
) -> None:
    """The model, too, says that plugins of a source that has them fail there."""
    verdict = judge(without_plugins, Claims(ALL), replace(TRAITS, plugins=plugins))
    assert verdict.status == "pass"
    assert bool(verdict.summary) is said
    assert any("not judged: graph store, plugin-push" in line for line in verdict.summary) is said


def test_v1_is_not_pinged_for_a_digest() -> None:
    seen = next(one for one in perfect(ALL) if one.road == "pull-digest")
    pings = (Event("v2 ping", "https://192.0.2.10/v2"), Event("v1 ping", "https://192.0.2.10/v1"))
    want = (Event("pull", "https://192.0.2.10"), *pings)
    assert read(seen, want)[1] == want[:1]
    assert read(replace(seen, road="pull"), want)[1] == want


BY_PING = replace(TRAITS, login="ping")
"""As of v1.10, which has nothing to log in with where no password is asked for."""


def as_by_ping(host: str, change: Callable[[Observation], Observation]) -> list[Observation]:
    return [
        change(one) if (one.setting, *one.key) == ("on", "login", host) else one
        for one in perfect(ALL, BY_PING)
        if not one.setting.startswith("reload")
    ]


def test_what_the_model_says_of_the_control_is_no_reason_to_doubt_the_rest() -> None:
    right = judge(as_by_ping(OPEN.host, lambda one: one), Claims(ALL), BY_PING)
    assert right.status == "pass"
    assert right.summary
    assert all("not judged: graph store, login" in line for line in right.summary)
    works = next(case for case in right.cases if case.name == "option on: login works")
    assert works.total == 2
    for host, change in ((LOCKED.host, fails), (OPEN.host, succeeds)):
        assert judge(as_by_ping(host, change), Claims(ALL), BY_PING).status == "fail"


def test_where_the_list_does_nothing_and_the_option_does_the_port_is_judged() -> None:
    """As with BuildKit of v25.0, which goes on to plain HTTP only where somebody speaks it on port 443."""
    plain = replace(TRAITS, hosts_fallback="plain", buildkit="host", hosts_of_both=False)
    found = perfect(ALL, plain)
    (control,) = (one for one in found if (one.setting, *one.key) == (FIRST, "buildkit", OPEN.host))
    assert control.error
    verdict = judge(found, Claims(ALL), plain)
    assert verdict.status == "pass"
    assert verdict.summary == ()
    worse = [
        fails(one) if (one.setting, *one.key) == ("on", "buildkit", OPEN.host) else one
        for one in found
    ]
    assert judge(worse, Claims(ALL), plain).status == "fail"


@pytest.mark.parametrize(("login", "asked"), [("ping", False), ("unconfirmed", True)])
def test_of_a_registry_that_no_list_has_the_model_says_what_works(
    login: LoginRule, asked: bool
) -> None:
    seen = Observation("graph", "on", "login", MIXED_UP.host, "no successful auth challenge")
    verdict = judge([seen], Claims(ALL), replace(TRAITS, login=login))
    assert ("option on: login works" in {case.name for case in verdict.cases}) is asked


@pytest.mark.parametrize("hosts", [{LOCKED.host}, {place.host for place in REGISTRIES}])
def test_where_the_list_does_not_do_what_the_model_says_there_is_no_control(
    hosts: set[str],
) -> None:
    found = [
        fails(one)
        if one.road == "login" and one.setting in (FIRST, "listed") and one.host in hosts
        else one
        for one in perfect(ALL)
    ]
    assert judge(found, Claims(ALL), TRAITS).status == "inconclusive"


def test_a_source_says_which_daemons_must_not_start() -> None:
    """Until v1.10 a file sets a flag, to whatever text the command line takes."""
    taken = changed(ALL, "key-no-boolean", "start", "", succeeds)
    for kind, status in (("ping-login", "pass"), ("v1-hub", "fail")):
        refused = refused_by(preset_rules(kind))
        assert judge(taken, Claims(ALL), TRAITS, refused).status == status


def test_a_source_without_daemon_json_is_asked_what_flags_can_do() -> None:
    names = {one.name for one in settings_of(preset_rules("first-lookups"))}
    assert names == {"stock-listed", "stock", "off", "on", "listed"}
    assert settings_of(preset_rules("ping-login")) == SETTINGS


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
