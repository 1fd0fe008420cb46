"""What is said about a port: the verdict's lines, its cases, the smallest counterexample."""

from __future__ import annotations

from collections.abc import Iterable

from gopatch.model import Traits
from gopatch.verify import Case, Opinion, Status
from gopatch.verify._model.flag_chain import Chain
from gopatch.verify._model.grid import WORLD, Family, families
from gopatch.verify._model.questions import Answers, Miss
from gopatch.verify._model.service import ROADS, repository


def inconclusive(lines: Iterable[str], counterexample: str = "") -> Opinion:
    return Opinion("model", "inconclusive", tuple(lines), (), counterexample)


def verdict(
    traits: Traits,
    stock: Answers | None,
    found: Answers,
    chains: Iterable[Chain],
) -> Opinion:
    """The verdict on a port whose original is as the model says, or not at hand."""
    results, misses, used = found
    chains = list(chains)
    broken = [line for chain in chains for line in chain.broken]
    unknown = [line for chain in chains for line in chain.unknown]
    status: Status = "fail" if broken or misses else "inconclusive" if unknown else "pass"
    lines = [line for chain in chains for line in chain.steps]
    lines += [f"broken: {line}" for line in broken]
    lines += [f"not known: {line}" for line in unknown]
    if stock is None:
        lines.append("the original is not at hand: held against the model alone")
    else:
        lines.append(f"original: {len(stock.results)} lookups, all as the model says")
    wrong = len({miss.key for miss in misses})
    said = f"{wrong} wrong; the grid ends where the first are" if wrong else "all as the model says"
    lines.append(f"patched: {len(results)} lookups, {said}")
    lines.append(f"modelled, as it is outside of the package: {', '.join(sorted(used))}")
    shown = told(misses, traits) if misses else ""
    return Opinion("model", status, tuple(lines), _cases(traits, found), shown)


def _cases(traits: Traits, found: Answers) -> tuple[Case, ...]:
    wrong = {(miss.key.family, miss.key.accept) for miss in found.misses}
    counts: dict[tuple[int, bool], int] = {}
    for key in found.results:
        counts[key.family, key.accept] = counts.get((key.family, key.accept), 0) + 1
    known = list(families(traits))
    return tuple(
        Case(_called(known[number], accept), "fail" if (number, accept) in wrong else "pass", total)
        for (number, accept), total in counts.items()
    )


def _called(family: Family, accept: bool) -> str:
    on = "--accept-insecure-registry"
    if not accept:
        return family.name
    return on if family.name == "no options" else f"{on} {family.name}"


def _smallest(misses: list[Miss]) -> Miss:
    """The case with the fewest options and the plainest host."""

    def size(miss: Miss) -> tuple[int, bool, int]:
        hosts = list(miss.family.hosts)
        host = hosts.index(miss.key.host) if miss.key.host in hosts else -1
        return miss.key.family, miss.key.accept, host

    return min(misses, key=size)


def told(misses: list[Miss], traits: Traits) -> str:
    """The smallest of the cases that go wrong, with what was expected and what was found."""
    miss = _smallest(misses)
    called = _called(miss.family, miss.key.accept)
    with_what = "without options" if called == "no options" else f"with {called}"
    name = repository(miss.key.host) if traits.by_repository else miss.key.host
    call = "NewService" if miss.key.road == "start" else f'{ROADS[miss.key.road]}("{name}")'
    lines = [f"{call} {with_what}"]
    bare = miss.key.host.partition(":")[0]
    if bare in WORLD and miss.key.road != "start":
        lines.append(f"({bare} resolves to {', '.join(WORLD[bare])})")
    if miss.beside:
        lines.append(f"{miss.beside}:")
    names = ("the original:", "the port:") if miss.beside else ("the model:", "the Go:")
    for heading, found in zip(names, (miss.expected, miss.found), strict=True):
        lines += [heading, *(f"  {line}" for line in found)]
    return "\n".join(lines)
