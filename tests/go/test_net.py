"""Go's net and url, release by release: `urls.json` is what url.Parse of each made of the project's own
URLs, with the error in its words; the second number is the `go` line of the module."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from gopatch.go.net import (
    GO,
    NEWEST,
    GoRules,
    go_rules,
    is_loopback,
    parse_address,
    parse_cidr,
    parse_url,
    parse_zoned,
    quoted,
    url_error,
)

TABLES: dict[str, list[list[Any]]] = json.loads(Path(__file__).with_name("urls.json").read_text())


@pytest.mark.parametrize("table", TABLES)
def test_urls_as_go_reads_them(table: str) -> None:
    rules = go_rules(*table.split())
    for text, error, *fields in TABLES[table]:
        assert url_error(text, rules) == (error or "")
        found = parse_url(text, rules)
        assert (list(found) if found else []) == fields


@pytest.mark.parametrize(
    ("release", "module", "rules"),
    [
        ("1.4.2", "", GoRules(controls=False, ports=False, octets=False, fields_named=False)),
        ("1.11.12", "", GoRules(controls=False, ports=False, octets=False)),
        ("1.11.13", "", GoRules(controls=False, octets=False)),
        ("1.12", "", GoRules(ports=False, octets=False)),
        ("1.13.15", "", GoRules(octets=False)),
        ("1.17", "", GO),
        ("1.23.12", "", GO),
        ("1.24.7", "", GoRules(embedded_named=True)),
        ("1.24.8", "", GoRules(embedded_named=True, brackets=True)),
        ("1.25.0", "", GoRules(embedded_named=True)),
        ("1.25.2", "1.24", GoRules(embedded_named=True, brackets=True)),
        ("1.25.8", "1.25", GoRules(embedded_named=True, brackets=True, literal_first=True)),
        ("1.26.0", "1.26", GoRules(embedded_named=True, brackets=True, colons=True)),
        ("1.26.3", "1.25.5", GoRules(embedded_named=True, brackets=True, literal_first=True)),
        ("1.26.3", "1.26.3", NEWEST),
    ],
)
def test_what_changed_when(release: str, module: str, rules: GoRules) -> None:
    assert go_rules(release, module) == rules


@pytest.mark.parametrize(
    ("text", "old"),
    [
        ("010.000.0.1", "10.0.0.1"),
        ("::ffff:010.0.0.1", "::ffff:10.0.0.1"),
        ("10.0.0.1", "10.0.0.1"),
        ("0.0.0.0", "0.0.0.0"),
        ("256.0.0.1", None),
    ],
)
def test_leading_zeros(text: str, old: str | None) -> None:
    found = parse_address(text, go_rules("1.13"))
    assert (found == parse_address(old)) if old else found is None
    assert parse_address(text) == (found if text == old else None)


def test_networks_of_an_old_go() -> None:
    assert str(parse_cidr("010.0.0.0/8", go_rules("1.13"))) == "10.0.0.0/8"
    assert parse_cidr("010.0.0.0/8") is None
    assert parse_zoned("010.0.0.1", go_rules("1.13")) is not None


@pytest.mark.parametrize(
    ("text", "loopback"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("::ffff:10.0.0.1", False),
        ("::", False),
        ("128.0.0.1", False),
    ],
)
def test_loopback(text: str, loopback: bool) -> None:
    address = parse_address(text)
    assert address is not None
    assert is_loopback(address) is loopback


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("https://%20%25%zz.a", 'invalid URL escape "%20"'),
        ("https://a b%zz", 'invalid character " " in host name'),
        ("http://%@/p", 'invalid URL escape "%"'),
        ("http://us er@/p", "net/url: invalid userinfo"),
        ("%éx", 'invalid URL escape "%é"'),
        ("x:#%zz", 'invalid URL escape "%zz"'),
    ],
)
def test_the_first_fault_is_told(text: str, error: str) -> None:
    assert parse_url(text) is None
    assert url_error(text) == f"parse {quoted(text)}: {error}"


@pytest.mark.parametrize("text", ["http://r/#a%20b", "x:#a%20b", "#a%20b"])
def test_fragments_come_without_escapes(text: str) -> None:
    url = parse_url(text)
    assert url is not None
    assert url.fragment == "a b"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a", '"a"'),
        ('"\\', '"\\"\\\\"'),
        ("\t\x00\x7f", '"\\t\\x00\\x7f"'),
        ("é\u00a0\u200b", '"é\\u00a0\\u200b"'),
        ("\udcff", '"\\xff"'),
        ("\U000e0001", '"\\U000e0001"'),
    ],
)
def test_quotes(text: str, shown: str) -> None:
    assert quoted(text) == shown
