"""The options, and what Go's net and url packages make of their text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from gopatch.go.net import (
    GO,
)
from gopatch.model import (
    PRESETS,
    ModelError,
    Options,
    Traits,
    from_flags,
    service_config,
    validate_host_port,
    validate_index_name,
    validate_mirror,
)

NEW = PRESETS["netip"]
ROOT = PRESETS["v2-only"]
OLD = replace(PRESETS["reloadable"], go=GO)


@pytest.mark.parametrize(
    ("mirror", "bare", "root", "path"),
    [
        pytest.param("http://m", "http://m/", "http://m/", "http://m/", id="plain"),
        pytest.param("https://m/", "mirror-path", "https://m/", "https://m/", id="slash"),
        pytest.param("https://m/p", "mirror-path", "mirror-path", "https://m/p/", id="path"),
        pytest.param("https://m?q", *["mirror-path"] * 3, id="query"),
        pytest.param("https://m#f", *["mirror-path"] * 3, id="fragment"),
        pytest.param("https://u:p@m", "https://m/", "mirror-user", "mirror-user", id="password"),
        pytest.param("ftp://m", *["mirror-scheme"] * 3, id="other scheme"),
        pytest.param("m.example", *["mirror-scheme"] * 3, id="no scheme"),
        pytest.param("1.2.3.4:80", "mirror-url", "mirror-url", "mirror-scheme", id="host and port"),
        pytest.param("http:x", "http:///", "http:x/", "mirror-scheme", id="no slashes"),
        pytest.param("HTTP://m", "http://m/", "HTTP://m/", "HTTP://m/", id="upper case"),
        pytest.param("http://h:x", *["mirror-url"] * 3, id="bad port"),
    ],
)
def test_mirrors(mirror: str, bare: str, root: str, path: str) -> None:
    kinds = (OLD, ROOT, NEW)
    assert [_outcome(validate_mirror, mirror, traits) for traits in kinds] == [bare, root, path]


def _outcome(function: Callable[..., Any], *arguments: Any) -> Any:
    try:
        return function(*arguments)
    except ModelError as error:
        return error.kind


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        pytest.param("host", None, None, id="host"),
        pytest.param("HOST.example:5000", None, None, id="upper case and port"),
        pytest.param("[::1]:5000", None, None, id="IPv6 with port"),
        pytest.param("::1", None, None, id="bare IPv6"),
        pytest.param("[::1]", "host", None, id="brackets alone"),
        pytest.param("h:99999", "port", "port", id="port too high"),
        pytest.param("[::1]:-1", "port", "port", id="negative port"),
        pytest.param("[::1]:http", "port", "port", id="port by name"),
        pytest.param("[::1]:+80", None, None, id="port with a sign"),
        pytest.param("h:-1", "host", "host", id="negative port on a name"),
        pytest.param("a_b", "host", "host", id="underscore"),
        pytest.param("a..b", "host", "host", id="empty label"),
        pytest.param("h/path", "host", "host", id="path"),
        pytest.param("h\n", "host", "host", id="line end"),
        pytest.param("", "host", "host", id="empty"),
    ],
)
def test_host_ports(name: str, old: str | None, new: str | None) -> None:
    assert [_outcome(validate_host_port, name, traits) for traits in (ROOT, NEW)] == [old, new]


def test_index_names() -> None:
    assert validate_index_name("index.docker.io", Traits()) == "docker.io"
    assert validate_index_name("INDEX.docker.io", Traits()) == "INDEX.docker.io"
    for bad in ("-a", "a-", "-"):
        assert _outcome(validate_index_name, bad, Traits()) == "hyphen"


@pytest.mark.parametrize("name", list(PRESETS))
def test_no_options(name: str) -> None:
    traits = PRESETS[name]
    config = service_config(Options(), traits)
    assert [str(cidr) for cidr in config.insecure_cidrs] == list(traits.default_cidrs)
    assert (config.mirrors, config.insecure_hosts, config.hub_configured) == ((), frozenset(), True)
    assert not config.accept_insecure_registry


@pytest.mark.parametrize(
    ("entry", "v1_hub", "reloadable", "checked"),
    [
        pytest.param("host:5000", "host:5000", "host:5000", "host:5000", id="host"),
        pytest.param("http://host", "http://host", "http://host", "host", id="http"),
        pytest.param(
            "HTTPS://host", "HTTPS://host", "HTTPS://host", "host", id="https in capitals"
        ),
        pytest.param("ftp://host", "ftp://host", "ftp://host", "scheme", id="other scheme"),
        pytest.param("://host", "://host", "://host", "scheme", id="empty scheme"),
        pytest.param("http://http://host", *["http://http://host"] * 2, "host", id="twice"),
        pytest.param("-host", "-host", "dropped", "hyphen", id="hyphen"),
        pytest.param("10.0.0.0/33", "10.0.0.0/33", "10.0.0.0/33", "host", id="broken network"),
        pytest.param("docker.io", "nothing", "nothing", "nothing", id="Docker Hub stays secure"),
        pytest.param("index.docker.io", *["index.docker.io"] * 3, id="not normalised here"),
    ],
)
def test_listed_names(entry: str, v1_hub: str, reloadable: str, checked: str) -> None:
    def listed(kind: str) -> str:
        try:
            config = service_config(Options(insecure_registries=(entry,)), PRESETS[kind])
        except ModelError as error:
            return error.kind
        if not config.hub_configured:
            return "dropped"
        return next(iter(config.insecure_hosts), "nothing")

    expected = [v1_hub, reloadable, checked]
    assert [listed(kind) for kind in ("v1-hub", "reloadable", "checked-lists")] == expected


def test_an_error_that_is_not_looked_at_leaves_an_empty_configuration() -> None:
    config = service_config(Options(mirrors=("x",), insecure_registries=("host", "-bad")), OLD)
    assert (config.insecure_cidrs, config.insecure_hosts) == ((), frozenset())
    assert config.mirrors == ("x",)


def test_duplicates() -> None:
    twice = Options(insecure_registries=("10.0.0.0/8", "10.9.9.9/8", "h", "h"))
    assert len(service_config(twice, PRESETS["v1-hub"]).insecure_cidrs) == 3
    assert len(service_config(twice, ROOT).insecure_cidrs) == 2
    mirrors = Options(mirrors=("http://m", "http://m/", "http://n"))
    assert service_config(mirrors, ROOT).mirrors == ("http://m/", "http://n/")


def test_mirrors_of_the_json_file_are_taken_as_they_are_by_old_sources_only() -> None:
    options = Options(mirrors=("ftp://m",))
    assert service_config(options, OLD).mirrors == ("ftp://m",)
    assert _outcome(from_flags, options, OLD) == "mirror-scheme"
    assert _outcome(service_config, options, NEW) == "mirror-scheme"


def test_flags_normalise() -> None:
    options = Options(mirrors=("http://m",), insecure_registries=("index.docker.io", "h"))
    given_ = from_flags(options, NEW)
    assert given_.mirrors == ("http://m/",)
    assert given_.insecure_registries == ("docker.io", "h")
    assert from_flags(given_, NEW) == given_


@pytest.mark.parametrize(
    ("kind", "chosen", "v2_only"),
    [
        pytest.param("reloadable", None, False, id="on unless asked"),
        pytest.param("reloadable", True, True, id="switched off"),
        pytest.param("checked-lists", None, True, id="off unless asked"),
        pytest.param("checked-lists", False, False, id="switched on"),
        pytest.param("v2-only", False, True, id="there is none"),
    ],
)
def test_legacy_registries(kind: str, chosen: bool | None, v2_only: bool) -> None:
    config = service_config(Options(disable_legacy_registry=chosen), PRESETS[kind])
    assert config.v2_only is v2_only


@pytest.mark.parametrize("kind", list(PRESETS))
@pytest.mark.parametrize("accept", [True, False])
def test_the_option_changes_nothing_else_in_the_configuration(kind: str, accept: bool) -> None:
    options = Options(mirrors=("http://m",), insecure_registries=("h", "10.0.0.0/8"))
    stock = service_config(options, PRESETS[kind])
    chosen = service_config(replace(options, accept_insecure_registry=accept), PRESETS[kind])
    assert chosen.accept_insecure_registry is accept
    assert replace(chosen, accept_insecure_registry=False) == stock


def test_errors_that_are_not_looked_at() -> None:
    traits = replace(PRESETS["checked-lists"], load_errors_dropped=True)

    def left(mirror: str, entry: str) -> tuple[bool, int, bool]:
        options = Options(mirrors=(mirror,), insecure_registries=(entry,))
        config = service_config(options, traits)
        return bool(config.mirrors), len(config.insecure_cidrs), config.hub_configured

    assert left("http://m", "10.0.0.0/8") == (True, 2, True)
    assert left("ftp://m", "10.0.0.0/8") == (False, 2, True)
    assert left("http://m", "-bad") == (True, 0, True)
    assert left("ftp://m", "ftp://x") == (False, 0, False)
