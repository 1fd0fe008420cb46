"""Whatever a run is cut short by, what it wrote is there as a whole, or not, or the next run sees to it: what its tests share."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gopatch.errors import SourceError
from gopatch.files import FOLDER, locked, write_all, write_file
from gopatch.splice import FileChange
from tests.conftest import files

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
