"""The flag, by running what registers the daemon's flags: is it there, off, and does it set the option?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from gopatch.evaluate import (
    Machine,
    Many,
    Native,
    Pointer,
    Reference,
    Spot,
    Struct,
    UnsupportedError,
)
from gopatch.evaluate.package import parts, text_of
from gopatch.evaluate.types import Type, zero_maker
from gopatch.go.tree import Syntax
from gopatch.verify._model.daemon import EvaluatedDaemon
from gopatch.verify._model.points import Point
from gopatch.verify._model.service import KEY

FOLDERS = (
    "cmd/dockerd", "daemon/command", "daemon/config", "daemon", "docker", "registry",
    "daemon/pkg/registry",
)  # fmt: skip
_LISTED = ("insecure-registry", "-insecure-registry")
_CALLS = frozenset({"call_expression"})


_KEPT: dict[str, Any] = {"String": "", "Bool": False, "Int": 0}


def _kept(first: Any) -> Reference:
    """A flag that is kept in a variable of its own."""
    held = [first]
    return Reference(lambda: held[0], lambda value: held.__setitem__(0, value), (id(held),))


class Flags:
    """A set of flags that notes what is registered: name -> (where it is kept, default, help)."""

    def __init__(self) -> None:
        self.known: dict[str, list[tuple[Any, Any, str]]] = {}
        self.native = Native("flags")
        self.native.methods = _Methods(self)

    def register(self, method: str, given: tuple[Any, ...]) -> Any:
        """Whatever registers: BoolVar(&x, name, default, help), Var(value, name, help) and the like."""
        if method == "NArg":
            return 0
        if method in _KEPT:
            return _kept(_KEPT[method])
        names = next((g for g in given[1:2] if isinstance(g, str | list)), "")
        words = [names] if isinstance(names, str) else list(names)
        short = method.endswith("P")
        rest = given[3 if short else 2 :]
        default = rest[0] if len(rest) > 1 else None
        usage = rest[-1] if rest and isinstance(rest[-1], str) else ""
        if method.startswith("BoolVar") and isinstance(given[0], Reference):
            given[0].set(default)
        for word in words if "Var" in method else ():
            self.known.setdefault(str(word), []).append((given[0], default, usage))
        return None


class _Methods(dict[str, Callable[..., Any]]):
    def __init__(self, flags: Flags) -> None:
        super().__init__()
        self._flags = flags

    def get(self, key: str, default: Any = None) -> Any:
        return lambda *given: self._flags.register(key, given)


class Root(NamedTuple):
    """A function or method that registers flags."""

    machine: Machine
    place: Spot
    receiver: str
    name: str


class Registered(NamedTuple):
    """What a run of a root has registered, and the values that it was given."""

    root: Root
    flags: Flags
    given: tuple[Any, ...]


def register(daemon: EvaluatedDaemon, names: tuple[str, ...] = ()) -> Registered:
    """Run the outermost function that registers the list of insecure registries and can be run."""
    wrong = UnsupportedError("nothing registers --insecure-registry in a way that is known here")
    for root in _roots(daemon):
        if names and root.name not in names:
            continue
        try:
            return _run(daemon, root)
        except UnsupportedError as error:
            wrong = error
    raise wrong


def _roots(daemon: EvaluatedDaemon) -> Iterator[Root]:
    """Candidates, callers before what they call."""
    for folder in FOLDERS:
        machine = daemon.program.at(folder)
        if machine is None:
            continue
        every = list(_functions(machine))
        inner = [
            root for root in every if any(f'"{w}"' in text_of(root.place.node) for w in _LISTED)
        ]
        chain = [inner]
        while chain[-1] and len(chain) < 4:
            names = {root.name for root in chain[-1]}
            known = [root for level in chain for root in level]
            above = [r for r in every if r not in known and _called(r.place.node) & names]
            chain.append([r for r in above if "lag" in text_of(r.place.node.field("parameters"))])
        for level in reversed(chain):
            yield from level


def _functions(machine: Machine) -> Iterator[Root]:
    for name, place in machine.package.functions.items():
        yield Root(machine, place, "", name)
    for (receiver, name), place in machine.package.methods.items():
        yield Root(machine, place, receiver, name)


def _called(node: Syntax) -> set[str]:
    found, todo = set(), [node]
    while todo:
        each = todo.pop()
        if each.kind in _CALLS:
            found.add(text_of(each.children[0]).rpartition(".")[2])
        todo += each.children
    return found


def _run(daemon: EvaluatedDaemon, root: Root) -> Registered:
    flags = Flags()
    daemon.program.library.flags = flags.register
    given = tuple(_arguments(daemon, root, flags))
    holder = Pointer(root.machine.zero_of(root.receiver)) if root.receiver else None
    if holder is None:
        root.machine.call(root.name, *given)
    else:
        root.machine.call_method(holder, root.name, *given)
    if not any(word in flags.known for word in _LISTED):
        raise UnsupportedError(f"{root.name} does not register --insecure-registry")
    return Registered(root, flags, given if holder is None else (holder, *given))


def _arguments(daemon: EvaluatedDaemon, root: Root, flags: Flags) -> Iterator[Any]:
    for parameter in parts(root.place.node.field("parameters")):
        kind = parameter.field("type")
        for _ in parameter.names():
            text = text_of(kind)
            if "FlagSet" in text:
                yield flags.native
            elif text.startswith("func("):
                yield lambda *given: given[0] if given else Many()
            elif kind is not None and text.startswith("*"):
                value = zero_maker(root.machine, Type(root.place.file, kind.children[-1]))()
                yield Pointer(value) if isinstance(value, Struct) else value
            else:
                yield (
                    None
                    if kind is None
                    else zero_maker(root.machine, Type(root.place.file, kind))()
                )


class FlagTarget(NamedTuple):
    """What the flag sets: a field of the options, or a variable of the registry package; its help."""

    accept: str = ""
    is_variable: bool = False
    usage: str = ""
    place: str = ""


def judge_flag(stock: EvaluatedDaemon, port: EvaluatedDaemon, point: Point) -> FlagTarget:
    """The flag of a port. Raises UnsupportedError where the original's flags cannot be run either."""
    names = (register(stock).root.name,)
    try:
        made = register(port, names)
    except UnsupportedError as error:
        point.doubts.append(f"flag: outside of what can be evaluated: {error}")
        return FlagTarget()
    # mflag's names are written with the hyphen that the command line has besides the first one.
    listed = next(name for name in _LISTED if name in made.flags.known)
    known = made.flags.known.get(f"-{KEY}" if listed.startswith("-") else KEY, [])
    where = str(made.root.place)
    point.expect(
        len(known) == 1, f"flag: {where}: {made.root.name} registers --{KEY} {_times(len(known))}"
    )
    if len(known) != 1:
        return FlagTarget()
    ref, default, usage = known[0]
    if not isinstance(ref, Reference):
        point.doubts.append(f"flag: {where}: --{KEY} is kept in a value that is not known here")
        return FlagTarget()
    point.expect(
        default is False and ref.get() is False,
        f"flag: {where}: --{KEY} is on without being asked for",
    )
    before = _true(port, made.given)
    ref.set(True)
    changed = [name for name in _true(port, made.given) if name not in before]
    point.expect(
        len(changed) == 1,
        f"flag: {where}: --{KEY} sets {_listed(changed)} of what is handed to the daemon",
    )
    ref.set(False)
    point.expect(
        _true(port, made.given) == before, f"flag: {where}: --{KEY}=false does not turn it off"
    )
    if not changed:
        return FlagTarget()
    name = changed[0].rpartition(".")[2]
    return FlagTarget(name, changed[0].startswith("registry."), usage, where)


def _times(count: int) -> str:
    return "not at all" if count == 0 else f"{count} times"


def _listed(names: list[str]) -> str:
    return ", ".join(names) or "nothing"


def _true(daemon: EvaluatedDaemon, given: tuple[Any, ...]) -> list[str]:
    """The names of all that is true in the arguments, and of variables of the registry package."""
    found = [name for value in given for name in _inside(value, "")]
    machine = daemon.registry.machine
    known = [n for n in machine.package.variables if machine.known_variable(n) is True]
    return found + [f"registry.{name}" for name in known]


def _inside(value: Any, name: str) -> Iterator[str]:
    struct = value.target if isinstance(value, Pointer) else value
    if struct is True:
        yield name
    elif isinstance(struct, Struct):
        for field, inner in struct.fields.items():
            yield from _inside(inner, f"{name}.{field}")
