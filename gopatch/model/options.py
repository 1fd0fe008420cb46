"""The registry options of the daemon, and what its registry service makes of them.

Docker's side of it: registry/config.go and the flags' validators. Each ModelError stands for an
error of that file; `kind` is what a test or a program compares, for Docker's wording changes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial

from gopatch.go.net import (
    Network,
    Url,
    atoi,
    parse_address,
    parse_cidr,
    parse_prefix,
    parse_url,
    quoted,
    shown_url,
    split_host_port,
    url_error,
)
from gopatch.model.traits import INDEX_HOST, NAMESPACE, Traits

_COMPONENT = r"(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])"
_NAME = rf"{_COMPONENT}(?:\.{_COMPONENT})*"


class ModelError(ValueError):
    """The daemon would refuse this, or fail here, with this message. `kind` is one short word:

    "hyphen", "scheme", "host", "port", "mirror-url", "mirror-scheme", "mirror-path", "mirror-user"
    for an option; "daemon-json" and "flag" where the daemon does not start; "repository",
    "search-term", "reference", "address" for a name; "road" where the source has no such action.
    """

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


@dataclass(frozen=True)
class Options:
    """What `dockerd` is told, by flags or by daemon.json.

    `disable_legacy_registry` None is the source's default. `accept_insecure_registry` is the
    option that the patch adds.
    """

    mirrors: tuple[str, ...] = ()
    insecure_registries: tuple[str, ...] = ()
    accept_insecure_registry: bool = False
    disable_legacy_registry: bool | None = None


@dataclass(frozen=True)
class ServiceConfig:
    """The registry service's configuration.

    `insecure_hosts` and Docker Hub (where `hub_configured`) are Docker's IndexConfigs: a name
    that is found there is not looked at as an address any more. `listed` and `listed_mirrors` are
    what the daemon itself goes by, where the service's lists are not asked: as they were given.
    """

    mirrors: tuple[str, ...] = ()
    insecure_cidrs: tuple[Network, ...] = ()
    insecure_hosts: frozenset[str] = frozenset()
    hub_configured: bool = True
    v2_only: bool = False
    accept_insecure_registry: bool = False
    listed: tuple[str, ...] = ()
    listed_mirrors: tuple[str, ...] = ()


def from_flags(options: Options, traits: Traits) -> Options:
    """`options` as the command line hands them on: its flags validate and normalise each value.

    Values from daemon.json do not pass here. Raises ModelError for a value that is refused.
    """
    return replace(
        options,
        mirrors=tuple(map(partial(validate_mirror, traits=traits), options.mirrors)),
        insecure_registries=tuple(
            validate_index_name(entry, traits) for entry in options.insecure_registries
        ),
    )


def service_config(options: Options, traits: Traits) -> ServiceConfig:
    """NewService: the configuration that the registry service starts with, or a ModelError."""
    mirrors, hub = _load_mirrors(options.mirrors, traits)
    base = ServiceConfig(
        mirrors=mirrors,
        v2_only=_v2_only(options, traits),
        accept_insecure_registry=options.accept_insecure_registry,
        listed=options.insecure_registries,
        listed_mirrors=options.mirrors,
    )
    try:
        listed = tuple(_listed(options.insecure_registries, traits))
    except ModelError:
        if not traits.load_errors_dropped:
            raise
        return replace(base, hub_configured=hub)
    cidrs = tuple(item for item in listed if not isinstance(item, str))
    if traits.duplicate_cidrs_skipped:
        cidrs = tuple(dict.fromkeys(cidrs))
    # Docker Hub's own entry is written last, over whatever was listed by that name.
    hosts = frozenset(item for item in listed if isinstance(item, str)) - {NAMESPACE}
    return replace(base, insecure_cidrs=cidrs, insecure_hosts=hosts)


def _v2_only(options: Options, traits: Traits) -> bool:
    if not traits.v1:
        return True
    chosen = options.disable_legacy_registry
    return traits.v1_off_by_default if chosen is None else chosen


def _load_mirrors(mirrors: tuple[str, ...], traits: Traits) -> tuple[tuple[str, ...], bool]:
    """LoadMirrors: the mirrors, and whether it came to set up Docker Hub's entry."""
    if not traits.mirrors_checked:
        return mirrors, False
    try:
        checked = [validate_mirror(mirror, traits) for mirror in mirrors]
    except ModelError:
        if not traits.load_errors_dropped:
            raise
        return (), False
    return tuple(dict.fromkeys(checked)), True


def _listed(registries: tuple[str, ...], traits: Traits) -> Iterator[Network | str]:
    """LoadInsecureRegistries: each listed registry as a network or as a name."""
    for entry in (*registries, *traits.default_cidrs):
        if traits.index_names_checked:
            validate_index_name(entry, traits)
        name = _strip_scheme(entry) if traits.schemes_stripped else entry
        network = parse_prefix(name) if traits.netip else parse_cidr(name, traits.go)
        if network is None and traits.host_ports_checked:
            try:
                validate_host_port(name, traits)
            except ModelError as error:
                message = f"insecure registry {name} is not valid: {error}"
                raise ModelError(error.kind, message) from None
        yield name if network is None else network


