"""What a daemon in debug mode logs about an attempt, and the error it gives: for `gopatch.story.tell`.

The wording follows the source's traits. The words of an error inside a line belong to the Go
release that the daemon was built with, and are given in one form.
"""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus

from gopatch.model import WHOLE, Attempt, Edits, Outcome, Traits

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
}
_TRANSFER_ERRORS = {
    "401": "unauthorized: authentication required",
    "403": "denied: requested access to the resource is denied",
    "404": "manifest unknown",
}


def failure_text(attempt: Attempt) -> str:
    """The error of an attempt, "" where there is none; for one passed over, the reason."""
    code = attempt.error
    if attempt.outcome is Outcome.SKIPPED:
        return _SKIPS[code]
    if not code:
        return ""
    if code == "stalled" and attempt.outcome is Outcome.STOP:
        return f"{attempt.url}: a certificate and then no answer; the daemon waits without a limit"
    hosts = attempt.kind.startswith("hosts ")
    if code in _FAILURES or code == "refused":
        # The transport that fell back keeps it to itself.
        url = attempt.url.replace("http://", "https://", 1) if attempt.within else attempt.url
        words = _FAILURES.get(
            code, f"dial tcp {_dialled(attempt.url)}: connect: connection refused"
        )
        return f'failed to do request: Head "{url}": {words}' if hosts else f'Get "{url}": {words}'
    status = f"{code} {HTTPStatus(int(code)).phrase}"
    if hosts:
        return f"unexpected status from HEAD request to {attempt.url}: {status}"
    if attempt.kind == "v2 login":
        return f"login attempt to {attempt.url} failed with status: {status}"
    if attempt.kind == "v1 login" and code == "401":
        return "Wrong login/password, please try again"
    if attempt.kind in ("v2 pull", "v2 push") and code in _TRANSFER_ERRORS:
        return _TRANSFER_ERRORS[code]
    return f"unexpected HTTP status: {status}"


def _dialled(url: str) -> str:
    scheme, _, rest = url.partition("://")
    host = rest.partition("/")[0]
    has_port = ":" in host.rpartition("]")[2]
    return host if has_port else host + _DEFAULT_PORTS[scheme]


def log_lines(
    host: str, attempt: Attempt, error: str, traits: Traits, edits: Edits = WHOLE
) -> Iterator[str]:
    """The daemon's lines about one attempt; `error` is its `failure_text`."""
    kind = attempt.kind
    if kind.startswith("hosts "):
        yield from _hosts_log(attempt, edits)
    elif kind == "ping":
        yield from _ping_log(attempt, traits)
    elif kind.endswith(" login"):
        yield from _fall_back_log(attempt, edits)
        yield from _login_log(attempt, error, traits)
    elif kind.endswith((" pull", " push")):
        yield from _transfer_log(host, attempt, error, traits, edits)


def _fall_back_log(attempt: Attempt, edits: Edits) -> Iterator[str]:
    """What the patch itself says before it lets an attempt pass, or instead."""
    if not attempt.by_option or not edits.rails:
        return
    host = attempt.base.partition("://")[2]
    if attempt.outcome is Outcome.SKIPPED:
        text = f"Skipping plain HTTP for {host}, which has answered over HTTPS"
    else:
        text = f"Falling back to plain HTTP for {host}, which does not answer over HTTPS"
    yield _line("warning", text)


def _hosts_log(attempt: Attempt, edits: Edits) -> Iterator[str]:
    """containerd tells of its requests, and the patch's transport of falling back; Docker's own
    falls back in silence, but that a push goes on from where the registry says it is. A plugin's
    request is logged before the patch refuses it."""
    goes_on = attempt.kind == "hosts push" and not attempt.by_option and not attempt.error
    if not attempt.within or goes_on:
        yield _line("debug", "do request", **{"request.method": "HEAD"}, url=attempt.url)
    if attempt.outcome is not Outcome.SKIPPED and (attempt.within or edits.rails):
        yield from _fall_back_log(attempt, WHOLE)


def _login_log(attempt: Attempt, error: str, traits: Traits) -> Iterator[str]:
    if attempt.outcome is Outcome.SKIPPED:
        return
    about = f"attempting v{attempt.version} login to registry endpoint"
    url = attempt.url.removesuffix("users/")
    yield (
        _line("debug", about, endpoint=url)
        if traits.log_fields
        else _line("debug", f"{about} {url}")
    )
    if attempt.outcome is not Outcome.NEXT:
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


def _transfer_log(
    host: str, attempt: Attempt, error: str, traits: Traits, edits: Edits
) -> Iterator[str]:
    action = attempt.kind.rpartition(" ")[2]
    if attempt.outcome is Outcome.SKIPPED:
        if attempt.error == "v2 was detected":
            text = f"Skipping v1 endpoint {attempt.base} because v2 registry was detected"
            yield _line("debug", text)
        elif traits.confirmed_tls:
            where = f"Skipping non-TLS endpoint {attempt.base}"
            yield _line("debug", f"{where} for host/port that appears to use TLS")
        else:
            yield from _fall_back_log(attempt, edits)
        return
    yield from _fall_back_log(attempt, edits)
    way = "from" if action == "pull" else "to"
    version = f" v{attempt.version}" if traits.log_versions else ""
    yield _line("debug", f"Trying to {action} {host}/image {way} {attempt.base}{version}")
    if attempt.outcome is Outcome.NEXT and traits.next_level:
        yield _line(
            traits.next_level, f"Attempting next endpoint for {action} after error: {error}"
        )
    elif attempt.outcome is Outcome.STOP and traits.next_level:
        yield _line("error", f"Not continuing with {action} after error: {error}")
    elif attempt.outcome is Outcome.STOP:
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
