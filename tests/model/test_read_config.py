"""How a source reads its daemon.json, off its structure; the Go of `config.txtar` is written for these tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from gopatch.authoring.txtar import read_txtar
from gopatch.model import PRESETS, preset_rules, read_config_rules
from gopatch.model.config_rules import ConfigRules, Flag, JsonField

NEWEST = {
    name: data.decode()
    for name, data in read_txtar(Path(__file__).with_name("config.txtar").read_bytes())[1].items()
}


def rules_of(files: dict[str, str]) -> ConfigRules:
    return read_config_rules(lambda path: files[path].encode() if path in files else None)


def changed(name: str, old: str, new: str) -> ConfigRules:
    path = next(path for path in NEWEST if path.endswith(name))
    assert old in NEWEST[path]
    return rules_of(NEWEST | {path: NEWEST[path].replace(old, new)})


def test_flags() -> None:
    assert rules_of(NEWEST).flags == (
        Flag("config-file"),
        Flag("debug", boolean=True),
        Flag("default-address-pool", "default-address-pools"),
        Flag("help", boolean=True),
        Flag("insecure-registry", "insecure-registries"),
        Flag("label", "labels"),
        Flag("log-format"),
        Flag("tls", boolean=True),
        Flag("version", boolean=True),
    )


def test_structs() -> None:
    rules = rules_of(NEWEST)
    assert rules.struct("Config") == (
        JsonField("default-address-pools", "opts.PoolsOpt"),
        JsonField("debug", "bool", ("CommonConfig",)),
        JsonField("proxies", "Proxies", ("CommonConfig",)),
        JsonField("builder", "BuilderConfig", ("CommonConfig",)),
        JsonField("insecure-registries", "[]string", ("CommonConfig", "ServiceOptions")),
    )
    assert rules.struct("BuilderConfig") == (JsonField("Enabled", "*bool"),)
    assert rules.struct("Proxies") == (JsonField("http-proxy", "string"),)
    assert rules.struct("Other") is None
    assert rules.holds_registries


def test_the_reader() -> None:
    rules = rules_of(NEWEST)
    assert (rules.reader, rules.decoded, rules.prefix) == ("whole", True, "invalid JSON: ")
    found = tuple(map(set, (rules.flat, rules.skipped, rules.merged)))
    assert found == ({"log-opts"}, {"features"}, {"runtimes"})
    assert (
        changed("config/config.go", "json.Unmarshal(b,", "json.NewDecoder(r).Decode(").reader
        == "first"
    )
    assert not changed("config/config.go", "BOMOverride", "Nop").decoded
    assert changed("config/config.go", "invalid JSON: ", "").prefix == ""
    assert rules_of({}) == ConfigRules(flags=(Flag("help", boolean=True),), package="daemon")


def test_old_flags() -> None:
    text = (
        'import flag "github.com/docker/docker/pkg/mflag"\n'
        'cmd.BoolVar(&V2Only, []string{"-disable-legacy-registry"}, false, "text")\n'
        'cmd.Var(opts.NewNamedListOptsRef("labels", &x, nil), []string{"#l", "-label"}, "text")\n'
        'cmd.IntVar(&mtu, []string{"#mtu", "-mtu"}, 0, usageFn("a (b), c"))\n'
        'file := flags.String([]string{name}, path, "text")\n'
        'const name = "-config-file"\n'
    )
    rules = rules_of({"registry/config.go": text})
    assert rules.dialect == "mflag"
    assert rules.flags == (
        Flag("config-file"),
        Flag("disable-legacy-registry", boolean=True),
        Flag("help", boolean=True),
        Flag("label", "labels"),
        Flag("mtu"),
    )


def test_a_flag_that_has_gone() -> None:
    gone = "\t// The '--disable-legacy-registry' flag has been removed.\n"
    assert not rules_of(NEWEST).legacy_removed
    assert rules_of(NEWEST | {"cmd/dockerd/daemon.go": gone}).legacy_removed


@pytest.mark.parametrize("name", list(PRESETS))
def test_presets(name: str) -> None:
    rules = preset_rules(name)
    assert rules.flag("insecure-registry") is not None
    assert rules.holds_registries is (name not in ("first-lookups", "ping-login"))
    assert (rules.reader == "") is (name == "first-lookups")
    assert rules.knows("debug")
    assert not any(map(rules.knows, ("", "Debug", "accept-insecure-registry")))
