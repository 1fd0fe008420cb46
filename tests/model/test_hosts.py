"""The registry hosts of BuildKit and the containerd image store, and what is tried of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

import pytest

from gopatch.model import (
    PRESETS,
    WHOLE,
    Action,
    Edits,
    Host,
    HostTask,
    Options,
    Store,
    from_flags,
    registry_hosts,
    service_config,
)
from gopatch.story.question import parse_answers

TRIMMED = replace(PRESETS["one-client"], listed_hosts="trimmed")
KINDS = {
    **PRESETS,
    "trimmed": TRIMMED,
    "https-alone": replace(PRESETS["one-client"], buildkit="https"),
    "v23": replace(PRESETS["v2-only"], local_by_name=False, resolver_continues=True),
    "v27": replace(PRESETS["bracketed"], hosts_fallback="unreached"),
    "v27.4": replace(PRESETS["bracketed"], hosts_fallback="unreached", store="unreached"),
}
NAME = "h.example"
FALLBACKS = {"": "", "plain": "~", "unreached": "~~"}


def shown(host: Host) -> str:
    """`http://h`, `https://h?` unchecked, `~` falls back where HTTP answers, `~~` also where nobody
    does, `+` by the option."""
    words = f"{host.scheme}://{host.host}{host.path.removesuffix('/v2')}"
    if host.skip_verify:
        words += "?"
    return words + FALLBACKS[host.falls_back] + "+" * host.offers_http


class Asked(NamedTuple):
    """What is not the same in each question."""

    accept: bool = False
    store: Store = "graph"
    action: Action = "build"
    edits: Edits = WHOLE


def hosts(
    kind: str,
    host: str = NAME,
    listed: tuple[str, ...] = (),
    mirrors: tuple[str, ...] = (),
    **more: Any,
) -> list[str]:
    """The hosts by the rules of a kind; `more` are fields of Asked."""
    asked, traits = Asked(**more), KINDS[kind]
    options = from_flags(Options(mirrors, listed, asked.accept), traits)
    config = service_config(options, traits)
    task = HostTask(asked.action, config, host, traits, parse_answers(()), store=asked.store)
    return [shown(h) for h in registry_hosts(task._replace(edits=asked.edits))]


@pytest.mark.parametrize(
    ("kind", "listed", "expected"),
    [
        ("https-alone", NAME, "https://h.example"),
        ("https-alone", "http://h.example", "https://h.example"),
        ("trimmed", NAME, "http://h.example"),
        ("trimmed", "http://h.example", "http://h.example"),
        ("trimmed", "0.0.0.0/0", "https://h.example"),
        ("one-client", NAME, "https://h.example"),
        ("one-client", "http://h.example", "http://h.example"),
        ("one-client", "https://h.example", "http://h.example"),
        ("v2-only", NAME, "https://h.example"),
        ("v2-only", "http://h.example", "http://h.example"),
        ("v2-only", "https://h.example", "https://h.example?"),
        ("v23", NAME, "https://h.example"),
        ("mirror-paths", NAME, "https://h.example"),
        ("mirror-paths", "http://h.example", "http://h.example"),
        ("bracketed", NAME, "https://h.example?~"),
        ("bracketed", "http://h.example", "https://h.example?~"),
        ("v27", NAME, "https://h.example?~~"),
        ("loopback-v6", NAME, "https://h.example?~~"),
        ("netip", "http://h.example", "https://h.example?~~"),
        ("netip", "other.example", "https://h.example"),
    ],
)
def test_what_is_listed(kind: str, listed: str, expected: str) -> None:
    assert hosts(kind, listed=(listed,)) == [expected]


@pytest.mark.parametrize(
    ("kind", "listed", "expected"),
    [
        # url.Parse takes a name before a colon for a scheme, and an address for none.
        ("one-client", "192.0.2.1:5000", "http://192.0.2.1:5000"),
        ("v2-only", "192.0.2.1:5000", "https://192.0.2.1:5000"),
        ("mirror-paths", "192.0.2.1:5000", "http://192.0.2.1:5000"),
        ("bracketed", "192.0.2.0/24", "https://192.0.2.1:5000?~"),
        ("netip", "192.0.2.0/24", "https://192.0.2.1:5000?~~"),
        ("mirror-paths", "192.0.2.0/24", "https://192.0.2.1:5000"),
    ],
)
def test_addresses_that_are_listed(kind: str, listed: str, expected: str) -> None:
    assert hosts(kind, "192.0.2.1:5000", (listed,)) == [expected]


@pytest.mark.parametrize(
    ("kind", "host", "expected"),
    [
        ("one-client", "localhost:5000", "http://localhost:5000"),
        ("one-client", "localhost", "https://localhost"),
        ("one-client", "127.0.0.1:5000", "https://127.0.0.1:5000"),
        ("v2-only", "127.0.0.1:5000", "http://127.0.0.1:5000"),
        ("v2-only", "127.0.0.2", "https://127.0.0.2"),
        ("v2-only", "::1", "http://::1"),
        ("v23", "127.0.0.2", "http://127.0.0.2"),
        ("v23", "[::1]:5", "http://[::1]:5"),
        ("v23", "localhost.example", "https://localhost.example"),
        ("bracketed", "127.0.0.2", "https://127.0.0.2?~"),
        ("netip", "localhost", "https://localhost?"),
        ("netip", "localhost:443", "https://localhost:443?"),
        ("netip", "localhost:80", "http://localhost:80"),
        ("netip", "127.0.0.1:5000", "https://127.0.0.1:5000?~~"),
    ],
)
def test_what_is_local(kind: str, host: str, expected: str) -> None:
    assert hosts(kind, host) == [expected]


@pytest.mark.parametrize(
    ("kind", "mirror", "expected"),
    [
        ("trimmed", "http://m.example", ["https://m.example/"]),
        ("one-client", "http://m.example", ["https://m.example"]),
        ("v2-only", "http://m.example", ["https://m.example", "https://registry-1.docker.io"]),
        ("bracketed", "https://m.example", ["https://m.example", "https://registry-1.docker.io"]),
        ("netip", "http://m.example", ["http://m.example", "https://registry-1.docker.io"]),
        ("netip", "http://m.example/a", ["http://m.example/a", "https://registry-1.docker.io"]),
    ],
)
@pytest.mark.parametrize("accept", [False, True])
def test_mirrors_are_as_before(kind: str, mirror: str, expected: list[str], accept: bool) -> None:
    assert hosts(kind, "docker.io", mirrors=(mirror,), accept=accept) == expected
    assert hosts(kind, "index.docker.io", mirrors=(mirror,), accept=accept) == expected


def test_an_insecure_mirror_shares_its_client() -> None:
    found = hosts("netip", "docker.io", ("m.example",), ("https://m.example",))
    assert found == ["https://m.example?~~", "https://registry-1.docker.io?~~"]


def test_docker_hub_that_is_listed_loses_its_mirrors() -> None:
    """Docker's own doing; the option has no part in it."""
    for accept in (False, True):
        found = hosts(
            "v2-only", "docker.io", ("http://docker.io",), ("https://m.example",), accept=accept
        )
        assert found == ["http://registry-1.docker.io"]


