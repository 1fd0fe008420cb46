"""The judge `model`: both states of the registry package are run from their syntax trees and
held against the reference model, and the option is followed from its flag to the guard."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from gopatch.verify import Verdict

if TYPE_CHECKING:
    from gopatch.port import Port
    from gopatch.source import Source

HELP = "evaluates the Go of the endpoint lookups and compares it with the reference model"


def judge(port: Port, source: Source, options: Mapping[str, Any]) -> Verdict:
    """Hold a port against the model. Needs no Go, and touches nothing."""
    from gopatch.verify._held import Cache, hold

    cache = options.get("cache")
    return hold(port, source, cache if isinstance(cache, Cache) else Cache())
