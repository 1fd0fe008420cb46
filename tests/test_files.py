"""Whatever a run is cut short by, what it wrote is there as a whole, or not, or the next run sees to it."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gopatch.errors import SourceError
from gopatch.files import FOLDER, locked, recover, write_all, write_file
from gopatch.source import open_source
from gopatch.splice import FileChange
from tests.conftest import Git, files

# What changes a disk; pathlib, shutil and files.py all look these up when they call them.
CALLS = ("open", "link", "replace", "fsync", "fchmod", "mkdir", "unlink", "rmdir", "fdopen")
OLD = {"a.go": b"a\n", "sub/b.go": b"b\r\n", "gone.go": b"gone\n"}
NEW = {"a.go": b"A\n", "sub/b.go": b"B\r\n", "sub/new.go": b"new\n"}
CHANGES = [
    FileChange("a.go", b"a\n", b"A\n"),
    FileChange("sub/b.go", b"b\r\n", b"B\r\n"),
    FileChange("sub/new.go", None, b"new\n"),
    FileChange("gone.go", b"gone\n", None),
]
Write = Callable[[Path], None]


def many(root: Path) -> None:
    with locked(root):
        write_all(root, CHANGES)


def one(root: Path) -> None:
    write_file(root / "a.go", b"A\n")


ONE = {**OLD, "a.go": b"A\n"}


def make(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "sub").mkdir(parents=True)
    for name, data in OLD.items():
        (folder / name).write_bytes(data)
    return folder


def at_call(
    number: int,
    act: Callable[[], None],
    write: Write,
    root: Path,
    calls: tuple[str, ...] = CALLS,
) -> int:
    """Run `write` in a process of its own, which does `act` before its n-th call; how that ended.

    As os.waitpid has it; it exits with 0 when it is done and with 3 for an error that it says.
    """
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1]
    try:
        for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(each, signal.SIG_DFL)
        count_calls(number, act, calls)
        write(root)
    except SourceError:
        os._exit(3)
    except BaseException:
        os._exit(4)
    os._exit(0)


def count_calls(number: int, act: Callable[[], None], calls: tuple[str, ...]) -> None:
    seen = 0

    def wrapped(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            nonlocal seen
            seen += 1
            if seen == number:
                act()
            return real(*arguments, **options)

        return call

    os.fsync = lambda fd: None  # nobody pulls the plug here, and a disk takes its time
    for name in calls:
        setattr(os, name, wrapped(getattr(os, name)))


def kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def full_disk() -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def every_call(
    act: Callable[[], None], write: Write, root: Path, judge: Callable[[int], None]
) -> int:
    """Do it at the first call, the second and so on, until a run meets none; how many there were."""
    for number in range(1, 500):
        make(root)
        status = at_call(number, act, write, root)
        judge(status)
        if status == 0 and files(root) != OLD:
            return number
    raise AssertionError("it never ends")


@pytest.mark.parametrize(("write", "new"), [(many, NEW), (one, ONE)])
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


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
@pytest.mark.parametrize(("write", "new"), [(many, NEW), (one, ONE)])
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


# Journals of strangers ---------------------------------------------------------------------------


def half(root: Path) -> Path:
    """A tree that a run has left half written; its journal."""
    if not (root / ".git").exists():
        make(root)
    at_call(3, kill, many, root, ("replace",))  # the journal's, a.go's, sub/b.go's
    assert files(root) not in (OLD, NEW)
    return root / FOLDER / ".git/journal.json"


def forge(journal: Path, *rows: list[Any]) -> None:
    journal.write_text(json.dumps({"version": 1, "files": rows}))


EVIL = "a" * 64


@pytest.mark.parametrize(
    "rows",
    [
        [["../out", None, EVIL]],
        [["/etc/passwd", None, EVIL]],
        [[".git/config", None, EVIL]],
        [["sub/.GIT/hooks/x", None, EVIL]],
        [["link/x", None, EVIL]],
        [[f"{FOLDER}/x", None, EVIL]],
        [["a.go", None, None]],
        [["a.go", 1, EVIL]],
        [["a.go"]],
        [[7, None, EVIL]],
        [],
        ["x"],
    ],
    ids=str,
)  # fmt: skip
def test_a_journal_that_leads_out_is_not_followed(tmp_path: Path, rows: list[Any]) -> None:
    root = tmp_path / "r"
    journal = half(root)
    (root / "link").symlink_to(tmp_path)
    forge(journal, *rows)
    (journal.parent / "0.new").write_bytes(b"evil")
    before = files(root)
    with locked(root), pytest.raises(SourceError, match="not followed"):
        recover(root)
    assert files(root) == before
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "[" * 100_000, '{"version": 2, "files": []}', "\0"]
)
def test_what_is_no_journal_is_not_followed(tmp_path: Path, text: str) -> None:
    root = tmp_path / "r"
    half(root).write_text(text)
    with locked(root), pytest.raises(SourceError, match="not followed"):
        recover(root)


def test_a_file_that_somebody_has_changed_since_is_left_alone(tmp_path: Path) -> None:
    root = tmp_path / "r"
    half(root)
    (root / "a.go").write_bytes(b"mine\n")
    before = files(root)
    with locked(root), pytest.raises(SourceError, match=r"a\.go is neither as it was"):
        recover(root)
    assert files(root) == before


def test_bytes_that_are_not_those_of_the_journal_are_not_taken(tmp_path: Path) -> None:
    root = tmp_path / "r"
    room = half(root).parent
    for path in room.glob("*.new"):
        path.write_bytes(b"evil")
    with locked(root):
        assert "taken back" in recover(root)
    assert files(root) == OLD


def test_neither_forward_nor_back(tmp_path: Path) -> None:
    root = tmp_path / "r"
    room = half(root).parent
    for path in [*room.glob("*.new"), *room.glob("*.old")]:
        path.unlink()
    before = files(root)
    with locked(root), pytest.raises(SourceError, match="what it needs"):
        recover(root)
    assert files(root) == before


def test_a_journal_of_another_user_is_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "r"
    half(root)
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    with locked(root), pytest.raises(SourceError, match="not what this user's gopatch left"):
        recover(root)


@pytest.mark.parametrize("name", [FOLDER, f"{FOLDER}/.git"])
def test_a_link_in_its_place_is_not_written_through(tmp_path: Path, name: str) -> None:
    root = make(tmp_path / "r")
    (tmp_path / "out").mkdir()
    (root / name).parent.mkdir(exist_ok=True)
    (root / name).symlink_to(tmp_path / "out")
    with pytest.raises(SourceError, match="not what this user's gopatch left"):
        many(root)
    assert files(root) == OLD
    assert list((tmp_path / "out").iterdir()) == []


def test_a_folder_above_or_below_that_is_half_written_is_refused(tmp_path: Path) -> None:
    root = tmp_path / "above/r"
    half(root)
    with pytest.raises(SourceError, match="half written"):
        open_source(root / "sub")
    source = open_source(tmp_path / "above")
    assert [entry.name for entry in source.listdir("")] == ["r"]
    with pytest.raises(SourceError, match="half written"):
        source.listdir("r")


def test_what_nobody_of_us_made_is_left_there(tmp_path: Path) -> None:
    root = make(tmp_path / "r")
    (root / FOLDER / ".git").mkdir(parents=True)
    (root / FOLDER / ".git/mine").write_text("x")
    many(root)
    assert (root / FOLDER / ".git/mine").read_text() == "x"


def test_a_second_name_of_a_file_keeps_its_bytes(tmp_path: Path) -> None:
    root = make(tmp_path / "r")
    os.link(root / "a.go", tmp_path / "other")
    many(root)
    assert (tmp_path / "other").read_bytes() == b"a\n"


@pytest.mark.parametrize("name", ["x" * 300, "no/such/x", "a.go/x"])
def test_what_cannot_be_written_is_said(tmp_path: Path, name: str) -> None:
    root = make(tmp_path / "r")
    with pytest.raises(SourceError):
        write_file(root / name, b"x")
    assert files(root) == OLD
