"""A reload (SIGHUP), run: what the service offers afterwards, and what the daemon says of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import suppress

from gopatch.evaluate import UnsupportedError
from gopatch.model import Options
from gopatch.verify._model.configuration import entries
from gopatch.verify._model.daemon import EvaluatedDaemon
from gopatch.verify._model.playing import (
    NOTHING,
    PROBES,
    Beside,
    Reload,
    new_configuration,
    play,
)
from gopatch.verify._model.points import Point, looked_at
from gopatch.verify._model.service import KEY

LIST, MIRRORS = "insecure-registries", "registry-mirrors"
_BAD = ("-bad-",)
RISK = ("password", "read", "encrypt", "replace", "intercept", "man-in-the-middle", "no proof")


def _options(accept: bool, listed: tuple[str, ...] = (), mirrors: tuple[str, ...] = ()) -> Options:
    return Options(mirrors, listed, accept)


_NETS = ("listed.test", "10.0.0.0/8")
_MIRROR = ("https://mirror.test",)
_TWO = (*_MIRROR, "https://other.test")
STORIES: tuple[tuple[Options, tuple[Reload, ...]], ...] = (
    (_options(False), (
        Reload("leaves it off", (KEY,), _options(False), _options(False)),
        Reload("turns it on", (KEY,), _options(True), _options(True)),
        Reload("leaves it on", (KEY,), _options(True), _options(True)),
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
        Reload("turns it on, with an empty list", (KEY, LIST), _options(True), _options(True)),
        Reload("turns it off, with an empty list", (KEY, LIST), _options(False), _options(False)),
    )),
    (_options(False), (
        Reload("turns it on, with mirrors", (KEY, MIRRORS), _options(True, (), _MIRROR), _options(True, (), _MIRROR)),
    )),
    (_options(False, (), _TWO), (
        Reload("turns it on beside mirrors", (KEY,), _options(True), _options(True, (), _TWO)),
        Reload("turns it off beside mirrors", (KEY,), _options(False), _options(False, (), _TWO)),
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
        list(play(self.stock, Options(), (_LISTED,)))

    def judge(self, point: Point) -> None:
        for start, reloads in STORIES:
            kept = [r for r in reloads if r.keys in ((), (KEY,)) or _known(self.stock, start, r)]
            self._played(point, start, tuple(kept))
        taken = list(filter(self._takes, _others(self.stock, self.port.asked)))
        for beside in (*taken, *filter(self._takes, _at_once(taken))):
            for start, reloads in STORIES[:2]:
                self._played(point, start, reloads, beside)
        for wrong in _uncommitted(self.port):
            point.expect(not wrong, wrong)

    def _played(
        self, point: Point, start: Options, reloads: tuple[Reload, ...], beside: Beside = NOTHING
    ) -> None:
        before = start.accept_insecure_registry
        stock = self.stock.registry.start(Options())
        played = play(self.port, start, reloads, stock, beside)
        for reload, wrong, log, late, bare in played:
            point.doubts += [f"reload: {what} without a lock" for what in bare]
            point.expect(not wrong, f"reload: one that {reload.said}{beside.said}: {wrong}")
            on = reload.then.accept_insecure_registry
            if not reload.fails:
                self.log.append((on, any(map(warns, log)), late and on != before))
            before = on

    def _takes(self, beside: Beside) -> bool:
        """Whether the original can be run with that beside a list."""
        try:
            played = list(play(self.stock, Options(), (_LISTED,), beside=beside))
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


def _others(daemon: EvaluatedDaemon, asked: Collection[str]) -> Iterator[Beside]:
    """What may be beside the option: every other key of the configuration, and those that were asked for."""
    yield Beside(", with every other switch on", switched=True)
    found = daemon.door("reload")
    if found is None:
        return
    keys = {entry.key for entry in entries(new_configuration(*found[:2]))} | set(asked)
    for key in sorted(keys.difference((KEY, LIST, MIRRORS))):
        yield Beside(f", with {key} beside it", new=(key,))
        yield Beside(f", of a daemon that has {key}", held=(key,))


def _at_once(taken: list[Beside]) -> Iterator[Beside]:
    """All keys that may be there alone, at once: what asks for two of them is seen."""
    new = tuple(key for each in taken for key in each.new)
    held = tuple(key for each in taken for key in each.held)
    yield Beside(", with every other key beside it", new=new)
    yield Beside(", of a daemon that has every other key", held=held)
    yield Beside(", of a daemon that has every other key, with all beside it", new=new, held=held)


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
    return all(not played.wrong for played in play(daemon, before, (bare,)))


def warns(line: tuple[str, str]) -> bool:
    """Whether a line of a log is a warning that names the risk."""
    level, text = line
    return level.startswith("Warn") and names_risk(text)


def names_risk(text: str) -> bool:
    """Whether a text says that it is plain HTTP, and what that allows."""
    low = text.lower()
    return "http" in low and any(word in low for word in RISK)


__all__ = ["STORIES", "Reload", "judge_reload", "names_risk", "warns"]
