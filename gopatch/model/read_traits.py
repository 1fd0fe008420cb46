"""Reads `Traits` off Docker's Go source, by its structure and never by a version.

Only the texts of a handful of files are looked at, function by function; they come from a
callable, so that this does no I/O.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from gopatch.go.net import GO, GoRules, go_rules
from gopatch.model.options import ModelError
from gopatch.model.traits import (
    INDEX_HOST,
    NAMESPACE,
    REGISTRY_HOST,
    BuildRule,
    Fallback,
    ListedRule,
    LoginRule,
    MirrorRule,
    NextLevel,
    PluginRule,
    ReloadRule,
    StoreRule,
    Traits,
)

Read = Callable[[str], bytes | None]
"""The bytes of a file below the engine root, or None where there is none."""

_REGISTRY = ("registry/", "daemon/pkg/registry/")
_DISTRIBUTION = ("distribution/", "daemon/internal/distribution/", "graph/")
_REFERENCE = ("vendor/github.com/distribution/", "vendor/github.com/docker/distribution/")
_COMMAND = ("cmd/dockerd/config.go", "cmd/dockerd/config_unix.go")
_PLUGIN = ("plugin/", "daemon/pkg/plugin/")
_CONTAINERD = (
    "vendor/github.com/containerd/containerd/v2/core/remotes/docker/",
    "vendor/github.com/containerd/containerd/remotes/docker/",
)
_BUILDKIT = ("vendor/github.com/moby/buildkit/util/resolver/",)

# The names by which the lookups call Docker Hub's hosts.
_HUB = {
    "DefaultNamespace": NAMESPACE,
    "IndexHostname": INDEX_HOST,
    "DefaultV1Registry.Host": INDEX_HOST,
    "DefaultV2Registry.Host": REGISTRY_HOST,
    "DefaultRegistryHost": REGISTRY_HOST,
}


@dataclass(frozen=True)
class _Texts:
    """The files that count, "" for what is not there; `registry` and `distribution` are joined
    from those files of the folder that hold the functions asked for."""

    v2: str
    v1: str
    registry: str
    command: str
    reference: str
    distribution: str = ""
    daemon: str = ""
    builder: str = ""
    store: str = ""
    plugin_hosts: str = ""
    plugin_backend: str = ""
    plugin_first: str = ""
    containerd: str = ""
    resolver: str = ""
    search: str = ""
    reload: str = ""


def read_traits(read: Read, *, lookups: bool = False) -> Traits:
    """The traits of the source behind `read`; `lookups`: those alone that the endpoint lookups
    depend on, the others being the newest ones.

    Raises ModelError("source") where there is no `lookupV2Endpoints`: before v1.8.3, or not
    Docker's engine.
    """
    texts = _texts(read, lookups=lookups)
    if not _function("lookupV2Endpoints", texts.v2):
        raise ModelError("source", "no lookupV2Endpoints in registry/service_v2.go of this source")
    found = _lookup(texts) | _lists(texts) | {"go": read_go(read)}
    return Traits(**found) if lookups else Traits(**found, **_after_lookups(texts))


def read_go(read: Read) -> GoRules:
    """The Go that Docker's own Dockerfile takes; where there is none, one of the years between."""
    docker, module = (
        (read(path) or b"").decode("utf-8", "replace") for path in ("Dockerfile", "go.mod")
    )
    release = re.search(r"\bGO_VERSION[= ](\d+(?:\.\d+)+)", docker)
    language = re.search(r"^go (\d+\.\d+)", module, re.MULTILINE)
    return go_rules(release[1], language[1] if language else "") if release else GO


def _after_lookups(texts: _Texts) -> dict[str, Any]:
    return _roads(texts) | _hosts(texts) | _logs(texts)


def _texts(read: Read, *, lookups: bool) -> _Texts:
    def joined(folders: tuple[str, ...], *names: str) -> str:
        found = (read(folder + name) for folder in folders for name in names)
        return "\n".join(data.decode("utf-8", "replace") for data in found if data)

    return _Texts(
        v2=joined(_REGISTRY, "service_v2.go"),
        v1=joined(_REGISTRY, "service_v1.go"),
        registry=joined(
            _REGISTRY,
            *("config.go", "config_unix.go", "service.go", "search.go", "auth.go"),
            *("registry.go", "endpoint.go", "endpoint_v1.go"),
        ),
        command=joined(("",), *_COMMAND),
        reference=joined(_REFERENCE, "reference/regexp.go", "reference/normalize.go"),
        **({} if lookups else _more_texts(joined)),
    )


