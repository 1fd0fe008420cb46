"""A repository with a fix on its trunk and an old line, made once for all tests."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest

from gopatch.authoring.txtar import read_txtar

_CASE = Path(__file__).parent / "cases" / "a-renamed-variable.txtar"
_WHO = {
    "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C",
    "GIT_AUTHOR_NAME": "Ada Fixer", "GIT_AUTHOR_EMAIL": "ada@example.org",
    "GIT_COMMITTER_NAME": "Ada Fixer", "GIT_COMMITTER_EMAIL": "ada@example.org",
    "GIT_AUTHOR_DATE": "2026-01-02T03:04:05Z", "GIT_COMMITTER_DATE": "2026-01-02T03:04:05Z",
}  # fmt: skip


class History(NamedTuple):
    """A repository: `fix` is the commit, its parent is tagged v2.0.0, the old line is v1.0.0."""

    path: Path
    fix: str
    port: bytes


@pytest.fixture(scope="session")
def history(tmp_path_factory: pytest.TempPathFactory) -> History:
    folder = tmp_path_factory.mktemp("history")
    _, files = read_txtar(_CASE.read_bytes())

    def git(*words: str) -> str:
        environment = {"PATH": os.environ["PATH"], "HOME": str(folder), **_WHO}
        done = subprocess.run(
            ["git", "-C", str(folder), *words],
            check=True,
            capture_output=True,
            text=True,
            env=environment,
        )
        return done.stdout.strip()

    def commit(side: str, message: str, tag: str) -> None:
        (folder / "store.go").write_bytes(files[f"{side}/store.go"])
        git("add", "-A")
        git("commit", "-q", "-m", message)
        git("tag", tag)

    git("init", "-q", "-b", "trunk")
    commit("target", "the old line", "v1.0.0")
    commit("made", "a context everywhere", "v2.0.0")
    commit("after", "Refuse what is locked\n\nA locked item was removed.", "v2.0.1")
    return History(folder, git("rev-parse", "v2.0.1"), files["port/store.go"])
