"""What a lookup answers, by the reference model and by the source's own code, in the same words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from gopatch.model import (
    Endpoint,
    ModelError,
    ServiceConfig,
    Traits,
    is_secure_index,
    pull_endpoints,
    push_endpoints,
    service_config,
)
from gopatch.verify._go.lookup_cases import LookupCase

_ERROR = "error"


class LookupAnswer(NamedTuple):
    """What a lookup gives: "error", or the endpoints as one line each. `secure` may be unknown."""

    service: str
    secure: bool | None
    pull: tuple[str, ...]
    push: tuple[str, ...]

    def lines(self) -> list[str]:
        if self.service:
            return ["NewService: " + self.service]
        rows = [] if self.secure is None else [f"isSecureIndex: {str(self.secure).lower()}"]
        for name, found in (("pull", self.pull), ("push", self.push)):
            rows += [f"{name}: {line}" for line in found or ("no endpoint",)]
        return rows


def expected(case: LookupCase, traits: Traits) -> LookupAnswer:
    """What the reference model says."""
    names = dict(case.resolve)
    try:
        config = service_config(case.options, traits)
    except ModelError:
        return LookupAnswer(_ERROR, None, (), ())

    def resolve(name: str) -> Sequence[str]:
        return names[name]

    return LookupAnswer(
        "",
        is_secure_index(config, case.host, traits, resolve),
        _looked_up(pull_endpoints, config, case.host, traits, resolve),
        _looked_up(push_endpoints, config, case.host, traits, resolve),
    )


def _looked_up(
    find: Any, config: ServiceConfig, host: str, traits: Traits, resolve: Any
) -> tuple[str, ...]:
    try:
        return tuple(map(_line, find(config, host, traits, resolve)))
    except ModelError:
        return (_ERROR,)


def _line(e: Endpoint) -> str:
    flags = (e.mirror, e.official, e.trim_hostname, e.insecure_skip_verify)
    return _worded(e.url, e.version, flags)


def _worded(url: str, version: int, flags: tuple[bool, ...]) -> str:
    words = ("mirror", "official", "TrimHostname", "InsecureSkipVerify")
    said = [word for word, flag in zip(words, flags, strict=True) if flag]
    return " ".join([f"v{version}", url, *said])


def heard(answer: dict[str, Any]) -> LookupAnswer:
    """What the source's own code said, in the same words."""
    if answer["error"]:
        return LookupAnswer(answer["error"] if _panics(answer) else _ERROR, None, (), ())
    return LookupAnswer("", answer["secure"], _found(answer["pull"]), _found(answer["push"]))


def _panics(answer: dict[str, Any]) -> bool:
    return str(answer["error"]).startswith("panic:")


def _found(found: dict[str, Any]) -> tuple[str, ...]:
    if found["error"]:
        return (_ERROR,)
    return tuple(
        _worded(
            e["url"],
            e["version"],
            (e["mirror"], e["official"], e["trim_hostname"], e["skip_verify"]),
        )
        for e in found["endpoints"] or ()
    )


def agree(wanted: LookupAnswer, got: LookupAnswer) -> bool:
    """Whether they are the same, as far as the source can be asked."""
    if got.secure is None:
        wanted = wanted._replace(secure=None)
    return wanted == got