def _more_texts(joined: Callable[..., str]) -> dict[str, str]:
    """What says nothing about the lookups."""
    return {
        "distribution": joined(_DISTRIBUTION, "pull.go", "errors.go", "registry.go"),
        "daemon": joined(("daemon/",), "daemon.go", "hosts.go"),
        "builder": joined(("builder/builder-next/",), "adapters/containerimage/pull.go"),
        "store": joined(("daemon/containerd/",), "resolver.go"),
        "plugin_hosts": joined(_PLUGIN, "registry.go"),
        "plugin_backend": joined(_PLUGIN, "backend_linux.go"),
        "plugin_first": joined(("plugin/distribution/",), "pull.go"),
        "containerd": joined(_CONTAINERD, "resolver.go", "registry.go"),
        "resolver": joined(_BUILDKIT, "resolver.go"),
        "search": joined(_REGISTRY, "search_endpoint_v1.go"),
        "reload": joined(("daemon/",), "reload.go", "daemon.go"),
    }


def _function(name: str, text: str) -> str:
    """The text of a top-level function or method, "" where there is none."""
    found = re.search(rf"^func (?:\([^)\n]*\) )?{name}\(.*?^}}", text, re.MULTILINE | re.DOTALL)
    return found.group() if found else ""


def _hub(name: str, text: str) -> frozenset[str]:
    """The names in the condition that sets Docker Hub apart, the first of the lookup."""
    condition = re.search(r"\tif (.*) \{\n", _function(name, text))
    words = re.findall(
        r"Default\w+(?:\.Host)?|IndexHostname", condition.group(1) if condition else ""
    )
    return frozenset(_HUB[word] for word in words if word in _HUB)


def _lookup(texts: _Texts) -> dict[str, Any]:
    v2 = _function("lookupV2Endpoints", texts.v2)
    # The lookup's file outlived its last call: then it says nothing.
    v1 = texts.v1 if ".lookupV1Endpoints(" in texts.registry else ""
    push = _function("LookupPushEndpoints", texts.registry)
    include_mirrors = "includeMirrors" in v2
    off = re.search(r'disable-legacy-registry"\}?, true', texts.registry + texts.command)
    return {
        "by_repository": "(repoName " in v2,
        "hub_v2": _hub("lookupV2Endpoints", texts.v2),
        "hub_v1": _hub("lookupV1Endpoints", v1),
        "v1": bool(v1),
        "v1_hub_endpoint": "Official:" in v1,
        "v1_off_by_default": bool(off and v1),
        "push_keeps_mirrors": not include_mirrors and ".Mirror" not in push,
        "include_mirrors": include_mirrors,
        "mirror_default_scheme": '"https://" + mirror' in v2,
        "official_field": "Official:" in v2,
        "trim_hostname_field": "TrimHostname:" in v2,
    }


def _lists(texts: _Texts) -> dict[str, Any]:
    mirror = _function("ValidateMirror", texts.registry)
    new = _function("[nN]ewServiceConfig", texts.registry)
    load = _function("[lL]oadInsecureRegistries", _without_service(texts.registry)) or new
    checked = "ValidateIndexName(" in load
    rule: MirrorRule = (
        "root" if 'Path != "/"' in mirror else "bare" if "uri.Path" in mirror else "path"
    )
    default = ("127.0.0.0/8",)
    return {
        "mirror_rule": rule,
        "mirror_needs_slashes": '"://"' in mirror,
        "mirrors_checked": bool(_function("[lL]oadMirrors", texts.registry)),
        "default_cidrs": ("::1/128", *default) if '"::1/128"' in load else default,
        "index_names_checked": checked,
        "load_errors_dropped": bool(re.search(r"^\tconfig\.[lL]oadInsecure", new, re.MULTILINE)),
        "schemes_stripped": '"http://"' in load or '"://"' in load,
        "host_ports_checked": "validateHostPort(" in load,
        "bracketed_hosts": "ipv6address" in texts.reference,
        "url_errors_shown": "invalidParamWrapf(" in mirror,
        "upper_domains": "strings.ToLower(" in _function("splitDockerDomain", texts.reference),
        "duplicate_cidrs_skipped": "continue skip" in load or "map[netip.Prefix]" in load,
        "netip": "netip.ParsePrefix" in load,
    }


def _without_service(text: str) -> str:
    """Methods of the service only lock and call those of its configuration, by the same names."""
    return re.sub(r"^func \(s \*?\w+\) [lL]oad.*?^}", "", text, flags=re.MULTILINE | re.DOTALL)


def _roads(texts: _Texts) -> dict[str, Any]:
    auth = _function("Auth", texts.registry)
    login: LoginRule = "unconfirmed" if "fallbackError" in auth else "unless-unauthorized"
    return {
        "login": login if "Endpoints(" in auth else "ping",
        "login_deadline": "DeadlineExceeded" in auth.partition("\tfor _, ")[2],
        "search_deadline": "DeadlineExceeded" in _function("newV1Endpoint", texts.search),
        "confirmed_v2": "confirmedV2" in texts.distribution,
        "confirmed_tls": "confirmedTLSRegistries" in texts.distribution,
        "registry_errors_continue": "houldV2Fallback" in texts.distribution + texts.registry,
        "search_name_checked": "ValidateIndexName(" in _function("[nN]ewIndexInfo", texts.registry),
    }


