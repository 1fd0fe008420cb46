from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gopatch.errors import ApplyError, GopatchError, SourceError
from gopatch.files import write_file
from gopatch.output.inplace import write
from gopatch.splice import FileChange
from tests.conftest import Git, files

CHANGES = [
    FileChange("a.go", b"a\n", b"A\n"),
    FileChange("sub/b.go", b"b\r\n", b"B\r\n"),
    FileChange("sub/new.go", None, b"new\n"),
]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "src"
    (folder / "sub").mkdir(parents=True)
    (folder / "a.go").write_bytes(b"a\n")
    (folder / "sub/b.go").write_bytes(b"b\r\n")
    (folder / "a.go").chmod(0o755)
    return folder


def test_all_files_are_written_and_modes_kept(root: Path) -> None:
    write(root, CHANGES)
    assert files(root) == {"a.go": b"A\n", "sub/b.go": b"B\r\n", "sub/new.go": b"new\n"}
    assert (root / "a.go").stat().st_mode & 0o777 == 0o755
    assert (root / "sub/new.go").stat().st_mode & 0o111 == 0


STEPS = [("os", "fsync"), ("os", "replace"), ("os", "open"), ("os", "fdopen")]


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step[1])
@pytest.mark.parametrize("call", [0, 1, 2])
@pytest.mark.parametrize(
    "error",
    [
        pytest.param(OSError(errno.ENOSPC, "No space left on device"), id="full disk"),
        pytest.param(KeyboardInterrupt(), id="interrupted"),
    ],
)
def test_what_fails_on_the_way_leaves_nothing(
    root: Path, monkeypatch: pytest.MonkeyPatch, step: tuple[str, str], call: int, error: Any
) -> None:
    before = files(root)
    module = __import__(step[0])
    real: Callable[..., Any] = getattr(module, step[1])
    calls = 0

    def failing(*arguments: Any, **options: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == call + 1:
            raise error
        return real(*arguments, **options)

    monkeypatch.setattr(module, step[1], failing)
    with pytest.raises((SourceError, KeyboardInterrupt)):
        write(root, CHANGES)
    assert files(root) == before


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        pytest.param(lambda r: (r / "a.go").write_bytes(b"z\n"), "changed while", id="changed"),
        pytest.param(lambda r: (r / "a.go").unlink(), "removed while", id="removed"),
        pytest.param(lambda r: (r / "sub/new.go").write_bytes(b""), "came into", id="new is there"),
        pytest.param(lambda r: (r / "a.go").chmod(0o444), "read-only", id="read-only"),
    ],
)
def test_refused(root: Path, spoil: Callable[[Path], None], words: str) -> None:
    spoil(root)
    before = files(root)
    with pytest.raises(GopatchError, match=words):
        write(root, CHANGES)
    assert files(root) == before


def test_a_link_is_not_written_through(root: Path, tmp_path: Path) -> None:
    (tmp_path / "out.go").write_bytes(b"a\n")
    (root / "a.go").unlink()
    (root / "a.go").symlink_to(tmp_path / "out.go")
    with pytest.raises(SourceError, match="not a regular file"):
        write(root, CHANGES)
    assert (tmp_path / "out.go").read_bytes() == b"a\n"


def test_a_folder_that_leads_out_is_not_written_into(root: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "b.go").write_bytes(b"b\r\n")
    (root / "link").symlink_to(outside)
    with pytest.raises(SourceError, match="leaves the source"):
        write(root, [FileChange("link/b.go", b"b\r\n", b"B\r\n")])
    assert (outside / "b.go").read_bytes() == b"b\r\n"


def test_only_one_run_at_a_time(root: Path) -> None:
    handle = os.open(root, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        with pytest.raises(SourceError, match="another gopatch"):
            write(root, CHANGES)
    finally:
        os.close(handle)
    write(root, CHANGES)


def test_uncommitted_changes_are_refused_unless_forced(repository: Path, git: Git) -> None:
    path = repository / "registry/service_v2.go"
    path.write_bytes(path.read_bytes() + b"// mine\n")
    change = FileChange("registry/service_v2.go", path.read_bytes(), b"package registry\n")
    with pytest.raises(ApplyError, match="uncommitted changes"):
        write(repository, [change])
    assert path.read_bytes().endswith(b"// mine\n")
    write(repository, [change], force=True)
    assert path.read_bytes() == b"package registry\n"


PATH = "registry/service_v2.go"


def _gone(repository: Path) -> None:
    (repository / ".git/HEAD").unlink()


def _itself(repository: Path) -> None:
    (repository / ".git").rename(repository.parent / "git")
    (repository / ".git").write_text("gitdir: .git\n")


def _piped(repository: Path) -> None:
    os.mkfifo(repository / ".git/objects/info/alternates")


@pytest.mark.parametrize("spoil", [_gone, _itself, _piped])
def test_where_git_cannot_be_asked_the_way_out_is_named(
    repository: Path, spoil: Callable[[Path], None]
) -> None:
    change = FileChange(PATH, (repository / PATH).read_bytes(), b"package new\n")
    spoil(repository)
    with pytest.raises(SourceError) as caught:
        write(repository, [change])
    assert str(caught.value.hint).endswith("--force writes without asking git")
    assert (repository / PATH).read_bytes() == change.before
    write(repository, [change], force=True)
    assert (repository / PATH).read_bytes() == b"package new\n"


@pytest.mark.parametrize("spoilt", [b"", b"garbage", None])
def test_a_broken_index_is_no_matter(repository: Path, spoilt: bytes | None) -> None:
    change = FileChange(PATH, (repository / PATH).read_bytes(), b"package new\n")
    index = repository / ".git/index"
    index.unlink()
    if spoilt is None:
        index.mkdir()
    else:
        index.write_bytes(spoilt)
    write(repository, [change])
    assert (repository / PATH).read_bytes() == b"package new\n"


def test_other_uncommitted_files_do_not_matter(repository: Path) -> None:
    (repository / "notes").write_bytes(b"mine")
    path = repository / "registry/service_v2.go"
    write(repository, [FileChange("registry/service_v2.go", path.read_bytes(), b"x")])
    assert path.read_bytes() == b"x"


def test_a_device_is_written_to_not_replaced(tmp_path: Path) -> None:
    device = tmp_path / "pipe"
    os.mkfifo(device)
    reader = os.open(device, os.O_RDONLY | os.O_NONBLOCK)
    write_file(device, b"data")
    assert os.read(reader, 10) == b"data"
    os.close(reader)
    assert device.is_fifo()


@pytest.mark.parametrize("name", ["../x", "a/../../x", ".git/hooks/x", "a/.Git/x", "/x"])
def test_nothing_is_written_outside_or_into_gits_folder(root: Path, name: str) -> None:
    before = files(root.parent)
    with pytest.raises(SourceError, match="is no name inside the source"):
        write(root, [FileChange(name, None, b"x")], force=True)
    assert files(root.parent) == before
