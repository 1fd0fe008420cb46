"""An argument that names nothing, or one thing twice, is a mistake and is said to be one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gopatch.cli.main import main
from tests.conftest import FIXTURES, Git, files

SOURCE = str(FIXTURES / "v1.13.1")


def refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    try:
        code = main(words)
    except SystemExit as error:
        code = int(error.code or 0)
    out, err = capsys.readouterr()
    assert code == 2
    assert out == ""
    return err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["apply", "--docker-src", "", "--in-place"], "--docker-src is empty"),
        (["apply", "--docker-src", ".", "--output", ""], "--output is empty"),
        (["check", "--docker-src=", "--json"], "--docker-src is empty"),
        (["check", "--docker-src", ".", "--ref", ""], "--ref is empty"),
        (["port", "--docker-src", ".", "--ref", "", "--output", "o"], "--ref is empty"),
        (
            ["check", "--docker-src", ".", "--ref", "a", "--ref", "b"],
            "--ref can be given only once",
        ),
        (
            ["check", "--docker-src", ".", "--docker-src", "b"],
            "--docker-src can be given only once",
        ),
        (["apply", "--docker-src", ".", "--output", "a", "--output", "b"], "--output can be"),
        (["apply", "--docker-src", ".", "--branch", "a", "--branch", "b"], "--branch can be"),
        (["apply", "--docker-src", ".", "--recipe", "a", "--recipe", "b"], "--recipe can be"),
        (["apply", "--docker-src", ".", "--prefix", "a/", "--prefix", "b/"], "--prefix can be"),
        (["apply", "--docker-src", ".", "-U", "1", "-U", "2"], "-U can be"),
    ],
)
def test_refused(
    tree: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    said: str,
) -> None:
    monkeypatch.chdir(tree)
    before = files(tree)
    assert said in refused(words, capsys)
    assert files(tree) == before


def test_an_empty_prefix_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["apply", "--docker-src", SOURCE, "--prefix", ""]) == 0
    assert "+++ b/registry" in capsys.readouterr().out


def test_the_formats_are_listed_without_a_source(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["apply", "--format", "help"])
    assert not ended.value.code
    assert "unified: " in capsys.readouterr().out


def test_a_clone_with_nothing_checked_out_is_told_of_ref(
    repository: Path, git: Git, capsys: pytest.CaptureFixture[str]
) -> None:
    bare = repository.parent / "clone"
    git(repository, "clone", "-q", "--no-checkout", str(repository), str(bare))
    assert "--ref HEAD" in refused(["check", "--docker-src", str(bare)], capsys)


@pytest.mark.parametrize("command", [["check"], ["apply"], ["apply", "--format", "rpm"]])
def test_of_a_bare_repository_it_is_said_what_is_read(
    command: list[str], repository: Path, capsys: pytest.CaptureFixture[str], git: Git
) -> None:
    bare = repository.parent / "bare.git"
    git(repository, "clone", "-q", "--bare", str(repository), str(bare))
    assert main([*command, "--docker-src", str(bare)]) == 0
    assert f"{bare} is bare: its HEAD is read; --ref names another" in capsys.readouterr().err
    assert main([*command, "--docker-src", str(bare), "--ref", "HEAD"]) == 0
    assert "is bare" not in capsys.readouterr().err


def test_a_sparse_work_tree_is_named(
    repository: Path, git: Git, capsys: pytest.CaptureFixture[str]
) -> None:
    git(repository, "sparse-checkout", "set", "docs")
    assert "sparse work tree" in refused(["check", "--docker-src", str(repository)], capsys)
    assert main(["check", "--docker-src", str(repository), "--ref", "HEAD", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["status"] == "applied"
