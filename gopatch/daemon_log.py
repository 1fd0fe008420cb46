"""What a daemon in debug mode logs about an attempt, and the error it gives: for `gopatch.simulate`.

The wording follows the source's traits. The words of an error inside a line belong to the Go
release that the daemon was built with, and are given in one form.
"""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus

from .model import Action, Attempt, Outcome, Traits

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
}
_TRANSFER_ERRORS = {
    "401": "unauthorized: authentication required",
    "403": "denied: requested access to the resource is denied",
    "404": "manifest unknown",
}


def failure_text(action: Action, attempt: Attempt) -> str:
    """The error of an attempt, "" where there is none; for one passed over, the reason."""
    code = attempt.error
    if attempt.outcome is Outcome.SKIPPED:
        return _SKIPS[code]
    if not code:
        return ""
    if code == "refused":
        return f'Get "{attempt.url}": dial tcp {_dialled(attempt.url)}: connect: connection refused'
    if code in _FAILURES:
        return f'Get "{attempt.url}": {_FAILURES[code]}'
    status = f"{code} {HTTPStatus(int(code)).phrase}"
    if attempt.kind == "v2 login":
        return f"login attempt to {attempt.url} failed with status: {status}"
    if attempt.kind == "v1 login" and code == "401":
        return "Wrong login/password, please try again"
    if action in ("pull", "push") and attempt.version == 2 and code in _TRANSFER_ERRORS:
        return _TRANSFER_ERRORS[code]
    return f"unexpected HTTP status: {status}"


def _dialled(url: str) -> str:
    scheme, _, rest = url.partition("://")
    host = rest.partition("/")[0]
    has_port = ":" in host.rpartition("]")[2]
    return host if has_port else host + _DEFAULT_PORTS[scheme]


def log_lines(
    host: str, action: Action, attempt: Attempt, error: str, traits: Traits
) -> Iterator[str]:
    """The daemon's lines about one attempt; `error` is its `failure_text`."""
    if action in ("pull", "push"):
        yield from _transfer_log(host, action, attempt, error, traits)
    elif attempt.kind == "ping":
        yield from _ping_log(attempt, traits)
    elif attempt.kind.endswith("login"):
        yield from _login_log(attempt, error, traits)


def _login_log(attempt: Attempt, error: str, traits: Traits) -> Iterator[str]:
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
    host: str, action: Action, attempt: Attempt, error: str, traits: Traits
) -> Iterator[str]:
    if attempt.outcome is Outcome.SKIPPED:
        if attempt.error == "v2 was detected":
            text = f"Skipping v1 endpoint {attempt.base} because v2 registry was detected"
            yield _line("debug", text)
        elif traits.confirmed_tls:
            where = f"Skipping non-TLS endpoint {attempt.base}"
            yield _line("debug", f"{where} for host/port that appears to use TLS")
        return
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
    import json

    return json.dumps(text, ensure_ascii=False)
