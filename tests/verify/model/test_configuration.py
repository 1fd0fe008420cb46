"""The keys of the daemon's configuration, read from its struct."""

from __future__ import annotations

import pytest

from gopatch.evaluate import Library, Machine, Package, Struct, UnsupportedError
from gopatch.model import Options
from gopatch.verify._model.configuration import ValuesSet, entries, fill, switch_on

_GO = """package config

type Level int
type Names []string

type Log struct {
	Driver string `json:"log-driver"`
}

type Common struct {
	Debug  bool              `json:"debug,omitempty"`
	Labels Names             `json:"labels"`
	Log
	Grouped Log               `json:"grouped"`
	Limit  Level             `json:"limit"`
	Flags  map[string]bool   `json:"flags"`
	Units  map[string]string `json:"units"`
	Own    bool              `json:"-"`
	Bare   bool
	Made   chan int          `json:"made"`
	Counts []int             `json:"counts"`
	ValuesSet map[string]interface{} `json:"-"`
}

type Config struct {
	Common
	Mirrors []string `json:"registry-mirrors"`
	Accept  bool     `json:"accept"`
}
"""

KNOWN = {
    "debug": True,
    "labels": ["one", "other"],
    "log-driver": "some",
    "limit": 7,
    "flags": {"some": True},
    "units": {"some": "some"},
    "registry-mirrors": ["one", "other"],
    "accept": True,
}


def _config() -> Struct:
    made = Machine(Package([("p/p.go", _GO.encode())]), Library()).zero_of("Config")
    assert isinstance(made, Struct)
    return made


def test_each_key_of_a_configuration_has_a_value_that_it_may_have() -> None:
    assert {each.key: each.value for each in entries(_config())} == KNOWN


def test_a_struct_of_no_known_package_has_no_keys() -> None:
    assert list(entries(Struct("config.Config", {"Debug": False}))) == []


@pytest.mark.parametrize("key", sorted(set(KNOWN) - {"registry-mirrors", "accept"}))
def test_a_key_beside_the_option_is_set_alone(key: str) -> None:
    config, asked = _config(), set[str]()
    fill(config, Options(), "Accept", ValuesSet((key,), asked), (key,))
    zero = {each.key: each.holder.fields[each.field] for each in entries(_config())}
    held = {each.key: each.holder.fields[each.field] for each in entries(config)}
    assert held[key] == KNOWN[key] != zero[key]
    rest = {name for name in zero if name not in (key, "registry-mirrors")}
    assert all(held[name] == zero[name] for name in rest)


def test_nothing_is_set_for_a_key_that_has_no_field() -> None:
    one, other = _config(), _config()
    fill(one, Options(), "", ValuesSet(("hosts",), set()), ("hosts",))
    fill(other, Options(), "", ValuesSet((), set()))
    keys = one.fields["Common"].fields.pop("ValuesSet")
    assert "hosts" in keys
    assert other.fields["Common"].fields.pop("ValuesSet") == {}
    assert one == other


def test_the_keys_that_are_asked_for_are_noted_whether_they_are_there_or_not() -> None:
    asked = set[str]()
    keys = ValuesSet(("debug",), asked)
    assert asked == set()
    assert ("debug" in keys, "hosts" in keys, asked) == (True, False, {"debug", "hosts"})


def test_a_configuration_that_is_no_struct_is_not_filled() -> None:
    with pytest.raises(UnsupportedError, match="no struct"):
        fill(None, Options(), "", ValuesSet((), set()))


def test_every_switch_is_set_and_nothing_else() -> None:
    config = _config()
    switch_on(config)
    held = {each.key: each.holder.fields[each.field] for each in entries(config)}
    assert (held["debug"], held["accept"], held["limit"], held["log-driver"]) == (True, True, 0, "")
    assert config.fields["Common"].fields["Bare"] is True