@pytest.mark.parametrize("kind", [k for k, t in KINDS.items() if t.buildkit not in ("", "https")])
def test_the_option_offers_http_beside_https(kind: str) -> None:
    assert hosts(kind, accept=True) == ["https://h.example+"]
    assert hosts(kind) == ["https://h.example"]
    assert hosts(kind, accept=True, edits=Edits(hosts=False)) == ["https://h.example"]


@pytest.mark.parametrize("kind", [k for k, t in KINDS.items() if t.buildkit])
@pytest.mark.parametrize("hub", ["docker.io", "index.docker.io", "registry-1.docker.io"])
def test_the_option_is_not_for_docker_hub(kind: str, hub: str) -> None:
    assert hosts(kind, hub, accept=True) == ["https://registry-1.docker.io"]


def test_where_buildkit_knows_https_alone_so_it_stays() -> None:
    assert hosts("https-alone", accept=True) == ["https://h.example"]


@pytest.mark.parametrize(
    ("kind", "listed", "expected"),
    [
        ("mirror-paths", NAME, "https://h.example~"),
        ("mirror-paths", "http://h.example", "http://h.example~"),
        ("bracketed", NAME, "https://h.example?~"),
        ("v27.4", NAME, "https://h.example?~~"),
        ("netip", NAME, "https://h.example?~~"),
        ("netip", "other.example", "https://h.example"),
    ],
)
def test_the_image_store_adds_a_fallback_of_its_own(kind: str, listed: str, expected: str) -> None:
    for action in ("pull", "push", "classic-build"):
        assert hosts(kind, listed=(listed,), store="containerd", action=action) == [expected]
    # BuildKit does not go by the store's hosts.
    traits = KINDS[kind]
    config = service_config(Options(insecure_registries=(listed,)), traits)
    build = HostTask("build", config, NAME, traits, parse_answers(()), store="containerd")
    assert list(map(shown, registry_hosts(build))) == hosts(kind, listed=(listed,))
