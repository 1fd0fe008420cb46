"""What there is to know about a question beside its story: what this source cannot do, what is
overlooked, and what the model does not know."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from gopatch.go.net import parse_zoned, split_host_port
from gopatch.model import (
    HostTask,
    ModelError,
    Options,
    is_docker_hub,
    is_secure_index,
    named,
    registry_hosts,
    service_config,
)
from gopatch.story.question import Question
from gopatch.story.told_answers import Answers


def notes(question: Question) -> Iterator[str]:
    """All of them, one a line."""
    q = question
    yield from _of_the_name(q)
    yield from _of_the_source(q)
    yield from _left_out(q)
    if by_registry_hosts(q):
        yield from _overlooked(q)
    yield from _not_modelled(q)


def by_registry_hosts(question: Question) -> bool:
    """Whether the registry hosts are gone by, and not the lookups."""
    if question.action == "build":
        return bool(question.traits.buildkit)
    return question.store == "containerd" and question.action in ("pull", "push", "classic-build")


def _of_the_name(question: Question) -> Iterator[str]:
    q = question
    try:
        name = named(q.action, q.host, q.traits)
    except ModelError:
        return
    if name.note:
        yield name.note
    # docker search asks for what stands before the first slash, and refuses a scheme.
    host = name.host.partition("/")[0] if q.action == "search" else name.host
    bare = (split_host_port(host) or (host, ""))[0]
    if (
        not bare
        or (q.action == "search" and _is_no_index(q.host))
        or parse_zoned(bare, q.traits.go)
        or is_docker_hub(bare)
        or _is_listed(q, host)
    ):
        return
    try:
        q.resolve(bare)
    except (LookupError, OSError):
        yield (
            f"{bare} is assumed to resolve to nothing, so that no listed network covers it; "
            f"say what it means with --resolve {bare}=ADDRESS"
        )


def _is_no_index(term: str) -> bool:
    """A search term that is refused, or meant for Docker Hub."""
    first = term.partition("/")[0]
    return "://" in term or not (set(".:") & set(first) or first == "localhost")


def _is_listed(question: Question, host: str) -> bool:
    """By its name, so that it does not matter what it resolves to."""
    try:
        return host in question.configured().insecure_hosts
    except ModelError:
        return True


def _of_the_source(question: Question) -> Iterator[str]:
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


def _left_out(question: Question) -> Iterator[str]:
    q = question
    if not q.options.accept_insecure_registry:
        return
    pings = q.action == "search" or (q.action == "login" and q.traits.login == "ping")
    if by_registry_hosts(q) and not q.edits.hosts:
        yield f"the edit `hosts` is left out: the option does not reach {q.action}"
    elif pings and not q.edits.search:
        yield f"the edit `search` is left out: the option does not reach {q.action}"
    elif not (pings or by_registry_hosts(q)) and not q.edits.rails:
        yield (
            "the rails are left out: what HTTPS has answered, be it with a bad certificate or a "
            "401, may be asked again over HTTP"
        )


def _overlooked(question: Question) -> Iterator[str]:
    """A registry that is listed, but not as the hosts look for it."""
    q = question
    try:
        host = named(q.action, q.host, q.traits).host
        config = q.configured()
        if is_secure_index(config, host, q.traits, q.resolve) or _opened(q, host, q.options):
            return
        listed = (*q.options.insecure_registries, f"http://{host}")
        if _opened(q, host, replace(q.options, insecure_registries=listed)):
            yield (
                f"{host} is listed as insecure, but {q.action} of this source does not find it "
                f"there; listed as http://{host} it would"
            )
    except ModelError:
        return


def _opened(question: Question, host: str, options: Options) -> bool:
    q = question
    config = service_config(replace(options, accept_insecure_registry=False), q.traits)
    task = HostTask(q.action, config, host, q.traits, q.answers, q.resolve, store=q.store)
    hosts = [one for one in registry_hosts(task) if not one.mirror]
    return any(one.scheme == "http" or one.falls_back for one in hosts)


def _not_modelled(question: Question) -> Iterator[str]:
    q = question
    known = q.answers.known if isinstance(q.answers, Answers) else ()
    for url, answer in known:
        if answer.status == 401 and not answer.leads_to:
            yield (
                f"{url} asks for the password itself (HTTP basic authentication); a token server "
                "of its own is said with 401:URL, and has its own --answers"
            )
            break
    if (
        q.action == "build"
        and q.traits.buildkit
        and any(a.leads_to and a.status == 401 for _, a in known)
    ):
        yield "not modelled: a client with BuildKit's session fetches the token itself, by its own rules"
    if by_registry_hosts(q) and q.traits.buildkit == "file":
        yield "not modelled: a hosts.toml in /etc/docker/certs.d, which overrules all of this"
