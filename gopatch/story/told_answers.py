"""How URLs answer, as a user of `gopatch simulate` says it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import NamedTuple, get_args

from gopatch.go.net import split_host_port
from gopatch.model import REDIRECTS, Answer, ModelError, Transport

_STATUSES = tuple(str(status.value) for status in HTTPStatus if status >= 200)
_DEFAULT_PORTS = {"https": ":443", "http": ":80"}
_ALONE = ("refused", "timeout", "silent", "stalled")
_OF_TLS = ("tls-good", "tls-bad", "stalled", "proxy-refused")


@dataclass(frozen=True)
class Answers:
    """How URLs answer: (scheme://host[/path], Answer) pairs; the longest that fits counts.

    A URL that nothing fits refuses the connection.
    """

    known: tuple[tuple[str, Answer], ...] = ()

    def __call__(self, url: str) -> Answer:
        url = _dialled(url)
        fits = [(len(at), answer) for at, answer in self.known if _is_below(url, at)]
        return max(fits, key=lambda fit: fit[0])[1] if fits else Answer()


def parse_answers(texts: Iterable[str]) -> Answers:
    """`["https://h=refused", "http://h/v2/=401+accepts"]` as Answers.

    The words, joined by `+`: refused, timeout (all is dropped), silent (a connection, and then
    nothing), http (plain HTTP on an https URL), tls-good, tls-bad, stalled (a good certificate, and
    then nothing), proxy-refused (a proxy refuses to connect, with 403 or the status given), an HTTP
    status, accepts (a password turns 401 into 200), v2 or no-v2 (the header of a V2 registry; by
    default with 200 and 401). A word of transport alone answers 200. Behind a colon: where a redirect
    leads (`301:https://other.example/v2/`), or who gives tokens (`401:https://auth.example/token`).
    Raises ModelError("answer") for anything else, and where a URL is given twice.
    """
    known: dict[str, Answer] = {}
    for text in texts:
        url, separator, words = text.partition("=")
        scheme, slashes, rest = url.partition("://")
        if not (separator and slashes and scheme in _DEFAULT_PORTS and rest.strip("/")):
            raise ModelError("answer", f"{text}: give it as https://host[/path]=answer")
        key = _dialled(url).rstrip("/")
        if key in known:
            raise ModelError("answer", f"{text}: {url} is given twice")
        known[key] = _parse_answer(scheme, words, text)
    return Answers(tuple(known.items()))


class _Words(NamedTuple):
    """An answer's words by what they speak of, and the URL behind them."""

    transports: list[str]
    statuses: list[str]
    flags: list[str]
    leads_to: str


def _parse_answer(scheme: str, text: str, whole: str) -> Answer:
    words = _sorted(text, whole)
    default = "tls-good" if scheme == "https" else "http"
    transport = words.transports[0] if words.transports else default
    if scheme == "http" and transport in _OF_TLS:
        raise ModelError(
            "answer", f"{whole}: an http URL shows no certificate, and needs no CONNECT"
        )
    kind: Transport = next((name for name in get_args(Transport) if name == transport), "plain")
    if kind in _ALONE:
        if text != kind:
            raise ModelError("answer", f"{whole}: {kind} is all that can be said")
        return Answer(kind)
    if kind == "proxy-refused":
        return Answer(kind, int(words.statuses[0]) if words.statuses else 403)
    status = int(words.statuses[0]) if words.statuses else 401 if "accepts" in words.flags else 200
    _check_target(status, words.leads_to, whole)
    header = "v2" in words.flags or (status in (200, 401) and "no-v2" not in words.flags)
    return Answer(kind, status, "accepts" in words.flags, header, words.leads_to)


def _sorted(text: str, whole: str) -> _Words:
    said, _, leads_to = text.partition(":")
    words = said.split("+")
    names = (*get_args(Transport), "http")
    transports = [w for w in words if w in names and w != "plain"]
    statuses = [w for w in words if w in _STATUSES]
    flags = [w for w in words if w in ("accepts", "v2", "no-v2")]
    if len(transports) > 1 or len(statuses) > 1 or len(transports + statuses + flags) != len(words):
        raise ModelError("answer", f"{whole}: {text} is not an answer")
    return _Words(transports, statuses, flags, leads_to)


def _check_target(status: int, target: str, whole: str) -> None:
    """Go follows a redirect, and no caller ever sees it; so it must be said where it leads."""
    if status in REDIRECTS and not target:
        say = f"{status}:https://other.example/v2/"
        raise ModelError("answer", f"{whole}: Go follows {status}: say where it leads, as in {say}")
    if target and status not in (*REDIRECTS, 401):
        raise ModelError("answer", f"{whole}: {status} leads nowhere")
    if target and status == 401 and not target.startswith(("http://", "https://")):
        raise ModelError("answer", f"{whole}: a token server is given as a URL")


def _dialled(url: str) -> str:
    """The URL by what is dialled: names know no case, a port may be left empty and begin with 0."""
    scheme, _, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    parts = split_host_port(host)
    if parts and parts[1].isdecimal() and parts[1].isascii():
        host = f"{host.removesuffix(parts[1])}{parts[1].lstrip('0') or '0'}"
    elif parts:
        host = host.removesuffix(":")
    host = host.lower().removesuffix(_DEFAULT_PORTS.get(scheme, "/"))
    return f"{scheme}://{host}{slash}{path}"


def _is_below(url: str, at: str) -> bool:
    return url == at or url.startswith((at + "/", at + "?"))
