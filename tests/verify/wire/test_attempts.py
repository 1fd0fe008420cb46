"""What is read out of daemons' logs. The lines are those of real daemons, shortened."""

from __future__ import annotations

import pytest

from gopatch.verify._wire.logged import Event, events, host_events

TIME = 'time="2026-01-02T03:04:05.000000000Z" '
CASES = {
    "login, address in the words": (
        'level=debug msg="attempting v2 login to registry endpoint https://192.0.2.10/v2/"',
        Event("v2 login", "https://192.0.2.10/v2"),
    ),
    "login, address as a field": (
        'level=debug msg="attempting v2 login to registry endpoint" '
        'endpoint="https://192.0.2.10:5000/v2/" spanID=1 traceID=2',
        Event("v2 login", "https://192.0.2.10:5000/v2"),
    ),
    "login to V1": (
        'level=debug msg="attempting v1 login to registry endpoint http://192.0.2.10/v1/"',
        Event("v1 login", "http://192.0.2.10/v1"),
    ),
    "ping": (
        'level=debug msg="attempting v1 ping for registry endpoint https://192.0.2.10/v1/"',
        Event("v1 ping", "https://192.0.2.10/v1"),
    ),
    "pull with a version": (
        'level=debug msg="Trying to pull 192.0.2.10/image from https://192.0.2.10 v2"',
        Event("pull", "https://192.0.2.10"),
    ),
    "pull without": (
        'level=debug msg="Trying to pull 192.0.2.10/image from http://192.0.2.10/"',
        Event("pull", "http://192.0.2.10"),
    ),
    "push": (
        'level=debug msg="Trying to push 192.0.2.10/image to http://192.0.2.10 v2"',
        Event("push", "http://192.0.2.10"),
    ),
    "push in other words": (
        'level=debug msg="Trying to push repository 192.0.2.10/image to https://192.0.2.10 V1"',
        Event("push", "https://192.0.2.10"),
    ),
    "next, after a login": (
        'level=info msg="Error logging in to v2 endpoint, trying next endpoint: Get '
        '\\"https://192.0.2.10/v2/\\": refused"',
        Event("next"),
    ),
    "next, after a login, in other words": (
        'level=info msg="Error logging in to endpoint, trying next endpoint" error="refused"',
        Event("next"),
    ),
    "next, after a pull": (
        'level=error msg="Attempting next endpoint for pull after error: refused"',
        Event("next"),
    ),
    "no more": (
        'level=error msg="Not continuing with pull after error: unauthorized"',
        Event("stop"),
    ),
    "passed over": (
        'level=debug msg="Skipping non-TLS endpoint http://192.0.2.10 for host/port that appears '
        'to use TLS"',
        Event("skip", "http://192.0.2.10"),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_line(name: str) -> None:
    line, event = CASES[name]
    assert events([TIME + line]) == (event,)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "attempting v2 login to registry endpoint https://192.0.2.10/v2/",
        'level=debug msg="Calling POST /v1.26/auth"',
        'level=debug msg="not attempting v2 login to registry endpoint https://192.0.2.10/v2/"',
        'level=debug msg="Trying to pull 192.0.2.10/image from https://192.0.2.10 v2 once more"',
        'level=debug msg="hostDir: /etc/docker/certs.d/192.0.2.10"',
        'level=warning msg="the option accept-insecure-registry offers http://"',
    ],
)
def test_other_lines_tell_nothing(line: str) -> None:
    assert events([TIME + line]) == ()


def test_order_is_kept_and_repetition_counts_once() -> None:
    ping = CASES["ping"][0]
    login = CASES["login to V1"][0]
    assert events([login, ping, ping, login]) == (
        CASES["login to V1"][1],
        CASES["ping"][1],
        CASES["login to V1"][1],
    )


HOSTS = {
    "a request, its address last": (
        'level=debug msg="do request" host=192.0.2.10 request.header.accept="a, */*" '
        'request.method=HEAD url="https://192.0.2.10/v2/image/manifests/latest"',
        Event("request", "https://192.0.2.10"),
    ),
    "a request in plain HTTP, with a port": (
        'level=debug msg="do request" digest="sha256:0" size=1 '
        'url="http://192.0.2.10:5000/v2/image/blobs/sha256:0"',
        Event("request", "http://192.0.2.10:5000"),
    ),
    "the fallback of the patch": (
        'level=warning msg="Falling back to plain HTTP for 192.0.2.10:5000, '
        'which does not answer over HTTPS"',
        Event("fall back", "192.0.2.10:5000"),
    ),
}


@pytest.mark.parametrize("name", HOSTS)
def test_a_line_of_the_resolver(name: str) -> None:
    line, event = HOSTS[name]
    assert host_events([TIME + line] * 2) == (event,)
    assert events([TIME + line]) == ()


def test_requests_count_once_wherever_they_stand() -> None:
    lines = [HOSTS[name][0] for name in HOSTS]
    assert host_events([*lines, *reversed(lines)]) == tuple(HOSTS[name][1] for name in HOSTS)


@pytest.mark.parametrize(
    "line",
    [
        'level=debug msg="fetch response received" url="https://192.0.2.10/v2/"',
        'level=debug msg="do request" host=192.0.2.10',
        'level=info msg="trying next host" error="failed to do request: Head \\"https://h/v2/\\"" '
        'url="https://192.0.2.10/v2/"',
        'level=warning msg="Falling back to plain HTTP"',
        'level=debug msg="Trying to pull 192.0.2.10/image from https://192.0.2.10 v2"',
        "",
    ],
)
def test_no_request(line: str) -> None:
    assert host_events([line]) == ()
