"""What a daemon in debug mode logs about an attempt, and the error it gives: for `gopatch.story.tell`.

The wording follows the source's traits. The words of an error inside a line belong to the Go
release that the daemon was built with, and are given in one form.
"""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from typing import NamedTuple

from gopatch.go.net import quoted, split_host_port
from gopatch.model import WHOLE, Attempt, AttemptEnd, Edits, Name, Traits, Walk

_DEFAULT_PORTS = {"https": ":443", "http": ":80"}
_SKIPS = {
    "v2 was detected": "a V2 registry was detected",
    "TLS was used": "the same host has answered over HTTPS",
    "HTTPS answered": "HTTPS has answered, so the option does not fall back to HTTP",
}
_FAILURES = {
    "timeout": "net/http: request canceled while waiting for connection",
    "plain": "http: server gave HTTP response to HTTPS client",
    "tls-bad": "x509: certificate signed by unknown authority",
    "tls": "the server speaks TLS on this port",
    "stalled": "net/http: request canceled (Client.Timeout exceeded while awaiting headers)",
    "silent": "net/http: TLS handshake timeout",
    "host": "http: no Host in request URL",
    "redirects": "stopped after 10 redirects",
}
_TRANSFER_ERRORS = {
    "401": "unauthorized: authentication required",
    "403": "denied: requested access to the resource is denied",
    "404": "manifest unknown",
}


class Teller(NamedTuple):
    """Whose log it is, and what it calls the image."""

    name: Name
    traits: Traits
    edits: Edits = WHOLE


def failure_text(attempt: Attempt, before: Attempt | None = None) -> str:
    """The error of an attempt, "" where there is none; for one passed over, the reason. `before`
    is the attempt that it follows."""
    code = attempt.error
    if attempt.outcome is AttemptEnd.SKIPPED:
        return _SKIPS[code]
    if not code:
        return ""
    if code == "token" and before is not None:
        return failure_text(before)
    if (
        code == "stalled"
        and attempt.outcome is AttemptEnd.STOP
        and not attempt.kind.startswith("v2")
    ):
        return f"{attempt.url}: a certificate and then no answer; the daemon waits without a limit"
    if code.isdecimal():
        return _refusal(attempt)
    if code == "no challenge":
        return f"no successful auth challenge for {attempt.url} - errors: []"
    hosts = attempt.kind.startswith("hosts ")
    url = attempt.answering
    words = _words(attempt, url)
    # The transport that fell back keeps it to itself.
    url = url.replace("http://", "https://", 1) if attempt.within else url
    return f'failed to do request: Head "{url}": {words}' if hosts else f'Get "{url}": {words}'


def _words(attempt: Attempt, url: str) -> str:
    """Why there was no answer, as Go says it."""
    code = attempt.error
    if code == "refused":
        return f"dial tcp {_dialled(url)}: connect: connection refused"
    if code == "proxy-refused":
        return HTTPStatus(attempt.proxy).phrase
    if code == "port":
        port = (split_host_port(_host(url)) or ("", ""))[1]
        number = port.isdecimal()
        return (
            f"dial tcp: address {port}: invalid port"
            if number
            else f"dial tcp: lookup tcp/{port}: unknown port"
        )
    if code == "scheme":
        return (
            f"unsupported protocol scheme {quoted(url.partition(':')[0] if '://' in url else '')}"
        )
    return _FAILURES[code]


def _refusal(attempt: Attempt) -> str:
    """What an HTTP status is made into."""
    code = attempt.error
    status = f"{code} {HTTPStatus(int(code)).phrase}"
    if attempt.kind == "challenge":
        return status
    if attempt.kind == "token":
        known = {
            "401": "unauthorized: incorrect username or password",
            "403": "denied: access forbidden",
        }
        return f'Get "{attempt.answering}": {known.get(code, f"unexpected HTTP status: {status}")}'
    if attempt.kind.startswith("hosts "):
        return f"unexpected status from HEAD request to {attempt.answering}: {status}"
    if attempt.kind == "v2 login":
        return f"login attempt to {attempt.url} failed with status: {status}"
    if attempt.kind == "v1 login" and code == "401":
        return "Wrong login/password, please try again"
    if attempt.kind in ("v2 pull", "v2 push") and code in _TRANSFER_ERRORS:
        return _TRANSFER_ERRORS[code]
    return f"unexpected HTTP status: {status}"


