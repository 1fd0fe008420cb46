"""What a kept port depends on: what a source was asked, and by what it is seen to say the same."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from gopatch.port import _recorder
from gopatch.port._recorder import Recorder
from gopatch.source import open_source
from gopatch.source.directory import Directory
from gopatch.source.entries import Stamp
from tests.conftest import FIXTURES
from tests.port.kept_ports import diff


def test_a_question_is_asked_once(tree: Path) -> None:
    asked = Recorder(open_source(tree))
    for _ in range(2):
        asked.listdir("registry")
        asked.entry("registry/config.go")
        asked.entry("nowhere")
        asked.read("registry/config.go")
    assert asked.asked == [
        ("listdir", "registry"),
        ("entry", "registry/config.go"),
        ("entry", "nowhere"),
        ("read", "registry/config.go"),
    ]


Change = Callable[[Path], object]


def appended(name: str) -> Change:
    return lambda tree: (tree / name).write_bytes((tree / name).read_bytes() + b"\n// more\n")


def with_its_time(tree: Path) -> None:
    """One byte of a file is another one, and its size and time of writing are the same."""
    path = tree / "registry/service_v2.go"
    before = path.stat()
    path.write_bytes(path.read_bytes().replace(b"true", b"True", 1))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


CHANGES: dict[str, Change] = {
    "one byte": with_its_time,
    "a touched file": appended("registry/service_v2.go"),
    "a file that is only looked at": appended("registry/types.go"),
    "a new file": lambda tree: (tree / "registry/new.go").write_bytes(b"package registry\n"),
    "a file that is gone": lambda tree: (tree / "registry/types.go").unlink(),
    "a mode": lambda tree: (tree / "registry/config.go").chmod(0o755),
    "papers that are new": lambda tree: shutil.copytree(FIXTURES / "cli/man", tree / "man"),
}


AT_ONCE = -1 << 62  # ns, so that whatever was written is taken for old


@pytest.fixture(params=[_recorder._SETTLED, AT_ONCE], ids=["bytes", "stamps"])
def settled(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_recorder, "_SETTLED", request.param)


@pytest.mark.usefixtures("home", "settled")
@pytest.mark.parametrize("name", CHANGES)
def test_whatever_changes_is_worked_out_anew(
    name: str, tree: Path, tmp_path: Path, worked: list[str]
) -> None:
    if not (tree / "registry/types.go").exists():
        (tree / "registry/types.go").write_bytes(b"package registry\n")
    diff(tree, tmp_path / "out")
    CHANGES[name](tree)
    again = diff(tree, tmp_path / "out")
    assert len(worked) == 2
    os.environ["GOPATCH_NO_CACHE"] = "1"
    try:
        assert diff(tree, tmp_path / "out") == again
    finally:
        del os.environ["GOPATCH_NO_CACHE"]


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files of folders that were read."""
    seen: list[str] = []
    real = Directory.read

    def noted(source: Directory, path: str) -> bytes:
        seen.append(path)
        return real(source, path)

    monkeypatch.setattr(Directory, "read", noted)
    return seen


@pytest.mark.usefixtures("home")
def test_files_that_have_long_been_so_are_not_read_again(
    tree: Path,
    tmp_path: Path,
    worked: list[str],
    read: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of files that were just written the bytes are asked, once more when they have settled, and then no more."""
    diff(tree, tmp_path / "out")
    monkeypatch.setattr(_recorder, "_SETTLED", AT_ONCE)
    for there in (True, False):
        read.clear()
        diff(tree, tmp_path / "out")
        assert ("registry/service_v2.go" in read) == there
    assert len(worked) == 1


def test_the_stamp_of_a_file_that_was_just_written_says_nothing(
    tree: Path, tmp_path: Path, home: Path, worked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = (tree / "registry/config.go").stat().st_mtime_ns
    monkeypatch.setattr(Directory, "stamp", lambda *_: Stamp(0, now, 1, 1))
    diff(tree, tmp_path / "out")
    CHANGES["one byte"](tree)
    diff(tree, tmp_path / "out")
    assert len(worked) == 2


@pytest.mark.parametrize("path", ["registry", "nowhere.go", "../above.go", "", "link.go"])
def test_what_is_no_file_of_a_folder_has_no_stamp(path: str, tree: Path) -> None:
    (tree / "link.go").symlink_to("registry/config.go")
    source = Directory(tree)
    assert source.stamp(path) is None
    source.listdir("")
    assert source.stamp(path) is None


@pytest.mark.parametrize("path", ["registry/config.go", "registry", "link.go", "no", "", "a/../b"])
def test_an_entry_is_the_same_once_its_folder_is_listed(path: str, tree: Path) -> None:
    (tree / "link.go").symlink_to("registry/config.go")
    source = Directory(tree)
    before = source.entry(path)
    source.listdir(path.rpartition("/")[0])
    assert source.entry(path) == before
