"""Where the daemon's own functions are, on every fixture: text in, Go out."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from gopatch.source.directory import Directory
from gopatch.verify._go import harness, second_harness
from gopatch.verify._go.doors import doors, hosts
from gopatch.verify._go.go_packages import GoPackage, packages
from gopatch.verify._go.two_sides import JudgedSide
from tests.conftest import FIXTURES

STOCK = JudgedSide("original", {}, {})
LOOPS = {"pull", "push", "inspect"}


class _Space(NamedTuple):
    prefix: str


class _Work(NamedTuple):
    source: Directory
    space: _Space
    registry: str | None


def found(fixture: str, side: JudgedSide = STOCK) -> dict[str, GoPackage]:
    source = Directory(FIXTURES / fixture)
    place = next(f for f in ("daemon/pkg/registry", "registry") if source.entry(f) is not None)
    work: Any = _Work(source, _Space(""), place)
    return packages(work, side)


@pytest.mark.parametrize(
    ("fixture", "host", "names"),
    [
        ("v1.3.1", "daemon", {"ping"}),
        ("v1.7.1", "registry", {"ping", "flags"}),
        ("v1.8.2", "distribution", {"pull", "push", "flags"}),
        ("v1.8.3", "distribution", {"pull", "push", "flags"}),
        ("v1.10.3", "distribution", {"pull", "push", "flags"}),
        ("v1.11.2", "daemon", {"pull", "push", "flags", "reload"}),
        ("v1.13.1", "main", {*LOOPS, "flags", "reload"}),
        ("v19.03.15", "main", {*LOOPS, "flags", "reload", "hosts", "info"}),
        ("v20.10.27", "main", {*LOOPS, "plugin", "flags", "reload", "hosts", "info"}),
        ("docker-v29", "main", {*LOOPS, "plugin", "flags", "reload", "hosts"}),
    ],
)
def test_each_layout_has_its_doors(fixture: str, host: str, names: set[str]) -> None:
    there = found(fixture)
    assert next(hosts(there)) == host
    assert names <= doors("example.org/docker", there, host).names


def test_a_package_below_is_imported_and_the_own_one_is_not() -> None:
    there = found("v20.10.27")
    text = doors("example.org/docker", there, "main").file("main").decode()
    assert 'gopatch_distribution "example.org/docker/distribution"' in text
    assert 'gopatchDoors["flags"] = installCommonConfigFlags' in text
    text = doors("example.org/docker", there, "distribution").file("distribution").decode()
    assert 'gopatchDoors["pull"] = Pull' in text
    assert "example.org/docker/daemon" not in text  # it would import itself


def test_what_is_not_exported_is_reached_by_a_line_of_its_own_package() -> None:
    made = doors("example.org/docker", found("v20.10.27"), "main")
    assert list(made.added) == ["plugin/gopatch_door.go"]
    assert b"(*Manager).registryHostsFn" in made.added["plugin/gopatch_door.go"]


def test_a_port_is_read_with_its_own_files_and_without_tests_and_other_systems() -> None:
    laid: dict[str, bytes | None] = {
        "distribution/pull.go": b"package distribution\n",
        "distribution/own.go": b"package distribution\n\nfunc Pull() {}\n",
        "distribution/own_test.go": b"package distribution\n\nfunc Tested() {}\n",
        "distribution/own_windows.go": b"package distribution\n\nfunc Elsewhere() {}\n",
        "distribution/push.go": None,
    }
    package = found("v20.10.27", JudgedSide("port", laid, {}))["distribution"]
    assert package.has("Pull")
    assert not any(package.has(name) for name in ("Push", "Tested", "Elsewhere"))


def test_a_daemon_has_images_where_a_type_says_so() -> None:
    there = found("v20.10.27")
    package = there["daemon"]._replace(kind="images", folder="daemon/images")
    with_images = {**there, "images": package._replace(text="type ImageService struct {\n}\n")}
    text = doors("example.org/docker", with_images, "main").file("main").decode()
    assert "gopatchOfDaemon = append(gopatchOfDaemon, &gopatch_images.ImageService{})" in text


@pytest.mark.parametrize("text", ["", "type ImageService interface {\n}\n"])
def test_a_daemon_without_such_a_type_has_none(text: str) -> None:
    there = {**found("v20.10.27"), "images": GoPackage("images", "daemon/images", text)}
    made = doors("example.org/docker", there, "main").file("main").decode()
    assert "gopatchOfDaemon" not in made


@pytest.mark.parametrize(
    ("holds", "flags"), [("registry.ServiceOptions", "(*Config)"), ("Hosts []string", "(*gopatch")]
)
def test_flags_are_those_of_a_package_that_has_to_do_with_the_options(
    holds: str, flags: str
) -> None:
    text = (
        'import (\n\tflag "a.b/mflag"\n)\n\n'
        f"type Config struct {{\n\t{holds}\n}}\n\nfunc (c *Config) InstallFlags() {{\n}}\n"
    )
    there = {**found("v1.7.1"), "daemon": GoPackage("daemon", "daemon", text)}
    made = doors("example.org/docker", there, "daemon").file("daemon").decode()
    assert f'gopatchDoors["flags"] = {flags}' in made
    assert ("ServiceOptions" in text) == ('gopatchDoors["options"] = (*Config)(nil)' in made)


@pytest.mark.parametrize("gone", ["distribution", "plugin", "daemon"])
def test_a_package_that_is_not_there_has_no_doors(gone: str) -> None:
    there = {kind: package for kind, package in found("v20.10.27").items() if kind != gone}
    made = doors("example.org/docker", there, "main")
    assert f"gopatch_{gone} " not in made.file("main").decode()


@pytest.mark.parametrize(
    ("text", "name", "path"),
    [
        ('import (\n\t"a.b/c/reference"\n)', "reference", "a.b/c/reference"),
        ('import (\n\tother "a.b/c/reference"\n)', "other", "a.b/c/reference"),
        ('import (\n\t"a.b/c/reference"\n)', "registry", ""),
        ("", "reference", ""),
    ],
)
def test_an_import_is_found_by_its_name(text: str, name: str, path: str) -> None:
    assert GoPackage("x", "x", text).import_of(name) == path


def test_go_templates_name_the_package_that_they_are_compiled_into() -> None:
    for file in Path(doors.__code__.co_filename).parent.glob("*.go"):
        assert file.read_text().startswith("package registry\n"), file


@pytest.mark.parametrize("names", [harness.FILES, second_harness._FILES])
def test_files_that_are_compiled_together_declare_no_name_twice(names: tuple[str, ...]) -> None:
    folder = Path(doors.__code__.co_filename).parent
    texts = [(folder / f"{name}.go").read_text() for name in names]
    declared = [
        name
        for text in texts
        for name in re.findall(r"^(?:func|type|var|const) (\w+)", text, re.MULTILINE)
    ]
    assert len(declared) > 30
    assert sorted(declared) == sorted(set(declared))
