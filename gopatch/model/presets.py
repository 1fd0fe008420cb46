"""One set of `Traits` for each structural kind of Docker source."""

from __future__ import annotations

from dataclasses import replace

from gopatch.go.net import go_rules
from gopatch.model.traits import INDEX_HOST, NAMESPACE, REGISTRY_HOST, Traits

NETIP = Traits()
LOOPBACK_V6 = replace(NETIP, netip=False, official_field=True, go=go_rules("1.24.4"))
BRACKETED = replace(
    LOOPBACK_V6,
    include_mirrors=False,
    go=go_rules("1.21.6"),
    login_deadline=False,
    search_deadline=False,
    default_cidrs=("127.0.0.0/8",),
    mirror_needs_slashes=False,
    search_name_checked=True,
    log_fields=False,
    trim_hostname_field=True,
    buildkit="host",
    hosts_fallback="plain",
    store="plain",
)
MIRROR_PATHS = replace(
    BRACKETED,
    bracketed_hosts=False,
    upper_domains=False,
    go=go_rules("1.20.13"),
    reload="mirrors-first",
    log_pinging=True,
    buildkit="map",
    listed_hosts="retried",
    hosts_of_both=True,
    hosts_fallback="",
)
V2_ONLY = replace(
    MIRROR_PATHS,
    mirror_rule="root",
    url_errors_shown=False,
    reload="list-first",
    login="unconfirmed",
    confirmed_v2=True,
    registry_errors_continue=True,
    log_versions=True,
    listed_hosts="parsed",
    local_by_name=True,
    resolver_continues=False,
    store="",
)
ONE_CLIENT = replace(
    V2_ONLY,
    go=go_rules("1.13.15"),
    buildkit="client",
    plugins="distribution",
    hosts_of_both=False,
    local_by_name=False,
)
CHECKED_LISTS = replace(
    ONE_CLIENT,
    go=go_rules("1.8.3"),
    buildkit="",
    v1=True,
    v1_off_by_default=True,
    v1_after_v2="unproved",
    log_login_versions=True,
    hub_v1=frozenset({NAMESPACE, INDEX_HOST, REGISTRY_HOST}),
)
RELOADABLE = replace(
    CHECKED_LISTS,
    go=go_rules("1.7.5"),
    reload="list",
    v1_off_by_default=False,
    mirror_rule="bare",
    mirrors_checked=False,
    load_errors_dropped=True,
    schemes_stripped=False,
    host_ports_checked=False,
    next_level="error",
)
V1_HUB = replace(
    RELOADABLE,
    system_roots=False,
    hub_v1=frozenset({NAMESPACE}),
    v1_hub_endpoint=True,
    index_names_checked=False,
    load_errors_dropped=False,
    duplicate_cidrs_skipped=False,
    plugins="",
    go=go_rules("1.5.4"),
    reload="",
)
PING_LOGIN = replace(
    V1_HUB,
    by_repository=True,
    hub_v2=frozenset({NAMESPACE}),
    mirror_default_scheme=False,
    login="ping",
    v1_after_v2="words",
    log_login_versions=False,
    confirmed_tls=False,
    next_level="",
)
FIRST_LOOKUPS = replace(
    PING_LOGIN, push_keeps_mirrors=True, confirmed_v2=False, v1_after_v2="", push_ends=True
)

PRESETS: dict[str, Traits] = {
    "first-lookups": FIRST_LOOKUPS,
    "ping-login": PING_LOGIN,
    "v1-hub": V1_HUB,
    "reloadable": RELOADABLE,
    "checked-lists": CHECKED_LISTS,
    "one-client": ONE_CLIENT,
    "v2-only": V2_ONLY,
    "mirror-paths": MIRROR_PATHS,
    "bracketed": BRACKETED,
    "loopback-v6": LOOPBACK_V6,
    "netip": NETIP,
}
"""One of each structural kind, oldest first. The first release with each, to find one's way:
v1.8.3, v1.10, v1.11, v1.13, v17.10, v19.03.0, v20.10, v24.0.8, v25.0, v28.3, v29.5. Sources in
between mix them: `read_traits` tells."""
