"""Where the option goes once NewService has it: what it is carried to, and which guards ask."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gopatch.evaluate import GoPanicError
from gopatch.model import Options
from gopatch.verify._model.flag_chain import Chain
from gopatch.verify._model.service import EvaluatedRegistry, differing, numbered

PROBES = ("reg.test", "reg.test:5000")
ON, OFF = Options(accept_insecure_registry=True), Options()


def way(registry: EvaluatedRegistry) -> Chain:
    """The rest of the chain, told by what changes with the option."""
    states, seen, answers = [], [], []
    for options in (OFF, ON):
        service = registry.start(options)
        if service is None:
            return Chain(broken=("store: NewService refuses to start without any options",))
        states.append(registry.state(service))
        registry.machine.seen.clear()
        answers.append([registry.lookup(service, "pull", host).endpoints for host in PROBES])
        seen.append(set(registry.machine.seen))
    carried = sorted(set(_carried(*states)))
    turned = {branch[:2] for branch in seen[0] ^ seen[1]}
    both = ({branch[:2] for branch in found} for found in seen)
    guards = sorted(numbered(registry.files, branch) for branch in turned.intersection(*both))
    crash = _without_options(registry)
    if crash:
        return Chain(broken=(f"store: NewService(nil): {crash}",))
    if late := _set_late(registry):
        return Chain(unknown=(late,))
    if not carried:
        return Chain(broken=(f"store: NewService does not carry {registry.accept} to the service",))
    steps = (f"store: NewService carries it to {', '.join(carried)}",)
    if not guards and answers[0] == answers[1]:
        return Chain(steps=steps, broken=(f"guard: no lookup asks for {', '.join(carried)}",))
    return Chain(steps=(*steps, *([f"guard: {', '.join(guards)}"] if guards else [])))


def _set_late(registry: EvaluatedRegistry) -> str:
    """What NewService leaves to a goroutine: a lookup may come before it."""
    world = registry.machine.library.world
    world.waits = True
    try:
        service = registry.start(ON)
        before = registry.state(service)
    finally:
        world.waits = False
    registry.lookup(service, "pull", PROBES[0])  # and now the goroutine runs
    differs = next(differing(before[0], registry.state(service)[0], str(before[0][0])), "")
    return f"store: {differs} is set in the background, which may be too late" if differs else ""


def _without_options(registry: EvaluatedRegistry) -> str:
    """What goes wrong where NewService may be called with nil, as its options are a pointer."""
    if not registry.option_type()[1]:
        return ""
    try:
        registry.machine.call("NewService", None)
    except GoPanicError as error:
        return f"a crash: {error}"
    return ""


def _carried(off: Any, on: Any) -> Iterator[str]:
    (one, variables), (other, others) = off, on
    yield from differing(one, other, str(one[0]))
    known = dict(variables)
    yield from (name for name, value in others if known.get(name) != value)
