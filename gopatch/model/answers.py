"""What is asked of a registry, how it answers, and what becomes of an attempt: the values that the
walks of `attempts` and `resolver` share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from typing import Literal, NamedTuple, get_args

from gopatch.go.net import Resolver, no_resolver
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

Transport = Literal[
    "refused", "timeout", "silent", "plain", "tls-good", "tls-bad", "stalled", "proxy-refused"
]
REDIRECTS = (301, 302, 303, 307, 308)


class Answer(NamedTuple):
    """How a URL answers.

    `transport`: the connection is refused, or all is dropped ("timeout"), or it is accepted and
    then nobody speaks ("silent"), or plain HTTP is spoken, or TLS with a certificate that the daemon
    knows ("tls-good") or does not ("tls-bad"), or such a good certificate is shown and then nothing
    follows ("stalled"), or a proxy refuses to connect ("proxy-refused", `status` being its own).
    `status`: the HTTP status; `accepts`: a password turns 401 into 200; `v2`: the header that
    names a V2 registry is there. `leads_to`: where a redirect goes, or who gives tokens, with 401.
    """

    transport: Transport = "refused"
    status: int = 0
    accepts: bool = False
    v2: bool = False
    leads_to: str = ""

    @property
    def pings_v2(self) -> bool:
        """`Endpoint.pingV2`: the header is there, and a welcome or a question for the password."""
        return self.v2 and self.status in (200, 401)


UNSPOKEN = ("refused", "timeout", "silent", "plain", "proxy-refused", "port", "host", "scheme")
"""The failures that show that nobody has spoken TLS."""

Ask = Callable[[str], Answer]


class AttemptEnd(Enum):
    """What came of one attempt."""

    OK = "ok"
    NEXT = "next"
    STOP = "stop"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Attempt:
    """One endpoint that was tried, or passed over.

    `kind`: "v2 login", "v1 login", "ping", "v2 pull", "v1 pull", "search", "hosts build", "token", ... ;
    `url`: what was requested first; `base`: the endpoint; `error`: "" or the word for what went
    wrong: a transport of `Answer`, the HTTP status, "token" for what the attempt before it says,
    or "no challenge"; for SKIPPED the reason. `credentials`: a password went out; `tls`: "checked",
    "not checked" or "none". `within`: the same request once more, by the transport alone; `why`:
    what led here, "" where the rest says it. `hops`: where redirects led, the last one answering.
    `proxy`: the status of the proxy that refused. `pings`: the versions of the API that were asked for first.
    """

    kind: str
    base: str
    url: str
    version: int
    tls: str
    outcome: AttemptEnd = AttemptEnd.OK
    error: str = ""
    credentials: bool = False
    by_option: bool = False
    mirror: bool = False
    within: bool = False
    why: str = ""
    hops: tuple[str, ...] = ()
    proxy: int = 0
    pings: tuple[int, ...] = ()

    def ended(self, outcome: AttemptEnd, error: str = "", credentials: bool = False) -> Attempt:
        """The same with what came of it."""
        return replace(self, outcome=outcome, error=error, credentials=credentials)

    @property
    def silent(self) -> bool:
        """Nobody has spoken TLS, be it to lead elsewhere."""
        return self.error in UNSPOKEN and not self.hops

    @property
    def answering(self) -> str:
        """The URL that gave the answer, and got the password where one went out."""
        return self.hops[-1] if self.hops else self.url


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


class HostTask(NamedTuple):
    """One action against a host, with or without a password: what `run` walks through.

    `store`: where the daemon keeps images. `edits`: what of the patch is in; it is nothing to the stock
    daemon, on which the option is off.
    """

    action: Action
    config: ServiceConfig
    host: str
    traits: Traits
    ask: Ask
    resolve: Resolver = no_resolver
    credentials: bool = True
    store: Store = "graph"
    edits: Edits = WHOLE
