"""Addresses, networks, and hosts with ports, as releases of Go read them: see `gopatch.go.net`."""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache
from typing import NamedTuple

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_LEADING_ZEROS = re.compile(r"(?:(?<=^)|(?<=[.:]))0+(?=[0-9]+(?:\.|$))(?![0-9a-fA-F]*:)", re.ASCII)


class GoRules(NamedTuple):
    """In what Go's releases differ here; by default the rules of Go 1.17 to 1.24.7.

    Go's release notes and security announcements are the source; tests hold this against tables
    that Go itself has made.
    """

    controls: bool = True
    """`url.Parse` refuses control characters: from 1.12 on."""

    ports: bool = True
    """`url.Parse` refuses a port that is no number after a host without brackets: from 1.11.13 and
    1.12.8 on."""

    octets: bool = True
    """`net.ParseIP` refuses leading zeros in IPv4: from 1.17 on."""

    brackets: bool = False
    """What stands in brackets must be an IPv6 address: from 1.24.8 and 1.25.2 on."""

    literal_first: bool = False
    """Nothing may stand before the bracket, where up to then it is dropped: from 1.25.8 and 1.26.1."""

    colons: bool = False
    """A host without brackets has at most one colon: from 1.26 on, in a module that asks for 1.26
    (GODEBUG=urlstrictcolons)."""

    fields_named: bool = True
    """encoding/json names the struct's field where a value does not fit: from 1.8 on."""

    embedded_named: bool = False
    """It names the embedded structs on the way there too: from 1.24 on."""


GO = GoRules()


def go_rules(release: str, module: str = "") -> GoRules:
    """The rules of a release of Go ("1.24.9"), for a program whose go.mod says `go MODULE`.

    Without a go.mod, GODEBUG's defaults are those of an old Go.
    """
    version = _version(release)
    fixed = (version[:2] == (1, 11) and version >= (1, 11, 13)) or version >= (1, 12, 8)
    strict = (version[:2] == (1, 24) and version >= (1, 24, 8)) or version >= (1, 25, 2)
    return GoRules(
        controls=version >= (1, 12),
        ports=fixed,
        octets=version >= (1, 17),
        brackets=strict,
        literal_first=(1, 25, 8) <= version < (1, 26) or version >= (1, 26, 1),
        colons=version >= (1, 26) and _version(module) >= (1, 26),
        fields_named=version >= (1, 8),
        embedded_named=version >= (1, 24),
    )


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"[0-9]{1,6}", text)[:3])


NEWEST = go_rules("1.26.1", "1.26")


def split_host_port(text: str) -> tuple[str, str] | None:
    """`net.SplitHostPort`: (host without brackets, port), None for a string without a port.

    None as well for a bare IPv6 address, for which Go says "too many colons in address".
    """
    colon = text.rfind(":")
    if colon < 0:
        return None
    if not text.startswith("["):
        host = text[:colon]
        return (
            None
            if set(":[]") & set(host) or set("[]") & set(text[colon:])
            else (host, text[colon + 1 :])
        )
    end = text.find("]")
    if end < 0 or end + 1 != colon:
        return None
    if "[" in text[1:] or "]" in text[end + 1 :]:
        return None
    return text[1:end], text[colon + 1 :]


@lru_cache(4096)
def parse_address(text: str, rules: GoRules = GO) -> Address | None:
    """`net.ParseIP`: an address without a zone; IPv4 inside IPv6 stays IPv6 (see `unmap`)."""
    if "%" in text or "/" in text:
        return None
    if not rules.octets:
        text = _LEADING_ZEROS.sub("", text)
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def parse_zoned(text: str, rules: GoRules = GO) -> tuple[Address, str] | None:
    """`netip.ParseAddr`: (address, zone); the zone is "" where there is none."""
    bare, percent, zone = text.partition("%")
    address = parse_address(bare, rules)
    if address is None or (percent and (not zone or address.version == 4)):
        return None
    return address, zone


def unmap(address: Address) -> Address:
    """An IPv4 address written as IPv6 (`::ffff:a.b.c.d`) as IPv4: Go's `IP.To4`, `Addr.Unmap`."""
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def is_loopback(address: Address) -> bool:
    """`net.IP.IsLoopback`: an IPv4 address counts in IPv6 clothes too, whatever Python thinks."""
    return unmap(address).is_loopback


def parse_cidr(text: str, rules: GoRules = GO) -> Network | None:
    """`net.ParseCIDR`, its network part: the bits behind the prefix are dropped."""
    return _network(text, r"[0-9]+", rules)


def parse_prefix(text: str) -> Network | None:
    """`netip.ParsePrefix(text).Masked()`: as `parse_cidr`, but `/08` is refused."""
    return _network(text, r"0|[1-9][0-9]*", GO)


@lru_cache(4096)
def _network(text: str, bits: str, rules: GoRules) -> Network | None:
    name, slash, length = text.rpartition("/")
    address = parse_address(name, rules)
    if not slash or address is None or not re.fullmatch(bits, length, re.ASCII):
        return None
    # The length of the digits bounds the number before it is made: Go's counters are bounded too.
    if len(length.lstrip("0")) > 3 or int(length) > address.max_prefixlen:
        return None
    return ipaddress.ip_network((address, int(length)), strict=False)


def net_contains(network: Network, address: Address) -> bool:
    """`net.IPNet.Contains`: both sides of an IPv4 address in IPv6 clothes count as IPv4."""
    if isinstance(network, ipaddress.IPv6Network) and network.prefixlen >= 96:
        mapped = network.network_address.ipv4_mapped
        if mapped is not None:
            network = ipaddress.IPv4Network((mapped, network.prefixlen - 96))
    return unmap(address) in network


def netip_contains(network: Network, address: Address) -> bool:
    """`netip.Prefix.Contains(address.Unmap())`: the network's side is not unmapped."""
    return unmap(address) in network


def atoi(text: str) -> int | None:
    """`strconv.Atoi` in base ten, without the bound of 64 bits."""
    return int(text) if re.fullmatch(r"[+-]?[0-9]{1,18}", text, re.ASCII) else None
