"""Starts by arguments and daemon.json, and reloads, held against what the original does."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest

from gopatch.model import PRESETS
from gopatch.verify._go.starting import judge_starts, names_risk, reloads_lists, said
from gopatch.verify._go.two_sides import Report
from gopatch.verify._go.visits import HUB, LISTED, UNLISTED

TRAITS = PRESETS["netip"]
RISK = "plain HTTP: passwords can be read"
OFF, OPEN = ["v2 https://HOST"], ["v2 https://HOST", "v2 http://HOST"]
USAGE = {"accept-insecure-registry": {"default": "false", "usage": f"Also try {RISK}"}}


class FakeDaemon(NamedTuple):
    """A side that does what the contract says, but for its faults."""

    faults: frozenset[str] = frozenset()
    doors: frozenset[str] = frozenset({"reload", "flags"})

    def ask(self, questions: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], str]:
        answers, log = [], []
        for number, question in enumerate(questions):
            answer, lines = self._start(number, question["start"])
            answers.append(answer)
            log += lines
        return answers, "\n".join(log)

    def _start(self, number: int, start: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
        log = [f"gopatch-visit {number}"]
        none: dict[str, Any] = {
            "error": "",
            "flags": USAGE,
            "lookups": {},
            "info": None,
            "steps": [],
        }
        if "usage" in self.faults:
            none["flags"] = {"accept-insecure-registry": {"default": "false", "usage": "x"}}
        words = " ".join((*start["arguments"], start["file"]))
        if "perhaps" in words or self._bad(start["file"]) or ("--acc" in words and start["file"]):
            return {**none, "error": "refused"}, log
        on = ("--accept" in words and "=false" not in words) or "true" in start["file"]
        on = on or "always on" in self.faults
        listed = {w.partition("=")[2] for w in start["arguments"] if w.startswith("--insecure")}
        log += [f"gopatch-visit {number}.0", *self._logs("log", on=on)]
        answer = {**none, "lookups": self._lookups(on=on, listed=listed)}
        for place, text in enumerate(start["reloads"], 1):
            refused = self._bad(text) or '"-bad-"' in text or "ftp:" in text
            if not refused or "applied though refused" in self.faults:
                on = self._turned(text, on=on)
            if not refused and "insecure-registries" in text:
                listed = {LISTED} if LISTED in text else set()
            log += [f"gopatch-visit {number}.{place}"]
            log += [] if refused else self._logs("reload log", on=on)
            error = "refused" if refused else ""
            answer["steps"].append(
                {"error": error, "lookups": self._lookups(on=on, listed=listed), "info": None}
            )
        return answer, log

    def _bad(self, text: str) -> bool:
        return (
            any(bad in text for bad in (': "true"', ": 1}", ": 0}"))
            and "any type" not in self.faults
        )

    def _turned(self, text: str, *, on: bool) -> bool:
        if "reload forgotten" in self.faults or "accept-insecure-registry" not in text:
            return on
        return "true" in text or (on and "only turns on" in self.faults)

    def _logs(self, part: str, *, on: bool) -> list[str]:
        return [RISK] if on and f"no {part}" not in self.faults else []

    def _lookups(self, *, on: bool, listed: set[str]) -> dict[str, list[str]]:
        found = {}
        for host in (UNLISTED, LISTED, HUB):
            opened = OPEN if on or host in listed else OFF
            found[host] = [line.replace("HOST", host) for line in opened]
        hub = ["v2 https://registry-1.docker.io"]
        found[HUB] = (
            [*hub, "v2 http://registry-1.docker.io"] if on and "hub" in self.faults else hub
        )
        if "unchecked" in self.faults and on:
            found[UNLISTED] = [f"{line} InsecureSkipVerify" for line in found[UNLISTED]]
        return found


class _Work:
    def __init__(self) -> None:
        self.report = Report()


def judged(*faults: str, reloads: bool = True) -> dict[str, str]:
    work: Any = _Work()
    sides: Any = (FakeDaemon(), FakeDaemon(frozenset(faults)))
    judge_starts(work, sides, TRAITS, reloads=reloads, merges=True)
    return {case.name: case.status for case in work.report.cases}


ALL = ["start: flag", "start: key", "start: reload", "start: log", "start: reload log"]


def test_a_port_that_does_as_it_must_passes() -> None:
    assert judged() == dict.fromkeys(ALL, "pass")


def test_where_reloads_do_not_reach_the_list_none_is_asked() -> None:
    assert "start: reload" not in judged(reloads=False)


@pytest.mark.parametrize(
    ("fault", "part"),
    [
        ("usage", "flag"),
        ("always on", "flag"),
        ("hub", "flag"),
        ("unchecked", "flag"),
        ("any type", "key"),
        ("reload forgotten", "reload"),
        ("only turns on", "reload"),
        ("applied though refused", "reload"),
        ("no log", "log"),
        ("no reload log", "reload log"),
    ],
)
def test_each_fault_is_seen_where_it_is(fault: str, part: str) -> None:
    assert judged(fault)[f"start: {part}"] == "fail"


@pytest.mark.parametrize("doors", [frozenset(), frozenset({"reload"}), frozenset({"flags"})])
def test_without_a_door_a_reload_is_not_asked(doors: frozenset[str]) -> None:
    side: Any = FakeDaemon(doors=doors)
    assert not reloads_lists(side, TRAITS)


def test_a_reload_that_changes_the_list_is_known() -> None:
    side: Any = FakeDaemon()
    assert reloads_lists(side, TRAITS)


def test_where_the_original_crashes_nobody_looked() -> None:
    class Crashes(FakeDaemon):
        def ask(self, questions: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], str]:
            answers, log = super().ask(questions)
            return [{**answer, "error": "panic: nil"} for answer in answers], log

    work: Any = _Work()
    sides: Any = (Crashes(), FakeDaemon())
    judge_starts(work, sides, TRAITS, reloads=True, merges=True)
    assert work.report.cases == []
    assert work.report.summary == ["start: not driven here: panic: nil"]


def test_a_log_is_told_apart_by_visit_and_step() -> None:
    log = "before\ngopatch-visit 0\n\ngopatch-visit 0.0\na\ngopatch-visit 0.1\nb\nc\n"
    assert {key: text.split() for key, text in said(log).items()} == {
        "0": [],
        "0.0": ["a"],
        "0.1": ["b", "c"],
    }


@pytest.mark.parametrize("text", ["", "a warning", "over HTTP", "a password", "insecure"])
def test_what_names_no_risk(text: str) -> None:
    assert not names_risk(text)
