"""The main job on Debian's packaged Docker: real source, real tools, real Go."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from gopatch.cli.main import main
from tests.conftest import files
from tests.toolchain import find_go

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def pristine() -> Path:
    path = os.environ.get("GOPATCH_DEBIAN_SRC")
    assert path, "set GOPATCH_DEBIAN_SRC to an unpacked `apt-get source docker.io`"
    return Path(path)


@pytest.fixture
def source(pristine: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(pristine, tmp_path / "docker.io", symlinks=True))


def diff_of(source: Path, tmp_path: Path) -> bytes:
    out = tmp_path / "out.patch"
    assert main(["apply", "--docker-src", str(source), "--output", str(out)]) == 0
    return out.read_bytes()


def test_diff_in_place_and_patch_agree(source: Path, pristine: Path, tmp_path: Path) -> None:
    before = files(source)
    diff = diff_of(source, tmp_path)
    assert files(source) == before
    other = Path(shutil.copytree(pristine, tmp_path / "other", symlinks=True))
    subprocess.run(["patch", "-p1", "-F0", "-s"], input=diff, cwd=other, check=True)
    assert main(["apply", "--docker-src", str(source), "--in-place"]) == 0
    assert files(source) == files(other)
    subprocess.run(["patch", "-p1", "-F0", "-s", "-R"], input=diff, cwd=other, check=True)
    assert files(other) == before


def test_second_run_changes_nothing(source: Path, tmp_path: Path) -> None:
    assert main(["apply", "--docker-src", str(source), "--in-place"]) == 0
    once = files(source)
    assert main(["apply", "--docker-src", str(source), "--in-place"]) == 0
    assert files(source) == once
    assert diff_of(source, tmp_path) == b""


def test_branch_holds_what_in_place_writes(source: Path) -> None:
    def git(*arguments: str) -> str:
        command = ["git", "-C", str(source), *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    git("init", "-q", "-b", "trunk")
    git("add", "-A", "-f")
    git("commit", "-q", "-m", "upstream")
    before = files(source)
    assert main(["apply", "--docker-src", str(source), "--branch", "patched"]) == 0
    assert files(source) == before
    assert git("status", "--porcelain") == ""
    names = git("diff", "--name-only", "trunk", "patched").split()
    assert main(["apply", "--docker-src", str(source), "--in-place"]) == 0
    assert {name for name, data in files(source).items() if data != before.get(name)} == set(names)
    for name in names:
        shown = subprocess.run(
            ["git", "-C", str(source), "show", f"patched:{name}"], check=True, capture_output=True
        )
        assert shown.stdout == (source / name).read_bytes()


def test_it_compiles_and_stays_gofmt(source: Path, tmp_path: Path) -> None:
    before = files(source)
    assert main(["apply", "--docker-src", str(source), "--in-place"]) == 0
    touched = [
        name for name, data in files(source).items()
        if name.endswith(".go") and data != before.get(name)
    ]  # fmt: skip
    assert touched
    go = find_go()
    listed = subprocess.run(
        [go.gofmt, "-l", *touched], cwd=source, check=True, capture_output=True, text=True
    )
    assert listed.stdout == ""
    work = tmp_path / "go/src/github.com/docker"
    work.mkdir(parents=True)
    for folder, name in (
        ("engine", "docker"),
        ("libnetwork", "libnetwork"),
        ("swarmkit", "swarmkit"),
    ):
        (source / folder).rename(work / name)
    environment = {
        **os.environ,
        "GO111MODULE": "off",
        "GOFLAGS": "",
        "GOPATH": f"{tmp_path}/go:/usr/share/gocode",
        "GOCACHE": os.environ.get("GOCACHE", str(tmp_path / "cache")),
    }
    built = subprocess.run(
        [go.go, "build", "./registry", "./daemon/config"],
        cwd=work / "docker",
        env=environment,
        check=False,
        capture_output=True,
        text=True,
    )
    assert built.returncode == 0, built.stderr


def test_every_road_of_debian_is_named(source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def roads() -> dict[str, dict[str, Any]]:
        assert main(["check", "--docker-src", str(source), "--json"]) == 0
        return {row["road"]: row for row in json.loads(capsys.readouterr().out)["roads"]}

    stock = roads()
    assert {name for name, road in stock.items() if road["outcome"] == "reached"} == {
        "login", "pull", "push", "plugin", "inspect", "search", "buildkit", "reload",
    }  # fmt: skip
    assert stock["containerd-store"]["outcome"] == "absent"
    for road in stock.values():
        assert all(site["path"].startswith("engine/") for site in road["sites"])
    assert main(["apply", "--docker-src", str(source), "--in-place"]) == 0
    capsys.readouterr()
    assert {name: road["edits"] for name, road in roads().items()} == {
        name: road["edits"] for name, road in stock.items()
    }
    # A source that has lost its registry hosts has BuildKit still, but no way to open it.
    file = source / "engine/daemon/daemon.go"
    file.write_text(file.read_text().replace("RegistryHosts()", "Hosts()"))
    assert main(["check", "--docker-src", str(source), "--json"]) == 0
    found = {row["road"]: row for row in json.loads(capsys.readouterr().out)["roads"]}
    assert found["buildkit"]["outcome"] == "missed"
    assert "a listed one is not asked" in found["buildkit"]["reason"]
