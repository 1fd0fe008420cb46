"""The roads that ping first: docker search, and up to v1.10 docker login. registry/endpoint*.go,
search*.go, session.go."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from gopatch.model.answers import UNSPOKEN, Attempt, Outcome, Task, Walk, after, attempt_at, failure
from gopatch.model.lookup import Endpoint, guard, is_secure_index
from gopatch.model.options import ModelError, validate_index_name
from gopatch.model.traits import INDEX_HOST, NAMESPACE


def _index_name(task: Task) -> str:
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


def pinged(task: Task) -> Walk:
    """The road that pings first: https, and http where the guard lets it; then one request."""
    name = _index_name(task)
    official = name == NAMESPACE and task.config.hub_configured
    skip = not is_secure_index(task.config, name, task.traits, task.resolve)
    base = Endpoint("https", INDEX_HOST if official else name, "", 1, False, False, False, skip)
    if official:
        return _ended((), _request(task, base))
    opened = guard(task.config, name, skip) if task.edits.search else skip
    done: list[Attempt] = []
    for endpoint in (base, base._replace(scheme="http"))[: 1 + opened]:
        if done and endpoint.by_option and done[-1].error not in UNSPOKEN:
            why = attempt_at("skip", endpoint, "", Outcome.SKIPPED, error="HTTPS answered")
            return Walk((*done, why), False, done[-1].error, done[-1])
        done += _pings(task, endpoint)
        if done[-1].outcome is Outcome.OK:
            return _ended(done, _request(task, endpoint._replace(version=done[-1].version)))
        if done[-1].outcome is Outcome.STOP:
            break
    return Walk(tuple(done), False, done[-1].error, done[-1])


def _ended(done: Sequence[Attempt], last: Attempt) -> Walk:
    ok = last.outcome is Outcome.OK
    return Walk((*done, last), ok, last.error, None if ok else last)


def _pings(task: Task, e: Endpoint) -> Iterator[Attempt]:
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
        outcome = after(error) if error else Outcome.OK
        yield attempt_at("ping", e._replace(version=version), path, outcome, error=error)
        if outcome is not Outcome.NEXT:
            return


def _request(task: Task, e: Endpoint) -> Attempt:
    """What follows a ping. A V2 login without a challenge has nothing to succeed with."""
    login = task.action == "login"
    path = {(True, 1): "/v1/users/", (True, 2): "/v2/"}.get((login, e.version))
    path = path or f"/v{e.version}/search"
    make = partial(attempt_at, f"v{e.version} login" if login else "search", e, path)
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
