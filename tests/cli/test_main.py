"""The command line: what is printed where, and the exit codes."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.cli.running import run
from tests.conftest import Git, files


def test_apply_prints_a_diff_and_changes_nothing(
    tree: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    before = files(tree)
    assert run("apply", "--docker-src", tree) == 0
    out, err = capsysbinary.readouterr()
    assert out.startswith(b"--- a/cmd/dockerd/config.go\n")
    assert err == b""
    assert files(tree) == before


def test_the_diff_and_in_place_agree_there_and_back(
    tree: Path, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    before = files(tree)
    out = tmp_path / "out.patch"
    assert run("apply", "--docker-src", tree, "--output", out, "-U", 1) == 0
    assert run("apply", "--docker-src", tree, "--reverse") == 0
    back = capsysbinary.readouterr().out
    assert run("apply", "--docker-src", tree, "--in-place") == 0
    written = files(tree)
    assert b"changed registry/config.go" in capsysbinary.readouterr().err
    subprocess.run(["patch", "-p1", "-F0", "-s"], input=back, cwd=tree, check=True)
    assert files(tree) == before
    subprocess.run(["patch", "-p1", "-F0", "-s", "-i", str(out)], cwd=tree, check=True)
    assert files(tree) == written


def test_a_second_run_says_already(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("apply", "--docker-src", tree, "--in-place") == 0
    before = files(tree)
    capsys.readouterr()
    assert run("apply", "--docker-src", tree) == 0
    assert run("apply", "--docker-src", tree, "--in-place") == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("gopatch: already: ") == 2
    assert files(tree) == before


def test_a_ref_is_patched_onto_a_branch(repository: Path, git: Git) -> None:
    before = files(repository)
    arguments = ("apply", "--docker-src", repository, "--ref", "v20.10.27", "--branch", "mine")
    assert run(*arguments) == 0
    made = git(repository, "rev-parse", "mine")
    assert run(*arguments) == 0
    assert git(repository, "rev-parse", "mine") == made
    assert files(repository) == before
    assert "Generated-by: gopatch" in git(repository, "show", "-s", "--format=%B", "mine")


def test_check_tells_edit_by_edit(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check", "--docker-src", tree) == 0
    table = capsys.readouterr().out
    assert "guard-v2" in table
    assert "registry/service_v2.go:" in table
    assert run("check", "--docker-src", tree, "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["status"] == "applied"
    assert {e["outcome"] for e in found["edits"]} == {"applied", "absent"}


def test_check_fails_where_apply_would(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tree / "registry/service_v2.go").write_bytes(b"package registry\n")
    before = files(tree)
    assert run("check", "--docker-src", tree) == 1
    out, err = capsys.readouterr()
    assert "! guard-v2" in out
    assert "guard-v2: " in err
    assert run("apply", "--docker-src", tree, "--in-place") == 1
    assert "nothing was written" in capsys.readouterr().err
    assert files(tree) == before


def test_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("list") == 0
    assert "guard/url" in capsys.readouterr().out
    assert run("list", "--json") == 0
    assert {p["name"] for p in json.loads(capsys.readouterr().out)} >= {"always-http"}
