"""A daemon.json by itself."""

from __future__ import annotations

import json
from typing import get_args

import pytest

from gopatch.model import PRESETS, preset_rules
from gopatch.model.config_rules import Reader
from gopatch.story.check import check
from gopatch.story.command import Command, Release
from gopatch.story.pages import check_to_json, render_check


def source(kind: str) -> Release:
    return Release(PRESETS[kind], preset_rules(kind))


def listing(*values: str) -> Command:
    return Command(file=json.dumps({"insecure-registries": values}).encode())


@pytest.mark.parametrize(
    ("value", "kind", "words"),
    [
        ("r.example:5000", "netip", "r.example without a port, or with another"),
        ("r.example", "netip", "r.example with a port is another registry"),
        ("10.0.0.0/8", "netip", "10.0.0.0/8: addresses with any port"),
        ("0.0.0.0/0", "netip", "all of IPv4"),
        ("::/0", "netip", "all of IPv6"),
        ("docker.io", "netip", "nothing: Docker Hub stays secure"),
        ("http://r.example", "netip", "r.example, letter by letter"),
        ("http://r.example", "reloadable", "nothing: this source keeps the scheme"),
        ("r.example", "v2-only", "list http://r.example"),
        ("10.0.0.0/8", "v2-only", "BuildKit of this source knows no networks"),
    ],
)
def test_what_an_entry_matches(value: str, kind: str, words: str) -> None:
    found = check(listing(value), source(kind))
    assert found.starts
    assert words in found.entries[0].means
    assert f"insecure-registries: {value}" in render_check(found)


def test_what_is_always_listed() -> None:
    found = check(Command(file=b"{}"), source("netip"))
    assert [entry.value for entry in found.entries] == ["::1/128", "127.0.0.0/8"]
    assert "no key of the file is about registries" in found.notes


@pytest.mark.parametrize(
    ("data", "kind", "words"),
    [
        (b"{", "netip", "invalid JSON: unexpected end of JSON input"),
        (
            b'{"insecure-registries": ["r.example/x"]}',
            "netip",
            "insecure registry r.example/x is not",
        ),
        (b'{"registry-mirrors": ["m.example"]}', "netip", "invalid mirror: no scheme"),
        (b'{"unknown": 1}', "reloadable", "don't match any configuration option: unknown"),
    ],
)
def test_what_is_wrong(data: bytes, kind: str, words: str) -> None:
    found = check(Command(file=data), source(kind))
    assert (found.starts, found.entries) == (False, ())
    assert words in found.error
    assert words in render_check(found)
    assert json.loads(check_to_json(found))["starts"] is False


def test_the_option_is_unknown_to_the_stock_daemon() -> None:
    found = check(Command(file=b'{"accept-insecure-registry": true}'), source("netip"))
    assert (found.starts, found.keys) == (True, ("accept-insecure-registry",))
    assert "without the patch it does not" in render_check(found)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b'{"insecure-registries": []}', "is there and empty"),
        (b'{"insecure-registries": [" 10.0.0.0/8"]}', ""),
        (b'{"insecure-registry": ["a"]}', "has no effect"),
        (b'{"debug": true}', "not looked at"),
    ],
)
def test_notes(data: bytes, words: str) -> None:
    found = check(Command(file=data), source("v2-only"))
    assert words in " ".join(found.notes)


def test_a_release_without_a_file() -> None:
    found = check(Command(file=b"anything"), source("first-lookups"))
    assert found.starts
    assert "reads no daemon.json" in found.notes[0]
    assert "" in get_args(Reader)
