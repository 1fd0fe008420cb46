"""What login, pull, push and search try, in order, given how each URL answers.

Docker's side of it: registry/service.go (Auth), auth.go, endpoint*.go, search*.go, session.go;
distribution/pull.go, push.go, pull_v1.go, pull_v2.go, registry.go, errors.go (graph/ in v1.8).
Passwords are HTTP basic authentication; a token server is not modelled.

An http endpoint that only the option has brought about is held to its contract: it is tried
after HTTPS failed to connect, never after HTTPS answered or showed a certificate that was refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import partial
from typing import Literal, NamedTuple

from .lookup import (
    Endpoint,
    Resolver,
    guard,
    is_secure_index,
    no_resolver,
    pull_endpoints,
    push_endpoints,
)
from .options import ModelError, ServiceConfig, validate_index_name
from .traits import INDEX_HOST, NAMESPACE, Traits

Action = Literal["login", "pull", "push", "search"]
ACTIONS: tuple[Action, ...] = ("login", "pull", "push", "search")

Transport = Literal["refused", "timeout", "plain", "tls-good", "tls-bad"]


class Answer(NamedTuple):
    """How a URL answers.

    `transport`: the connection is refused, or nothing answers ("timeout"), or plain HTTP is
    spoken, or TLS with a certificate that the daemon knows ("tls-good") or does not ("tls-bad").
    `status`: the HTTP status; `accepts`: a password turns 401 into 200; `v2`: the header that
    names a V2 registry is there.
    """

    transport: Transport = "refused"
    status: int = 0
    accepts: bool = False
    v2: bool = False


_UNSPOKEN = ("refused", "timeout", "plain")

Ask = Callable[[str], Answer]


class Outcome(Enum):
    """What came of one attempt."""

    OK = "ok"
    NEXT = "next"
    STOP = "stop"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Attempt:
    """One endpoint that was tried, or passed over.

    `kind`: "v2 login", "v1 login", "ping", "v2 pull", "v1 pull", "search", ... ; `url`: what was
    requested first; `base`: the endpoint; `error`: "" or the word for what went wrong: a
    transport of `Answer`, or the HTTP status; for SKIPPED the reason. `credentials`: a password
    went out; `tls`: "checked", "not checked" or "none".
    """

    kind: str
    base: str
    url: str
    version: int
    tls: str
    outcome: Outcome
    error: str = ""
    credentials: bool = False
    by_option: bool = False
    mirror: bool = False


@dataclass(frozen=True)
class Walk:
    """All attempts of one action; `ok` where the last one succeeded, otherwise `error` is its."""

    attempts: tuple[Attempt, ...]
    ok: bool
    error: str = ""


class _Task(NamedTuple):
    """The arguments of `run`."""

    action: Action
    config: ServiceConfig
    host: str
    traits: Traits
    ask: Ask
    resolve: Resolver
    credentials: bool


class _Reply(NamedTuple):
    """An attempt's result, and what it taught about the endpoint's host."""

    attempt: Attempt
    v2: bool = False
    transport_ok: bool = False


_Try = Callable[[Endpoint], _Reply]


def failure(url: str, answer: Answer, skip_verify: bool) -> str:
    """Why no HTTP answer comes back from `url`, "" where one does."""
    if answer.transport in ("refused", "timeout"):
        return answer.transport
    if url.startswith("http://"):
        return "" if answer.transport == "plain" else "tls"
    if answer.transport == "plain" or (answer.transport == "tls-bad" and not skip_verify):
        return answer.transport
    return ""


def run(
    action: Action,
    config: ServiceConfig,
    host: str,
    traits: Traits,
    ask: Ask,
    *,
    resolve: Resolver = no_resolver,
    credentials: bool = True,
) -> Walk:
    """Walk through one action against `host`, with or without a password.

    Raises ModelError where the daemon fails before it tries anything.
    """
    task = _Task(action, config, host, traits, ask, resolve, credentials)
    if action == "search" or (action == "login" and traits.login == "ping"):
        return _pinged(task)
    find = pull_endpoints if action == "pull" else push_endpoints
    v1, v2 = (_login_v1, _login_v2) if action == "login" else (_transfer_v1, _transfer_v2)
    return _walk(
        find(config, host, traits, resolve),
        lambda endpoint: (v1 if endpoint.version == 1 else v2)(task, endpoint),
        traits,
        transfers=action != "login",
    )


def _walk(
    endpoints: tuple[Endpoint, ...], attempt: _Try, traits: Traits, *, transfers: bool
) -> Walk:
    """Try endpoint after endpoint; pull and push also remember what they have learnt."""
    done: list[Attempt] = []
    error, v2, tls, spoke = "", False, set[str](), set[str]()
    for endpoint in endpoints:
        why = _skip(endpoint, v2, tls, spoke)
        if why:
            done.append(_attempt("", endpoint, "", Outcome.SKIPPED, error=why))
            continue
        reply = attempt(endpoint)
        done.append(reply.attempt)
        if reply.attempt.outcome is not Outcome.NEXT:
            return Walk(tuple(done), reply.attempt.outcome is Outcome.OK, reply.attempt.error)
        error = reply.attempt.error
        v2 = v2 or (transfers and traits.confirmed_v2 and reply.v2)
        if endpoint.scheme == "https" and error not in _UNSPOKEN:
            spoke.add(endpoint.host)
        if endpoint.scheme == "https" and transfers and traits.confirmed_tls and reply.transport_ok:
            tls.add(endpoint.host)
    return Walk(tuple(done), False, error or "no endpoint")


def _skip(endpoint: Endpoint, v2: bool, tls: set[str], spoke: set[str]) -> str:
    if v2 and endpoint.version == 1:
        return "v2 was detected"
    if endpoint.scheme != "https" and endpoint.host in tls:
        return "TLS was used"
    if endpoint.by_option and endpoint.host in spoke:
        return "HTTPS answered"
    return ""


def _attempt(
    kind: str,
    e: Endpoint,
    path: str,
    outcome: Outcome,
    *,
    error: str = "",
    credentials: bool = False,
) -> Attempt:
    tls = "not checked" if e.insecure_skip_verify else "checked"
    return Attempt(
        kind=kind,
        base=e.url,
        url=e.url.rstrip("/") + path,
        version=e.version,
        tls=tls if e.scheme == "https" else "none",
        outcome=outcome,
        error=error,
        credentials=credentials,
        by_option=e.by_option,
        mirror=e.mirror,
    )


def _login_v2(task: _Task, e: Endpoint) -> _Reply:
    """The ping asks for a password with 401, and only then is it sent."""
    make = partial(_attempt, "v2 login", e, "/v2/")
    answer = task.ask(e.url.rstrip("/") + "/v2/")
    error = failure(e.url, answer, e.insecure_skip_verify)
    if error:
        return _Reply(make(Outcome.NEXT, error=error))
    sent = answer.status == 401 and task.credentials
    if answer.status == 200 or (sent and answer.accepts):
        return _Reply(make(Outcome.OK, credentials=sent))
    stops = task.traits.login == "unconfirmed" and answer.v2
    outcome = Outcome.STOP if stops else Outcome.NEXT
    return _Reply(make(outcome, error=str(answer.status), credentials=sent))


def _login_v1(task: _Task, e: Endpoint) -> _Reply:
    """The password is part of the first request."""
    make = partial(_attempt, "v1 login", e, "/v1/users/")
    answer = task.ask(e.url.rstrip("/") + "/v1/users/")
    error = failure(e.url, answer, e.insecure_skip_verify)
    if error:
        return _Reply(make(Outcome.NEXT, error=error))
    sent = task.credentials
    if answer.status == 200 or (answer.status == 401 and answer.accepts and sent):
        return _Reply(make(Outcome.OK, credentials=sent))
    return _Reply(make(Outcome.STOP, error=str(answer.status), credentials=sent))


def _transfer_v2(task: _Task, e: Endpoint) -> _Reply:
    """A ping, then the manifest; an endpoint's one answer stands for both."""
    make = partial(_attempt, f"v2 {task.action}", e, "/v2/")
    answer = task.ask(e.url.rstrip("/") + "/v2/")
    error = failure(e.url, answer, e.insecure_skip_verify)
    if error:
        return _Reply(make(Outcome.NEXT, error=error))
    sent = answer.status == 401 and task.credentials
    if answer.status == 200 or (sent and answer.accepts):
        return _Reply(make(Outcome.OK, credentials=sent))
    # An error in the registry's own words; anything else is an unexpected answer, which continues.
    # Without a password the client gives up by itself, which counts as the latter. A push meets it
    # in a layer's upload, which wraps it (xfer.DoNotRetry), so that it is not known as such.
    denied = answer.status == 403 and answer.v2
    in_words = sent or denied or (answer.status == 404 and answer.v2)
    continues = task.traits.registry_errors_continue and not denied
    stops = in_words and task.action == "pull" and not (continues or e.mirror)
    outcome = Outcome.STOP if stops else Outcome.NEXT
    attempt = make(outcome, error=str(answer.status), credentials=sent)
    return _Reply(attempt, v2=answer.v2, transport_ok=True)


