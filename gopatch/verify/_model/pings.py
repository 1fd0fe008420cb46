"""Releases before the lookups (v1.3.1 to v1.7.1), where every road goes by one ping: NewEndpoint, run.

What is right is as for the other roads: see driving. The hosts are those of the grid, and those for which
a condition of the port's own holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from gopatch.evaluate import Many, Slice, UnsupportedError
from gopatch.evaluate.errors_of_net import ANSWERS, PINGS, HttpAnswer
from gopatch.evaluate.package import parts, text_of
from gopatch.model import Options, is_docker_hub
from gopatch.verify._model.daemon import EvaluatedDaemon
from gopatch.verify._model.daemon_start import judge_start
from gopatch.verify._model.driven_roads import HOSTS, OFF, ON, DrivenRoad, RoadSetting
from gopatch.verify._model.driving import RoadTrial
from gopatch.verify._model.grid import ALL, WORLD
from gopatch.verify._model.points import Point, looked_at
from gopatch.verify._model.service import EvaluatedRegistry


@dataclass
class PingedRegistry(EvaluatedRegistry):
    """The service of a release whose NewService takes the list alone, and options that may be a variable."""

    def start(self, options: Options) -> Any:
        if not takes_list(self):
            return super().start(options)
        if self.accept:
            self.machine.set_variable(self.accept, options.accept_insecure_registry)
        return self.machine.call("NewService", Slice(options.insecure_registries))


def pinged(daemon: EvaluatedDaemon) -> PingedRegistry:
    """The registry of a daemon, ready to ping."""
    if isinstance(daemon.registry, PingedRegistry):
        return daemon.registry
    old = daemon.registry
    made = PingedRegistry((), old.traits, old.accept, old.is_variable, old.machine)
    daemon.registry = made
    daemon.program.library.resolve = _resolve
    return made


def _resolve(name: str) -> Sequence[str]:
    """v1.4.1 refuses what has no address before it asks: here every name has one."""
    return WORLD.get(name, ("192.0.2.9",))


def takes_list(registry: EvaluatedRegistry) -> bool:
    """Whether NewService takes the list of insecure registries alone, and no options."""
    place = registry.package.functions.get("NewService")
    return place is not None and "[]string" in text_of(place.node.field("parameters"))


def judge_pings(stock: EvaluatedDaemon, port: EvaluatedDaemon) -> Iterator[Point]:
    """The ping, and before it what stands between the flag and the service where that is a variable."""
    if takes_list(port.registry):
        port.registry.accept, port.registry.is_variable = "", True

        def start(point: Point) -> None:
            port.registry.accept = judge_start(stock, port, point)

        yield looked_at("start", None, start)
    for road in (DrivenRoad("ping", _ping), DrivenRoad("ping of v1", _ping_of_one)):
        trial = _PingTrial(road, stock, port)
        yield looked_at("ping", trial.try_out, trial.judge)


class _PingTrial(RoadTrial):
    def _common(self, point: Point) -> None:
        super()._common(point)
        for name in ("plain HTTP", "foreign banner"):
            self._on(point, RoadSetting(HOSTS[0], ON, name, wording="kept"), ANSWERS[name])
        for host in filter(_askable, ALL):
            self._host(point, host)

    def _knows(self, host: str) -> bool:
        return _askable(host) and super()._knows(host)

    def _lists(self, host: str) -> bool:
        """These releases take every name into their list, and have no lookups."""
        return True

    def _on(self, point: Point, setting: RoadSetting, answer: HttpAnswer) -> None:
        # A ping of both versions puts what became of each into such words itself.
        if setting.wording not in PINGS or self.road.name != "ping":
            super()._on(point, setting, answer)

    def _host(self, point: Point, host: str) -> None:
        setting = RoadSetting(host, ON, "refused")
        try:
            self.road.once(self.stock, setting._replace(options=OFF))
        except UnsupportedError:
            return
        if is_docker_hub(host):
            self._same(point, setting, "for Docker Hub")
        else:
            self._on(point, setting, self.unanswered)
        self._same(point, setting._replace(options=OFF), "with the option off")


def _askable(host: str) -> bool:
    """Whether it is a host's name: what begins like a scheme is taken for one, a bare word for a version."""
    return any(mark in host for mark in ".:") and not host.startswith("http")


def _ping(daemon: EvaluatedDaemon, service: Any, host: str, path: str = "") -> Any:
    """NewEndpoint, with what the service knows of a host."""
    machine = daemon.registry.machine
    place = machine.package.functions["NewEndpoint"]
    given = []
    for parameter in parts(place.node.field("parameters")):
        kind = text_of(parameter.field("type"))
        make = next((make for word, make in _GIVEN.items() if word in kind), None)
        if make is None or parameter.kind == "variadic_parameter_declaration":
            raise UnsupportedError(
                f"NewEndpoint takes a `{kind}`", place.file.path, *place.node.point
            )
        given += [
            make(daemon, service.target, host, path) for _ in parameter.names() or [parameter]
        ]
    return machine.call("NewEndpoint", *given)


def _ping_of_one(daemon: EvaluatedDaemon, service: Any, host: str) -> Any:
    """An address that names its version, so that no other one is tried: its error comes as it is."""
    return _ping(daemon, service, host, "/v1/")


def _index(daemon: EvaluatedDaemon, service: Any, host: str, path: str) -> Any:
    made = daemon.registry.machine.call_method(service.fields["Config"], "NewIndexInfo", host)
    found, error = made if isinstance(made, Many) else (made, None)
    if error is not None:
        raise UnsupportedError(f"a registry of the name {host}")
    if path and not found.target.fields["Official"]:
        found.target.fields["Name"] = host + path
    return found


def _listed(daemon: EvaluatedDaemon, service: Any, host: str, path: str) -> Any:
    return next((v for v in service.fields.values() if isinstance(v, Slice)), None)


def _secure(daemon: EvaluatedDaemon, service: Any, host: str, path: str) -> Any:
    return daemon.registry.machine.call("IsSecure", host, _listed(daemon, service, host, path))


_GIVEN: dict[str, Callable[[EvaluatedDaemon, Any, str, str], Any]] = {
    "IndexInfo": _index,
    "[]string": _listed,
    "string": lambda daemon, service, host, path: host + path,
    "bool": _secure,
    "Header": lambda daemon, service, host, path: None,
}
