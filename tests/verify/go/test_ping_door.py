"""The door to the ping of releases without lookups: which they are, and how NewEndpoint is called."""

from __future__ import annotations

import pytest

from gopatch.verify._go import ping_door
from gopatch.verify._go.doors import doors, hosts
from gopatch.verify._go.go_packages import GoPackage
from gopatch.verify._go.harness import UnfitError
from tests.verify.go.test_doors import found

LIST = "func NewService(listed []string) *Service {\n"


def registry(text: str) -> GoPackage:
    return GoPackage("registry", "registry", text)


@pytest.mark.parametrize(
    ("fixture", "call"),
    [
        ("v1.3.1", "NewEndpoint(address, IsSecure(address, listed))"),
        ("v1.4.1", "NewEndpoint(address, listed)"),
        ("v1.5.0", "NewEndpoint(index)"),
        ("v1.7.1", "NewEndpoint(index, nil)"),
    ],
)
def test_each_argument_is_what_its_type_asks_for(fixture: str, call: str) -> None:
    package = found(fixture)["registry"]
    text = ping_door.ping_door(package, "").decode()
    assert f"endpoint, err := {call}\n" in text
    assert ("NewIndexInfo(address)" in text) == ("(index" in call)
    assert "GopatchOption" not in text


@pytest.mark.parametrize("fixture", ["v1.8.2", "v1.8.3", "v20.10.27", "docker-v29"])
def test_where_there_are_lookups_nothing_is_pinged(fixture: str) -> None:
    there = found(fixture)
    assert not ping_door.pings(there["registry"])
    assert "registry" not in hosts(there)
    assert ping_door.PING not in doors("example.org/docker", there, next(hosts(there))).names


def test_an_argument_that_may_be_left_out_is_and_names_may_share_a_type() -> None:
    text = (
        "func NewEndpoint(host, other string, secure bool, accept ...bool) (*Endpoint, error) {\n"
    )
    made = ping_door.ping_door(registry(text), "").decode()
    assert "NewEndpoint(address, address, IsSecure(address, listed))" in made


@pytest.mark.parametrize("text", ["", "func NewEndpoint(a chan int) {\n"])
def test_a_source_without_endpoints_or_with_others_is_not_driven(text: str) -> None:
    assert not ping_door.pings(registry(""))
    if not text:
        assert not ping_door.pings(None)
        return
    with pytest.raises(UnfitError, match="chan int"):
        ping_door.ping_door(registry(text), "")


@pytest.mark.parametrize(
    ("added", "name"),
    [
        ("var AcceptInsecureRegistry bool\n", "AcceptInsecureRegistry"),
        ("var httpToo = false\n", "httpToo"),
        ("var httpToo bool = false\n", "httpToo"),
        ("", ""),
        ("var a bool\nvar b bool\n", ""),
        ("var count int\n", ""),
    ],
)
def test_the_option_is_the_one_variable_that_a_port_has_added(added: str, name: str) -> None:
    old = "var known bool\n" + LIST
    assert ping_door.option(registry(old + added), registry(old)) == name


def test_flags_that_fill_what_no_service_is_made_of_are_not_driven() -> None:
    assert ping_door.takes_list(registry(LIST))
    made = doors("example.org/docker", found("v1.3.1"), "daemon")
    assert {"service", "ping"} <= made.names
    assert "flags" not in made.names


def test_flags_of_the_process_go_to_a_set_of_their_own() -> None:
    made = doors("example.org/docker", found("v1.7.1"), "registry")
    assert {"ping", "flags", "flagset", "command line"} <= made.names
    assert "&gopatch_flag.CommandLine" in made.file("registry").decode()
    assert "command line" not in doors("example.org/docker", found("v1.8.2"), "distribution").names
