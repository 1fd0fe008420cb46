"""Lookups as the tests of this wing ask them, and how their endpoints are written down."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from gopatch.model import (
    PRESETS,
    Endpoint,
    Options,
    Traits,
    pull_endpoints,
    push_endpoints,
    service_config,
)

NAMES = {
    "four.example": ["10.1.2.3"],
    "six.example": ["2001:db8::5"],
    "both.example": ["2001:db8::5", "10.1.2.3"],
    "localhost": ["127.0.0.1", "::1"],
    "registry-1.docker.io": ["10.1.2.5"],
}


HOSTS = [
    *NAMES,
    *(f"{name}:5000" for name in NAMES),
    "FOUR.example",
    "nope.example",
    "docker.io",
    "index.docker.io",
    "DOCKER.IO",
    "docker.io:443",
    "Registry-1.docker.io:443",
    "10.1.2.3",
    "10.1.2.3:5000",
    "127.0.0.1",
    "::1",
    "[::1]:5000",
    "[::1]",
    "[2001:db8::5]:5000",
    "fe80::1%eth0",
    "a:b:c",
    "x]",
]


LISTED = [
    "10.0.0.0/8",
    "0.0.0.0/0",
    "::/0",
    "2001:db8::/32",
    "four.example",
    "four.example:5000",
    "::1",
    "docker.io",
]


hosts = st.sampled_from(HOSTS) | st.text("ab.:[]", min_size=1, max_size=8)


kinds = st.sampled_from(list(PRESETS.values()))


option_values = st.builds(
    Options,
    mirrors=st.lists(st.sampled_from(["http://m", "https://10.1.2.3:5"]), max_size=2).map(tuple),
    insecure_registries=st.lists(st.sampled_from(LISTED), max_size=4).map(tuple),
    accept_insecure_registry=st.booleans(),
    disable_legacy_registry=st.none() | st.booleans(),
)


def resolve(name: str) -> Sequence[str]:
    return NAMES[name]


def push(host: str, options: Options, traits: Traits) -> tuple[Endpoint, ...]:
    return push_endpoints(service_config(options, traits), host, traits, resolve)


def pull(host: str, options: Options, traits: Traits) -> tuple[Endpoint, ...]:
    return pull_endpoints(service_config(options, traits), host, traits, resolve)


def shown(endpoints: Sequence[Endpoint]) -> list[str]:
    """`v2 https://host!`: the mark stands where certificates are not checked."""
    return [f"v{e.version} {e.url}{'!' if e.insecure_skip_verify else ''}" for e in endpoints]


NET = ["reloadable", "checked-lists", "v2-only", "loopback-v6", "netip"]
