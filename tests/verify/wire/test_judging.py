"""The rules of the judge, on observations as a perfect daemon would leave them, and on worse ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import lru_cache

import pytest

from gopatch.model import PRESETS, Action, Options
from gopatch.story.question import Answers, Question, edits_for
from gopatch.story.tell import story
from gopatch.verify._wire.attempts import Event
from gopatch.verify._wire.claims import Claims
from gopatch.verify._wire.judging import judge
from gopatch.verify._wire.observation import Observation, Store, parse
from gopatch.verify._wire.places import (
    CHALLENGE,
    HUB,
    INDEX,
    MIXED_UP,
    OPEN,
    PLACES,
    REGISTRIES,
    TRAPS,
    UNKNOWN_CA,
)
from gopatch.verify._wire.prediction import read
from gopatch.verify._wire.settings import KEY, SETTINGS, Setting

TRAITS = PRESETS["v2-only"]
ALL = frozenset(
    {
        "guard-v2",
        "search",
        "hosts",
        "reload",
        "no-downgrade-login",
        "no-downgrade-pull",
        "no-downgrade-push",
        "no-downgrade-plugin",
        "warn",
        "warn-info",
        "warn-reload",
    }
)
CORE = frozenset({"guard-v2"})
ROADS = ("login", "push", "pull", "pull-digest", "build", "buildkit", "plugin-push", "plugin")
ACTIONS: dict[str, Action] = {
    "login": "login",
    "push": "push",
    "pull": "pull",
    "pull-digest": "pull",
    "build": "classic-build",
    "buildkit": "build",
    "plugin-push": "plugin-push",
    "plugin": "plugin-install",
    "search": "search",
}
WARNING = f'level=warning msg="{KEY} is on"'


def works(setting: Setting, road: str, edits: frozenset[str]) -> bool:
    if setting.listed:
        return True
    needed = {"search": "search", "buildkit": "hosts"}.get(road, "guard-v2")
    return setting.option and needed in edits


def log(setting: Setting, road: str, host: str, edits: frozenset[str]) -> tuple[str, ...]:
    """The lines of a daemon that does what the model says."""
    action = ACTIONS[road]
    on = setting.option and works(setting, road, edits)
    options = Options(insecure_registries=setting.listed, accept_insecure_registry=on)
    answers = Answers(tuple(pair for place in PLACES for pair in place.answers()))
    parts = edits_for(action, edits, plugin_hosts=True)
    told = story(Question(host, action, options, TRAITS, answers, edits=parts))
    return tuple(line for attempt in told.attempts for line in attempt.log)


def step(setting: Setting, road: str, host: str, edits: frozenset[str]) -> Observation:
    ok = works(setting, road, edits)
    error, served = ("", 3) if ok else ("refused", 0)
    return Observation(
        "graph", setting.name, road, host, error, log(setting, road, host, edits), served
    )


@lru_cache
def perfect(edits: frozenset[str]) -> tuple[Observation, ...]:
    """All that a room tells of daemons that are right, for a port with these edits."""
    found = []
    by_name = {setting.name: setting for setting in SETTINGS}
    for name in ("stock-listed", "stock", "off", "on", "listed"):
        setting = by_name[name]
        warned = (WARNING,) if setting.option and "warn" in edits else ()
        found.append(Observation("graph", name, "start", "", "", warned))
        for place in REGISTRIES:
            found += [step(setting, road, place.host, edits) for road in ROADS]
        found.append(step(setting, "search", INDEX.host, edits))
    on = by_name["on"]
    found.append(step(on, "login", MIXED_UP.host, edits))
    for place in TRAPS:
        lines = log(on, "login", place.host, edits)
        # The model's word for a certificate that is refused; without rails HTTP comes next.
        plain = int(
            place.https in ("unknown-ca", "wrong-name") and "no-downgrade-login" not in edits
        )
        seen = Observation("graph", "on", "login", place.host, "refused", lines)
        found.append(replace(seen, plain=plain, secrets=plain))
    found.append(Observation("graph", "on", "pull", "docker.io", "refused"))
    found += [
        Observation("graph", "file", "start", "", "", (WARNING,)),
        step(by_name["file"], "login", OPEN.host, edits),
        Observation("graph", "file", "info", OPEN.host, "", (f"{KEY} is on",)),
        Observation(
            "graph", "flag-and-key", "start", "",
            "dockerd does not start: specified both as a flag and in the configuration file",
        ),
        Observation("graph", "key-no-boolean", "start", "", "json: cannot unmarshal string"),
    ]  # fmt: skip
    for name, working in (("off", False), ("on", "reload" in edits), ("off-again", False)):
        for road in ("reload", "login"):
            fails = road == "login" and not working
            found.append(
                Observation(
                    "graph", f"reload-{name}", road, OPEN.host,
                    "refused" if fails else "", (WARNING,), 0 if fails else 2,
                )
            )  # fmt: skip
    found.append(Observation("graph", "stock-reload-on", "reload", OPEN.host, ""))
    return tuple(found)


Change = Callable[[Observation], Observation]


def changed(
    edits: frozenset[str], setting: str, road: str, host: str, change: Change
) -> list[Observation]:
    """`perfect`, but for one step."""
    found = list(perfect(edits))
    spots = [n for n, one in enumerate(found) if (one.setting, *one.key) == (setting, road, host)]
    assert len(spots) == 1
    found[spots[0]] = change(found[spots[0]])
    return found


def fails(one: Observation) -> Observation:
    return replace(one, error="refused", served=0)


def succeeds(one: Observation) -> Observation:
    return replace(one, error="", served=2)


def leaks(one: Observation) -> Observation:
    return replace(one, plain=2, secrets=1, leaks=("192.0.2.30:80 GET /v2/ HTTP/1.1",))


def silent(one: Observation) -> Observation:
    return replace(one, log=())


def plain_first(one: Observation) -> Observation:
    return replace(one, log=(f'msg="do request" url="http://{one.host}/v2/"', *one.log))


@pytest.mark.parametrize("edits", [ALL, CORE, ALL - {"hosts"}, ALL - {"search"}, ALL - {"reload"}])
def test_a_daemon_that_is_right_passes(edits: frozenset[str]) -> None:
    verdict = judge(perfect(edits), Claims(edits), TRAITS)
    assert verdict.summary == ()
    assert verdict.status == "pass"
    assert verdict.counterexample == ""
    assert sum(case.total for case in verdict.cases) > 200


WRONG = {
    "stock works over HTTP": ("stock", "pull", OPEN.host, succeeds),
    "stock sends HTTP and fails": ("stock", "pull", OPEN.host, lambda o: replace(o, served=1)),
    "the patched daemon works though off": ("off", "login", OPEN.host, succeeds),
    "off and other attempts": ("off", "login", OPEN.host, silent),
    "on and login fails": ("on", "login", OPEN.host, fails),
    "on and a build fails": ("on", "build", OPEN.host, fails),
    "on and BuildKit fails": ("on", "buildkit", OPEN.host, fails),
    "on and search fails": ("on", "search", INDEX.host, fails),
    "on and HTTP was never seen": ("on", "plugin", OPEN.host, lambda o: replace(o, served=0)),
    "on and other attempts": ("on", "pull", OPEN.host, silent),
    "on and BuildKit asks over HTTP first": ("on", "buildkit", OPEN.host, plain_first),
    "off and BuildKit asks over HTTP": ("off", "buildkit", OPEN.host, plain_first),
    "on and a plugin is silent": ("on", "plugin", OPEN.host, silent),
    "on and a plugin's push goes to HTTP alone": ("on", "plugin-push", OPEN.host, plain_first),
    "stock and BuildKit falls back": ("stock", "buildkit", OPEN.host, plain_first),
    "listed and BuildKit is silent": ("listed", "buildkit", OPEN.host, silent),
    "no falling back": ("on", "login", MIXED_UP.host, fails),
    "a leak after a 401": ("on", "login", CHALLENGE.host, leaks),
    "a leak to Docker Hub": ("on", "pull", "docker.io", leaks),
    "listed and worse than stock": ("listed", "push", OPEN.host, fails),
    "listed and other attempts": ("listed", "push", OPEN.host, silent),
    "the key does not work": ("file", "login", OPEN.host, fails),
    "no warning in docker info": ("file", "info", OPEN.host, silent),
    "no warning at start": ("on", "start", "", silent),
    "a warning though off": ("off", "start", "", lambda o: replace(o, log=(WARNING,))),
    "a daemon does not start": ("on", "start", "", lambda o: replace(o, error="panic")),
    "flag and key are taken": ("flag-and-key", "start", "", lambda o: replace(o, error="")),
    "a text as the key is taken": ("key-no-boolean", "start", "", lambda o: replace(o, error="")),
    "refused for another reason": (
        "flag-and-key", "start", "", lambda o: replace(o, error="no such file"),
    ),
    "a reload does not turn it on": ("reload-on", "login", OPEN.host, fails),
    "a reload does not turn it off": ("reload-off-again", "login", OPEN.host, succeeds),
    "a reload kills": ("reload-on", "reload", OPEN.host, lambda o: replace(o, error="dies")),
    "no warning on reload": ("reload-on", "reload", OPEN.host, silent),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_found(name: str) -> None:
    setting, road, host, change = WRONG[name]
    verdict = judge(changed(ALL, setting, road, host, change), Claims(ALL), TRAITS)
    assert verdict.status == "fail"
    assert any(setting in line and road in line for line in verdict.summary)
    assert setting in verdict.counterexample
    assert any(case.status == "fail" for case in verdict.cases)


@pytest.mark.parametrize(("road", "host"), [("buildkit", OPEN.host), ("search", INDEX.host)])
def test_a_road_that_is_not_reached_must_stay_as_stock(road: str, host: str) -> None:
    verdict = judge(changed(CORE, "on", road, host, succeeds), Claims(CORE), TRAITS)
    assert verdict.status == "fail"


BAD = UNKNOWN_CA.host


def trapped(road: str, host: str, plain: int, secrets: int) -> list[Observation]:
    """What a port without rails shows, with one step at a trap beside it."""
    setting = next(one for one in SETTINGS if one.name == "on")
    lines = log(setting, road, host, CORE)
    found = [one for one in perfect(CORE) if one.key != (road, host)]
    seen = Observation("graph", "on", road, host, "refused", lines, plain=plain, secrets=secrets)
    return [*found, seen]


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


def closed(found: Iterable[Observation]) -> list[Observation]:
    """The same of a daemon that nobody gets a password out of."""
    return [replace(one, plain=0, secrets=0) for one in found]


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


WANT = (Event("request", "https://h"), Event("fall back", "h"))
LOG = (
    'level=debug msg="do request" url="https://h/v2/"',
    'level=warning msg="Falling back to plain HTTP for h, which does not answer over HTTPS"',
)
PULLS = (Event("pull", "https://h"), Event("next"))
PULL_LOG = (
    'msg="Trying to pull h/image from https://h"',
    'msg="Attempting next endpoint for pull after error: x"',
)


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
