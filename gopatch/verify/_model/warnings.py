"""What a daemon says when it starts, and in `docker info`: is the risk named, and only where it is one?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gopatch.evaluate import Pointer, Struct, UnsupportedError
from gopatch.model import Options
from gopatch.verify._model.daemon import EvaluatedDaemon
from gopatch.verify._model.driven_roads import OFF, ON
from gopatch.verify._model.points import Point, looked_at
from gopatch.verify._model.reloading import names_risk, warns


def judge_warnings(
    stock: EvaluatedDaemon, port: EvaluatedDaemon, *, at_start: bool
) -> Iterator[Point]:
    """`at_start`: the registry service is where this source is to warn."""
    if at_start:
        yield looked_at(
            "warning", lambda: _start(stock, OFF), lambda point: _judge_start(stock, port, point)
        )
    if stock.door("info") is not None:
        yield looked_at(
            "info", lambda: _info(stock, OFF), lambda point: _judge_info(stock, port, point)
        )


def _judge_start(stock: EvaluatedDaemon, port: EvaluatedDaemon, point: Point) -> None:
    point.expect(
        any(map(warns, _start(port, ON))),
        "warning: the daemon starts with the option on, and no warning names the risk",
    )
    point.expect(
        _start(port, OFF) == _start(stock, OFF),
        "warning: with the option off something else is logged",
    )


def _start(daemon: EvaluatedDaemon, options: Options) -> list[tuple[str, str]]:
    daemon.world.reset({})
    if daemon.registry.start(options) is None:
        raise UnsupportedError("NewService refuses to start without any options")
    return list(daemon.world.log)


def _judge_info(stock: EvaluatedDaemon, port: EvaluatedDaemon, point: Point) -> None:
    point.expect(
        _info(port, OFF) == _info(stock, OFF),
        "info: docker info warns of something else with the option off",
    )
    found, before = _info(port, ON), _info(stock, OFF)
    told = [text for text in found if text not in before]
    point.expect(
        all(text in found for text in before),
        "info: docker info has lost another warning with the option on",
    )
    point.expect(
        any(map(names_risk, told)), "info: docker info does not name the risk with the option on"
    )


def _info(daemon: EvaluatedDaemon, options: Options) -> list[str]:
    """The warnings of `docker info`."""
    found = daemon.door("info")
    if found is None:
        raise UnsupportedError("there is no SystemInfo")
    machine, place, receiver = found
    daemon.world.reset({})
    service = daemon.registry.start(options)
    holder = daemon.holder(machine, receiver, service, options)
    made = machine.call_method(holder, "SystemInfo", *daemon.arguments(machine, place, "", service))
    info: Any = made[0] if isinstance(made, tuple) else made
    struct = info.target if isinstance(info, Pointer) else info
    if not isinstance(struct, Struct) or "Warnings" not in struct.fields:
        raise UnsupportedError("docker info has no warnings that are known here")
    return [str(text) for text in struct.fields["Warnings"] or ()]