def _hosts(texts: _Texts) -> dict[str, Any]:
    """What goes by hosts instead of the lookups. A tree without Docker's vendored code (as
    distributions have it) is taken to be built with a containerd of today."""
    rule, plugins = _buildkit(texts), _plugins(texts)
    mapped = rule in ("map", "host")
    fill = re.search(r"^func fillInsecureOpts\(.*$", texts.resolver, re.MULTILINE)
    both = rule == "map" if fill is None else "[]docker.RegistryHost" in fill.group()
    local = _function("MatchLocalhost", texts.containerd)
    resolve = _function("Resolve", texts.containerd)
    used = mapped or rule == "file" or plugins == "hosts"
    return {
        "plugins": plugins,
        "buildkit": rule,
        "listed_hosts": _listed_hosts(texts.daemon),
        "hosts_of_both": mapped and both,
        "hosts_fallback": _fallback(rule, mapped and both, texts),
        "local_by_name": mapped and bool(local) and "IsLoopback" not in local,
        "resolver_continues": "StatusCode > 399" in resolve if resolve else used,
        "store": _store(texts.store),
        "token_by_host": "hosts[i].Client)" in texts.store,
        "reload": _reload(texts),
    }


_RELOADED = re.compile(
    r"^func \(s \*?\w*[sS]ervice\) (LoadInsecureRegistries|ReplaceConfig)\(", re.MULTILINE
)


def _reload(texts: _Texts) -> ReloadRule:
    found = _RELOADED.search(texts.registry)
    if found is None:
        return ""
    if found[1] == "ReplaceConfig":
        return "replaced"
    steps = _function("Reload", texts.reload)
    listed, mirrors = (steps.find(f"daemon.reload{name}(") for name in _STEPS)
    if mirrors < 0:
        return "list"
    drops = "IndexConfigs = map[" in _function("[lL]oadMirrors", _without_service(texts.registry))
    if mirrors < listed:
        return "mirrors-first" if drops else "list-first"
    return "dropping" if drops else "list-first"


_STEPS = ("InsecureRegistries", "RegistryMirrors")


def _plugins(texts: _Texts) -> PluginRule:
    if _function("registryHostsFn", texts.plugin_hosts):
        return "hosts"
    if "distribution.Pull(" in texts.plugin_backend:
        return "distribution"
    return "first" if texts.plugin_first else ""


def _buildkit(texts: _Texts) -> BuildRule:
    if _function("mergeLegacyConfig", texts.daemon):
        return "file"
    hosts = _function("RegistryHosts", texts.daemon)
    if hosts:
        return "map" if "RegistryHosts()" in hosts.partition("\n")[0] else "host"
    if _function("NewResolveOptionsFunc", texts.daemon):
        return "client"
    return "https" if texts.builder else ""


def _listed_hosts(daemon: str) -> ListedRule:
    text = _function("RegistryHosts", daemon) or _function("NewResolveOptionsFunc", daemon)
    if 'url.Parse("http://"' in text:
        return "retried"
    return "trimmed" if "TrimPrefix(" in text and "url.Parse(" not in text else "parsed"


def _fallback(rule: BuildRule, both: bool, texts: _Texts) -> Fallback:
    if both or rule not in ("map", "host", "file"):
        return ""
    text = texts.containerd if rule == "file" else texts.resolver
    found = re.search(r"^func \(f \*?httpFallback\) .*", text, re.MULTILINE | re.DOTALL)
    if found is None:
        missing: Fallback = "unreached" if rule == "file" else "plain"
        return missing if rule == "file" or not text else ""
    return "unreached" if "isPortError(" in found.group() else "plain"


def _store(text: str) -> StoreRule:
    if not text:
        return ""
    if "isPortError(" in text:
        return "unreached"
    return "plain" if "RecordHeaderError" in text else "hosts"


def _logs(texts: _Texts) -> dict[str, Any]:
    next_level = re.search(
        r"(Error|Info)f\(\"Attempting next endpoint for pull", texts.distribution
    )
    level: NextLevel = "" if not next_level else "error" if next_level[1] == "Error" else "info"
    return {
        "log_fields": '"attempting v2 login to registry endpoint"' in texts.registry,
        "log_pinging": '"pinging registry endpoint' in texts.registry,
        "log_login_versions": "in to %s endpoint" in _function("Auth", texts.registry),
        "log_versions": "Trying to pull %s from %s %s" in texts.distribution,
        "next_level": level,
    }
