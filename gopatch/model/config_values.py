"""Values of a daemon.json that stop the daemon by themselves, though their types fit.

Docker's side of it: Validate of daemon/config, and what it calls in opts, swarmkit and containerd;
setupRuntimes of daemon/runtime_unix.go from v25 on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from gopatch.model.config_rules import ConfigRules
from gopatch.model.go_json import Members, Number, Value

_LEVELS = ("panic", "fatal", "error", "warn", "warning", "info", "debug", "trace")
_COUNTS = {
    "max-concurrent-downloads": "max concurrent downloads",
    "max-concurrent-uploads": "max concurrent uploads",
    "max-download-attempts": "max download attempts",
    "mtu": "default MTU",
}


def refusals(top: Members, rules: ConfigRules) -> Iterator[str]:
    """What the daemon says of the values that it does not start with, in its own words.

    A level of logging that is none has stopped it from the first daemon.json on, when it came to set that.
    """
    fields = {one.key for one in rules.struct("Config") or ()}
    known = {key: value for key, value in top.last().items() if key in fields}
    for key, value in known.items():
        if value is None:
            continue
        if key == "log-level" and str(value).lower() not in ("", *_LEVELS):
            yield f"{'invalid' if rules.decoded else 'unable to parse'} logging level: {value}"
        counted = key in _COUNTS and (rules.decoded or key != "mtu")
        if counted and isinstance(value, Number) and int(value.text) < 0:
            yield f"invalid {_COUNTS[key]}: {value.text}"
    yield from _runtimes(known, rules)
    for key, words in rules.refused:
        yield from _BY_WORDS[key](known.get(key), words)


def _runtimes(known: Mapping[str, Value], rules: ConfigRules) -> Iterator[str]:
    """The stock runtime's name is taken; the default is a stock one, a configured one, or, from v23 on,
    one that containerd finds by its name."""
    runtimes, default = known.get("runtimes"), known.get("default-runtime")
    own = set(runtimes.last()) if isinstance(runtimes, Members) else set()
    if "runc" in own:
        yield "runtime name 'runc' is reserved"
    if not default or not isinstance(default, str) or default in own | rules.runtimes:
        return
    if not rules.decoded or default[0] in "./" or "." not in default or "/" in default:
        yield f"specified default runtime '{default}' does not exist"


def _cors(value: Value, words: str) -> Iterator[str]:
    if value:
        yield words


def _cgroup_namespace(value: Value, words: str) -> Iterator[str]:
    if value not in (None, "", "host", "private"):
        yield words % value


def _nondistributable(value: Value, words: str) -> Iterator[str]:
    for one in value if isinstance(value, list) else ():
        if "://" in str(one):
            yield words % one


def _generic_resources(value: Value, _: str) -> Iterator[str]:
    """genericresource.Parse of swarmkit: `kind=3`, or `kind=name` any number of times."""
    kinds: dict[str, list[str]] = {}
    for one in value if isinstance(value, list) else ():
        term = "" if one is None else str(one)
        if term.count("=") != 1:
            yield f"{_NO_RESOURCE}incorrect term {term}, missing '=' or malformed expression"
            return
        kind, _, named = (part.strip() for part in term.partition("="))
        kinds.setdefault(kind, []).append(named)
    for kind, names in kinds.items():
        counts = [one for one in names if _is_int64(one)]
        if counts and len(names) > 1:
            told = f"'{kind}=[{' '.join(names)}]'"
            yield f"{_NO_RESOURCE}mixed discrete and named resources in expression {told}"
        elif counts and int(counts[0]) < 0:
            yield f"{_NO_RESOURCE}cannot ask for negative resource {kind}"


_NO_RESOURCE = "could not parse GenericResource: "


def _is_int64(text: str) -> bool:
    """strconv.ParseInt with base 10."""
    return bool(re.fullmatch(r"[+-]?[0-9]+", text)) and -(2**63) <= int(text[:30]) < 2**63


_BY_WORDS: dict[str, Callable[[Value, str], Iterator[str]]] = {
    "api-cors-header": _cors,
    "default-cgroupns-mode": _cgroup_namespace,
    "node-generic-resources": _generic_resources,
    "allow-nondistributable-artifacts": _nondistributable,
}
