"""The registry hosts of BuildKit and of the containerd image store: daemon/daemon.go, hosts.go.

They are made of the daemon's configuration, beside the lookups, and differ from these: what is
listed is compared otherwise, and one host may fall back to plain HTTP by itself, request by request.
A hosts.toml, which overrules all of this, is not modelled.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from gopatch.go.net import is_loopback, parse_address, parse_url, split_host_port
from gopatch.model.answers import HostTask
from gopatch.model.lookup import is_docker_hub, is_secure_index
from gopatch.model.traits import INDEX_HOST, NAMESPACE, REGISTRY_HOST, Fallback, Traits


class Host(NamedTuple):
    """containerd's RegistryHost, as far as it counts here.

    `falls_back`: Docker's own transport goes over to plain HTTP, see `Traits.hosts_fallback`;
    `offers_http`: so does the patch's, while the option is on. `by_option`: the host itself is
    there by the option alone. `why`: what led to it, "" where the rest says it.
    """

    scheme: str
    host: str
    path: str = "/v2"
    mirror: bool = False
    skip_verify: bool = False
    falls_back: Fallback = ""
    offers_http: bool = False
    by_option: bool = False
    why: str = ""


class _Listing(NamedTuple):
    """BuildKit's RegistryConfig: `plain` None where nothing is said."""

    plain: bool | None = None
    insecure: bool = False
    mirrors: tuple[str, ...] = ()


def registry_hosts(task: HostTask) -> tuple[Host, ...]:
    """The hosts for `task.host`, in order, of the image store where `task.store` is containerd's."""
    # A reference is normalised before anybody looks at its host.
    name = NAMESPACE if task.host == INDEX_HOST else task.host
    make: dict[str, Callable[[HostTask, str], list[Host]]] = {
        "https": _https_alone,
        "client": _one_client,
        "map": _by_map,
        "host": _by_service,
        "file": _by_file,
    }
    found = make[task.traits.buildkit](task, name)
    if task.store == "containerd" and task.action != "build":
        found = [_with_store(task, host) for host in found]
    accepts = task.config.accept_insecure_registry and task.edits.hosts
    if not accepts or task.traits.buildkit == "https" or is_docker_hub(name):
        return tuple(found)
    return tuple(
        host._replace(offers_http=host.scheme == "https" and host.host == name) for host in found
    )


def _target(name: str) -> str:
    return REGISTRY_HOST if name == NAMESPACE else name


def _https_alone(_: HostTask, name: str) -> list[Host]:
    scheme = "http" if name.startswith("localhost:") else "https"
    return [Host(scheme, _target(name), why="localhost" if scheme == "http" else "")]


def _one_client(task: HostTask, name: str) -> list[Host]:
    """One scheme for whatever is asked. Of several mirrors one is taken at random: here the first."""
    listed = {_listed_key(entry, task.traits)[0] for entry in task.config.listed}
    mirrors = task.config.listed_mirrors if name == NAMESPACE and name not in listed else ()
    host = _mirror_host(mirrors[0], task.traits) if mirrors else _target(name)
    local = host.startswith("localhost:")
    scheme = "http" if name in listed or local else "https"
    why = "a mirror, one at random; Docker Hub is not asked" if mirrors else ""
    return [Host(scheme, host, mirror=bool(mirrors), why=why or _plain_reason(scheme, local))]


def _plain_reason(scheme: str, local: bool) -> str:
    if scheme != "http":
        return ""
    return "a loopback address: http alone" if local else "listed as insecure: http alone"


def _mirror_host(mirror: str, traits: Traits) -> str:
    if traits.listed_hosts == "trimmed":
        return mirror.removeprefix("https://").removeprefix("http://")
    url = parse_url(mirror, traits.go)
    return mirror if url is None else url.host


def _listed_key(entry: str, traits: Traits) -> tuple[str, _Listing]:
    """The name by which a listed registry is found, which is empty more often than one would think:
    Go's url.Parse knows a host after `//` only."""
    if traits.listed_hosts == "trimmed":
        return entry.removeprefix("http://"), _Listing(plain=True)
    url = parse_url(entry, traits.go)
    retried = traits.listed_hosts == "retried"
    if url is None and retried and not entry.startswith(("http://", "https://")):
        url = parse_url(f"http://{entry}", traits.go)
    if url is None:
        return entry, _Listing()
    plain = url.scheme == "http"
    return url.host, _Listing(plain=True if plain else None, insecure=not plain)


