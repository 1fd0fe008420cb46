"""What SIGHUP makes of a daemon.json: daemon/reload.go, and daemon/daemon.go up to v17.03."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

from gopatch.model import DaemonSetting, ModelError, Options, ServiceConfig, Traits, service_config
from gopatch.model.config_rules import LISTED, MIRRORS, OPTION

_RESTART = "this source changes its registries at a restart alone: restart the daemon"
_LEFT_OUT = "the edit that lets a reload change the option is left out: restart the daemon"
_AT_ONCE = "at once, from the next request on: no restart"
_LOST = (
    "the names that are listed are lost: this source drops them when it takes the mirrors over "
    "(mended by moby#45552); networks stay"
)


class Running(NamedTuple):
    """A daemon that runs: what it was told, and what its registry service has become."""

    options: Options
    config: ServiceConfig
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Reload:
    file: DaemonSetting
    traits: Traits


def reloaded(
    before: Running, file: DaemonSetting, traits: Traits, *, takes_option: bool
) -> Running:
    """The daemon after a reload with a file that can be read; `notes` say what it did.

    A key that is not in the file leaves things as they are. `takes_option`: the edit `reload` is in.
    """
    if not traits.reload:
        return before._replace(notes=(_RESTART,))
    step = _Reload(file, traits)
    try:
        after = _replaced(before, step) if traits.reload == "replaced" else _stepped(before, step)
    except ModelError as error:
        return before._replace(notes=(f"the reload fails, and nothing changes: {error}",))
    notes = after.notes
    if OPTION in file.present:
        if takes_option:
            after = _accepting(after, file.options.accept_insecure_registry)
        else:
            notes = (*notes, _LEFT_OUT)
    changed = after[:2] != before[:2]
    return after._replace(notes=((_AT_ONCE,) if changed else ("nothing changes",)) + notes)


def _accepting(at: Running, accept: bool) -> Running:
    return at._replace(
        options=replace(at.options, accept_insecure_registry=accept),
        config=replace(at.config, accept_insecure_registry=accept),
    )


def _replaced(before: Running, step: _Reload) -> Running:
    """ReplaceConfig: the whole service anew, of the options as they now are."""
    options = before.options
    if LISTED in step.file.present:
        options = replace(options, insecure_registries=step.file.options.insecure_registries)
    if MIRRORS in step.file.present:
        options = replace(options, mirrors=step.file.options.mirrors)
    return Running(options, service_config(options, step.traits), _kept(step))


def _stepped(before: Running, step: _Reload) -> Running:
    """The list and the mirrors one after the other."""
    at = before._replace(notes=_kept(step))
    if step.traits.reload == "list":
        return _list(at, step)
    if step.traits.reload == "mirrors-first":
        return _list(_mirrors(at, step), step)
    return _mirrors(_list(at, step), step)


def _list(at: Running, step: _Reload) -> Running:
    """LoadInsecureRegistries: networks and names anew."""
    if LISTED not in step.file.present:
        return at
    options = replace(at.options, insecure_registries=step.file.options.insecure_registries)
    made = service_config(replace(options, mirrors=()), step.traits)
    config = replace(
        made,
        mirrors=at.config.mirrors,
        listed_mirrors=at.config.listed_mirrors,
        accept_insecure_registry=at.config.accept_insecure_registry,
    )
    return Running(options, config, tuple(note for note in at.notes if note != _LOST))


def _mirrors(at: Running, step: _Reload) -> Running:
    """LoadMirrors, which in some sources puts a new table of names in the place of the old one."""
    if MIRRORS not in step.file.present:
        return at
    options = replace(at.options, mirrors=step.file.options.mirrors)
    made = service_config(replace(options, insecure_registries=()), step.traits)
    drops = step.traits.reload in ("dropping", "mirrors-first")
    names = frozenset[str]() if drops else at.config.insecure_hosts
    lost = (_LOST,) if names != at.config.insecure_hosts else ()
    config = replace(
        at.config,
        mirrors=made.mirrors,
        listed_mirrors=made.listed_mirrors,
        insecure_hosts=names,
        hub_configured=True,
    )
    return Running(options, config, (*at.notes, *lost))


def _kept(step: _Reload) -> tuple[str, ...]:
    """Keys that are not there: what they said before goes on."""
    gone = [key for key in (LISTED, MIRRORS, OPTION) if key not in step.file.present]
    if not gone:
        return ()
    return (f"not in the file, and so as before: {', '.join(gone)}",)
