"""By real daemons: dockerd, stock and patched, talks to docker-registry on plain HTTP.

Everything happens in a room of namespaces of its own (`gopatch.verify._wire.room`): no address outside of it
is reached, and nothing stays behind but the built daemons in the cache folder.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from gopatch.verify import Judge, Opinion

if TYPE_CHECKING:
    from gopatch.port.work import Port
    from gopatch.source import Source
    from gopatch.verify._wire.claims import Claims
    from gopatch.verify._wire.observation import Observation, Store

_HELP = "real daemons, stock and patched, in namespaces of their own; needs root"
_STORES = ("graph", "containerd")
_LIMIT = 900


def add_arguments(parser: argparse._ArgumentGroup) -> None:
    parser.add_argument("--dockerd", metavar="STOCK", help="a stock dockerd instead of building it")
    parser.add_argument("--dockerd-patched", metavar="PATCHED", help="and the patched one")
    parser.add_argument("--docker", metavar="PATH", help="the docker client (the one on PATH)")
    parser.add_argument(
        "--store",
        choices=[*_STORES, "all"],
        default="all",
        help="where the daemons keep images: every store that the source has (all), or one",
    )
    parser.add_argument(
        "--time-limit",
        type=_seconds,
        default=_LIMIT,
        metavar="SECONDS",
        help=f"for the conversation, not for building ({_LIMIT})",
    )


def _seconds(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"`{text}` is not a number of seconds")
    return int(text)


def judge(port: Port, source: Source, options: Mapping[str, Any]) -> Opinion:
    """Hold the whole conversation and judge it."""
    from gopatch.model import ModelError, read_config_rules, read_traits
    from gopatch.verify._wire import building, holding, required, room
    from gopatch.verify._wire.settings import refused_by, settings_of

    docker = required.demand(options.get("docker"))
    stores = _stores(port, source, options.get("store") or "all")
    read = _read(port, source)
    try:
        traits = read_traits(read)
    except ModelError as error:
        words = f"the model does not know what the daemons of this source try: {error}"
        return Opinion("wire", "inconclusive", (words,))
    rules = read_config_rules(read)
    settings = [one.name for one in settings_of(rules)]
    with building.daemons(port, source, options, options.get("say", _unsaid)) as made:
        plan: dict[str, Any] = {"stock": made.stock, "patched": made.patched, "docker": docker}
        plan |= {"stores": stores, "settings": settings}
        limit = float(options.get("time_limit") or _LIMIT)
        total = len(stores) * len(settings)
        seen = list(_told(room.observations(plan, limit), total, options.get("progress")))
    found = holding.judge(seen, claims(port, source), traits, refused_by(rules))
    told = (made.words, f"{len(seen)} steps, {' and '.join(stores)} store")
    return found._replace(summary=(*told, *found.summary))


def _unsaid(words: str) -> None:
    """Nobody wants to hear what is being built."""


def _told(
    seen: Iterator[Observation],
    total: int,
    progress: Callable[[int, int, str], None] | None,
) -> Iterator[Observation]:
    """Tell the progress of the conversation: each daemon that starts is a step of it."""
    done = 0
    for one in seen:
        if one.road == "start" and progress is not None:
            progress(done, total, f"{one.store} store, {one.setting}")
        done += one.road == "start"
        yield one


def claims(port: Port, source: Source) -> Claims:
    """What the port has done, by the names of its edits; for somebody else's patch, what of it is
    found in the patched tree."""
    from gopatch.errors import GopatchError
    from gopatch.port.work import work_out
    from gopatch.source.overlay import Overlay
    from gopatch.verify._wire.claims import Claims

    foreign = port.outcomes[0].edit == "given"
    if foreign:
        try:
            outcomes = work_out(port.patch, Overlay(source, port.changes)).outcomes
        except GopatchError:
            outcomes = ()
        return Claims(frozenset(o.edit for o in outcomes if o.status == "already"), foreign)
    done = (o.edit for o in port.outcomes if o.status in ("applied", "already"))
    return Claims(frozenset(done))


def _stores(port: Port, source: Source, wanted: str) -> list[Store]:
    """The stores to try: containerd's came with a resolver of its own, and in v28 without."""
    from gopatch.source.roots import join

    root = port.roots.engine or ""
    has = bool(source.listdir(join(root, "daemon/containerd")))
    found: list[Store] = ["graph", "containerd"] if has else ["graph"]
    return [store for store in found if wanted in ("all", store)]


def _read(port: Port, source: Source) -> Callable[[str], bytes | None]:
    """What reads a file below the engine root, None where there is none."""
    from gopatch.errors import SourceError
    from gopatch.source.roots import join

    root = port.roots.engine or ""

    def read(path: str) -> bytes | None:
        try:
            return source.read(join(root, path))
        except SourceError:
            return None

    return read


JUDGE = Judge("wire", _HELP, judge, add_arguments=add_arguments, slow=True)
