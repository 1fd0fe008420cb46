"""The start of the registry service with other keys of daemon.json beside the option, which says no more and no less
then."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from gopatch.evaluate import Pointer, UnsupportedError
from gopatch.model import Options
from gopatch.verify._model.configuration import ConfigurationKey, entries
from gopatch.verify._model.points import Point
from gopatch.verify._model.service import KEY, EvaluatedRegistry, LookupResult

_HOST = "reg.test"
_OWN = (KEY, "insecure-registries", "registry-mirrors")


def judge_starts(stock: EvaluatedRegistry, port: EvaluatedRegistry, point: Point) -> None:
    """Whether each key that the original makes nothing of in a lookup leaves the option as it is."""
    for key in _keys(stock):
        with suppress(UnsupportedError):
            if _started(stock, Options(), key) != _started(stock, Options()):
                continue
            for on in (False, True):
                options = Options(accept_insecure_registry=on)
                same = _started(port, options, key) == _started(port, options)
                said = "on" if on else "off"
                point.expect(
                    same,
                    f"lookup: with {key} in daemon.json, the option {said} means another thing",
                )


def _keys(registry: EvaluatedRegistry) -> Iterator[str]:
    for entry in _entries(registry.options(Options())):
        if entry.key not in _OWN:
            yield entry.key


def _started(registry: EvaluatedRegistry, options: Options, key: str = "") -> LookupResult | None:
    """What a service offers that was made with a key beside; None where it was not made."""
    given = registry.options(options)
    for entry in _entries(given):
        if entry.key == key:
            entry.holder.fields[entry.field] = entry.value
    service = registry.made_with(given)
    return None if service is None else registry.lookup(service, "pull", _HOST)


def _entries(options: Any) -> Iterator[ConfigurationKey]:
    return entries(options.target if isinstance(options, Pointer) else options)
