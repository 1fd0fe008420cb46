"""Releases whose options are a variable of the registry package (v1.3.1 to v1.4.1): what the daemon's main
function sets before it makes the registry service, run as far as that."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from gopatch.evaluate import Machine, Native, Reference, UnsupportedError
from gopatch.verify._model.daemon import EvaluatedDaemon
from gopatch.verify._model.flags import Flags
from gopatch.verify._model.points import Point
from gopatch.verify._model.reloading import names_risk
from gopatch.verify._model.service import KEY

_FOLDER, _MAIN = "docker", "mainDaemon"
_RUN = ("registry", "daemon", "opts")  # packages of Docker's own that are run on the way


class DaemonStart(NamedTuple):
    """What a start has set: the registry package's variables that are true, and what was logged."""

    true: frozenset[str]
    log: tuple[str, ...]


class _ReadyError(Exception):
    """The registry service is about to be made."""


class _Anything(Native):
    """A value of a package that says nothing of registries: it is nil, and can be called."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__("anything")
        self.methods = _EveryMethod(self)

    def __call__(self, *_: Any) -> Any:
        return self

    def __eq__(self, other: object) -> bool:
        return other is None or other is self

    __hash__ = None  # type: ignore[assignment]


class _EveryMethod(dict[str, Callable[..., Any]]):
    def __init__(self, value: _Anything) -> None:
        super().__init__()
        self._value = value

    def get(self, key: str, default: Any = None) -> Any:
        return self._value


def judge_start(stock: EvaluatedDaemon, port: EvaluatedDaemon, point: Point) -> str:
    """The variable of the registry package that the flag turns on, "" where there is none."""
    before = start(stock, on=False)
    off, on = start(port, on=False), start(port, on=True)
    point.expect(
        off == before, "store: without the flag the daemon starts otherwise than the original"
    )
    turned = sorted(on.true - off.true)
    said = ", ".join(turned) or "nothing"
    point.expect(
        len(turned) == 1,
        f"store: --{KEY} turns {said} of the registry package on before its service is made",
    )
    warned = any(map(names_risk, set(on.log) - set(off.log)))
    point.expect(
        warned, "warning: the daemon starts with the option on, and no warning names the risk"
    )
    return turned[0] if len(turned) == 1 else ""


def start(daemon: EvaluatedDaemon, *, on: bool) -> DaemonStart:
    """Run the main function until NewService is called; `on`: with the flag."""
    daemon.world.reset({})
    library, flags = daemon.program.library, Flags()
    library.flags, library.stand_in = flags.register, _stand_in
    try:
        machine = daemon.program.fresh(_FOLDER)
        if machine is None or _MAIN not in machine.package.functions:
            raise UnsupportedError(f"there is no {_MAIN}")
        for ref, *_ in flags.known.get(f"-{KEY}", []):
            if on and isinstance(ref, Reference):
                ref.set(True)
        _until_ready(machine)
    finally:
        library.stand_in = None
    registry = daemon.registry.machine
    names = registry.package.variables
    true = frozenset(name for name in names if registry.known_variable(name) is True)
    return DaemonStart(true, tuple(text for _, text in daemon.world.log))


def _until_ready(machine: Machine) -> None:
    place = machine.package.functions[_MAIN]
    given = [None for each in (place.node.field("parameters") or place.node).children if each.named]
    try:
        machine.call(_MAIN, *given)
    except _ReadyError:
        return
    raise UnsupportedError(f"{_MAIN} ends, and has not made a registry service")


def _stand_in(package: str, path: str, name: str) -> Any:
    """What stands for a member of another package; None where it is run, or known."""
    if name == "NewService" and path.endswith("/registry"):
        return _ready
    if package == "mflag":
        return _Anything() if name in ("CommandLine", "Usage") else None
    if package == "log" or path.rpartition("/")[2] in _RUN:
        return None
    return _Anything()


def _ready(*_: Any) -> Any:
    raise _ReadyError
