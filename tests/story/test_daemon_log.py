"""The daemon's lines about each attempt, and the errors that it gives back."""

from __future__ import annotations

import pytest

from gopatch.model import CORE, Action, Options
from gopatch.story.tell import story
from tests.story.asked import ON, question

FALLING_BACK = (
    'level=warning msg="Falling back to plain HTTP for h.example, which does not answer over HTTPS"'
)


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        pytest.param(
            "reloadable",
            'msg="attempting v2 login to registry endpoint https://h.example/v2/"',
            id="in the message",
        ),
        pytest.param(
            "netip",
            'msg="attempting v2 login to registry endpoint" endpoint="https://h.example/v2/"',
            id="a field",
        ),
    ],
)
def test_login_lines(kind: str, line: str) -> None:
    told = story(question("login", Options(), kind))
    assert told.attempts[0].log[0] == f"level=debug {line}"


def test_failed_login_lines() -> None:
    lines = [
        story(question("login", Options(), k)).attempts[0].log[1] for k in ("reloadable", "netip")
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
            ["debug Trying to pull h.example/image from https://h.example v2"],
            id="says nothing of the next",
        ),
        pytest.param(
            "reloadable",
            [
                "debug Trying to pull h.example/image from https://h.example v2",
                "error Attempting next endpoint for pull after error: ",
            ],
            id="an error",
        ),
        pytest.param(
            "netip",
            [
                "debug Trying to pull h.example/image from https://h.example",
                "info Attempting next endpoint for pull after error: ",
            ],
            id="information, no version",
        ),
    ],
)
def test_pull_lines(kind: str, lines: list[str]) -> None:
    told = story(question("pull", Options(), kind))
    found = told.attempts[0].log
    assert len(found) == len(lines)
    for line, start in zip(found, lines, strict=True):
        level, _, message = start.partition(" ")
        assert line.startswith(f'level={level} msg="{message}')


def test_skip_lines() -> None:
    listed = Options(insecure_registries=("h.example",))
    told = story(question("push", listed, "reloadable", ["https://h.example=401"]))
    skipped = [a for a in told.attempts if a.result == "skipped"]
    assert [line for a in skipped for line in a.log] == [
        'level=debug msg="Skipping non-TLS endpoint http://h.example for host/port that appears to use TLS"',
        'level=debug msg="Skipping v1 endpoint https://h.example because v2 registry was detected"',
        'level=debug msg="Skipping v1 endpoint http://h.example because v2 registry was detected"',
    ]
    assert told.error == "unauthorized: authentication required"


@pytest.mark.parametrize(
    ("action", "kind", "answers", "pings"),
    [
        pytest.param("pull", "reloadable", (), ["v1"], id="V1 alone"),
        pytest.param("push", "reloadable", (), ["v1"], id="a push"),
        pytest.param("pull", "ping-login", (), ["v2", "v1"], id="one endpoint for both"),
        pytest.param("push", "first-lookups", (), ["v2", "v1"], id="a push by one for both"),
        pytest.param("pull", "ping-login", ("https://h.example=401+v2",), ["v2"], id="V2 is there"),
    ],
)
def test_v1_is_pinged_over_https(
    action: Action, kind: str, answers: tuple[str, ...], pings: list[str]
) -> None:
    listed = Options(insecure_registries=("h.example",))
    told = story(question(action, listed, kind, list(answers)))
    found = [
        (one.url.partition(":")[0], words.partition(" ")[0])
        for one in told.attempts
        for line in one.log
        for words in line.split("attempting ")[1:]
    ]
    assert found == [("https", version) for version in pings]


def test_search_lines() -> None:
    told = story(question("search", Options(), "reloadable"))
    assert told.attempts[0].log == (
        'level=debug msg="pinging registry endpoint https://h.example/v1/"',
        'level=debug msg="attempting v1 ping for registry endpoint https://h.example/v1/"',
    )


def test_a_stop_is_logged() -> None:
    told = story(question("pull", Options(), "netip", ["https://h.example=401"]))
    assert (
        told.attempts[-1]
        .log[-1]
        .startswith('level=error msg="Not continuing with pull after error: ')
    )


@pytest.mark.parametrize(
    ("action", "kind", "lines"),
    [
        pytest.param(
            "login",
            "netip",
            [
                FALLING_BACK,
                'level=debug msg="attempting v2 login to registry endpoint" endpoint="http://h.example/v2/"',
            ],
            id="a login",
        ),
        pytest.param(
            "pull",
            "netip",
            [
                FALLING_BACK,
                'level=debug msg="Trying to pull h.example/image from http://h.example"',
            ],
            id="a pull",
        ),
        pytest.param(
            "build",
            "netip",
            [
                'level=warning msg="Falling back to plain HTTP for h.example, which does not answer over HTTPS"'
            ],
            id="a build",
        ),
        pytest.param(
            "plugin-install",
            "netip",
            [
                'level=debug msg="do request" request.method=HEAD '
                'url="http://h.example/v2/image/manifests/latest"',
                FALLING_BACK,
            ],
            id="a plugin",
        ),
    ],
)
def test_lines_of_the_patch(action: Action, kind: str, lines: list[str]) -> None:
    answers = ["http://h.example=200"]
    told = story(question(action, ON, kind, answers))
    assert list(told.attempts[-1].log) == lines
    assert told.attempts[-1].result == "ok"
    bare = story(question(action, ON, kind, answers, edits=CORE))
    said = [line for attempt in bare.attempts for line in attempt.log]
    assert not any("Falling back" in line for line in said)


def test_dockers_own_fallback_is_silent() -> None:
    listed = Options(insecure_registries=("h.example",))
    answers = ["http://h.example=200"]
    build = story(question("build", listed, "netip", answers))
    assert [attempt.log for attempt in build.attempts][1:] == [()]
    assert build.attempts[1].reason == "listed as insecure: the request once more"
    push = question("push", listed, "netip", answers, store="containerd")
    assert ["do request" in "".join(attempt.log) for attempt in story(push).attempts] == [True] * 2


@pytest.mark.parametrize(
    ("action", "kind", "words", "error"),
    [
        (
            "build",
            "netip",
            ["https://h.example=tls-bad"],
            'failed to do request: Head "https://h.example/v2/image/manifests/latest": '
            "x509: certificate signed by unknown authority",
        ),
        (
            "build",
            "netip",
            [],
            'failed to do request: Head "https://h.example/v2/image/manifests/latest": '
            "dial tcp h.example:80: connect: connection refused",
        ),
        (
            "build",
            "netip",
            ["https://h.example=401"],
            "unexpected status from HEAD request to https://h.example/v2/image/manifests/latest: "
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
            ["https://h.example=stalled"],
            'Get "https://h.example/v2/": net/http: request canceled (Client.Timeout exceeded while '
            "awaiting headers)",
        ),
    ],
)
def test_errors(action: Action, kind: str, words: list[str], error: str) -> None:
    told = story(question(action, ON, kind, words))
    assert (told.ok, told.error) == (False, error)
