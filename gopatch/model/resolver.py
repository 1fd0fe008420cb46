"""What containerd's resolver and pusher try, host after host: BuildKit, the containerd image store,
and plugins from v20.10 on.

Docker's side of it: vendor/github.com/containerd/containerd/remotes/docker, plugin/fetch_linux.go,
backend_linux.go and registry.go. An endpoint's one answer stands for all its requests, and a round
that plugins repeat with other headers for once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from gopatch.go.net import split_host_port
from gopatch.model.answers import Attempt, AttemptEnd, HostTask, Walk
from gopatch.model.asking import Reply, asked, host_of, proved
from gopatch.model.hosts import Host, registry_hosts
from gopatch.model.lookup import pull_endpoints
from gopatch.model.traits import NAMESPACE, REGISTRY_HOST


def by_hosts(task: HostTask) -> Walk:
    """A build, or a transfer of the containerd image store."""
    hosts = registry_hosts(task)
    if task.action == "push":
        return _walk(task, [host for host in hosts if not host.mirror][:1])
    return _walk(task, hosts)


def by_plugin_hosts(task: HostTask) -> Walk:
    """plugin/registry.go: the endpoints of a pull, given to containerd as hosts."""
    hosts = [
        Host(
            e.scheme,
            REGISTRY_HOST if e.host == NAMESPACE else e.host,
            mirror=e.mirror,
            skip_verify=e.insecure_skip_verify,
            by_option=e.by_option,
        )
        for e in pull_endpoints(task.config, task.host, task.traits, task.resolve)
    ]
    if task.action == "plugin-install":
        return _walk(task, hosts)
    # The pusher knows one host. Whatever its error was, the push is made anew for http alone.
    own = [host for host in hosts if not host.mirror]
    return _walk(task, own[:1] + [h for h in own[1:] if h.scheme == "http"][:1], again=True)


def _walk(task: HostTask, hosts: Iterable[Host], *, again: bool = False) -> Walk:
    """Host after host; the first error that is not 404 is reported. `again`: no error is final."""
    done: list[Attempt] = []
    blamed: Attempt | None = None
    spoke: set[str] = set()
    for host in hosts:
        if host.by_option and task.edits.rails and host.host in spoke:
            done.append(_attempt(task, host).ended(AttemptEnd.SKIPPED, "HTTPS answered"))
            continue
        tried = list(_tried(task, host, again))
        done += tried
        last = tried[-1]
        if last.outcome is AttemptEnd.OK:
            return Walk(tuple(done), True)
        if last.outcome is AttemptEnd.STOP:
            return Walk(tuple(done), False, last.error, last)
        if host.scheme == "https" and (tried[0].kind == "challenge" or not tried[0].silent):
            spoke.add(host.host)
        if blamed is None or blamed.error == "404":
            blamed = last
    return Walk(tuple(done), False, blamed.error if blamed else "no endpoint", blamed)


def _tried(task: HostTask, host: Host, again: bool) -> Iterator[Attempt]:
    """One host: its own scheme, and plain HTTP where a transport falls back."""
    *before, first = _requested(task, host, again)
    yield from (*before, first)
    if host.scheme != "https" or not first.error:
        return
    stock = first.answering.startswith("https:") and _falls_back(host, first)
    if stock or (host.offers_http and first.silent):
        why = "listed as insecure: the request once more" if stock else ""
        plain = host._replace(scheme="http", by_option=not stock, why=why)
        url = first.answering.replace("https:", "http:", 1)
        yield from _requested(task, plain, again, within=url)


def _falls_back(host: Host, at: Attempt) -> bool:
    """isTLSError and isPortError, wherever redirects have led; "timeout" is that of a connection."""
    error = at.error
    if error == "plain":
        return bool(host.falls_back)
    reached_elsewhere = not (split_host_port(host_of(at.answering)) or ("", ""))[1]
    unreached = error in ("refused", "timeout", "silent", "plain")
    return host.falls_back == "unreached" and unreached and reached_elsewhere


def _requested(task: HostTask, host: Host, again: bool, *, within: str = "") -> tuple[Attempt, ...]:
    """A request, and before it the one for a token, if there is one. `within`: the URL where the
    transport asks by itself."""
    url = within or _attempt(task, host).url
    reply = asked(task, url, host.skip_verify)
    make = replace(_attempt(task, host, bool(within), reply), url=url).ended
    if reply.error:
        # The client has no time limit of its own once a connection is there.
        outcome = AttemptEnd.STOP if reply.error == "stalled" else AttemptEnd.NEXT
        return (make(outcome, error=reply.error),)
    answer = reply.answer
    at = host_of(reply.hops[-1] if reply.hops else url)
    known = task._replace(credentials=task.credentials and _is_for(task, host, at))
    proof = proved(known, answer, host.skip_verify and _by_host(task))
    before = proof.before(make(AttemptEnd.NEXT))
    if answer.status == 200 or proof.accepted:
        return (*before, make(AttemptEnd.OK, credentials=proof.sent))
    # Resolving goes on after 404, and today after any refusal.
    resolving = task.action != "push" and (task.traits.resolver_continues or answer.status == 404)
    outcome = AttemptEnd.NEXT if again or resolving else AttemptEnd.STOP
    error = "token" if proof.token else str(answer.status)
    return (*before, make(outcome, error=error, credentials=proof.sent))


def _is_for(task: HostTask, host: Host, at: str) -> bool:
    """Plugins give the password to every host, all others to the registry that it is meant for,
    wherever redirects have led."""
    return _is_plugin(task) or (not host.mirror and at == host.host)


def _by_host(task: HostTask) -> bool:
    """Whose client fetches a token: that of the host, or one that knows no list."""
    return _is_plugin(task) or (task.action != "build" and task.traits.token_by_host)


def _is_plugin(task: HostTask) -> bool:
    return task.action in ("plugin-install", "plugin-push")


def _attempt(
    task: HostTask, host: Host, within: bool = False, reply: Reply | None = None
) -> Attempt:
    base = f"{host.scheme}://{host.host}"
    pushed = task.action in ("push", "plugin-push")
    path = "blobs/" if pushed else "manifests/latest"
    tls = "not checked" if host.skip_verify else "checked"
    return Attempt(
        kind=f"hosts {task.action}",
        base=base,
        url=f"{base}{host.path}/image/{path}",
        version=2,
        tls=tls if host.scheme == "https" else "none",
        by_option=host.by_option,
        mirror=host.mirror,
        within=within,
        why=host.why,
        hops=reply.hops if reply else (),
        proxy=reply.proxy if reply else 0,
    )
