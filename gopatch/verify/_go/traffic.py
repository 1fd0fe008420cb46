"""Logins and searches of the source's own code against servers on loopback, original and port.

Each talk is one service, made with its options, and one server. What counts is what the server saw over
plain HTTP, whether a password was in it, and whether the call went well. The original says what is
right (DESIGN.md, "What the option means"): with the option off, and for listed registries, the port does
what the original does; with the option on, a registry that speaks no TLS is treated as if it were listed,
and one that does as if the option were off, so that nothing goes to it over plain HTTP.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

from gopatch.model import Answer, Options, Traits
from gopatch.story.question import parse_answers
from gopatch.verify._go.harness import Harness, UnfitError, ask
from gopatch.verify._go.lookup_cases import LookupCase
from gopatch.verify._go.two_sides import GoWork, indented

Action = Literal["login", "search"]
TRAFFIC = "traffic: "  # what its cases are called, with the action behind it
_ACTIONS: tuple[Action, ...] = ("login", "search")
_REGISTRIES = tomllib.loads((Path(__file__).parent / "traffic.toml").read_text(encoding="utf-8"))
_SHOWN = 4


class TrafficServer(NamedTuple):
    """A server by its name, and how it answers over TLS and over plain HTTP."""

    name: str
    https: str
    http: str

    @property
    def speaks_tls(self) -> bool:
        return self.https != "http"

    def answer(self, scheme: str) -> Answer:
        url = f"{scheme}://{self.name}"
        return parse_answers([f"{url}={self.https if scheme == 'https' else self.http}"])(url)


REGISTRIES = tuple(TrafficServer(**table) for table in _REGISTRIES["registry"])


class TrafficCall(NamedTuple):
    """One call: `listed` is whether the registry is an insecure one."""

    action: Action
    registry: TrafficServer
    listed: bool
    accept: bool

    def __str__(self) -> str:
        said = [f"{self.action} at {self.registry.name}"]
        said += ["listed"] * self.listed + ["the option on"] * self.accept
        return ", ".join(said)

    @property
    def like(self) -> TrafficCall:
        """The talk of the original, with the option off, that this one must be like."""
        opened = self.accept and not self.registry.speaks_tls
        return self._replace(listed=self.listed or opened, accept=False)

    def options(self, host: str) -> Options:
        return Options(
            insecure_registries=(host,) if self.listed else (),
            accept_insecure_registry=self.accept,
        )

    def question(self, traits: Traits) -> dict[str, Any]:
        """The talk as the harness reads it, which puts the server's address in the place of HOST."""
        secure, plain = (self.registry.answer(scheme) for scheme in ("https", "http"))
        case = LookupCase("", self.options("HOST"), ())
        return {
            "action": self.action,
            "case": case.question(traits),
            "manner": {
                "host": self.registry.name,
                "https": {"kind": _kind(self.registry, secure), **_answered(secure)},
                "http": _answered(plain),
            },
        }


class SeenCall(NamedTuple):
    """Whether a call goes well, and whether a request, and a password, goes over plain HTTP."""

    ok: bool
    plain: bool
    clear: bool

    def __str__(self) -> str:
        well = "it works" if self.ok else "it fails"
        sent = "nothing" if not self.plain else "a password" if self.clear else "no password"
        return f"{well}, {sent} over plain HTTP"


def traffic(work: GoWork, traits: Traits, before: Harness | None, after: Harness) -> None:
    """Let both sides talk, and report each action by itself; without an original the port is asked twice."""
    talks = all_talks()
    off = [talk for talk in talks if not talk.accept]
    try:
        stock = dict(zip(off, heard(before or after, off, traits), strict=True))
        port = dict(zip(talks, heard(after, talks, traits), strict=True))
    except UnfitError as error:
        lines = ["traffic: the source cannot be asked:", *indented(str(error))]
        work.report.add(TRAFFIC + "login", "inconclusive", 0, *lines)
        return
    for action in _ACTIONS:
        asked = [
            talk
            for talk in talks
            if talk.action == action and isinstance(stock[talk.like], SeenCall)
        ]
        wrong = [talk for talk in asked if port[talk] != stock[talk.like]]
        if asked:
            lines = [
                f"{TRAFFIC}{action}: {len(asked) - len(wrong)} of {len(asked)} talks as they must be"
            ]
            for talk in wrong[:_SHOWN]:
                lines += _told(talk, port[talk], stock[talk.like])
            work.report.add(TRAFFIC + action, "fail" if wrong else "pass", len(asked), *lines)


def all_talks() -> list[TrafficCall]:
    """Every action at every registry, listed and not, with the option off and on."""
    return [
        TrafficCall(action, registry, listed, accept)
        for action in _ACTIONS
        for registry in REGISTRIES
        for listed in (False, True)
        for accept in (False, True)
    ]


def heard(harness: Harness, talks: Sequence[TrafficCall], traits: Traits) -> list[SeenCall | str]:
    """What the servers saw of each talk; a sentence where there was none. Raises UnfitError."""
    answers = ask(harness, [t.question(traits) for t in talks], "TestGopatchTraffic")
    return [_heard(answer) for answer in answers]


def _heard(answer: Mapping[str, Any]) -> SeenCall | str:
    error = str(answer["error"])
    if not answer["tried"] or error.startswith("panic:"):
        return error or "the service has no such method"
    return SeenCall(not error, bool(answer["plain"]), bool(answer["clear"]))


def _kind(registry: TrafficServer, answer: Answer) -> str:
    if answer.transport == "tls-bad":
        return "wrong-name" if registry.name == "wrong-name" else "unknown-ca"
    return {"tls-good": "good"}.get(answer.transport, answer.transport)


def _answered(answer: Answer) -> dict[str, Any]:
    return {"status": answer.status or 200, "accepts": answer.accepts, "v2": answer.v2}


def _told(talk: TrafficCall, found: SeenCall | str, wanted: SeenCall | str) -> list[str]:
    lines = [f"  {talk}: {found}; right is: {wanted}, as the original does {talk.like}"]
    if (
        isinstance(found, SeenCall)
        and isinstance(wanted, SeenCall)
        and found.plain
        and not wanted.plain
    ):
        what = "the password goes" if found.clear else "a request goes"
        spoken = (
            "a registry that speaks TLS"
            if talk.registry.speaks_tls
            else "a registry that is not listed"
        )
        lines.append(f"  a leak: {what} over plain HTTP to {spoken}")
    return lines
