"""The story of one login, pull, push or search: what the daemon tries, why, and what it logs.

Pure: answers and options come in as values, text and JSON go out. Log lines are those of a daemon
in debug mode (`gopatch.daemon_log`), without time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from http import HTTPStatus
from typing import Any, get_args

from .daemon_log import failure_text, log_lines
from .model import (
    ACTIONS,
    Action,
    Answer,
    Attempt,
    Difference,
    ModelError,
    Options,
    Outcome,
    Resolver,
    Traits,
    Transport,
    Walk,
    no_resolver,
    open_list_differences,
    run,
    service_config,
)

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


@dataclass(frozen=True)
class Told:
    """One attempt in words. `log` holds the daemon's lines; `credentials` says whether a
    password was sent, and `result` is one of `Outcome`'s values."""

    url: str
    version: int
    reason: str
    tls: str
    credentials: bool
    result: str
    error: str
    log: tuple[str, ...]


@dataclass(frozen=True)
class Story:
    """One action under one setting of the option. Where the daemon refuses the options or the
    name, there are no attempts and `error` says why."""

    host: str
    action: Action
    accept_insecure_registry: bool
    attempts: tuple[Told, ...]
    ok: bool
    error: str


@dataclass(frozen=True)
class StoryPair:
    """The same action on the stock daemon and on the patched one.

    `open_list`: in what listing 0.0.0.0/0 on the stock daemon would differ from the option.
    """

    stock: Story
    patched: Story
    open_list: tuple[Difference, ...] = ()


def parse_answers(texts: Iterable[str]) -> Answers:
    """`["https://h=refused", "http://h/v2/=401+accepts"]` as Answers.

    The words, joined by `+`: refused, timeout, http (plain HTTP on an https URL), tls-good,
    tls-bad, an HTTP status, accepts (a password turns 401 into 200), v2 or no-v2 (the header of
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
    if scheme == "http" and transport.startswith("tls"):
        raise ModelError("answer", f"{whole}: an http URL shows no certificate")
    kind: Transport = next((name for name in names if name == transport), "plain")
    if kind in ("refused", "timeout"):
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


def story(
    host: str,
    action: Action,
    options: Options,
    traits: Traits,
    answers: Answers,
    *,
    resolve: Resolver = no_resolver,
    credentials: bool = True,
) -> Story:
    """What the daemon does for `action` against `host` with just these options."""
    if action not in ACTIONS:
        raise ModelError("action", f"{action}: one of {', '.join(ACTIONS)}")
    accept = options.accept_insecure_registry
    try:
        config = service_config(options, traits)
        walk = run(action, config, host, traits, answers, resolve=resolve, credentials=credentials)
    except ModelError as error:
        return Story(host, action, accept, (), False, str(error))
    told = tuple(_told(host, action, attempt, traits) for attempt in walk.attempts)
    return Story(host, action, accept, told, walk.ok, _last_error(action, walk, told))


def _last_error(action: Action, walk: Walk, told: Sequence[Told]) -> str:
    if walk.ok:
        return ""
    return next((t.error for t in reversed(told) if t.result != Outcome.SKIPPED.value), walk.error)


def story_pair(
    host: str,
    action: Action,
    options: Options,
    traits: Traits,
    answers: Answers,
    *,
    resolve: Resolver = no_resolver,
    credentials: bool = True,
) -> StoryPair:
    """`options` on the stock daemon, which does not know the option, and on the patched one."""
    stock = replace(options, accept_insecure_registry=False)
    stories = [
        story(host, action, chosen, traits, answers, resolve=resolve, credentials=credentials)
        for chosen in (stock, options)
    ]
    try:
        open_list = open_list_differences(host, options, traits, resolve)
    except ModelError:
        open_list = ()
    return StoryPair(stories[0], stories[1], open_list)


def _told(host: str, action: Action, attempt: Attempt, traits: Traits) -> Told:
    error = failure_text(action, attempt)
    return Told(
        url=attempt.url,
        version=attempt.version,
        reason=_reason(attempt),
        tls=attempt.tls,
        credentials=attempt.credentials,
        result=attempt.outcome.value,
        error=error,
        log=tuple(log_lines(host, action, attempt, error, traits)),
    )


def _reason(attempt: Attempt) -> str:
    if attempt.mirror:
        why = "a mirror, from registry-mirrors"
    elif attempt.by_option:
        why = "accept-insecure-registry: http after https"
    elif attempt.tls == "none":
        why = "listed as insecure: http after https"
    elif attempt.tls == "not checked":
        why = "https first; listed as insecure"
    else:
        why = "https first"
    return why if attempt.version == 2 else f"{why} (V1)"


def render(pair: StoryPair) -> str:
    """Both stories below each other, as text with a line end; what the option adds comes second."""
    parts = [_render("stock", pair.stock)]
    if pair.patched.accept_insecure_registry:
        parts.append(_render("patched, with accept-insecure-registry", pair.patched))
    else:
        parts.append(_render("patched, without accept-insecure-registry", pair.patched))
    if pair.open_list:
        parts.append(
            "\n".join(
                [
                    "0.0.0.0/0 as insecure registry instead:",
                    *(f"  {d.text}" for d in pair.open_list),
                ]
            )
        )
    return "\n\n".join(parts) + "\n"


def _render(title: str, told: Story) -> str:
    lines = [f"{title}: {told.action} {told.host}"]
    for number, attempt in enumerate(told.attempts, 1):
        lines += _render_attempt(number, attempt)
    lines.append("  => it works" if told.ok else f"  => it fails: {told.error}")
    return "\n".join(lines)


def _render_attempt(number: int, attempt: Told) -> Iterator[str]:
    certificate = {"none": "no TLS"}.get(attempt.tls, f"certificate {attempt.tls}")
    password = "no password sent"
    if attempt.credentials:
        password = "PASSWORD SENT IN CLEAR" if attempt.tls == "none" else "password sent"
    if attempt.result == Outcome.SKIPPED.value:
        yield f"  {number}. {attempt.url}  skipped: {attempt.error}"
    else:
        yield f"  {number}. {attempt.url}  {attempt.result}"
        yield f"     {attempt.reason}; {certificate}; {password}"
    for line in attempt.log:
        yield f"     | {line}"


def to_json(pair: StoryPair) -> str:
    """The pair as JSON, keys sorted, with a line end: the field names of the dataclasses."""
    import json

    found = asdict(pair) | {"open_list": [d._asdict() for d in pair.open_list]}
    return json.dumps(found, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
