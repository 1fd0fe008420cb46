"""What Go's `net`, `net/netip` and `net/url` make of a string, where Docker's rules depend on it.

Each function follows the Go function that its docstring names, and returns None where Go
returns an error, for Docker mostly asks no more than whether there was one.
"""

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

__all__ = [
    "GO",
    "NEWEST",
    "Address",
    "GoRules",
    "Network",
    "Url",
    "UrlError",
    "atoi",
    "go_rules",
    "is_loopback",
    "net_contains",
    "netip_contains",
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
