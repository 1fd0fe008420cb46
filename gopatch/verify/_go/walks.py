"""The second harness: the daemon's own functions, of both sides, against servers on loopback.

What is compared is every request that each server sees, what a client that lives on does step by step, and
what a start by arguments and daemon.json, and reloads, make of the lookups and of the log.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

from gopatch.model import Traits
from gopatch.verify._go.confirming import confirmed
from gopatch.verify._go.harness import UnfitError
from gopatch.verify._go.ping_door import PING
from gopatch.verify._go.second_harness import Inside, inside
from gopatch.verify._go.starting import judge_starts, reloads_lists
from gopatch.verify._go.two_sides import GoWork, remembered
from gopatch.verify._go.visits import ROADS, STORIES, ClientStep, ClientStory, RoadVisit, visits

ROAD = "road: "  # what its cases are called, with the road behind it
_SHOWN = 4
_PLUGINS = ("plugin", "plugin again")
_INNER = {"service", "flagset", "command line", "options", "option", "config"}  # doors of no road


class RoadSeen(NamedTuple):
    """Whether a walk ends well, and each request that the server saw, a handshake as "https hello"."""

    ok: bool
    log: tuple[str, ...]
    crash: str = ""

    def __str__(self) -> str:
        asked = ", ".join(self.log) or "nothing is asked"
        return f"{asked}, {f'crashes ({self.crash})' if self.crash else 'ends well' if self.ok else 'ends in an error'}"

    @property
    def plain(self) -> tuple[str, ...]:
        return tuple(line for line in self.log if line.startswith("http "))


def roads(work: GoWork, traits: Traits) -> None:
    """Let both sides go every road that has a door in both, and report each by itself."""
    try:
        before = remembered(work, "inside", lambda: inside(work, work.before))
        after = _of_port(work)
    except UnfitError as error:
        work.report.summary += [
            f"roads: the source cannot be asked: {line}" for line in str(error).splitlines()[:6]
        ]
        return
    known = before.doors & after.doors
    line = f"roads: driven from {after.package}: {', '.join(sorted(known - _INNER))}"
    work.report.summary.append(line)
    confirmed(work, lambda again: _driven(again, (before, after), traits))


def _driven(work: GoWork, sides: tuple[Inside, Inside], traits: Traits) -> None:
    before, after = sides
    known = before.doors & after.doors
    try:
        reloads = "reload" in known and reloads_lists(before, traits)
        _walks(work, (before, after), traits, reloads=reloads)
        if "hosts" in known:
            _clients(work, (before, after), traits, reloads=reloads)
        if "flags" in known:
            merges = "merge" in known
            judge_starts(work, (before, after), traits, reloads=reloads, merges=merges)
    except UnfitError as error:
        work.report.summary.append(f"roads: {error}")


def _of_port(work: GoWork) -> Inside:
    try:
        return inside(work, work.after)
    except UnfitError:
        return inside(work, work.after._replace(run=None))


def _walks(work: GoWork, sides: tuple[Inside, Inside], traits: Traits, *, reloads: bool) -> None:
    before, after = sides
    known = before.doors & after.doors
    names = [road for road in ROADS if road.partition(" ")[0] in known]
    briefly = bool(work.options.get("briefly"))
    asked = list(visits(names, reloads=reloads, briefly=briefly))
    plain = [one for one in asked if not one.accept and not one.turned]
    with ThreadPoolExecutor(2) as pool:  # both wait for servers that are silent
        ours = pool.submit(_heard, after, asked, traits)
        theirs = remembered(work, ("walks", *plain), lambda: _heard(before, plain, traits))
        port = dict(zip(asked, ours.result(), strict=True))
    stock = dict(zip(plain, theirs, strict=True))
    for road in names:
        own = [one for one in asked if one.road == road]
        _report(work, road, own, stock, port)


def _heard(side: Inside, asked: Sequence[RoadVisit], traits: Traits) -> list[RoadSeen]:
    """What was seen of each. Those who ping have the option in a variable of the process: once off, once on."""
    apart = any(one.road == PING for one in asked)
    seen = dict[RoadVisit, RoadSeen]()
    for on in (False, True) if apart else (None,):
        some = [one for one in asked if on is None or one.accept is on]
        answers, _ = side.ask([one.question(traits) for one in some])
        seen.update(zip(some, map(seen_of, answers), strict=True))
    return [seen[one] for one in asked]


def seen_of(answer: Mapping[str, Any]) -> RoadSeen:
    """What was seen of one walk; one handshake after the other counts once."""
    error, log = str(answer["error"]), list[str]()
    for line in answer["log"] or ():
        if line != "https hello" or log[-1:] != [line]:
            log.append(line)
    crash = error if error.startswith("panic:") or error == "no end" else ""
    return RoadSeen(not error, tuple(log), crash)


def _report(
    work: GoWork,
    road: str,
    asked: Sequence[RoadVisit],
    stock: Mapping[RoadVisit, RoadSeen],
    port: Mapping[RoadVisit, RoadSeen],
) -> None:
    """A visit whose like crashes in the original says nothing: more of a daemon is wanted than there is.
    Nor does a road on which the original asks nobody."""
    judged = [one for one in asked if not all(stock[like].crash for like in one.likes)]
    wrong = [one for one in judged if not like(one, port[one], [stock[twin] for twin in one.likes])]
    own = [stock[twin] for one in asked for twin in one.likes]
    if not any(one.accept for one in judged) or not any(seen.log for seen in own):
        why = next((seen.crash for seen in own if seen.crash), "the original asks no server")
        work.report.summary.append(f"{ROAD}{road}: not driven here: {why}")
        return
    lines = [f"{ROAD}{road}: {len(judged) - len(wrong)} of {len(judged)} visits as they must be"]
    for one in sorted(wrong, key=lambda visit: not leaks(port[visit], stock[visit.likes[0]]))[
        :_SHOWN
    ]:
        wanted = stock[one.likes[0]]
        lines.append(f"  {one}: {port[one]}; right is: {wanted}")
        if leaks(port[one], wanted):
            what = (
                "the password goes"
                if any("password" in sent for sent in port[one].plain)
                else "a request goes"
            )
            lines.append(f"  a leak: {what} over plain HTTP ({one})")
    work.report.add(ROAD + road, "fail" if wrong else "pass", len(judged), *lines)


def like(visit: RoadVisit, found: RoadSeen, wanted: Sequence[RoadSeen]) -> bool:
    """Whether what was seen is one of those that are right. A plugin's client may ask over HTTPS once more."""
    if visit.road in _PLUGINS:
        return any(
            (found.ok, found.plain, bool(found.crash)) == (w.ok, w.plain, bool(w.crash))
            for w in wanted
        )
    return any(
        (found.ok, found.log, bool(found.crash)) == (w.ok, w.log, bool(w.crash)) for w in wanted
    )


