"""Whatever a run is cut short by, what it wrote is there as a whole, or not, or the next run sees to it."""

from __future__ import annotations

import errno
import os
import signal
from pathlib import Path

import pytest

from gopatch.errors import SourceError
from gopatch.files import FOLDER, locked, recover
from gopatch.source import open_source
from tests.conftest import Git, files
from tests.files_world import (
    NEW,
    OLD,
    ONE,
    Write,
    every_call,
    full_disk,
    half,
    kill,
    make,
    many,
    one,
)

THOROUGH = pytest.mark.thorough


@pytest.mark.parametrize(("write", "new"), [pytest.param(many, NEW, marks=THOROUGH), (one, ONE)])
def test_killed_at_every_call(tmp_path: Path, write: Write, new: dict[str, bytes]) -> None:
    root = tmp_path / "r"
    told = []

    def judge(status: int) -> None:
        now = files(root)
        is_half = (root / FOLDER / ".git/journal.json").exists()
        assert is_half or now in (OLD, new)
        if is_half:
            with pytest.raises(SourceError, match="is half written"):
                open_source(root).listdir("")
            assert files(root) == now
        with locked(root):
            told.append(recover(root))
        assert bool(told[-1]) == is_half
        assert files(root) in (OLD, new)
        assert not (root / FOLDER).exists()

    assert every_call(kill, write, root, judge) > 10
    assert any("finished" in words for words in told) == (write is many)


@pytest.mark.parametrize(
    "sign",
    [
        signal.SIGTERM,
        pytest.param(signal.SIGHUP, marks=THOROUGH),
        pytest.param(signal.SIGINT, marks=THOROUGH),
    ],
)
@pytest.mark.parametrize(("write", "new"), [pytest.param(many, NEW, marks=THOROUGH), (one, ONE)])
def test_stopped_at_every_call(
    tmp_path: Path, write: Write, new: dict[str, bytes], sign: signal.Signals
) -> None:
    root = tmp_path / "r"

    def judge(status: int) -> None:
        assert files(root) in (OLD, new)
        assert not (root / FOLDER).exists()

    every_call(lambda: os.kill(os.getpid(), sign), write, root, judge)


@pytest.mark.parametrize(("write", "new"), [(many, NEW), (one, ONE)])
def test_a_full_disk_at_every_call(tmp_path: Path, write: Write, new: dict[str, bytes]) -> None:
    root = tmp_path / "r"

    def judge(status: int) -> None:
        assert os.waitstatus_to_exitcode(status) in (0, 3)
        now = files(root)
        with locked(root):
            recover(root)
        assert files(root) in (OLD, new)
        assert status or now == files(root)

    every_call(full_disk, write, root, judge)


def test_a_signal_that_is_not_heard_stops_nothing(tmp_path: Path) -> None:
    root = make(tmp_path / "r")
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGHUP})
        os.kill(os.getpid(), signal.SIGHUP)
        many(root)
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGHUP})
        signal.signal(signal.SIGHUP, before)
    assert files(root) == NEW


def test_git_adds_nothing_of_what_is_half_written(tmp_path: Path, git: Git) -> None:
    root = make(tmp_path / "r")
    git(root, "init", "-q")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "x")
    half(root)
    git(root, "add", "-A")
    assert FOLDER not in git(root, "status", "--porcelain", "--ignored")


def test_many_kept_apart_file_systems_need_no_second_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    root = make(tmp_path / "r")
    monkeypatch.setattr(os, "link", refused)
    half(root)
    with locked(root):
        assert "finished" in recover(root)
    assert files(root) == NEW
