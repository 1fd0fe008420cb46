"""Functions to which a port gives an argument that may be left out, called as the original's callers do.

Other code calls them, too, tests and what a distribution has added, and knows nothing of the option: with the
arguments that the original takes they do what the original does.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from gopatch.evaluate import Machine, Pointer, Spot, Struct, UnsupportedError
from gopatch.evaluate.package import parts, text_of
from gopatch.verify._model.daemon import EvaluatedDaemon, RoadResult
from gopatch.verify._model.points import Point

_ANSWERS = ("refused", "bad certificate", "401", "200")


class OlderCall(NamedTuple):
    """A call of a function of the registry package, by the arguments of the original."""

    name: str
    host: str
    secure: bool
    https: str

    def made(self, daemon: EvaluatedDaemon, count: int) -> RoadResult:
        machine = daemon.registry.machine
        place = machine.package.functions[self.name]

        def go() -> Any:
            given = daemon.arguments(machine, place, self.host, None)[:count]
            for value in given:
                _say_which(value, self.host, secure=self.secure)
            return machine.call(self.name, *given)

        answers = {("https", self.host): self.https, ("http", self.host): "200"}
        return daemon.run(go, answers)


def judge_older_callers(
    point: Point, stock: EvaluatedDaemon, port: EvaluatedDaemon, host: str
) -> None:
    """Expect of each such function that it does the same; one that the original cannot run is not asked."""
    for name, count in _given_more(stock.registry.machine, port.registry.machine):
        for secure in (True, False):
            for https in _ANSWERS:
                call = OlderCall(name, host, secure, https)
                try:
                    wanted = call.made(stock, count)
                except UnsupportedError:
                    break
                found = call.made(port, count)
                point.expect(
                    (found.trace, found.fine, found.crash)
                    == (wanted.trace, wanted.fine, wanted.crash),
                    f"{point.name}: {name}, called without the argument that it has got: "
                    f"{host} answers over HTTPS with: {https}: it does not do what the original does",
                )


def _given_more(stock: Machine, port: Machine) -> Iterator[tuple[str, int]]:
    """The functions that take more than in the original, all of which may be left out, and how many they took."""
    for name, place in stock.package.functions.items():
        other = port.package.functions.get(name)
        if other is None:
            continue
        before, after = _types(place), _types(other)
        if len(after) == len(before) + 1 and after[-1].startswith("..."):
            yield name, len(before)


def _types(place: Spot) -> list[str]:
    """The types of the parameters, as they are written, one for each."""
    found = list[str]()
    for each in parts(place.node.field("parameters")):
        variadic = "..." if any(child.kind == "..." for child in each.children) else ""
        found += [variadic + text_of(each.field("type"))] * max(1, len(list(each.names())))
    return found


def _say_which(value: Any, host: str, *, secure: bool) -> None:
    """Let an index be that of a registry; it is not secure where the registry is listed."""
    held = value.target if isinstance(value, Pointer) else value
    if isinstance(held, Struct) and {"Name", "Secure"} <= held.fields.keys():
        held.fields.update(Name=host, Secure=secure)
