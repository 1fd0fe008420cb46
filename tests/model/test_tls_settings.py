"""What an endpoint's TLS settings are, by the files that lie in the folder of certificates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from gopatch.model import (
    PRESETS,
    CertsFolder,
    Endpoint,
    ModelError,
    Options,
    TlsSettings,
    Traits,
    pull_endpoints,
    push_endpoints,
    service_config,
)
from gopatch.model.tls_settings import CERTIFICATE, KEY, tls_settings

HOST = "reg.example"
NEWEST = Traits()
OLD = replace(NEWEST, system_roots=False)
ROOT, OTHER_ROOT = CERTIFICATE + "root", CERTIFICATE + "other root"
OWN = {"client.cert": CERTIFICATE + "mine", "client.key": KEY + "mine"}


def folder(files: dict[str, str], closed: str | None = None, host: str = HOST) -> CertsFolder:
    shut = frozenset() if closed is None else frozenset([f"{host}/{closed}".rstrip("/")])
    return CertsFolder({f"{host}/{name}": text for name, text in files.items()}, shut)


def settings(certs: CertsFolder, traits: Traits = NEWEST, *, secure: bool = True) -> TlsSettings:
    return tls_settings(HOST, is_secure=secure, certs=certs, traits=traits)


TOLD: dict[str, tuple[dict[str, str], TlsSettings]] = {
    "nothing": ({}, TlsSettings()),
    "a root": ({"ca.crt": ROOT}, TlsSettings(roots=(ROOT,))),
    "two, by name": ({"b.crt": ROOT, "a.crt": OTHER_ROOT}, TlsSettings(roots=(OTHER_ROOT, ROOT))),
    "one twice": ({"a.crt": ROOT, "b.crt": ROOT}, TlsSettings(roots=(ROOT,))),
    "hidden": ({".crt": ROOT}, TlsSettings(roots=(ROOT,))),
    "no certificate": ({"ca.crt": "a note"}, TlsSettings()),
    "another ending": ({"ca.pem": ROOT, "ca.CRT": ROOT, "crt": ROOT}, TlsSettings()),
    "a pair": (OWN, TlsSettings(certificates=("mine",))),
    "both": ({**OWN, "ca.crt": ROOT}, TlsSettings(roots=(ROOT,), certificates=("mine",))),
    "the key in its certificate's place": (
        {**OWN, "more.cert": CERTIFICATE + "too", "more.key": KEY + "too"},
        TlsSettings(certificates=("mine", "too")),
    ),
}


@pytest.mark.parametrize(("files", "expected"), TOLD.values(), ids=TOLD)
def test_what_lies_there_is_taken(files: dict[str, str], expected: TlsSettings) -> None:
    assert settings(folder(files)) == expected
    alone = not any(name.endswith(".crt") for name in files)
    assert settings(folder(files), OLD) == expected._replace(system_roots=alone)


@pytest.mark.parametrize(("files", "_"), TOLD.values(), ids=TOLD)
def test_a_listed_registry_has_none_of_it(files: dict[str, str], _: TlsSettings) -> None:
    assert settings(folder(files), secure=False) == TlsSettings(insecure_skip_verify=True)
    assert settings(folder(files, ""), secure=False) == TlsSettings(insecure_skip_verify=True)


@pytest.mark.parametrize("host", ["reg.example:5000", "reg.exampl", "REG.example", "", ".."])
def test_nor_another_one(host: str) -> None:
    certs = folder({**OWN, "ca.crt": ROOT})
    assert tls_settings(host, is_secure=True, certs=certs, traits=NEWEST) == TlsSettings()


REFUSED: dict[str, CertsFolder] = {
    "no key": folder({"client.cert": CERTIFICATE + "mine"}),
    "no certificate": folder({"client.key": KEY + "mine"}),
    "another's key": folder({**OWN, "client.key": KEY + "yours"}),
    "no pair of PEM": folder({"client.cert": "a note", "client.key": "a note"}),
    "halves of two": folder({"a.cert": OWN["client.cert"], "b.key": OWN["client.key"]}),
    "a closed folder": folder({}, ""),
    "a closed root": folder({"ca.crt": ROOT}, "ca.crt"),
    "a closed key": folder(OWN, "client.key"),
}


@pytest.mark.parametrize("certs", REFUSED.values(), ids=REFUSED)
@pytest.mark.parametrize("traits", [NEWEST, OLD], ids=["newest", "old"])
def test_what_docker_refuses_is_refused(certs: CertsFolder, traits: Traits) -> None:
    with pytest.raises(ModelError) as caught:
        settings(certs, traits)
    assert caught.value.kind == "certs"


def _looked_up(
    lookup: Callable[..., Any], host: str, certs: CertsFolder, **told: Any
) -> tuple[Endpoint, ...]:
    config = service_config(Options(**told), NEWEST)
    found: tuple[Endpoint, ...] = lookup(config, host, NEWEST, certs=certs)
    return found


@pytest.mark.parametrize("lookup", [pull_endpoints, push_endpoints])
def test_the_option_changes_none_of_them(lookup: Callable[..., Any]) -> None:
    certs = folder({**OWN, "ca.crt": ROOT})
    off = _looked_up(lookup, HOST, certs)
    on = _looked_up(lookup, HOST, certs, accept_insecure_registry=True)
    assert [e.tls for e in off] == [TlsSettings(roots=(ROOT,), certificates=("mine",))]
    assert on == (*off, off[0]._replace(scheme="http"))


def test_mirrors_have_their_own_and_docker_hub_none() -> None:
    certs = folder({"ca.crt": ROOT}, host="mirror.example")
    both = CertsFolder(
        {**certs.files, "docker.io/ca.crt": ROOT, "registry-1.docker.io/ca.crt": ROOT}
    )
    found = _looked_up(pull_endpoints, "docker.io", both, mirrors=("https://mirror.example",))
    assert [(e.mirror, e.tls.roots) for e in found] == [(True, (ROOT,)), (False, ())]


@pytest.mark.parametrize("host", [HOST, "docker.io"])
@pytest.mark.parametrize("accept", [False, True])
def test_a_refusal_refuses_the_lookup(host: str, accept: bool) -> None:
    told: dict[str, Any] = {"mirrors": (f"https://{HOST}",), "accept_insecure_registry": accept}
    with pytest.raises(ModelError):
        _looked_up(pull_endpoints, host, REFUSED["no key"], **told)
    assert _looked_up(pull_endpoints, "other.example", REFUSED["no key"], **told)


@pytest.mark.parametrize("kind", PRESETS)
def test_the_roots_of_the_system_are_kept_since_v1_13(kind: str) -> None:
    assert PRESETS[kind].system_roots is (kind not in ("first-lookups", "ping-login", "v1-hub"))
