"""Observations -> Opinion. Pure: what was seen in the room is held against what the port claims.

A road that the port reaches must work with the option on; any other must fail as on the stock
daemon; nothing may differ while the option is off; and where the port has rails, nothing may reach
port 80 of a host whose HTTPS answered. The stock daemon with every registry listed is the control:
what fails there says nothing about the port, unless the model knows of it and says that the port works.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from gopatch.model import Action, Traits, no_road
from gopatch.verify import Opinion, Status
from gopatch.verify._wire.claims import Claims
from gopatch.verify._wire.logged import events, host_events
from gopatch.verify._wire.looked_at import (
    LookedAt,
    counterexample,
    lifeless,
    listed,
    sentence,
    shortened,
    summed,
)
from gopatch.verify._wire.observation import Observation
from gopatch.verify._wire.places import HUB, INDEX, PLACES, TRAPS
from gopatch.verify._wire.prediction import ACTIONS, DaemonStep, Prediction, asks, predict, read
from gopatch.verify._wire.settings import FIRST, KEY, REFUSED, SETTINGS, Setting
from gopatch.verify._wire.spoken import spoken

_TRAPPED = {place.host for place in TRAPS}
_ON = next(one for one in SETTINGS if one.name == "on")
_KNOWN = {place.host for place in PLACES} - {HUB.host}


def judge(
    observations: Iterable[Observation],
    claims: Claims,
    traits: Traits,
    refused: Mapping[str, str] = REFUSED,
) -> Opinion:
    """Every observation against its expectation, gathered by case; `refused` are the settings with which no
    daemon starts, and its words."""
    found = list(observations)
    if dead := [one for one in found if one.road == "start" and one.setting == FIRST and one.error]:
        return Opinion("wire", "inconclusive", tuple(map(lifeless, dead)))
    judging = _Judging(found, claims, traits, refused)
    findings = [finding for one in found for finding in judging.look(one)]
    names = dict.fromkeys(finding.case for finding in findings)
    cases = tuple(summed(name, [f for f in findings if f.case == name]) for name in names)
    wrong = [finding for finding in findings if finding.wrong]
    summary = [*judging.notes(), *(sentence(finding) for finding in wrong)]
    status: Status = "fail" if wrong else "pass"
    if not wrong and not judging.controlled():
        status = "inconclusive"
        summary.append("the control failed: stock with --insecure-registry does not work here")
    said = spoken(findings, claims)
    return Opinion("wire", status, tuple(summary), cases, counterexample(wrong), said)


class _Judging:
    """The expectations; observations of other settings are looked up by store and step."""

    def __init__(
        self,
        found: list[Observation],
        claims: Claims,
        traits: Traits,
        refused: Mapping[str, str],
    ) -> None:
        self._found = {(one.store, one.setting, *one.key): one for one in found}
        self._claims = claims
        self._traits = traits
        self._refused = refused

    def _other(self, seen: Observation, setting: str) -> Observation | None:
        return self._found.get((seen.store, setting, *seen.key))

    def _uncontrolled(self, seen: Observation) -> bool:
        """Whether nothing is asked of the port: the control fails, and the model does not say that the port
        works. For a registry that no list has, the model speaks alone."""
        control, action = self._other(seen, FIRST), ACTIONS.get(seen.road)
        if control is not None and not control.error:
            return False
        if action is None or self._claims.foreign:
            return control is not None
        if control is not None and not self._explained(control):
            return True
        return not self._predicted(seen, action, _ON).ok

    def _is_no_road(self, seen: Observation) -> bool:
        """Whether the source has no such road at all."""
        action = ACTIONS.get(seen.road)
        return action is not None and bool(no_road(action, self._traits, seen.store))

    def _explained(self, control: Observation) -> bool:
        """Whether the control fails where the model says so, and not for a reason of its own."""
        action = ACTIONS.get(control.road)
        if action is None or self._is_no_road(control) or not asks(control):
            return False
        return not self._predicted(control, action, SETTINGS[0]).ok

    def controlled(self) -> bool:
        """Whether login, push and pull work with the registries listed, but where the model says that they do
        not: v1.10 logs in only where there is a password."""
        control = [
            one for one in self._found.values()
            if one.setting == FIRST and one.road in ("login", "push", "pull")
        ]  # fmt: skip
        works = {(one.store, one.road) for one in control if not one.error}
        rest = [one for one in control if one.error and not self._explained(one)]
        return bool(works) and not rest and works == {(one.store, one.road) for one in control}

    def notes(self) -> Iterator[str]:
        """What the control could not do, so that nothing is asked of the port there."""
        for one in self._found.values():
            reload = one.setting == "stock-reload-on" and one.road == "reload"
            if self._is_no_road(one):
                continue
            if one.error and (reload or (one.setting == FIRST and self._uncontrolled(one))):
                yield (
                    f"not judged: {one.store} store, {one.road} {one.host}: "
                    f"stock with --insecure-registry fails, too: {shortened(one.error)}"
                )

    def look(self, seen: Observation) -> Iterator[LookedAt]:
        rules: dict[str, Callable[[Observation], Iterator[LookedAt]]] = {
            "stock": self._stock,
            "off": self._off,
            "on": self._on,
            "listed": self._listed,
            "file": self._file,
            "reload-off": self._reload,
            "reload-on": self._reload,
            "reload-off-again": self._reload,
        }
        if seen.road == "start":
            yield from self._start(seen)
            return
        if seen.setting in rules:
            yield from rules[seen.setting](seen)
        yield from self._attempts(seen)

    def _start(self, seen: Observation) -> Iterator[LookedAt]:
        words = self._refused.get(seen.setting)
        if words is None:
            yield LookedAt("daemons start", seen, shortened(seen.error))
        elif not seen.error:
            yield LookedAt("daemon.json: refused", seen, "the daemon starts")
        else:
            wrong = "" if words in seen.error else f"it says {shortened(seen.error)}"
            yield LookedAt("daemon.json: refused", seen, wrong)
        if seen.setting in ("on", "file") and "warn" in self._claims.edits:
            yield LookedAt("the daemon warns", seen, _unwarned(seen))
        if seen.setting in ("off", "stock", "listed") and any(KEY in line for line in seen.log):
            yield LookedAt("the daemon warns", seen, f"it speaks of {KEY}, which is off")

    def _file(self, seen: Observation) -> Iterator[LookedAt]:
        if seen.road == "info":
            if "warn-info" in self._claims.edits:
                said = any(KEY in line for line in seen.log)
                yield LookedAt("docker info warns", seen, "" if said else "no word of it")
        elif self._claims.reaches(seen.road, seen.store) and not self._uncontrolled(seen):
            yield LookedAt("daemon.json: works", seen, shortened(seen.error))

    def _reload(self, seen: Observation) -> Iterator[LookedAt]:
        control = self._found.get((seen.store, "stock-reload-on", "reload", seen.host))
        if control is None or control.error:
            return
        if seen.road == "reload":
            wrong = shortened(seen.error)
            if not wrong and seen.setting == "reload-on" and "warn-reload" in self._claims.edits:
                wrong = _unwarned(seen)
            yield LookedAt("reload: the daemon lives", seen, wrong)
            return
        works = (
            seen.setting == "reload-on"
            and "reload" in self._claims.edits
            and self._claims.reaches(seen.road, seen.store)
        )
        if self._claims.foreign and seen.setting == "reload-on" and not works:
            return
        if works and self._uncontrolled(seen):
            return
        name = "reload: on" if works else "reload: off"
        yield LookedAt(name, seen, shortened(seen.error) if works else _refused(seen))

    def _stock(self, seen: Observation) -> Iterator[LookedAt]:
        yield LookedAt("stock: HTTPS only", seen, _refused(seen))

    def _off(self, seen: Observation) -> Iterator[LookedAt]:
        yield LookedAt("option off: as stock", seen, _refused(seen) or self._unlike(seen, "stock"))

    def _listed(self, seen: Observation) -> Iterator[LookedAt]:
        yield LookedAt("--insecure-registry: as stock", seen, self._unlike(seen, FIRST))

    def _on(self, seen: Observation) -> Iterator[LookedAt]:
        if seen.host in _TRAPPED or seen.host not in _KNOWN:
            yield from self._trap(seen)
            return
        if self._uncontrolled(seen):
            return
        if self._claims.reaches(seen.road, seen.store):
            unplain = "" if seen.served or seen.host == INDEX.host else "no HTTP request was seen"
            yield LookedAt(f"option on: {seen.road} works", seen, shortened(seen.error) or unplain)
        elif not self._claims.foreign:
            yield LookedAt(f"option on: {seen.road} as stock", seen, _refused(seen))

    def _trap(self, seen: Observation) -> Iterator[LookedAt]:
        hub = seen.host not in _TRAPPED
        if not hub and not self._claims.rails:
            yield from self._without_rails(seen)
            return
        name = "Docker Hub: no HTTP" if hub else "HTTPS answered: no HTTP"
        wrong = f"{seen.plain} requests on port 80, {seen.secrets} with the password"
        yield LookedAt(name, seen, wrong if seen.plain else "")

    def _without_rails(self, seen: Observation) -> Iterator[LookedAt]:
        """Where the rails are left out, what leaks is what the model says."""
        action = ACTIONS.get(seen.road)
        if action is None or no_road(action, self._traits, seen.store):
            return
        _, _, plain, clear = self._predicted(seen, action, _ON)
        wrong = ""
        if (bool(seen.plain), bool(seen.secrets)) != (plain, clear):
            said = "a password" if clear else "a request" if plain else "nothing"
            wrong = (
                f"{seen.plain} requests on port 80, {seen.secrets} with the password; "
                f"the model: {said}"
            )
        yield LookedAt("HTTPS answered, no rails: as the model's", seen, wrong)

    def _unlike(self, seen: Observation, setting: str) -> str:
        """In what `seen` differs from the stock daemon's step, "" for in nothing."""
        other = self._other(seen, setting)
        if other is None:
            return f"there is no such step of {setting}"
        if bool(seen.error) != bool(other.error):
            return f"{shortened(seen.error) or 'works'}; {setting}: {shortened(other.error) or 'works'}"
        mine, theirs = (events(one.log) + host_events(one.log) for one in (seen, other))
        return "" if mine == theirs else f"tries {listed(mine)}; {setting} tries {listed(theirs)}"

    def _attempts(self, seen: Observation) -> Iterator[LookedAt]:
        """The daemon's log against the model, attempt by attempt."""
        action = ACTIONS.get(seen.road)
        chosen = next((one for one in SETTINGS if one.name == seen.setting), None)
        if action is None or chosen is None or seen.host not in _KNOWN or not self._modelled(seen):
            return
        if no_road(action, self._traits, seen.store):
            return
        ok, want, *_ = self._predicted(seen, action, chosen)
        control = self._other(seen, FIRST)
        if control is not None and control.error and not self._explained(control):
            # What fails here with every registry listed is told in the notes.
            return
        if seen.host in _TRAPPED and self._cannot(seen):
            return
        mine, want = read(seen, want)
        wrong = "" if mine == want else f"tries {listed(mine)}; the model: {listed(want)}"
        if not wrong and ok != (not seen.error):
            wrong = f"{shortened(seen.error) or 'works'}; the model: {'works' if ok else 'fails'}"
        yield LookedAt("attempts as the model's", seen, wrong, want)

    def _cannot(self, seen: Observation) -> bool:
        """Whether the control goes this road nowhere, so that nobody knows what it would try at a trap."""
        control = [
            one for one in self._found.values()
            if (one.store, one.setting, one.road) == (seen.store, FIRST, seen.road)
        ]  # fmt: skip
        return bool(control) and all(one.error for one in control)

    def _predicted(self, seen: Observation, action: Action, setting: Setting) -> Prediction:
        edits = self._claims.edits if setting.patched else frozenset[str]()
        step = DaemonStep(action, seen.store, seen.host)
        return predict(self._traits, step, setting, edits)

    def _modelled(self, seen: Observation) -> bool:
        """Nothing is known of how another patch opens a road, nor of how it closes one."""
        if not self._claims.foreign or seen.setting not in ("on", "file"):
            return True
        return self._claims.reaches(seen.road, seen.store) and seen.host not in _TRAPPED


def _unwarned(seen: Observation) -> str:
    """What is missing of the warning, "" for nothing."""
    warned = any("level=warning" in line and KEY in line for line in seen.log)
    return "" if warned else f"no warning names {KEY}"


def _refused(seen: Observation) -> str:
    """Why a step did not fail as one does that knows HTTPS only, "" where it did."""
    if not seen.error:
        return "works, though the daemon should know HTTPS only"
    return f"{seen.served} requests over HTTP" if seen.served else ""
