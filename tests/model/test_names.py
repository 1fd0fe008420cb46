"""What a typed name means to each action."""

from __future__ import annotations

import pytest

from gopatch.model import PRESETS, Action, ModelError, Traits, named

NEW, OLD = Traits(), PRESETS["reloadable"]


@pytest.mark.parametrize(
    ("typed", "login", "pull"),
    [
        ("r.example:5000", "r.example:5000", "r.example:5000/image"),
        ("localhost", "localhost", "localhost/image"),
        ("registry", "registry", "docker.io/registry/image"),
        ("r.example/team", "r.example", "r.example/team/image"),
        ("Registry", "Registry", "Registry/image"),
        ("[::1]:5000", "[::1]:5000", "[::1]:5000/image"),
        ("index.docker.io", "index.docker.io", "docker.io/library/image"),
        ("docker.io", "docker.io", "docker.io/library/image"),
        ("r.example:99999", "r.example:99999", "r.example:99999/image"),
        ("[::ffff:127.0.0.1]:5", "[::ffff:127.0.0.1]:5", "[::ffff:127.0.0.1]:5/image"),
        ("http://r.example/v2/", "r.example", None),
        ("https://u:p@r.example", "r.example", None),
        ("r.example:5000/", "r.example:5000", None),
        ("r.example/Team", "r.example", None),
        ("my_registry:5000", "my_registry:5000", None),
        ("my_registry.corp", "my_registry.corp", None),
        ("r.example?x", "r.example", None),
        ("r.example:abc", None, None),
        ("r example", None, None),
        ("r.example ", None, None),
        ("http://", None, None),
        ("/", None, None),
        ("::1", "::1", None),
    ],
)
def test_names(typed: str, login: str | None, pull: str | None) -> None:
    expected = {"login": login, "pull": pull, "build": pull, "plugin-install": pull}
    for action in ("login", "pull", "build", "plugin-install"):
        assert _named(action, typed) == expected[action]


def _named(action: Action, typed: str) -> str | None:
    # An older Go minds no second colon.
    traits = OLD if typed == "::1" else NEW
    try:
        found = named(action, typed, traits)
    except ModelError as error:
        return None if error.kind in ("address", "reference") else error.kind
    return found.repository or found.host


@pytest.mark.parametrize(
    ("action", "typed", "words"),
    [
        ("login", "r.example:abc", 'parse "https://r.example:abc": invalid port ":abc" after host'),
        ("login", " r.example", 'invalid character " " in host name'),
        ("pull", "http://r.example", "invalid reference format"),
        ("pull", "r.example/Team", "repository name (Team/image) must be lowercase"),
        ("push", "my_registry.corp", "no Host in request URL"),
    ],
)
def test_dockers_words(action: Action, typed: str, words: str) -> None:
    with pytest.raises(ModelError) as caught:
        named(action, typed, NEW)
    assert words in str(caught.value)


def test_a_capital_letter_made_no_host_once() -> None:
    with pytest.raises(ModelError, match="repository name must be lowercase"):
        named("pull", "Registry", OLD)


def test_an_old_go_takes_any_port() -> None:
    assert named("login", "r.example:abc", OLD).host == "r.example:abc"


@pytest.mark.parametrize("action", ["login", "search"])
def test_who_looks_at_the_name_later(action: Action) -> None:
    assert named(action, "http://r.example/", PRESETS["ping-login"]).host == "http://r.example/"
