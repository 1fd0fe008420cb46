"""Reads `Traits` off Docker's Go source, by its structure and never by a version.

Only the texts of a handful of files are looked at, function by function; they come from a
callable, so that this does no I/O.
"""

from __future__ import annotations

import re
from typing import Any

from gopatch.go.net import GO, GoRules, go_rules
from gopatch.model._read_roads import roads
from gopatch.model._source_texts import Read, SourceTexts, function, texts_of, without_service
from gopatch.model.options import ModelError
from gopatch.model.traits import (
    INDEX_HOST,
    NAMESPACE,
    REGISTRY_HOST,
    MirrorRule,
    Traits,
)

__all__ = ["Read", "read_go", "read_traits"]

# The names by which the lookups call Docker Hub's hosts.
_HUB = {
    "DefaultNamespace": NAMESPACE,
    "IndexHostname": INDEX_HOST,
    "DefaultV1Registry.Host": INDEX_HOST,
    "DefaultV2Registry.Host": REGISTRY_HOST,
    "DefaultRegistryHost": REGISTRY_HOST,
}


def read_traits(read: Read, *, lookups: bool = False) -> Traits:
    """The traits of the source behind `read`; `lookups`: those alone that the endpoint lookups
    depend on, the others being the newest ones; those of v1.8.0 to v1.8.2 are known this way only.

    Raises ModelError("source") where there is no `lookupV2Endpoints`: before v1.8.3, or not
    Docker's engine.
    """
    texts = texts_of(read, lookups=lookups)
    apart = function("lookupV2Endpoints", texts.v2)
    at_once = lookups and not apart and bool(function("lookupEndpoints", texts.registry))
    if not apart and not at_once:
        raise ModelError("source", "no lookupV2Endpoints in registry/service_v2.go of this source")
    found = _at_once(texts) if at_once else _lookup(texts)
    found |= _lists(texts) | _certs(texts) | {"go": read_go(read)}
    return Traits(**found) if lookups else Traits(**found, **roads(texts))


def read_go(read: Read) -> GoRules:
    """The Go that Docker's own Dockerfile takes; where there is none, one of the years between."""
    docker, module = (
        (read(path) or b"").decode("utf-8", "replace") for path in ("Dockerfile", "go.mod")
    )
    release = re.search(r"\bGO_VERSION[= ](\d+(?:\.\d+)+)", docker)
    language = re.search(r"^go (\d+\.\d+)", module, re.MULTILINE)
    return go_rules(release[1], language[1] if language else "") if release else GO


def _hub(name: str, text: str) -> frozenset[str]:
    """The names in the condition that sets Docker Hub apart, the first of the lookup."""
    condition = re.search(r"\tif (.*) \{\n", function(name, text))
    words = re.findall(
        r"Default\w+(?:\.Host)?|IndexHostname", condition.group(1) if condition else ""
    )
    return frozenset(_HUB[word] for word in words if word in _HUB)


def _lookup(texts: SourceTexts) -> dict[str, Any]:
    v2 = function("lookupV2Endpoints", texts.v2)
    # The lookup's file outlived its last call: then it says nothing.
    v1 = texts.v1 if ".lookupV1Endpoints(" in texts.registry else ""
    push = function("LookupPushEndpoints", texts.registry)
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


def _at_once(texts: SourceTexts) -> dict[str, Any]:
    """v1.8.0 to v1.8.2, whose one lookup knows both versions of the API."""
    hub = _hub("lookupEndpoints", texts.registry)
    return {
        "by_repository": True,
        "hub_v2": hub,
        "hub_v1": hub,
        "v1": True,
        "both_at_once": True,
        "v1_hub_endpoint": True,
        "mirror_default_scheme": False,
        "official_field": True,
        "trim_hostname_field": True,
    }


def _certs(texts: SourceTexts) -> dict[str, Any]:
    """Where certificates lie, and what becomes of the system's roots; what is not told is the newest."""
    folder = re.search(r'"(/[^"\s]+/certs\.d)/?"', texts.registry)
    beside, alone = (f"{name}CertPool(" in texts.registry for name in ("System", "New"))
    found: dict[str, Any] = {"certs_folder": folder[1]} if folder else {}
    return found | {"system_roots": beside or not alone}


def _lists(texts: SourceTexts) -> dict[str, Any]:
    mirror = function("ValidateMirror", texts.registry)
    new = function("[nN]ewServiceConfig", texts.registry)
    load = function("[lL]oadInsecureRegistries", without_service(texts.registry)) or new
    checked = "ValidateIndexName(" in load
    rule: MirrorRule = (
        "root" if 'Path != "/"' in mirror else "bare" if "uri.Path" in mirror else "path"
    )
    default = ("127.0.0.0/8",)
    return {
        "mirror_rule": rule,
        "mirror_needs_slashes": '"://"' in mirror,
        "mirrors_checked": bool(function("[lL]oadMirrors", texts.registry)),
        "default_cidrs": ("::1/128", *default) if '"::1/128"' in load else default,
        "index_names_checked": checked,
        "load_errors_dropped": bool(re.search(r"^\tconfig\.[lL]oadInsecure", new, re.MULTILINE)),
        "schemes_stripped": '"http://"' in load or '"://"' in load,
        "host_ports_checked": "validateHostPort(" in load,
        "bracketed_hosts": "ipv6address" in texts.reference,
        "url_errors_shown": "invalidParamWrapf(" in mirror,
        "upper_domains": "strings.ToLower(" in function("splitDockerDomain", texts.reference),
        "duplicate_cidrs_skipped": "continue skip" in load or "map[netip.Prefix]" in load,
        "netip": "netip.ParsePrefix" in load,
    }
