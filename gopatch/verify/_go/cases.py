"""Cases for the harness: what the daemon is told, which host is asked for, how names resolve.

A case as text, for `--case` and in reports, is JSON with daemon.json's own keys:
{"host": "a:5000", "insecure-registries": ["10.0.0.0/8"], "accept-insecure-registry": true,
"resolve": {"a": ["10.1.2.3"]}}; a key that is missing is empty or false.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

from gopatch.errors import UsageError
from gopatch.model import (
    Endpoint,
    ModelError,
    Options,
    ServiceConfig,
    Traits,
    is_secure_index,
    pull_endpoints,
    push_endpoints,
    service_config,
)

COUNT = 5000
SEED = 1

NAMES: dict[str, tuple[str, ...]] = {
    "four.example": ("10.1.2.3",),
    "six.example": ("2001:db8::5",),
    "both.example": ("2001:db8::5", "10.1.2.3"),
    "mapped.example": ("::ffff:10.1.2.3",),
    "localhost": ("127.0.0.1", "::1"),
    "docker.io": ("10.1.2.4",),
    "index.docker.io": ("10.1.2.4",),
    "registry-1.docker.io": ("10.1.2.5",),
}
_HOSTS = (
    *NAMES,
    *(f"{name}:5000" for name in NAMES),
    "FOUR.example",
    "nope.example",
    "nope.example:80",
    "four.example.",
    "DOCKER.IO",
    "docker.io.",
    "docker.io:443",
    "index.docker.io:443",
    "Index.Docker.io.",
    "registry-1.docker.io.:443",
    "REGISTRY-1.docker.io:80",
    "my-docker.io",
    "docker.io.example",
    "10.1.2.3",
    "10.1.2.3:5000",
    "192.0.2.1",
    "127.0.0.1",
    "127.9.9.9:5000",
    "::1",
    "[::1]",
    "[::1]:5000",
    "[2001:db8::5]:5000",
    "2001:db8::5",
    "::ffff:10.1.2.3",
    "fe80::1%eth0",
    "a:b:c",
    "x]",
    "-a",
    "a-",
)
_LISTED = (
    "10.0.0.0/8",
    "10.1.2.3/32",
    "10.1.2.3",
    "10.1.2.3:5000",
    "0.0.0.0/0",
    "::/0",
    "::ffff:10.0.0.0/104",
    "2001:db8::/32",
    "four.example",
    "four.example:5000",
    "nope.example",
    "192.0.2.1",
    "::1",
    "localhost",
    "docker.io",
    "index.docker.io",
    "registry-1.docker.io",
    "http://four.example",
    "https://six.example:5000",
    "HTTP://nope.example",
)
_LISTED_BADLY = (
    "ftp://four.example",
    "four.example/path",
    "four.example:x",
    "four.example:99999",
    "-four.example",
    "four.example-",
    "10.0.0.0/33",
    "10.0.0.0/08",
)
_MIRRORS = (
    "https://mirror.example",
    "http://mirror.example:5000/",
    "https://10.1.2.3",
    "http://four.example",
    "https://mirror.example/path/",
)
_MIRRORS_BADLY = (
    "mirror.example",
    "ftp://mirror.example",
    "https://mirror.example/?q",
    "https://mirror.example/#f",
    "https://user:word@mirror.example",
    "https://%zz",
)
# Configurations that every source accepts.
_SOUND: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    ((), ()),
    ((), ("10.0.0.0/8",)),
    ((), ("0.0.0.0/0",)),
    ((), ("0.0.0.0/0", "::/0")),
    ((), ("four.example", "six.example:5000")),
    ((), ("docker.io", "index.docker.io", "registry-1.docker.io")),
    (("https://mirror.example", "http://four.example"), ()),
    (("https://10.1.2.3",), ("10.0.0.0/8", "nope.example")),
)
_ALPHABET = "ab.:[]-%1"


@dataclass(frozen=True)
class Case:
    """One question to the registry package. `resolve` are the names that resolve, with what."""

    host: str
    options: Options = field(default_factory=Options)
    resolve: tuple[tuple[str, tuple[str, ...]], ...] = tuple(NAMES.items())

    def __str__(self) -> str:
        table: dict[str, Any] = {"host": self.host}
        if self.options.mirrors:
            table["registry-mirrors"] = list(self.options.mirrors)
        if self.options.insecure_registries:
            table["insecure-registries"] = list(self.options.insecure_registries)
        if self.options.accept_insecure_registry:
            table["accept-insecure-registry"] = True
        if self.options.disable_legacy_registry:
            table["disable-legacy-registry"] = True
        if self.resolve:
            table["resolve"] = {name: list(found) for name, found in self.resolve}
        return json.dumps(table)

    def question(self, traits: Traits) -> dict[str, Any]:
        """The case as the harness reads it."""
        return {
            "mirrors": list(self.options.mirrors),
            "insecure": list(self.options.insecure_registries),
            "accept": self.options.accept_insecure_registry,
            "v2only": bool(self.options.disable_legacy_registry),
            "host": self.host,
            "lookup": f"{self.host}/app" if traits.by_repository else self.host,
            "names": {name: list(found) for name, found in self.resolve},
        }


class Answer(NamedTuple):
    """What a lookup gives: "error", or the endpoints as one line each. `secure` may be unknown."""

    service: str
    secure: bool | None
    pull: tuple[str, ...]
    push: tuple[str, ...]

    def lines(self) -> list[str]:
        if self.service:
            return ["NewService: " + self.service]
        rows = [] if self.secure is None else [f"isSecureIndex: {str(self.secure).lower()}"]
        for name, found in (("pull", self.pull), ("push", self.push)):
            rows += [f"{name}: {line}" for line in found or ("no endpoint",)]
        return rows


_ERROR = "error"


def make(count: int, seed: int, traits: Traits) -> list[Case]:
    """All hosts under all sound configurations, with the option off and on; then random cases.

    At least `count` of them, the same for the same seed. The first protocol, where there is one,
    is switched off in half of them.
    """
    switches = (False, True) if traits.v1 else (False,)
    grid = [
        Case(host, Options(mirrors, listed, accept, v2_only))
        for (mirrors, listed), host, accept, v2_only in product(
            _SOUND, _HOSTS, (False, True), switches
        )
    ]
    dice = random.Random(seed)
    return grid + [_random(dice, switches) for _ in range(max(0, count - len(grid)))]


def _random(dice: random.Random, switches: Sequence[bool]) -> Case:
    options = Options(
        mirrors=_some(dice, _MIRRORS, _MIRRORS_BADLY, (0, 0, 1, 2)),
        insecure_registries=_some(dice, _LISTED, _LISTED_BADLY, (0, 1, 1, 2, 3, 5)),
        accept_insecure_registry=dice.random() < 0.5,
        disable_legacy_registry=dice.choice(switches),
    )
    host = dice.choice(_HOSTS)
    if dice.random() < 0.25:
        host = "".join(dice.choice(_ALPHABET) for _ in range(dice.randint(1, 8)))
    names = tuple((name, _addresses(dice, found)) for name, found in NAMES.items())
    return Case(host, options, tuple(item for item in names if dice.random() < 0.8))


def _some(
    dice: random.Random, well: Sequence[str], badly: Sequence[str], counts: Sequence[int]
) -> tuple[str, ...]:
    """Some values, most of them well formed."""
    return tuple(
        dice.choice(badly if dice.random() < 0.08 else well) for _ in range(dice.choice(counts))
    )


def _addresses(dice: random.Random, found: tuple[str, ...]) -> tuple[str, ...]:
    other = dice.choice(list(NAMES.values()))
    return dice.choice((found, found, other, found + other))


def read(text: str) -> Case:
    """A case from its text, or from a file that holds it. Raises UsageError."""
    given = text
    if not text.lstrip().startswith("{"):
        try:
            given = Path(text).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"--case {text}: {error}", hint="give JSON, or a file of it") from None
    try:
        table = json.loads(given)
        return _read(table)
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        raise UsageError(
            f"--case is no case: {error!r}", hint=f"for example: {Case('a:5000', resolve=())}"
        ) from None


def _read(table: dict[str, Any]) -> Case:
    known = {
        "host", "registry-mirrors", "insecure-registries", "accept-insecure-registry",
        "disable-legacy-registry", "resolve",
    }  # fmt: skip
    if unknown := sorted(table.keys() - known):
        raise ValueError(f"unknown key {unknown[0]}")
    switches = [
        table.get(f"{name}-registry", False) for name in ("accept-insecure", "disable-legacy")
    ]
    if not all(isinstance(switch, bool) for switch in switches):
        raise ValueError("a switch is true or false")
    options = Options(
        mirrors=_strings(table.get("registry-mirrors", [])),
        insecure_registries=_strings(table.get("insecure-registries", [])),
        accept_insecure_registry=switches[0],
        disable_legacy_registry=switches[1],
    )
    resolve = {name: _strings(found) for name, found in table.get("resolve", {}).items()}
    (host,) = _strings([table["host"]])
    return Case(host, options, tuple(resolve.items()))


def _strings(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ValueError(f"{value!r} is no list of strings")
    return tuple(value)


def expected(case: Case, traits: Traits) -> Answer:
    """What the reference model says."""
    names = dict(case.resolve)
    try:
        config = service_config(case.options, traits)
    except ModelError:
        return Answer(_ERROR, None, (), ())

    def resolve(name: str) -> Sequence[str]:
        return names[name]

    return Answer(
        "",
        is_secure_index(config, case.host, traits, resolve),
        _looked_up(pull_endpoints, config, case.host, traits, resolve),
        _looked_up(push_endpoints, config, case.host, traits, resolve),
    )


def _looked_up(
    find: Any, config: ServiceConfig, host: str, traits: Traits, resolve: Any
) -> tuple[str, ...]:
    try:
        return tuple(map(_line, find(config, host, traits, resolve)))
    except ModelError:
        return (_ERROR,)


def _line(e: Endpoint) -> str:
    flags = (e.mirror, e.official, e.trim_hostname, e.insecure_skip_verify)
    return _worded(e.url, e.version, flags)


def _worded(url: str, version: int, flags: tuple[bool, ...]) -> str:
    words = ("mirror", "official", "TrimHostname", "InsecureSkipVerify")
    said = [word for word, flag in zip(words, flags, strict=True) if flag]
    return " ".join([f"v{version}", url, *said])


def heard(answer: dict[str, Any]) -> Answer:
    """What the source's own code said, in the same words."""
    if answer["error"]:
        return Answer(answer["error"] if _panics(answer) else _ERROR, None, (), ())
    return Answer("", answer["secure"], _found(answer["pull"]), _found(answer["push"]))


