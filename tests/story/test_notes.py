"""What is said beside a story."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gopatch.model import CORE, Action, Edits, Options
from gopatch.model.traits import BuildRule, PluginRule
from gopatch.story.pages import render
from gopatch.story.question import ToldNames
from gopatch.story.tell import story_pair
from tests.story.asked import HOST, LISTED, ON, question, resolve


@pytest.mark.parametrize(
    ("action", "kind", "options", "edits", "words"),
    [
        pytest.param("build", "reloadable", ON, Edits(), "no BuildKit", id="no BuildKit"),
        pytest.param("build", "bracketed", ON, CORE, "`hosts` is left out", id="no hosts"),
        pytest.param("search", "netip", ON, CORE, "`search` is left out", id="no search"),
        pytest.param("login", "ping-login", ON, CORE, "`search` is left out", id="no ping"),
        pytest.param("login", "netip", ON, CORE, "rails are left out", id="no rails"),
        pytest.param(
            "build",
            "v2-only",
            Options(insecure_registries=("h.example",)),
            Edits(),
            "listed as http://h.example it would",
            id="listed in vain",
        ),
    ],
)
def test_notes(action: Action, kind: str, options: Options, edits: Edits, words: str) -> None:
    pair = story_pair(question(action, options, kind, edits=edits))
    assert len(pair.notes) == 1
    assert words in pair.notes[0]
    assert pair.notes[0] in render(pair)


@pytest.mark.parametrize(
    ("action", "kind", "options", "edits"),
    [
        pytest.param("login", "netip", ON, Edits(), id="the whole patch"),
        pytest.param("login", "netip", Options(), CORE, id="the option is off"),
        pytest.param("build", "bracketed", LISTED, Edits(), id="found"),
        pytest.param(
            "build",
            "v2-only",
            Options(insecure_registries=("http://h.example",)),
            Edits(),
            id="found so",
        ),
        pytest.param("build", "v2-only", Options(), Edits(), id="not listed"),
        pytest.param("build", "v2-only", Options(mirrors=("ftp://m",)), Edits(), id="refused"),
        pytest.param(
            "login", "v2-only", Options(insecure_registries=("h.example",)), Edits(), id="a lookup"
        ),
    ],
)
def test_nothing_to_note(action: Action, kind: str, options: Options, edits: Edits) -> None:
    pair = story_pair(question(action, options, kind, edits=edits))
    assert pair.notes == ()
    assert "note:" not in render(pair)


@pytest.mark.parametrize(
    ("plugins", "buildkit", "action", "words"),
    [("first", "", "plugin-install", "first address"), ("", "https", "build", "HTTPS alone")],
)
def test_notes_on_roads_without_a_way(
    plugins: PluginRule, buildkit: BuildRule, action: Action, words: str
) -> None:
    asked = question(action, ON, "one-client", ["http://h.example=200"])
    traits = replace(asked.traits, plugins=plugins, buildkit=buildkit)
    pair = story_pair(replace(asked, traits=traits))
    assert words in pair.notes[0]
    assert not pair.patched.ok


@pytest.mark.parametrize(
    ("host", "words"),
    [
        ("r.example:5000", "r.example is assumed to resolve to nothing"),
        ("r.example", "--resolve r.example=ADDRESS"),
        ("http://r.example/v2/", "login takes the host of http://r.example/v2/ alone: r.example"),
        ("registry", "registry is assumed"),
    ],
)
def test_what_is_assumed_of_a_name(host: str, words: str) -> None:
    asked = replace(question("login", ON, "netip"), host=host, resolve=ToldNames())
    assert any(words in note for note in story_pair(asked).notes)


@pytest.mark.parametrize(
    "host",
    ["localhost:5000", "LocalHost", "192.0.2.7", "[::1]:5000", "docker.io", "::1", HOST],
)
def test_nothing_is_assumed_of_what_is_known(host: str) -> None:
    names = ToldNames(((HOST, tuple(resolve(HOST))),))
    asked = replace(question("login", ON, "netip"), host=host, resolve=names)
    assert story_pair(asked).notes == ()


@pytest.mark.parametrize(
    ("host", "said"),
    [
        ("r.example/x/y", ["r.example is assumed"]),
        ("r.example:5000", ["r.example is assumed"]),
        ("https://r.example", []),
        ("ubuntu", []),
    ],
)
def test_a_search_asks_for_what_stands_before_the_slash(host: str, said: list[str]) -> None:
    asked = replace(question("search", ON, "netip"), host=host, resolve=ToldNames())
    found = [note for note in story_pair(asked).notes if "assumed" in note]
    assert [note.partition(" to ")[0] for note in found] == said


@pytest.mark.parametrize(
    ("action", "kind", "words", "note"),
    [
        ("login", "netip", ["https://h.example=401"], "HTTP basic authentication"),
        ("build", "netip", [], "hosts.toml"),
        ("build", "bracketed", ["https://h.example=401:https://a.example/t"], "session"),
    ],
)
def test_what_is_not_modelled_is_said(
    action: Action, kind: str, words: list[str], note: str
) -> None:
    assert note in " ".join(story_pair(question(action, ON, kind, words)).notes)
