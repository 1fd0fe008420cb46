"""One request and what comes back: redirects followed as Go's http.Client does, tokens fetched as
Docker's transports do."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple
from urllib.parse import urljoin

from gopatch.go.net import split_host_port
from gopatch.model.answers import REDIRECTS, UNSPOKEN, Answer, Attempt, AttemptEnd, HostTask
from gopatch.model.lookup import Endpoint

_MOST_REDIRECTS = 10


class Reply(NamedTuple):
    """The last answer, why there is none, and the URLs that redirects led to."""

    answer: Answer
    error: str
    hops: tuple[str, ...] = ()

    @property
    def silent(self) -> bool:
        """Nobody has spoken TLS, be it to lead elsewhere."""
        return self.error in UNSPOKEN and not self.hops

    @property
    def proxy(self) -> int:
        return self.answer.status if self.error == "proxy-refused" else 0


def host_of(url: str) -> str:
    """`URL.Host`, port included."""
    return url.partition("://")[2].partition("/")[0].partition("?")[0].rpartition("@")[2]


def asked(task: HostTask, url: str, skip_verify: bool) -> Reply:
    """Ask `url`, and follow it. The client's settings for TLS are those of its first address."""
    hops: list[str] = []
    while True:
        answer = task.ask(url)
        error = failure(url, answer, skip_verify)
        if error or answer.status not in REDIRECTS or not answer.leads_to:
            return Reply(answer, error, tuple(hops))
        if len(hops) == _MOST_REDIRECTS:
            return Reply(answer, "redirects", tuple(hops))
        url = urljoin(url, answer.leads_to)
        hops.append(url)


def failure(url: str, answer: Answer, skip_verify: bool) -> str:
    """Why no HTTP answer comes back from `url`, "" where one does."""
    scheme, _, rest = url.partition("://")
    if scheme not in ("http", "https"):
        return "scheme"
    if not rest.partition("/")[0]:
        return "host"
    if not _can_be_dialled(url):
        return "port"
    if answer.transport in ("refused", "timeout", "silent", "proxy-refused"):
        return answer.transport
    if url.startswith("http://"):
        return "" if answer.transport == "plain" else "tls"
    bad = answer.transport == "tls-bad" and not skip_verify
    return answer.transport if bad or answer.transport in ("plain", "stalled") else ""


def _can_be_dialled(url: str) -> bool:
    """A port that is no port is found out when it is dialled, not before."""
    port = (split_host_port(url.partition("://")[2].partition("/")[0]) or ("", ""))[1]
    return not port or (port.isdecimal() and port.isascii() and int(port[:9]) <= 65535)


def after(error: str, ends: tuple[str, ...] = ()) -> AttemptEnd:
    """What pings, and V1, has no time limit once a connection is there: it waits for ever.
    `ends`: the errors that end it besides."""
    return AttemptEnd.STOP if error in ("stalled", *ends) else AttemptEnd.NEXT


class Proof(NamedTuple):
    """What came of a 401: whether the registry is content in the end, whether it got the password
    itself, and the request for a token, if there was one, which comes between two of the registry."""

    accepted: bool = False
    sent: bool = False
    token: Attempt | None = None

    @property
    def refused(self) -> bool:
        """The password was wrong, as far as anybody said so."""
        return self.token is None or self.token.error == "401"

    def before(self, attempt: Attempt) -> tuple[Attempt, ...]:
        """What comes before the request that the registry answers in the end."""
        if self.token is None:
            return ()
        why = "it names a token server"
        first = replace(
            attempt,
            kind="challenge",
            outcome=AttemptEnd.NEXT,
            error="401",
            credentials=False,
            why=why,
        )
        return (first, self.token)


def proved(task: HostTask, answer: Answer, skip_verify: bool) -> Proof:
    """Answer a 401: with the password, or with a token that the password has bought elsewhere."""
    if answer.status != 401:
        return Proof()
    if not answer.leads_to:
        return Proof(task.credentials and answer.accepts, task.credentials)
    token = _token(task, answer.leads_to, skip_verify)
    return Proof(token.outcome is AttemptEnd.OK, False, token)


def _token(task: HostTask, url: str, skip_verify: bool) -> Attempt:
    """A token server gets the password at once, and gives a token to nobody in particular too."""
    reply = asked(task, url, skip_verify)
    known = reply.answer.status == 401 and reply.answer.accepts and task.credentials
    ok = not reply.error and (reply.answer.status == 200 or known)
    sent = task.credentials and reply.error in ("", "stalled")
    tls = "not checked" if skip_verify else "checked"
    return Attempt(
        kind="token",
        base=url,
        url=url,
        version=2,
        tls=tls if url.startswith("https:") else "none",
        outcome=AttemptEnd.OK if ok else AttemptEnd.NEXT,
        error="" if ok else reply.error or str(reply.answer.status),
        credentials=sent,
        why="a token server",
        hops=reply.hops,
        proxy=reply.proxy,
    )


def attempt_at(kind: str, e: Endpoint, path: str, reply: Reply | None = None) -> Attempt:
    """An attempt at an endpoint of a lookup."""
    tls = "not checked" if e.insecure_skip_verify else "checked"
    return Attempt(
        kind=kind,
        base=e.url,
        url=e.url.rstrip("/") + path,
        version=e.version,
        tls=tls if e.scheme == "https" else "none",
        by_option=e.by_option,
        mirror=e.mirror,
        hops=reply.hops if reply else (),
        proxy=reply.proxy if reply else 0,
    )
