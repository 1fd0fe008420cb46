"""Hosts with ports, addresses, networks and URLs, one by one."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gopatch.go.net import (
    atoi,
    net_contains,
    netip_contains,
    parse_address,
    parse_cidr,
    parse_prefix,
    parse_url,
    parse_zoned,
    split_host_port,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("host:80", ("host", "80"), id="host and port"),
        pytest.param("[::1]:80", ("::1", "80"), id="brackets go"),
        pytest.param("[fe80::1%eth0]:80", ("fe80::1%eth0", "80"), id="zone stays"),
        pytest.param(":80", ("", "80"), id="no host"),
        pytest.param("host:", ("host", ""), id="empty port"),
        pytest.param("[]:5", ("", "5"), id="empty brackets"),
        pytest.param("host", None, id="missing port"),
        pytest.param("", None, id="empty"),
        pytest.param("::1", None, id="too many colons"),
        pytest.param("[::1]", None, id="brackets without port"),
        pytest.param("[::1]x:80", None, id="text behind the bracket"),
        pytest.param("[::1]:80:90", None, id="two ports"),
        pytest.param("[::1:80", None, id="bracket not closed"),
        pytest.param("a[b:80", None, id="bracket inside"),
        pytest.param("a]b:80", None, id="closing bracket inside"),
        pytest.param("host:8]0", None, id="bracket in the port"),
        pytest.param("[a[b]:80", None, id="two opening brackets"),
    ],
)
def test_split_host_port(text: str, expected: tuple[str, str] | None) -> None:
    assert split_host_port(text) == expected


@given(st.text("abc0.:[]%", max_size=9))
def test_split_host_port_gives_back_what_was_there(text: str) -> None:
    found = split_host_port(text)
    if found is not None:
        assert text in (f"{found[0]}:{found[1]}", f"[{found[0]}]:{found[1]}")
        assert not set("[]") & set(found[0] + found[1])


@pytest.mark.parametrize(
    ("text", "by_net", "by_netip"),
    [
        pytest.param("10.1.2.3/8", "10.0.0.0/8", "10.0.0.0/8", id="host bits go"),
        pytest.param("::1/128", "::1/128", "::1/128", id="IPv6"),
        pytest.param("10.0.0.0/08", "10.0.0.0/8", None, id="leading zero"),
        pytest.param("10.0.0.0/33", None, None, id="too long"),
        pytest.param("10.0.0.0/-1", None, None, id="negative"),
        pytest.param("10.0.0.0/", None, None, id="no length"),
        pytest.param("10.0.0.0", None, None, id="no slash"),
        pytest.param("10.0.0.0/255.0.0.0", None, None, id="mask"),
        pytest.param("10.0.0/8", None, None, id="three numbers"),
        pytest.param("10.00.0.0/8", None, None, id="leading zero in the address"),
        pytest.param("fe80::%eth0/10", None, None, id="zone"),
        pytest.param("10.0.0.0/99999999999999999999", None, None, id="huge"),
        pytest.param("10.0.0.0/\u0661", None, None, id="not an ASCII digit"),
    ],
)
def test_networks(text: str, by_net: str | None, by_netip: str | None) -> None:
    assert [str(n) if n else None for n in (parse_cidr(text), parse_prefix(text))] == [
        by_net,
        by_netip,
    ]


def test_ipv4_in_ipv6_counts_as_ipv4_for_ipnet_only() -> None:
    mapped = IPv6Network("::ffff:10.1.2.0/120")
    address = ip_address("10.1.2.3")
    assert (net_contains(mapped, address), netip_contains(mapped, address)) == (True, False)
    assert net_contains(IPv4Network("10.0.0.0/8"), ip_address("::ffff:10.9.9.9"))
    assert netip_contains(IPv4Network("10.0.0.0/8"), ip_address("::ffff:10.9.9.9"))
    assert not net_contains(IPv6Network("::/0"), address)
    assert not net_contains(IPv4Network("0.0.0.0/0"), ip_address("2001:db8::1"))


def test_addresses() -> None:
    assert str(parse_address("::FFFF:1.2.3.4")) == str(ip_address("::ffff:1.2.3.4"))
    for bad in ("", "1.2.3", "01.2.3.4", "host", "fe80::1%eth0", "[::1]", "10.0.0.0/8"):
        assert parse_address(bad) is None, bad
    assert parse_zoned("fe80::1%eth0") == (ip_address("fe80::1"), "eth0")
    assert parse_zoned("fe80::1%") is None
    assert parse_zoned("1.2.3.4%eth0") is None
    assert [atoi(text) for text in ("80", "+80", "-1", "1_0", "", "٣")] == [
        80,
        80,
        -1,
        None,
        None,
        None,
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("HTTPS://h:5/p?q#f", ("https", "h:5", "/p", "q", "f", False), id="all parts"),
        pytest.param("http://u:p@h/", ("http", "h", "/", "", "", True), id="user"),
        pytest.param("http:x", ("http", "", "", "", "", False), id="opaque"),
        pytest.param("//h/p", ("", "h", "/p", "", "", False), id="no scheme"),
        pytest.param("host", ("", "", "host", "", "", False), id="path alone"),
        pytest.param(
            "https://HTTP://x/", ("https", "HTTP:", "//x/", "", "", False), id="scheme twice"
        ),
        pytest.param(
            "http://h/a%20b", ("http", "h", "/a b", "", "", False), id="escape in the path"
        ),
        pytest.param("http://[::1]:5", ("http", "[::1]:5", "", "", "", False), id="IPv6"),
    ],
)
def test_urls(text: str, expected: tuple[str, str, str, str, str, bool]) -> None:
    assert parse_url(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "1.2.3.4:80",
        ":x",
        "http://h:a",
        "http://a b",
        "http://h/%zz",
        "http://[::1",
        "http://h\n",
        "http://a%41/",
    ],
)
def test_urls_that_go_refuses(text: str) -> None:
    assert parse_url(text) is None
