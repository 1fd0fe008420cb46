"""What the steps of a conversation say of which edit and road: a finding for each that a step could have
refused. A step is a way on which the daemon went, or a daemon that was started."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from gopatch.port.judged import Subject
from gopatch.verify import Finding, Status
from gopatch.verify._wire.claims import Claims
from gopatch.verify._wire.observation import Observation

_BY = "a conversation of real daemons"
_ROADS = {
    "login": "login", "pull": "pull", "pull-digest": "pull", "build": "pull", "push": "push",
    "plugin": "plugin", "plugin-push": "plugin", "search": "search", "buildkit": "buildkit",
}  # fmt: skip
_STORED = ("pull", "push")
_OPENED = ("option", "store", "guard-v2")
_HOSTS = ("hosts", "ask", "http-fallback")
# The cases that show an edit, whatever the road.
_SHOWN = {
    "the daemon warns": ("warn", "warning"), "docker info warns": ("warn-info", "warning"),
    "daemon.json: works": ("option",), "daemon.json: refused": ("option",),
    "reload: on": ("reload",), "reload: off": ("reload",),
    "reload: the daemon lives": ("warn-reload",),
}  # fmt: skip


class Looked(Protocol):
    """A thing that was looked at."""

    @property
    def case(self) -> str: ...
    @property
    def seen(self) -> Observation: ...
    @property
    def wrong(self) -> str: ...


def spoken(looked: Sequence[Looked], claims: Claims) -> tuple[Finding, ...]:
    """The findings on a port that says what it has done: of somebody else's, nothing is known."""
    found: dict[Subject, list[Looked]] = {}
    for each in [] if claims.foreign else looked:
        for subject in _subjects(each, claims):
            found.setdefault(subject, []).append(each)
    return tuple(_finding(subject, some) for subject, some in found.items())


def _finding(subject: Subject, looked: list[Looked]) -> Finding:
    wrong = next((each.wrong for each in looked if each.wrong), "")
    status: Status = "fail" if wrong else "pass"
    return Finding("wire", *subject, status, _BY, len(looked), wrong)


def _subjects(each: Looked, claims: Claims) -> Iterator[Subject]:
    """Docker Hub and hosts whose HTTPS answered show the rails; a road that works with the option on, or
    that fails with it, shows what opens it."""
    road = _road(each.seen)
    edits = [*_SHOWN.get(each.case, ())]
    if each.case in ("reload: on", "reload: off") and "reload" in claims.edits:
        yield Subject("road", "reload")
    if each.case.startswith("option on: "):
        edits += ["flag", *_HOSTS] if _is_told_hosts(road) else ["flag", *_OPENED]
        edits += ["search"] if road == "search" else []
        yield from (
            [Subject("road", road)] if claims.reaches(each.seen.road, each.seen.store) else []
        )
    elif each.case.endswith("no HTTP"):
        edits += ["hub"] if each.case.startswith("Docker Hub") else []
        edits += list(_HOSTS) if _is_told_hosts(road) else [f"no-downgrade-{road}"]
    yield from (Subject("edit", edit) for edit in edits if edit in claims.edits)


def _road(seen: Observation) -> str:
    road = _ROADS.get(seen.road, "")
    return "containerd-store" if seen.store == "containerd" and road in _STORED else road


def _is_told_hosts(road: str) -> bool:
    return road in ("buildkit", "containerd-store")
