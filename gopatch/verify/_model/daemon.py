"""A daemon, run from its source as far as it goes: its roads to a registry, each driven from its door."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from functools import cache, partial
from typing import Any, NamedTuple

from gopatch.evaluate import (
    GoPanicError,
    Machine,
    Many,
    Pointer,
    Slice,
    Spot,
    Struct,
)
from gopatch.evaluate.containerd import hosts_of
from gopatch.evaluate.go_values import UnsupportedError
from gopatch.evaluate.network import Sent, World, body_of, context, request
from gopatch.evaluate.package import text_of
from gopatch.evaluate.program import NO_LINES, Files, Program
from gopatch.evaluate.types import Type, fields_of
from gopatch.model import Options, Traits
from gopatch.source import Source
from gopatch.source.roots import join
from gopatch.verify._model.configuration import ValuesSet, configure, fill
from gopatch.verify._model.door_arguments import USER, WORD, Asker, takes_host
from gopatch.verify._model.grid import resolve
from gopatch.verify._model.service import FOLDERS, EvaluatedRegistry


class RoadResult(NamedTuple):
    """What a road did: every request, whether it ended well, and what Go crashed at, if it did."""

    trace: tuple[Sent, ...]
    fine: bool
    crash: str = ""
    log: tuple[tuple[str, str], ...] = ()

    @property
    def hangs(self) -> bool:
        """Whether it waits for ever, which Go itself would do as well."""
        return "waits for ever" in self.crash

    @property
    def plain(self) -> tuple[Sent, ...]:
        """The requests over plain HTTP."""
        return tuple(sent for sent in self.trace if sent.url.startswith("http:"))

    @property
    def warnings(self) -> tuple[str, ...]:
        return tuple(text for level, text in self.log if level.startswith("Warn"))


class Door(NamedTuple):
    """Where a road begins: the function or method `name` of a package in one of `folders`."""

    folders: tuple[str, ...]
    name: str
    receiver: str = ""


DOORS = {
    "pull": (
        Door(("distribution", "daemon/internal/distribution"), "Pull"),
        Door(("graph",), "Pull", "TagStore"),
    ),
    "push": (
        Door(("distribution", "daemon/internal/distribution"), "Push"),
        Door(("graph",), "Push", "TagStore"),
    ),
    "inspect": (
        Door(("daemon/internal/distribution", "distribution"), "GetRepositories"),
        Door(("daemon/images",), "GetRepository", "ImageService"),
        Door(("daemon",), "GetRepository", "Daemon"),
        Door(("distribution",), "GetRepository"),
    ),
    "plugin": (Door(("plugin", "daemon/pkg/plugin"), "registryHostsFn", "Manager"),),
    "hosts": (
        Door(("daemon",), "RegistryHosts", "Daemon"),
        Door(("daemon",), "NewResolveOptionsFunc", "Daemon"),
    ),
    "reload": (Door(("daemon",), "Reload", "Daemon"),),
    "info": (Door(("daemon",), "SystemInfo", "Daemon"),),
}


class EvaluatedDaemon:
    """One state of a source, stock or patched. `written` are the lines that are a port's, by path."""

    def __init__(
        self,
        source: Source,
        engine: str,
        traits: Traits,
        written: Mapping[str, Container[int]] = NO_LINES,
    ) -> None:
        self._source, self._engine, self.traits = source, engine, traits
        self.world = World()
        # What a road was seen to do, and whether a list with a host takes effect, where it is asked again.
        self.known: dict[Any, RoadResult] = {}
        self.listed: dict[str, bool] = {}
        self.asked: set[str] = set()  # the keys of daemon.json that were asked for
        self.program = Program(
            self.files,
            self.world,
            resolve,
            bracketed_hosts=traits.bracketed_hosts,
            written=written,
        )
        folder = next((f for f in FOLDERS if self.files(f)), "")
        machine = self.program.at(folder) if folder else None
        if machine is None:
            raise UnsupportedError("there is no registry package")
        self.registry = EvaluatedRegistry((), traits, "", False, machine)
        self.files = cache(self.files)  # type: ignore[method-assign]

    def files(self, folder: str) -> Files:
        """The Go files of a folder below the engine's root, without tests."""
        full = join(self._engine, folder)
        names = sorted(e.name for e in self._source.listdir(full) if e.kind == "file")
        wanted = [n for n in names if n.endswith(".go") and not n.endswith("_test.go")]
        return tuple((f"{full}/{name}", self._source.read(f"{full}/{name}")) for name in wanted)

    def door(self, road: str) -> tuple[Machine, Spot, str] | None:
        """The package, the declaration and the receiver's type of the door of a road."""
        for door in DOORS[road]:
            for folder in door.folders:
                machine = self.program.at(folder)
                if machine is None:
                    continue
                if not door.receiver and door.name in machine.package.functions:
                    return machine, machine.package.functions[door.name], ""
                place = machine.package.methods.get((door.receiver, door.name))
                if place is not None:
                    return machine, place, door.receiver
        return None

    def run(
        self, go: Callable[[], Any], answers: dict[tuple[str, str], str], *, wording: str = ""
    ) -> RoadResult:
        """What comes of some Go in a world."""
        self.world.reset(answers, wording=wording)
        try:
            found = go()
        except GoPanicError as error:
            return RoadResult(tuple(self.world.trace), False, str(error), tuple(self.world.log))
        wrong = found[-1] if isinstance(found, Many) and found else found
        fine = wrong is None or wrong == Many()
        return RoadResult(tuple(self.world.trace), fine, "", tuple(self.world.log))

    # Doors ---------------------------------------------------------------------------------------

    def login(self, service: Any, host: str) -> Any:
        return self._service(service, "Auth", host)

    def search(self, service: Any, host: str) -> Any:
        return self._service(service, "Search", f"{host}/image")

    def _service(self, service: Any, name: str, text: str) -> Any:
        machine = self.registry.machine
        place = machine.package.methods.get((service.target.type, name))
        if place is None:
            raise UnsupportedError(f"there is no {name} of the service")
        given = self.arguments(machine, place, text, service)
        return machine.call_method(service, name, *given)

    def drive(self, road: str, service: Any, host: str) -> Any:
        """Go through the door of pull, push or inspect."""
        found = self.door(road)
        if found is None:
            raise UnsupportedError(f"there is no door to {road}")
        machine, place, receiver = found
        given = self.arguments(machine, place, f"{host}/team/image", service)
        name = text_of(place.node.field("name"))
        if not receiver:
            return machine.call(name, *given)
        return machine.call_method(self.holder(machine, receiver, service), name, *given)

    def hosts(self, service: Any, host: str, options: Options, *, plugin: bool = False) -> Slice:
        """The hosts that containerd's resolver is given for a registry."""
        found, error = self.hosts_or_error(service, host, options, plugin=plugin)
        if error is not None:
            raise UnsupportedError(f"an error instead of the hosts of {host}")
        return found

    def hosts_or_error(
        self, service: Any, host: str, options: Options, *, plugin: bool = False
    ) -> tuple[Slice, Any]:
        """The same, and the error that is given instead."""
        return self.giver(service, host, options, plugin=plugin)(host)

    def giver(
        self, service: Any, host: str, options: Options, *, plugin: bool = False
    ) -> Callable[[str], tuple[Slice, Any]]:
        """What gives one daemon the hosts of one registry after the other, that of `host` first."""
        found = self.door("plugin" if plugin else "hosts")
        if found is None:
            raise UnsupportedError("nothing gives hosts to a resolver")
        machine, place, receiver = found
        holder = self.holder(machine, receiver, service, options)
        name = text_of(place.node.field("name"))
        takes = takes_host(place) and not plugin
        given = self.arguments(machine, place, host, service) if plugin else []
        kept = None if takes else machine.call_method(holder, name, *given)

        def give(host: str) -> tuple[Slice, Any]:
            made = machine.call_method(holder, name, host) if takes else kept
            if callable(made):
                made = made(f"{host}/image" if name == "NewResolveOptionsFunc" else host)
            if isinstance(made, Struct) and made.type == "docker.ResolverOptions":
                return hosts_of(made, host), None
            hosts, error = made if isinstance(made, Many) else (None, None)
            if error is None and not isinstance(hosts, list):
                raise UnsupportedError(f"{name} gives no list of hosts")
            return Slice(hosts or ()), error

        return give

    def holder(
        self,
        machine: Machine,
        receiver: str,
        service: Any,
        options: Options | None = None,
        beside: tuple[str, ...] = (),
    ) -> Pointer:
        """A value of the type that has a road's method, which knows the service and the options, and
        other keys of daemon.json."""
        put = partial(self.fill, options=options or Options(), beside=beside)
        made = machine.zero_of(receiver)
        for struct, field, node in _fields(machine, made, receiver):
            name = field.lower()
            if name == "registryservice":
                struct.fields[field] = service
            elif name in ("configstore", "config") and receiver == "Daemon":
                configure(struct, field, node, put)
            elif name == "config" and "RegistryService" in getattr(
                struct.fields[field], "fields", {}
            ):
                struct.fields[field].fields["RegistryService"] = service
        return Pointer(made)

    def fill(
        self,
        config: Any,
        options: Options,
        keys: tuple[str, ...] = (),
        beside: tuple[str, ...] = (),
    ) -> None:
        """Set what the options say in a value of the daemon's configuration; `keys` and `beside` are what
        daemon.json has, and `beside` is set as well."""
        accept = "" if self.registry.is_variable else self.registry.accept
        there = ValuesSet((*keys, *beside), self.asked)
        fill(config, options, accept, there, beside)

    def arguments(self, machine: Machine, place: Spot, text: str, service: Any) -> list[Any]:
        """Arguments for a door: a context, who logs in, the text where the first text goes."""
        return Asker(self.program, self.world, service).arguments(machine, place, text)

    def send(self, client: Any, url: str, *, body: str = "", again: bool = True) -> tuple[Any, Any]:
        """A request through a client that a road has made, with a password: (response, error)."""
        library = self.program.library
        parse = library.member("net/url", "Parse")
        method = "PUT" if body else "GET"
        made, _ = request(parse, method, url, body_of(body) if body else None, context(self.world))
        made.target.fields["Header"]["Authorization"] = Slice([f"Basic {USER}:{WORD}"])
        if body and again:
            made.target.fields["GetBody"] = lambda: Many((body_of(body), None))
        found: tuple[Any, Any] = library.method(client.target, "Do")(made)  # type: ignore[misc]
        return found


def _fields(machine: Machine, made: Struct, name: str) -> Iterator[tuple[Struct, str, Type | None]]:
    """The fields of a struct, each with its type as it is written."""
    place = machine.package.types[name]
    body = place.node.field("type")
    for field in fields_of(body) if body is not None else ():
        kind = field.field("type")
        for each in field.names():
            yield made, text_of(each), None if kind is None else Type(place.file, kind)
