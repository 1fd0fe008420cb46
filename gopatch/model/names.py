"""Which registry a typed name means to each action: registry/service.go (Auth), and the references of
vendor/github.com/distribution/reference (reference/ in v1.10 to v1.12).
"""

from __future__ import annotations

import re
from ipaddress import IPv6Address
from typing import NamedTuple

from gopatch.go.net import parse_address, parse_url, url_error
from gopatch.model.answers import Action
from gopatch.model.options import ModelError, host_pattern
from gopatch.model.traits import INDEX_HOST, NAMESPACE, Traits

_COMPONENT = r"[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*"
_PATH = rf"{_COMPONENT}(?:/{_COMPONENT})*"


class Name(NamedTuple):
    """What is asked of whom: the registry's host, and the repository as the daemon's log has it."""

    host: str
    repository: str = ""
    note: str = ""


def named(action: Action, typed: str, traits: Traits) -> Name:
    """What `typed` means: the argument of a login, or what stands before `/image` in a name.

    Raises ModelError in Docker's words for what is no address, or no name.
    """
    if action == "login":
        return Name(typed) if traits.login == "ping" else _address(typed, traits)
    if action == "search":
        return Name(typed)
    return _reference(f"{typed}/image", typed, traits)


def _address(typed: str, traits: Traits) -> Name:
    """The host of a URL; scheme, path and user are dropped."""
    address = typed if typed.startswith(("http://", "https://")) else f"https://{typed}"
    url = parse_url(address, traits.go)
    if url is None:
        why = url_error(address, traits.go)
        raise ModelError("address", f"unable to parse server address: {why}")
    if not url.host:
        raise ModelError("address", f"{typed} names no host: http: no Host in request URL")
    note = f"login takes the host of {typed} alone: {url.host}" if url.host != typed else ""
    return Name(url.host, note=note)


def _reference(text: str, typed: str, traits: Traits) -> Name:
    """ParseNormalizedNamed."""
    first, _, rest = text.partition("/")
    is_host = bool(set(".:") & set(first)) or first == "localhost"
    is_host = is_host or (traits.upper_domains and first != first.lower())
    domain, path = (first, rest) if is_host else (NAMESPACE, text)
    if domain == INDEX_HOST:
        domain = NAMESPACE
    name = path.partition(":")[0]
    if name != name.lower():
        shown = f" ({name})" if traits.upper_domains else ""
        raise ModelError(
            "reference", f"invalid reference format: repository name{shown} must be lowercase"
        )
    if domain == NAMESPACE and "/" not in path:
        path = f"library/{path}"
    if not re.fullmatch(_PATH, path):
        raise ModelError("reference", "invalid reference format")
    dotted = _dotted(domain, traits)
    if not dotted and not re.fullmatch(host_pattern(traits.bracketed_hosts), domain):
        raise ModelError("reference", _no_host(domain))
    note = (
        dotted if is_host else f"{typed} has neither a dot nor a colon: it is a name on Docker Hub"
    )
    return Name(domain, f"{domain}/{path}", note)


def _dotted(domain: str, traits: Traits) -> str:
    """An IPv4 address in IPv6 clothes: the grammar wants it without dots. It is told as what it
    means, with the spelling that Docker takes."""
    found = re.fullmatch(r"\[([0-9a-fA-F:]+\.[0-9.]+)\](:[0-9]+)?", domain)
    address = parse_address(found[1], traits.go) if found else None
    if found is None or not isinstance(address, IPv6Address):
        return ""
    spelled = f"[{address.compressed}]{found[2] or ''}"
    spelled = re.sub(r"::ffff:([0-9]+)\.([0-9]+)\.([0-9]+)\.([0-9]+)", _as_words, spelled)
    return (
        f"a name of an image has no dots within brackets (invalid reference format): write {spelled}, "
        "which is the same address"
    )


def _as_words(found: re.Match[str]) -> str:
    a, b, c, d = map(int, found.groups())
    return f"::ffff:{a * 256 + b:x}:{c * 256 + d:x}"


def _no_host(domain: str) -> str:
    """A name that fits a path alone is taken for one, and then there is no host at all."""
    if re.fullmatch(_COMPONENT, domain):
        return f"{domain} is no host: http: no Host in request URL"
    return "invalid reference format"
