"""What login, pull, push and search try, and where a password goes."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gopatch.model import (
    ACTIONS,
    CORE,
    PRESETS,
    Action,
    Answer,
    HostTask,
    ModelError,
    Options,
    Store,
    run,
    service_config,
)
from gopatch.model.traits import BuildRule
from gopatch.story.told_answers import parse_answers
from tests.model.walks import (
    DENIED,
    HTTP_ONLY,
    LISTED,
    MISSING,
    OFF,
    ON,
    ROADS,
    WRONG_PASSWORD,
    Road,
    World,
    made,
    shown,
    walk,
)

ROWS = tomllib.loads(Path(__file__).with_name("attempts.toml").read_text(encoding="utf-8"))


def name(row: dict[str, Any]) -> str:
    return str(row["id"])


def each_of(road: Road) -> list[str]:
    """Off, on, and listed, where nobody answers."""
    return [shown(walk(road, options, ())) for options in (OFF, ON, LISTED)]


def each(action: Action, row: dict[str, Any]) -> list[str]:
    """Off, on, and listed."""
    road = Road(action, row["kind"])
    return [shown(walk(road, options, row["answers"])) for options in (OFF, ON, LISTED)]


@pytest.mark.parametrize("row", ROWS["login"], ids=name)
def test_login(row: dict[str, Any]) -> None:
    assert each("login", row) == [row["off"], row["on"], row["listed"]]


@pytest.mark.parametrize("row", ROWS["transfer"], ids=name)
def test_transfers(row: dict[str, Any]) -> None:
    expected = [row["off"], row["on"], row["listed"]]
    assert each("pull", row) == row.get("pull", expected)
    assert each("push", row) == expected


@pytest.mark.parametrize(
    ("rule", "credentials", "tried"),
    [
        ("", False, "https2 http2- https1- http1- 401"),
        ("words", False, "https2 http2- https1- http1- 401"),
        ("words", True, "https2* http2- https1* 401"),
        ("unproved", False, "https2 http2 https1 401"),
        ("unproved", True, "https2* http2- https1* 401"),
    ],
)
def test_what_a_pull_asks_of_v1_once_v2_was_recognised(
    rule: Any, credentials: bool, tried: str
) -> None:
    traits = replace(PRESETS["reloadable"], v1_after_v2=rule)
    ask = parse_answers(("https://h.example=401+v2", "http://h.example=refused"))
    config = service_config(LISTED, traits)
    task = HostTask("pull", config, "h.example", traits, ask)
    assert shown(run(task._replace(credentials=credentials))) == tried


def test_a_plugin_is_not_pushed_to_v1() -> None:
    road = Road("plugin-push", "reloadable")
    assert each_of(road) == ["https2 refused", "https2 http2 refused", "https2 http2 refused"]
    assert each_of(road._replace(action="push"))[0] == "https2 https1 refused"


@pytest.mark.parametrize("row", ROWS["search"], ids=name)
def test_search(row: dict[str, Any]) -> None:
    assert each("search", row) == [row["off"], row["on"], row["listed"]]


@pytest.mark.parametrize("row", ROWS["core"], ids=name)
def test_the_core_alone(row: dict[str, Any]) -> None:
    road = Road(row["action"], row["kind"])
    assert shown(walk(road, ON, row["answers"])) == row["whole"]
    assert shown(walk(road, ON, row["answers"], edits=CORE)) == row["core"]


BY_PING = Road("login", "ping-login")


def test_login_by_ping() -> None:
    assert shown(walk(BY_PING, ON, HTTP_ONLY)) == "https2 https1 http2 http2* ok"
    v2_only = replace(ON, disable_legacy_registry=True)
    assert shown(walk(BY_PING, v2_only, HTTP_ONLY)) == "https2 http2 http2* ok"
    assert shown(walk(BY_PING, OFF, ("https://h.example=200",))) == "https2 https2 no challenge"


@pytest.mark.parametrize(
    ("host", "urls"),
    [
        ("http://h.example", ["https://h.example/v2/", "https://h.example/v2/"]),
        ("h.example/", ["https://h.example/v2/", "https://h.example/v2/"]),
        ("https://h.example/v1/", ["https://h.example/v1/_ping", "https://h.example/v1/users/"]),
        ("h.example/v2", ["https://h.example/v2/", "https://h.example/v2/"]),
    ],
)
def test_a_login_by_ping_keeps_what_was_typed(host: str, urls: list[str]) -> None:
    found = walk(BY_PING, OFF, ("https://h.example=401+accepts",), host=host)
    assert [attempt.url for attempt in found.attempts] == urls


@pytest.mark.parametrize("kind", list(PRESETS))
def test_docker_hub_is_searched_at_its_index(kind: str) -> None:
    found = walk(Road("search", kind), ON, ("https://index.docker.io=200",), host="ubuntu")
    assert [attempt.url for attempt in found.attempts] == ["https://index.docker.io/v1/search"]
    assert found.ok


@pytest.mark.parametrize(
    ("kind", "host", "error"),
    [
        ("netip", "http://h.example/x", "search-term"),
        ("v2-only", "http://h.example", "search-term"),
        ("v2-only", "-h.example", "hyphen"),
        ("netip", "h example.x", "address"),
        ("ping-login", "http.example", "address"),
    ],
)
def test_a_search_refuses(kind: str, host: str, error: str) -> None:
    with pytest.raises(ModelError) as caught:
        walk(Road("search", kind), OFF, (), host=host)
    assert caught.value.kind == error


def test_newer_searches_take_a_hyphen() -> None:
    assert shown(walk(Road("search", "netip"), OFF, (), host="-h.example")) == "https1 refused"


def test_mirrors_first_and_then_docker_hub() -> None:
    options = Options(mirrors=("http://m.example",), accept_insecure_registry=True)
    answers = ("http://m.example=404+v2", "https://registry-1.docker.io=200")
    found = walk(Road("pull", "netip"), options, answers, host="docker.io")
    assert [attempt.url for attempt in found.attempts] == [
        "http://m.example/v2/",
        "https://registry-1.docker.io/v2/",
    ]
    assert found.ok


@pytest.mark.parametrize("road", ROADS, ids="-".join)
def test_without_a_password_none_is_sent(road: Road) -> None:
    config = service_config(ON, road.traits)
    world = World(Answer(), Answer("plain", 401, True, True))
    task = HostTask(road.action, config, "h.example", road.traits, world)
    found = run(task._replace(store=road.store, credentials=False))
    assert not any(attempt.credentials for attempt in found.attempts)


def test_a_tls_server_on_the_http_port() -> None:
    world = World(Answer("refused"), Answer("tls-good", 200))
    assert shown(made(Road("login", "netip"), ON, world)) == "https2 http2 tls"


@pytest.mark.parametrize(
    ("action", "kind", "on"),
    [
        pytest.param("login", "bracketed", "https2 http2- stalled", id="a login has seen it"),
        pytest.param("login", "netip", "https2 stalled", id="and ends, where time does that"),
        pytest.param("login", "ping-login", "https2 stalled", id="a ping waits"),
        pytest.param("search", "netip", "https1 stalled", id="so does a search"),
        pytest.param("pull", "netip", "https2 http2* ok", id="a pull counts it as no answer"),
        pytest.param("push", "v2-only", "https2 http2* ok", id="so does a push"),
        pytest.param(
            "pull", "ping-login", "https2 http2- https1 stalled", id="but not without a memory"
        ),
        pytest.param("build", "netip", "https2 stalled", id="a build waits"),
        pytest.param("plugin-push", "netip", "https2 stalled", id="so do plugins"),
    ],
)
def test_a_certificate_and_then_nothing(action: Action, kind: str, on: str) -> None:
    answers = ("https://h.example=stalled", "http://h.example=401+accepts")
    assert shown(walk(Road(action, kind), ON, answers)) == on


@pytest.mark.parametrize(
    ("action", "kind", "store", "word"),
    [
        ("plugin-install", "first-lookups", "graph", "plugins"),
        ("plugin-push", "v1-hub", "graph", "plugins"),
        ("pull", "v2-only", "containerd", "containerd"),
        ("login", "reloadable", "containerd", "containerd"),
    ],
)
def test_a_road_that_is_not_there(action: Action, kind: str, store: Store, word: str) -> None:
    with pytest.raises(ModelError, match=word) as caught:
        made(Road(action, kind, store), ON, World())
    assert caught.value.kind == "road"


@pytest.mark.parametrize("rule", ["", "https", "client"])
def test_a_store_whose_hosts_are_not_known(rule: BuildRule) -> None:
    traits = replace(PRESETS["netip"], buildkit=rule)
    for action in ACTIONS:
        with pytest.raises(ModelError, match="not known") as caught:
            run(
                HostTask(
                    action, service_config(ON, traits), "h", traits, World(), store="containerd"
                )
            )
        assert caught.value.kind == "road"


@pytest.mark.parametrize(
    ("kind", "answers", "https", "error"),
    [
        ("netip", WRONG_PASSWORD, "https2*", "401"),
        ("netip", MISSING, "https2", "404"),
        ("netip", DENIED, "https2", "403"),
        ("v2-only", DENIED, "https2", "403"),
    ],
)
def test_the_registrys_word_ends_a_pull_and_not_a_push(
    kind: str, answers: tuple[str, ...], https: str, error: str
) -> None:
    for options, rest in ((OFF, ""), (ON, " http2-"), (LISTED, " http2-")):
        assert shown(walk(Road("pull", kind), options, answers)) == f"{https} {error}"
        assert shown(walk(Road("push", kind), options, answers)) == f"{https}{rest} {error}"


@pytest.mark.parametrize(
    ("kind", "off", "on", "listed"),
    [
        pytest.param("netip", "https2 timeout", "https2 http2 ok", "https2 timeout", id="ends"),
        pytest.param(
            "bracketed", "https2 timeout", "https2 http2 ok", "https2 http2 ok", id="goes on"
        ),
    ],
)
def test_all_is_dropped(kind: str, off: str, on: str, listed: str) -> None:
    """Clause 6: the option goes on where Docker gives up, and a listed registry is as before."""
    row = {"kind": kind, "answers": ["https://h.example=timeout", "http://h.example=200"]}
    assert each("login", row) == [off, on, listed]
    found = walk(Road("login", kind), ON, row["answers"], edits=CORE)
    assert shown(found) == (off if off == listed else on)


@pytest.mark.parametrize(
    ("action", "on"),
    [
        ("login", "https2 http2 ok"),
        ("search", "https1 http1 http1* ok"),
        ("build", "https2 http2 ok"),
    ],
)
@pytest.mark.parametrize("word", ["proxy-refused", "silent", "http"])
def test_what_is_no_answer(action: Action, on: str, word: str) -> None:
    answers = (f"https://h.example={word}", "http://h.example=200")
    assert shown(walk(Road(action, "netip"), ON, answers)) == on


@pytest.mark.parametrize(
    ("host", "error"), [("h.example:99999", "port"), ("h.example:99999999999", "port")]
)
def test_a_port_that_cannot_be_dialled(host: str, error: str) -> None:
    found = walk(
        Road("pull", "netip"), ON, (f"https://{host}=200", f"http://{host}=200"), host=host
    )
    assert shown(found) == f"https2 http2 {error}"


def test_a_mirror_without_a_scheme_goes_nowhere() -> None:
    """Up to v1.13 a mirror in daemon.json is taken as it is."""
    options = Options(mirrors=("m.example",))
    found = walk(Road("pull", "ping-login"), options, (), host="docker.io")
    assert found.attempts[0].error == "scheme"
