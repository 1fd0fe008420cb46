"""Cases that say less than a given one: the smallest that still goes wrong is what people read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from gopatch.model import Options
from gopatch.verify._go.lookup_cases import LookupCase


def smaller(case: LookupCase) -> Iterator[LookupCase]:
    """Cases that say less, most daring first; every one is strictly smaller."""
    options = case.options
    if case.resolve:
        yield replace(case, resolve=())
    for at in range(len(case.resolve)):
        yield replace(case, resolve=case.resolve[:at] + case.resolve[at + 1 :])
    for less in _fewer(options):
        yield replace(case, options=less)
    for host in ("a", "a:1", case.host.partition(":")[0]):
        if host and len(host) < len(case.host):
            yield replace(case, host=host)


def _fewer(options: Options) -> Iterator[Options]:
    mirrors, listed = options.mirrors, options.insecure_registries
    for at in range(len(mirrors)):
        yield replace(options, mirrors=mirrors[:at] + mirrors[at + 1 :])
    for at in range(len(listed)):
        yield replace(options, insecure_registries=listed[:at] + listed[at + 1 :])
    if options.accept_insecure_registry:
        yield replace(options, accept_insecure_registry=False)
    if options.disable_legacy_registry:
        yield replace(options, disable_legacy_registry=False)


def size(case: LookupCase) -> tuple[int, int, str]:
    """Smaller first, and the same order on every run."""
    o = case.options
    switches = int(o.accept_insecure_registry) + int(bool(o.disable_legacy_registry))
    count = len(o.mirrors) + len(o.insecure_registries) + switches
    return count, len(case.host), str(case)
