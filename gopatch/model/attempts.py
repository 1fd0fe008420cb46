"""What login, pull, push, search, a build and plugins try, in order, given how each URL answers.

Docker's side of it: registry/service.go (Auth), auth.go, endpoint*.go, search*.go, session.go;
distribution/pull.go, push.go, pull_v1.go, pull_v2.go, registry.go, errors.go (graph/ in v1.8).
A password is HTTP basic authentication, or buys a token from a server that the registry names.

An http endpoint that only the option has brought about is held to its contract: it is tried
after HTTPS failed to connect, never after HTTPS answered or showed a certificate that was refused.
"No answer" is a refused connection, a timeout, plain HTTP on the HTTPS port, or a proxy that refuses
to connect. For the first
ping of a pull or a push so is a timeout that comes after the handshake ("stalled"): whoever can
hold up a connection can also block it, and is not kept out by this.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from gopatch.model.answers import (
    UNSPOKEN,
    Action,
    Attempt,
    AttemptEnd,
    HostTask,
    Store,
    Walk,
)
from gopatch.model.asking import Reply, after, asked, attempt_at, host_of, proved
from gopatch.model.lookup import (
    Endpoint,
    guard,
    pull_endpoints,
    push_endpoints,
)
from gopatch.model.options import ModelError
from gopatch.model.pinging import pinged
from gopatch.model.resolver import by_hosts, by_plugin_hosts
from gopatch.model.traits import Traits


class _Reply(NamedTuple):
    """An attempt's result, and what it taught about the endpoint's host."""

    attempt: Attempt
    before: tuple[Attempt, ...] = ()
    v2: bool = False
    transport_ok: bool = False


_Try = Callable[[Endpoint], _Reply]


def run(task: HostTask) -> Walk:
    """Walk through one action.

    Raises ModelError where the daemon fails before it tries anything, and ModelError("road") where
    the source has no such action or store.
    """
    action, traits, store = task.action, task.traits, task.store
    missing = no_road(action, traits, store)
    if missing:
        raise ModelError("road", missing)
    if action == "search" or (action == "login" and traits.login == "ping"):
        return pinged(task)
    if action == "build" and traits.buildkit:
        return by_hosts(task)
    if action.startswith("plugin-"):
        return by_plugin_hosts(task) if traits.plugins == "hosts" else _by_lookup(task)
    if store == "containerd" and action != "login":
        return by_hosts(task)
    return _by_lookup(task)


def no_road(action: Action, traits: Traits, store: Store = "graph") -> str:
    """Why a source has no such action, "" where it has."""
    if store == "containerd" and not traits.store:
        return "this source has no containerd image store (daemon/containerd/resolver.go)"
    if store == "containerd" and traits.buildkit not in ("map", "host", "file"):
        return (
            "its containerd image store gets its hosts in a way that is not known (RegistryHosts)"
        )
    if action.startswith("plugin-") and not traits.plugins:
        return "this source has no plugins that come from a registry (plugin/)"
    return ""


def _by_lookup(task: HostTask) -> Walk:
    find = push_endpoints if task.action in ("login", "push", "plugin-push") else pull_endpoints
    found = find(task.config, task.host, task.traits, task.resolve)
    if task.action.startswith("plugin-") and task.traits.plugins == "first":
        found = found[:1]
    if task.action == "plugin-push":  # RequireSchema2
        found = tuple(endpoint for endpoint in found if endpoint.version != 1)
    login = task.action == "login"
    v1, v2 = (_login_v1, _login_v2) if login else (_transfer_v1, _transfer_v2)
    return _walk(
        task,
        found,
        lambda endpoint: (v1 if endpoint.version == 1 else v2)(task, endpoint),
        transfers=not login,
    )


def _walk(
    task: HostTask, endpoints: tuple[Endpoint, ...], attempt: _Try, *, transfers: bool
) -> Walk:
    """Try endpoint after endpoint; pull and push also remember what they have learnt."""
    traits = task.traits
    done: list[Attempt] = []
    last: Attempt | None = None
    v2, tls, spoke = False, set[str](), set[str]()
    watched = not (transfers and traits.confirmed_tls)
    silent = UNSPOKEN if watched else (*UNSPOKEN, "stalled")
    for endpoint in endpoints:
        why = _skip(endpoint, v2, tls, spoke)
        if why:
            kind = f"v{endpoint.version} {_transfer(task) if transfers else 'login'}"
            done.append(attempt_at(kind, endpoint, "").ended(AttemptEnd.SKIPPED, why))
            continue
        reply = attempt(endpoint)
        last = reply.attempt
        done += [*reply.before, last]
        if last.outcome is not AttemptEnd.NEXT:
            ok = last.outcome is AttemptEnd.OK
            return Walk(tuple(done), ok, last.error, None if ok else last)
        v2 = v2 or (transfers and traits.confirmed_v2 and reply.v2)
        answered = last.error not in silent or _led_away(last, endpoint, watched)
        if endpoint.scheme == "https" and answered and task.edits.rails:
            spoke.add(endpoint.host)
        if endpoint.scheme == "https" and transfers and traits.confirmed_tls and reply.transport_ok:
            tls.add(endpoint.host)
    return Walk(tuple(done), False, last.error if last else "no endpoint", last)


def _led_away(last: Attempt, endpoint: Endpoint, watched: bool) -> bool:
    """Who redirects has answered. The rails of a login see the certificate; those of a transfer know
    of its error alone, whose URL tells another host, but where they have no memory of TLS."""
    return bool(last.hops) and (watched or host_of(last.hops[-1]) != endpoint.host)


def _skip(endpoint: Endpoint, v2: bool, tls: set[str], spoke: set[str]) -> str:
    if v2 and endpoint.version == 1:
        return "v2 was detected"
    if endpoint.scheme != "https" and endpoint.host in tls:
        return "TLS was used"
    if endpoint.by_option and endpoint.host in spoke:
        return "HTTPS answered"
    return ""


def _login_v2(task: HostTask, e: Endpoint) -> _Reply:
    """The ping asks for a password with 401, and only then is it sent."""
    reply = asked(task, e.url.rstrip("/") + "/v2/", e.insecure_skip_verify)
    make = attempt_at("v2 login", e, "/v2/", reply).ended
    if reply.error:
        ends = task.traits.login_deadline and reply.error in ("timeout", "stalled")
        goes_on = reply.silent and _goes_on(task, e)
        outcome = AttemptEnd.STOP if ends and not goes_on else AttemptEnd.NEXT
        return _Reply(make(outcome, error=reply.error))
    answer = reply.answer
    proof = proved(task, answer, e.insecure_skip_verify)
    before = proof.before(make(AttemptEnd.NEXT))
    if answer.status == 200 or proof.accepted:
        return _Reply(make(AttemptEnd.OK, credentials=proof.sent), before)
    stops = task.traits.login == "unconfirmed" and answer.v2
    if proof.token and proof.refused:
        stops = stops or task.traits.login == "unless-unauthorized"
    outcome = AttemptEnd.STOP if stops else AttemptEnd.NEXT
    error = "token" if proof.token else str(answer.status)
    return _Reply(make(outcome, error=error, credentials=proof.sent), before)


def _goes_on(task: HostTask, e: Endpoint) -> bool:
    """Clause 6: nobody answered in time, and only the option offers plain HTTP."""
    listed = e.insecure_skip_verify
    return guard(task.config, e.host, False) and not listed and task.edits.rails


def _login_v1(task: HostTask, e: Endpoint) -> _Reply:
    """The password is part of the first request."""
    reply = asked(task, e.url.rstrip("/") + "/v1/users/", e.insecure_skip_verify)
    make = attempt_at("v1 login", e, "/v1/users/", reply).ended
    answer, error, sent = reply.answer, reply.error, task.credentials
    if error:
        out = error == "stalled" and sent
        return _Reply(make(after(error), error=error, credentials=out))
    if answer.status == 200 or (answer.status == 401 and answer.accepts and sent):
        return _Reply(make(AttemptEnd.OK, credentials=sent))
    return _Reply(make(AttemptEnd.STOP, error=str(answer.status), credentials=sent))


def _transfer(task: HostTask) -> Action:
    return "push" if task.action in ("push", "plugin-push") else "pull"


def _transfer_v2(task: HostTask, e: Endpoint) -> _Reply:
    """A ping, then the manifest; an endpoint's one answer stands for both."""
    reply = asked(task, e.url.rstrip("/") + "/v2/", e.insecure_skip_verify)
    make = attempt_at(f"v2 {_transfer(task)}", e, "/v2/", reply).ended
    if reply.error:
        return _Reply(make(AttemptEnd.NEXT, error=reply.error))
    answer = reply.answer
    proof = proved(task, answer, e.insecure_skip_verify)
    before = proof.before(make(AttemptEnd.NEXT))
    if answer.status == 200 or proof.accepted:
        return _Reply(make(AttemptEnd.OK, credentials=proof.sent), before)
    # An error in the registry's own words; anything else is an unexpected answer, which continues.
    # Without a password the client gives up by itself, which counts as the latter. A push meets it
    # in a layer's upload, which wraps it (xfer.DoNotRetry), so that it is not known as such.
    denied = answer.status == 403 and answer.v2
    unauthorized = proof.sent or (proof.token is not None and proof.refused)
    in_words = unauthorized or denied or (answer.status == 404 and answer.v2)
    continues = task.traits.registry_errors_continue and not denied
    push = _transfer(task) == "push"
    stops = in_words and not (push or continues or e.mirror)
    stops = stops or (push and task.traits.push_ends and answer.v2)
    outcome = AttemptEnd.STOP if stops else AttemptEnd.NEXT
    error = "token" if proof.token else str(answer.status)
    attempt = make(outcome, error=error, credentials=proof.sent)
    unproved = answer.status == 401 and proof.token is None and not proof.sent
    rule = "" if push else task.traits.v1_after_v2
    to_v1 = rule == "unproved" if unproved else bool(rule) and in_words
    return _Reply(
        attempt, before, v2=answer.v2 and not to_v1, transport_ok=not (unproved and to_v1)
    )


