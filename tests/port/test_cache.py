"""Ports kept between runs: the same bytes, and never an answer that is out of date."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from gopatch.cli.main import main
from gopatch.engine import compiled
from gopatch.port import cache
from gopatch.port import work as port
from gopatch.recipe.read import load
from gopatch.source import open_source
from gopatch.splice import FileChange
from tests.conftest import FIXTURES, Git, files
from tests.port.kept_ports import diff

LAYOUTS = ["v1.5.0", "v1.8.2", "v1.13.1", "v20.10.27", "docker-v29", "debian"]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_what_is_recalled_is_what_was_worked_out(layout: str, home: Path) -> None:
    patch = load("accept-insecure-registry")
    source = open_source(FIXTURES / layout)
    ports = [
        cache.remembered(patch, source, [layout], lambda s: port.work_out(patch, s))
        for _ in range(2)
    ]
    assert ports[0] == ports[1] == port.work_out(patch, source)
    assert len(list(home.iterdir())) == 1


def test_the_engine_works_once(
    tree: Path, tmp_path: Path, home: Path, worked: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    before = files(tree)
    found = [diff(tree, tmp_path / "out") for _ in range(3)]
    assert found[0] == found[1] == found[2]
    assert main(["check", "--docker-src", str(tree)]) == 0
    assert len(worked) == 1
    assert files(tree) == before


@pytest.mark.parametrize("form", ["unified", "html", "quilt"])
def test_a_kept_port_compiles_nothing(
    form: str, tree: Path, tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a page says of the forms that fit is read, and no pattern made of it."""
    first = diff(tree, tmp_path / "out", "--format", form)
    compiled.compiled.cache_clear()
    monkeypatch.setattr(compiled, "compile_change", None)  # would be called in vain
    assert diff(tree, tmp_path / "out", "--format", form) == first


UNASKED = (
    "git",
    "jinja2",
    "subprocess",
    "regex",
    "gopatch.engine",
    "tree_sitter",
    "gopatch.source.gitref",
)


@pytest.mark.thorough
def test_a_kept_port_imports_nothing_of_git_or_of_the_engine(tree: Path, home: Path) -> None:
    code = (
        "import sys; from gopatch.cli.main import main; main(['apply', '--docker-src', sys.argv[1]]);"
        f"print([m for m in {UNASKED} if m in sys.modules], file=sys.stderr)"
    )
    for _ in range(2):
        command = [sys.executable, "-c", code, str(tree)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert done.stderr == "[]\n"


def test_a_file_elsewhere_changes_nothing(
    tree: Path, tmp_path: Path, home: Path, worked: list[str]
) -> None:
    diff(tree, tmp_path / "out")
    (tree / "README.other").write_bytes(b"new\n")
    (tree / "cmd/other").mkdir()
    (tree / "cmd/other/main.go").write_bytes(b"package main\n")
    diff(tree, tmp_path / "out")
    assert len(worked) <= 2


@pytest.mark.parametrize(
    "harm",
    [
        lambda data: b"",
        lambda data: data[:-1],
        lambda data: data[:100] + b"?" + data[101:],
        lambda data: b"\n".join(reversed(data.split(b"\n"))),
        lambda data: b"\x00" * len(data),
    ],
    ids=["empty", "cut", "changed", "turned", "zeros"],
)
def test_what_is_broken_is_not_believed(
    harm: Callable[[bytes], bytes], tree: Path, tmp_path: Path, home: Path, worked: list[str]
) -> None:
    first = diff(tree, tmp_path / "out")
    (kept,) = home.iterdir()
    kept.write_bytes(harm(kept.read_bytes()))
    assert diff(tree, tmp_path / "out") == first
    assert len(worked) == 2


def test_another_patch_is_another_port(
    tree: Path, tmp_path: Path, home: Path, worked: list[str]
) -> None:
    one = diff(tree, tmp_path / "out")
    two = diff(tree, tmp_path / "out", "--patch", "always-http")
    assert one != two
    assert len(worked) == 2


@pytest.mark.thorough
def test_a_patch_folder_that_changes(
    tree: Path, tmp_path: Path, home: Path, worked: list[str]
) -> None:
    folder = shutil.copytree(load_folder(), tmp_path / "mine")
    one = diff(tree, tmp_path / "out", "--patch", str(folder))
    hub = folder / "docker_hub.go"
    hub.write_bytes(hub.read_bytes() + b"\n// mine\n")
    two = diff(tree, tmp_path / "out", "--patch", str(folder))
    assert one != two
    assert len(worked) == 2


def load_folder() -> Path:
    from gopatch.recipe.read import patches_folder

    return patches_folder() / "accept-insecure-registry"


def test_a_port_that_failed_is_not_kept(
    tree: Path, home: Path, worked: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    (tree / "registry/service_v2.go").write_bytes(b"package registry\n")
    for _ in range(2):
        assert main(["apply", "--docker-src", str(tree)]) == 1
    assert len(worked) == 2
    assert not home.exists()


def test_refs_are_recalled_by_their_objects(
    repository: Path, git: Git, tmp_path: Path, home: Path, worked: list[str]
) -> None:
    first = diff(repository, tmp_path / "out", "--ref", "trunk")
    assert diff(repository, tmp_path / "out", "--ref", "trunk") == first
    assert len(worked) == 1
    (repository / "registry/config.go").write_bytes(
        (repository / "registry/config.go").read_bytes() + b"\n// more\n"
    )
    git(repository, "commit", "-qam", "more")
    diff(repository, tmp_path / "out", "--ref", "trunk")
    assert len(worked) == 2


def test_another_gopatch_does_not_believe_it(
    tree: Path, tmp_path: Path, home: Path, worked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    diff(tree, tmp_path / "out")
    monkeypatch.setattr(cache, "_gopatch", lambda: b"another")
    diff(tree, tmp_path / "out")
    assert len(worked) == 2


@pytest.mark.parametrize("value", ["relative", ""])
def test_a_cache_home_that_is_not_absolute_is_ignored(
    value: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", value)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache.folder() == tmp_path / ".cache/gopatch"


def test_a_home_that_cannot_be_written_is_no_error(
    tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, worked: list[str]
) -> None:
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.delenv("GOPATCH_NO_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert diff(tree, tmp_path / "out") == diff(tree, tmp_path / "out")
    assert len(worked) == 2


def test_only_the_newest_are_kept(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "_KEPT", 2)
    patch = load("accept-insecure-registry")
    source = open_source(FIXTURES / "v20.10.27")
    for key in "abcd":
        cache.remembered(patch, source, [key], lambda s: port.work_out(patch, s))
    assert len(list(home.iterdir())) == 2


def test_removed_and_empty_files_are_told_apart() -> None:
    blobs: dict[bytes, int] = {}
    for change in (FileChange("a", None, b""), FileChange("a", b"", None)):
        packed = cache._packed(change, blobs)
        assert packed[1] != packed[2]
