"""What Go's `net`, `net/netip` and `net/url` make of a string, where Docker's rules depend on it.

Each function follows the Go function that its docstring names, and returns None where Go
returns an error, for Docker mostly asks no more than whether there was one.
"""

from collections.abc import Callable, Sequence

from gopatch.go._address import (
    GO,
    NEWEST,
    Address,
    GoRules,
    Network,
    atoi,
    go_rules,
    is_loopback,
    net_contains,
    netip_contains,
    parse_address,
    parse_cidr,
    parse_prefix,
    parse_zoned,
    split_host_port,
    unmap,
)
from gopatch.go._url import Url, UrlError, parse_url, quoted, shown_url, url_error

Resolver = Callable[[str], Sequence[str]]
"""`net.LookupIP`: a name's IP addresses as text. It is asked for names only, never for an
address; LookupError or OSError means that the name does not resolve."""


def no_resolver(name: str) -> Sequence[str]:
    """A world without DNS."""
    raise LookupError(name)


__all__ = [
    "GO",
    "NEWEST",
    "Address",
    "GoRules",
    "Network",
    "Resolver",
    "Url",
    "UrlError",
    "atoi",
    "go_rules",
    "is_loopback",
    "net_contains",
    "netip_contains",
    "no_resolver",
    "parse_address",
    "parse_cidr",
    "parse_prefix",
    "parse_url",
    "parse_zoned",
    "quoted",
    "shown_url",
    "split_host_port",
    "unmap",
    "url_error",
]