def _transfer_v1(task: _Task, e: Endpoint) -> _Reply:
    """Over https a ping decides about going on; what comes after it is final."""
    make = partial(_attempt, f"v1 {task.action}", e)
    base = e.url.rstrip("/")
    if e.scheme == "https":
        error = failure(e.url, task.ask(base + "/v1/_ping"), e.insecure_skip_verify)
        if error:
            return _Reply(make("/v1/_ping", Outcome.NEXT, error=error))
    path = "/v1/repositories/"
    answer = task.ask(base + path)
    error = failure(e.url, answer, e.insecure_skip_verify)
    if error:
        return _Reply(make(path, Outcome.STOP, error=error))
    sent = task.credentials
    if answer.status == 200 or (answer.status == 401 and answer.accepts and sent):
        return _Reply(make(path, Outcome.OK, credentials=sent))
    return _Reply(make(path, Outcome.STOP, error=str(answer.status), credentials=sent))


def _index_name(task: _Task) -> str:
    """splitReposSearchTerm for search, and the name under which the index is looked up."""
    name = task.host
    if "://" in name:
        raise ModelError("search-term", f"{name}: a registry's name has no scheme")
    if task.action == "search":
        name = name.partition("/")[0]
        if not (set(".:") & set(name) or name == "localhost"):
            return NAMESPACE
    if task.traits.search_name_checked:
        return validate_index_name(name)
    return NAMESPACE if name == INDEX_HOST else name


