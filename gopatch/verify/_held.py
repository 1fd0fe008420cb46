"""A port held against the reference model: what is compared, and what is said about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from gopatch.evaluate import GoPanicError, UnsupportedError
from gopatch.model import (
    Endpoint,
    ModelError,
    Options,
    Traits,
    pull_endpoints,
    push_endpoints,
    read_traits,
    service_config,
)
from gopatch.source.overlay import Overlay
from gopatch.source.roots import join
from gopatch.verify import Case, Status, Verdict

from ._chain import Chain, flag_files, follow
from ._grid import WORLD, Family, families, resolve
from ._registry import (
    ROADS,
    Files,
    Registry,
    Result,
    differing,
    numbered,
    registry_files,
    repository,
    without_url,
)

if TYPE_CHECKING:
    from gopatch.port import Port
    from gopatch.source import Source

_LOOKUPS = {"pull": pull_endpoints, "push": push_endpoints}
_PROBES = ("reg.test", "reg.test:5000")


class Question(NamedTuple):
    """All that a verdict depends on. `before` is empty where the original is not at hand.

    `outside` says why there is nothing to ask where the source is older than the model.
    """

    traits: Traits = Traits()
    before: Files = ()
    after: Files = ()
    flags: Files = ()
    outside: str = ""


class Key(NamedTuple):
    """One question: a family of the grid, the option, the road and the host."""

    family: int
    accept: bool
    road: str
    host: str


class Miss(NamedTuple):
    """A question whose answer is wrong: what was expected, and what the Go gives.

    `beside` says what is wrong where the model finds no fault, but the original differs.
    """

    key: Key
    family: Family
    expected: tuple[str, ...]
    found: tuple[str, ...]
    beside: str = ""


@dataclass
class _Stock:
    """The original: its answers, and where it is not what the model says."""

    answers: dict[Key, Result]
    misses: list[Miss]


def question(port: Port, source: Source) -> Question:
    """What there is to ask about a port."""
    engine = port.roots.engine or ""
    patched = Overlay(source, port.changes)
    try:
        traits = _traits(patched, engine)
    except ModelError as error:
        return Question(outside=f"{error}; what was there before it is not modelled")
    before = registry_files(source, engine) if port.changes else ()
    return Question(traits, before, registry_files(patched, engine), flag_files(patched, engine))


def hold(asked: Question, memo: dict[Any, Any] | None = None) -> Verdict:
    """The verdict; "inconclusive" where the source has parts that are not known.

    `memo` keeps what an original answers, for the next port of it.
    """
    if asked.outside:
        return _inconclusive([asked.outside])
    try:
        return _judged(asked, {} if memo is None else memo)
    except UnsupportedError as error:
        return _inconclusive([f"outside of what can be evaluated: {error}"])


def _inconclusive(lines: Iterable[str]) -> Verdict:
    return Verdict("model", "inconclusive", tuple(lines))


def _traits(source: Source, engine: str) -> Traits:
    def read(path: str) -> bytes | None:
        full = join(engine, path)
        return source.read(full) if source.entry(full) is not None else None

    newest = Traits()
    logs = ("login", "search_name_checked", "next_level", "registry_errors_continue")
    kept = {
        n: getattr(newest, n)
        for n in vars(newest)
        if n in logs or n.startswith(("log_", "confirmed_"))
    }
    return replace(read_traits(read), **kept)


def _judged(asked: Question, memo: dict[Any, Any]) -> Verdict:
    traits, before, after, flags, _ = asked
    stock = _stock(traits, before, memo) if before else None
    if stock is not None and stock.misses:
        miss = _smallest(stock.misses)
        line = "the original itself is not what the model says: no port of it can be judged"
        return Verdict("model", "inconclusive", (line,), (), _told(miss, traits))
    registry = Registry(after, traits)
    chain = follow(flags, registry)
    registry.accept, registry.is_variable = chain.accept, chain.is_variable
    try:
        answers, misses = _asked(
            registry, stock, with_option=bool(chain.accept), shortly=bool(chain.broken)
        )
        way = _way(registry) if chain.accept else Chain()
    except UnsupportedError as error:
        if not chain.broken:
            raise
        answers, misses, way = {}, [], Chain(unknown=(str(error),))
    return _verdict(traits, stock, (chain, way), answers, misses)


def _stock(traits: Traits, files: Files, memo: dict[Any, Any]) -> _Stock:
    key = "model", traits, files
    if key not in memo:
        memo[key] = _Stock(*_asked(Registry(files, traits), with_option=False))
    found: _Stock = memo[key]
    return found


# Asking --------------------------------------------------------------------------------------


def _asked(
    registry: Registry, stock: _Stock | None = None, *, with_option: bool, shortly: bool = False
) -> tuple[dict[Key, Result], list[Miss]]:
    """The answers of the grid, and those that are wrong; the first family with such is the last.

    `shortly` asks for the first family alone. What the model says is held against each, and what `stock` gave where it is known.
    """
    answers: dict[Key, Result] = {}
    misses: list[Miss] = []
    for number, family in enumerate(families(registry.traits)):
        for accept in (False, True) if with_option else (False,):
            for key, result, expected in _answers(registry, number, family, accept):
                answers[key] = result
                if result.endpoints != expected or result.panic:
                    misses.append(_miss(key, family, expected, result))
                elif stock is not None:
                    misses += _beside(stock, key, family, result)
        if misses or shortly:
            break
    return answers, misses


Answer = tuple[Key, Result, "tuple[Endpoint, ...] | None"]


def _answers(registry: Registry, number: int, family: Family, accept: bool) -> Iterator[Answer]:
    """What a family's questions are answered with, and what the model says."""
    options, traits = replace(family.options, accept_insecure_registry=accept), registry.traits
    started = Key(number, accept, "start", "")
    config = None
    with suppress(ModelError):
        config = service_config(options, traits)
    try:
        service = registry.start(options)
    except GoPanicError as error:
        yield started, Result(None, (), str(error)), ()
        return
    if service is None or config is None:
        yield started, Result(None if service is None else ()), None if config is None else ()
        return
    for host in family.hosts:
        name = repository(host) if traits.by_repository else host
        for road, lookup in _LOOKUPS.items():
            if road == "push" and host not in family.pushed:
                continue
            expected = None
            with suppress(ModelError):
                expected = lookup(config, name, traits, resolve)
            yield Key(number, accept, road, host), registry.lookup(service, road, host), expected


