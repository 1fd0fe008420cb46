"""The fixtures have the structure that they stand for, and with Go at hand they build and work."""

from __future__ import annotations

import os
import re

import pytest

from tests.patches.layouts import (
    BASH,
    FIELD,
    FISH,
    FIXTURES,
    FLAG,
    FOLDERS,
    GUARD,
    LAYOUTS,
    MAN,
    NEW,
    PAGE,
    PARSER,
    PING,
    TEXTS,
    ZSH,
    _expected_rounds,
    _rounds,
    _sites,
)


def test_readme_lists_every_folder() -> None:
    listed = re.findall(r"^\| `([^`]+)` \|", (FIXTURES / "README.md").read_text(), re.M)
    assert sorted(listed) == FOLDERS
    assert len(set(listed)) == len(listed)


def test_every_engine_has_its_facts() -> None:
    assert sorted([*LAYOUTS, "cli"]) == FOLDERS


@pytest.mark.parametrize("fixture", FOLDERS)
def test_go_parses(fixture: str) -> None:
    for path in sorted((FIXTURES / fixture).rglob("*.go")):
        assert not PARSER.parse(path.read_bytes()).root_node.has_error, path


@pytest.mark.parametrize("fixture", FOLDERS)
def test_files_are_plain(fixture: str) -> None:
    for path in (path for path in (FIXTURES / fixture).rglob("*") if path.is_file()):
        data = path.read_bytes()
        assert data.endswith(b"\n"), path
        assert b"\r" not in data, path
        assert b"accept-insecure-registry" not in data, f"{path}: a fixture is unpatched"
        assert os.fsencode(str(FIXTURES.parent)) not in data, path
        assert data.isascii(), path


@pytest.mark.parametrize("fixture", LAYOUTS)
def test_sites(fixture: str) -> None:
    layout = LAYOUTS[fixture]
    assert _sites(fixture, FIELD) == [layout.option]
    assert _sites(fixture, FLAG) == [layout.flag]
    assert _sites(fixture, NEW) == [f"{layout.registry}/service.go: {layout.new}"]
    assert [site.split(": ", 1)[1] for site in _sites(fixture, GUARD)] == list(layout.lookup)
    assert _sites(fixture, PING) == [layout.ping]


@pytest.mark.parametrize("fixture", LAYOUTS)
def test_v2_lookup_has_a_file_of_its_own(fixture: str) -> None:
    registry = LAYOUTS[fixture].registry
    for site in _sites(fixture, GUARD):
        name, function = site.split(": ", 1)
        version = re.search(r"lookupV([12])", function)
        assert name == f"{registry}/service{f'_v{version[1]}' if version else ''}.go"


@pytest.mark.parametrize("fixture", [name for name in LAYOUTS if LAYOUTS[name].lookup])
def test_who_tries_the_endpoints(fixture: str) -> None:
    assert _rounds(fixture) == _expected_rounds(fixture)


@pytest.mark.parametrize("fixture", FOLDERS)
def test_texts(fixture: str) -> None:
    folder = FIXTURES / fixture
    suffixes = {".md", ".fish"}
    names = {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.suffix in suffixes or ("completion" in path.parts and path.is_file())
    }
    assert names == set(TEXTS.get(fixture, ()))
    for name in names:
        assert "insecure-registry" in (folder / name).read_text()


@pytest.mark.parametrize(
    ("name", "line"),
    [
        pytest.param(MAN, r"\[\*\*--insecure-registry\*\*\[=\*\[\]\*\]\]", id="man-synopsis"),
        pytest.param(MAN, r"\*\*--insecure-registry\*\*=\[\]", id="man-option"),
        pytest.param(BASH, r"\t\t--insecure-registry", id="bash"),
        pytest.param(ZSH, r' {16}"\(\$help\)\*--insecure-registry=\[.*\]:registry: " \\', id="zsh"),
        pytest.param(
            FISH,
            r"complete -c docker -f -n '__fish_docker_no_subcommand' -l insecure-registry -d '.*'",
            id="fish",
        ),
        pytest.param(PAGE, r" {6}--insecure-registry \w+ {2,}\S.*", id="page-option"),
        pytest.param(PAGE, r'\s+"insecure-registries": \[\],', id="page-json"),
    ],
)
def test_text_lines(name: str, line: str) -> None:
    for folder in ("v1.13.1", "docker-ce/components/cli", "debian/cli"):
        lines = (FIXTURES / folder / name).read_text().splitlines()
        assert any(re.fullmatch(line, text) for text in lines), folder


@pytest.mark.parametrize("fixture", ["docker-ce/components/cli", "debian/cli"])
def test_vendored_copies_stand_outside_the_engine(fixture: str) -> None:
    copy = FIXTURES / fixture / "vendor/github.com/docker/docker/registry/service_v2.go"
    assert GUARD.search(copy.read_bytes())