def _transfer_v1(task: HostTask, e: Endpoint) -> _Reply:
    """Over https a ping decides about going on; what comes after it is final."""
    base = e.url.rstrip("/")
    pings: tuple[int, ...] = ()

    def make(path: str, reply: Reply) -> Attempt:
        return replace(attempt_at(f"v1 {_transfer(task)}", e, path, reply), pings=pings)

    if e.scheme == "https":
        ping, pings = _pinged_v1(task, base, e.insecure_skip_verify)
        if ping.error:
            return _Reply(make("/v1/_ping", ping).ended(after(ping.error), ping.error))
    path = "/v1/repositories/"
    reply = asked(task, base + path, e.insecure_skip_verify)
    answer, sent, made = reply.answer, task.credentials, make(path, reply)
    if reply.error:
        return _Reply(made.ended(AttemptEnd.STOP, reply.error))
    if answer.status == 200 or (answer.status == 401 and answer.accepts and sent):
        return _Reply(made.ended(AttemptEnd.OK, credentials=sent))
    return _Reply(made.ended(AttemptEnd.STOP, str(answer.status), sent))


def _pinged_v1(task: HostTask, base: str, skip_verify: bool) -> tuple[Reply, tuple[int, ...]]:
    """The answer that decides, and the versions that were asked for. While one kind of endpoint stands
    for both, the ping of V1 asks for V2 first, and is content with it."""
    versions: tuple[int, ...] = (1,)
    if task.traits.login == "ping":
        first = asked(task, base + "/v2/", skip_verify)
        if first.error == "stalled" or (not first.error and first.answer.pings_v2):
            return first, (2,)
        versions = (2, 1)
    return asked(task, base + "/v1/_ping", skip_verify), versions