def reported(walk: Walk, traits: Traits) -> str:
    """The error that the daemon gives back, "" where there is none."""
    if walk.ok or walk.blamed is None:
        return walk.error
    at = walk.attempts.index(walk.blamed)
    text = failure_text(walk.blamed, walk.attempts[at - 1] if at else None)
    if walk.blamed.kind != "ping":
        return text
    pings = [one for one in walk.attempts if one.kind == "ping"]
    last = {one.base: failure_text(one) for one in pings}
    return _no_endpoint(last, pings[-1].version) if walk.blamed.outcome is AttemptEnd.NEXT else text


def _no_endpoint(errors: dict[str, str], version: int) -> str:
    """validateEndpoint, newV1Endpoint: the words that people know the list by."""
    first, *more = errors.items()
    base, https = first
    host = base.partition("://")[2]
    if more:
        plain, http = more[0]
        return f'invalid registry endpoint "{plain}/v{version}/". HTTPS attempt: {https}. HTTP attempt: {http}'
    return (
        f"invalid registry endpoint {base}/v{version}/: {https}. If this private registry supports only HTTP "
        "or HTTPS with an unknown CA certificate, please add "
        f"`--insecure-registry {host}` to the daemon's arguments. In the case of HTTPS, if you have access to "
        "the registry's CA certificate, no need for the flag; simply place the CA certificate at "
        f"/etc/docker/certs.d/{host}/ca.crt"
    )


def _host(url: str) -> str:
    return url.partition("://")[2].partition("/")[0]


def _dialled(url: str) -> str:
    host = _host(url).removesuffix(":")
    has_port = ":" in host.rpartition("]")[2]
    return host if has_port else host + _DEFAULT_PORTS[url.partition("://")[0]]


def log_lines(
    teller: Teller, attempt: Attempt, error: str, before: Attempt | None = None
) -> Iterator[str]:
    """The daemon's lines about one attempt; `error` is its `failure_text`, `before` the attempt
    that it follows."""
    kind, edits = attempt.kind, teller.edits
    said = _proxy_said(before) if attempt.by_option and before else ""
    if kind.startswith("hosts "):
        yield from _hosts_log(attempt, edits, said)
    elif kind == "ping":
        yield from _ping_log(attempt, teller.traits)
    elif kind.endswith(" login"):
        yield from _fall_back_log(attempt, edits, said)
        yield from _login_log(attempt, error, teller.traits)
    elif kind.endswith((" pull", " push")):
        yield from _transfer_log(teller, attempt, error, said)


def _proxy_said(before: Attempt) -> str:
    return f" (the proxy says: {HTTPStatus(before.proxy).phrase})" if before.proxy else ""


def _fall_back_log(attempt: Attempt, edits: Edits, said: str) -> Iterator[str]:
    """What the patch itself says before it lets an attempt pass, or instead."""
    if not attempt.by_option or not edits.rails:
        return
    host = attempt.base.partition("://")[2]
    if attempt.outcome is AttemptEnd.SKIPPED:
        text = f"Skipping plain HTTP for {host}, which has answered over HTTPS"
    else:
        text = f"Falling back to plain HTTP for {host}, which does not answer over HTTPS{said}"
    yield _line("warning", text)


