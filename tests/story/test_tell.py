"""The stories: what is told of each daemon, and what is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gopatch.model import ACTIONS, CORE, PRESETS, Action, Edits, ModelError, Options, no_road
from gopatch.story.pages import render, to_json
from gopatch.story.question import Question, parse_answers
from gopatch.story.tell import Story, story, story_pair
from tests.story.asked import ON, PLAIN, question, resolve

HTTP_ONLY = parse_answers([f"http://{PLAIN}=401+accepts"])


def urls(told: Story) -> list[tuple[str, str]]:
    return [(attempt.url, attempt.result) for attempt in told.attempts]


def test_the_article() -> None:
    """Docker 1.13, a registry that speaks HTTP only, login: both logs of the article."""
    pair = story_pair(Question(PLAIN, "login", ON, PRESETS["reloadable"], HTTP_ONLY))
    assert urls(pair.stock) == [
        (f"https://{PLAIN}/v2/", "next"),
        (f"https://{PLAIN}/v1/users/", "next"),
    ]
    assert urls(pair.patched) == [(f"https://{PLAIN}/v2/", "next"), (f"http://{PLAIN}/v2/", "ok")]
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


def test_refused_options_are_a_story_without_attempts() -> None:
    pair = story_pair(question("pull", Options(mirrors=("ftp://m",)), "netip"))
    assert (pair.stock.attempts, pair.stock.ok, pair.open_list) == ((), False, ())
    assert "ftp://m" in pair.stock.error
    assert pair.stock == pair.patched


def test_an_unknown_action_is_refused() -> None:
    with pytest.raises(ModelError) as caught:
        story(question(cast(Action, "bild"), Options(), "netip"))
    assert caught.value.kind == "action"


@given(
    road=st.sampled_from(
        [(a, k) for a in ACTIONS for k, traits in PRESETS.items() if not no_road(a, traits)]
    ),
    host=st.sampled_from(["h.example", "h.example:5000", "docker.io", "[::1]:5", "::1"]),
    words=st.lists(
        st.sampled_from(
            ["https://h.example", "http://h.example", "https://h.example/v1", "http://h.example/v2"]
        ),
        unique=True,
    ),
    status=st.sampled_from(["200", "401", "404", "500", "timeout", "accepts"]),
    edits=st.builds(Edits, st.booleans(), st.booleans(), st.booleans(), st.booleans()),
)
def test_off_both_daemons_tell_the_same(
    road: tuple[Action, str], host: str, words: list[str], status: str, edits: Edits
) -> None:
    action, kind = road
    answers = parse_answers(f"{word}={status}" for word in words)
    asked = Question(host, action, Options(), PRESETS[kind], answers, resolve, edits=edits)
    pair = story_pair(asked)
    assert pair.stock == pair.patched
    assert json.loads(to_json(pair))["stock"]["host"] == host
    on = story_pair(asked.accepting(True))
    assert on.stock == pair.stock
    assert render(on).endswith("\n")


def test_the_core_sends_a_password_in_clear() -> None:
    answers = ["https://h.example=tls-bad", "http://h.example=401+accepts"]
    asked = question("login", ON, "netip", answers)
    whole = render(story_pair(asked))
    core = render(story_pair(replace(asked, edits=CORE), "--only core"))
    assert "PASSWORD SENT IN CLEAR" not in whole
    assert "patched (--only core), with accept-insecure-registry: login h.example" in core
    assert "no TLS; PASSWORD SENT IN CLEAR" in core


@pytest.mark.parametrize("action", ACTIONS)
def test_no_store_is_an_error_and_not_a_story(action: Action) -> None:
    with pytest.raises(ModelError, match=f"{action}: ") as caught:
        story_pair(question(action, ON, "v2-only", store="containerd"))
    assert caught.value.kind == "road"
