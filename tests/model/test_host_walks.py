"""What a build, the image store and plugins try, host after host."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gopatch.model import (
    PRESETS,
    Action,
    AttemptEnd,
    HostTask,
    Options,
    Traits,
    run,
    service_config,
)
from gopatch.story.told_answers import parse_answers

ROWS = tomllib.loads(Path(__file__).with_name("hosts.toml").read_text(encoding="utf-8"))
NAME, HUB = "h.example", "docker.io"
ON = Options(accept_insecure_registry=True)
LISTED = Options(insecure_registries=(NAME, f"http://{NAME}"))
HTTP_ONLY = ("http://h.example=401+accepts",)
V23 = replace(PRESETS["v2-only"], local_by_name=False, resolver_continues=True)


def asking(action: Action, traits: Traits, answers: Sequence[str], options: Options) -> HostTask:
    config = service_config(options, traits)
    return HostTask(action, config, NAME, traits, parse_answers(answers))


def walk(task: HostTask) -> str:
    """Attempts as `https http* ...`; `*`: a password went out, `-`: skipped; then the end."""
    found = run(task)
    words = []
    for attempt in found.attempts:
        mark = "-" if attempt.outcome is AttemptEnd.SKIPPED else "*" if attempt.credentials else ""
        words.append(attempt.base.partition(":")[0] + mark)
    return " ".join([*words, "ok" if found.ok else found.error])


def test_a_port_of_its_own_is_not_left_for_another() -> None:
    """Docker's fallback keeps to a port that was given; the patch's tells HTTP from HTTPS by it."""
    answers = ("http://h.example:5000=200",)
    host, traits = "h.example:5000", PRESETS["netip"]
    listed = asking("build", traits, answers, Options(insecure_registries=(host,)))
    assert walk(listed._replace(host=host)) == "https refused"
    assert walk(asking("build", traits, answers, ON)._replace(host=host)) == "https http ok"


@pytest.mark.parametrize("action", ["plugin-install", "plugin-push"])
def test_a_plugin_stops_at_its_first_address(action: Action) -> None:
    traits = replace(PRESETS["reloadable"], plugins="first")
    assert walk(asking(action, traits, HTTP_ONLY, ON)) == "https refused"
    good = ("https://h.example=401+accepts",)
    assert walk(asking(action, traits, good, ON)) == "https* ok"


@pytest.mark.parametrize("traits", [PRESETS["v2-only"], V23, PRESETS["netip"]])
def test_mirrors_get_no_password_but_of_a_plugin(traits: Traits) -> None:
    options = Options(mirrors=("https://m.example",))
    answers = ("https://m.example=401", "https://registry-1.docker.io=401+accepts")
    build = asking("build", traits, answers, options)._replace(host=HUB)
    continues = traits.resolver_continues
    assert walk(build) == ("https https* ok" if continues else "https 401")
    plugin = walk(build._replace(action="plugin-install"))
    assert plugin == ("https* https* ok" if continues else "https* 401")
    if traits.store:
        assert walk(build._replace(action="push", store="containerd")) == "https* ok"


def test_the_first_error_but_404_is_reported() -> None:
    options = Options(mirrors=("https://m.example", "https://n.example"))
    answers = ("https://m.example=404", "https://n.example=500")
    asked = asking("build", PRESETS["netip"], answers, options)
    assert walk(asked._replace(host=HUB)).endswith(" 500")


@pytest.mark.parametrize(
    ("answers", "build", "store", "plugin"),
    [
        pytest.param(
            ("https://h.example=401:https://a.example/t", "https://a.example/t=401+accepts"),
            *("https https* https ok",) * 3,
            id="a token server",
        ),
        pytest.param(
            ("https://h.example=401:https://a.example/t", "https://a.example/t=tls-bad+200"),
            *("https https https token",) * 3,
            id="one with a bad certificate",
        ),
        pytest.param(
            ("https://h.example=307:https://o.example/", "https://o.example=401+accepts"),
            *("https 401", "https 401", "https* ok"),
            id="a redirect to another host",
        ),
        pytest.param(
            ("https://h.example=307:http://h.example/", "http://h.example=401+accepts"),
            *("https* ok",) * 3,
            id="a redirect to the same host in clear",
        ),
    ],
)
def test_where_a_password_goes(
    answers: tuple[str, ...], build: str, store: str, plugin: str
) -> None:
    asked = asking("build", PRESETS["netip"], answers, Options())
    pull = asked._replace(action="pull", store="containerd")
    told = [walk(one) for one in (asked, pull, asked._replace(action="plugin-install"))]
    assert told == [build, store, plugin]


@pytest.mark.parametrize("by_host", [True, False])
def test_who_knows_the_list_at_a_token_server(by_host: bool) -> None:
    """docker/cli#6748: the store's token went by a client that knew no list, up to docker-v29.4."""
    traits = replace(PRESETS["netip"], token_by_host=by_host)
    answers = ("https://h.example=401:https://a.example/t", "https://a.example/t=tls-bad+200")
    listed = Options(insecure_registries=(NAME,))
    asked = asking("pull", traits, answers, listed)._replace(store="containerd")
    assert walk(asked) == ("https https* https ok" if by_host else "https https https token")


@pytest.mark.parametrize("row", ROWS["walk"], ids=lambda row: row["id"])
def test_what_is_tried(row: dict[str, Any]) -> None:
    traits = PRESETS[row["kind"]]
    asked = [asking(row["action"], traits, row["answers"], o) for o in (Options(), ON, LISTED)]
    found = [walk(one._replace(store=row["store"])) for one in asked]
    assert found == [row["off"], row["on"], row["listed"]]
