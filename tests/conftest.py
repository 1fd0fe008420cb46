"""Every test is sealed from the machine: no HOME, no git configuration, a fixed time."""

from __future__ import annotations

import gc
import os
import shutil
import subprocess
import sysconfig
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from gopatch.fleet import run as fleet
from gopatch.port import work
from gopatch.port.work import Memo
from gopatch.recipe import read
from gopatch.recipe.values import Patch

FIXTURES = Path(__file__).parent.parent / "fixtures"
Git = Callable[..., str]
# What changes do to bytes, for the whole session: it is keyed by both, whoever asks.
_MEMO = Memo()
_FOLDER = read._folder
_COME_WITH_IT = Path(__file__).parent.parent / "patches"
# How long an example takes is the machine's to say, and others work on it, too.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")
# Thousands of tests and ports that are kept: a search for garbage looks at all of them, and finds little.
gc.set_threshold(50_000, 20, 100)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="rewrite tests/cases/*.txtar")


@pytest.fixture(autouse=True, scope="session")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Once for all tests: whoever changes the environment asks monkeypatch, which puts it back."""
    with pytest.MonkeyPatch.context() as patch:
        _seal(patch, tmp_path_factory)
        yield


def _seal(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    home = tmp_path_factory.getbasetemp() / "home"
    home.mkdir(exist_ok=True)
    for name in (
        "SOURCE_DATE_EPOCH", "GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE", "GOPATCH_NO_CACHE",
        "PYTHONDONTWRITEBYTECODE",
    ):  # fmt: skip
        monkeypatch.delenv(name, raising=False)
    values = {
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home),
        # Ports are kept for the session: each is asked for byte by byte before it is taken again.
        "XDG_CACHE_HOME": str(home / "cache"),
        # Many tests start gopatch: it is compiled once, and not beside its source.
        "PYTHONPYCACHEPREFIX": str(home / "bytecode"),
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "A Packager",
        "GIT_AUTHOR_EMAIL": "packager@example.org",
        "GIT_COMMITTER_NAME": "A Packager",
        "GIT_COMMITTER_EMAIL": "packager@example.org",
        "GIT_AUTHOR_DATE": "2026-01-02T03:04:05Z",
        "GIT_COMMITTER_DATE": "2026-01-02T03:04:05Z",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "NO_COLOR": "1",
    }
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    for module in (work, fleet):
        monkeypatch.setattr(module, "Memo", lambda: _MEMO)
    monkeypatch.setattr(read, "_folder", _read)


def _read(folder: Path) -> Patch:
    """What a folder says; one of those that come with gopatch, which no test changes, is read once."""
    return _read_once(folder) if folder.parent == _COME_WITH_IT else _FOLDER(folder)


_read_once = cache(_FOLDER)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A small Docker tree that a test may change."""
    return shutil.copytree(
        FIXTURES / "v20.10.27", tmp_path / "docker", copy_function=shutil.copyfile
    )


@pytest.fixture
def git() -> Git:
    """Run git in a folder and give what it prints."""

    def run(folder: Path, *arguments: str) -> str:
        command = ["git", "-C", str(folder), *arguments]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    return run


@pytest.fixture
def repository(tree: Path, git: Git) -> Path:
    """The same tree, committed on the branch `trunk` and tagged `v20.10.27`."""
    git(tree, "init", "-q", "-b", "trunk")
    git(tree, "add", "-A", "-f")
    git(tree, "commit", "-q", "-m", "upstream")
    git(tree, "tag", "v20.10.27")
    return tree


def files(root: Path) -> dict[str, bytes]:
    """Every file below `root` but git's own, with its bytes."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and not path.is_symlink() and ".git" not in path.parts
    }


@pytest.fixture(scope="session")
def go(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a Go that asks nobody and leaves nothing behind."""
    tools = Path(sysconfig.get_paths()["purelib"]) / "go" / "bin"
    path = os.pathsep.join([str(tools), os.environ.get("PATH", "")])
    if shutil.which("go", path=path) is None or shutil.which("gofmt", path=path) is None:
        pytest.skip("no Go here")
    home = tmp_path_factory.mktemp("go")
    return {
        "PATH": path,
        "HOME": str(home),
        "GOCACHE": os.environ.get("GOCACHE", str(home / "cache")),
        "GOPATH": str(home / "path"),
        "GOFLAGS": "-mod=mod",
        "GOPROXY": "off",
        "GOTOOLCHAIN": "local",
        "GOWORK": "off",
        "CGO_ENABLED": "0",
    }
