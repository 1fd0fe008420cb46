"""What a user of `gopatch simulate` gives: how URLs answer, a daemon.json, and parts of the patch."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, get_args

from gopatch.model import Action, Answer, Edits, ModelError, Options, Transport

_STATUSES = tuple(str(status.value) for status in HTTPStatus if status >= 200)
_DEFAULT_PORTS = {"https": ":443", "http": ":80"}


@dataclass(frozen=True)
class Answers:
    """How URLs answer: (scheme://host[/path], Answer) pairs; the longest that fits counts.

    A URL that nothing fits refuses the connection.
    """

    known: tuple[tuple[str, Answer], ...] = ()

    def __call__(self, url: str) -> Answer:
        url = _without_default_port(url)
        fits = [(len(at), answer) for at, answer in self.known if _is_below(url, at)]
        return max(fits, key=lambda fit: fit[0])[1] if fits else Answer()


def parse_answers(texts: Iterable[str]) -> Answers:
    """`["https://h=refused", "http://h/v2/=401+accepts"]` as Answers.

    The words, joined by `+`: refused, timeout, http (plain HTTP on an https URL), tls-good,
    tls-bad, stalled (a good certificate, and then nothing), an HTTP status, accepts (a password turns 401 into 200), v2 or no-v2 (the header of
    a V2 registry; by default with 200 and 401). A word of transport alone answers 200. Raises
    ModelError("answer") for anything else, and where a URL is given twice.
    """
    known: dict[str, Answer] = {}
    for text in texts:
        url, separator, words = text.rpartition("=")
        scheme, slashes, rest = url.partition("://")
        if not (separator and slashes and scheme in _DEFAULT_PORTS and rest.strip("/")):
            raise ModelError("answer", f"{text}: give it as https://host[/path]=answer")
        key = _without_default_port(url).rstrip("/")
        if key in known:
            raise ModelError("answer", f"{text}: {url} is given twice")
        known[key] = _parse_answer(scheme, words, text)
    return Answers(tuple(known.items()))


def _parse_answer(scheme: str, text: str, whole: str) -> Answer:
    words = text.split("+")
    names = get_args(Transport)
    transports = [w for w in words if w in ("http", *names) and w != "plain"]
    statuses = [w for w in words if w in _STATUSES]
    flags = [w for w in words if w in ("accepts", "v2", "no-v2")]
    if len(transports) > 1 or len(statuses) > 1 or len(transports + statuses + flags) != len(words):
        raise ModelError("answer", f"{whole}: {text} is not an answer")
    default = "tls-good" if scheme == "https" else "http"
    transport = transports[0] if transports else default
    if scheme == "http" and transport in ("tls-good", "tls-bad", "stalled"):
        raise ModelError("answer", f"{whole}: an http URL shows no certificate")
    kind: Transport = next((name for name in names if name == transport), "plain")
    if kind in ("refused", "timeout", "stalled"):
        if len(words) > 1:
            raise ModelError("answer", f"{whole}: {kind} is all that can be said")
        return Answer(kind)
    status = int(statuses[0]) if statuses else 401 if "accepts" in flags else 200
    header = "v2" in flags or (status in (200, 401) and "no-v2" not in flags)
    return Answer(kind, status, "accepts" in flags, header)


def _without_default_port(url: str) -> str:
    scheme, _, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}://{host.removesuffix(_DEFAULT_PORTS.get(scheme, '/'))}{slash}{path}"


def _is_below(url: str, at: str) -> bool:
    return url == at or url.startswith(at + "/")


def options_from_daemon_json(data: bytes) -> Options:
    """The registry options in a daemon.json; its other keys are left alone.

    Raises ModelError("daemon-json") for what is not a JSON object, or a value of another type.
    """
    import json

    try:
        found = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise ModelError("daemon-json", f"not JSON: {error}") from error
    if not isinstance(found, dict):
        raise ModelError("daemon-json", "the top must be an object")
    legacy = found.get("disable-legacy-registry")
    return Options(
        mirrors=_strings(found, "registry-mirrors"),
        insecure_registries=_strings(found, "insecure-registries"),
        accept_insecure_registry=_boolean(found, "accept-insecure-registry"),
        disable_legacy_registry=None
        if legacy is None
        else _boolean(found, "disable-legacy-registry"),
    )


def _strings(found: dict[str, Any], key: str) -> tuple[str, ...]:
    value = found.get(key)
    value = [] if value is None else value
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ModelError("daemon-json", f"{key} must be a list of strings")
    return tuple(value)


def _boolean(found: dict[str, Any], key: str) -> bool:
    value = found.get(key)
    if value is not None and not isinstance(value, bool):
        raise ModelError("daemon-json", f"{key} must be true or false")
    return bool(value)


_RAILS: dict[Action, str] = {
    "login": "no-downgrade-login",
    "pull": "no-downgrade-pull",
    "push": "no-downgrade-push",
    "classic-build": "no-downgrade-pull",
    "build": "no-downgrade-pull",
    "plugin-install": "no-downgrade-pull",
    "plugin-push": "no-downgrade-push",
}


def edits_for(action: Action, names: Collection[str], *, plugin_hosts: bool = False) -> Edits:
    """What the edits called `names` are to one action. `plugin_hosts`: plugins do not go the way of
    images in this source, and have an edit of their own."""
    plugin = plugin_hosts and action in ("plugin-install", "plugin-push")
    rail = "no-downgrade-plugin" if plugin else _RAILS.get(action, "search")
    return Edits(
        rails=rail in names,
        search="search" in names,
        hosts="hosts" in names,
        reload="reload" in names,
    )
