"""Hosts for which a question of a port comes out the other way."""

from __future__ import annotations

import re

import pytest

from gopatch.evaluate.asked import HostQuestions, OneSided
from gopatch.evaluate.network import World
from gopatch.verify._model.regexp_examples import examples
from gopatch.verify._model.solving import solved, tried

PLACE = ("a.go", 7)


@pytest.mark.parametrize(
    ("question", "host"),
    [
        (("suffix", ".local", False, "reg.test"), "reg.test.local"),
        (("suffix", ":8443", False, "dev-reg.test"), "dev-reg.test:8443"),
        (("suffix", ".lan", False, "reg.test:5000"), "reg.test.lan"),
        (("prefix", "10.", False, "reg.test"), "10.reg.test"),
        (("prefix", "a.", False, "reg.lan"), "a.reg.lan"),
        (("in", "-dev-", False, "reg.test"), "sub-dev-reg.test"),
        (("in", ".", True, "reg.test"), "a.b.c.d.e.f.g.test"),
        (("=", "a.b:443", False, "reg.test"), "a.b:443"),
        (("=", "8443", False, "reg.test:5000"), "reg.test:8443"),
        (("=", "corp", False, "reg.test"), "reg.test.corp"),
        (("#", 40, False, "reg.test"), "x" * 33 + "reg.test"),
        (("letter", "x", False, "reg.test"), "x.test.x"),
        (("case", "", False, "reg.test"), "Reg.TEST"),
        (("address", "", False, "reg.test"), "192.0.2.9"),
        (("address", "", False, "reg.test"), "[fd00::2]:5000"),
        (("regexp", r"^reg-[0-9]{2,}\.(?:corp|lan)$", False, "reg.test"), "reg-55.lan"),
        (("suffix", ".test", True, "reg.test"), "other.example:5001"),
    ],
)
def test_a_host_for_the_other_answer_is_among_those_tried(
    question: tuple[str, str | int, bool, str], host: str
) -> None:
    assert host in list(tried(OneSided(PLACE, *question)))


@pytest.mark.parametrize(
    ("op", "what"),
    [
        ("=", ""),
        ("=", "/v2/"),
        ("in", "no such host"),
        ("#", 401),
        ("#", -3),
        ("regexp", "^no such$"),
    ],
)
def test_for_what_no_host_can_be_none_is_tried(op: str, what: str | int) -> None:
    assert list(tried(OneSided(PLACE, op, what, False, "reg.test"))) == []


def asking(told: bool | None = None) -> HostQuestions:
    """Somebody who has asked twice of reg.test, and once more of whatever is tried first."""
    asked = HostQuestions(World())
    asked.answers[PLACE, "suffix", ".local", False] = "reg.test"
    asked.answers[PLACE, "=", "reg.test", True] = "reg.test"
    if told is not None:
        asked.answers[PLACE, "suffix", ".local", told] = "reg.test.local"
    return asked


def test_what_came_out_both_ways_is_not_tried() -> None:
    assert list(solved(asking(told=True), ("reg.test",))) == []


def test_no_more_is_tried_once_it_came_out_the_other_way() -> None:
    asked = asking()
    hosts = solved(asked, ("reg.test",))
    assert next(hosts) == "reg.test.local"
    asked.answers[PLACE, "suffix", ".local", True] = "reg.test.local"
    assert list(hosts) == []


def test_nobody_is_tried_twice_and_not_without_end() -> None:
    asked = asking()
    for number in range(50):
        asked.answers[(PLACE[0], number), "=", f"a{number}.b", False] = "reg.test"
    found = list(solved(asked, ("reg.test", "reg.test.local")))
    assert len(found) == len(set(found)) < 50
    assert "reg.test.local" not in found


@pytest.mark.parametrize(
    "text",
    [
        r"^a$",
        r"\.local$",
        r"(?:a|b)+\.c",
        r"[^a-c]x",
        r"\d{3}",
        r"a?b*c",
        r"(?i)dev",
        r"(?P<n>x)y",
        r"^\w+:5000$",
        ".",
    ],
)
def test_examples_of_a_regular_expression(text: str) -> None:
    found = examples(text)
    assert found
    assert all(re.search(text, one) for one in found)


@pytest.mark.parametrize("text", ["[", "(?", "\\", "[b-a]"])
def test_what_cannot_be_read_has_no_examples(text: str) -> None:
    assert examples(text) == []
