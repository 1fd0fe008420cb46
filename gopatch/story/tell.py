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
    WHOLE,
    Action,
    Ask,
    Attempt,
    Difference,
    Edits,
    ModelError,
    Options,
    Resolver,
    Store,
    Task,
    Traits,
    Walk,
    is_secure_index,
    no_resolver,
    no_road,
    open_list_differences,
    registry_hosts,
    run,
    service_config,
)
from gopatch.story.daemon_log import failure_text, log_lines


@dataclass(frozen=True)
class Told:
    """One attempt in words. `log` holds the daemon's lines; `credentials` says whether a
    password was sent, and `result` is one of `Outcome`'s values."""

    url: str
    version: int
    reason: str
    tls: str
    credentials: bool
    result: str
    error: str
    log: tuple[str, ...]


@dataclass(frozen=True)
class Story:
    """One action under one setting of the option. Where the daemon refuses the options or the
    name, there are no attempts and `error` says why."""

    host: str
    action: Action
    accept_insecure_registry: bool
    attempts: tuple[Told, ...]
    ok: bool
    error: str


@dataclass(frozen=True)
class Reload:
    """The patched daemon is sent SIGHUP with the option `wanted` in its daemon.json: the `story`
    from then on, None where nothing changes; `why` says when it does, or why it does not."""

    wanted: bool
    story: Story | None
    why: str


@dataclass(frozen=True)
class StoryPair:
    """The same action on the stock daemon and on the patched one.

    `open_list`: in what listing 0.0.0.0/0 on the stock daemon would differ from the option.
    `notes`: what is worth knowing about this source and this action. `part`: which part of the
    patch is in, "" for all.
    """

    stock: Story
    patched: Story
    open_list: tuple[Difference, ...] = ()
    notes: tuple[str, ...] = ()
    reload: Reload | None = None
    part: str = ""


@dataclass(frozen=True)
class Question:
    """What is asked of a daemon: an action against a registry's name, which URLs answer as `answers`
    says. `store`: where it keeps images; `edits`: what of the patch is in."""

    host: str
    action: Action
    options: Options
    traits: Traits
    answers: Ask
    resolve: Resolver = no_resolver
    credentials: bool = True
    store: Store = "graph"
    edits: Edits = WHOLE

    def accepting(self, accept: bool) -> Question:
        """The same with the option on or off."""
        options = replace(self.options, accept_insecure_registry=accept)
        return replace(self, options=options)


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
    accept = q.options.accept_insecure_registry
    try:
        config = service_config(q.options, q.traits)
        walk = run(
            q.action,
            config,
            q.host,
            q.traits,
            q.answers,
            resolve=q.resolve,
            credentials=q.credentials,
            store=q.store,
            edits=q.edits,
        )
    except ModelError as error:
        return Story(q.host, q.action, accept, (), False, str(error))
    told = tuple(_told(q, attempt) for attempt in walk.attempts)
    return Story(q.host, q.action, accept, told, walk.ok, _reported(walk))


def _reported(walk: Walk) -> str:
    if walk.ok or walk.blamed is None:
        return walk.error
    return failure_text(walk.blamed)


def story_pair(question: Question, part: str = "") -> StoryPair:
    """`question` to the stock daemon, which does not know the option, and to the patched one.

    Raises ModelError where there is no such action, or the source has no way to it.
    """
    q = question
    pair = StoryPair(story(q.accepting(False)), story(q), notes=tuple(_notes(q)), part=part)
    if _by_hosts(q):
        return pair
    try:
        return replace(
            pair, open_list=open_list_differences(q.host, q.options, q.traits, q.resolve)
        )
    except ModelError:
        return pair


def after_reload(question: Question, wanted: bool, *, by_flag: bool) -> Reload:
    """What SIGHUP with the key in daemon.json does; `by_flag`: the option was given as a flag."""
    q = question
    if not q.traits.reloads:
        why = "this source changes its registries at a restart alone: restart the daemon"
    elif not q.edits.reload:
        why = "the edit that lets a reload change the option is left out: restart the daemon"
    elif by_flag:
        why = (
            "the reload is refused: the following directives are specified both as a flag and in "
            "the configuration file: accept-insecure-registry"
        )
    elif wanted == q.options.accept_insecure_registry:
        why = f"the option is {'on' if wanted else 'off'} already"
    else:
        why = "at once, from the next request on: no restart"
        return Reload(wanted, story(q.accepting(wanted)), why)
    return Reload(wanted, None, why)


def _by_hosts(question: Question) -> bool:
    """Whether the registry hosts are gone by, and not the lookups."""
    if question.action == "build":
        return bool(question.traits.buildkit)
    return question.store == "containerd" and question.action in ("pull", "push", "classic-build")


def _notes(question: Question) -> Iterator[str]:
    q = question
    if q.action == "build" and not q.traits.buildkit:
        yield "this source has no BuildKit: a build pulls as docker pull does"
    if q.action == "build" and q.traits.buildkit == "https":
        yield (
            "BuildKit of this source knows HTTPS alone: neither --insecure-registry nor the "
            "option reaches it"
        )
    if q.action in ("plugin-install", "plugin-push") and q.traits.plugins == "first":
        yield (
            "plugins of this source ask the first address alone: neither --insecure-registry "
            "nor the option reaches them"
        )
    yield from _left_out(q)
    if _by_hosts(q):
        yield from _overlooked(q)


def _left_out(question: Question) -> Iterator[str]:
    q = question
    if not q.options.accept_insecure_registry:
        return
    pings = q.action == "search" or (q.action == "login" and q.traits.login == "ping")
    if _by_hosts(q) and not q.edits.hosts:
        yield f"the edit `hosts` is left out: the option does not reach {q.action}"
    elif pings and not q.edits.search:
        yield f"the edit `search` is left out: the option does not reach {q.action}"
    elif not (pings or _by_hosts(q)) and not q.edits.rails:
        yield (
            "the rails are left out: what HTTPS has answered, be it with a bad certificate or a "
            "401, may be asked again over HTTP"
        )


def _overlooked(question: Question) -> Iterator[str]:
    """A registry that is listed, but not as the hosts look for it."""
    q = question
    try:
        config = service_config(q.options, q.traits)
        if is_secure_index(config, q.host, q.traits, q.resolve) or _opened(q, q.options):
            return
        listed = (*q.options.insecure_registries, f"http://{q.host}")
        if _opened(q, replace(q.options, insecure_registries=listed)):
            yield (
                f"{q.host} is listed as insecure, but {q.action} of this source does not find it "
                f"there; listed as http://{q.host} it would"
            )
    except ModelError:
        return


def _opened(question: Question, options: Options) -> bool:
    q = question
    config = service_config(replace(options, accept_insecure_registry=False), q.traits)
    task = Task(q.action, config, q.host, q.traits, q.answers, q.resolve, store=q.store)
    hosts = [host for host in registry_hosts(task) if not host.mirror]
    return any(host.scheme == "http" or host.falls_back for host in hosts)


def _told(question: Question, attempt: Attempt) -> Told:
    error = failure_text(attempt)
    return Told(
        url=attempt.url,
        version=attempt.version,
        reason=_reason(attempt),
        tls=attempt.tls,
        credentials=attempt.credentials,
        result=attempt.outcome.value,
        error=error,
        log=tuple(log_lines(question.host, attempt, error, question.traits, question.edits)),
    )


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
