"""A port held against the reference model, from its files to the verdict."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from gopatch.evaluate import GoPanicError, UnsupportedError
from gopatch.go.net import GO
from gopatch.model import ModelError, Traits, read_traits
from gopatch.source.overlay import Overlay
from gopatch.source.roots import join
from gopatch.verify import Opinion
from gopatch.verify._model.flag_chain import Chain, flag_files, follow, option
from gopatch.verify._model.flags import FlagTarget
from gopatch.verify._model.option_path import way
from gopatch.verify._model.pings import pinged, takes_list
from gopatch.verify._model.points import Point
from gopatch.verify._model.questions import StateAnswers, ask
from gopatch.verify._model.service import KEY, EvaluatedRegistry, Files, registry_files
from gopatch.verify._model.solving import solve
from gopatch.verify._model.telling import condemned, inconclusive, opinion, told, told_in_line
from gopatch.verify._model.trial import Trial

if TYPE_CHECKING:
    from gopatch.port.work import Port
    from gopatch.source import Source

_KEPT = 4  # originals whose answers are kept: neighbouring refs have the same


class ModelQuestion(NamedTuple):
    """All that a verdict depends on. `before` is empty where the original is not at hand.

    `outside` says why there is nothing to ask where the source is older than the model; `pings`, that
    it has no lookups yet, but one ping for all; `rest` is what else a port has changed, and what it
    leaves out.
    """

    traits: Traits = Traits()
    before: Files = ()
    after: Files = ()
    flags: Files = ()
    outside: str = ""
    pings: bool = False
    rest: Hashable = ()


def question(port: Port, source: Source) -> ModelQuestion:
    """What there is to ask about a port."""
    engine = port.roots.engine or ""
    patched = Overlay(source, port.changes)
    before = registry_files(source, engine) if port.changes else ()
    after = registry_files(patched, engine)
    rest = port.changes or port.source, port.patch.left_out
    try:
        traits = _traits(patched, engine)
    except ModelError as error:
        if before and any(b"\nfunc NewEndpoint(" in data for _, data in before):
            return ModelQuestion(Traits(by_repository=True), before, after, pings=True, rest=rest)
        return ModelQuestion(outside=f"{error}; what was there before it is not modelled")
    return ModelQuestion(traits, before, after, flag_files(patched, engine), rest=rest)


def hold(port: Port, source: Source, asked: ModelQuestion, options: Mapping[str, Any]) -> Opinion:
    """The opinion; "inconclusive" where the source has parts that are not known.

    Of the options, `memo` keeps what an original answers, for the next port of it, and `briefly`
    asks no further once something is wrong.
    """
    if asked.outside:
        return inconclusive([asked.outside])
    try:
        if asked.pings:
            return _pinged(port, source, asked, options)
        return _judged(port, source, asked, options)
    except (UnsupportedError, GoPanicError) as error:
        return inconclusive([f"outside of what can be evaluated: {error}"])


def _traits(source: Source, engine: str) -> Traits:
    def read(path: str) -> bytes | None:
        full = join(engine, path)
        return source.read(full) if source.entry(full) is not None else None

    # The evaluator reads hosts and URLs by the rules of one Go, whatever Docker was built with.
    return replace(read_traits(read, lookups=True), go=GO)


def _pinged(
    port: Port, source: Source, asked: ModelQuestion, options: Mapping[str, Any]
) -> Opinion:
    """The opinion on a port of a release whose roads all go by one ping."""
    trial = Trial(port, source, asked.traits, options.get("memo", {}))
    flag = trial.flag()
    if flag is None:
        return inconclusive([point.silent for point in trial.points])
    stock, patched = pinged(trial.stock), pinged(trial.patched)
    chain = Chain(flag.accept)
    if not takes_list(patched):
        chain = _chain(asked, patched, flag)
        trial.points.append(_key_point(chain))
    trial.ping(stock, patched, chain.accept)
    return opinion(trial, None, (chain,), flag)


def _judged(
    port: Port, source: Source, asked: ModelQuestion, options: Mapping[str, Any]
) -> Opinion:
    traits, before = asked.traits, asked.before
    memo = options.get("memo", {})
    stock = (
        _remembered(memo, (traits, before), EvaluatedRegistry(before, traits)) if before else None
    )
    if stock is not None and stock.misses:
        line = "the original itself is not what the model says: no port of it can be judged"
        return inconclusive([line], told(stock.misses, traits))
    trial = Trial(port, source, traits, memo)
    registry = trial.patched.registry
    registry.files = asked.after
    flag = trial.flag() if stock is not None else None
    chain = _chain(asked, registry, flag)
    registry.accept, registry.is_variable = chain.accept, chain.is_variable
    try:
        found, rest = _lookups(asked, registry, stock, chain)
    except UnsupportedError as error:
        if not chain.broken:
            raise
        return condemned(chain.broken, f"outside of what can be evaluated: {error}")
    trial.points += [_lookup_point(found, rest), _key_point(chain)]
    if flag is None:
        trial.points.append(_read("flag", chain))
    if stock is not None:
        briefly = bool(options.get("briefly"))
        trial.run(chain.accept, is_variable=chain.is_variable, briefly=briefly)
    return opinion(trial, (stock, found), (chain, *rest), flag)


def _chain(asked: ModelQuestion, registry: EvaluatedRegistry, flag: FlagTarget | None) -> Chain:
    """How the option comes to NewService: by running the flags, or else by reading them."""
    if flag is None:
        return follow(asked.flags, registry)
    if not flag.accept:
        accept = next((f.name for f in registry.option_fields() if f.key == KEY), "")
        return Chain(accept)
    sets = f"flag: {flag.place}: --{KEY} sets {flag.accept}, false by default"
    if flag.is_variable:
        return Chain(
            flag.accept, True, (sets, f"option: a variable of the registry package, {flag.accept}")
        )
    steps, wrong = option(flag.accept, registry, flag.place)
    known = {f.name for f in registry.option_fields() if f.type == "bool"}
    return Chain(flag.accept if flag.accept in known else "", False, (sets, *steps), tuple(wrong))


def _lookups(
    asked: ModelQuestion, registry: EvaluatedRegistry, stock: StateAnswers | None, chain: Chain
) -> tuple[StateAnswers, list[Chain]]:
    found = ask(registry, stock, shortly=not chain.accept)
    if asked.before and not found.misses:
        found = solve(registry, EvaluatedRegistry(asked.before, asked.traits), found)
    try:
        return found, [way(registry)] if chain.accept else []
    except UnsupportedError as error:
        return found, [Chain(unknown=(str(error),))]


def _lookup_point(found: StateAnswers, rest: list[Chain]) -> Point:
    misses = [told_in_line(found.misses)] if found.misses else []
    misses += [line for chain in rest for line in chain.broken]
    doubts = [line for chain in rest for line in chain.unknown]
    return Point("lookup", len(found.results), misses, doubts)


def _key_point(chain: Chain) -> Point:
    wrong = [line for line in chain.broken if line.startswith("option:")]
    return Point("key", 1 if chain.accept or wrong else 0, wrong)


def _read(name: str, chain: Chain) -> Point:
    """The flag where it cannot be run: what is wrong by its text."""
    wrong = [line for line in chain.broken if line.startswith("flag:")]
    return Point(name, 1, wrong, list(chain.unknown))


def _remembered(memo: dict[Any, Any], key: Hashable, registry: EvaluatedRegistry) -> StateAnswers:
    """The answers of a state of the package; those of the last few are kept, some ten MiB each."""
    kept: dict[Hashable, StateAnswers] = memo.setdefault("model", {})
    found = kept.pop(key, None) or ask(registry)
    kept[key] = found  # the last that was asked for is the last to go
    if len(kept) > _KEPT:
        del kept[next(iter(kept))]
    return found
