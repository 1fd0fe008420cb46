"""What Docker asks of BuildKit's and containerd's resolvers: the hosts of a registry, with a client each.

Modelled after buildkit/util/resolver (NewRegistryConfig) and containerd's remotes/docker/config
(ConfigureHosts): mirrors first, then the host; a client for each with a transport of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gopatch.evaluate.go_values import GoError, Many, Map, Pointer, Reference, Slice, Struct
from gopatch.evaluate.network import World, struct, tls_config

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


def _client(world: World, *, insecure: bool = False) -> Pointer:
    config = tls_config(InsecureSkipVerify=insecure)
    transport = Pointer(struct("net/http.Transport", TLSClientConfig=config))
    made = Pointer(struct("net/http.Client", Transport=transport))
    world.clients.append(made)
    return made


def _host(world: World, scheme: str, host: str, *, insecure: bool = False) -> Struct:
    fields = {**TYPES["docker.RegistryHost"], "Scheme": scheme, "Host": host, "Path": "/v2"}
    fields["Client"] = _client(world, insecure=insecure)
    return Struct("docker.RegistryHost", fields)


def _held(value: Any) -> bool:
    return isinstance(value, Reference) and value.get() is True


def registry_config(world: World, known: Map | None) -> Callable[[str], Many]:
    """resolver.NewRegistryConfig."""

    def hosts(host: str) -> Many:
        found = None if known is None else known.get(host)
        fields = {} if found is None else found.fields
        made = Slice(_host(world, "https", mirror) for mirror in fields.get("Mirrors") or ())
        if _held(fields.get("Insecure")):
            made.append(_host(world, "https", host, insecure=True))
        plain = _held(fields.get("PlainHTTP"))
        made.append(_host(world, "http" if plain else "https", host))
        return Many((made, None))

    return hosts


def configure_hosts(world: World) -> Callable[[str], Many]:
    """config.ConfigureHosts where no folder has a hosts.toml, or one that names the host itself."""
    return lambda host: Many((Slice([_host(world, "https", host)]), None))


def hosts_of(options: Struct, host: str) -> Slice:
    """The hosts that containerd's resolver makes of docker.ResolverOptions, before it took hosts."""
    fields = options.fields
    name = host if fields["Host"] is None else fields["Host"](host)[0]
    scheme = "http" if fields["PlainHTTP"] else "https"
    made = {**TYPES["docker.RegistryHost"], "Scheme": scheme, "Host": name, "Path": "/v2"}
    return Slice([Struct("docker.RegistryHost", {**made, "Client": fields["Client"]})])


def stat(world: World) -> Callable[[str], Many]:
    """os.Stat, where there is nothing but hosts.toml, if that."""

    def run(path: str) -> Many:
        there = world.configured and path.endswith("/hosts.toml")
        missing = GoError("file does not exist", "not-exist")
        return Many((None, None if there else missing))

    return run


def http_fallback(transport: Any) -> Any:
    """docker.NewHTTPFallback: HTTP where the HTTPS port speaks plain HTTP, or refuses."""
    made = Struct("docker.httpFallback", {"RoundTripper": transport})
    return Pointer(made)


def host_directory(root: str) -> Callable[[str], Many]:
    return lambda host: Many((f"{root}/{host}", None))


MEMBERS: dict[str, Any] = {
    "hostconfig.HostDirFromRoot": host_directory,
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