def _beside(stock: _Stock, key: Key, family: Family, result: Result) -> Iterator[Miss]:
    """In what an answer differs from the original beyond what the model looks at."""
    original = stock.answers.get(key._replace(accept=False))
    if original is None or result.endpoints is None or original.endpoints is None:
        return
    wrong = _unlike(original, result)
    if wrong:
        yield Miss(key, family, _lines(original), _lines(result), wrong)


def _unlike(original: Result, result: Result) -> str:
    """In what an answer is not the original one with the option's endpoints beside it."""
    pairs = list(zip(result.endpoints or (), result.raw, strict=True))
    if tuple(raw for endpoint, raw in pairs if not endpoint.by_option) != original.raw:
        return "what the option has not added is not as in the original"
    rest = {e: without_url(raw) for e, raw in pairs}
    for endpoint, raw in pairs:
        twin = endpoint._replace(scheme="https")
        if endpoint.by_option and rest.get(twin) != without_url(raw):
            return f"{endpoint.url} differs from {twin.url} in more than its scheme"
    return ""


# The way from NewService to the guard --------------------------------------------------------


def _way(registry: Registry) -> Chain:
    """Where the option goes once NewService has it, by what changes with it."""
    on, off = Options(accept_insecure_registry=True), Options()
    states, seen = [], []
    for options in (off, on):
        service = registry.start(options)
        if service is None:
            return Chain(broken=("store: NewService refuses to start without any options",))
        states.append(registry.state(service))
        registry.machine.seen.clear()
        for host in _PROBES:
            registry.lookup(service, "pull", host)
        seen.append(set(registry.machine.seen))
    carried = sorted(set(_carried(*states)))
    turned = {branch[:2] for branch in seen[0] ^ seen[1]}
    both = ({branch[:2] for branch in found} for found in seen)
    guards = sorted(numbered(registry.files, branch) for branch in turned.intersection(*both))
    crash = _without_options(registry)
    if crash:
        return Chain(broken=(f"store: NewService(nil): {crash}",))
    if not carried:
        return Chain(broken=(f"store: NewService does not carry {registry.accept} to the service",))
    steps = (f"store: NewService carries it to {', '.join(carried)}",)
    if not guards:
        return Chain(steps=steps, broken=(f"guard: no lookup asks for {', '.join(carried)}",))
    return Chain(steps=(*steps, f"guard: {', '.join(guards)}"))