def leaks(found: RoadSeen, wanted: RoadSeen) -> bool:
    return len(found.plain) > len(wanted.plain)


def _clients(work: GoWork, sides: tuple[Inside, Inside], traits: Traits, *, reloads: bool) -> None:
    before, after = sides
    stories = [story for story in STORIES if reloads or not story.turns]
    listed = [story for story in stories if story.listed]
    plain = [STORIES[0], *listed]
    (first, *rest), _ = before.ask([one._replace(off=True).question(traits) for one in plain])
    if first["error"]:
        work.report.summary.append(f"{ROAD}hosts: not driven here: {first['error']}")
        return
    original = {story.name: answer for story, answer in zip(listed, rest, strict=True)}
    answers, _ = after.ask([story.question(traits) for story in stories])
    wrong = [
        line
        for story, answer in zip(stories, answers, strict=True)
        for line in wrong_steps(story, answer, original.get(story.name))
    ]
    total = sum(len(story.steps) for story in stories)
    lines = [f"{ROAD}hosts: {total - len(wrong)} of {total} steps as they must be"]
    work.report.add(
        ROAD + "hosts",
        "fail" if wrong else "pass",
        total,
        *lines,
        *(f"  {w}" for w in wrong[:_SHOWN]),
    )


def wrong_steps(
    story: ClientStory, answer: Mapping[str, Any], original: Mapping[str, Any] | None = None
) -> list[str]:
    """What is wrong with the steps of a story, a line each; `original` is what it must be like, if any."""
    if answer["error"] or answer["steps"] is None:
        like_it = original is not None and answer["error"] == original["error"] != ""
        return [] if like_it else [f"{story.name}: {answer['error'] or 'no answer'}"]
    theirs = [None] * len(story.steps) if original is None else original["steps"] or ()
    if len(theirs) != len(story.steps):
        return [f"{story.name}: ends well; right is: {original and original['error']}"]
    found = []
    for number, (step, seen, twin) in enumerate(
        zip(story.steps, answer["steps"], theirs, strict=True), 1
    ):
        said = _wrong_step(step, seen) if twin is None else _unlike(story, step, seen, twin)
        if said:
            found.append(f"{story.name}, step {number}: {said}")
    return found


def _unlike(
    story: ClientStory, step: ClientStep, seen: Mapping[str, Any], twin: Mapping[str, Any]
) -> str:
    """What is not as in the original. Where listing opens nothing to who gives no answer, the option may."""
    found, wanted = seen_of(seen), seen_of(twin)
    opened = step._replace(want=[["https", "http"]], fine=True)
    may = not story.off and step.kind == "plain" and not wanted.plain
    if found == wanted or (may and not _wrong_step(opened, seen)):
        return ""
    return f"{'a leak: ' if leaks(found, wanted) else ''}{found}; right is: {wanted}"


def _wrong_step(step: ClientStep, seen: Mapping[str, Any]) -> str:
    """What is wrong with a step, "" where nothing is."""
    log = seen["log"] or []
    schemes = [line.partition(" ")[0] for line in log]
    ways = [s for i, s in enumerate(schemes) if s != "https" or schemes[i - 1 : i] != ["https"]]
    if ways not in step.want:
        leak = "a leak: " if "http" in ways and step.kind != "plain" else ""
        wanted = " or ".join(" and then ".join(way) or "nothing" for way in step.want)
        return f"{leak}asks over {' and then '.join(ways) or 'nothing'}, not {wanted}"
    if (not seen["error"]) != step.fine:
        return f"ends {'well' if step.fine is False else 'in an error'}: {seen['error']}"
    for line, body in zip(log, seen["bodies"], strict=True):
        if line.startswith("http ") and (
            body != step.body or not line.endswith(" /v2/ with the password")
        ):
            return f"{line}: not what was to be sent"
    if step.told and not re.fullmatch(step.told.replace("HOST", r"[\w.-]+:\d+"), seen["told"]):
        return f"the registry's Location is told as {seen['told']}"
    if not seen["error"] and not seen["asked"].startswith("https://"):
        return f"the response is said to come from {seen['asked']}"
    return ""
