"""Who leads elsewhere has answered, and within one host it depends on who has seen it."""

from __future__ import annotations

import pytest

from gopatch.model import Action
from tests.model.walks import LISTED, ON, ROADS, Road, shown, walk

LED_AWAY = ("https://h.example=301:https://o.example/v2/", "http://h.example=401+accepts")
LED_ON = (
    "https://h.example/v2/=301:https://h.example/v3/",
    "https://h.example/v2/image=301:https://h.example/v3/",
    "https://h.example/v1=301:https://h.example/v3/",
    "http://h.example=401+accepts",
)


@pytest.mark.parametrize("road", [road for road in ROADS if "V1" not in road.kind], ids="-".join)
def test_who_leads_elsewhere_has_answered(road: Road) -> None:
    """https_first.go, https_watch.go, http_fallback.go: a redirect shows that HTTPS answers."""
    found = walk(road, ON, LED_AWAY)
    assert not any(one.credentials for one in found.attempts if one.base.startswith("http:"))
    assert not found.ok


@pytest.mark.parametrize(
    ("action", "kind", "on"),
    [
        pytest.param("login", "netip", "https2 http2- refused", id="a login has seen it"),
        pytest.param("pull", "netip", "https2 http2* ok", id="a pull knows of its error alone"),
        pytest.param("search", "netip", "https1 http1- refused", id="a search has seen it"),
        pytest.param("build", "netip", "https2 refused", id="so has a build"),
        pytest.param("plugin-push", "netip", "https2 http2- refused", id="so have plugins"),
    ],
)
def test_within_its_own_host(action: Action, kind: str, on: str) -> None:
    assert shown(walk(Road(action, kind), ON, LED_ON)) == on


def test_a_listed_host_falls_back_where_it_is_led() -> None:
    """buildkit's httpFallback is a transport: it changes the request that failed."""
    answers = ("https://h.example=301:https://o.example/x", "https://o.example=http")
    found = walk(Road("build", "netip"), LISTED, (*answers, "http://o.example=200"))
    assert [one.url for one in found.attempts][1:] == ["http://o.example/x"]
    assert found.ok
