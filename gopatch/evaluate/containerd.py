"""What Docker asks of BuildKit's and containerd's resolvers: the hosts of a registry, with a client each.

Modelled after buildkit/util/resolver (NewRegistryConfig) and containerd's remotes/docker/config
(ConfigureHosts): mirrors first, then the host; a client for each with a transport of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gopatch.evaluate import files
from gopatch.evaluate.go_values import (
    GoError,
    Many,
    Map,
    Pointer,
    Reference,
    Slice,
    Struct,
    UnsupportedError,
)
from gopatch.evaluate.network import World, struct, tls_config

_NOT_FOUND = GoError("not found", "NotFound")
TYPES: dict[str, dict[str, Any]] = {
    "docker.RegistryHost": {
        "Client": None, "Authorizer": None, "Host": "", "Scheme": "", "Path": "", "Capabilities": 0,
        "Header": None,
    },
    "bkconfig.RegistryConfig": {
        "Mirrors": None, "PlainHTTP": None, "Insecure": None, "RootCAs": None, "KeyPairs": None,
        "TLSConfigDir": None,
    },
    "resolver.RegistryConf": {"Mirrors": None, "PlainHTTP": False},
    "docker.ResolverOptions": {
        "Client": None, "PlainHTTP": False, "Host": None, "Hosts": None, "Headers": None,
        "Tracker": None, "Authorizer": None, "Credentials": None,
    },
    "hostconfig.HostOptions": {
        "HostDir": None, "Credentials": None, "DefaultTLS": None, "DefaultScheme": "",
        "UpdateClient": None, "AuthorizerOpts": None,
    },
}  # fmt: skip
TYPES["bkconfig.RegistryOpt"] = TYPES["bkconfig.RegistryConfig"]


def _client(world: World, config: Pointer | None = None) -> Pointer:
    config = tls_config() if config is None else config
    transport = Pointer(struct("net/http.Transport", TLSClientConfig=config))
    made = Pointer(struct("net/http.Client", Transport=transport))
    world.clients.append(made)
    return made


def _host(world: World, scheme: str, host: str, config: Pointer | None = None) -> Struct:
    fields = {**TYPES["docker.RegistryHost"], "Scheme": scheme, "Host": host, "Path": "/v2"}
    fields["Client"] = _client(world, config)
    return Struct("docker.RegistryHost", fields)


def _held(value: Any) -> bool:
    return isinstance(value, Reference) and value.get() is True


def registry_config(world: World, known: Map | None) -> Callable[[str], Many]:
    """resolver.NewRegistryConfig."""

    def of(host: str) -> dict[str, Any]:
        found = None if known is None else known.get(host)
        return {} if found is None else found.fields

    def hosts(host: str) -> Many:
        fields, made = of(host), Slice()
        for mirror in fields.get("Mirrors") or ():
            config, error = _tls(world, of(mirror))
            if error is not None:
                return Many((None, error))
            made.append(_host(world, "https", mirror, config))
        config, error = _tls(world, fields)
        if error is not None:
            return Many((None, error))
        if _held(fields.get("Insecure")):
            checked = Pointer(config.target.copy())
            config.target.fields["InsecureSkipVerify"] = True
            made.append(_host(world, "https", host, config))
            config = checked
        plain = _held(fields.get("PlainHTTP"))
        made.append(_host(world, "http" if plain else "https", host, config))
        return Many((made, None))

    return hosts


def _tls(world: World, fields: dict[str, Any]) -> Many:
    """The *tls.Config of a host, by the folders that it is configured with, and an error."""
    folders = fields.get("TLSConfigDir") or ()
    if any(fields.get(name) for name in ("RootCAs", "KeyPairs")) or len(folders) > 1:
        raise UnsupportedError("roots and pairs of keys in BuildKit's configuration")
    return files.certified(world, folders[0]) if folders else Many((tls_config(), None))


def configure_hosts(world: World, options: Struct) -> Callable[[str], Many]:
    """config.ConfigureHosts where no folder has a hosts.toml, or one that names the host itself."""

    def hosts(host: str) -> Many:
        config, folder = None, options.fields["HostDir"]
        where, error = Many(("", None)) if folder is None else folder(host)
        if error is not None and getattr(error, "kind", "") != _NOT_FOUND.kind:
            return Many((None, error))
        if where:
            config, error = files.certified(world, where, key_beside=True)
            if error is not None:
                return Many((None, error))
        return Many((Slice([_host(world, "https", host, config)]), None))

    return hosts


def hosts_of(options: Struct, host: str) -> Slice:
    """The hosts that containerd's resolver makes of docker.ResolverOptions, before it took hosts."""
    fields = options.fields
    name = host if fields["Host"] is None else fields["Host"](host)[0]
    scheme = "http" if fields["PlainHTTP"] else "https"
    made = {**TYPES["docker.RegistryHost"], "Scheme": scheme, "Host": name, "Path": "/v2"}
    return Slice([Struct("docker.RegistryHost", {**made, "Client": fields["Client"]})])


def http_fallback(transport: Any) -> Any:
    """docker.NewHTTPFallback: HTTP where the HTTPS port speaks plain HTTP, or refuses."""
    made = Struct("docker.httpFallback", {"RoundTripper": transport})
    return Pointer(made)


def host_directory(world: World, root: str) -> Callable[[str], Many]:
    """config.HostDirFromRoot: the folder of a host, with `_5000_` or `:5000` for its port, or that of all."""

    def folder(host: str) -> Many:
        name, _, port = host.rpartition(":")
        ported = (f"{root}/{name}_{port}_",) if name else ()
        for path in (*ported, f"{root}/{host}", f"{root}/_default"):
            if files.stat(world, path)[1] is None:
                return Many((path, None))
        return Many((f"{root}/{host}", None) if world.configured else ("", _NOT_FOUND))

    return folder


MEMBERS: dict[str, Any] = {
    "docker.HostCapabilityPull": 1,
    "docker.HostCapabilityResolve": 2,
    "docker.HostCapabilityPush": 4,
    "docker.HostCapabilityReferrers": 8,
    "docker.NewDockerAuthorizer": lambda *_: None,
    "docker.DefaultHost": lambda host: Many(
        ("registry-1.docker.io" if host == "docker.io" else host, None)
    ),
    "math/rand.Intn": lambda _: 0,
}
