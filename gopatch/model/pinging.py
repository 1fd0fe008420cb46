"""The roads that ping first: docker search, and up to v1.10 docker login. registry/endpoint*.go,
search*.go, session.go."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from gopatch.go.net import parse_url, url_error
from gopatch.model.answers import Attempt, AttemptEnd, HostTask, Walk
from gopatch.model.asking import after, asked, attempt_at, proved
from gopatch.model.lookup import Endpoint, guard, is_secure_index
from gopatch.model.options import ModelError, validate_index_name
from gopatch.model.tls_settings import TlsSettings
from gopatch.model.traits import INDEX_HOST, NAMESPACE, Traits


def _index_name(task: HostTask) -> str:
    """splitReposSearchTerm for search, and the name under which the index is looked up."""
    name = task.host
    if task.action == "search":
        if "://" in name:
            raise ModelError("search-term", _has_scheme(f"{name}/image", task.traits))
        name = name.partition("/")[0]
        if not (set(".:") & set(name) or name == "localhost"):
            return NAMESPACE
    if task.traits.search_name_checked:
        return validate_index_name(name, task.traits)
    return NAMESPACE if name == INDEX_HOST else name


def _has_scheme(term: str, traits: Traits) -> str:
    if traits.log_pinging:
        return 'Invalid repository name (ex: "registry.domain.tld/myrepos")'
    return f"invalid repository name: repository name ({term}) should not have a scheme"


class _Address(NamedTuple):
    host: str
    path: str = ""
    version: int = 0


def _address(name: str, traits: Traits) -> _Address:
    """newEndpoint: a version of the API at its end is taken off; it is then the only one asked."""
    text = name if name.startswith("http") else f"https://{name}"
    text = text.removesuffix("/")
    head, _, last = text.rpartition("/")
    version = {"v1": 1, "v2": 2}.get(last, 0)
    text = head if version else text
    url = parse_url(text, traits.go)
    if url is None:
        raise ModelError("address", url_error(text, traits.go))
    if not url.host:
        raise ModelError("address", f"{name}: http: no Host in request URL")
    return _Address(url.host, url.path, version)


def pinged(task: HostTask) -> Walk:
    """The road that pings first: https, and http where the guard lets it; then one request."""
    name = _index_name(task)
    official = name == NAMESPACE and task.config.hub_configured
    skip = not is_secure_index(task.config, name, task.traits, task.resolve)
    at = _Address(INDEX_HOST) if official else _address(name, task.traits)
    base = Endpoint("https", at.host, at.path, 1, False, False, False, TlsSettings(skip))
    if official:
        return _ended((), _request(task, base))
    opened = guard(task.config, at.host, skip) if task.edits.search else skip
    done: list[Attempt] = []
    for endpoint in (base, base._replace(scheme="http"))[: 1 + opened]:
        if endpoint.by_option and not all(one.silent for one in done):
            why = attempt_at("skip", endpoint, "").ended(AttemptEnd.SKIPPED, "HTTPS answered")
            return Walk((*done, why), False, done[-1].error, done[-1])
        done += _pings(task, endpoint, at.version)
        if done[-1].outcome is AttemptEnd.OK:
            return _ended(done, _request(task, endpoint._replace(version=done[-1].version)))
        if done[-1].outcome is AttemptEnd.STOP and not _goes_on(task, done[-1], skip):
            break
    return Walk(tuple(done), False, done[-1].error, done[-1])


def _goes_on(task: HostTask, last: Attempt, listed: bool) -> bool:
    """Clause 6: nobody answered in time, and only the option offers plain HTTP."""
    on = task.config.accept_insecure_registry and task.edits.search
    return last.error == "timeout" and last.silent and on and not listed


def _ended(done: Sequence[Attempt], more: tuple[Attempt, ...]) -> Walk:
    last = more[-1]
    ok = last.outcome is AttemptEnd.OK
    return Walk((*done, *more), ok, last.error, None if ok else last)


def _pings(task: HostTask, e: Endpoint, known: int) -> Iterator[Attempt]:
    """The pings of one address until one succeeds: V2 first where the source asks for any version.

    For V1 every HTTP answer will do; V2 wants its header, and 200 or 401.
    """
    versions = [2, 1] if task.traits.login == "ping" else [1]
    if task.action == "login" and task.config.v2_only:
        versions = [2]
    elif known:
        versions = [known]
    ends = ("timeout",) if task.traits.search_deadline else ()
    for version in versions:
        path = "/v2/" if version == 2 else "/v1/_ping"
        reply = asked(task, e.url + path, e.insecure_skip_verify)
        answer, error = reply.answer, reply.error
        if not error and version == 2 and not answer.pings_v2:
            error = str(answer.status)
        outcome = after(error, ends) if error else AttemptEnd.OK
        at = e._replace(version=version)
        yield attempt_at("ping", at, path, reply).ended(outcome, error)
        if outcome is not AttemptEnd.NEXT:
            return


def _request(task: HostTask, e: Endpoint) -> tuple[Attempt, ...]:
    """What follows a ping. A V2 login without a challenge has nothing to succeed with."""
    login = task.action == "login"
    path = {(True, 1): "/v1/users/", (True, 2): "/v2/"}.get((login, e.version))
    path = path or f"/v{e.version}/search"
    reply = asked(task, e.url + path, e.insecure_skip_verify)
    make = attempt_at(f"v{e.version} login" if login else "search", e, path, reply).ended
    answer = reply.answer
    if reply.error:
        return (make(AttemptEnd.STOP, error=reply.error),)
    if login and e.version == 2:
        if answer.status != 401:
            return (make(AttemptEnd.STOP, error="no challenge"),)
        proof = proved(task, answer, e.insecure_skip_verify)
        outcome = AttemptEnd.OK if proof.accepted else AttemptEnd.STOP
        error = "" if proof.accepted else "token" if proof.token else str(answer.status)
        last = make(outcome, error=error, credentials=proof.sent)
        return (*proof.before(last), last)
    sent = task.credentials
    accepted = answer.status == 200 or (answer.status == 401 and answer.accepts and sent)
    if accepted:
        return (make(AttemptEnd.OK, credentials=sent),)
    return (make(AttemptEnd.STOP, error=str(answer.status), credentials=sent),)
