"""A question to a daemon: what is done, how it is configured, how the world answers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from gopatch.go.net import parse_zoned
from gopatch.model import (
    WHOLE,
    Action,
    Ask,
    Edits,
    ModelError,
    Options,
    Resolver,
    ServiceConfig,
    Store,
    Traits,
    loopback_resolver,
    service_config,
)
from gopatch.story.told_answers import Answers, parse_answers

__all__ = ["Answers", "Question", "ToldNames", "edits_for", "parse_answers"]


@dataclass(frozen=True)
class Question:
    """What is asked of a daemon: `options` are those of the patched one, whose part of the patch
    is `edits`; the stock daemon has the same options but this one. `config` is there where the
    daemon's configuration is no longer what its options made of it: after a reload."""

    host: str
    action: Action
    options: Options
    traits: Traits
    answers: Ask
    resolve: Resolver = loopback_resolver
    credentials: bool = True
    store: Store = "graph"
    edits: Edits = WHOLE
    config: ServiceConfig | None = None

    def accepting(self, accept: bool) -> Question:
        """The same with the option on or off."""
        options = replace(self.options, accept_insecure_registry=accept)
        config = self.config and replace(self.config, accept_insecure_registry=accept)
        return replace(self, options=options, config=config)

    def configured(self) -> ServiceConfig:
        """Raises ModelError where the daemon does not start."""
        return self.config or service_config(self.options, self.traits)


@dataclass(frozen=True)
class ToldNames:
    """What names, in small letters, resolve to: those that are told, and localhost. Raises
    LookupError for others."""

    known: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def __call__(self, name: str) -> Sequence[str]:
        told = dict(self.known)
        return told[name.lower()] if name.lower() in told else loopback_resolver(name)


def parse_names(pairs: Iterable[str]) -> ToldNames:
    """`["r.example=10.1.2.3"]` as Names; a name may have several addresses.

    Raises ModelError("resolve") for what is no such pair.
    """
    known: dict[str, tuple[str, ...]] = {}
    for pair in pairs:
        name, equals, address = pair.partition("=")
        if not (equals and name and address):
            raise ModelError("resolve", f"--resolve {pair}: write NAME=ADDRESS")
        if parse_zoned(address) is None:
            raise ModelError("resolve", f"--resolve {pair}: {address} is no IP address")
        known[name.lower()] = (*known.get(name.lower(), ()), address)
    return ToldNames(tuple(known.items()))


_RAILS: dict[Action, str] = {
    "login": "no-downgrade-login",
    "pull": "no-downgrade-pull",
    "push": "no-downgrade-push",
    "classic-build": "no-downgrade-pull",
    "build": "no-downgrade-pull",
    "plugin-install": "no-downgrade-pull",
    "plugin-push": "no-downgrade-push",
}


def edits_for(action: Action, names: Collection[str], *, plugin_hosts: bool = False) -> Edits:
    """What the edits called `names` are to one action. `plugin_hosts`: plugins do not go the way of
    images in this source, and have an edit of their own."""
    plugin = plugin_hosts and action in ("plugin-install", "plugin-push")
    rail = "no-downgrade-plugin" if plugin else _RAILS.get(action, "search")
    return Edits(
        rails=rail in names,
        search="search" in names,
        hosts="hosts" in names,
        reload="reload" in names,
    )
