"""What is asked of a registry, how it answers, and what becomes of an attempt: the values that the
walks of `attempts` and `resolver` share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Literal, NamedTuple, get_args

from gopatch.model.lookup import Endpoint, Resolver, no_resolver
from gopatch.model.options import ServiceConfig
from gopatch.model.traits import Traits

Action = Literal[
    "login",
    "pull",
    "push",
    "search",
    "build",
    "classic-build",
    "plugin-install",
    "plugin-push",
]
ACTIONS: tuple[Action, ...] = get_args(Action)

Store = Literal["graph", "containerd"]
STORES: tuple[Store, ...] = get_args(Store)

Transport = Literal["refused", "timeout", "plain", "tls-good", "tls-bad", "stalled"]


class Answer(NamedTuple):
    """How a URL answers.

    `transport`: the connection is refused, or nothing answers ("timeout"), or plain HTTP is
    spoken, or TLS with a certificate that the daemon knows ("tls-good") or does not ("tls-bad"),
    or such a good certificate is shown and then nothing follows ("stalled").
    `status`: the HTTP status; `accepts`: a password turns 401 into 200; `v2`: the header that
    names a V2 registry is there.
    """

    transport: Transport = "refused"
    status: int = 0
    accepts: bool = False
    v2: bool = False


UNSPOKEN = ("refused", "timeout", "plain")
"""The failures that show that nobody has spoken TLS."""

Ask = Callable[[str], Answer]


class Outcome(Enum):
    """What came of one attempt."""

    OK = "ok"
    NEXT = "next"
    STOP = "stop"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Attempt:
    """One endpoint that was tried, or passed over.

    `kind`: "v2 login", "v1 login", "ping", "v2 pull", "v1 pull", "search", "hosts build", ... ;
    `url`: what was requested first; `base`: the endpoint; `error`: "" or the word for what went
    wrong: a transport of `Answer`, or the HTTP status; for SKIPPED the reason. `credentials`: a
    password went out; `tls`: "checked", "not checked" or "none". `within`: the same request once
    more, by the transport alone; `why`: what led here, "" where the rest says it.
    """

    kind: str
    base: str
    url: str
    version: int
    tls: str
    outcome: Outcome
    error: str = ""
    credentials: bool = False
    by_option: bool = False
    mirror: bool = False
    within: bool = False
    why: str = ""


@dataclass(frozen=True)
class Walk:
    """All attempts of one action; where none succeeded, `error` is the error that is reported, and
    `blamed` the attempt that it comes from, None where nothing was tried."""

    attempts: tuple[Attempt, ...]
    ok: bool
    error: str = ""
    blamed: Attempt | None = None


@dataclass(frozen=True)
class Edits:
    """Which parts of the patch are in, as far as they count here; all of them by default.

    `rails`: nothing goes over HTTP by the option once HTTPS has answered. `search`, `hosts`,
    `reload`: docker search (and what pings), BuildKit and the containerd image store, and SIGHUP
    are reached. Search and the hosts have rails of their own, which come with them.
    """

    rails: bool = True
    search: bool = True
    hosts: bool = True
    reload: bool = True


WHOLE = Edits()
CORE = Edits(rails=False, search=False, hosts=False, reload=False)


class Task(NamedTuple):
    """The arguments of `run`."""

    action: Action
    config: ServiceConfig
    host: str
    traits: Traits
    ask: Ask
    resolve: Resolver = no_resolver
    credentials: bool = True
    store: Store = "graph"
    edits: Edits = WHOLE


def failure(url: str, answer: Answer, skip_verify: bool) -> str:
    """Why no HTTP answer comes back from `url`, "" where one does."""
    if answer.transport in ("refused", "timeout"):
        return answer.transport
    if url.startswith("http://"):
        return "" if answer.transport == "plain" else "tls"
    bad = answer.transport == "tls-bad" and not skip_verify
    return answer.transport if bad or answer.transport in ("plain", "stalled") else ""


def after(error: str) -> Outcome:
    """What pings, and V1, has no time limit once a connection is there: it waits for ever."""
    return Outcome.STOP if error == "stalled" else Outcome.NEXT


def attempt_at(
    kind: str,
    e: Endpoint,
    path: str,
    outcome: Outcome,
    *,
    error: str = "",
    credentials: bool = False,
) -> Attempt:
    """An attempt at an endpoint of a lookup."""
    tls = "not checked" if e.insecure_skip_verify else "checked"
    return Attempt(
        kind=kind,
        base=e.url,
        url=e.url.rstrip("/") + path,
        version=e.version,
        tls=tls if e.scheme == "https" else "none",
        outcome=outcome,
        error=error,
        credentials=credentials,
        by_option=e.by_option,
        mirror=e.mirror,
    )
