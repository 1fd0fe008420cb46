"""The story of one login, pull, push, search, build or plugin: what the daemon tries, why, and what
it logs.

Pure: answers and options come in as values, stories go out. Log lines are those of a daemon
in debug mode (`gopatch.story.daemon_log`), without time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from gopatch.model import (
    ACTIONS,
    Action,
    Attempt,
    DaemonSetting,
    Difference,
    HostTask,
    ModelError,
    Name,
    Walk,
    named,
    no_road,
    open_list_differences,
    run,
)
from gopatch.model.config_rules import OPTION
from gopatch.story.command import Command, Release, Started, conflict, read_file, start
from gopatch.story.daemon_log import Teller, failure_text, log_lines, reported
from gopatch.story.notes import by_registry_hosts, notes
from gopatch.story.question import Question
from gopatch.story.reload import Running, reloaded


@dataclass(frozen=True)
class Told:
    """One attempt in words. `log` holds the daemon's lines; `credentials` says whether a
    password was sent, and `result` is one of `Outcome`'s values. `redirects`: the URLs that it was
    led to; the last one answered, and got the password where one was sent."""

    url: str
    version: int
    reason: str
    tls: str
    credentials: bool
    result: str
    error: str
    log: tuple[str, ...]
    redirects: tuple[str, ...] = ()


@dataclass(frozen=True)
class Story:
    """One action under one setting of the option. Where the daemon refuses the options or the
    name, there are no attempts, `error` says why in its words, and `refused` what is refused:
    "daemon" (it does not start) or "name"; `kind` is then that of `gopatch.model.ModelError`."""

    host: str
    action: Action
    accept_insecure_registry: bool
    attempts: tuple[Told, ...]
    ok: bool
    error: str
    refused: str = ""
    kind: str = ""


@dataclass(frozen=True)
class ToldReload:
    """The patched daemon is sent SIGHUP with the option `wanted` in its daemon.json (None where it
    is not there): the `story` from then on, None where nothing changes; `why` says when it does, or
    why it does not. `stock` is the same for the stock daemon."""

    wanted: bool | None
    story: Story | None
    why: str
    stock: Story | None = None


@dataclass(frozen=True)
class StoryPair:
    """The same question to the stock and to the patched daemon, and what the open list would do.

    `notes`: what there is to know about this source beside the option, and what is not modelled.
    `part`: which part of the patch the patched daemon has, "" for all of it.
    """

    stock: Story
    patched: Story
    open_list: tuple[Difference, ...] = ()
    reload: ToldReload | None = None
    notes: tuple[str, ...] = ()
    part: str = ""


def story(question: Question) -> Story:
    """What the daemon does with just these options.

    Raises ModelError where there is no such action, or the source has no way to it.
    """
    q = question
    if q.action not in ACTIONS:
        raise ModelError("action", f"{q.action}: one of {', '.join(ACTIONS)}")
    missing = no_road(q.action, q.traits, q.store)
    if missing:
        raise ModelError("road", f"{q.action}: {missing}")
    try:
        config = q.configured()
    except ModelError as error:
        return refusal(q, error, "daemon")
    try:
        name = named(q.action, q.host, q.traits)
        task = HostTask(q.action, config, name.host, q.traits, q.answers, q.resolve)
        walk = run(task._replace(credentials=q.credentials, store=q.store, edits=q.edits))
    except ModelError as error:
        return refusal(q, error, "name")
    accept = q.options.accept_insecure_registry
    told = tuple(_all_told(q, name, walk))
    return Story(q.host, q.action, accept, told, walk.ok, reported(walk, q.traits))


def refusal(question: Question, error: ModelError, refused: str) -> Story:
    """The story of a daemon that does not start, or of a name that it does not take."""
    q = question
    accept = q.options.accept_insecure_registry
    return Story(q.host, q.action, accept, (), False, str(error), refused, error.kind)


def story_pair(question: Question, part: str = "") -> StoryPair:
    """`question` to the stock daemon, which does not know the option, and to the patched one.

    Raises ModelError where there is no such action, or the source has no way to it.
    """
    q = question
    pair = StoryPair(story(q.accepting(False)), story(q), notes=tuple(notes(q)), part=part)
    if pair.patched.refused or by_registry_hosts(q):
        return pair
    try:
        host = named(q.action, q.host, q.traits).host
        return replace(pair, open_list=open_list_differences(host, q.options, q.traits, q.resolve))
    except ModelError:
        return pair


def commanded(question: Question, command: Command, source: Release, part: str = "") -> StoryPair:
    """`question` to a daemon that is started by `command`, whatever options the question has.

    Raises ModelError as `story_pair`; that the daemon does not start is a story.
    """
    try:
        started = start(command, source)
    except ModelError as error:
        missing = no_road(question.action, question.traits, question.store)
        if missing:
            raise ModelError("road", f"{question.action}: {missing}") from None
        told = refusal(question, error, "daemon")
        return StoryPair(told, told, part=part)
    pair = story_pair(replace(question, options=started.options), part)
    return replace(pair, notes=(*started.notes, *_unknown_to_stock(started), *pair.notes))


def _unknown_to_stock(started: Started) -> Iterator[str]:
    if OPTION in started.file.present:
        yield (
            f"the stock daemon does not start with {OPTION} in its daemon.json (the following "
            f"directives don't match any configuration option: {OPTION}); it is told without"
        )


# Reload --------------------------------------------------------------------------------------


def after_reload(
    question: Question, command: Command, source: Release, wanted: bool | bytes
) -> ToldReload | None:
    """What SIGHUP does, with the option turned on or off in daemon.json, or with another file.

    None where the daemon did not start in the first place.
    """
    try:
        started = start(command, source)
        q = replace(question, options=started.options)
        before = Running(q.options, q.configured())
    except ModelError:
        return None
    on = wanted if isinstance(wanted, bool) else None
    try:
        file = _file_then(command, source, started.file, wanted)
    except ModelError as error:
        return ToldReload(on, None, f"the reload is refused, and nothing changes: {error}")
    on = file.options.accept_insecure_registry if OPTION in file.present else None
    after = reloaded(before, file, source.traits, takes_option=q.edits.reload)
    why = "; ".join(after.notes)
    if after[:2] == before[:2]:
        return ToldReload(on, None, why)
    then = replace(q, options=after.options, config=after.config)
    return ToldReload(on, story(then), why, story(then.accepting(False)))


def _file_then(
    command: Command, source: Release, file: DaemonSetting, wanted: bool | bytes
) -> DaemonSetting:
    """The daemon.json that stands there at the SIGHUP."""
    if isinstance(wanted, bytes):
        return read_file(replace(command, file=wanted), source)
    if command.accept:
        raise conflict(command, OPTION, str(wanted).lower())
    options = replace(file.options, accept_insecure_registry=wanted)
    return file._replace(options=options, present=file.present | {OPTION})


# Words ---------------------------------------------------------------------------------------


def _all_told(question: Question, name: Name, walk: Walk) -> Iterator[Told]:
    teller = Teller(name, question.traits, question.edits)
    before: Attempt | None = None
    for attempt in walk.attempts:
        error = failure_text(attempt, before)
        yield Told(
            url=attempt.url,
            version=attempt.version,
            reason=_reason(attempt),
            tls=attempt.tls,
            credentials=attempt.credentials,
            result=attempt.outcome.value,
            error=error,
            log=tuple(log_lines(teller, attempt, error, before)),
            redirects=attempt.hops,
        )
        before = attempt


def _reason(attempt: Attempt) -> str:
    if attempt.why:
        why = attempt.why
    elif attempt.mirror:
        why = "a mirror, from registry-mirrors"
    elif attempt.by_option:
        why = "accept-insecure-registry: http after https"
    elif attempt.tls == "none":
        why = "listed as insecure: http after https"
    elif attempt.tls == "not checked":
        why = "https first; listed as insecure"
    else:
        why = "https first"
    return why if attempt.version == 2 else f"{why} (V1)"
