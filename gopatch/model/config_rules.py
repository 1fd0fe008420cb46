"""How a release reads its daemon.json: which keys it knows, what kind each is, and by which reader.

Docker's side of it: daemon/config/config.go (getConflictFreeConfiguration and what it calls),
daemon/config.go up to v17.05; the flags are those of cmd/dockerd, daemon/command from v29 on.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

Reader = Literal["", "first", "whole"]

OPTION = "accept-insecure-registry"
LISTED = "insecure-registries"
MIRRORS = "registry-mirrors"
LEGACY = "disable-legacy-registry"
REGISTRY_KEYS = (LISTED, MIRRORS, OPTION, LEGACY)


class Flag(NamedTuple):
    """A flag of the daemon. `key` is its name in daemon.json, where that is another."""

    name: str
    key: str = ""
    boolean: bool = False

    @property
    def in_file(self) -> str:
        return self.key or self.name


class JsonField(NamedTuple):
    """A field that JSON fills: its key, its type as Go writes it, and the embedded structs on the
    way to it."""

    key: str
    type: str
    way: tuple[str, ...] = ()


@dataclass(frozen=True)
class ConfigRules:
    """The defaults are those of a source that reads no daemon.json."""

    reader: Reader = ""
    """There is none; or it reads the first value and leaves what follows; or the whole file."""

    decoded: bool = False
    """A byte order mark decides the encoding, what is not UTF-8 is refused, and an empty file is
    an empty configuration."""

    prefix: str = ""
    """What stands before an error of encoding/json."""

    flags: tuple[Flag, ...] = ()
    skipped: frozenset[str] = frozenset()
    """Keys without a flag: skipValidateOptions."""

    merged: frozenset[str] = frozenset()
    """Keys that may be a flag as well: skipDuplicates."""

    flat: frozenset[str] = frozenset()
    """Objects that are a value, and no group of keys: flatOptions."""

    refused: tuple[tuple[str, str], ...] = ()
    """Keys with the words in which a value of them is refused, as far as these differ from release to release."""

    runtimes: frozenset[str] = frozenset({"runc"})
    """What a container may be run by without being configured."""

    structs: tuple[tuple[str, tuple[JsonField, ...]], ...] = ()
    """The structs that JSON is read into, by name; "Config" is the whole."""

    package: str = "config"
    """The package of those structs, which is part of their names in errors."""

    legacy_removed: bool = False
    """cmd/dockerd/daemon.go: `disable-legacy-registry` is known, to say that it has gone."""

    dialect: Literal["mflag", "pflag"] = "pflag"
    """Who reads the command line, for an unknown flag is told in its words."""

    def struct(self, name: str) -> tuple[JsonField, ...] | None:
        return dict(self.structs).get(name)

    @property
    def holds_registries(self) -> bool:
        """The registry's options are part of the file's struct; up to v1.10 they are flags alone."""
        return any(one.key == LISTED for one in self.struct("Config") or ())

    def flag(self, name: str) -> Flag | None:
        return next((flag for flag in self.flags if flag.name == name), None)

    def knows(self, key: str) -> bool:
        """Whether a key stops no daemon: a flag's own name is one, with no effect for a list."""
        known = (name for flag in self.flags for name in (flag.name, flag.key) if name)
        return key in self.skipped or key in known


def patched(rules: ConfigRules) -> ConfigRules:
    """The same with the option, as the patch adds it."""
    if rules.flag(OPTION):
        return rules
    fields = [(name, _with_option(name, fields, rules)) for name, fields in rules.structs]
    return replace(rules, flags=(*rules.flags, Flag(OPTION, boolean=True)), structs=tuple(fields))


def _with_option(
    name: str, fields: tuple[JsonField, ...], rules: ConfigRules
) -> tuple[JsonField, ...]:
    beside = next((one for one in fields if one.key == LISTED), None)
    if name != "Config" or beside is None:
        return fields
    return (*fields, JsonField(OPTION, "bool", beside.way))


def field_types(fields: Iterable[JsonField]) -> dict[str, JsonField]:
    return {one.key: one for one in fields}


@cache
def preset_rules(name: str) -> ConfigRules:
    """Those of the release that stands for a preset of `traits.PRESETS`."""
    return _presets()[name]


@cache
def _presets() -> dict[str, ConfigRules]:
    """Each table tells what is new and what is gone since the one above it."""
    import tomllib

    text = Path(__file__).with_name("config_presets.toml").read_text(encoding="utf-8")
    found, table = {}, Table({}, {})
    for name, changes in tomllib.loads(text).items():
        table = table.changed(changes)
        found[name] = table.rules()
    return found


class Table(NamedTuple):
    """ConfigRules as the file of presets holds them: plain words, and lists of words.

    `debug!` is a boolean flag, `label=labels` one with another key; a field is `Struct way key type`.
    """

    words: dict[str, Any]
    lists: dict[str, list[str]]

    def changed(self, changes: dict[str, Any]) -> Table:
        words = {key: value for key, value in changes.items() if not isinstance(value, dict)}
        lists = dict(self.lists)
        for key, change in changes.items():
            if isinstance(change, dict):
                kept = [word for word in lists.get(key, []) if word not in change.get("gone", [])]
                lists[key] = [*kept, *change.get("new", [])]
        return Table(self.words | words, lists)

    def rules(self) -> ConfigRules:
        structs: dict[str, list[JsonField]] = {}
        for text in self.lists.get("fields", []):
            struct, way, key, kind = text.split(" ")
            structs.setdefault(struct, []).append(
                JsonField(key, kind, tuple(way.strip(".").split(".")) if way != "." else ())
            )
        told = (text.partition(" ") for text in self.lists.get("refused", []))
        return ConfigRules(
            flags=tuple(_flag(text) for text in self.lists.get("flags", [])),
            skipped=frozenset(self.lists.get("skipped", [])),
            merged=frozenset(self.lists.get("merged", [])),
            flat=frozenset(self.lists.get("flat", [])),
            refused=tuple((key, words) for key, _, words in told),
            runtimes=frozenset(self.lists.get("runtimes", [])),
            structs=tuple((name, tuple(fields)) for name, fields in structs.items()),
            **self.words,
        )


def _flag(text: str) -> Flag:
    name, _, key = text.removesuffix("!").partition("=")
    return Flag(name, key, text.endswith("!"))


def table_of(rules: ConfigRules) -> Table:
    """The way back, for who writes the file."""
    flags = [
        f"{f.name}{'=' if f.key else ''}{f.key}{'!' if f.boolean else ''}" for f in rules.flags
    ]
    fields = [
        f"{name} {'.'.join(one.way) or '.'} {one.key} {one.type}"
        for name, fields in rules.structs
        for one in fields
    ]
    refused = [f"{key} {words}" for key, words in rules.refused]
    sets = {n: sorted(getattr(rules, n)) for n in ("skipped", "merged", "flat", "runtimes")}
    words = ("reader", "decoded", "prefix", "package", "legacy_removed", "dialect")
    return Table(
        {n: getattr(rules, n) for n in words},
        {"flags": flags, "fields": fields, "refused": refused, **sets},
    )
