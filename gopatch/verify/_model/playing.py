"""Reloads of a daemon that lives on, played: what its service offers after each, and what it logs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from gopatch.evaluate import GoPanicError, Machine, Pointer, Spot, UnsupportedError
from gopatch.evaluate.package import parts, text_of
from gopatch.evaluate.types import Type, zero_maker
from gopatch.model import Options
from gopatch.verify._model.configuration import switch_on
from gopatch.verify._model.daemon import EvaluatedDaemon
from gopatch.verify._model.locking import watched

PROBES = ("reg.test", "reg.test:5000", "listed.test", "10.1.2.3:5000", "docker.io")


class Reload(NamedTuple):
    """One reload: the keys that daemon.json has, and what it says; `then` are the options that hold
    afterwards. `fails` where the original refuses it."""

    said: str
    keys: tuple[str, ...]
    options: Options
    then: Options
    fails: bool = False


class Beside(NamedTuple):
    """What is beside the option, and `said` of it: keys of the new daemon.json, those that the daemon has from
    before, or every switch."""

    said: str = ""
    new: tuple[str, ...] = ()
    held: tuple[str, ...] = ()
    switched: bool = False


NOTHING = Beside()


class Played(NamedTuple):
    """A reload that was run: what is wrong after it, what was logged, whether it goes on in the background, and
    what was read and written without a lock."""

    reload: Reload
    wrong: str
    log: list[tuple[str, str]]
    late: bool
    bare: tuple[str, ...] = ()


def play(
    daemon: EvaluatedDaemon,
    start: Options,
    reloads: tuple[Reload, ...],
    stock: Any = None,
    beside: Beside = NOTHING,
) -> Iterator[Played]:
    """Each reload of a daemon that lives on, with what is beside the option; `stock` is the original's service."""
    found = daemon.door("reload")
    if found is None:
        raise UnsupportedError("there is no reload")
    machine, place, receiver = found
    daemon.world.reset({})
    service = daemon.registry.start(start)
    holder = daemon.holder(machine, receiver, service, start, beside.held)
    bare = watched(daemon.registry.machine, service, stock)
    for reload in reloads:
        daemon.world.reset({})
        conf = new_configuration(machine, place)
        if beside.switched:
            switch_on(conf)
        daemon.fill(conf, reload.options, reload.keys, beside.new)
        try:
            error = machine.call_method(holder, text_of(place.node.field("name")), Pointer(conf))
            late = daemon.world.late
            wrong = _wrong(
                daemon, service, reload, error, PROBES if beside == NOTHING else PROBES[:1]
            )
        except GoPanicError as crash:
            yield Played(reload, f"the daemon {crash}", [], daemon.world.late)
            return
        yield Played(reload, wrong, list(daemon.world.log), late, tuple(sorted(bare)))
        bare.clear()


def new_configuration(machine: Machine, place: Spot) -> Any:
    """What a reload is given, with nothing in it."""
    kind = parts(place.node.field("parameters"))[0].field("type")
    if kind is None:
        raise UnsupportedError("a reload of nothing")
    return zero_maker(machine, Type(place.file, kind.children[-1]))()


def _wrong(
    daemon: EvaluatedDaemon, service: Any, reload: Reload, error: Any, hosts: tuple[str, ...]
) -> str:
    if (error is not None) != reload.fails:
        return "it is taken" if error is None else "it is refused"
    registry = daemon.registry
    log = list(daemon.world.log)
    fresh = registry.start(reload.then)
    daemon.world.log[:] = log
    for host in hosts:
        now, wanted = registry.lookup(service, "pull", host), registry.lookup(fresh, "pull", host)
        if now.panic:
            return f"the next lookup {now.panic}"
        if now.endpoints != wanted.endpoints:
            had = ", ".join(e.url for e in now.endpoints or ()) or "nothing"
            return f"{host} is then offered {had}, not {', '.join(e.url for e in wanted.endpoints or ())}"
    asked = _asks(registry.machine, service)
    if asked is not None and asked != reload.then.accept_insecure_registry:
        return f"the service then says that the option is {'on' if asked else 'off'}"
    return ""


def _asks(machine: Any, service: Any) -> bool | None:
    """What a method of the service that takes nothing and gives a boolean says of the option."""
    for (kind, name), place in machine.package.methods.items():
        if (
            kind == service.target.type
            and text_of(place.node.field("parameters")) == "()"
            and "nsecure" in name
        ):
            found = machine.call_method(service, name)
            if isinstance(found, bool):
                return found
    return None