def _without_options(registry: Registry) -> str:
    """What goes wrong where NewService may be called with nil, as its options are a pointer."""
    if not registry.option_type()[1]:
        return ""
    try:
        registry.machine.call("NewService", None)
    except GoPanicError as error:
        return f"a crash: {error}"
    return ""


def _carried(off: Any, on: Any) -> Iterator[str]:
    (one, variables), (other, others) = off, on
    yield from differing(one, other, str(one[0]))
    known = dict(variables)
    yield from (name for name, value in others if known.get(name) != value)


# Saying --------------------------------------------------------------------------------------


def _verdict(
    traits: Traits,
    stock: _Stock | None,
    chains: tuple[Chain, ...],
    answers: dict[Key, Result],
    misses: list[Miss],
) -> Verdict:
    broken = [line for chain in chains for line in chain.broken]
    unknown = [line for chain in chains for line in chain.unknown]
    status: Status = "fail" if broken or misses else "inconclusive" if unknown else "pass"
    lines = [line for chain in chains for line in chain.steps]
    lines += [f"broken: {line}" for line in broken]
    lines += [f"not known: {line}" for line in unknown]
    if stock is None:
        lines.append("the original is not at hand: held against the model alone")
    else:
        lines.append(f"original: {len(stock.answers)} lookups, all as the model says")
    wrong = len({miss.key for miss in misses})
    said = f"{wrong} wrong; the grid ends where the first are" if wrong else "all as the model says"
    lines.append(f"patched: {len(answers)} lookups, {said}")
    shown = _told(_smallest(misses), traits) if misses else ""
    return Verdict("model", status, tuple(lines), _cases(traits, answers, misses), shown)


def _cases(traits: Traits, answers: dict[Key, Result], misses: list[Miss]) -> tuple[Case, ...]:
    wrong = {(miss.key.family, miss.key.accept) for miss in misses}
    counts: dict[tuple[int, bool], int] = {}
    for key in answers:
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


def _miss(key: Key, family: Family, expected: tuple[Endpoint, ...] | None, result: Result) -> Miss:
    if key.road == "start":
        starts = ("the daemon starts",)
        wanted = _lines(Result(None)) if expected is None else starts
        return Miss(key, family, wanted, _lines(result) if result.endpoints is None else starts)
    return Miss(key, family, _lines(Result(expected)), _lines(result))


def _lines(result: Result) -> tuple[str, ...]:
    if result.panic:
        return (f"a crash: {result.panic}",)
    if result.endpoints is None:
        return ("an error",)
    return tuple(map(_line, result.endpoints)) or ("no endpoint",)


def _line(endpoint: Endpoint) -> str:
    words = [f"v{endpoint.version}", endpoint.url]
    words += [word for word in ("mirror", "official") if getattr(endpoint, word)]
    if endpoint.insecure_skip_verify:
        words.append("InsecureSkipVerify")
    return " ".join(words)


def _told(miss: Miss, traits: Traits) -> str:
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
