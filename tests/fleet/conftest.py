"""Fixtures of this folder."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import FIXTURES, Git
from tests.fleet.run_world import HISTORY
from tests.history import replace


@pytest.fixture(scope="session")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the history of `moby` is; made by the first test that asks, which is sealed."""
    return tmp_path_factory.mktemp("history") / "moby"


@pytest.fixture
def moby(history: Path, tmp_path: Path, git: Git) -> Path:
    """A history of several layouts, tagged, with refs that are no Docker and too old for it."""
    if not history.exists():
        make(history, git)
    return Path(shutil.copytree(history, tmp_path / "moby", symlinks=True))


def make(folder: Path, git: Git) -> None:
    subprocess.run(["git", "init", "-q", "-b", "trunk", str(folder)], check=True)

    def take(source: Path | None, tag: str) -> None:
        replace(folder, source)
        if source is None:
            (folder / "README.md").write_text("nothing\n")
            git(folder, "add", "README.md")
        git(folder, "commit", "-q", "-m", tag)
        git(folder, "tag", tag)

    take(None, "v0.0.1")
    for name in HISTORY:
        take(FIXTURES / name, name)
        if name == "v20.10.27":
            (folder / "notes.txt").write_text("no Go\n")
            git(folder, "add", "-A")
            git(folder, "commit", "-q", "-m", "notes")
            git(folder, "tag", "-a", "-m", "annotated", "release/v20.10.28")
    (folder / "daemon/pkg/registry/service_v2.go").write_text("package registry\n")
    git(folder, "commit", "-q", "-a", "-m", "broken")
    git(folder, "branch", "broken")
