"""Questions that a port asks itself: each comparison met in a lookup becomes hosts and options for which it
holds, and for which it does not; each that a road meets becomes hosts of that road."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import NamedTuple

from gopatch.evaluate.asked import HostQuestions, OneSided, Question
from gopatch.model import (
    Endpoint,
    ModelError,
    Options,
    pull_endpoints,
    push_endpoints,
    service_config,
)
from gopatch.verify._model.grid import CaseFamily, resolve
from gopatch.verify._model.questions import Key, StateAnswers, WrongAnswer, beside, miss_of
from gopatch.verify._model.regexp_examples import examples
from gopatch.verify._model.service import EvaluatedRegistry, LookupResult, repository

_LOOKUPS = {"pull": pull_endpoints, "push": push_endpoints}
_NAME = re.compile(r"(?:[A-Za-z0-9][A-Za-z0-9.-]*|\[[0-9a-f:]+\])(?::\d{1,5})?")
_HUBS = ("docker.io", "index.docker.io", "registry-1.docker.io")
_FIRST = 1000  # the number of the first family of this kind
_SHAPES = {
    "address": ("192.0.2.9", "192.0.2.9:5000", "[fd00::2]:5000"),
    "case": ("Reg.TEST",),
}
_UNLIKE = "other.example:5001"  # the hosts of the other cases have nothing of it
_ROUNDS = 3
_MANY = 12
_MOST = 40  # hosts of a road at once


def solve(
    registry: EvaluatedRegistry, stock: EvaluatedRegistry, answers: StateAnswers
) -> StateAnswers:
    """The answers with those to what the port's own conditions ask."""
    asked: set[tuple[Options, str, str]] = set()
    results, misses = dict(answers.results), list(answers.misses)
    number = _FIRST
    for _ in range(_ROUNDS):
        fresh = False
        for family, variable in _families(registry):
            todo = tuple(h for h in family.hosts if (family.options, h, variable) not in asked)
            asked.update((family.options, h, variable) for h in todo)
            if todo:
                fresh, number = True, number + 1
                _ask(
                    registry,
                    stock,
                    (number, family._replace(hosts=todo), variable),
                    results,
                    misses,
                )
            if misses:
                return answers._replace(results=results, misses=misses)
        if not fresh:
            break
    return answers._replace(results=results)


def _families(registry: EvaluatedRegistry) -> Iterator[tuple[CaseFamily, str]]:
    """Families of questions, each with an environment variable that is set, or ""."""
    library = registry.machine.library
    compared = set(library.compared)
    hosts = tuple(dict.fromkeys(hosts_of_conditions(compared)))
    yield CaseFamily(Options(), hosts), ""
    for options in _counted({n for op, n in compared if op == "#" and isinstance(n, int)}):
        yield CaseFamily(options, ("reg.test", "docker.io")), ""
    for name in sorted(library.world.variables):
        yield CaseFamily(Options(), ("reg.test", "docker.io")), name


def solved(asked: HostQuestions, known: Iterable[str]) -> Iterator[str]:
    """Hosts, other than those that are known, for which what a road asks may come out another way than it has; no
    more of a question once it did. What is asked while they are tried counts as well."""
    done = set(known)
    for _ in range(_ROUNDS):
        for question in asked.open():
            for host in tried(question) if question.what not in done else ():
                if question.op not in _SHAPES and not asked.is_open(question):
                    break
                if host not in done and len(done) < _MOST:
                    done.add(host)
                    yield host


def tried(question: OneSided) -> Iterator[str]:
    """Hosts for which a question may come out the other way: like the one that was asked about first, where more may
    be asked of it as well."""
    op, what, host = question.op, question.what, question.host
    if question.told:
        yield _UNLIKE
    found = _lengthened(what, host) if isinstance(what, int) else _changed(op, what, host)
    for each in (*found, *hosts_of_conditions({(op, what)})):
        if _NAME.fullmatch(each) and len(each) < 200:
            yield each


def _lengthened(length: int, host: str) -> Iterator[str]:
    for size in range(max(length - 1, len(host) + 1), min(length + 2, 200)):
        yield "x" * (size - len(host)) + host


def _changed(op: str, text: str, host: str) -> Iterator[str]:
    """A host with a text in the place that is asked about."""
    bare = host.rpartition(":")[0] or host
    if op == "prefix":
        yield text + host
    elif op == "suffix":
        yield from (bare + text, host + text)
    elif op == "in":
        yield from (*_many(text), f"sub{text}{host}")
    elif op == "=" and text.isdigit():
        yield f"{bare}:{text}"
    elif op == "=" and text:
        yield from (text, f"{bare}.{text}", f"{text}.{host}")


def _many(mark: str) -> Iterator[str]:
    """A host in which a mark stands many times."""
    if len(mark) == 1:
        yield f"{mark.join('abcdefg')}.test"


