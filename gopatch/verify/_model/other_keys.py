"""The start of the registry service with other keys of daemon.json beside the option, which says no more and no less
then."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

from gopatch.evaluate import Pointer, UnsupportedError
from gopatch.model import Options
from gopatch.verify._model.configuration import ConfigurationKey, entries
from gopatch.verify._model.points import Point
from gopatch.verify._model.service import KEY, EvaluatedRegistry, LookupResult

_HOST = "reg.test"
_OWN = (KEY, "insecure-registries", "registry-mirrors")
_OFF = Options()
_LISTED = Options(("https://mirror.test",), ("listed.test", "10.0.0.0/8"))


def judge_starts(stock: EvaluatedRegistry, port: EvaluatedRegistry, point: Point) -> None:
    """Whether the keys that the original makes nothing of in a lookup leave the option as it is: each, all at once,
    and beside a list and a mirror."""
    keys = [(entry.key,) for entry in _entries(stock.options(Options())) if entry.key not in _OWN]
    taken = [each for each in keys if _is_taken(stock, each)]
    every = tuple(key for each in taken for key in each)
    for beside in (*taken, every):
        for options in (Options(), _LISTED):
            if not _is_taken(stock, beside, options):
                continue
            with suppress(UnsupportedError):
                for on in (False, True):
                    given = replace(options, accept_insecure_registry=on)
                    same = _started(port, given, beside) == _started(
                        port, Options(accept_insecure_registry=on)
                    )
                    point.expect(same, _told(beside, listed=options is _LISTED, on=on))


def _told(keys: tuple[str, ...], *, listed: bool, on: bool) -> str:
    beside = " and ".join([*keys, *(("a list and a mirror",) if listed else ())])
    return f"lookup: with {beside} in daemon.json, the option {'on' if on else 'off'} means another thing"


def _is_taken(stock: EvaluatedRegistry, keys: tuple[str, ...], options: Options = _OFF) -> bool:
    """Whether the original starts with them, and they change nothing there for a host that is not listed."""
    try:
        return _started(stock, options, keys) == _started(stock, _OFF)
    except UnsupportedError:
        return False


def _started(
    registry: EvaluatedRegistry, options: Options, keys: tuple[str, ...] = ()
) -> LookupResult | None:
    """What a service offers that was made with keys beside; None where it was not made."""
    given = registry.options(options)
    for entry in _entries(given):
        if entry.key in keys:
            entry.holder.fields[entry.field] = entry.value
    service = registry.made_with(given)
    return None if service is None else registry.lookup(service, "pull", _HOST)


def _entries(options: Any) -> Iterator[ConfigurationKey]:
    return entries(options.target if isinstance(options, Pointer) else options)
