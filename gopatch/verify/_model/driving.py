"""The roads of a daemon, run against every answer that a registry may give, stock beside patched.

What is right needs no model of a road. Off, or for a listed registry, or once HTTPS was answered: what
the original does. Where HTTPS gives no answer: what the original does for a registry that is listed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import groupby
from typing import Any

from gopatch.evaluate import UnsupportedError
from gopatch.evaluate.errors_of_net import ALONE, ANSWERS, INSIDE, PINGS, REDIRECTS, HttpAnswer
from gopatch.model import Options, is_docker_hub
from gopatch.verify._model.certs import BROKEN, HELD
from gopatch.verify._model.daemon import EvaluatedDaemon, RoadResult
from gopatch.verify._model.driven_roads import (
    HOSTS,
    HUB,
    OFF,
    ON,
    PORT_443,
    ROADS,
    DrivenRoad,
    RoadSetting,
)
from gopatch.verify._model.older_callers import judge_older_callers
from gopatch.verify._model.points import Point, looked_at
from gopatch.verify._model.road_words import leak_of, unlike
from gopatch.verify._model.solving import solved

# A leak shows at each of these, or what is not reached; the first two are where the port may differ without it.
TELLING = ("refused", "bad certificate", "401", "plain HTTP")
_LATE = ("dial timeout", "read timeout", "TLS timeout", "deadline", "silent")
_FEW = ("refused", "bad certificate", "401", "plain HTTP", "deadline")
# Where what comes later does not hide that HTTPS was answered: the handshake of a round is watched,
# or the error is seen with its type.
_WATCHED = {
    "silent after the handshake": ("login",),
    **dict.fromkeys(REDIRECTS, ("login", "search", "pull", "push", "inspect")),
    "hung up": ("search",),
}
_ERRORS = ("refused", "dial timeout", "proxy forbids", "bad certificate", "reset")
_PLAIN = ("200", "401", "refused")
TAKEN = ("refused", "200", "bad certificate")


def judge_roads(stock: EvaluatedDaemon, port: EvaluatedDaemon) -> Iterator[Point]:
    """A point for each road that the source has, or that it has in a form that cannot be run."""
    for road in ROADS:
        if road.name in ("pull", "push", "inspect") and stock.door(road.name) is None:
            continue
        trial = RoadTrial(road, stock, port)
        yield looked_at(road.name, trial.try_out, trial.judge)


def can_ask(stock: EvaluatedDaemon, host: str, go: Callable[[Options], object]) -> bool:
    """Whether the original can be asked about a host, which may be listed as well."""
    try:
        for options in (OFF, Options(insecure_registries=(host,))):
            if stock.registry.start(options) is None:
                return False
            go(options)
    except UnsupportedError:
        return False
    return True


def can_list(stock: EvaluatedDaemon, host: str) -> bool:
    """Whether a list with that host takes effect in the original, which may pass over one that it does not take
    (v17.06 does, without a word)."""
    if host not in stock.listed:
        service = stock.registry.start(Options(insecure_registries=(host,)))
        endpoints = stock.registry.lookup(service, "push", host).endpoints or ()
        stock.listed[host] = any(endpoint.scheme == "http" for endpoint in endpoints)
    return stock.listed[host]


class RoadTrial:
    """One road, stock beside patched."""

    unanswered = ANSWERS["refused"]

    def __init__(self, road: DrivenRoad, stock: EvaluatedDaemon, port: EvaluatedDaemon) -> None:
        self.road, self.stock, self.port = road, stock, port

    def try_out(self) -> None:
        """The original, by some of its ways: what it cannot do here is no fault of the port."""
        for options in (OFF, Options(insecure_registries=HOSTS[:1])):
            for answer in ("refused", "200", "401", "plain HTTP"):
                done = self.road.once(self.stock, RoadSetting(HOSTS[0], options, answer))
                if done.crash and not done.hangs:
                    raise UnsupportedError(f"the original {done.crash}")

    def judge(self, point: Point) -> None:
        asked = self.port.program.library.asked
        asked.answers.clear()
        self._common(point)
        if not point.misses:
            for host in solved(asked, (*HOSTS, PORT_443)):
                self._shaped(point, host)

    def _common(self, point: Point) -> None:
        for host in HOSTS:
            for answer in ANSWERS.values():
                for wording in ALONE if answer.error is not None else ("",):
                    self._on(point, RoadSetting(host, ON, answer.name, wording=wording), answer)
        for name in _ERRORS:
            for wording in (*PINGS, *INSIDE):
                self._on(point, RoadSetting(HOSTS[0], ON, name, wording=wording), ANSWERS[name])
        for name in ("refused", "bad certificate"):
            self._on(point, RoadSetting(PORT_443, ON, name), ANSWERS[name])
        for name in _PLAIN[1:]:
            self._on(point, RoadSetting(HOSTS[0], ON, "refused", name), ANSWERS["refused"])
        self._unchanged(point)
        self._certified(point)
        if self.road.name == "search":
            judge_older_callers(point, self.stock, self.port, HOSTS[0])

    def _shaped(self, point: Point, host: str) -> None:
        """A host for which a condition of the port's own holds, by the answers at which a leak shows."""
        if not self._knows(host):
            return
        if is_docker_hub(host):
            for name in TELLING:
                self._same(point, RoadSetting(host, ON, name), "for Docker Hub")
            return
        listed = Options(insecure_registries=(host,)) if self._lists(host) else None
        if listed is None and not self._is_common(host):
            return
        for name in TELLING:
            self._on(point, RoadSetting(host, ON, name), ANSWERS[name])
        for name in TELLING[:2]:
            self._same(point, RoadSetting(host, OFF, name), "with the option off")
            if listed is None:
                continue
            both = replace(listed, accept_insecure_registry=True)
            for options in (listed, both):
                self._same(point, RoadSetting(host, options, name), "for a listed registry")

    def _knows(self, host: str) -> bool:
        def go(options: Options) -> object:
            return self.road.once(self.stock, RoadSetting(host, options, "refused"))

        return can_ask(self.stock, host, go)

    def _lists(self, host: str) -> bool:
        return can_list(self.stock, host)

    def _is_common(self, host: str) -> bool:
        """Whether the original does for a host, which no list has, as for those of the other cases."""
        return all(
            _bare(self.road.once(self.stock, RoadSetting(host, OFF, name)))
            == _bare(self._as_common(RoadSetting(host, OFF, name), OFF))
            for name in TELLING
        )

    def _listed(self, setting: RoadSetting) -> RoadResult:
        """The original with the host listed; with one that its list does not take, what it does for another."""
        if not self._lists(setting.host):
            return self._as_common(setting, Options(insecure_registries=(_common(setting.host),)))
        listed = Options(insecure_registries=(setting.host,))
        return self.road.once(self.stock, setting._replace(options=listed))

    def _as_common(self, setting: RoadSetting, options: Options) -> RoadResult:
        """What the original does for a host of the other cases, under the name of this one."""
        other = _common(setting.host)
        found = self.road.once(self.stock, setting._replace(host=other, options=options))
        old, new = f"//{other}/", f"//{setting.host}/"
        return found._replace(
            trace=tuple(sent._replace(url=sent.url.replace(old, new)) for sent in found.trace)
        )

    def _unchanged(self, point: Point) -> None:
        """Off, for a listed registry and for Docker Hub."""
        for host in HOSTS:
            for name in _FEW:
                self._same(point, RoadSetting(host, OFF, name), "with the option off")
                listed = RoadSetting(host, Options(insecure_registries=(host,)), name)
                self._same(point, listed, "with the option off, for a listed registry")
                both = Options(insecure_registries=(host,), accept_insecure_registry=True)
                self._same(point, RoadSetting(host, both, name), "for a listed registry")
        for host in HUB:
            self._same(point, RoadSetting(host, ON, "refused"), "for Docker Hub")

    def _certified(self, point: Point) -> None:
        """Roots and pairs of keys are taken, and half of a pair refused, as without the option."""
        if not self._takes_files():
            return
        for host, certs in HELD:
            for name in TAKEN:
                on = RoadSetting(host, ON, name, certs=certs)
                self._on(point, on, ANSWERS[name])
                self._same(point, on._replace(options=OFF), "with the option off")
        listed = Options(insecure_registries=HOSTS[:1], accept_insecure_registry=True)
        own = RoadSetting(HOSTS[0], listed, "bad certificate", certs=HELD[0][1])
        self._same(point, own, "for a listed registry")
        for host, certs in BROKEN:
            off = RoadSetting(host, OFF, "refused", certs=certs)
            refused = not self.road.once(self.stock, off).trace  # a fork may keep them elsewhere
            for options in (OFF, ON) if refused else (OFF,):
                broken = off._replace(options=options)
                self._same(point, broken, "where a folder of certificates is not whole")

    def _takes_files(self) -> bool:
        """Whether the original can be run here where there are certificates."""
        try:
            for host, certs in (*HELD, *BROKEN):
                self.road.once(self.stock, RoadSetting(host, OFF, TAKEN[0], certs=certs))
        except UnsupportedError:
            return False
        return True

    def _on(self, point: Point, setting: RoadSetting, answer: HttpAnswer) -> None:
        """The option on, for a registry that is not listed."""
        bare = setting._replace(options=OFF)
        found, stock = self.road.go(self.port, setting), self.road.once(self.stock, bare)
        tls = {sent.tls for sent in found.trace if sent.tls is not None}
        known = {sent.tls for sent in stock.trace if sent.tls is not None}
        point.expect(
            tls <= known,
            f"{self.road.name}: {setting.said}: other TLS settings than without the option",
        )
        watched = (
            not self.stock.traits.by_repository
            and self.road.name in _WATCHED.get(answer.name, ())
            and not setting.wording
        )
        if answer.answered is True or watched:
            leaks = [sent for sent in found.plain if sent not in stock.plain]
            point.expect(not leaks, leak_of(self.road.name, setting.said, leaks))
            if not leaks:
                self._like(point, found, (stock,), setting)
            return
        listed = self._listed(setting)
        # Docker's own errors may not let their cause be seen: then it is no worse than without the option.
        unseen = setting.wording in INSIDE
        if answer.answered or unseen or (answer.name in _LATE and not listed.plain):
            # Docker gives up here, or goes on: with the option on, both are right, in this order.
            safe = [sent for sent in found.trace if sent not in found.plain]
            goes_on = tuple(safe) == found.trace[: len(safe)] and bool(safe) and not found.crash
            if not goes_on:
                self._like(point, found, (stock, listed), setting, strict=False)
            point.expect(
                not found.crash or bool(stock.crash),
                f"{self.road.name}: {setting.said}: {found.crash}",
            )
            return
        self._like(point, found, (listed,), setting)

    def _same(self, point: Point, setting: RoadSetting, when: str) -> None:
        off = setting.options.insecure_registries
        stock = self.road.once(
            self.stock, setting._replace(options=Options(insecure_registries=off))
        )
        found = self.road.go(self.port, setting)
        right = (found.trace, found.fine, found.crash) == (stock.trace, stock.fine, stock.crash)
        point.expect(
            right, unlike(self.road.name, setting.said, found, stock, f"{when}, the original does")
        )
        said = found.warnings == stock.warnings
        point.expect(
            said or not right,
            f"{self.road.name}: {setting.said}: {when}, the original does not warn of the same",
        )

    def _like(
        self,
        point: Point,
        found: RoadResult,
        wanted: tuple[RoadResult, ...],
        setting: RoadSetting,
        *,
        strict: bool = True,
    ) -> None:
        """Whether a result is one of those that are right; the TLS settings are another matter."""
        # Releases that ping ask once with each of a host's keys, of which a listed one has none.
        told_of = _without_repeats if setting.certs else _bare
        shown = [(told_of(w), w.fine) if strict else told_of(w) for w in wanted]
        told = (told_of(found), found.fine) if strict else told_of(found)
        right = told in shown and bool(found.crash) == bool(wanted[0].crash)
        point.expect(right, unlike(self.road.name, setting.said, found, wanted[0], "right is"))


def _common(host: str) -> str:
    """The host of the other cases that is like it: with a port or without."""
    return HOSTS[":" in host.rpartition("]")[2]]


def _without_repeats(result: RoadResult) -> tuple[Any, ...]:
    return tuple(sent for sent, _ in groupby(_bare(result)))


def _bare(result: RoadResult) -> tuple[Any, ...]:
    return tuple(sent._replace(tls=None) for sent in result.trace)
