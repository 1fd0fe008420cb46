"""What runs inside the namespaces, as their first process: servers, daemons, the conversation.

It reads a plan, one line of JSON, from standard input, and writes an Observation a line to standard
output. It ends when its standard input does: with it the kernel ends whatever runs in here, takes
the mounts and the memory that they stood in, and the network.
"""

from __future__ import annotations

import json
import os
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from gopatch.verify._wire.buildkit import find_client
from gopatch.verify._wire.conversation import (
    Talk,
    converse,
    fall_back,
    reload_list,
    reload_option,
    short,
    spring,
)
from gopatch.verify._wire.dockerd import StartError, running
from gopatch.verify._wire.observation import Observation, Store
from gopatch.verify._wire.places import HUB, HUB_NAMES, PLACES, RegistryPlace
from gopatch.verify._wire.registry import RunningRegistry
from gopatch.verify._wire.settings import SETTINGS, Setting
from gopatch.verify._wire.witness import (
    BAD_REQUEST,
    Manner,
    Record,
    SeenRequest,
    serve,
    serve_words,
)

ROOM = Path("/run/gopatch")


def main() -> None:
    plan = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        _furnish()
        room = Room(plan)
        for observation in room.talk():
            _say(observation.line())
    except (StartError, OSError, subprocess.CalledProcessError) as error:
        _say(json.dumps({"broken": _words(error)}))
    _say(json.dumps({"done": True}))
    # Threads still wait for requests; the kernel ends them and everything else in here.
    os._exit(0)


def _say(line: str) -> None:
    print(line, flush=True)


def _words(error: Exception) -> str:
    if isinstance(error, subprocess.CalledProcessError):
        return f"{' '.join(error.cmd)}: {(error.stderr or b'').decode(errors='replace').strip()}"
    return str(error)


def _end_with_parent() -> None:
    sys.stdin.buffer.read()
    os._exit(1)


def _run(*command: str) -> None:
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, capture_output=True)


def _furnish() -> None:
    """Addresses, and a /run and an /etc that are forgotten at the end."""
    interfaces = _interfaces()
    if os.getpid() != 1 or interfaces != ["lo"]:
        raise OSError(f"not in namespaces of its own (process {os.getpid()}, {interfaces})")
    _run("ip", "link", "set", "lo", "up")
    for address in sorted({place.address for place in PLACES}):
        _run("ip", "address", "add", f"{address}/32", "dev", "lo")
    _run("mount", "-t", "tmpfs", "-o", "mode=755", "gopatch", "/run")
    ROOM.mkdir()
    _run("cp", "-a", "/etc/.", f"{ROOM}/etc")
    _run("mount", "--bind", f"{ROOM}/etc", "/etc")
    names = "".join(f"{HUB.address} {name}\n" for name in HUB_NAMES)
    Path("/etc/hosts").write_text(f"127.0.0.1 localhost\n{names}")
    for file in (Path("/etc/resolv.conf"), Path("/etc/nsswitch.conf")):
        file.unlink(missing_ok=True)
    Path("/etc/resolv.conf").write_text("nameserver 127.0.0.1\n")
    Path("/etc/nsswitch.conf").write_text("passwd: files\ngroup: files\nhosts: files dns\n")


def _interfaces() -> list[str]:
    lines = Path("/proc/net/dev").read_text().splitlines()[2:]
    return sorted(line.partition(":")[0].strip() for line in lines)


class Room:
    """The servers of the room, and what they have seen."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self._plan = plan
        self._record = Record()
        self._registries: dict[str, RunningRegistry] = {}
        for folder in ("registry", "tls", "client"):
            (ROOM / folder).mkdir()
        for place in PLACES:
            self._open_http(place)
            self._open_https(place)
        self._client = find_client(plan["docker"], ROOM / "client")

    def served(self, place: RegistryPlace) -> int:
        found = self._registries.get(place.host)
        return found.requests() if found else 0

    def digest(self, place: RegistryPlace, name: str) -> str:
        return self._registries[place.host].digest(name)

    def mark(self) -> int:
        return self._record.mark()

    def since(self, mark: int) -> list[SeenRequest]:
        return self._record.since(mark)

    def talk(self) -> Iterator[Observation]:
        for store in self._plan["stores"]:
            for setting in (one for one in SETTINGS if one.name in self._plan["settings"]):
                yield from self._setting(store, setting)

    def _setting(self, store: Store, setting: Setting) -> Iterator[Observation]:
        folder = ROOM / f"{store}-{setting.name}"
        values = {**setting.values, **_store_values(store)}
        binary = self._plan["patched" if setting.patched else "stock"]
        flags = [*setting.flags, *_store_flags(store)]
        try:
            with running(binary, folder, flags, values) as daemon:
                talk = Talk(daemon, store, setting.name, self, self._client)
                yield Observation(store, setting.name, "start", "", "", _lines(daemon.log()))
                yield from _parts(talk, setting)
        except StartError as error:
            yield Observation(store, setting.name, "start", "", str(error))

    def _open_http(self, place: RegistryPlace) -> None:
        if place.http in ("registry", "locked"):
            self._registries[place.host] = RunningRegistry(
                ROOM / "registry", place.address, place.port, locked=place.locked
            )
        else:
            manner: Manner = "index" if place.http == "index" else "challenge"
            serve(self._record, place.address, place.port, manner)

    def _open_https(self, place: RegistryPlace) -> None:
        if place.https == "refused":
            return
        if place.https == "timeout":
            serve_words(place.address, 443, b"")
        elif place.https == "plain":
            serve_words(place.address, 443, BAD_REQUEST)
        else:
            manner: Manner = "denied" if place.https == "denied" else "challenge"
            serve(self._record, place.address, 443, manner, _certificate(place))


def _parts(talk: Talk, setting: Setting) -> Iterator[Observation]:
    for name in setting.parts:
        yield from _PARTS[name](talk)


_PARTS: dict[str, Callable[[Talk], Iterator[Observation]]] = {
    "converse": converse,
    "fall-back": fall_back,
    "traps": spring,
    "short": short,
    "reload": reload_option,
    "reload-list": reload_list,
}


def _lines(log: str) -> tuple[str, ...]:
    return tuple(log.splitlines())


def _store_values(store: Store) -> dict[str, object]:
    return {"features": {"containerd-snapshotter": True}} if store == "containerd" else {}


def _store_flags(store: Store) -> Iterable[str]:
    return ("--storage-driver=overlayfs",) if store == "containerd" else ("--storage-driver=vfs",)


def _certificate(place: RegistryPlace) -> ssl.SSLContext:
    """A certificate of its own for `place`, which the daemons trust unless that is the point."""
    key, cert = (ROOM / "tls" / f"{place.address}.{end}" for end in ("key", "crt"))
    name = "192.0.2.99" if place.https == "wrong-name" else place.address
    _run(
        *("openssl", "req", "-x509", "-nodes", "-days", "2", "-subj", "/CN=gopatch"),
        *("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"),
        *("-addext", f"subjectAltName=IP:{name}", "-keyout", str(key), "-out", str(cert)),
    )
    if place.https != "unknown-ca":
        trusted = Path("/etc/docker/certs.d") / place.host
        trusted.mkdir(parents=True, exist_ok=True)
        (trusted / "ca.crt").write_bytes(cert.read_bytes())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return context


if __name__ == "__main__":
    main()
