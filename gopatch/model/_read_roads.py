"""Traits of the roads: login, transfers, plugins, BuildKit, the image store, a reload, and their logs."""

from __future__ import annotations

import re
from typing import Any

from gopatch.model._source_texts import SourceTexts, function, without_service
from gopatch.model.traits import (
    BuildRule,
    Fallback,
    ListedRule,
    LoginRule,
    NextLevel,
    PluginRule,
    ReloadRule,
    StoreRule,
)


def roads(texts: SourceTexts) -> dict[str, Any]:
    return _roads(texts) | _hosts(texts) | _logs(texts)


def _roads(texts: SourceTexts) -> dict[str, Any]:
    auth = function("Auth", texts.registry)
    fallback = function("allowV1Fallback", texts.pull)
    unproved = "ErrNoBasicAuthCredentials"
    login: LoginRule = "unconfirmed" if "fallbackError" in auth else "unless-unauthorized"
    return {
        "login": login if "Endpoints(" in auth else "ping",
        "login_deadline": "DeadlineExceeded" in auth.partition("\tfor _, ")[2],
        "search_deadline": "DeadlineExceeded" in function("newV1Endpoint", texts.search),
        "confirmed_v2": "confirmedV2" in texts.distribution,
        "confirmed_tls": "confirmedTLSRegistries" in texts.distribution,
        "v1_after_v2": "words"
        if fallback and unproved not in fallback
        else "unproved"
        if fallback
        else "",
        "registry_errors_continue": "houldV2Fallback" in texts.distribution + texts.registry,
        "push_ends": "return false, p.pushV2Repository(" in texts.push,
        "search_name_checked": "ValidateIndexName(" in function("[nN]ewIndexInfo", texts.registry),
    }


def _hosts(texts: SourceTexts) -> dict[str, Any]:
    """What goes by hosts instead of the lookups. A tree without Docker's vendored code (as
    distributions have it) is taken to be built with a containerd of today."""
    rule, plugins = _buildkit(texts), _plugins(texts)
    mapped = rule in ("map", "host")
    fill = re.search(r"^func fillInsecureOpts\(.*$", texts.resolver, re.MULTILINE)
    both = rule == "map" if fill is None else "[]docker.RegistryHost" in fill.group()
    local = function("MatchLocalhost", texts.containerd)
    resolve = function("Resolve", texts.containerd)
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


def _reload(texts: SourceTexts) -> ReloadRule:
    found = _RELOADED.search(texts.registry)
    if found is None:
        return ""
    if found[1] == "ReplaceConfig":
        return "replaced"
    steps = function("Reload", texts.reload)
    listed, mirrors = (steps.find(f"daemon.reload{name}(") for name in _STEPS)
    if mirrors < 0:
        return "list"
    drops = "IndexConfigs = map[" in function("[lL]oadMirrors", without_service(texts.registry))
    if mirrors < listed:
        return "mirrors-first" if drops else "list-first"
    return "dropping" if drops else "list-first"


_STEPS = ("InsecureRegistries", "RegistryMirrors")


def _plugins(texts: SourceTexts) -> PluginRule:
    if function("registryHostsFn", texts.plugin_hosts):
        return "hosts"
    if "distribution.Pull(" in texts.plugin_backend:
        return "distribution"
    return "first" if texts.plugin_first else ""


def _buildkit(texts: SourceTexts) -> BuildRule:
    if function("mergeLegacyConfig", texts.daemon):
        return "file"
    hosts = function("RegistryHosts", texts.daemon)
    if hosts:
        return "map" if "RegistryHosts()" in hosts.partition("\n")[0] else "host"
    if function("NewResolveOptionsFunc", texts.daemon):
        return "client"
    return "https" if texts.builder else ""


def _listed_hosts(daemon: str) -> ListedRule:
    text = function("RegistryHosts", daemon) or function("NewResolveOptionsFunc", daemon)
    if 'url.Parse("http://"' in text:
        return "retried"
    return "trimmed" if "TrimPrefix(" in text and "url.Parse(" not in text else "parsed"


def _fallback(rule: BuildRule, both: bool, texts: SourceTexts) -> Fallback:
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


def _logs(texts: SourceTexts) -> dict[str, Any]:
    next_level = re.search(
        r"(Error|Info)f\(\"Attempting next endpoint for pull", texts.distribution
    )
    level: NextLevel = "" if not next_level else "error" if next_level[1] == "Error" else "info"
    return {
        "log_fields": '"attempting v2 login to registry endpoint"' in texts.registry,
        "log_pinging": '"pinging registry endpoint' in texts.registry,
        "log_login_versions": "in to %s endpoint" in function("Auth", texts.registry),
        "log_versions": "Trying to pull %s from %s %s" in texts.distribution,
        "next_level": level,
    }
