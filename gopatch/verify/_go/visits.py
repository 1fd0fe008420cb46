"""Questions to the second harness, and which answer of the original an answer of the port must be like.

No model of a road is needed. Off, for a listed registry, and once HTTPS was answered: what the original does.
Where nobody answered over HTTPS: what the original does for a registry that is listed (DESIGN.md, "What the
option means").
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

from gopatch.model import Options, Traits
from gopatch.verify._go.lookup_cases import LookupCase
from gopatch.verify._go.ping_door import PING

_BESIDE = Path(__file__)
UNLISTED, LISTED, HUB = "unlisted.test:5000", "listed.test:5000", "docker.io"
ROADS = ("pull", "push", "inspect", "plugin", "plugin again", PING)
# The others may ask longer than anybody waits here: a plugin's client, and pings without a limit.
_IN_TIME = ("pull", "push", "inspect")


def _rows(file: str, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads(_BESIDE.with_name(file).read_text())[name]
    return found


class RoadServer(NamedTuple):
    """A server on loopback; see roads.toml."""

    name: str
    kind: str
    status: int = 401
    accepts: bool = False
    v2: bool = True
    location: str = ""
    http: int = 401
    http_accepts: bool = True
    answered: Literal["yes", "no", "late"] = "yes"
    slow: bool = False
    bare: bool = False

    def manner(self) -> dict[str, Any]:
        """As the harness reads it."""
        secure = {"kind": self.kind, "status": self.status, "accepts": self.accepts, "v2": self.v2}
        plain = {"status": self.http, "accepts": self.http_accepts, "v2": True}
        answers = {"https": {**secure, "location": self.location}, "http": plain}
        return {"host": self.name, "bare": self.bare, **answers}


REGISTRIES = tuple(RoadServer(**row) for row in _rows("roads.toml", "registry"))
HUBS = tuple(RoadServer(**row) for row in _rows("roads.toml", "hub"))


class RoadVisit(NamedTuple):
    """One walk on a road. `turned`: the option comes by a reload, not at the start."""

    road: str
    registry: RoadServer
    listed: bool = False
    accept: bool = False
    turned: bool = False

    def __str__(self) -> str:
        said = [f"{self.road} at {self.registry.name}"]
        said += ["listed"] * self.listed
        if self.turned:
            said.append(f"the option turned {'on' if self.accept else 'off'} by a reload")
        return ", ".join([*said, *["the option on"] * (self.accept and not self.turned)])

    @property
    def likes(self) -> tuple[RoadVisit, ...]:
        """The visits of the original of which this one must be like one."""
        bare = self._replace(accept=False, turned=False)
        opened = bare._replace(listed=True)
        if self.listed or not self.accept or self.registry.answered == "yes":
            return (bare,)
        return (opened,) if self.registry.answered == "no" else (bare, opened)

    def question(self, traits: Traits) -> dict[str, Any]:
        listed = ("HOST",) if self.listed else ()
        options = Options(insecure_registries=listed, accept_insecure_registry=self.accept)
        case = LookupCase("", options, ()).question(traits)
        manner = self.registry.manner()
        return {"road": self.road, "case": case, "turned": self.turned, "manner": manner}


def visits(roads: Sequence[str], *, reloads: bool, briefly: bool) -> Iterator[RoadVisit]:
    """Every road to every registry, listed and not, the option off, on and turned."""
    for road in roads:
        for registry in (*REGISTRIES, *(HUBS if road == PING else ())):
            if registry.slow and (briefly or road not in _IN_TIME):
                continue
            for listed in (False, True):
                for accept in (False, True):
                    yield RoadVisit(road, registry, listed, accept)
            if reloads and not registry.slow:
                yield RoadVisit(road, registry, accept=True, turned=True)
                yield RoadVisit(road, registry, turned=True)


class ClientStep(NamedTuple):
    """One request of a client that lives on; see clients.toml."""

    kind: str
    want: Sequence[list[str]] = ()
    fine: bool = True
    status: int = 200
    http: int = 200
    body: str = ""
    once: bool = False
    turn: bool | None = None
    gave_up: bool = False
    location: str = ""
    told: str = ""

    def question(self) -> dict[str, Any]:
        server = RoadServer("client", self.kind, self.status, http=self.http, http_accepts=False)
        manner = server.manner()
        manner["http"]["location"] = self.location
        given = {"manner": manner, "body": self.body, "once": self.once, "gave_up": self.gave_up}
        return given if self.turn is None else {**given, "turn": self.turn}


class ClientStory(NamedTuple):
    """What a client of the hosts does while it lives; `listed` is how its registry is listed."""

    name: str
    steps: tuple[ClientStep, ...]
    off: bool = False
    mirror: bool = False
    listed: str = ""

    @property
    def turns(self) -> bool:
        """Whether a reload turns the option meanwhile."""
        return any(step.turn is not None for step in self.steps[0 if self.off else 1 :])

    def question(self, traits: Traits) -> dict[str, Any]:
        on = not self.off and self.steps[0].turn is not False
        mirrors = ("https://HOST",) if self.mirror else ()
        listed = (self.listed,) if self.listed else ()
        options = Options(mirrors, listed, accept_insecure_registry=on)
        case = LookupCase("", options, ()).question(traits)
        steps = [step.question() for step in self.steps]
        if steps[0].get("turn") is False:
            del steps[0]["turn"]
        asked = {"road": "hosts", "case": case, "manner": steps[0]["manner"], "steps": steps}
        return {**asked, "hub": self.mirror}


STORIES = tuple(
    ClientStory(
        row["name"],
        tuple(ClientStep(**step) for step in row["step"]),
        row.get("off", False),
        row.get("mirror", False),
        row.get("listed", ""),
    )
    for row in _rows("clients.toml", "story")
)


class Reloaded(NamedTuple):
    """A daemon.json that a running daemon takes over; see starts.toml."""

    file: str
    on: bool | Literal["refused"]
    stock: str = ""


class ServiceStart(NamedTuple):
    """How a registry service is started and reloaded; see starts.toml."""

    name: str
    on: bool | Literal["refused"]
    arguments: tuple[str, ...] = ()
    file: str = ""
    merged: bool = False
    reloads: tuple[Reloaded, ...] = ()

    def question(self, traits: Traits) -> dict[str, Any]:
        start = {
            "arguments": [_named(one) for one in self.arguments],
            "file": _named(self.file),
            "reloads": [_named(one.file) for one in self.reloads],
            "hosts": [
                f"{host}/app" if traits.by_repository else host for host in (UNLISTED, LISTED, HUB)
            ],
        }
        return {"road": "start", "start": start}

    def of_stock(self) -> ServiceStart | None:
        """What the original is asked of a refusal: the same without the option; None where nothing is."""
        if not any(one.stock for one in self.reloads):
            return None
        steps = tuple(Reloaded(one.stock or "{}", one.on) for one in self.reloads)
        return ServiceStart(self.name, False, reloads=steps)


def _named(text: str) -> str:
    return text.replace("UNLISTED", UNLISTED).replace("LISTED", LISTED)


def starts() -> tuple[ServiceStart, ...]:
    return tuple(
        ServiceStart(
            row["name"],
            row["on"],
            tuple(row.get("arguments", ())),
            row.get("file", ""),
            row.get("merged", False),
            tuple(Reloaded(**one) for one in row.get("reload", ())),
        )
        for row in _rows("starts.toml", "start")
    )


# What the original is asked, to know what off and on look like: on is as if every registry were listed.
BARE = ServiceStart("nothing is said, in the original", False)
OPENED = ServiceStart(
    "listed in the original",
    False,
    (f"--insecure-registry={UNLISTED}", f"--insecure-registry={LISTED}"),
)
RELOADED = ServiceStart(
    "a list is reloaded, in the original",
    False,
    reloads=(Reloaded('{"insecure-registries": ["LISTED"]}', False),),
)
