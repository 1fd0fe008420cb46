"""The stories: how answers and daemon.json are read, what is told, and how it is written."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gopatch.model import (
    ACTIONS,
    CORE,
    PRESETS,
    Action,
    Answer,
    Edits,
    ModelError,
    Options,
    no_road,
)
from gopatch.model.traits import BuildRule, PluginRule
from gopatch.story.pages import render, to_json
from gopatch.story.question import Answers, edits_for, options_from_daemon_json, parse_answers
from gopatch.story.tell import Question, Story, after_reload, story, story_pair

HOST = "222.222.222.222"
ON = Options(accept_insecure_registry=True)
FALLING_BACK = (
    'level=warning msg="Falling back to plain HTTP for h, which does not answer over HTTPS"'
)
HTTP_ONLY = parse_answers([f"http://{HOST}=401+accepts"])


def urls(told: Story) -> list[tuple[str, str]]:
    return [(attempt.url, attempt.result) for attempt in told.attempts]


def test_the_article() -> None:
    """Docker 1.13, a registry that speaks HTTP only, login: both logs of the article."""
    pair = story_pair(Question(HOST, "login", ON, PRESETS["reloadable"], HTTP_ONLY))
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
    told = story(Question("h", "login", Options(), PRESETS[kind], Answers()))
    assert told.attempts[0].log[0] == f"level=debug {line}"


def test_failed_login_lines() -> None:
    lines = [
        story(Question("h", "login", Options(), PRESETS[k], Answers())).attempts[0].log[1]
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
    told = story(Question("h", "pull", Options(), PRESETS[kind], Answers()))
    found = told.attempts[0].log
    assert len(found) == len(lines)
    for line, start in zip(found, lines, strict=True):
        level, _, message = start.partition(" ")
        assert line.startswith(f'level={level} msg="{message}')


def test_skip_lines() -> None:
    listed = Options(insecure_registries=("h",))
    told = story(
        Question("h", "push", listed, PRESETS["reloadable"], parse_answers(["https://h=401"]))
    )
    skipped = [a for a in told.attempts if a.result == "skipped"]
    assert [line for a in skipped for line in a.log] == [
        'level=debug msg="Skipping non-TLS endpoint http://h for host/port that appears to use TLS"',
        'level=debug msg="Skipping v1 endpoint https://h because v2 registry was detected"',
        'level=debug msg="Skipping v1 endpoint http://h because v2 registry was detected"',
    ]
    assert told.error == "unauthorized: authentication required"


def test_search_lines() -> None:
    told = story(Question("h.example", "search", Options(), PRESETS["reloadable"], Answers()))
    assert told.attempts[0].log == (
        'level=debug msg="pinging registry endpoint https://h.example/v1/"',
        'level=debug msg="attempting v1 ping for registry endpoint https://h.example/v1/"',
    )


def test_a_stop_is_logged() -> None:
    told = story(
        Question("h", "pull", Options(), PRESETS["netip"], parse_answers(["https://h=401"]))
    )
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
        pytest.param("https://h=stalled", "https://h/v2/", Answer("stalled"), id="stalled"),
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
        pytest.param(["http://h=stalled"], id="stalled over http"),
        pytest.param(["https://h=stalled+401"], id="stalled and a status"),
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
    pair = story_pair(
        Question("h", "pull", Options(mirrors=("ftp://m",)), PRESETS["netip"], Answers())
    )
    assert (pair.stock.attempts, pair.stock.ok, pair.open_list) == ((), False, ())
    assert "ftp://m" in pair.stock.error
    assert pair.stock == pair.patched


def test_an_unknown_action_is_refused() -> None:
    with pytest.raises(ModelError) as caught:
        story(Question("h", cast(Action, "bild"), Options(), PRESETS["netip"], Answers()))
    assert caught.value.kind == "action"


def test_text() -> None:
    text = render(story_pair(Question(HOST, "login", ON, PRESETS["reloadable"], HTTP_ONLY)))
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
    text = render(story_pair(Question("h", "login", ON, PRESETS["netip"], answers)))
    assert "2. http://h  skipped: HTTPS has answered" in text
    assert "PASSWORD SENT IN CLEAR" not in text


def test_json() -> None:
    pair = story_pair(Question(HOST, "login", ON, PRESETS["reloadable"], HTTP_ONLY))
    found = json.loads(to_json(pair))
    assert set(found) == {"stock", "patched", "open_list", "notes", "reload", "part"}
    assert (found["notes"], found["reload"], found["part"]) == ([], None, "")
    assert found["patched"]["attempts"][1] == {
        "url": f"http://{HOST}/v2/",
        "version": 2,
        "reason": "accept-insecure-registry: http after https",
        "tls": "none",
        "credentials": True,
        "result": "ok",
        "error": "",
        "log": [
            FALLING_BACK.replace(" h,", f" {HOST},"),
            'level=debug msg="attempting v2 login to registry endpoint http://222.222.222.222/v2/"',
        ],
    }
    assert [item["kind"] for item in found["open_list"]] == ["list", "tls"]


@given(
    road=st.sampled_from(
        [(a, k) for a in ACTIONS for k, traits in PRESETS.items() if not no_road(a, traits)]
    ),
    host=st.sampled_from(["h", "h.example:5000", "docker.io", "[::1]:5", "::1"]),
    words=st.lists(
        st.sampled_from(["https://h", "http://h", "https://h/v1", "http://h/v2"]), unique=True
    ),
    status=st.sampled_from(["200", "401", "404", "500", "timeout", "accepts"]),
    edits=st.builds(Edits, st.booleans(), st.booleans(), st.booleans(), st.booleans()),
)
def test_off_both_daemons_tell_the_same(
    road: tuple[Action, str], host: str, words: list[str], status: str, edits: Edits
) -> None:
    action, kind = road
    answers = parse_answers(f"{word}={status}" for word in words)
    asked = Question(host, action, Options(), PRESETS[kind], answers, edits=edits)
    pair = story_pair(asked)
    assert pair.stock == pair.patched
    assert json.loads(to_json(pair))["stock"]["host"] == host
    on = story_pair(asked.accepting(True))
    assert on.stock == pair.stock
    assert render(on).endswith("\n")


@pytest.mark.parametrize(
    ("action", "kind", "lines"),
    [
        pytest.param(
            "login",
            "netip",
            [
                FALLING_BACK,
                'level=debug msg="attempting v2 login to registry endpoint" endpoint="http://h/v2/"',
            ],
            id="a login",
        ),
        pytest.param(
            "pull",
            "netip",
            [
                FALLING_BACK,
                'level=debug msg="Trying to pull h/image from http://h"',
            ],
            id="a pull",
        ),
        pytest.param(
            "build",
            "netip",
            [
                'level=warning msg="Falling back to plain HTTP for h, which does not answer over HTTPS"'
            ],
            id="a build",
        ),
        pytest.param(
            "plugin-install",
            "netip",
            [
                'level=debug msg="do request" request.method=HEAD '
                'url="http://h/v2/image/manifests/latest"',
                FALLING_BACK,
            ],
            id="a plugin",
        ),
    ],
)
def test_lines_of_the_patch(action: Action, kind: str, lines: list[str]) -> None:
    answers = parse_answers(["http://h=200"])
    told = story(Question("h", action, ON, PRESETS[kind], answers))
    assert list(told.attempts[-1].log) == lines
    assert told.attempts[-1].result == "ok"
    bare = story(Question("h", action, ON, PRESETS[kind], answers, edits=CORE))
    said = [line for attempt in bare.attempts for line in attempt.log]
    assert not any("Falling back" in line for line in said)


def test_dockers_own_fallback_is_silent() -> None:
    listed = Options(insecure_registries=("h",))
    answers = parse_answers(["http://h=200"])
    build = story(Question("h", "build", listed, PRESETS["netip"], answers))
    assert [attempt.log for attempt in build.attempts][1:] == [()]
    assert build.attempts[1].reason == "listed as insecure: the request once more"
    push = Question("h", "push", listed, PRESETS["netip"], answers, store="containerd")
    assert ["do request" in "".join(attempt.log) for attempt in story(push).attempts] == [True] * 2


@pytest.mark.parametrize(
    ("action", "kind", "words", "error"),
    [
        (
            "build",
            "netip",
            ["https://h=tls-bad"],
            'failed to do request: Head "https://h/v2/image/manifests/latest": '
            "x509: certificate signed by unknown authority",
        ),
        (
            "build",
            "netip",
            [],
            'failed to do request: Head "https://h/v2/image/manifests/latest": '
            "dial tcp h:80: connect: connection refused",
        ),
        (
            "build",
            "netip",
            ["https://h=401"],
            "unexpected status from HEAD request to https://h/v2/image/manifests/latest: "
            "401 Unauthorized",
        ),
        (
            "search",
            "netip",
            ["https://h.example=stalled"],
            "https://h.example/v1/_ping: a certificate and then no answer; "
            "the daemon waits without a limit",
        ),
        (
            "login",
            "netip",
            ["https://h=stalled"],
            'Get "https://h/v2/": net/http: request canceled (Client.Timeout exceeded while '
            "awaiting headers)",
        ),
    ],
)
def test_errors(action: Action, kind: str, words: list[str], error: str) -> None:
    host = "h.example" if action == "search" else "h"
    told = story(Question(host, action, ON, PRESETS[kind], parse_answers(words)))
    assert (told.ok, told.error) == (False, error)


@pytest.mark.parametrize(
    ("action", "kind", "wanted", "start", "by_flag", "changes", "why"),
    [
        pytest.param("login", "netip", True, False, False, True, "at once", id="on"),
        pytest.param("build", "netip", True, False, False, True, "at once", id="a build, too"),
        pytest.param("login", "netip", False, True, False, True, "at once", id="off"),
        pytest.param("login", "netip", True, True, False, False, "on already", id="on twice"),
        pytest.param("login", "netip", False, False, False, False, "off already", id="off twice"),
        pytest.param("login", "netip", False, True, True, False, "both as a flag", id="a flag"),
        pytest.param("login", "v1-hub", True, False, False, False, "restart", id="no reload"),
        pytest.param("pull", "ping-login", True, False, False, False, "restart", id="long ago"),
    ],
)
def test_a_reload(
    action: Action, kind: str, wanted: bool, start: bool, by_flag: bool, changes: bool, why: str
) -> None:
    options = Options(accept_insecure_registry=start)
    answers = parse_answers(["http://h=200"])
    asked = Question("h", action, options, PRESETS[kind], answers)
    found = after_reload(asked, wanted, by_flag=by_flag)
    assert why in found.why
    assert (found.story is not None) is changes
    if found.story:
        assert found.story == story(asked.accepting(wanted))
        assert found.story.ok is wanted
    text = render(replace(story_pair(asked), reload=found))
    assert ("after a reload" in text, "nothing changes" in text) == (True, not changes)


def test_a_reload_names_what_is_new() -> None:
    asked = Question("h", "login", Options(), PRESETS["netip"], parse_answers(["http://h=200"]))
    on = replace(story_pair(asked), reload=after_reload(asked, True, by_flag=False))
    assert "  new: http://h/v2/\n" in render(on)
    asked = asked.accepting(True)
    off = replace(story_pair(asked), reload=after_reload(asked, False, by_flag=False))
    assert "  no more: http://h/v2/\n" in render(off)


def test_a_reload_that_is_left_out() -> None:
    asked = Question("h", "login", Options(), PRESETS["netip"], Answers(), edits=CORE)
    found = after_reload(asked, True, by_flag=False)
    assert found.story is None
    assert "left out" in found.why


@pytest.mark.parametrize(
    ("action", "kind", "options", "edits", "words"),
    [
        pytest.param("build", "reloadable", ON, Edits(), "no BuildKit", id="no BuildKit"),
        pytest.param("build", "netip", ON, CORE, "`hosts` is left out", id="no hosts"),
        pytest.param("search", "netip", ON, CORE, "`search` is left out", id="no search"),
        pytest.param("login", "ping-login", ON, CORE, "`search` is left out", id="no ping"),
        pytest.param("login", "netip", ON, CORE, "rails are left out", id="no rails"),
        pytest.param(
            "build",
            "v2-only",
            Options(insecure_registries=("h",)),
            Edits(),
            "listed as http://h it would",
            id="listed in vain",
        ),
    ],
)
def test_notes(action: Action, kind: str, options: Options, edits: Edits, words: str) -> None:
    pair = story_pair(Question("h", action, options, PRESETS[kind], Answers(), edits=edits))
    assert len(pair.notes) == 1
    assert words in pair.notes[0]
    assert pair.notes[0] in render(pair)


@pytest.mark.parametrize(
    ("action", "kind", "options", "edits"),
    [
        pytest.param("login", "netip", ON, Edits(), id="the whole patch"),
        pytest.param("login", "netip", Options(), CORE, id="the option is off"),
        pytest.param("build", "netip", Options(insecure_registries=("h",)), Edits(), id="found"),
        pytest.param(
            "build", "v2-only", Options(insecure_registries=("http://h",)), Edits(), id="found so"
        ),
        pytest.param("build", "v2-only", Options(), Edits(), id="not listed"),
        pytest.param("build", "v2-only", Options(mirrors=("ftp://m",)), Edits(), id="refused"),
        pytest.param(
            "login", "v2-only", Options(insecure_registries=("h",)), Edits(), id="a lookup"
        ),
    ],
)
def test_nothing_to_note(action: Action, kind: str, options: Options, edits: Edits) -> None:
    pair = story_pair(Question("h", action, options, PRESETS[kind], Answers(), edits=edits))
    assert pair.notes == ()
    assert "note:" not in render(pair)


@pytest.mark.parametrize(
    ("plugins", "buildkit", "action", "words"),
    [("first", "", "plugin-install", "first address"), ("", "https", "build", "HTTPS alone")],
)
def test_notes_on_roads_without_a_way(
    plugins: PluginRule, buildkit: BuildRule, action: Action, words: str
) -> None:
    traits = replace(PRESETS["one-client"], plugins=plugins, buildkit=buildkit)
    pair = story_pair(Question("h", action, ON, traits, parse_answers(["http://h=200"])))
    assert words in pair.notes[0]
    assert not pair.patched.ok


def test_the_core_sends_a_password_in_clear() -> None:
    answers = parse_answers(["https://h=tls-bad", "http://h=401+accepts"])
    asked = Question("h", "login", ON, PRESETS["netip"], answers)
    whole = render(story_pair(asked))
    core = render(story_pair(replace(asked, edits=CORE), "--only core"))
    assert "PASSWORD SENT IN CLEAR" not in whole
    assert "patched (--only core), with accept-insecure-registry: login h" in core
    assert "no TLS; PASSWORD SENT IN CLEAR" in core


@pytest.mark.parametrize("action", ACTIONS)
def test_no_store_is_an_error_and_not_a_story(action: Action) -> None:
    with pytest.raises(ModelError, match=f"{action}: ") as caught:
        story_pair(Question("h", action, ON, PRESETS["v2-only"], Answers(), store="containerd"))
    assert caught.value.kind == "road"


ALL = {"search", "hosts", "reload"} | {
    f"no-downgrade-{name}" for name in ("login", "pull", "push", "plugin")
}


@pytest.mark.parametrize(
    ("action", "lacks", "plugin_hosts", "expected"),
    [
        ("login", set(), False, Edits()),
        ("login", {"no-downgrade-pull"}, False, Edits()),
        ("login", {"no-downgrade-login"}, False, Edits(rails=False)),
        ("classic-build", {"no-downgrade-pull"}, False, Edits(rails=False)),
        ("plugin-push", {"no-downgrade-push"}, False, Edits(rails=False)),
        ("plugin-push", {"no-downgrade-push"}, True, Edits()),
        ("plugin-push", {"no-downgrade-plugin"}, True, Edits(rails=False)),
        ("plugin-install", {"no-downgrade-plugin"}, False, Edits()),
        ("pull", {"hosts"}, False, Edits(hosts=False)),
        ("pull", {"reload"}, False, Edits(reload=False)),
        ("pull", ALL, False, CORE),
    ],
)
def test_edits(action: Action, lacks: set[str], plugin_hosts: bool, expected: Edits) -> None:
    assert edits_for(action, ALL - lacks, plugin_hosts=plugin_hosts) == expected
