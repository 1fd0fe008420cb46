"""What the registry package calls outside of itself, as far as its endpoint lookup needs it.

Everything here is a model: no file is read, no name is resolved but by the resolver given, no
certificate lies in any folder. `Library.used` lists what was asked for, for a reader to judge.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from gopatch.evaluate.standard import FUNCTIONS, atomic_bool, failed, lock, nothing, once
from gopatch.evaluate.values import Many, Native, Pointer, Slice, Struct, UnsupportedError
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
from gopatch.model import Resolver, no_resolver
from gopatch.model.options import host_pattern

# Packages of which only the end of the path counts: forks and vendoring move the rest.
_BY_TAIL = {
    "logrus": "log",
    "containerd/log": "log",
    "tlsconfig": "tlsconfig",
    "errdefs": "errdefs",
    "pkg/errors": "errors",
    "opts": "opts",
    "types/registry": "types",
    "lazyregexp": "regexp",
    "rootless": "rootless",
    "homedir": "homedir",
    "net/context": "context",
    "reference": "reference",
    "io/ioutil": "os",
}
_TYPES: dict[str, dict[str, Any]] = {
    "net/url.URL": {
        "Scheme": "", "Opaque": "", "User": None, "Host": "", "Path": "", "RawPath": "",
        "RawQuery": "", "Fragment": "",
    },
    "crypto/tls.Config": {
        "InsecureSkipVerify": False, "RootCAs": None, "Certificates": None, "ServerName": "",
        "MinVersion": 0, "MaxVersion": 0, "CipherSuites": None, "ClientCAs": None, "ClientAuth": 0,
        "NextProtos": None, "PreferServerCipherSuites": False,
    },
    "types.IndexInfo": {"Name": "", "Mirrors": None, "Secure": False, "Official": False},
    "types.ServiceConfig": {
        "AllowNondistributableArtifactsCIDRs": None,
        "AllowNondistributableArtifactsHostnames": None,
        "InsecureRegistryCIDRs": None, "IndexConfigs": None, "Mirrors": None, "ExtraFields": None,
    },
    "github.com/docker/distribution/registry/client/auth.APIVersion": {"Type": "", "Version": ""},
}  # fmt: skip
_CONVERSIONS = {"net.IPNet", "net.IP", "types.NetIPNet", "net/http.Header"}
_MADE: dict[str, Callable[[], Any]] = {
    "sync.Mutex": lock,
    "sync.RWMutex": lock,
    "sync.Once": once,
    "sync/atomic.Bool": atomic_bool,
    "opts.ListOpts": lambda: list_opts(()),
}
_DOMAIN = "(?:domain)"  # stands for reference.DomainRegexp in the texts of regular expressions


class _Anything(dict[str, Callable[..., Any]]):
    """The methods of a logger: every one of them is there and gives a logger."""

    def get(self, key: str, default: Any = None) -> Any:
        return lambda *_: LOGGER


LOGGER = Native("logger")
LOGGER.methods = _Anything()
CONTEXT = Native("context", {"Err": lambda: None, "Done": lambda: None, "Value": lambda _: None})


class _Default(Struct):
    """tlsconfig.ServerDefault: a struct up to v1.10, a function since."""

    def __call__(self, *options: Any) -> Pointer:
        if options:
            raise UnsupportedError("options of tlsconfig")
        return Pointer(self.copy())


class Library:
    """Packages by import path. `used` grows by what is asked for."""

    def __init__(self, resolve: Resolver = no_resolver, *, bracketed_hosts: bool = True) -> None:
        self.resolve = resolve
        self.used: set[str] = set()
        self._domain = f"(?:{host_pattern(bracketed_hosts)})"
        self._members: dict[str, Any] = {
            **FUNCTIONS,
            **_MEMBERS,
            "net.LookupIP": self._lookup_ip,
            "regexp.MustCompile": self._regexp,
            "regexp.New": self._regexp,
            "reference.DomainRegexp": Native("regexp", {"String": lambda: _DOMAIN}),
        }

    def member(self, path: str, name: str) -> Any:
        """A function, variable or constant of another package; UnsupportedError if unknown."""
        package = _package(path)
        key = f"{package}.{name}"
        self.used.add(key)
        if package == "log":
            return lambda *_: LOGGER
        if package == "errdefs":
            return lambda error, *_: error
        if key not in self._members:
            raise UnsupportedError(f"`{path}.{name}`, which is outside of the package")
        return self._members[key]

    def is_type(self, path: str, name: str) -> bool:
        return f"{_package(path)}.{name}" in _CONVERSIONS

    def zero(self, path: str, name: str) -> Any:
        """The zero value of another package's type."""
        key = f"{_package(path)}.{name}"
        if key in _TYPES:
            return Struct(key, dict(_TYPES[key]))
        made = _MADE.get(key)
        return Native(key, key="zero") if made is None else made()

    def method(self, struct: Struct, name: str) -> Callable[..., Any] | None:
        """The method of a struct of another package, or None."""
        if struct.type == "net.IPNet":
            network = struct.fields["network"]
            methods: dict[str, Callable[..., Any]] = {
                "Contains": lambda ip: net_contains(network, ip.key),
                "String": lambda: str(network),
            }
            return methods.get(name)
        if struct.type == "crypto/tls.Config" and name == "Clone":
            return lambda: Pointer(struct.copy())
        if struct.type == "net/url.URL":
            fields = struct.fields
            return {
                "String": lambda: f"{fields['Scheme']}://{fields['Host']}{fields['Path']}",
                "Hostname": lambda: _hostname(fields["Host"]),
            }.get(name)
        return None

    def _lookup_ip(self, name: str) -> Many:
        literal = parse_zoned(name)
        if literal is not None:
            return Many((Slice([_ip(literal[0])]), None))
        try:
            texts: Sequence[str] = self.resolve(name) if name else ()
        except (LookupError, OSError):
            texts = ()
        found = Slice(_ip(a) for a in map(parse_address, texts) if a is not None)
        return Many((found, None)) if found else failed(None, message="no such host")

    def _regexp(self, text: str) -> Native:
        text = re.sub(r"\$$", r"\\Z", text.replace(_DOMAIN, self._domain))
        try:
            compiled = re.compile(text, re.ASCII)
        except re.error as error:
            raise UnsupportedError(f"the regular expression {text}: {error}") from None
        return Native("regexp", {"MatchString": lambda s: compiled.search(s) is not None})


