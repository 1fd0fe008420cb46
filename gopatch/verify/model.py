"""The judge `model`: both states of the registry package are run from their syntax trees and
held against the reference model, and the option is followed from its flag to the guard."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any

from gopatch.verify import Judge, Opinion

if TYPE_CHECKING:
    from gopatch.port.work import Port
    from gopatch.source import Source

_HELP = "evaluates the Go of the endpoint lookups and compares it with the reference model"


def key(port: Port, source: Source) -> Hashable:
    """All that a verdict depends on: the registry package before and after, and the flag."""
    from gopatch.verify._model.judge import question

    return question(port, source)


def judge(port: Port, source: Source, options: Mapping[str, Any]) -> Opinion:
    """Hold a port against the model. Needs no Go, and touches nothing."""
    from gopatch.verify._model.judge import hold, question

    return hold(port, source, question(port, source), options)


JUDGE = Judge("model", _HELP, judge, key)
