"""net, net/netip and net/url as values: addresses, networks and URLs."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_network
from typing import Any

from gopatch.evaluate.go_values import Many, Native, Pointer, Struct
from gopatch.evaluate.standard import failed
from gopatch.go.net import (
    Address,
    Network,
    net_contains,
    netip_contains,
    parse_address,
    parse_cidr,
    parse_prefix,
    parse_url,
    parse_zoned,
    split_host_port,
    unmap,
)

URL: dict[str, Any] = {
    "Scheme": "", "Opaque": "", "User": None, "Host": "", "Path": "", "RawPath": "",
    "RawQuery": "", "Fragment": "",
}  # fmt: skip


def hostname(host: str) -> str:
    bare = (split_host_port(host) or (host,))[0]
    return bare.removeprefix("[").removesuffix("]")


# What Go calls private: RFC 1918 and RFC 4193.
_PRIVATE = tuple(map(ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")))


def ip(address: Address) -> Native:
    """A net.IP; one of IPv4 is the same in 16 bytes."""
    bare = unmap(address)
    own = Native("net.IP", {}, address)
    own.methods = {
        "String": lambda: str(bare),
        "Equal": lambda other: other is not None and unmap(other.key) == bare,
        "IsLoopback": lambda: bare.is_loopback,
        "IsPrivate": lambda: any(bare in network for network in _PRIVATE),
        "IsUnspecified": lambda: bare.is_unspecified,
        "IsLinkLocalUnicast": lambda: bare.is_link_local,
        "To4": lambda: own if bare.version == 4 else None,
        "To16": lambda: own,
    }
    return own


# What these say of a nil net.IP, which ParseIP gives for what is no address; of the types that
# Docker's lookups use, no other has them.
_OF_NIL = {
    "IsLoopback": False, "IsPrivate": False, "IsUnspecified": False, "IsLinkLocalUnicast": False,
    "To4": None, "To16": None,
}  # fmt: skip


def nil_method(name: str) -> Callable[[], Any] | None:
    """A method of net.IP that can be called of nil; None where Go would panic, or it is another's."""
    return (lambda: _OF_NIL[name]) if name in _OF_NIL else None


def _ip_net(network: Network) -> Pointer:
    # Their text is all that Docker compares: it says the same as the bytes.
    mask = str(network.netmask)
    fields = {
        "network": network,
        "IP": ip(network.network_address),
        "Mask": Native("mask", {"String": lambda: mask}, mask),
    }
    return Pointer(Struct("net.IPNet", fields))


def parse_cidr_of(text: str) -> Many:
    network = parse_cidr(text)
    if network is None:
        return failed(None, None, message=f"invalid CIDR address: {text}")
    return Many((ip(network.network_address), _ip_net(network), None))


def parse_ip(text: str) -> Native | None:
    address = parse_address(text)
    return None if address is None else ip(address)


def _prefix(network: Network) -> Native:
    def contains(address: Native) -> bool:
        bare, zone = address.key
        return not zone and netip_contains(network, bare)

    methods: dict[str, Callable[..., Any]] = {"Contains": contains, "String": lambda: str(network)}
    own = Native("netip.Prefix", methods, network)
    own.methods["Masked"] = lambda: own
    return own


def parse_prefix_of(text: str) -> Many:
    network = parse_prefix(text)
    if network is None:
        return failed(Native("netip.Prefix"), message=f"netip.ParsePrefix({text})")
    return Many((_prefix(network), None))


def _addr(address: Address, zone: str = "") -> Native:
    methods: dict[str, Callable[..., Any]] = {
        "Unmap": lambda: _addr(unmap(address), zone),
        "String": lambda: str(address),
    }
    return Native("netip.Addr", methods, (address, zone))


def parse_addr(text: str) -> Many:
    found = parse_zoned(text)
    if found is None:
        return failed(Native("netip.Addr"), message=f"ParseAddr({text})")
    return Many((_addr(*found), None))


def parse_url_of(text: str) -> Many:
    url = parse_url(text)
    if url is None:
        return failed(None, message=f"parse {text}")
    fields = dict(URL)
    fields |= {"Scheme": url.scheme, "Host": url.host, "Path": url.path}
    fields |= {"RawQuery": url.query, "Fragment": url.fragment}
    fields["User"] = user() if url.user else None
    return Many((Pointer(Struct("net/url.URL", fields)), None))


def user(*_: Any) -> Native:
    return Native("userinfo", {"Username": lambda: ""})


def url_method(fields: dict[str, Any], name: str) -> Callable[..., Any] | None:
    """The methods of url.URL."""
    query = f"?{fields['RawQuery']}" if fields["RawQuery"] else ""
    port = (split_host_port(fields["Host"]) or ("", ""))[1]
    methods: dict[str, Callable[..., Any]] = {
        "String": lambda: f"{fields['Scheme']}://{fields['Host']}{fields['Path']}{query}",
        "Hostname": lambda: hostname(fields["Host"]),
        "Port": lambda: port,
        "EscapedPath": lambda: fields["Path"],
        "IsAbs": lambda: bool(fields["Scheme"]),
    }
    return methods.get(name)


def net_method(struct: Struct, name: str) -> Callable[..., Any] | None:
    """The methods of net.IPNet."""
    network = struct.fields["network"]
    methods: dict[str, Callable[..., Any]] = {
        "Contains": lambda ip: net_contains(network, ip.key),
        "String": lambda: str(network),
    }
    return methods.get(name)


MEMBERS: dict[str, Any] = {
    "net.ParseCIDR": parse_cidr_of,
    "net.ParseIP": parse_ip,
    "net/netip.ParsePrefix": parse_prefix_of,
    "net/netip.ParseAddr": parse_addr,
    "net/netip.AddrFromSlice": lambda found: Many((_addr(found.key), True)),
    "net/url.Parse": parse_url_of,
    "net/url.UserPassword": user,
}
