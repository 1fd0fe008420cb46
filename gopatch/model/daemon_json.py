"""A daemon.json as one release reads it: what it sets, what it only seems to set, and what stops the
daemon.

Docker's side of it: getConflictFreeConfiguration, configValuesSet, findConfigurationConflicts and
MergeDaemonConfigurations of daemon/config/config.go (daemon/config.go up to v17.05).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from gopatch.go.net import GO, GoRules
from gopatch.model.config_rules import (
    LEGACY,
    LISTED,
    MIRRORS,
    OPTION,
    REGISTRY_KEYS,
    ConfigRules,
)
from gopatch.model.config_values import refusals
from gopatch.model.go_json import (
    JsonError,
    Members,
    Value,
    beyond_float,
    decode,
    printed,
)
from gopatch.model.json_types import mismatch
from gopatch.model.options import ModelError, Options

BOOLEANS = {
    **dict.fromkeys(("1", "t", "T", "TRUE", "true", "True"), True),
    **dict.fromkeys(("0", "f", "F", "FALSE", "false", "False"), False),
}
"""`strconv.ParseBool`, by which a flag is set."""


class DaemonSetting(NamedTuple):
    """What a daemon.json makes of the registry's options.

    `present` are the keys that count as set, be they of any value, or inside of an object that
    means nothing: they conflict with a flag, and a reload takes them over.
    """

    options: Options = Options()
    present: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()


def read_daemon_json(
    data: bytes, rules: ConfigRules, given: Mapping[str, str] | None = None, *, go: GoRules = GO
) -> DaemonSetting:
    """What the file sets; `given`: the flags that are on the command line, by name, with their
    values as Go prints them.

    Raises ModelError("daemon-json") with Docker's own words where the daemon would not start.
    """
    if not rules.reader:
        return DaemonSetting(notes=("this source reads no daemon.json: the file is not looked at",))
    try:
        return _read(data, rules, given or {}, go)
    except JsonError as error:
        raise ModelError("daemon-json", f"{rules.prefix}{error}") from None


def _read(data: bytes, rules: ConfigRules, given: Mapping[str, str], go: GoRules) -> DaemonSetting:
    if rules.decoded:
        data = _decoded(data)
        if not data:
            return DaemonSetting()
    top = decode(data, whole=rules.reader == "whole")
    number = beyond_float(top)
    if number:
        raise JsonError(f"json: cannot unmarshal number {number} into Go value of type float64")
    if top is None:
        return DaemonSetting()
    if not isinstance(top, Members):
        kind = mismatch(top, "map[string]interface {}", rules, go)
        raise JsonError(kind)
    values = _flattened(top, rules)
    _check_known(values, rules)
    _check_conflicts(values, rules, given)
    wrong = mismatch(top, "Config", rules, go)
    if wrong:
        raise JsonError(wrong)
    for refusal in refusals(top, rules):
        raise ModelError("daemon-json", refusal)
    return DaemonSetting(
        _options(top, values, rules), frozenset(values), tuple(_notes(top, values, rules))
    )


def _decoded(data: bytes) -> bytes:
    """unicode.BOMOverride and encoding.UTF8Validator, then bytes.TrimSpace. The offset of an error is
    how much was read, which is all of a file that is not long."""
    read = len(data)
    marks = ((b"\xef\xbb\xbf", "utf-8"), (b"\xfe\xff", "utf-16-be"), (b"\xff\xfe", "utf-16-le"))
    for mark, encoding in marks:
        if data.startswith(mark):
            data = data[len(mark) :]
            if encoding != "utf-8":
                data = data.decode(encoding, "replace").encode()
            break
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise ModelError(
            "daemon-json",
            f"failed to decode configuration JSON at offset {read}: encoding: invalid UTF-8",
        ) from None
    return text.strip(_SPACES).encode()


_SPACES = "\t\n\v\f\r \u0085\u00a0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)


def _flattened(top: Members, rules: ConfigRules) -> dict[str, Value]:
    """configValuesSet: an object's keys count as if they stood at the top, whatever its own name."""
    found: dict[str, Value] = {}
    for key, value in top.last().items():
        if isinstance(value, Members) and key not in rules.flat:
            found.update(value.last())
        else:
            found[key] = value
    return found


def _check_known(values: Mapping[str, Value], rules: ConfigRules) -> None:
    unknown = sorted(key for key in values if not rules.knows(key))
    if unknown:
        names = ", ".join(unknown)
        raise ModelError(
            "daemon-json", f"the following directives don't match any configuration option: {names}"
        )


def _check_conflicts(
    values: Mapping[str, Value], rules: ConfigRules, given: Mapping[str, str]
) -> None:
    both = [
        f"{flag.in_file}: (from flag: {given[flag.name]}, from file: {printed(values[flag.in_file])})"
        for flag in sorted(rules.flags)
        if flag.name in given and flag.in_file in values and flag.in_file not in rules.merged
    ]
    if both:
        raise ModelError(
            "daemon-json",
            "the following directives are specified both as a flag and in the configuration file: "
            + ", ".join(both),
        )


def _options(top: Members, values: Mapping[str, Value], rules: ConfigRules) -> Options:
    whole = top.last()
    fields = {one.key for one in rules.struct("Config") or ()}
    legacy = _flag_set(values, LEGACY, rules)
    if LEGACY in fields and whole.get(LEGACY) is True:
        legacy = True
    accept = _flag_set(values, OPTION, rules) or (OPTION in fields and whole.get(OPTION) is True)
    return Options(
        mirrors=_strings(top, MIRRORS) if MIRRORS in fields else (),
        insecure_registries=_strings(top, LISTED) if LISTED in fields else (),
        accept_insecure_registry=bool(accept),
        disable_legacy_registry=legacy,
    )


def _flag_set(values: Mapping[str, Value], key: str, rules: ConfigRules) -> bool | None:
    """A key that is a boolean flag sets the flag, with whatever text its value prints as."""
    flag = rules.flag(key)
    if flag is None or not flag.boolean or key not in values:
        return None
    return BOOLEANS.get(printed(values[key]))


def _strings(top: Members, key: str) -> tuple[str, ...]:
    """A list as Go leaves it: `null` in it is an empty string, or what an earlier list had there."""
    kept: list[str] = []
    for name, value in top.pairs:
        if name != key:
            continue
        if isinstance(value, list):
            new = [
                one if isinstance(one, str) else kept[at] if at < len(kept) else ""
                for at, one in enumerate(value)
            ]
            kept = new
        elif value is None:
            kept = []
    return tuple(kept)


def _notes(top: Members, values: Mapping[str, Value], rules: ConfigRules) -> Iterator[str]:
    """What the daemon takes without a word, and what is not meant."""
    whole = top.last()
    for flag in rules.flags:
        if flag.key in (LISTED, MIRRORS) and flag.name in values:
            yield (
                f"{flag.name} is the name of the flag: as a key of daemon.json it is accepted, and "
                f"has no effect; the key is {flag.key}"
            )
    if not rules.holds_registries:
        for name in ("insecure-registry", "registry-mirror"):
            if name in values:
                yield f"{name} is accepted, and has no effect: this source takes it as a flag alone"
    for key in REGISTRY_KEYS:
        if key in values and key not in whole:
            yield f"{key} stands inside of an object: it is accepted, and a list there has no effect"