def _pinged(task: _Task) -> Walk:
    """The road that pings first: https, and http where the guard lets it; then one request."""
    name = _index_name(task)
    official = name == NAMESPACE and task.config.hub_configured
    skip = not is_secure_index(task.config, name, task.traits, task.resolve)
    base = Endpoint("https", INDEX_HOST if official else name, "", 1, False, False, False, skip)
    if official:
        return _ended((), _request(task, base))
    bases = [base, base._replace(scheme="http")] if guard(task.config, name, skip) else [base]
    done: list[Attempt] = []
    for endpoint in bases:
        if done and endpoint.by_option and done[-1].error not in _UNSPOKEN:
            why = _attempt("", endpoint, "", Outcome.SKIPPED, error="HTTPS answered")
            return Walk((*done, why), False, done[-1].error)
        done += _pings(task, endpoint)
        if done[-1].outcome is Outcome.OK:
            return _ended(done, _request(task, endpoint._replace(version=done[-1].version)))
    return Walk(tuple(done), False, done[-1].error)


def _ended(done: Sequence[Attempt], last: Attempt) -> Walk:
    return Walk((*done, last), last.outcome is Outcome.OK, last.error)


def _pings(task: _Task, e: Endpoint) -> Iterator[Attempt]:
    """The pings of one address until one succeeds: V2 first where the source asks for any version.

    For V1 every HTTP answer will do; V2 wants its header, and 200 or 401.
    """
    versions = [2, 1] if task.traits.login == "ping" else [1]
    if task.action == "login" and task.config.v2_only:
        versions = [2]
    for version in versions:
        path = "/v2/" if version == 2 else "/v1/_ping"
        answer = task.ask(e.url + path)
        error = failure(e.url, answer, e.insecure_skip_verify)
        if not error and version == 2 and not (answer.v2 and answer.status in (200, 401)):
            error = str(answer.status)
        outcome = Outcome.NEXT if error else Outcome.OK
        yield _attempt("ping", e._replace(version=version), path, outcome, error=error)
        if not error:
            return


def _request(task: _Task, e: Endpoint) -> Attempt:
    """What follows a ping. A V2 login without a challenge has nothing to succeed with."""
    login = task.action == "login"
    path = {(True, 1): "/v1/users/", (True, 2): "/v2/"}.get((login, e.version))
    path = path or f"/v{e.version}/search"
    make = partial(_attempt, f"v{e.version} login" if login else "search", e, path)
    answer = task.ask(e.url + path)
    error = failure(e.url, answer, e.insecure_skip_verify)
    if error:
        return make(Outcome.STOP, error=error)
    challenged = not login or e.version == 1 or answer.status == 401
    sent = task.credentials and challenged
    accepted = answer.status == 200 or (answer.status == 401 and answer.accepts and sent)
    if challenged and accepted:
        return make(Outcome.OK, credentials=sent)
    return make(Outcome.STOP, error=str(answer.status), credentials=sent)
