"""What the model says of a step of the conversation, to be held against the daemon's log."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from gopatch.model import Action, Options, Store, Traits
from gopatch.story.question import Answers, Question, edits_for
from gopatch.story.tell import story
from gopatch.verify._wire.logged import Event, events, host_events
from gopatch.verify._wire.observation import Observation
from gopatch.verify._wire.places import PLACES
from gopatch.verify._wire.settings import Setting

# What the model calls the roads.
ACTIONS: dict[str, Action] = {
    "login": "login",
    "push": "push",
    "pull": "pull",
    "pull-digest": "pull",
    "build": "classic-build",
    "buildkit": "build",
    "plugin-push": "plugin-push",
    "plugin": "plugin-install",
    "search": "search",
}


class Prediction(NamedTuple):
    """Whether a step works, and what its daemon says; whether a request goes out over plain HTTP, and
    whether one of them has the password."""

    ok: bool
    events: tuple[Event, ...]
    plain: bool
    clear: bool


class DaemonStep(NamedTuple):
    """What a daemon is asked to do, with which store, for which registry."""

    action: Action
    store: Store
    host: str


@lru_cache(maxsize=4096)
def predict(traits: Traits, step: DaemonStep, chosen: Setting, names: frozenset[str]) -> Prediction:
    """What the model says of `step`; `names` are the edits that are in."""
    action, store, host = step
    options = Options(insecure_registries=chosen.listed, accept_insecure_registry=chosen.option)
    answers = Answers(tuple(pair for place in PLACES for pair in place.answers()))
    edits = edits_for(action, names, plugin_hosts=traits.plugins == "hosts")
    told = story(Question(host, action, options, traits, answers, store=store, edits=edits))
    lines = [line for attempt in told.attempts for line in attempt.log]
    by_hosts = host_events(lines)[:1]
    said = host_events(lines) if _are_requests(by_hosts) else events(lines)
    plain = [one for one in told.attempts if one.tls == "none" and one.result != "skipped"]
    return Prediction(told.ok, said, bool(plain), any(one.credentials for one in plain))


def _are_requests(found: tuple[Event, ...]) -> bool:
    return bool(found) and found[0].kind == "request"


def asks(seen: Observation) -> bool:
    """Whether a daemon went to any registry, and did not fail before."""
    return bool(events(seen.log) or host_events(seen.log))


def read(seen: Observation, want: tuple[Event, ...]) -> tuple[tuple[Event, ...], tuple[Event, ...]]:
    """The log by the rules that `want` was read by: that of containerd's resolver, or Docker's; and
    what of `want` can be seen."""
    if not _are_requests(want):
        mine = events(seen.log)
        if seen.road == "pull-digest":
            # V1 knows no digests, and the daemon asks nobody.
            want = tuple(event for event in want if not event.kind.endswith(" ping"))
        # Asking for a plugin's privileges is a pull of its own.
        return want if seen.road == "plugin" and mine == want * 2 else mine, want
    mine = host_events(seen.log)
    if seen.road == "buildkit" and seen.store == "containerd":
        # There BuildKit keeps the resolver's lines to itself.
        mine, want = (tuple(e for e in found if e.kind != "request") for found in (mine, want))
    return mine, want
