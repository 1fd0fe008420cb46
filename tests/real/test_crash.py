"""Killed by the kernel at every call that changes a disk: the real command, the real file system.

strace injects the signal before the call is carried out. tests/test_files.py does the same in a
process without it, for every run; this is the proof that nothing of Python's own is in between.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import FIXTURES, Git, files
from tests.drawing import drawn

CALLS = (
    "write,pwrite64,rename,renameat,renameat2,link,linkat,symlink,symlinkat,unlink,unlinkat,mkdir,"
    "mkdirat,rmdir,chmod,fchmod,fchmodat,fsync,fdatasync,ftruncate,truncate"
)
# The port is worked out once: only its writing is what is cut short.
WRITER = """
import pickle, sys
from pathlib import Path
from gopatch.errors import GopatchError
kind, root, given = sys.argv[1], Path(sys.argv[2]), pickle.loads(Path(sys.argv[3]).read_bytes())
try:
    if kind == "in-place":
        from gopatch.output.inplace import write
        from gopatch.files import locked, recover
        with locked(root):
            told = recover(root)
        print(told)
        write(root, [c for c in given if not (root / c.path).is_file() or (root / c.path).read_bytes() != c.after])
    elif kind == "output":
        from gopatch.files import write_file
        write_file(root / "x.patch", b"new" * 5000)
    else:
        from gopatch.output.branch import Branch, commit
        commit(root, Branch("n", "HEAD"), given[:2], message="m")  # each file is some ten calls
except GopatchError as error:
    sys.exit(str(error))
"""
Command = list[str]


@pytest.fixture(scope="module")
def changes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of a port, pickled."""
    import pickle

    from gopatch.port.work import work_out
    from gopatch.recipe.read import load
    from gopatch.source import open_source

    port = work_out(load("accept-insecure-registry"), open_source(FIXTURES / "v1.13.1"))
    path = tmp_path_factory.mktemp("port") / "changes"
    path.write_bytes(pickle.dumps(list(port.changes)))
    return path


def strace(options: Command, command: Command) -> subprocess.CompletedProcess[str]:
    words = ["strace", "-f", "-qq", *options, *command]
    return subprocess.run(words, capture_output=True, text=True, check=False)


def calls_of(command: Command, log: Path) -> list[tuple[str, int]]:
    """Each call of the command that changes a disk, with which of its kind it is."""
    done = strace(["-o", str(log), "-e", f"trace={CALLS}"], command)
    assert done.returncode == 0, done.stderr
    seen: dict[str, int] = {}
    found = []
    for call in re.findall(r"^\d+ +(\w+)\(", log.read_text(errors="replace"), re.M):
        seen[call] = seen.get(call, 0) + 1
        found.append((call, seen[call]))
    return found


def killed(
    kind: str, build: Callable[[], Path], changes: Path, tmp_path: Path
) -> Iterator[tuple[Path, subprocess.CompletedProcess[str]]]:
    """A folder after each kill, and the run that can be done next."""
    root = build()
    command = [sys.executable, "-c", WRITER, kind, str(root), str(changes)]
    points = calls_of(command, tmp_path / "log")
    assert len(points) > 5
    for call, number in points:
        if not drawn(f"{kind}-{call}-{number}"):
            continue
        build()
        inject = f"inject={call}:signal=KILL:when={number}"
        strace(["-o", "/dev/null", "-e", f"trace={call}", "-e", inject], command)
        yield root, subprocess.CompletedProcess(command, 0)


def again(run: subprocess.CompletedProcess[str]) -> str:
    done = subprocess.run(run.args, capture_output=True, text=True, check=False)
    assert done.returncode == 0 or ".lock" in done.stderr, done.stderr
    return done.stdout + done.stderr


@pytest.mark.real
def test_in_place_killed_at_every_call(tmp_path: Path, changes: Path) -> None:
    def build() -> Path:
        shutil.rmtree(tmp_path / "s", ignore_errors=True)
        return Path(shutil.copytree(FIXTURES / "v1.13.1", tmp_path / "s"))

    old = files(build())
    ends = []
    for root, run in killed("in-place", build, changes, tmp_path):
        is_half = (root / ".gopatch/.git/journal.json").exists()
        now = files(root)
        told = again(run)
        ends.append(files(root))
        assert ("cut short" in told) == is_half
        assert is_half or now in (old, ends[0])
        assert ends[-1] == ends[0]
        assert not (root / ".gopatch").exists()


@pytest.mark.real
def test_one_file_killed_at_every_call(tmp_path: Path, changes: Path) -> None:
    def build() -> Path:
        shutil.rmtree(tmp_path / "o", ignore_errors=True)
        (tmp_path / "o").mkdir()
        (tmp_path / "o/x.patch").write_bytes(b"old")
        return tmp_path / "o"

    for root, run in killed("output", build, changes, tmp_path):
        assert files(root) in ({"x.patch": b"old"}, {"x.patch": b"new" * 5000})
        again(run)
        assert files(root) == {"x.patch": b"new" * 5000}
        assert [path.name for path in root.iterdir()] == ["x.patch"]


@pytest.mark.real
def test_a_branch_killed_at_every_call(tmp_path: Path, changes: Path, git: Git) -> None:
    template = Path(shutil.copytree(FIXTURES / "v1.13.1", tmp_path / "template"))
    git(template, "init", "-q", "-b", "main")
    git(template, "add", "-A")
    git(template, "commit", "-qm", "x")

    def build() -> Path:
        shutil.rmtree(tmp_path / "r", ignore_errors=True)
        return Path(shutil.copytree(template, tmp_path / "r"))

    for root, run in killed("branch", build, changes, tmp_path):
        git(root, "fsck", "--strict")
        told = again(run)
        lock = root / ".git/refs/heads/n.lock"
        if lock.exists():
            assert "n.lock" in told
            continue
        assert git(root, "show", "--stat", "--format=", "n").strip()