def _hosts_log(attempt: Attempt, edits: Edits, said: str) -> Iterator[str]:
    """containerd tells of its requests, and the patch's transport of falling back; Docker's own
    falls back in silence, but that a push goes on from where the registry says it is. A plugin's
    request is logged before the patch refuses it."""
    goes_on = attempt.kind == "hosts push" and not attempt.by_option and not attempt.error
    if not attempt.within or goes_on:
        yield _line("debug", "do request", **{"request.method": "HEAD"}, url=attempt.url)
    if attempt.outcome is not AttemptEnd.SKIPPED and (attempt.within or edits.rails):
        yield from _fall_back_log(attempt, WHOLE, said)


def _login_log(attempt: Attempt, error: str, traits: Traits) -> Iterator[str]:
    if attempt.outcome is AttemptEnd.SKIPPED:
        return
    about = f"attempting v{attempt.version} login to registry endpoint"
    url = attempt.url.removesuffix("users/")
    yield (
        _line("debug", about, endpoint=url)
        if traits.log_fields
        else _line("debug", f"{about} {url}")
    )
    if attempt.outcome is not AttemptEnd.NEXT:
        return
    if traits.log_login_versions:
        text = f"Error logging in to v{attempt.version} endpoint, trying next endpoint: {error}"
        yield _line("info", text)
    else:
        yield _line("info", "Error logging in to endpoint, trying next endpoint", error=error)


def _ping_log(attempt: Attempt, traits: Traits) -> Iterator[str]:
    base = f"{attempt.base}/v{attempt.version}/"
    about = f"attempting v{attempt.version} ping for registry endpoint"
    if not traits.log_pinging:
        yield _line("debug", about, url=attempt.url)
        return
    # The ping is announced once, and then each version and scheme of it.
    if attempt.tls != "none" and (attempt.version == 2 or traits.login != "ping"):
        yield _line("debug", f"pinging registry endpoint {base}")
    yield _line("debug", f"{about} {base}")


def _transfer_log(teller: Teller, attempt: Attempt, error: str, said: str) -> Iterator[str]:
    traits = teller.traits
    action = attempt.kind.rpartition(" ")[2]
    if attempt.outcome is AttemptEnd.SKIPPED:
        if attempt.error == "v2 was detected":
            text = f"Skipping v1 endpoint {attempt.base} because v2 registry was detected"
            yield _line("debug", text)
        elif attempt.error == "TLS was used":
            where = f"Skipping non-TLS endpoint {attempt.base}"
            yield _line("debug", f"{where} for host/port that appears to use TLS")
        else:
            yield from _fall_back_log(attempt, teller.edits, said)
        return
    yield from _fall_back_log(attempt, teller.edits, said)
    way = "from" if action == "pull" else "to"
    version = f" v{attempt.version}" if traits.log_versions else ""
    yield _line(
        "debug", f"Trying to {action} {teller.name.repository} {way} {attempt.base}{version}"
    )
    for one in attempt.pings:
        asked = f"{attempt.base}/v{one}/"
        yield _line("debug", f"attempting v{one} ping for registry endpoint {asked}")
    if attempt.outcome is AttemptEnd.NEXT and traits.next_level:
        yield _line(
            traits.next_level, f"Attempting next endpoint for {action} after error: {error}"
        )
    elif attempt.outcome is AttemptEnd.STOP and traits.next_level:
        yield _line("error", f"Not continuing with {action} after error: {error}")
    elif attempt.outcome is AttemptEnd.STOP:
        yield _line("debug", f"Not continuing with error: {error}")


def _line(level: str, message: str, **fields: str) -> str:
    """One line of logrus's text format, its time left out."""
    extra = "".join(f" {key}={_quoted(value)}" for key, value in sorted(fields.items()))
    return f"level={level} msg={_quoted(message)}{extra}"


def _quoted(text: str) -> str:
    """As logrus does: what has none but these characters stands without quotes."""
    import json
    import re

    if re.fullmatch(r"[A-Za-z0-9\-._/@^+]+", text):
        return text
    return json.dumps(text, ensure_ascii=False)
