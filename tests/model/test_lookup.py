"""The endpoint lookups, and the properties that make the option what it is."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gopatch.go.net import GO
from gopatch.model import (
    PRESETS,
    ModelError,
    Options,
    is_docker_hub,
    is_secure_index,
    open_list_differences,
    service_config,
)
from tests.model.lookups import NET, pull, push, resolve, shown

ROWS = tomllib.loads(Path(__file__).with_name("lookups.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("kind", NET)
@pytest.mark.parametrize(
    ("host", "listed", "secure"),
    [
        pytest.param("four.example", (), True, id="not listed"),
        pytest.param("four.example", ("four.example",), False, id="by name"),
        pytest.param("FOUR.example", ("four.example",), True, id="letters count"),
        pytest.param(
            "four.example:5000", ("four.example",), True, id="the port is part of the name"
        ),
        pytest.param("four.example", ("four.example:5000",), True, id="and the other way round"),
        pytest.param("four.example:5000", ("10.0.0.0/8",), False, id="resolved into a network"),
        pytest.param("both.example", ("10.0.0.0/8",), False, id="one address is enough"),
        pytest.param("six.example", ("0.0.0.0/0",), True, id="IPv4 does not cover IPv6"),
        pytest.param("six.example", ("2001:db8::/32",), False, id="IPv6 network"),
        pytest.param("nope.example", ("0.0.0.0/0", "::/0"), True, id="does not resolve"),
        pytest.param("10.1.2.3:5000", ("10.1.2.3/32",), False, id="address with port"),
        pytest.param("[2001:db8::5]:5000", ("2001:db8::/32",), False, id="IPv6 with port"),
        pytest.param("[2001:db8::5]", ("2001:db8::/32",), True, id="IPv6 in brackets alone"),
        pytest.param("2001:db8::5", ("2001:db8::/32",), False, id="bare IPv6"),
        pytest.param("::ffff:10.1.2.3", ("10.0.0.0/8",), False, id="IPv4 in IPv6"),
        pytest.param("127.0.0.1:5000", (), False, id="loopback"),
        pytest.param("localhost", (), False, id="localhost"),
        pytest.param("docker.io", ("docker.io", "0.0.0.0/0"), True, id="Docker Hub"),
        pytest.param("", ("0.0.0.0/0",), True, id="empty"),
    ],
)
def test_is_secure_index(kind: str, host: str, listed: tuple[str, ...], secure: bool) -> None:
    traits = PRESETS[kind]
    config = service_config(Options(insecure_registries=listed), traits)
    assert is_secure_index(config, host, traits, resolve) is secure


def test_ipv6_loopback_and_zones_depend_on_the_source() -> None:
    def secure(kind: str, host: str) -> bool:
        traits = PRESETS[kind]
        listed = Options(insecure_registries=("fe80::/10",))
        return is_secure_index(service_config(listed, traits), host, traits, resolve)

    assert [secure(kind, "::1") for kind in NET] == [True, True, True, False, False]
    assert [secure(kind, "fe80::1%eth0") for kind in NET] == [False, False, False, False, True]


def test_the_resolver_is_asked_for_names_only() -> None:
    asked: list[str] = []

    def note(name: str) -> Sequence[str]:
        asked.append(name)
        raise OSError("no such host")

    traits = PRESETS["netip"]
    config = service_config(Options(insecure_registries=("listed",)), traits)
    for host in ("10.1.2.3", "::1", "[::1]:5", "listed", "docker.io", "", "name:5", "[::1]"):
        is_secure_index(config, host, traits, note)
    assert asked == ["name", "[::1]"]


@pytest.mark.parametrize(
    ("kind", "mirror", "expected"),
    [
        pytest.param("netip", "https://m/p", "v2 https://m/p/", id="path"),
        pytest.param("netip", "https://m/%20/é", "v2 https://m/%20/%C3%A9/", id="escaped"),
        pytest.param("netip", "https://m/a%2Fb", "v2 https://m/a%2Fb/", id="as written"),
        pytest.param(
            "netip", "http://10.1.2.3:5", "v2 http://10.1.2.3:5/!", id="in a listed network"
        ),
        pytest.param("netip", "HTTP://m", "v2 https://HTTP://m/", id="capitals are no scheme"),
        pytest.param("reloadable", "m", "v2 https://m", id="from the file, without scheme"),
        pytest.param("ping-login", "http://m/", "v2 http://m/", id="old"),
    ],
)
def test_mirrors_come_first_on_pull_only(kind: str, mirror: str, expected: str) -> None:
    options = Options(mirrors=(mirror,), insecure_registries=("10.0.0.0/8",))
    traits = PRESETS[kind]
    assert shown(pull("docker.io", options, traits))[0] == expected
    assert pull("docker.io", options, traits)[1:] == push("docker.io", options, traits)
    assert pull("four.example", options, traits) == push("four.example", options, traits)


def test_the_first_lookups_push_to_mirrors() -> None:
    options = Options(mirrors=("http://m/",))
    assert any(e.mirror for e in push("docker.io", options, PRESETS["first-lookups"]))
    assert not any(e.mirror for e in push("docker.io", options, PRESETS["ping-login"]))


def test_a_broken_mirror_fails_the_lookup() -> None:
    """An old Go takes it for a host."""
    old = Options(mirrors=("http://h:x",))
    assert pull("docker.io", old, PRESETS["reloadable"])[0].host == "h:x"
    with pytest.raises(ModelError) as caught:
        pull("docker.io", Options(mirrors=("http://h:x",)), replace(PRESETS["reloadable"], go=GO))
    assert caught.value.kind == "mirror-url"


def test_a_repository_needs_a_registry() -> None:
    with pytest.raises(ModelError) as caught:
        push("", Options(), PRESETS["ping-login"])
    assert caught.value.kind == "repository"
    assert shown(push("", Options(), PRESETS["netip"])) == ["v2 https://"]


def test_fields_follow_the_source() -> None:
    fields = {
        kind: [(e.official, e.trim_hostname) for e in push("docker.io", Options(), PRESETS[kind])]
        for kind in ("v2-only", "loopback-v6", "netip")
    }
    assert fields == {
        "v2-only": [(True, True)],
        "loopback-v6": [(True, False)],
        "netip": [(False, False)],
    }


@pytest.mark.parametrize(
    ("host", "hub"),
    [
        ("docker.io", True),
        ("index.docker.io", True),
        ("registry-1.docker.io", True),
        ("Registry-1.Docker.IO", True),
        ("docker.io:443", True),
        ("docker.io:", True),
        ("hub.docker.io", False),
        ("docker.io.example", False),
        ("", False),
        ("[docker.io]", False),
    ],
)
def test_docker_hub(host: str, hub: bool) -> None:
    assert is_docker_hub(host) is hub


@pytest.mark.parametrize("host", ["docker.io", "INDEX.docker.io", "registry-1.docker.io:443"])
@pytest.mark.parametrize("kind", list(PRESETS))
def test_the_option_leaves_docker_hub_alone(kind: str, host: str) -> None:
    options = Options(disable_legacy_registry=False)
    chosen = replace(options, accept_insecure_registry=True)
    assert pull(host, chosen, PRESETS[kind]) == pull(host, options, PRESETS[kind])


def test_the_option_offers_http_in_both_lookups() -> None:
    options = Options(accept_insecure_registry=True)
    found = push("222.222.222.222", options, PRESETS["reloadable"])
    where = "222.222.222.222"
    assert shown(found) == [f"v{v} {s}://{where}" for v in (2, 1) for s in ("https", "http")]
    assert [e.by_option for e in found] == [False, True, False, True]


def test_a_listed_registry_is_offered_over_http_once() -> None:
    options = Options(insecure_registries=("four.example",), accept_insecure_registry=True)
    assert push("four.example", options, PRESETS["netip"]) == push(
        "four.example", replace(options, accept_insecure_registry=False), PRESETS["netip"]
    )


@pytest.mark.parametrize(
    ("host", "kinds_found"),
    [
        pytest.param("four.example", ["list", "tls"], id="IPv4"),
        pytest.param("six.example", ["list", "ipv6"], id="IPv6"),
        pytest.param("[2001:db8::5]:5000", ["list", "ipv6"], id="IPv6 address"),
        pytest.param("nope.example", ["list", "name"], id="does not resolve"),
        pytest.param("registry-1.docker.io", ["list", "tls", "hub"], id="Docker Hub by its host"),
        pytest.param("docker.io", ["list"], id="Docker Hub"),
        pytest.param("localhost", ["list"], id="insecure anyway"),
    ],
)
def test_what_an_open_list_does_otherwise(host: str, kinds_found: list[str]) -> None:
    found = open_list_differences(host, Options(), PRESETS["netip"], resolve)
    assert [difference.kind for difference in found] == kinds_found
    assert all(host in difference.text for difference in found[1:])


@pytest.mark.parametrize("row", ROWS["push"], ids=lambda row: row["id"])
def test_push_endpoints(row: dict[str, Any]) -> None:
    options = Options(insecure_registries=tuple(row["listed"]))
    assert shown(push(row["host"], options, PRESETS[row["kind"]])) == row["expected"]
