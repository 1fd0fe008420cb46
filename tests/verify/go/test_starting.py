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
            "info": [] if "info" in self.doors else None,
            "untold": "panic: no images" if "untold" in self.faults else "",
            "steps": [],
            "busy": "busy at once" in self.faults,
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
        answer |= self._info(on=on)
        for place, text in enumerate(start["reloads"], 1):
            before, refused = on, self._bad(text) or '"-bad-"' in text or "ftp:" in text
            if not refused or "applied though refused" in self.faults:
                on = self._turned(text, on=on)
            if not refused and "insecure-registries" in text:
                listed = {LISTED} if LISTED in text else set()
            log += [f"gopatch-visit {number}.{place}"]
            logged = before if "logs before" in self.faults else on
            log += [] if refused else self._logs("reload log", on=logged)
            error = "refused" if refused else ""
            step: dict[str, Any] = {"error": error, "lookups": self._lookups(on=on, listed=listed)}
            step["late"] = "late" in self.faults
            step["busy"] = "busy" in self.faults
            answer["steps"].append({**step, **self._info(on=on)})
        return answer, log

    def _info(self, *, on: bool) -> dict[str, Any]:
        if "info" not in self.doors or "untold" in self.faults:
            return {"info": None}
        if on and "info crashes" in self.faults:
            return {"info": None, "untold": "panic: nil"}
        return {"info": [RISK] if on and "no info" not in self.faults else []}

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


INFO = frozenset({"reload", "flags", "info"})


def judged(
    *faults: str,
    reloads: bool = True,
    doors: frozenset[str] = INFO,
    original: tuple[str, ...] = (),
) -> dict[str, str]:
    work: Any = _Work()
    sides: Any = (FakeDaemon(frozenset(original), doors), FakeDaemon(frozenset(faults), doors))
    judge_starts(work, sides, TRAITS, reloads=reloads, merges=True)
    return {case.name: case.status for case in work.report.cases}


ALL = [f"start: {part}" for part in ("flag", "key", "reload", "log", "reload log", "info")]


def test_a_port_that_does_as_it_must_passes() -> None:
    assert judged() == dict.fromkeys(ALL, "pass")


def test_a_reload_in_the_background_is_doubted_and_not_wrong() -> None:
    assert judged("late") == {**dict.fromkeys(ALL, "pass"), "start: reload": "inconclusive"}


def test_what_is_logged_before_a_reload_in_the_background_is_done_is_doubted() -> None:
    doubted = dict.fromkeys(("start: reload", "start: reload log"), "inconclusive")
    assert judged("late", "logs before") == {**dict.fromkeys(ALL, "pass"), **doubted}


def test_without_a_reload_in_the_background_the_log_is_not_one_behind() -> None:
    assert judged("logs before")["start: reload log"] == "fail"


@pytest.mark.parametrize("fault", ["reload forgotten", "no reload log"])
def test_what_is_not_done_yet_is_doubted(fault: str) -> None:
    found = judged("busy", fault)
    assert "inconclusive" in found.values()
    assert "fail" not in {found["start: reload"], found["start: reload log"]}


def test_a_start_that_is_not_done_yet_is_doubted() -> None:
    found = judged("busy at once", "no log")
    assert (found["start: log"], found["start: flag"]) == ("inconclusive", "pass")


def test_where_the_original_is_never_done_either_a_fault_is_a_fault() -> None:
    assert judged("reload forgotten", "busy", original=("busy",))["start: reload"] == "fail"


def test_who_is_not_done_and_right_passes() -> None:
    assert judged("busy") == dict.fromkeys(ALL, "pass")


@pytest.mark.parametrize("fault", ["always on", "any type", "no log"])
def test_what_has_no_reload_before_it_is_wrong_all_the_same(fault: str) -> None:
    assert "fail" in judged("busy", "late", fault).values()


@pytest.mark.parametrize("fault", ["no reload log", "no info"])
def test_a_reload_in_the_background_excuses_no_silence(fault: str) -> None:
    assert "fail" in judged("late", fault).values()


def test_a_reload_in_the_background_that_goes_wrong_is_wrong() -> None:
    assert judged("late", "only turns on")["start: reload"] == "fail"


def test_where_docker_info_has_no_warnings_it_is_not_judged() -> None:
    assert judged(doors=INFO - {"info"}) == dict.fromkeys(ALL[:-1], "pass")


def test_where_docker_info_wants_more_of_a_daemon_it_is_not_judged_and_that_is_said() -> None:
    fine, crashes = frozenset[str](), frozenset({"untold"})
    for faults in ((crashes, fine), (fine, crashes)):
        work: Any = _Work()
        sides: Any = tuple(FakeDaemon(own, INFO) for own in faults)
        judge_starts(work, sides, TRAITS, reloads=True, merges=True)
        assert "start: info" not in {case.name for case in work.report.cases}
        assert "start: info: not driven here: panic: no images" in work.report.summary


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
        ("no info", "info"),
        ("info crashes", "info"),
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
