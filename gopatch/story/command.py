"""How a daemon is started: its flags and its daemon.json, and what they come to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

from gopatch.go.net import quoted
from gopatch.model import (
    ConfigRules,
    DaemonSetting,
    ModelError,
    Options,
    Traits,
    patched,
    read_daemon_json,
    validate_index_name,
    validate_mirror,
)
from gopatch.model.config_rules import LEGACY, OPTION


@dataclass(frozen=True)
class Command:
    """What `dockerd` is started with. `accept` and `legacy`: the flags --accept-insecure-registry
    and --disable-legacy-registry; `file`: a daemon.json, called `path` in messages."""

    mirrors: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()
    accept: bool = False
    legacy: bool = False
    file: bytes | None = None
    path: str = "daemon.json"


class Started(NamedTuple):
    """The options that the flags and the file come to, and what the file alone sets."""

    options: Options
    file: DaemonSetting
    notes: tuple[str, ...] = ()


class Release(NamedTuple):
    """What is known of a release: how it treats registries, and how it reads its configuration."""

    traits: Traits
    rules: ConfigRules


def start(command: Command, source: Release) -> Started:
    """What the patched daemon is told.

    Raises ModelError in Docker's words where a flag or the file stops it.
    """
    flags = _flags(command, source)
    file = read_file(command, source)
    return Started(_merged(flags, file.options, source), file, file.notes)


def read_file(command: Command, source: Release) -> DaemonSetting:
    """The daemon.json beside the command's flags. Raises ModelError."""
    if command.file is None:
        return DaemonSetting()
    rules = patched(source.rules)
    try:
        found = read_daemon_json(command.file, rules, _given(command, source), go=source.traits.go)
    except ModelError as error:
        raise ModelError(error.kind, _in_file(command, str(error))) from None
    if source.rules.legacy_removed and found.options.disable_legacy_registry is False:
        raise ModelError("daemon-json", _REMOVED.format(f"'{LEGACY}' configuration option"))
    return found


_REMOVED = (
    "ERROR: The {} has been removed. Interacting with legacy (v1) registries is no longer supported"
)


def conflict(command: Command, key: str, value: str) -> ModelError:
    """A key of the file that is a flag too."""
    why = (
        "the following directives are specified both as a flag and in the configuration file: "
        f"{key}: (from flag: true, from file: {value})"
    )
    return ModelError("daemon-json", _in_file(command, why))


def _in_file(command: Command, why: str) -> str:
    return f"unable to configure the Docker daemon with file {command.path}: {why}"


def _flags(command: Command, source: Release) -> Options:
    """The command line by itself. Each value is looked at as it is read."""
    _check_legacy(command, source.rules)
    traits = source.traits
    mirrors, listed = [], []
    for value in command.mirrors:
        try:
            mirrors.append(validate_mirror(value, traits))
        except ModelError as error:
            raise _refused("registry-mirror", value, error, source) from None
    for value in command.listed:
        try:
            listed.append(validate_index_name(value, traits))
        except ModelError as error:
            raise _refused("insecure-registry", value, error, source) from None
    legacy = True if command.legacy else None
    return Options(tuple(mirrors), tuple(listed), command.accept, legacy)


def _refused(name: str, value: str, error: ModelError, source: Release) -> ModelError:
    if source.rules.dialect == "mflag":
        return ModelError(error.kind, f"invalid value {quoted(value)} for flag --{name}: {error}")
    return ModelError(error.kind, f'invalid argument {quoted(value)} for "--{name}" flag: {error}')


def _check_legacy(command: Command, rules: ConfigRules) -> None:
    if not command.legacy:
        return
    if rules.legacy_removed:
        raise ModelError("flag", _REMOVED.format(f"'--{LEGACY}' flag"))
    if rules.flag(LEGACY) is None:
        say = "flag provided but not defined" if rules.dialect == "mflag" else "unknown flag"
        raise ModelError("flag", f"{say}: --{LEGACY}")


def _given(command: Command, source: Release) -> dict[str, str]:
    """The flags on the command line, with their values as Go prints them."""
    options = _flags(command, source)
    given = {
        "registry-mirror": f"[{' '.join(options.mirrors)}]" if options.mirrors else "",
        "insecure-registry": f"[{' '.join(options.insecure_registries)}]" if command.listed else "",
        OPTION: "true" if command.accept else "",
        LEGACY: "true" if command.legacy else "",
    }
    return {name: value for name, value in given.items() if value}


def _merged(flags: Options, file: Options, source: Release) -> Options:
    """mergo.Merge: the file's value, or where that is empty the flag's."""
    legacy = flags.disable_legacy_registry
    merged = Options(
        mirrors=file.mirrors or flags.mirrors,
        insecure_registries=file.insecure_registries or flags.insecure_registries,
        accept_insecure_registry=file.accept_insecure_registry or flags.accept_insecure_registry,
        disable_legacy_registry=file.disable_legacy_registry if legacy is None else legacy,
    )
    if source.rules.holds_registries:
        return merged
    return replace(merged, mirrors=flags.mirrors, insecure_registries=flags.insecure_registries)
