"""Which folders are the engine's and the command line's, where more than one could be."""

from __future__ import annotations

import shutil
import tarfile
from pathlib import Path

import pytest

from gopatch.cli.main import main
from gopatch.errors import SourceError
from gopatch.source import open_source
from gopatch.source.roots import Roots, find_roots
from tests.conftest import FIXTURES, files


def engine(folder: Path) -> Path:
    """The least that is an engine."""
    for path, package in (("registry/r.go", "registry"), ("daemon/d.go", "daemon")):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(f"package {package}\n")
    return folder


def cli(folder: Path) -> Path:
    """The least that is docker/cli."""
    for path in ("cmd/docker/docker.go", "cli/command/cli.go", "man/x.md"):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text("package x\n")
    return folder


@pytest.mark.parametrize("pair", [("a", "b"), ("moby-20", "moby-24"), ("x/moby", "y/z/moby")])
def test_two_engines_are_refused_and_both_named(pair: tuple[str, str], tmp_path: Path) -> None:
    for name in pair:
        engine(tmp_path / "top" / name)
    with tarfile.open(tmp_path / "top.tar", "w") as archive:
        archive.add(tmp_path / "top", ".")
    for source in (tmp_path / "top", tmp_path / "top.tar"):
        with pytest.raises(SourceError, match=f"2 engines: `{pair[0]}`, `{pair[1]}`"):
            find_roots(open_source(source))


def test_nothing_is_written_into_either(tmp_path: Path) -> None:
    shutil.copytree(FIXTURES / "v1.13.1", tmp_path / "top/a")
    shutil.copytree(FIXTURES / "v28.5.2", tmp_path / "top/b")
    before = files(tmp_path)
    assert main(["apply", "--docker-src", str(tmp_path / "top"), "--in-place"]) == 2
    assert files(tmp_path) == before


@pytest.mark.parametrize(
    ("engines", "other", "roots"),
    [
        ("", "cli-24.0.5", Roots("", "cli-24.0.5")),
        ("", "docker-cli", Roots("", "docker-cli")),
        ("", "client", Roots("", None)),
        ("", "vendor/cli", Roots("", None)),
        ("moby-24", "moby-24/cli-24", Roots("moby-24", "moby-24/cli-24")),
        ("moby-24", "cli-24", Roots("moby-24", "cli-24")),
        ("engine", "docker-cli-9", Roots("engine", "docker-cli-9")),
        ("engine", "cli", Roots("engine", "cli")),
    ],
)
def test_a_command_line_is_found(engines: str, other: str, roots: Roots, tmp_path: Path) -> None:
    engine(tmp_path / engines)
    cli(tmp_path / other)
    assert find_roots(open_source(tmp_path)) == roots


@pytest.mark.parametrize("copy", ["vendor/github.com/docker/docker", "_build/moby", ".tmp/moby"])
def test_a_copy_is_no_second_engine(copy: str, tmp_path: Path) -> None:
    engine(tmp_path / "moby")
    engine(tmp_path / copy)
    engine(tmp_path / "moby/testing/copy")
    assert find_roots(open_source(tmp_path)) == Roots("moby", None)


@pytest.mark.parametrize("command", ["apply", "check"])
def test_the_command_line_alone_is_told_the_way(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cli(tmp_path)
    assert main([command, "--docker-src", str(tmp_path), "--only", "papers"]) == 2
    assert "side by side" in capsys.readouterr().err
