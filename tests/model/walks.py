"""A walk of one action against h.example, and how it is written down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from gopatch.model import (
    ACTIONS,
    PRESETS,
    STORES,
    WHOLE,
    Action,
    Answer,
    AttemptEnd,
    Edits,
    HostTask,
    Options,
    Store,
    Traits,
    Walk,
    no_road,
    run,
    service_config,
)
from gopatch.story.told_answers import parse_answers

OFF = Options(disable_legacy_registry=False)

ON = replace(OFF, accept_insecure_registry=True)

LISTED = replace(OFF, insecure_registries=("h.example",))


HTTP_ONLY = ("http://h.example=401+accepts",)

BAD_CERTIFICATE = ("https://h.example=tls-bad+401+accepts", "http://h.example=401+accepts")

WRONG_PASSWORD = ("https://h.example=401", "http://h.example=401")

MISSING = ("https://h.example=404+v2", "http://h.example=200")

DENIED = ("https://h.example=403+v2", "http://h.example=200")


class Road(NamedTuple):
    """What is done, by the rules of which preset, with which store."""

    action: Action
    kind: str
    store: Store = "graph"

    @property
    def traits(self) -> Traits:
        return PRESETS[self.kind]


def walk(
    road: Road,
    options: Options,
    answers: Sequence[str],
    *,
    host: str = "h.example",
    edits: Edits = WHOLE,
) -> Walk:
    """The walk, where URLs answer as `--answers` says."""
    config = service_config(options, road.traits)
    ask = parse_answers(answers)
    task = HostTask(road.action, config, host, road.traits, ask)
    return run(task._replace(store=road.store, edits=edits))


ROADS = [
    Road(action, kind, store)
    for action in ACTIONS
    for kind, traits in PRESETS.items()
    for store in STORES
    if not no_road(action, traits, store)
]


def shown(found: Walk) -> str:
    """Attempts as `https2 http2* ...`; `*`: a password went out, `-`: skipped; then the end."""
    words = []
    for attempt in found.attempts:
        mark = "-" if attempt.outcome is AttemptEnd.SKIPPED else "*" if attempt.credentials else ""
        words.append(f"{attempt.base.partition(':')[0]}{attempt.version}{mark}")
    return " ".join([*words, "ok" if found.ok else found.error])


SILENCE = Answer()


@dataclass(frozen=True)
class World:
    """How every https URL answers, and every http one."""

    https: Answer = SILENCE
    http: Answer = SILENCE

    def __call__(self, url: str) -> Answer:
        return self.https if url.startswith("https://") else self.http


def made(
    road: Road, options: Options, world: World, edits: Edits = WHOLE, host: str = "h.example"
) -> Walk:
    """The walk through a world."""
    config = service_config(options, road.traits)
    task = HostTask(road.action, config, host, road.traits, world)
    return run(task._replace(store=road.store, edits=edits))


def tried(found: Walk) -> list[str]:
    """The URLs that are not passed over."""
    return [one.url for one in found.attempts if one.outcome is not AttemptEnd.SKIPPED]
