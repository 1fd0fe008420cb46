"""A reload (SIGHUP), run: what the service offers afterwards, and what the daemon says of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any, NamedTuple

from gopatch.evaluate import GoPanicError, Pointer, Struct, UnsupportedError
from gopatch.evaluate.package import parts, text_of
from gopatch.evaluate.types import Type, zero_maker
from gopatch.model import Options
from gopatch.verify._model.daemon import EvaluatedDaemon
from gopatch.verify._model.locking import watched
from gopatch.verify._model.points import Point, looked_at
from gopatch.verify._model.service import KEY

LIST, MIRRORS = "insecure-registries", "registry-mirrors"
PROBES = ("reg.test", "reg.test:5000", "listed.test", "10.1.2.3:5000", "docker.io")
_BAD = ("-bad-",)
RISK = ("password", "read", "encrypt", "replace", "intercept", "man-in-the-middle", "no proof")


class Reload(NamedTuple):
    """One reload: the keys that daemon.json has, and what it says; `then` are the options that hold
    afterwards. `fails` where the original refuses it."""

    said: str
    keys: tuple[str, ...]
    options: Options
    then: Options
    fails: bool = False


def _options(accept: bool, listed: tuple[str, ...] = (), mirrors: tuple[str, ...] = ()) -> Options:
    return Options(mirrors, listed, accept)


_NETS = ("listed.test", "10.0.0.0/8")
_MIRROR = ("https://mirror.test",)
STORIES: tuple[tuple[Options, tuple[Reload, ...]], ...] = (
    (_options(False), (
        Reload("turns it on", (KEY,), _options(True), _options(True)),
        Reload("turns it off", (KEY,), _options(False), _options(False)),
        Reload("turns it on again", (KEY,), _options(True), _options(True)),
    )),
    (_options(True), (
        Reload("does not name it", (), _options(False), _options(True)),
        Reload("turns it off", (KEY,), _options(False), _options(False)),
        Reload("does not name it", (), _options(True), _options(False)),
    )),
    (_options(False, _NETS), (
        Reload("turns it on beside a list", (KEY,), _options(True), _options(True, _NETS)),
        Reload("turns it off beside a list", (KEY,), _options(False), _options(False, _NETS)),
    )),
    (_options(False), (
        Reload("turns it on, with a list", (KEY, LIST), _options(True, _NETS), _options(True, _NETS)),
        Reload("takes another list", (LIST,), _options(False, ("other.test",)), _options(True, ("other.test",))),
    )),
    (_options(False), (
        Reload("turns it on, with mirrors", (KEY, MIRRORS), _options(True, (), _MIRROR), _options(True, (), _MIRROR)),
    )),
    (_options(False), (
        Reload("fails, and would turn it on", (KEY, LIST), _options(True, _BAD), _options(False), fails=True),
        Reload("turns it on", (KEY,), _options(True), _options(True)),
    )),
    (_options(True), (
        Reload("fails, and would turn it off", (KEY, LIST), _options(False, _BAD), _options(True), fails=True),
    )),
    (_options(False), (
        Reload("fails by its mirrors, and would turn it on", (KEY, MIRRORS), _options(True, (), ("ftp://x",)), _options(False), fails=True),
    )),
)  # fmt: skip


_LISTED = Reload("", (LIST,), _options(False, _NETS), _options(False, _NETS))


def judge_reload(stock: EvaluatedDaemon, port: EvaluatedDaemon) -> Iterator[Point]:
    """What a reload does, and whether it warns; nothing where the source has none."""
    if stock.door("reload") is None:
        return
    with suppress(UnsupportedError):
        if not _known(stock, Options(), _LISTED):
            return  # nor does it take over the list
    trial = _ReloadTrial(stock, port)
    yield looked_at("reload", trial.try_out, trial.judge)
    if trial.log:
        yield trial.warning()


class _ReloadTrial:
    def __init__(self, stock: EvaluatedDaemon, port: EvaluatedDaemon) -> None:
        self.stock, self.port = stock, port
        # Whether the option is on, whether it was warned, and whether that may have been of before.
        self.log: list[tuple[bool, bool, bool]] = []

    def try_out(self) -> None:
        list(_play(self.stock, Options(), (_LISTED,)))

    def judge(self, point: Point) -> None:
        for start, reloads in STORIES:
            kept = [r for r in reloads if r.keys in ((), (KEY,)) or _known(self.stock, start, r)]
            self._played(point, start, tuple(kept))
        if self._takes_switches():
            for start, reloads in STORIES[:2]:
                self._played(point, start, reloads, switched=True)
        for wrong in _uncommitted(self.port):
            point.expect(not wrong, wrong)

    def _played(
        self, point: Point, start: Options, reloads: tuple[Reload, ...], *, switched: bool = False
    ) -> None:
        before = start.accept_insecure_registry
        stock = self.stock.registry.start(Options())
        beside = ", with every other switch on" if switched else ""
        played = _play(self.port, start, reloads, stock, switched=switched)
        for reload, wrong, log, late, bare in played:
            point.doubts += [f"reload: {what} without a lock" for what in bare]
            point.expect(not wrong, f"reload: one that {reload.said}{beside}: {wrong}")
            on = reload.then.accept_insecure_registry
            if not reload.fails:
                self.log.append((on, any(map(warns, log)), late and on != before))
            before = on

    def _takes_switches(self) -> bool:
        """Whether the original can be run with every other switch of daemon.json on."""
        try:
            played = list(_play(self.stock, Options(), (_LISTED,), switched=True))
        except UnsupportedError:
            return False
        return all(not each.wrong for each in played)

    def warning(self) -> Point:
        point = Point("reload warning")
        said = {on for on, warned, _ in self.log if warned}
        if not said:
            point.silent = "reload warning: nothing is logged"
            return point
        for on, warned, hasty in self.log:
            said_of = "no warning with the option on" if on else "a warning with the option off"
            if hasty and on != warned:
                point.cases += 1
                point.doubts.append(f"reload: {said_of}, before what it does in the background")
            else:
                point.expect(on == warned, f"reload: {said_of}")
        return point


def _uncommitted(daemon: EvaluatedDaemon) -> Iterator[str]:
    """What is wrong with a service that is given new options and keeps its own until it is told so."""
    machine, registry = daemon.registry.machine, daemon.registry
    daemon.world.reset({})
    service = registry.start(_options(False))
    if (service.target.type, "ReplaceConfig") not in machine.package.methods:
        return
    before = registry.lookup(service, "pull", PROBES[0])
    found = machine.call_method(service, "ReplaceConfig", registry.options(_options(True)))
    same = registry.lookup(service, "pull", PROBES[0]) == before
    yield "" if same else "reload: the option is turned before it is committed"
    found[0]()
    changed = registry.lookup(service, "pull", PROBES[0]) != before
    yield "" if changed else "reload: what is committed does not turn the option on"


def _known(daemon: EvaluatedDaemon, start: Options, reload: Reload) -> bool:
    """Whether the original, without the option's key, does with a reload what is told of it: not
    every release reloads mirrors, or keeps its registries where it refuses."""
    keys = tuple(key for key in reload.keys if key != KEY)
    then = Options(reload.then.mirrors, reload.then.insecure_registries)
    bare = reload._replace(keys=keys, then=then)
    before = Options(start.mirrors, start.insecure_registries)
    return all(not played.wrong for played in _play(daemon, before, (bare,)))


class Played(NamedTuple):
    """A reload that was run: what is wrong after it, what was logged, whether it goes on in the background, and
    what was read and written without a lock."""

    reload: Reload
    wrong: str
    log: list[tuple[str, str]]
    late: bool
    bare: tuple[str, ...] = ()


def _play(
    daemon: EvaluatedDaemon,
    start: Options,
    reloads: tuple[Reload, ...],
    stock: Any = None,
    *,
    switched: bool = False,
) -> Iterator[Played]:
    """Each reload of a daemon that lives on; `stock` is the original's service. Where `switched`, what else daemon.json
    can turn on is on."""
    found = daemon.door("reload")
    if found is None:
        raise UnsupportedError("there is no reload")
    machine, place, receiver = found
    daemon.world.reset({})
    service = daemon.registry.start(start)
    holder = daemon.holder(machine, receiver, service, start)
    bare = watched(daemon.registry.machine, service, stock)
    for reload in reloads:
        daemon.world.reset({})
        parameter = parts(place.node.field("parameters"))[0]
        kind = parameter.field("type")
        if kind is None:
            raise UnsupportedError("a reload of nothing")
        conf = zero_maker(machine, Type(place.file, kind.children[-1]))()
        if switched:
            _switch_on(conf)
        daemon.fill(conf, reload.options, reload.keys)
        try:
            error = machine.call_method(holder, text_of(place.node.field("name")), Pointer(conf))
            late = daemon.world.late
            wrong = _wrong(daemon, service, reload, error)
        except GoPanicError as crash:
            yield Played(reload, f"the daemon {crash}", [], daemon.world.late)
            return
        yield Played(reload, wrong, list(daemon.world.log), late, tuple(sorted(bare)))
        bare.clear()


def _switch_on(config: Any) -> None:
    for name, held in config.fields.items() if isinstance(config, Struct) else ():
        if isinstance(held, bool):
            config.fields[name] = True
        else:
            _switch_on(held)


def _wrong(daemon: EvaluatedDaemon, service: Any, reload: Reload, error: Any) -> str:
    if (error is not None) != reload.fails:
        return "it is taken" if error is None else "it is refused"
    registry = daemon.registry
    log = list(daemon.world.log)
    fresh = registry.start(reload.then)
    daemon.world.log[:] = log
    for host in PROBES:
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


def warns(line: tuple[str, str]) -> bool:
    """Whether a line of a log is a warning that names the risk."""
    level, text = line
    return level.startswith("Warn") and names_risk(text)


def names_risk(text: str) -> bool:
    """Whether a text says that it is plain HTTP, and what that allows."""
    low = text.lower()
    return "http" in low and any(word in low for word in RISK)


__all__ = ["STORIES", "Reload", "judge_reload", "names_risk", "warns"]