def _by_map(task: HostTask, name: str) -> list[Host]:
    mirrors = tuple(_mirror_host(mirror, task.traits) for mirror in task.config.listed_mirrors)
    known = {NAMESPACE: _Listing(mirrors=mirrors)}
    known.update(_listed_key(entry, task.traits) for entry in task.config.listed)
    return _filled(task.traits, name, known)


def _by_service(task: HostTask, name: str) -> list[Host]:
    listed = _Listing(plain=True, insecure=True)
    known = dict.fromkeys(task.config.insecure_hosts, listed)
    known[NAMESPACE] = _Listing(mirrors=task.config.mirrors)
    if name not in known and not _is_secure(task, name):
        known[name] = listed
    return _filled(task.traits, name, known)


def _is_secure(task: HostTask, name: str) -> bool:
    return is_secure_index(task.config, name, task.traits, task.resolve)


def _filled(traits: Traits, name: str, known: dict[str, _Listing]) -> list[Host]:
    """NewRegistryConfig: mirrors, and the registry; each by what is known of its name."""
    listing = known.get(name, _Listing())
    found: list[Host] = []
    for mirror in listing.mirrors:
        url = parse_url(mirror, traits.go)
        host, path = (url.host, url.path.rstrip("/")) if url and url.host else (mirror, "")
        made = Host("https", host, f"/v2{path}", mirror=True)
        found += _fill(traits, made, known.get(host, _Listing()))
    return [*found, *_fill(traits, Host("https", _target(name)), listing)]


def _fill(traits: Traits, host: Host, listing: _Listing) -> list[Host]:
    """fillInsecureOpts."""
    local = listing.plain is None and _is_local(host.host, traits)
    plain = bool(listing.plain) or local
    http = host._replace(scheme="http", why=_plain_reason("http", local))
    unchecked = host._replace(skip_verify=True)
    if traits.hosts_of_both:
        made = [http] * plain + [unchecked] * listing.insecure
        return made or [host]
    if listing.insecure:
        return [unchecked._replace(falls_back=traits.hosts_fallback if plain else "")]
    return [http if plain else host]


def _is_local(host: str, traits: Traits) -> bool:
    """MatchLocalhost."""
    if traits.local_by_name:
        names = ("localhost", "127.0.0.1", "[::1]")
        return host == "::1" or any(host == n or host.startswith(f"{n}:") for n in names)
    if host in ("::1", "[::1]"):
        return True
    return _is_loopback((split_host_port(host) or (host, ""))[0])


def _is_loopback(name: str) -> bool:
    address = parse_address(name)
    return name == "localhost" or (address is not None and is_loopback(address))


def _by_file(task: HostTask, name: str) -> list[Host]:
    """containerd's defaults, and where mirrors or insecure registries are set, mergeLegacyConfig."""
    found = [_default(name)]
    if not (task.config.listed or task.config.listed_mirrors):
        return found
    if name == NAMESPACE:
        found = [*(_file_mirror(mirror, task.traits) for mirror in task.config.mirrors), *found]
    # With its mirrors a registry shares one client: one that is insecure makes them all so.
    if found[-1].falls_back or all(_is_secure(task, host.host) for host in found):
        return found
    return [host._replace(skip_verify=True, falls_back="unreached") for host in found]


def _default(name: str) -> Host:
    """ConfigureHosts without a file: a loopback address is not checked, and by its port http."""
    bare, port = split_host_port(name) or (name, "")
    if name == NAMESPACE or not _is_loopback(bare):
        return Host("https", _target(name))
    if port == "80":
        return Host("http", name, why=_plain_reason("http", local=True))
    falls_back: Fallback = "" if port in ("", "443") else "unreached"
    return Host("https", name, skip_verify=True, falls_back=falls_back, why="a loopback address")


def _file_mirror(mirror: str, traits: Traits) -> Host:
    url = parse_url(mirror, traits.go)
    if url is None or not url.host:
        return Host("https", mirror, mirror=True)
    path = url.path.rstrip("/").removesuffix("/v2")
    return Host(url.scheme, url.host, f"{path}/v2", mirror=True)


def _with_store(task: HostTask, host: Host) -> Host:
    """hostsWrapper of daemon/containerd: what is listed gets one more fallback, around the other."""
    rule = task.traits.store
    if rule not in ("plain", "unreached") or _is_secure(task, host.host):
        return host
    stronger: Fallback = "unreached" if "unreached" in (rule, host.falls_back) else "plain"
    return host._replace(falls_back=stronger)
