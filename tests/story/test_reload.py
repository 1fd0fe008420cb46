"""What SIGHUP changes, and what it leaves."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from gopatch.model import CORE, PRESETS, Action, preset_rules
from gopatch.model.traits import ReloadRule
from gopatch.story.command import Command, Release
from gopatch.story.pages import render
from gopatch.story.tell import ToldReload, after_reload, commanded
from tests.story.asked import HOST, ON, question

HTTP = ["http://h.example=200"]
NAMES = b'{"insecure-registries": ["h.example"]}'
BOTH = b'{"insecure-registries": ["h.example"], "registry-mirrors": ["http://m"]}'
MIRRORS = b'{"registry-mirrors": ["http://m"]}'
NETWORK = b'{"insecure-registries": ["192.0.2.0/24"], "registry-mirrors": ["http://m"]}'


def source(kind: str, **traits: Any) -> Release:
    return Release(replace(PRESETS[kind], **traits), preset_rules(kind))


def told(
    command: Command, at: Release, wanted: bool | bytes, action: Action = "login"
) -> ToldReload:
    asked = replace(question(action, ON, "netip", HTTP), traits=at.traits)
    found = after_reload(asked, command, at, wanted)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("action", "kind", "wanted", "command", "told_so"),
    [
        pytest.param("login", "netip", True, Command(), (True, "at once"), id="on"),
        pytest.param("build", "bracketed", True, Command(), (True, "at once"), id="a build, too"),
        pytest.param(
            "login",
            "netip",
            False,
            Command(file=b'{"accept-insecure-registry": true}'),
            (True, "at once"),
            id="off",
        ),
        pytest.param(
            "login",
            "netip",
            True,
            Command(file=b'{"accept-insecure-registry": true}'),
            (False, "nothing changes"),
            id="on twice",
        ),
        pytest.param(
            "login", "netip", False, Command(), (False, "nothing changes"), id="off twice"
        ),
        pytest.param(
            "login", "netip", False, Command(accept=True), (False, "both as a flag"), id="a flag"
        ),
        pytest.param("login", "v1-hub", True, Command(), (False, "restart"), id="no reload"),
        pytest.param("pull", "ping-login", True, Command(), (False, "restart"), id="long ago"),
    ],
)
def test_the_option(
    action: Action, kind: str, wanted: bool, command: Command, told_so: tuple[bool, str]
) -> None:
    changes, why = told_so
    found = told(command, source(kind), wanted, action)
    assert why in found.why
    assert (found.story is not None) is changes
    if found.story:
        assert found.story.ok is wanted
    asked = replace(question(action, ON, kind, HTTP))
    text = render(replace(commanded(asked, command, source(kind)), reload=found))
    assert ("after a reload" in text, "nothing changes" in text) == (True, not changes)


def test_what_is_new_is_named() -> None:
    at, asked = source("netip"), question("login", ON, "netip", HTTP)
    on = replace(commanded(asked, Command(), at), reload=told(Command(), at, True))
    assert f"  new: http://{HOST}/v2/\n" in render(on)
    command = Command(file=b'{"accept-insecure-registry": true}')
    off = replace(commanded(asked, command, at), reload=told(command, at, False))
    assert f"  no more: http://{HOST}/v2/\n" in render(off)


def test_an_edit_that_is_left_out() -> None:
    asked = replace(question("login", ON, "netip"), edits=CORE)
    found = after_reload(asked, Command(), source("netip"), True)
    assert found is not None
    assert found.story is None
    assert "left out" in found.why


@pytest.mark.parametrize(
    ("rule", "before", "then", "kept"),
    [
        ("list", BOTH, BOTH, True),
        ("list-first", BOTH, BOTH, True),
        ("dropping", BOTH, BOTH, False),
        ("dropping", NAMES, NAMES, True),
        ("dropping", NAMES, MIRRORS, False),
        ("dropping", NETWORK, NETWORK, True),
        ("mirrors-first", BOTH, BOTH, True),
        ("mirrors-first", NAMES, MIRRORS, False),
        ("replaced", BOTH, BOTH, True),
        ("replaced", NAMES, MIRRORS, True),
        ("replaced", NAMES, b"{}", True),
        ("list-first", NAMES, b'{"insecure-registries": []}', False),
        ("replaced", NAMES, b'{"insecure-registries": null}', False),
        ("replaced", NAMES, b'{"x": {"insecure-registries": ["h.example"]}}', False),
        ("list-first", NAMES, b'{"insecure-registries": ["-"]}', True),
        ("replaced", NAMES, b'{"insecure-registries": [], "registry-mirrors": ["m"]}', True),
        ("", BOTH, b"{}", True),
    ],
)
def test_who_is_listed_then(rule: ReloadRule, before: bytes, then: bytes, kept: bool) -> None:
    """Of 20 releases that drop the names, daemon/reload.go takes the mirrors over last."""
    at = source("v2-only", reload=rule)
    found = told(Command(file=before), at, then)
    assert (found.story is None or found.story.ok) is kept
    if found.story:
        assert found.stock is not None
        assert (found.stock.ok, found.wanted) == (kept, None)
    elif rule:
        assert "nothing changes" in found.why


def test_a_list_that_is_lost_is_said() -> None:
    at = source("mirror-paths", reload="dropping")
    assert "moby#45552" in told(Command(file=BOTH), at, BOTH).why
    assert "moby#45552" not in told(Command(file=BOTH), source("mirror-paths"), BOTH).why


@pytest.mark.parametrize("then", [b"{", b'{"unknown": 1}', b'{"insecure-registries": "a"}'])
def test_a_file_that_cannot_be_read_changes_nothing(then: bytes) -> None:
    found = told(Command(file=NAMES), source("netip"), then)
    assert found.story is None
    assert "the reload is refused" in found.why
    assert "unable to configure the Docker daemon" in found.why


def test_there_is_no_reload_of_what_does_not_run() -> None:
    asked = question("login", ON, "netip")
    assert after_reload(asked, Command(file=b"{"), source("netip"), True) is None
