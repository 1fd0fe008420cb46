"""What is asked of a daemon, step by step; each step becomes an Observation, and none is judged."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

from gopatch.verify._wire.api import Api, DaemonReply, Login
from gopatch.verify._wire.dockerd import RunningDaemon
from gopatch.verify._wire.observation import Observation, Store
from gopatch.verify._wire.places import (
    HUB,
    HUB_NAMES,
    INDEX,
    MIXED_UP,
    OPEN,
    PASSWORD,
    REGISTRIES,
    SILENT,
    TRAPS,
    USER,
    RegistryPlace,
)
from gopatch.verify._wire.settings import FIRST, KEY
from gopatch.verify._wire.witness import SeenRequest


class Builder(Protocol):
    """Builds with BuildKit, FROM one image; `able` says whether a daemon and a way are there."""

    def able(self, daemon: RunningDaemon, login: Login | None) -> bool: ...

    def build(self, daemon: RunningDaemon, name: str, login: Login | None) -> DaemonReply: ...


class Watch(Protocol):
    """What the servers of the room have seen."""

    def served(self, place: RegistryPlace) -> int: ...

    def digest(self, place: RegistryPlace, name: str) -> str:
        """What `name`:latest is in the registry, "" where it is not."""

    def mark(self) -> int: ...

    def since(self, mark: int) -> list[SeenRequest]: ...


@dataclass(frozen=True)
class Talk:
    """One conversation with one daemon under one setting."""

    daemon: RunningDaemon
    store: Store
    setting: str
    watch: Watch
    builder: Builder

    @property
    def api(self) -> Api:
        return self.daemon.api

    def step(
        self, road: str, place: RegistryPlace, act: Callable[[], DaemonReply], host: str = ""
    ) -> Observation:
        """Do one thing and write down what the daemon and the servers made of it."""
        said, served, mark = len(self.daemon.log()), self.watch.served(place), self.watch.mark()
        reply = act()
        seen = [request for request in self.watch.since(mark) if request.where.endswith(":80")]
        if place is INDEX:
            seen = []
        return Observation(
            store=self.store,
            setting=self.setting,
            road=road,
            host=host or place.host,
            error=reply.error,
            log=tuple((self.daemon.log()[said:] + reply.note).splitlines()),
            served=self.watch.served(place) - served,
            plain=len(seen),
            secrets=sum(request.secret for request in seen),
            leaks=tuple(f"{request.where} {request.line}" for request in seen[:5]),
        )


def login_at(place: RegistryPlace) -> Login:
    return Login(USER, PASSWORD, place.host)


def converse(talk: Talk, places: Sequence[RegistryPlace] = REGISTRIES) -> Iterator[Observation]:
    """Every road, to registries on plain HTTP that may have a port and a password."""
    for place in places:
        yield from _images(talk, place)
        yield from _builds(talk, place)
        yield from _plugins(talk, place)
    yield talk.step("search", INDEX, lambda: talk.api.search(f"{INDEX.host}/found", None))


def short(talk: Talk) -> Iterator[Observation]:
    """Log in and pull what the first conversation has left there."""
    yield talk.step("login", OPEN, lambda: talk.api.login(login_at(OPEN)))
    name = f"{OPEN.host}/made-{FIRST}"
    yield talk.step("pull", OPEN, lambda: talk.api.pull(name, "latest", None))
    yield talk.step("info", OPEN, lambda: _warnings(talk.api))


def reload_list(talk: Talk) -> Iterator[Observation]:
    """The registry is listed by a reload: the control for the next."""
    yield from _reloaded(talk, "stock-reload-off", None)
    yield from _reloaded(talk, "stock-reload-on", {"insecure-registries": [OPEN.host]})


def reload_option(talk: Talk) -> Iterator[Observation]:
    """The option is turned on and off by a reload."""
    yield from _reloaded(talk, "reload-off", None)
    yield from _reloaded(talk, "reload-on", {KEY: True})
    yield from _reloaded(talk, "reload-off-again", {KEY: False})


def _reloaded(talk: Talk, setting: str, values: dict[str, object] | None) -> Iterator[Observation]:
    now = replace(talk, setting=setting)
    if values is not None:
        yield now.step("reload", OPEN, partial(_reload, talk.daemon, values))
    if talk.daemon.alive:
        name = f"{OPEN.host}/made-{FIRST}"
        yield now.step("login", OPEN, lambda: talk.api.login(login_at(OPEN)))
        yield now.step("pull", OPEN, lambda: talk.api.pull(name, "latest", None))
        yield from _buildkit(now, OPEN, name, None)


def _warnings(api: Api) -> DaemonReply:
    return DaemonReply("", note="\n".join(api.info().get("Warnings") or []))


def _reload(daemon: RunningDaemon, values: dict[str, object]) -> DaemonReply:
    daemon.configure(values)
    return DaemonReply("" if daemon.reload() else "the daemon dies")


def fall_back(talk: Talk) -> Iterator[Observation]:
    """What must fall back to HTTP though somebody listens on the HTTPS port."""
    name = f"{MIXED_UP.host}/made-{talk.setting}"
    yield talk.step("login", MIXED_UP, lambda: talk.api.login(login_at(MIXED_UP)))
    talk.api.load(name, _content(talk.setting))
    yield talk.step("push", MIXED_UP, lambda: talk.api.push(name, None))
    yield talk.step("pull", MIXED_UP, lambda: talk.api.pull(name, "latest", None))
    yield talk.step("login", SILENT, lambda: talk.api.login(login_at(SILENT)))


def _images(talk: Talk, place: RegistryPlace) -> Iterator[Observation]:
    login = login_at(place) if place.locked else None
    name = f"{place.host}/made-{talk.setting}"
    yield talk.step("login", place, lambda: talk.api.login(login_at(place)))
    talk.api.load(name, _content(talk.setting))
    yield talk.step("push", place, lambda: talk.api.push(name, login))
    # Asked of the registry itself: not every daemon says what it has pushed.
    digest = talk.watch.digest(place, name.removeprefix(f"{place.host}/"))
    talk.api.remove(f"{name}:latest")
    yield talk.step("pull", place, lambda: pulled(talk.api, name, "latest", digest, login))
    talk.api.remove(f"{name}:latest")
    # Without a push there is no digest; any will do to see what is tried.
    wanted = digest or f"sha256:{'0' * 64}"
    yield talk.step("pull-digest", place, lambda: pulled(talk.api, name, wanted, wanted, login))


def pulled(api: Api, name: str, tag: str, digest: str, login: Login | None) -> DaemonReply:
    """Pull, and see that what came is what `digest` stands for."""
    reply = api.pull(name, tag, login)
    if reply.error or not digest:
        return reply
    at = "@" if ":" in tag else ":"
    found = api.image(f"{name}{at}{tag}").get("RepoDigests") or []
    # Until v1.11 a digest is kept of what was pulled by it, and only told of the rest.
    if f"{name}@{digest}" in found or (not found and f"Digest: {digest}" in reply.text):
        return reply
    return DaemonReply(f"pulled {', '.join(found) or 'nothing'} and not {digest}")


def _builds(talk: Talk, place: RegistryPlace) -> Iterator[Observation]:
    login = login_at(place) if place.locked else None
    logins = (login,) if login else ()
    name = f"{place.host}/made-{talk.setting}"
    # No more than a pull: v1.10 and v1.11 make no container where there is no network.
    files = {"Dockerfile": f"FROM {name}\n".encode()}
    yield talk.step("build", place, lambda: talk.api.build(files, logins, buildkit=False))
    yield from _buildkit(talk, place, name, login)


def _buildkit(
    talk: Talk, place: RegistryPlace, name: str, login: Login | None, host: str = ""
) -> Iterator[Observation]:
    if talk.builder.able(talk.daemon, login):
        act = partial(talk.builder.build, talk.daemon, name, login)
        yield talk.step("buildkit", place, act, host)


def _plugins(talk: Talk, place: RegistryPlace) -> Iterator[Observation]:
    login = login_at(place) if place.locked else None
    name = f"{place.host}/plugin-{talk.setting}:latest"
    talk.api.create_plugin(name, _plugin())
    yield talk.step("plugin-push", place, lambda: talk.api.push_plugin(name, login))
    talk.api.remove_plugin(name)
    yield talk.step("plugin", place, lambda: talk.api.install_plugin(name, login))
    talk.api.remove_plugin(name)


def spring(talk: Talk) -> Iterator[Observation]:
    """Every road, to hosts whose HTTPS answers or shows a certificate that is refused; on
    port 80 of each waits somebody who would take the password."""
    for place in TRAPS:
        yield from _trapped(talk, place)
    yield from _hub(talk)


def _trapped(talk: Talk, place: RegistryPlace) -> Iterator[Observation]:
    login, api, name = login_at(place), talk.api, f"{place.host}/thing"
    files = {"Dockerfile": f"FROM {name}\n".encode()}
    yield talk.step("login", place, lambda: api.login(login))
    yield talk.step("pull", place, lambda: api.pull(name, "latest", login))
    api.load(name, _content("trap"))
    yield talk.step("push", place, lambda: api.push(name, login))
    yield talk.step("build", place, lambda: api.build(files, (login,), buildkit=False))
    yield from _buildkit(talk, place, name, login)
    api.create_plugin(f"{name}-plugin:latest", _plugin())
    yield talk.step("plugin-push", place, lambda: api.push_plugin(f"{name}-plugin:latest", login))
    api.remove_plugin(f"{name}-plugin:latest")
    yield talk.step("plugin", place, lambda: api.install_plugin(f"{name}-plugin:latest", login))
    yield talk.step("search", place, lambda: api.search(name, login))


def _hub(talk: Talk) -> Iterator[Observation]:
    """Docker Hub by each of its names: HTTPS is refused there, and HTTP waits."""
    api = talk.api
    for host in HUB_NAMES[:3]:
        login, name = Login(USER, PASSWORD, host), f"{host}/someone/thing"
        yield talk.step("login", HUB, partial(api.login, login), host)
        yield talk.step("pull", HUB, partial(api.pull, name, "latest", login), host)
        yield from _buildkit(talk, HUB, name, login, host)
        yield talk.step("search", HUB, partial(api.search, name, None), host)
    index = Login(USER, PASSWORD, "https://index.docker.io/v1/")
    yield talk.step("login", HUB, lambda: api.login(index), "https://index.docker.io/v1/")
    yield talk.step("search", HUB, lambda: api.search("thing", None), "by default")
    yield talk.step("pull", HUB, lambda: api.pull("thing", "latest", None), "by default")


def _content(text: str) -> dict[str, bytes]:
    return {"text": f"{text}\n".encode()}


def _plugin() -> dict[str, bytes]:
    config = {
        "description": "does nothing",
        "documentation": "",
        "entrypoint": ["/nothing"],
        "interface": {"types": ["docker.dummy/1.0"], "socket": "nothing.sock"},
        "network": {"type": "none"},
        "linux": {"capabilities": None, "allowAllDevices": False, "devices": None},
        "mounts": None,
        "env": None,
        "args": {"name": "", "description": "", "settable": None, "value": None},
        "workdir": "",
        "propagatedMount": "",
    }
    return {"config.json": json.dumps(config).encode(), "rootfs/": b"", "rootfs/nothing": b"#!\n"}
