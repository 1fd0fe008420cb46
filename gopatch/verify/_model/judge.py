"""A port held against the reference model, from its files to the verdict."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from gopatch.evaluate import UnsupportedError
from gopatch.go.net import GO
from gopatch.model import ModelError, Traits, read_traits
from gopatch.source.overlay import Overlay
from gopatch.source.roots import join
from gopatch.verify import Opinion
from gopatch.verify._model.flag_chain import Chain, flag_files, follow
from gopatch.verify._model.option_path import way
from gopatch.verify._model.questions import Answers, ask
from gopatch.verify._model.reload import reload_files, reloaded
from gopatch.verify._model.service import Files, Registry, registry_files
from gopatch.verify._model.telling import inconclusive, told, verdict

if TYPE_CHECKING:
    from gopatch.port.work import Port
    from gopatch.source import Source


class Question(NamedTuple):
    """All that a verdict depends on. `before` is empty where the original is not at hand.

    `outside` says why there is nothing to ask where the source is older than the model;
    `reload_left_out`, that the patch was not to bring about a reload.
    """

    traits: Traits = Traits()
    before: Files = ()
    after: Files = ()
    flags: Files = ()
    reload: Files = ()
    outside: str = ""
    reload_left_out: bool = False


def question(port: Port, source: Source) -> Question:
    """What there is to ask about a port."""
    engine = port.roots.engine or ""
    patched = Overlay(source, port.changes)
    try:
        traits = _traits(patched, engine)
    except ModelError as error:
        return Question(outside=f"{error}; what was there before it is not modelled")
    before = registry_files(source, engine) if port.changes else ()
    after = registry_files(patched, engine)
    flags, reload = flag_files(patched, engine), reload_files(patched, engine)
    left_out = bool(reload) and "reload" in port.patch.left_out
    return Question(traits, before, after, flags, reload, reload_left_out=left_out)


def hold(asked: Question, memo: dict[Any, Any] | None = None) -> Opinion:
    """The verdict; "inconclusive" where the source has parts that are not known.

    `memo` keeps what an original answers, for the next port of it.
    """
    if asked.outside:
        return inconclusive([asked.outside])
    try:
        return _judged(asked, {} if memo is None else memo)
    except UnsupportedError as error:
        return inconclusive([f"outside of what can be evaluated: {error}"])


def _traits(source: Source, engine: str) -> Traits:
    def read(path: str) -> bytes | None:
        full = join(engine, path)
        return source.read(full) if source.entry(full) is not None else None

    # The evaluator reads hosts and URLs by the rules of one Go, whatever Docker was built with.
    return replace(read_traits(read, lookups=True), go=GO)


def _judged(asked: Question, memo: dict[Any, Any]) -> Opinion:
    traits, before, after, flags, reload, _, reload_left_out = asked
    stock = _remembered(memo, (traits, before), Registry(before, traits)) if before else None
    if stock is not None and stock.misses:
        line = "the original itself is not what the model says: no port of it can be judged"
        return inconclusive([line], told(stock.misses, traits))
    registry = Registry(after, traits)
    chain = follow(flags, registry)
    registry.accept, registry.is_variable = chain.accept, chain.is_variable
    key = traits, before, after, chain.accept, chain.is_variable, bool(chain.broken)
    try:
        found = _remembered(memo, key, registry, stock, shortly=bool(chain.broken))
        rest = _rest(registry, None if reload_left_out else reload) if chain.accept else []
    except UnsupportedError as error:
        if not chain.broken:
            raise
        found, rest = Answers({}, []), [Chain(unknown=(str(error),))]
    return verdict(traits, stock, found, (chain, *rest))


def _rest(registry: Registry, reload: Files | None) -> list[Chain]:
    """The chain from NewService on; a reload has nothing to turn where that is broken.

    `reload` is None where the patch was made without it.
    """
    rest = way(registry)
    if reload is None:
        return [rest, Chain(steps=("reload: not asked, for the patch was made without it",))]
    return [rest] if rest.broken else [rest, reloaded(reload, registry)]


def _remembered(
    memo: dict[Any, Any],
    key: Hashable,
    registry: Registry,
    stock: Answers | None = None,
    *,
    shortly: bool = False,
) -> Answers:
    """The answers of a state of the package, asked for once."""
    if ("model", key) not in memo:
        memo["model", key] = ask(registry, stock, shortly=shortly)
    found: Answers = memo["model", key]
    return found
