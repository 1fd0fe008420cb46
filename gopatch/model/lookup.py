"""Which endpoints the daemon derives from a registry's name: registry/service*.go.

The order of a result is the order in which the daemon tries it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from gopatch.go.net import (
    Address,
    Resolver,
    net_contains,
    netip_contains,
    no_resolver,
    parse_address,
    parse_url,
    parse_zoned,
    shown_url,
    split_host_port,
    url_error,
)
from gopatch.model.options import ModelError, Options, ServiceConfig, service_config
from gopatch.model.tls_settings import NO_CERTS, CertsFolder, TlsSettings, tls_settings
from gopatch.model.traits import INDEX_HOST, NAMESPACE, REGISTRY_HOST, Traits

HUB_NAMES = frozenset({NAMESPACE, INDEX_HOST, REGISTRY_HOST})

OPEN_LIST = ("0.0.0.0/0",)


class Endpoint(NamedTuple):
    """Go's APIEndpoint: the URL's parts, `version` 1 or 2, and what its TLSConfig says.

    Fields that a source's struct does not have are False.
    """

    scheme: str
    host: str
    path: str
    version: int
    mirror: bool
    official: bool
    trim_hostname: bool
    tls: TlsSettings = TlsSettings()

    @property
    def insecure_skip_verify(self) -> bool:
        return self.tls.insecure_skip_verify

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.host}{self.path}"

    @property
    def by_option(self) -> bool:
        """An http endpoint that only accept-insecure-registry can have brought about."""
        return self.scheme == "http" and not self.mirror and not self.insecure_skip_verify


class Difference(NamedTuple):
    """One way in which listing 0.0.0.0/0 is not the option: `open_list_differences` has the kinds."""

    kind: str
    text: str


def loopback_resolver(name: str) -> Sequence[str]:
    """A world without DNS, but with the one line that every /etc/hosts has: localhost is loopback.
    As Go looks there: in any case of letters, with or without a last dot."""
    if name.lower().removesuffix(".") == "localhost":
        return ("127.0.0.1", "::1")
    raise LookupError(name)


def is_docker_hub(host: str) -> bool:
    """Is it Docker Hub for the option: in any case of letters, with or without a port or a last dot?"""
    name = (split_host_port(host) or (host, ""))[0]
    return name.lower().removesuffix(".") in HUB_NAMES


def is_secure_index(
    config: ServiceConfig, host: str, traits: Traits, resolve: Resolver = no_resolver
) -> bool:
    """isSecureIndex: False where `host` (host or host:port) is listed as insecure.

    An exact name comes first and settles it; then each address of the host is held against the
    networks. A name that does not resolve is in no network.
    """
    if host == NAMESPACE and config.hub_configured:
        return True
    if host in config.insecure_hosts:
        return False
    contains = netip_contains if traits.netip else net_contains
    name = (split_host_port(host) or (host, ""))[0]
    return not any(
        contains(network, address)
        for address in _addresses(name, traits, resolve)
        for network in config.insecure_cidrs
    )


def _addresses(name: str, traits: Traits, resolve: Resolver) -> tuple[Address, ...]:
    literal = parse_zoned(name, traits.go)
    if literal is not None:
        # netip keeps the zone, and no prefix contains an address with a zone.
        return () if literal[1] and traits.netip else (literal[0],)
    if not name:
        return ()
    try:
        texts = resolve(name)
    except (LookupError, OSError):
        return ()
    return tuple(address for address in map(parse_address, texts) if address is not None)


class _Service(NamedTuple):
    """A registry service, and the world that it looks at."""

    config: ServiceConfig
    traits: Traits
    resolve: Resolver
    certs: CertsFolder

    def tls(self, host: str) -> TlsSettings:
        is_secure = is_secure_index(self.config, host, self.traits, self.resolve)
        return tls_settings(host, is_secure=is_secure, certs=self.certs, traits=self.traits)

    def endpoint(self, scheme: str, host: str, version: int) -> Endpoint:
        return Endpoint(scheme, host, "", version, False, False, self.traits.trim_hostname_field)


def pull_endpoints(
    config: ServiceConfig,
    host: str,
    traits: Traits,
    resolve: Resolver = no_resolver,
    certs: CertsFolder = NO_CERTS,
) -> tuple[Endpoint, ...]:
    """LookupPullEndpoints: V2 before V1, mirrors before the registry, https before http.

    Raises ModelError where the name has no registry, or what lies in `certs` is refused.
    """
    return _endpoints(_Service(config, traits, resolve, certs), host, mirrors=True)


def push_endpoints(
    config: ServiceConfig,
    host: str,
    traits: Traits,
    resolve: Resolver = no_resolver,
    certs: CertsFolder = NO_CERTS,
) -> tuple[Endpoint, ...]:
    """LookupPushEndpoints, which login walks too: as for pull, without mirrors."""
    service = _Service(config, traits, resolve, certs)
    found = _endpoints(service, host, mirrors=not traits.include_mirrors)
    return tuple(e for e in found if traits.push_keeps_mirrors or not e.mirror)


def _endpoints(service: _Service, host: str, *, mirrors: bool) -> tuple[Endpoint, ...]:
    traits = service.traits
    if traits.by_repository:
        host = host.partition("/")[0]
        if not host:
            raise ModelError("repository", "the repository name has no registry before its slash")
    found = tuple(_v2(service, host, mirrors))
    if not service.config.v2_only:
        found = (*found, *_v1(service, host))
    if traits.both_at_once and host not in traits.hub_v2:
        found = tuple(sorted(found, key=lambda each: each.scheme == "http"))
    return found


def _v2(service: _Service, host: str, mirrors: bool) -> Iterator[Endpoint]:
    if host not in service.traits.hub_v2:
        yield from _registry(service, host, version=2)
        return
    for mirror in service.config.mirrors if mirrors else ():
        scheme, name, path = _mirror_url(mirror, service.traits)
        made = service.endpoint(scheme, name, 2)
        yield made._replace(path=path, mirror=True, tls=service.tls(name))
    yield service.endpoint("https", REGISTRY_HOST, 2)._replace(
        official=service.traits.official_field
    )


def _mirror_url(mirror: str, traits: Traits) -> tuple[str, str, str]:
    if traits.mirror_default_scheme and not mirror.startswith(("http://", "https://")):
        mirror = "https://" + mirror
    url = parse_url(mirror, traits.go)
    if url is None:
        raise ModelError("mirror-url", url_error(mirror, traits.go))
    if not url.host or not url.path:
        return url.scheme, url.host, url.path
    asked = re.split(r"[?#]", shown_url(mirror).partition("://")[2])[0]
    return url.scheme, url.host, f"/{asked.partition('/')[2]}"


def _v1(service: _Service, host: str) -> Iterator[Endpoint]:
    traits = service.traits
    if host not in traits.hub_v1:
        yield from _registry(service, host, version=1)
    elif traits.v1_hub_endpoint:
        yield service.endpoint("https", INDEX_HOST, 1)._replace(official=traits.official_field)


def _registry(service: _Service, host: str, *, version: int) -> Iterator[Endpoint]:
    """A registry that is not Docker Hub: https, and http where the guard lets it."""
    https = service.endpoint("https", host, version)._replace(tls=service.tls(host))
    yield https
    if guard(service.config, host, https.insecure_skip_verify):
        yield https._replace(scheme="http")


def guard(config: ServiceConfig, host: str, insecure_skip_verify: bool) -> bool:
    """The condition under which plain HTTP is offered: the whole of the change."""
    return (config.accept_insecure_registry and not is_docker_hub(host)) or insecure_skip_verify


def open_list_differences(
    host: str, options: Options, traits: Traits, resolve: Resolver = no_resolver
) -> tuple[Difference, ...]:
    """In what `--insecure-registry 0.0.0.0/0`, the stock way to allow all, is not the option.

    Always: "list" (the option needs no list). For this host: "tls" (certificates are not checked
    any more), "hub" (Docker Hub's registry host is offered over HTTP), "ipv6" and "name" (https
    only: no address of it is IPv4, or it has none). Raises ModelError for refused `options`.
    """
    listed = replace(
        options,
        insecure_registries=options.insecure_registries + OPEN_LIST,
        accept_insecure_registry=False,
    )
    option = service_config(replace(options, accept_insecure_registry=True), traits)
    with_list = pull_endpoints(service_config(listed, traits), host, traits, resolve)
    with_option = pull_endpoints(option, host, traits, resolve)
    found = [Difference("list", "the option needs no list; 0.0.0.0/0 must be listed")]
    checked = {e.url for e in with_option if not e.insecure_skip_verify}
    if any(e.insecure_skip_verify and e.url in checked for e in with_list):
        text = f"0.0.0.0/0 switches certificate checks off for {host}; the option does not"
        found.append(Difference("tls", text))
    by_list, by_option = ({e.url for e in found} for found in (with_list, with_option))
    if by_list - by_option:
        text = f"0.0.0.0/0 offers Docker Hub itself over plain HTTP as {host}; the option does not"
        found.append(Difference("hub", text))
    if by_option - by_list:
        found.append(_uncovered(host, traits, resolve))
    return tuple(found)


def _uncovered(host: str, traits: Traits, resolve: Resolver) -> Difference:
    name = (split_host_port(host) or (host, ""))[0]
    if _addresses(name, traits, resolve) or parse_zoned(name, traits.go):
        return Difference("ipv6", f"0.0.0.0/0 does not cover {host}, which has no IPv4 address")
    return Difference("name", f"0.0.0.0/0 does not cover {host}, which does not resolve")
