"""What Go's `net`, `net/netip` and `net/url` make of a string, where Docker's rules depend on it.

Each function follows the Go function that its docstring names, and returns None where Go
returns an error, for Docker only ever asks whether there was one.
"""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*(?=:)")
_USER = re.compile(r"[A-Za-z0-9\-._:~!$&'()*+,;=%@]*", re.ASCII)
# RFC 3986 allows less; Go also lets < > and " through, and every byte above ASCII.
_HOST = re.compile(
    r"(?:[A-Za-z0-9\-_.~!$&'()*+,;=:\[\]<>\"]|[^\x00-\x7f]|%25|%[89A-Fa-f][0-9A-Fa-f])*"
)


class Url(NamedTuple):
    """The fields of Go's `url.URL` that Docker looks at; `user` says whether there is one."""

    scheme: str
    host: str
    path: str
    query: str = ""
    fragment: str = ""
    user: bool = False


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
def parse_address(text: str) -> Address | None:
    """`net.ParseIP`: an address without a zone; IPv4 inside IPv6 stays IPv6 (see `unmap`)."""
    if "%" in text or "/" in text:
        return None
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def parse_zoned(text: str) -> tuple[Address, str] | None:
    """`netip.ParseAddr`: (address, zone); the zone is "" where there is none."""
    bare, percent, zone = text.partition("%")
    address = parse_address(bare)
    if address is None or (percent and (not zone or address.version == 4)):
        return None
    return address, zone


def unmap(address: Address) -> Address:
    """An IPv4 address written as IPv6 (`::ffff:a.b.c.d`) as IPv4: Go's `IP.To4`, `Addr.Unmap`."""
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def parse_cidr(text: str) -> Network | None:
    """`net.ParseCIDR`, its network part: the bits behind the prefix are dropped."""
    return _network(text, r"[0-9]+")


def parse_prefix(text: str) -> Network | None:
    """`netip.ParsePrefix(text).Masked()`: as `parse_cidr`, but `/08` is refused."""
    return _network(text, r"0|[1-9][0-9]*")


@lru_cache(4096)
def _network(text: str, bits: str) -> Network | None:
    name, slash, length = text.rpartition("/")
    address = parse_address(name)
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


def parse_url(text: str) -> Url | None:
    """`url.Parse`, None where it fails. An opaque URL (`http:x`) has neither host nor path.

    Of Go before 1.26, which does not mind further colons in a host: the Go of every release
    that the model speaks about.
    """
    text, _, fragment = text.partition("#")
    if _CONTROL.search(text) or text.startswith(":") or _BAD_ESCAPE.search(fragment):
        return None
    found = _SCHEME.match(text)
    scheme = found.group().lower() if found else ""
    rest, _, query = (text[found.end() + 1 :] if found else text).partition("?")
    if not rest.startswith("/"):
        if scheme:
            return Url(scheme, "", "", query, fragment)
        if ":" in rest.split("/", 1)[0]:
            return None
    authority, rest = _authority(rest) if scheme or not rest.startswith("///") else ("", rest)
    user, at, host = authority.rpartition("@")
    if _BAD_ESCAPE.search(rest) or not _valid_host(host) or not _valid_user(user):
        return None
    return Url(scheme, _unescape(host), _unescape(rest), query, fragment, bool(at))


def _authority(rest: str) -> tuple[str, str]:
    if not rest.startswith("//"):
        return "", rest
    authority, slash, path = rest[2:].partition("/")
    return authority, slash + path


def _valid_user(user: str) -> bool:
    return bool(_USER.fullmatch(user)) and not _BAD_ESCAPE.search(user)


def _valid_host(host: str) -> bool:
    if host.startswith("["):
        end = host.rfind("]")
        port = host[end + 1 :] if end >= 0 else "no closing bracket"
    else:
        port = host[host.rfind(":") :] if ":" in host else ""
    return bool(re.fullmatch(r"(?::[0-9]*)?", port, re.ASCII)) and bool(_HOST.fullmatch(host))


def _unescape(text: str) -> str:
    return unquote(text, errors="surrogateescape")