@cache
def _package(path: str) -> str:
    if "." not in path.split("/", maxsplit=1)[0] and path not in _BY_TAIL:
        return path
    for tail, package in _BY_TAIL.items():
        if path == tail or path.endswith("/" + tail):
            return package
    return path


def _hostname(host: str) -> str:
    bare = (split_host_port(host) or (host,))[0]
    return bare.removeprefix("[").removesuffix("]")


def list_opts(values: Sequence[str]) -> Native:
    """An opts.ListOpts, whose copies share what they hold."""
    held = list(values)

    def add(value: str) -> None:
        held.append(value)

    methods: dict[str, Callable[..., Any]] = {
        "GetAll": lambda: Slice(held),
        "Set": add,
        "Len": lambda: len(held),
    }
    return Native("opts.ListOpts", methods)


def _ip(address: Address) -> Native:
    methods: dict[str, Callable[..., Any]] = {"String": lambda: str(unmap(address))}
    return Native("net.IP", methods, address)


def _ip_net(network: Network) -> Pointer:
    # Their text is all that Docker compares: it says the same as the bytes.
    mask = str(network.netmask)
    fields = {
        "network": network,
        "IP": _ip(network.network_address),
        "Mask": Native("mask", {"String": lambda: mask}, mask),
    }
    return Pointer(Struct("net.IPNet", fields))


def _parse_cidr(text: str) -> Many:
    network = parse_cidr(text)
    if network is None:
        return failed(None, None, message=f"invalid CIDR address: {text}")
    return Many((_ip(network.network_address), _ip_net(network), None))


def _parse_ip(text: str) -> Native | None:
    address = parse_address(text)
    return None if address is None else _ip(address)


def _prefix(network: Network) -> Native:
    def contains(address: Native) -> bool:
        bare, zone = address.key
        return not zone and netip_contains(network, bare)

    methods: dict[str, Callable[..., Any]] = {"Contains": contains, "String": lambda: str(network)}
    own = Native("netip.Prefix", methods, network)
    own.methods["Masked"] = lambda: own
    return own


def _parse_prefix(text: str) -> Many:
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


def _parse_addr(text: str) -> Many:
    found = parse_zoned(text)
    if found is None:
        return failed(Native("netip.Addr"), message=f"ParseAddr({text})")
    return Many((_addr(*found), None))


def _parse_url(text: str) -> Many:
    url = parse_url(text)
    if url is None:
        return failed(None, message=f"parse {text}")
    fields = dict(_TYPES["net/url.URL"])
    fields |= {"Scheme": url.scheme, "Host": url.host, "Path": url.path}
    fields |= {"RawQuery": url.query, "Fragment": url.fragment}
    fields["User"] = _user() if url.user else None
    return Many((Pointer(Struct("net/url.URL", fields)), None))


def _user(*_: Any) -> Native:
    return Native("userinfo", {"Username": lambda: ""})


_SERVER = dict(_TYPES["crypto/tls.Config"])

_MEMBERS: dict[str, Any] = {
    "net.ParseCIDR": _parse_cidr,
    "net.ParseIP": _parse_ip,
    "net/netip.ParsePrefix": _parse_prefix,
    "net/netip.ParseAddr": _parse_addr,
    "net/netip.AddrFromSlice": lambda found: Many((_addr(found.key), True)),
    "net/url.Parse": _parse_url,
    "net/url.UserPassword": _user,
    "tlsconfig.ServerDefault": _Default("crypto/tls.Config", _SERVER),
    "tlsconfig.ClientDefault": _Default("crypto/tls.Config", _SERVER),
    "opts.NewListOpts": lambda _: list_opts(()),
    "reference.DefaultHostname": "docker.io",
    "reference.LegacyDefaultHostname": "index.docker.io",
    "context.TODO": lambda: CONTEXT,
    "context.Background": lambda: CONTEXT,
    "homedir.GetConfigHome": lambda: failed("", message="no home"),
    "rootless.RunningWithRootlessKit": lambda: False,
    "runtime.KeepAlive": nothing,
}