def hosts_of_conditions(compared: set[Question]) -> Iterator[str]:
    """Hosts for which a comparison with a text, or with a length, holds."""
    for number in sorted({n for op, n in compared if op == "#" and isinstance(n, int)}):
        for size in range(max(number - 1, 6), min(number + 2, 200)):
            yield "x" * (size - 5) + ".test"
    for op, text in sorted(compared, key=repr):
        if not isinstance(text, str) or "/" in text:
            continue
        for host in _made(op, text):
            if _NAME.fullmatch(host) and len(host) < 200:
                yield host


def _made(op: str, text: str) -> Iterator[str]:
    if op in _SHAPES:
        yield from _SHAPES[op]
    elif op == "letter":
        yield f"{text}.test.{text}"
    elif op == "regexp":
        yield from _matched(text)
    elif text:
        yield from _near(op, text)


def _matched(text: str) -> Iterator[str]:
    """Hosts for which a regular expression holds."""
    for part in examples(text):
        for host in (part, f"{part}.test", f"reg{part}", f"reg.test{part}", f"reg{part}.test:5000"):
            if re.search(text, host) is not None:
                yield host
                break


def _near(op: str, text: str) -> Iterator[str]:
    """Hosts for which a comparison with a text holds, and some that are like them."""
    yield text
    if set(text) & set("[:]"):
        yield from ("[fd00::2]", "[fd00::2]:443")
    if text.isdigit():
        yield f"reg.test:{text}"
        yield from (f"{hub}:{text}" for hub in _HUBS)
    if op == "suffix":
        yield from (
            f"reg{text}",
            f"reg.test{text}",
            f"a-{text}",
            *(f"{hub}{text}" for hub in _HUBS),
        )
    elif op == "prefix":
        yield from (f"{text}reg.test", f"{text}.test", f"{text}test:5000")
    elif op == "in":
        yield from (
            f"sub{text}5000",
            f"sub{text}test",
            f"sub{text}",
            f"{text}test",
            f"a{text}b.test:5000",
            *_many(text),
        )
    else:
        yield from (f"{text}:5000", f"{text.lower()}:80", text.upper())


def _counted(numbers: set[int]) -> Iterator[Options]:
    """Options with as many mirrors, names, networks, or some of them, as conditions count."""
    near = {k for n in numbers for k in range(n - 2, n + 2) if 0 <= k <= _MANY}
    for count in sorted(near):
        mirrors = tuple(f"https://mirror{i}.test" for i in range(count))
        names = tuple(f"listed{i}.test" for i in range(count))
        networks = tuple(f"198.18.{i}.0/24" for i in range(count))
        one = ("https://mirror0.test",), ("listed0.test",)
        yield from (Options(mirrors), Options((), names), Options(mirrors, names))
        yield from (Options(one[0], names), Options(mirrors, one[1]))
        yield from (
            Options((), networks),
            Options(mirrors, networks),
            Options((), names + networks),
        )


def _ask(
    registry: EvaluatedRegistry,
    stock: EvaluatedRegistry,
    asked: tuple[int, CaseFamily, str],
    results: dict[Key, LookupResult],
    misses: list[WrongAnswer],
) -> None:
    number, family, variable = asked
    variables = registry.machine.library.world.variables
    if variable:
        variables[variable] = "1"
    try:
        for accept in (False, True) if registry.accept else (False,):
            options = replace(family.options, accept_insecure_registry=accept)
            if registry.traits.v1:
                options = replace(options, disable_legacy_registry=False)
            _one(_Sides(registry, stock), options, (number, family), results, misses)
    finally:
        if variable:
            variables[variable] = ""


class _Sides(NamedTuple):
    port: EvaluatedRegistry
    original: EvaluatedRegistry


def _one(
    sides: _Sides,
    options: Options,
    named: tuple[int, CaseFamily],
    results: dict[Key, LookupResult],
    misses: list[WrongAnswer],
) -> None:
    registry, stock = sides
    off = replace(options, accept_insecure_registry=False)
    service, plain = registry.start(options), stock.start(off)
    if service is None or plain is None:
        return
    number, family = named
    for host in family.hosts:
        for road in _LOOKUPS:
            original = stock.lookup(plain, road, host)
            if original.endpoints != _expected(off, registry, road, host):
                continue  # the model does not know such a host
            key = Key(number, options.accept_insecure_registry, road, host)
            result, wanted = (
                registry.lookup(service, road, host),
                _expected(options, registry, road, host),
            )
            results[key] = result
            if result.endpoints != wanted or result.panic:
                misses.append(miss_of(key, family, wanted, result))
            else:
                misses.extend(beside(original, key, family, result))


def _expected(
    options: Options, registry: EvaluatedRegistry, road: str, host: str
) -> tuple[Endpoint, ...] | None:
    name = repository(host) if registry.traits.by_repository else host
    with suppress(ModelError):
        config = service_config(options, registry.traits)
        return _LOOKUPS[road](config, name, registry.traits, resolve)
    return None
