"""The stories: how answers and daemon.json are read, what is told, and how it is written."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gopatch.model import ACTIONS, PRESETS, Action, Answer, ModelError, Options
from gopatch.simulate import (
    Answers,
    Story,
    options_from_daemon_json,
    parse_answers,
    render,
    story,
    story_pair,
    to_json,
)

HOST = "222.222.222.222"
ON = Options(accept_insecure_registry=True)
HTTP_ONLY = parse_answers([f"http://{HOST}=401+accepts"])


def urls(told: Story) -> list[tuple[str, str]]:
    return [(attempt.url, attempt.result) for attempt in told.attempts]


def test_the_article() -> None:
    """Docker 1.13, a registry that speaks HTTP only, login: both logs of the article."""
    pair = story_pair(HOST, "login", ON, PRESETS["reloadable"], HTTP_ONLY)
    assert urls(pair.stock) == [
        (f"https://{HOST}/v2/", "next"),
        (f"https://{HOST}/v1/users/", "next"),
    ]
    assert urls(pair.patched) == [(f"https://{HOST}/v2/", "next"), (f"http://{HOST}/v2/", "ok")]
    assert (pair.stock.ok, pair.patched.ok) == (False, True)
    assert "connection refused" in pair.stock.error
    logs = [
        [line for a in told.attempts for line in a.log if "attempting" in line]
        for told in (pair.stock, pair.patched)
    ]
    about = 'level=debug msg="attempting v{} login to registry endpoint {}://222.222.222.222/v{}/"'
    assert logs == [
        [about.format(2, "https", 2), about.format(1, "https", 1)],
        [about.format(2, "https", 2), about.format(2, "http", 2)],
    ]


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        pytest.param(
            "reloadable",
            'msg="attempting v2 login to registry endpoint https://h/v2/"',
            id="in the message",
        ),
        pytest.param(
            "netip",
            'msg="attempting v2 login to registry endpoint" endpoint="https://h/v2/"',
            id="a field",
        ),
    ],
)
def test_login_lines(kind: str, line: str) -> None:
    told = story("h", "login", Options(), PRESETS[kind], Answers())
    assert told.attempts[0].log[0] == f"level=debug {line}"


def test_failed_login_lines() -> None:
    lines = [
        story("h", "login", Options(), PRESETS[k], Answers()).attempts[0].log[1]
        for k in ("reloadable", "netip")
    ]
    assert lines[0].startswith(
        'level=info msg="Error logging in to v2 endpoint, trying next endpoint: Get '
    )
    assert lines[1].startswith(
        'level=info msg="Error logging in to endpoint, trying next endpoint" error="Get '
    )


@pytest.mark.parametrize(
    ("kind", "lines"),
    [
        pytest.param(
            "ping-login",
            ["debug Trying to pull h/image from https://h v2"],
            id="says nothing of the next",
        ),
        pytest.param(
            "reloadable",
            [
                "debug Trying to pull h/image from https://h v2",
                "error Attempting next endpoint for pull after error: ",
            ],
            id="an error",
        ),
        pytest.param(
            "netip",
            [
                "debug Trying to pull h/image from https://h",
                "info Attempting next endpoint for pull after error: ",
            ],
            id="information, no version",
        ),
    ],
)
def test_pull_lines(kind: str, lines: list[str]) -> None:
    told = story("h", "pull", Options(), PRESETS[kind], Answers())
    found = told.attempts[0].log
    assert len(found) == len(lines)
    for line, start in zip(found, lines, strict=True):
        level, _, message = start.partition(" ")
        assert line.startswith(f'level={level} msg="{message}')


def test_skip_lines() -> None:
    listed = Options(insecure_registries=("h",))
    told = story("h", "push", listed, PRESETS["reloadable"], parse_answers(["https://h=401"]))
    skipped = [a for a in told.attempts if a.result == "skipped"]
    assert [line for a in skipped for line in a.log] == [
        'level=debug msg="Skipping non-TLS endpoint http://h for host/port that appears to use TLS"',
        'level=debug msg="Skipping v1 endpoint https://h because v2 registry was detected"',
        'level=debug msg="Skipping v1 endpoint http://h because v2 registry was detected"',
    ]
    assert told.error == "unauthorized: authentication required"


def test_search_lines() -> None:
    told = story("h.example", "search", Options(), PRESETS["reloadable"], Answers())
    assert told.attempts[0].log == (
        'level=debug msg="pinging registry endpoint https://h.example/v1/"',
        'level=debug msg="attempting v1 ping for registry endpoint https://h.example/v1/"',
    )


def test_a_stop_is_logged() -> None:
    told = story("h", "pull", Options(), PRESETS["netip"], parse_answers(["https://h=401"]))
    assert (
        told.attempts[-1]
        .log[-1]
        .startswith('level=error msg="Not continuing with pull after error: ')
    )


@pytest.mark.parametrize(
    ("text", "url", "answer"),
    [
        pytest.param("https://h=refused", "https://h/v2/", Answer("refused"), id="refused"),
        pytest.param("https://h=timeout", "https://h/v2/", Answer("timeout"), id="timeout"),
        pytest.param(
            "https://h=http", "https://h/v2/", Answer("plain", 200, False, True), id="http on https"
        ),
        pytest.param(
            "https://h=tls-good", "https://h/v2/", Answer("tls-good", 200, False, True), id="good"
        ),
        pytest.param(
            "https://h=tls-bad+401",
            "https://h/",
            Answer("tls-bad", 401, False, True),
            id="bad with status",
        ),
        pytest.param(
            "https://h=404", "https://h/v2/", Answer("tls-good", 404, False, False), id="404"
        ),
        pytest.param(
            "https://h=404+v2",
            "https://h/v2/",
            Answer("tls-good", 404, False, True),
            id="404 of a registry",
        ),
        pytest.param(
            "http://h=401+no-v2", "http://h/v2/", Answer("plain", 401, False, False), id="no header"
        ),
        pytest.param(
            "http://h=accepts", "http://h/v2/", Answer("plain", 401, True, True), id="accepts alone"
        ),
        pytest.param(
            "https://h:443/=200",
            "https://h/v2/",
            Answer("tls-good", 200, False, True),
            id="default port",
        ),
        pytest.param(
            "https://h=200",
            "https://h:443/v2/",
            Answer("tls-good", 200, False, True),
            id="default port asked",
        ),
        pytest.param("https://h=200", "https://h:5000/v2/", Answer(), id="another port"),
        pytest.param("https://h=200", "https://h.example/v2/", Answer(), id="another host"),
        pytest.param("https://h/v1=200", "https://h/v2/", Answer(), id="another path"),
        pytest.param(
            "https://[::1]:5=200",
            "https://[::1]:5/v2/",
            Answer("tls-good", 200, False, True),
            id="IPv6",
        ),
    ],
)
def test_answers(text: str, url: str, answer: Answer) -> None:
    assert parse_answers([text])(url) == answer


def test_the_longest_url_counts() -> None:
    for texts in (["https://h=404", "https://h/v2=200"], ["https://h/v2=200", "https://h=404"]):
        answers = parse_answers(texts)
        assert (answers("https://h/v2/").status, answers("https://h/v1/_ping").status) == (200, 404)


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param(["h=200"], id="no scheme"),
        pytest.param(["ftp://h=200"], id="other scheme"),
        pytest.param(["https://h"], id="no answer"),
        pytest.param(["https://=200"], id="no host"),
        pytest.param(["https://h="], id="empty answer"),
        pytest.param(["https://h=maybe"], id="unknown word"),
        pytest.param(["https://h=999"], id="unknown status"),
        pytest.param(["https://h=200+401"], id="two statuses"),
        pytest.param(["https://h=tls-good+tls-bad"], id="two transports"),
        pytest.param(["https://h=refused+401"], id="refused and a status"),
        pytest.param(["https://h=plain"], id="the model's own word"),
        pytest.param(["http://h=tls-bad"], id="certificate over http"),
        pytest.param(["https://h=200", "https://h:443/=404"], id="twice"),
    ],
)
def test_bad_answers(texts: list[str]) -> None:
    with pytest.raises(ModelError) as caught:
        parse_answers(texts)
    assert caught.value.kind == "answer"
    assert texts[-1] in str(caught.value)


def test_daemon_json() -> None:
    data = {
        "registry-mirrors": ["http://m"],
        "insecure-registries": ["h", "10.0.0.0/8"],
        "accept-insecure-registry": True,
        "disable-legacy-registry": False,
        "log-opts": {"max-size": "1m"},
    }
    assert options_from_daemon_json(json.dumps(data).encode()) == Options(
        mirrors=("http://m",),
        insecure_registries=("h", "10.0.0.0/8"),
        accept_insecure_registry=True,
        disable_legacy_registry=False,
    )


@pytest.mark.parametrize(
    "data",
    [b"{}", b'{"debug": true}', b'{"registry-mirrors": null}', b' {"insecure-registries": []}\n'],
)
def test_daemon_json_that_says_nothing(data: bytes) -> None:
    assert options_from_daemon_json(data) == Options()


@pytest.mark.parametrize(
    ("data", "word"),
    [
        pytest.param(b"", "not JSON", id="empty"),
        pytest.param(b"{", "not JSON", id="cut"),
        pytest.param(b"\xff{}", "not JSON", id="not UTF-8"),
        pytest.param(b"[" * 100_000, "not JSON", id="deep"),
        pytest.param(b"[]", "object", id="a list"),
        pytest.param(
            b'{"registry-mirrors": "http://m"}', "registry-mirrors", id="a string for a list"
        ),
        pytest.param(
            b'{"insecure-registries": [1]}', "insecure-registries", id="a number in a list"
        ),
        pytest.param(
            b'{"insecure-registries": {}}', "insecure-registries", id="an object for a list"
        ),
        pytest.param(
            b'{"accept-insecure-registry": "true"}',
            "accept-insecure-registry",
            id="a string for true",
        ),
        pytest.param(
            b'{"accept-insecure-registry": 1}', "accept-insecure-registry", id="a number for true"
        ),
        pytest.param(
            b'{"disable-legacy-registry": []}', "disable-legacy-registry", id="a list for true"
        ),
    ],
)
def test_bad_daemon_json(data: bytes, word: str) -> None:
    with pytest.raises(ModelError, match=word) as caught:
        options_from_daemon_json(data)
    assert caught.value.kind == "daemon-json"


def test_refused_options_are_a_story_without_attempts() -> None:
    pair = story_pair("h", "pull", Options(mirrors=("ftp://m",)), PRESETS["netip"], Answers())
    assert (pair.stock.attempts, pair.stock.ok, pair.open_list) == ((), False, ())
    assert "ftp://m" in pair.stock.error
    assert pair.stock == pair.patched


def test_an_unknown_action_is_refused() -> None:
    with pytest.raises(ModelError) as caught:
        story("h", cast(Action, "build"), Options(), PRESETS["netip"], Answers())
    assert caught.value.kind == "action"


def test_text() -> None:
    text = render(story_pair(HOST, "login", ON, PRESETS["reloadable"], HTTP_ONLY))
    stock, patched, rest = text.split("\n\n")
    assert stock.startswith(f"stock: login {HOST}\n  1. https://{HOST}/v2/  next\n")
    assert "http://" not in stock
    assert "it fails: Get" in stock
    assert patched.startswith("patched, with accept-insecure-registry: ")
    assert "no TLS; PASSWORD SENT IN CLEAR" in patched
    assert patched.endswith("=> it works")
    assert rest.startswith("0.0.0.0/0 as insecure registry instead:")
    assert text.endswith("\n")


def test_text_of_an_attempt_that_is_passed_over() -> None:
    answers = parse_answers(["https://h=tls-bad", "http://h=200"])
    text = render(story_pair("h", "login", ON, PRESETS["netip"], answers))
    assert "2. http://h  skipped: HTTPS has answered" in text
    assert "PASSWORD SENT IN CLEAR" not in text


def test_json() -> None:
    pair = story_pair(HOST, "login", ON, PRESETS["reloadable"], HTTP_ONLY)
    found = json.loads(to_json(pair))
    assert set(found) == {"stock", "patched", "open_list"}
    assert found["patched"]["attempts"][1] == {
        "url": f"http://{HOST}/v2/",
        "version": 2,
        "reason": "accept-insecure-registry: http after https",
        "tls": "none",
        "credentials": True,
        "result": "ok",
        "error": "",
        "log": [
            'level=debug msg="attempting v2 login to registry endpoint http://222.222.222.222/v2/"'
        ],
    }
    assert [item["kind"] for item in found["open_list"]] == ["list", "tls"]


@given(
    action=st.sampled_from(ACTIONS),
    kind=st.sampled_from(list(PRESETS)),
    host=st.sampled_from(["h", "h.example:5000", "docker.io", "[::1]:5", "::1"]),
    words=st.lists(
        st.sampled_from(["https://h", "http://h", "https://h/v1", "http://h/v2"]), unique=True
    ),
    status=st.sampled_from(["200", "401", "404", "500", "timeout", "accepts"]),
)
def test_off_both_daemons_tell_the_same(
    action: Action, kind: str, host: str, words: list[str], status: str
) -> None:
    answers = parse_answers(f"{word}={status}" for word in words)
    pair = story_pair(host, action, Options(), PRESETS[kind], answers)
    assert pair.stock == pair.patched
    assert json.loads(to_json(pair))["stock"]["host"] == host
    on = story_pair(
        host, action, replace(Options(), accept_insecure_registry=True), PRESETS[kind], answers
    )
    assert on.stock == pair.stock
