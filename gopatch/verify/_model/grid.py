"""The cases that a port is held against the model with: hosts and options, for every branch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from gopatch.model import Options, Traits
from gopatch.verify._model.certs import (
    CERTIFICATE_ALONE,
    FOLDER_CLOSED,
    FULL,
    KEY_ALONE,
    PAIR,
    ROOT,
    ROOT_CLOSED,
    WHOLE,
    Certs,
    at,
    told_files,
)

# Names of the grid's little world that have addresses; no other name has any.
WORLD = {
    "in-net.test": ("10.1.2.3",),
    "v6.test": ("fd00::1",),
    "both.test": ("192.0.2.7", "fd00::7"),
    "localhost": ("127.0.0.1", "::1"),
    "docker.io": ("198.51.100.1",),
    "index.docker.io": ("198.51.100.2",),
    "registry-1.docker.io": ("198.51.100.3",),
}
_CORE = (
    "reg.test",
    "reg.test:5000",
    "docker.io",
    "index.docker.io",
    "registry-1.docker.io",
    "10.1.2.3:5000",
)
ALL = (
    *_CORE,
    "222.222.222.222",
    "169.254.7.7",
    "192.168.3.4:8443",
    "224.0.0.1",
    "0.0.0.0",
    "[fe80::7]",
    "Docker.IO",
    "docker.io.",
    "docker.io:443",
    "index.docker.io:80",
    "REGISTRY-1.docker.io.:5000",
    "docker.io.evil.test",
    "mydocker.io",
    "sub.docker.io",
    "in-net.test",
    "in-net.test:5000",
    "v6.test",
    "both.test:80",
    "127.0.0.1:5000",
    "127.9.9.9",
    "localhost",
    "localhost:5000",
    "[fd00::1]:5000",
    "fd00::1",
    "[::1]:5000",
    "::ffff:10.1.2.3",
    "reg.test:",
    "",
)
_HUB = ("docker.io", "index.docker.io", "registry-1.docker.io", "registry-1.docker.io:443")


class CaseFamily(NamedTuple):
    """Alike cases: options without the option itself, the hosts that are asked for, and the files in the
    folder of certificates.

    Pushing walks through the code of pulling: for most families a few hosts say enough.
    """

    options: Options
    hosts: Sequence[str]
    pushed: Sequence[str] = ("reg.test", "docker.io")
    certs: Certs = ()

    @property
    def name(self) -> str:
        """As the daemon would be called."""
        options = self.options
        words = [f"--registry-mirror {m}" for m in options.mirrors]
        words += [f"--insecure-registry {r}" for r in options.insecure_registries]
        if options.disable_legacy_registry:
            words.append("--disable-legacy-registry")
        return " ".join(words) or "no options"

    @property
    def files(self) -> str:
        """The files that are there, "" where there are none."""
        return told_files(self.certs)


def _listed(*registries: str, hosts: Sequence[str] = ()) -> CaseFamily:
    return CaseFamily(Options(insecure_registries=registries), (*_CORE, *hosts))


def _mirrored(*mirrors: str, insecure: tuple[str, ...] = ()) -> CaseFamily:
    return CaseFamily(Options(mirrors=mirrors, insecure_registries=insecure), _CORE)


_PLAIN = Options()
_CERTIFIED = ("reg.test", "reg.test:5000", "docker.io", "Reg.Test")


def _certified(certs: Certs, options: Options = _PLAIN) -> CaseFamily:
    return CaseFamily(options, _CERTIFIED, _CERTIFIED, certs)


_FAMILIES = (
    CaseFamily(Options(), ALL, ALL),
    _mirrored("https://mirror.test"),
    _mirrored("http://mirror.test:5000/", "https://mirror.test", "https://mirror.test/"),
    _mirrored("http://mirror.test", insecure=("mirror.test",)),
    _mirrored("https://10.1.2.4", insecure=("10.0.0.0/8",)),
    _mirrored("https://mirror.test/path"),
    _mirrored("https://user:word@mirror.test"),
    _mirrored("https://mirror.test?query"),
    _mirrored("mirror.test"),
    _mirrored("ftp://mirror.test"),
    _mirrored("http:mirror.test"),
    _mirrored("https://mirror.test:port"),
    _listed("reg.test"),
    _listed("reg.test:5000", "reg.test:5000"),
    _listed("10.0.0.0/8", "10.9.9.9/8", hosts=("in-net.test:5000", "::ffff:10.1.2.3")),
    _listed("10.1.2.3", hosts=("in-net.test", "10.1.2.3")),
    _listed("fd00::/16", hosts=("v6.test", "[fd00::1]:5000", "both.test:80")),
    _listed("::/0", hosts=("v6.test", "in-net.test")),
    _listed("0.0.0.0/0", hosts=("v6.test", "both.test:80", "Docker.IO", "docker.io:443")),
    _listed("[fd00::1]:5000", hosts=("[fd00::1]:5000",)),
    _listed("docker.io", hosts=_HUB),
    _listed("index.docker.io", hosts=_HUB),
    _listed("registry-1.docker.io", hosts=_HUB),
    _listed("http://reg.test", "HTTPS://other.test"),
    _listed("ftp://reg.test"),
    _listed("-reg.test"),
    _listed("reg_test"),
    _listed("reg.test:99999"),
    _listed("reg.test:five", "other.test"),
    _listed("10.0.0.0/08", "10.0.0.0/33"),
    _certified(at(ROOT, "reg.test")),
    _certified(at(PAIR, "reg.test:5000")),
    _certified(at(WHOLE, "reg.test", "reg.test:5000", "docker.io", "registry-1.docker.io")),
    _certified(at(FULL, "reg.test", "Reg.Test")),
    _certified(at(FOLDER_CLOSED, "reg.test")),
    _certified(at(ROOT_CLOSED, "reg.test")),
    _certified(at(CERTIFICATE_ALONE, "reg.test")),
    _certified(at(KEY_ALONE, "reg.test:5000")),
    _certified(at(WHOLE, "reg.test"), Options(insecure_registries=("reg.test",))),
    _certified(at(WHOLE, "mirror.test"), Options(mirrors=("https://mirror.test",))),
    _certified(at(CERTIFICATE_ALONE, "mirror.test"), Options(mirrors=("https://mirror.test",))),
)


def families(traits: Traits) -> Iterator[CaseFamily]:
    """The grid for one kind of source, the simplest families first."""
    for family in _FAMILIES:
        if not traits.v1:
            yield family
            continue
        yield family._replace(options=replace(family.options, disable_legacy_registry=False))
        if family.hosts is ALL and not traits.both_at_once:  # which has no such option
            yield family._replace(options=replace(family.options, disable_legacy_registry=True))


def resolve(name: str) -> Sequence[str]:
    """The addresses of a name of the grid's world."""
    return WORLD[name]
