"""In what Docker's releases differ, as far as a registry's endpoints are concerned.

No attribute is a version: release branches overlap, and forks move lines. Each one is a
property of the source, and its docstring names the file where it can be read. Paths are those
below the engine root up to v28; from v29 on `registry/` is `daemon/pkg/registry/` and
`distribution/` is `daemon/internal/distribution/`, `plugin/` is `daemon/pkg/plugin/`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gopatch.go.net import NEWEST, GoRules

NAMESPACE = "docker.io"
INDEX_HOST = "index.docker.io"
REGISTRY_HOST = "registry-1.docker.io"

MirrorRule = Literal["bare", "root", "path"]
LoginRule = Literal["ping", "unconfirmed", "unless-unauthorized"]
NextLevel = Literal["", "error", "info"]
PluginRule = Literal["", "first", "distribution", "hosts"]
BuildRule = Literal["", "https", "client", "map", "host", "file"]
ListedRule = Literal["trimmed", "parsed", "retried"]
Fallback = Literal["", "plain", "unreached"]
StoreRule = Literal["", "plain", "unreached", "hosts"]
ReloadRule = Literal["", "list", "list-first", "dropping", "mirrors-first", "replaced"]


@dataclass(frozen=True)
class Traits:
    """One kind of Docker source. The defaults are those of the newest kind."""

    by_repository: bool = False
    """registry/service_v2.go: the lookup gets a repository name, whose host ends at the first
    slash, and refuses a name without one; otherwise it gets the host itself."""

    hub_v2: frozenset[str] = frozenset({NAMESPACE, INDEX_HOST})
    """registry/service_v2.go: the names that stand for Docker Hub, compared letter by letter."""

    hub_v1: frozenset[str] = frozenset()
    """registry/service_v1.go: the same for the V1 lookup. It is not always the same set."""

    v1: bool = False
    """registry/service_v1.go exists: the V1 endpoints follow the V2 endpoints."""

    both_at_once: bool = False
    """registry/service.go, lookupEndpoints: one lookup for both versions of the API. What is offered
    over HTTPS comes first, in either version, and then all of it over HTTP."""

    v1_hub_endpoint: bool = False
    """registry/service_v1.go: Docker Hub has a V1 endpoint; otherwise it has none."""

    v1_off_by_default: bool = False
    """registry/config.go or config_unix.go, cmd/dockerd/config_unix.go: the default of
    `disable-legacy-registry`."""

    push_keeps_mirrors: bool = False
    """registry/service.go, LookupPushEndpoints: mirrors are not taken out."""

    include_mirrors: bool = True
    """registry/service_v2.go: the lookup is told whether to look at mirrors at all; otherwise
    they are taken out of its result."""

    mirror_default_scheme: bool = True
    """registry/service_v2.go: a mirror without `http://` or `https://` gets `https://`."""

    mirror_rule: MirrorRule = "path"
    """registry/config.go, ValidateMirror: no path at all (and a user is dropped in silence), at
    most `/` (and a user is refused), or any path."""

    mirror_needs_slashes: bool = True
    """registry/config.go, ValidateMirror: `://` is asked for, so that `http:x` is refused."""

    mirrors_checked: bool = True
    """registry/config.go: the service validates its mirrors and drops duplicates; otherwise
    only the command line does, and mirrors from daemon.json are taken as they are."""

    default_cidrs: tuple[str, ...] = ("::1/128", "127.0.0.0/8")
    """registry/config.go: what is insecure without being listed."""

    index_names_checked: bool = True
    """registry/config.go: the service refuses listed registries that begin or end with a hyphen;
    otherwise only the command line does."""

    load_errors_dropped: bool = False
    """registry/config.go, newServiceConfig: errors of loading mirrors and the list are not looked
    at. A bad mirror leaves no mirror; a bad entry leaves an empty list, without the loopback
    defaults, and without Docker Hub unless loading mirrors had set that up."""

    schemes_stripped: bool = True
    """registry/config.go: `http://` and `https://` before a listed registry are dropped, another
    scheme is refused; otherwise the scheme is part of the name, which then never matches."""

    host_ports_checked: bool = True
    """registry/config.go, validateHostPort: listed registries must look like host or host:port."""

    bracketed_hosts: bool = True
    """vendor/github.com/(docker/)distribution/reference/regexp.go: `[::1]` without a port looks
    like a host too."""

    duplicate_cidrs_skipped: bool = True
    """registry/config.go: a network that is listed twice is kept once."""

    netip: bool = True
    """registry/config.go: networks are `net/netip` prefixes and not `net.IPNet`. Their order in
    the service's configuration is then that of a Go map: none."""

    official_field: bool = False
    """registry/service_v2.go: Docker Hub's endpoint has Official set."""

    certs_folder: str = "/etc/docker/certs.d"
    """registry/config_unix.go, CertsDir: where the certificates of registries lie, by their names."""

    system_roots: bool = True
    """registry/registry.go: the system's roots stay beside those of a folder; otherwise
    these take their place."""

    trim_hostname_field: bool = False
    """registry/service_v2.go: endpoints have TrimHostname set."""

    login: LoginRule = "unless-unauthorized"
    """registry/service.go, Auth: login pings one address ("ping"), or walks the push endpoints,
    going on unless a V2 registry was recognised by its header, or whatever the error is unless
    the token server said "unauthorized"."""

    confirmed_v2: bool = False
    """distribution/pull.go, push.go: V1 endpoints are skipped once a V2 registry was recognised."""

    confirmed_tls: bool = True
    """distribution/pull.go, push.go: http endpoints are skipped once HTTPS has carried an answer
    of the same host."""

    v1_after_v2: Literal["", "words", "unproved"] = ""
    """distribution/pull_v2.go, allowV1Fallback: a pull goes on to V1 though a V2 registry was recognised, after
    "unauthorized" or "unknown" in the registry's own words, or also where there is no password for it."""

    registry_errors_continue: bool = False
    """distribution/errors.go, continueOnError: pull and push go on after the registry itself has
    said "unauthorized" or "unknown"."""

    push_ends: bool = False
    """graph/push_v2.go: whatever goes wrong with a push once a V2 registry was recognised ends it."""

    search_name_checked: bool = False
    """registry/config.go or search.go, newIndexInfo: a hyphen at either end is refused here too."""

    log_fields: bool = True
    """registry/auth.go: the address is a field of the log line; otherwise it is in the message."""

    log_pinging: bool = False
    """registry/endpoint*.go: validating an endpoint is a function of its own, which says so."""

    log_login_versions: bool = False
    """registry/service.go, Auth: the log line of a failed login names the API version."""

    log_versions: bool = False
    """distribution/pull.go, push.go: log lines name the API version of an endpoint."""

    next_level: NextLevel = "info"
    """distribution/pull.go: the level at which going on to the next endpoint is logged; "" where
    it is not."""

    plugins: PluginRule = "hosts"
    """plugin/: there are none, or they ask their first endpoint alone (plugin/distribution/), or
    go the way of images (plugin/backend_linux.go), or give the endpoints to containerd's resolver
    as its hosts (plugin/registry.go)."""

    buildkit: BuildRule = "file"
    """daemon/daemon.go or hosts.go: there is no BuildKit; it knows HTTPS alone; it is given one
    scheme and one client (NewResolveOptionsFunc); hosts out of a map that is made at start
    (`RegistryHosts()`); hosts made anew each time (`RegistryHosts(host)`), or those of hosts.toml
    with the daemon's own configuration merged in (mergeLegacyConfig)."""

    listed_hosts: ListedRule = "parsed"
    """daemon/daemon.go: how a listed registry becomes a host of BuildKit's. `http://` is cut off;
    or it is parsed as a URL, whose host is empty where there is no scheme; or that is done once
    more with `http://` before it where it is no URL."""

    hosts_of_both: bool = False
    """vendor/github.com/moby/buildkit/util/resolver/resolver.go, fillInsecureOpts: a host gives
    two, http and unchecked https; otherwise one, which falls back."""

    hosts_fallback: Fallback = "unreached"
    """The same file, or containerd's resolver: when a listed host falls back. Where plain HTTP
    comes back over HTTPS; or also where nobody answers and the name has no port."""

    local_by_name: bool = False
    """vendor/github.com/containerd/containerd/remotes/docker/registry.go, MatchLocalhost: three
    names are local; otherwise every loopback address is."""

    resolver_continues: bool = True
    """containerd's remotes/docker/resolver.go, Resolve: goes on to the next host after any refusal;
    otherwise after 404 and where there was no answer."""

    store: StoreRule = "hosts"
    """daemon/containerd/resolver.go: there is no containerd image store, or listed hosts get a
    fallback of its own ("plain" and "unreached" as in `hosts_fallback`), or it takes the hosts as
    BuildKit has them."""

    token_by_host: bool = True
    """daemon/containerd/resolver.go, hostsWrapper: a token is fetched by the client of the host;
    otherwise by Go's default one, which knows neither the list nor certs.d."""

    reload: ReloadRule = "replaced"
    """daemon/reload.go or daemon.go, and registry/config.go: a reload changes no registry, the list
    alone, or the list and then the mirrors; "dropping" is the latter where taking the mirrors over
    drops the names that are listed. Or the mirrors first, with that fault, and then the list; or all
    is replaced at once, and nothing where one value is refused."""

    login_deadline: bool = True
    """registry/service.go, Auth: an endpoint where nobody answers in time ends a login."""

    search_deadline: bool = True
    """registry/search_endpoint_v1.go, newV1Endpoint: the same for a search."""

    upper_domains: bool = True
    """vendor/github.com/distribution/reference/normalize.go, splitDockerDomain: a capital letter
    before the first slash makes it a host."""

    url_errors_shown: bool = True
    """registry/config.go, ValidateMirror: the error of a mirror that is no URL says why."""

    go: GoRules = NEWEST
    """Dockerfile, go.mod: the release of Go that Docker is built with, as far as it counts here."""

    @property
    def reloads(self) -> bool:
        """Whether a reload of the daemon changes the insecure registries; otherwise a restart does."""
        return bool(self.reload)
