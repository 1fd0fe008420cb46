"""Clients of BuildKit's hosts that live on: which steps are right, and what is said of others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from gopatch.verify._go.visits import STORIES
from gopatch.verify._go.walks import wrong_steps

HELLO, PLAIN = "https hello", "http GET /v2/ with the password"
STORY = {story.name: story for story in STORIES}


def step(*log: str, error: str = "", **more: Any) -> dict[str, Any]:
    bodies = [more.pop("body", "") for _ in log]
    return {
        "error": error,
        "log": list(log),
        "bodies": bodies,
        "told": "",
        "asked": "https://h:1",
        **more,
    }


def answered(*steps: Mapping[str, Any]) -> dict[str, Any]:
    return {"error": "", "steps": list(steps)}


PLAIN_STEP = step(HELLO, PLAIN)


def test_a_client_that_falls_back_is_right() -> None:
    assert wrong_steps(STORY["plain HTTP on the HTTPS port"], answered(PLAIN_STEP)) == []


@pytest.mark.parametrize(
    ("story", "steps", "said"),
    [
        ("plain HTTP on the HTTPS port", [step(HELLO, error="tls")], "asks over https, not https and then http"),
        ("plain HTTP on the HTTPS port", [step(HELLO, PLAIN, PLAIN)], "asks over https and then http and then http"),
        ("plain HTTP on the HTTPS port", [step(HELLO, PLAIN, error="x")], "ends in an error"),
        ("plain HTTP on the HTTPS port", [step(HELLO, "http GET /v2/")], "not what was to be sent"),
        ("plain HTTP on the HTTPS port", [step(HELLO, PLAIN, asked="http://h:1")], "said to come from http://h:1"),
        ("a foreign banner", [step(HELLO, PLAIN)], "a leak: asks over https and then http, not https"),
        ("an upload that can be read again", [PLAIN_STEP], "not what was to be sent"),
        ("an upload is told where to go on", [step(HELLO, PLAIN, told="http://h:1/v2/upload")], "told as http://h:1/v2/upload"),
        ("the option is off", [PLAIN_STEP, step(HELLO)], "asks over https and then http, not https"),
    ],
)  # fmt: skip
def test_a_client_that_does_something_else_is_told(
    story: str, steps: list[dict[str, Any]], said: str
) -> None:
    (line,) = wrong_steps(STORY[story], answered(*steps))
    assert line.startswith(f"{story}, step 1: ")
    assert said in line


@pytest.mark.parametrize(
    "answer", [{"error": "panic: x", "steps": None}, {"error": "", "steps": None}]
)
def test_a_client_that_gives_no_answer_is_wrong(answer: dict[str, Any]) -> None:
    assert len(wrong_steps(STORIES[0], answer)) == 1


# The registry is listed with http:// before it: the original says what is right.
LISTED, BESIDE, *_ = (story for story in STORIES if story.listed)
OVER_HTTP = step("http GET /v2/ with the password", asked="http://h:1")
CHECKED = step(HELLO, error="tls")
CRASH = {"error": "panic: nil in daemon.f", "steps": None}


def answers_to(story: Any, one: dict[str, Any]) -> dict[str, Any]:
    return one if one is CRASH else answered(*[one] * len(story.steps))


@pytest.mark.parametrize("story", [LISTED, BESIDE], ids=["off", "on"])
@pytest.mark.parametrize("one", [OVER_HTTP, CHECKED, CRASH], ids=["plain", "checked", "crash"])
def test_a_client_of_a_listed_registry_does_as_in_the_original(story: Any, one: Any) -> None:
    answer = answers_to(story, one)
    assert wrong_steps(story, answer, answer) == []


def test_where_listing_opens_nothing_the_option_may() -> None:
    assert wrong_steps(BESIDE, answered(PLAIN_STEP), answered(CHECKED)) == []


@pytest.mark.parametrize(
    ("story", "found", "original", "said"),
    [
        (LISTED, PLAIN_STEP, CHECKED, "step 1: a leak: "),
        (LISTED, CHECKED, OVER_HTTP, "step 1: "),
        (BESIDE, CHECKED, OVER_HTTP, "step 1: "),
        (BESIDE, OVER_HTTP, CHECKED, "step 1: a leak: "),
        (BESIDE, PLAIN_STEP, OVER_HTTP, "step 1: "),
        (BESIDE, CRASH, OVER_HTTP, "panic: nil"),
        (BESIDE, OVER_HTTP, CRASH, "ends well; right is: panic: nil"),
    ],
)
def test_a_client_of_a_listed_registry_that_does_something_else_is_told(
    story: Any, found: Any, original: Any, said: str
) -> None:
    assert said in wrong_steps(story, answers_to(story, found), answers_to(story, original))[0]
