"""Every question of the grid put to a registry package, and what of the answers is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any, NamedTuple

from gopatch.evaluate import GoPanicError, UnsupportedError
from gopatch.model import (
    Endpoint,
    ModelError,
    TlsSettings,
    pull_endpoints,
    push_endpoints,
    service_config,
)
from gopatch.verify._model.certs import laid
from gopatch.verify._model.grid import CaseFamily, families, resolve
from gopatch.verify._model.service import (
    EvaluatedRegistry,
    LookupResult,
    differing,
    repository,
    without_url,
)

_LOOKUPS = {"pull": pull_endpoints, "push": push_endpoints}


class Key(NamedTuple):
    """One question: a family of the grid, the option, the road and the host."""

    family: int
    accept: bool
    road: str
    host: str


class WrongAnswer(NamedTuple):
    """A question whose answer is wrong: what was expected, and what the Go gives.

    `beside` says what is wrong where the model finds no fault, but the original differs.
    """

    key: Key
    family: CaseFamily
    expected: tuple[str, ...]
    found: tuple[str, ...]
    beside: str = ""


class StateAnswers(NamedTuple):
    """What one state of the package answers, and where that is wrong.

    `used` are the functions of other packages that were called on the way.
    """

    results: dict[Key, LookupResult]
    misses: list[WrongAnswer]
    used: frozenset[str] = frozenset()


def ask(
    registry: EvaluatedRegistry, stock: StateAnswers | None = None, *, shortly: bool = False
) -> StateAnswers:
    """Hold every answer against the model and, beyond that, against the original's.

    The first family with a wrong answer is the last; `shortly` asks for the first family alone.
    The option is turned on where `registry` knows how.
    """
    answers: dict[Key, LookupResult] = {}
    misses: list[WrongAnswer] = []
    for number, family in enumerate(families(registry.traits)):
        for accept in (False, True) if registry.accept else (False,):
            for key, result, expected in _asked(registry, stock, number, family, accept):
                answers[key] = result
                if result.endpoints != expected or result.panic:
                    misses.append(miss_of(key, family, expected, result))
                elif stock is not None:
                    original = stock.results.get(key._replace(accept=False))
                    misses += beside(original, key, family, result)
        if misses or shortly:
            break
    return StateAnswers(answers, misses, frozenset(registry.machine.library.used))


Answer = tuple[Key, LookupResult, "tuple[Endpoint, ...] | None"]


def _asked(
    registry: EvaluatedRegistry,
    stock: StateAnswers | None,
    number: int,
    family: CaseFamily,
    accept: bool,
) -> Iterable[Answer]:
    """The answers to a family's questions; none where an original cannot be run here with the files that lie there."""
    found = _answers(registry, number, family, accept)
    if not family.certs:
        return found
    if stock is not None:
        return found if any(key.family == number for key in stock.results) else ()
    try:
        return list(found)
    except UnsupportedError:
        return ()


def _answers(
    registry: EvaluatedRegistry, number: int, family: CaseFamily, accept: bool
) -> Iterator[Answer]:
    """What a family's questions are answered with, and what the model says."""
    options, traits = replace(family.options, accept_insecure_registry=accept), registry.traits
    started = Key(number, accept, "start", "")
    config, certs = None, laid(family.certs)
    with suppress(ModelError):
        config = service_config(options, traits)
    try:
        service = registry.start(options)
    except GoPanicError as error:
        yield started, LookupResult(None, (), str(error)), ()
        return
    if service is None or config is None:
        yield started, LookupResult(None if service is None else ()), None if config is None else ()
        return
    for host in family.hosts:
        name = repository(host) if traits.by_repository else host
        for road, lookup in _LOOKUPS.items():
            if road == "push" and host not in family.pushed:
                continue
            expected = None
            with suppress(ModelError):
                expected = lookup(config, name, traits, resolve, certs)
            result = registry.lookup(service, road, host, family.certs)
            yield Key(number, accept, road, host), result, expected


def beside(
    original: LookupResult | None, key: Key, family: CaseFamily, result: LookupResult
) -> Iterator[WrongAnswer]:
    """In what an answer differs from the original's beyond what the model looks at."""
    if original is None or result.endpoints is None or original.endpoints is None:
        return
    wrong = _unlike(original, result)
    if wrong:
        yield WrongAnswer(key, family, _lines(original), _lines(result), wrong)


def _unlike(original: LookupResult, result: LookupResult) -> str:
    """In what an answer is not the original one with the option's endpoints beside it."""
    pairs = list(zip(result.endpoints or (), result.raw, strict=True))
    before = [(endpoint, raw) for endpoint, raw in pairs if not endpoint.by_option]
    if tuple(raw for _, raw in before) != original.raw:
        where = _first_unlike(before, original.raw)
        return f"what the option has not added is not as in the original{where}"
    rest = {e: without_url(raw) for e, raw in pairs}
    for endpoint, raw in pairs:
        twin = endpoint._replace(scheme="https")
        if endpoint.by_option and rest.get(twin) != without_url(raw):
            names = ", ".join(differing(rest.get(twin), without_url(raw)))
            return f"{endpoint.url} differs from {twin.url} in more than its scheme: {names}"
    return ""


def _first_unlike(found: Sequence[tuple[Endpoint, Any]], wanted: Sequence[Any]) -> str:
    """The first endpoint that is not the original's, and in what."""
    for (endpoint, raw), original in zip(found, wanted, strict=False):
        if raw != original:
            return f": {endpoint.url} differs in {', '.join(differing(original[1], raw[1]))}"
    return ""


def miss_of(
    key: Key, family: CaseFamily, expected: tuple[Endpoint, ...] | None, result: LookupResult
) -> WrongAnswer:
    if key.road == "start":
        starts = ("the daemon starts",)
        wanted = _lines(LookupResult(None)) if expected is None else starts
        return WrongAnswer(
            key, family, wanted, _lines(result) if result.endpoints is None else starts
        )
    return WrongAnswer(key, family, _lines(LookupResult(expected)), _lines(result))


def _lines(result: LookupResult) -> tuple[str, ...]:
    if result.panic:
        return (f"a crash: {result.panic}",)
    if result.endpoints is None:
        return ("an error",)
    return tuple(map(_line, result.endpoints)) or ("no endpoint",)


def _line(endpoint: Endpoint) -> str:
    words = [f"v{endpoint.version}", endpoint.url]
    words += [word for word in ("mirror", "official") if getattr(endpoint, word)]
    return " ".join([*words, *_tls(endpoint.tls)])


def _tls(settings: TlsSettings) -> Iterator[str]:
    """What is set of TLS, in as many words."""
    if settings.insecure_skip_verify:
        yield "InsecureSkipVerify"
    for name, held in (("roots", settings.roots), ("certificates", settings.certificates)):
        if held:
            yield f"with {name} {' and '.join(text.split(chr(10))[-1] for text in held)}"
    if not settings.system_roots:
        yield "without the system's roots"
    yield from settings.others