def _strip_scheme(entry: str) -> str:
    scheme, separator, rest = entry.partition("://")
    if not separator:
        return entry
    if scheme.lower() not in ("http", "https"):
        raise ModelError("scheme", f"insecure registry {entry} should not contain '://'")
    return rest


def validate_index_name(name: str, traits: Traits) -> str:
    """ValidateIndexName: `index.docker.io` is `docker.io`; no hyphen at either end."""
    if name == INDEX_HOST:
        return NAMESPACE
    if name.startswith("-") or name.endswith("-"):
        text = f"nvalid index name ({name}). Cannot begin or end with a hyphen"
        old = traits.mirror_rule == "bare"
        raise ModelError("hyphen", f"I{text}." if old else f"i{text}")
    return name


def host_pattern(brackets: bool) -> str:
    """reference.DomainRegexp: a name or, with `brackets`, an IPv6 address; perhaps a port."""
    name = rf"(?:{_NAME}|\[[a-fA-F0-9:]+\])" if brackets else _NAME
    return rf"{name}(?::[0-9]+)?"


def validate_host_port(name: str, traits: Traits) -> None:
    """validateHostPort: a domain with an optional port, or an IP address with one."""
    host, port = split_host_port(name) or (name, "")
    pattern = host_pattern(traits.bracketed_hosts)
    if not re.fullmatch(pattern, name) and parse_address(host, traits.go) is None:
        raise ModelError("host", f"invalid host {quoted(host)}")
    if not port:
        return
    number = atoi(port)
    if number is None:
        digits = re.match(r"[0-9]*", port)
        # Go counts digit by digit, and gives up at the first that is too much or is none.
        beyond = digits is not None and len(digits[0].lstrip("0")) > 19
        what = "value out of range" if beyond or port.isdecimal() else "invalid syntax"
        raise ModelError("port", f"strconv.Atoi: parsing {quoted(port)}: {what}")
    if not 0 <= number <= 65535:
        raise ModelError("port", f"invalid port {quoted(port)}")


def validate_mirror(mirror: str, traits: Traits) -> str:
    """ValidateMirror: the mirror as it is kept, which always ends in a slash."""
    separated = mirror.partition("://")
    if traits.mirror_needs_slashes and not (separated[0] and separated[1]):
        why = f"invalid mirror: no scheme specified for {quoted(mirror)}{_MUST}"
        raise ModelError("mirror-scheme", why)
    url = parse_url(mirror, traits.go)
    if url is None:
        raise ModelError("mirror-url", _no_url(mirror, traits))
    if url.scheme not in ("http", "https"):
        raise ModelError("mirror-scheme", _no_scheme(mirror, url, traits))
    paths = {"bare": ("",), "root": ("", "/"), "path": (url.path,)}[traits.mirror_rule]
    if url.path not in paths or url.query or url.fragment:
        raise ModelError("mirror-path", _no_path(mirror, traits))
    if traits.mirror_rule == "bare":
        return f"{url.scheme}://{url.host}/"
    if url.user:
        raise ModelError("mirror-user", _no_user(mirror))
    return mirror.removesuffix("/") + "/"


_MUST = ": must use either 'https://' or 'http://'"


def _no_url(mirror: str, traits: Traits) -> str:
    if traits.mirror_rule == "bare":
        return f"{mirror} is not a valid URI"
    why = f": {url_error(mirror, traits.go)}" if traits.url_errors_shown else ""
    return f"invalid mirror: {quoted(mirror)} is not a valid URI{why}"


def _no_scheme(mirror: str, url: Url, traits: Traits) -> str:
    if traits.mirror_rule == "bare":
        return f"Unsupported scheme {url.scheme}"
    must = _MUST if traits.mirror_needs_slashes else ""
    return f"invalid mirror: unsupported scheme {quoted(url.scheme)} in {quoted(shown_url(mirror))}{must}"


def _no_path(mirror: str, traits: Traits) -> str:
    if traits.mirror_rule == "bare":
        return "Unsupported path/query/fragment at end of the URI"
    what = "path, query," if traits.mirror_rule == "root" else "query"
    return f"invalid mirror: {what} or fragment at end of the URI {quoted(shown_url(mirror))}"


def _no_user(mirror: str) -> str:
    """Docker shows the user, and x for the password, be there one or not."""
    shown = re.sub(r"(?<=://)([^/@:]*)[^/@]*(?=@)", r"\1:xxxxx", shown_url(mirror), count=1)
    return f"invalid mirror: username/password not allowed in URI {quoted(shown)}"
