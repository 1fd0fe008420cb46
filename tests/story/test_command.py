"""What a daemon is started with, and what stops it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gopatch.model import PRESETS, ModelError, Options, preset_rules
from gopatch.story.command import Command, Release, start
from gopatch.story.tell import commanded
from tests.story.asked import question


def source(kind: str) -> Release:
    return Release(PRESETS[kind], preset_rules(kind))


FILE = Command(file=b'{"insecure-registries": ["a"], "registry-mirrors": ["http://m"]}')


@pytest.mark.parametrize(
    ("command", "kind", "options"),
    [
        (Command(), "netip", Options()),
        (Command(listed=("index.docker.io",)), "netip", Options((), ("docker.io",))),
        (Command(("http://m",), ("a",), True), "netip", Options(("http://m/",), ("a",), True)),
        (Command(legacy=True), "reloadable", Options(disable_legacy_registry=True)),
        (FILE, "netip", Options(("http://m",), ("a",))),
        (replace(FILE, accept=True), "netip", Options(("http://m",), ("a",), True)),
        (replace(FILE, file=b"{}", listed=("b",)), "netip", Options((), ("b",))),
        (replace(FILE, file=b"null", listed=("b",)), "netip", Options((), ("b",))),
        (replace(FILE, listed=("b",)), "first-lookups", Options((), ("b",))),
        (Command(file=b"", accept=True), "netip", Options((), (), True)),
    ],
)
def test_what_it_comes_to(command: Command, kind: str, options: Options) -> None:
    assert start(command, source(kind)).options == options


@pytest.mark.parametrize(
    ("command", "kind", "error", "words"),
    [
        (Command(listed=("a-",)), "netip", "hyphen", 'invalid argument "a-" for "--insecure-reg'),
        (Command(listed=("a-",)), "ping-login", "hyphen", 'invalid value "a-" for flag --insecure'),
        (Command(mirrors=("m",)), "netip", "mirror-scheme", "no scheme specified for"),
        (Command(mirrors=("ftp://m",)), "reloadable", "mirror-scheme", "Unsupported scheme ftp"),
        (Command(legacy=True), "v2-only", "flag", "unknown flag: --disable-legacy-registry"),
        (Command(legacy=True), "checked-lists", "flag", "flag has been removed"),
        (
            Command(file=b'{"disable-legacy-registry": false}'),
            "checked-lists",
            "daemon-json",
            "configuration option has been removed",
        ),
        (replace(FILE, listed=("b",)), "netip", "daemon-json", "from flag: [b], from file: [a]"),
        (
            replace(FILE, mirrors=("http://o",)),
            "netip",
            "daemon-json",
            "from flag: [http://o/], from file: [http://m]",
        ),
        (
            Command(accept=True, file=b'{"accept-insecure-registry": false}'),
            "netip",
            "daemon-json",
            "accept-insecure-registry: (from flag: true, from file: false)",
        ),
        (Command(file=b"{"), "v2-only", "daemon-json", "with file daemon.json: unexpected EOF"),
    ],
)
def test_it_does_not_start(command: Command, kind: str, error: str, words: str) -> None:
    with pytest.raises(ModelError) as caught:
        start(command, source(kind))
    assert caught.value.kind == error
    assert words in str(caught.value)
    pair = commanded(replace(question("login", Options(), kind)), command, source(kind))
    assert pair.stock == pair.patched
    assert (pair.patched.refused, pair.patched.kind, pair.patched.attempts) == ("daemon", error, ())


@pytest.mark.parametrize("value", ["ftp://r.example", "r.example/x", "r.example:99999"])
def test_the_service_refuses_an_entry_in_the_same_form(value: str) -> None:
    found = commanded(
        question("login", Options(), "netip"), Command(listed=(value,)), source("netip")
    )
    assert found.patched.refused == "daemon"
    assert found.patched.error.startswith("insecure registry ")


def test_the_stock_daemon_is_told_without_the_option() -> None:
    command = Command(file=b'{"accept-insecure-registry": true}')
    pair = commanded(question("login", Options(), "netip"), command, source("netip"))
    assert (pair.stock.accept_insecure_registry, pair.patched.accept_insecure_registry) == (
        False,
        True,
    )
    assert pair.stock.attempts
    assert "told without" in pair.notes[0]


def test_a_store_that_is_not_there_is_an_error_whatever_the_file_says() -> None:
    asked = replace(question("pull", Options(), "v2-only"), store="containerd")
    with pytest.raises(ModelError, match="containerd"):
        commanded(asked, Command(file=b"{"), source("v2-only"))