def _panics(answer: dict[str, Any]) -> bool:
    return str(answer["error"]).startswith("panic:")


def _found(found: dict[str, Any]) -> tuple[str, ...]:
    if found["error"]:
        return (_ERROR,)
    return tuple(
        _worded(
            e["url"],
            e["version"],
            (e["mirror"], e["official"], e["trim_hostname"], e["skip_verify"]),
        )
        for e in found["endpoints"] or ()
    )


def agree(wanted: Answer, got: Answer) -> bool:
    """Whether they are the same, as far as the source can be asked."""
    if got.secure is None:
        wanted = wanted._replace(secure=None)
    return wanted == got


def smaller(case: Case) -> Iterator[Case]:
    """Cases that say less, most daring first; every one is strictly smaller."""
    options = case.options
    if case.resolve:
        yield replace(case, resolve=())
    for at in range(len(case.resolve)):
        yield replace(case, resolve=case.resolve[:at] + case.resolve[at + 1 :])
    for less in _fewer(options):
        yield replace(case, options=less)
    for host in ("a", "a:1", case.host.partition(":")[0]):
        if host and len(host) < len(case.host):
            yield replace(case, host=host)


def _fewer(options: Options) -> Iterator[Options]:
    mirrors, listed = options.mirrors, options.insecure_registries
    for at in range(len(mirrors)):
        yield replace(options, mirrors=mirrors[:at] + mirrors[at + 1 :])
    for at in range(len(listed)):
        yield replace(options, insecure_registries=listed[:at] + listed[at + 1 :])
    if options.accept_insecure_registry:
        yield replace(options, accept_insecure_registry=False)
    if options.disable_legacy_registry:
        yield replace(options, disable_legacy_registry=False)


def size(case: Case) -> tuple[int, int, str]:
    """Smaller first, and the same order on every run."""
    o = case.options
    switches = int(o.accept_insecure_registry) + int(bool(o.disable_legacy_registry))
    count = len(o.mirrors) + len(o.insecure_registries) + switches
    return count, len(case.host), str(case)
