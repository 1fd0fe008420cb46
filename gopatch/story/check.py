"""A daemon.json by itself: does the daemon start with it, which keys matter for registries, and what
will each entry match?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gopatch.go.net import parse_cidr, parse_prefix, parse_url, split_host_port, unmap
from gopatch.model import (
    DaemonSetting,
    HostTask,
    ModelError,
    Options,
    Traits,
    registry_hosts,
    service_config,
)
from gopatch.model.config_rules import LISTED, MIRRORS, OPTION, REGISTRY_KEYS
from gopatch.story.command import Command, Release, start
from gopatch.story.told_answers import Answers

_HUB = ("docker.io", "index.docker.io")


@dataclass(frozen=True)
class ListedValue:
    """One value of a list, and what it means."""

    key: str
    value: str
    means: str


@dataclass(frozen=True)
class Check:
    """What a release makes of a daemon.json (and of flags beside it). `starts`, `error`, `kind`: with
    the patch; `stock_error` is what the stock daemon says, "" where it starts too. `keys`: those of
    the registry that are set; `entries`: what each listed value means; `notes`: the rest."""

    path: str
    starts: bool
    error: str = ""
    kind: str = ""
    stock_error: str = ""
    keys: tuple[str, ...] = ()
    entries: tuple[ListedValue, ...] = ()
    notes: tuple[str, ...] = ()


def check(command: Command, source: Release) -> Check:
    """Look at the command's file, and at its flags."""
    try:
        started = start(command, source)
        service_config(started.options, source.traits)
    except ModelError as error:
        return Check(command.path, False, str(error), error.kind, str(error))
    file, options = started.file, started.options
    keys = tuple(key for key in REGISTRY_KEYS if key in file.present)
    return Check(
        command.path,
        True,
        stock_error=_stock_error(file),
        keys=keys,
        entries=tuple(_entries(options, source)),
        notes=(*started.notes, *_notes(options, file, source)),
    )


def _stock_error(file: DaemonSetting) -> str:
    if OPTION not in file.present:
        return ""
    return f"the following directives don't match any configuration option: {OPTION}"


def _entries(options: Options, source: Release) -> Iterator[ListedValue]:
    for value in options.insecure_registries:
        yield ListedValue(LISTED, value, "; ".join(_matches(value, source.traits)))
    for value in source.traits.default_cidrs:
        yield ListedValue("always", value, "; ".join(_matches(value, source.traits, build=False)))
    for value in options.mirrors:
        yield ListedValue(
            MIRRORS,
            value,
            "a mirror of Docker Hub, asked first by pulls; no other registry has one",
        )
    if options.accept_insecure_registry:
        yield ListedValue(
            OPTION,
            "true",
            "plain HTTP for every registry but Docker Hub, after HTTPS gave no answer",
        )


def _matches(value: str, traits: Traits, *, build: bool = True) -> Iterator[str]:
    """What an entry of the list covers."""
    name = value.partition("://")[2] or value if traits.schemes_stripped else value
    network = parse_prefix(name) if traits.netip else parse_cidr(name, traits.go)
    if network is not None:
        every = (
            "all of IPv4"
            if str(network) == "0.0.0.0/0"
            else "all of IPv6"
            if str(network) == "::/0"
            else f"{network}"
        )
        yield f"{every}: addresses with any port, and names that resolve into it; never Docker Hub by its name"
        if unmap(network.network_address) != network.network_address:
            yield "an IPv4 network in IPv6 clothes"
    elif name in _HUB:
        yield "nothing: Docker Hub stays secure"
        return
    elif "://" in name:
        yield "nothing: this source keeps the scheme, and no registry is called like that"
        return
    else:
        yield from _exact(name)
    if build:
        yield from _in_a_build(value, name, network is not None, traits)


def _exact(name: str) -> Iterator[str]:
    host, port = split_host_port(name) or (name, "")
    if port:
        yield f"{name}, letter by letter; {host} without a port, or with another, is another registry"
    else:
        yield f"{name}, letter by letter; {name} with a port is another registry"


def _in_a_build(value: str, name: str, network: bool, traits: Traits) -> Iterator[str]:
    """What BuildKit makes of it, where that is not the same."""
    if traits.buildkit == "https":
        yield "BuildKit does not look at it"
    if traits.buildkit not in ("client", "map"):
        return
    if network:
        yield "BuildKit of this source knows no networks"
        return
    config = service_config(Options(insecure_registries=(value,)), traits)
    found = registry_hosts(HostTask("build", config, name, traits, Answers()))
    plain = any(host.scheme == "http" or host.falls_back for host in found)
    if not plain and parse_url(f"http://{name}", traits.go) is not None:
        yield f"BuildKit of this source does not find it: list http://{name}"


def _notes(options: Options, file: DaemonSetting, source: Release) -> Iterator[str]:
    if not file.present & set(REGISTRY_KEYS) and source.rules.reader:
        yield "no key of the file is about registries"
    empty = [key for key in (LISTED, MIRRORS) if key in file.present and not _values(options, key)]
    for key in empty:
        yield f"{key} is there and empty: it lists nothing, and the flag beside it would stop the daemon"
    names = [v for v in options.insecure_registries if v != v.strip()]
    for name in names:
        yield f"{name!r} has a blank at its end, and matches no registry"
    if source.rules.reader:
        yield (
            "not looked at: what the daemon checks of other keys beyond their types "
            "(dns, labels, runtimes, addresses, ...)"
        )


def _values(options: Options, key: str) -> tuple[str, ...]:
    return options.insecure_registries if key == LISTED else options.mirrors
