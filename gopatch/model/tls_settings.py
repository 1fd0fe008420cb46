"""Which TLS settings Docker gives to a registry's endpoint: registry/registry.go, newTLSConfig and ReadCertsDirectory."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from gopatch.model.options import ModelError
from gopatch.model.traits import Traits

# How PEM begins: what Go's crypto/x509 and crypto/tls look for.
CERTIFICATE, KEY = "-----BEGIN CERTIFICATE-----\n", "-----BEGIN PRIVATE KEY-----\n"


class TlsSettings(NamedTuple):
    """What is set of Go's tls.Config of an endpoint.

    `roots` are the texts of the certificates that a registry's may be signed by, in the order in which they are
    read, beside those of the system or, unless `system_roots`, alone. `certificates` are the daemon's own, which a
    registry may ask for. `others` names each further field that is not as go-connections' tlsconfig.ServerDefault has
    it, which tells the lowest version and the ciphers: Docker sets none.
    """

    insecure_skip_verify: bool = False
    roots: tuple[str, ...] = ()
    system_roots: bool = True
    certificates: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


class CertsFolder(NamedTuple):
    """The folder of certificates while a lookup looks: texts by "HOST/FILE", and the paths of what cannot be read."""

    files: Mapping[str, str] = {}
    closed: frozenset[str] = frozenset()

    def read(self, path: str) -> str:
        if path in self.closed:
            raise ModelError("certs", f"open {path}: permission denied")
        return self.files[path]


NO_CERTS = CertsFolder()


def tls_settings(host: str, *, is_secure: bool, certs: CertsFolder, traits: Traits) -> TlsSettings:
    """newTLSConfig: of a registry that is not listed, what lies in the folder of its name.

    Raises ModelError("certs") where that cannot be read, or half of a pair of keys is missing.
    """
    if not is_secure:
        return TlsSettings(insecure_skip_verify=True)
    folder = posixpath.normpath(host) if host else ""
    if folder in certs.closed:
        raise ModelError("certs", f"open {host}: permission denied")
    names = sorted(p.removeprefix(f"{folder}/") for p in certs.files if p.startswith(f"{folder}/"))
    for name in names:
        _refuse_half(name, names)
    roots = [name for name in names if name.endswith(".crt")]
    texts = (certs.read(f"{folder}/{name}") for name in roots)
    return TlsSettings(
        roots=tuple(dict.fromkeys(text for text in texts if text.startswith(CERTIFICATE))),
        system_roots=traits.system_roots or not roots,
        certificates=tuple(_own(folder, names, certs)),
    )


def _refuse_half(name: str, names: Sequence[str]) -> None:
    for one, other in ((".cert", ".key"), (".key", ".cert")):
        if name.endswith(one) and name.removesuffix(one) + other not in names:
            raise ModelError("certs", f"{name} has no {other} beside it")


def _own(folder: str, names: Sequence[str], certs: CertsFolder) -> Iterator[str]:
    """tls.LoadX509KeyPair of each pair."""
    for name in names:
        if not name.endswith(".cert"):
            continue
        text = certs.read(f"{folder}/{name}")
        key = certs.read(f"{folder}/{name.removesuffix('.cert')}.key")
        said, of = text.partition(CERTIFICATE)[1:], key.partition(KEY)[1:]
        if not (said[0] and of[0] and said[1] == of[1]):
            raise ModelError("certs", f"{name} and its key are no pair")
        yield said[1]
