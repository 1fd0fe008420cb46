"""Ports kept between runs: the same bytes, and never an answer that is out of date."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from gopatch.cli.main import main
from gopatch.engine import compiled
from gopatch.port import _recorder, cache
from gopatch.port import work as port
from gopatch.port._recorder import Recorder
from gopatch.port.outcome import Port
from gopatch.recipe.read import load
from gopatch.recipe.values import Patch
from gopatch.source import Source, open_source
from gopatch.source.directory import Directory
from gopatch.source.entries import Stamp
from gopatch.splice import FileChange
from tests.conftest import FIXTURES, Git, files

LAYOUTS = ["v1.5.0", "v1.8.2", "v1.13.1", "v20.10.27", "docker-v29", "debian"]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("GOPATCH_NO_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache/gopatch/ports"


@pytest.fixture
def worked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The sources on which the engine was really at work."""
    seen: list[str] = []
    real = port.work_out

    def counted(patch: Patch, source: Source, *, strict: bool = False) -> Port:
        seen.append(source.name)
        return real(patch, source, strict=strict)

    monkeypatch.setattr(port, "work_out", counted)
    return seen


def diff(tree: Path, out: Path, *more: str) -> bytes:
    assert main(["apply", "--docker-src", str(tree), "--output", str(out), *more]) == 0
    return out.read_bytes()


@pytest.mark.parametrize("layout", LAYOUTS)
def test_what_is_recalled_is_what_was_worked_out(layout: str, home: Path) -> None:
    patch = load("accept-insecure-registry")
    source = open_source(FIXTURES / layout)
    ports = [
        cache.remembered(patch, source, [layout], lambda s: port.work_out(patch, s))
        for _ in range(2)
    ]
    assert ports[0] == ports[1] == port.work_out(patch, source)
    assert len(list(home.iterdir())) == 1


def test_the_engine_works_once(
    tree: Path, tmp_path: Path, home: Path, worked: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    before = files(tree)
    found = [diff(tree, tmp_path / "out") for _ in range(3)]
    assert found[0] == found[1] == found[2]
    assert main(["check", "--docker-src", str(tree)]) == 0
    assert len(worked) == 1
    assert files(tree) == before


@pytest.mark.parametrize("form", ["unified", "html", "quilt"])
def test_a_kept_port_compiles_nothing(
    form: str, tree: Path, tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a page says of the forms that fit is read, and no pattern made of it."""
    first = diff(tree, tmp_path / "out", "--format", form)
    compiled.compiled.cache_clear()
    monkeypatch.setattr(compiled, "compile_change", None)  # would be called in vain
    assert diff(tree, tmp_path / "out", "--format", form) == first


UNASKED = (
    "git",
    "jinja2",
    "subprocess",
    "regex",
    "gopatch.engine",
    "tree_sitter",
    "gopatch.source.gitref",
)


@pytest.mark.thorough
def test_a_kept_port_imports_nothing_of_git_or_of_the_engine(tree: Path, home: Path) -> None:
    code = (
        "import sys; from gopatch.cli.main import main; main(['apply', '--docker-src', sys.argv[1]]);"
        f"print([m for m in {UNASKED} if m in sys.modules], file=sys.stderr)"
    )
    for _ in range(2):
        command = [sys.executable, "-c", code, str(tree)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert done.stderr == "[]\n"


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


def test_a_file_elsewhere_changes_nothing(
    tree: Path, tmp_path: Path, home: Path, worked: list[str]
) -> None:
    diff(tree, tmp_path / "out")
    (tree / "README.other").write_bytes(b"new\n")
    (tree / "cmd/other").mkdir()
    (tree / "cmd/other/main.go").write_bytes(b"package main\n")
    diff(tree, tmp_path / "out")
    assert len(worked) <= 2


@pytest.mark.parametrize(
    "harm",
    [
        lambda data: b"",
        lambda data: data[:-1],
        lambda data: data[:100] + b"?" + data[101:],
        lambda data: b"\n".join(reversed(data.split(b"\n"))),
        lambda data: b"\x00" * len(data),
    ],
    ids=["empty", "cut", "changed", "turned", "zeros"],
)
def test_what_is_broken_is_not_believed(
    harm: Callable[[bytes], bytes], tree: Path, tmp_path: Path, home: Path, worked: list[str]
) -> None:
    first = diff(tree, tmp_path / "out")
    (kept,) = home.iterdir()
    kept.write_bytes(harm(kept.read_bytes()))
    assert diff(tree, tmp_path / "out") == first
    assert len(worked) == 2


def test_another_patch_is_another_port(
    tree: Path, tmp_path: Path, home: Path, worked: list[str]
) -> None:
    one = diff(tree, tmp_path / "out")
    two = diff(tree, tmp_path / "out", "--patch", "always-http")
    assert one != two
    assert len(worked) == 2


@pytest.mark.thorough
def test_a_patch_folder_that_changes(
    tree: Path, tmp_path: Path, home: Path, worked: list[str]
) -> None:
    folder = shutil.copytree(load_folder(), tmp_path / "mine")
    one = diff(tree, tmp_path / "out", "--patch", str(folder))
    hub = folder / "docker_hub.go"
    hub.write_bytes(hub.read_bytes() + b"\n// mine\n")
    two = diff(tree, tmp_path / "out", "--patch", str(folder))
    assert one != two
    assert len(worked) == 2


def load_folder() -> Path:
    from gopatch.recipe.read import patches_folder

    return patches_folder() / "accept-insecure-registry"


def test_a_port_that_failed_is_not_kept(
    tree: Path, home: Path, worked: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    (tree / "registry/service_v2.go").write_bytes(b"package registry\n")
    for _ in range(2):
        assert main(["apply", "--docker-src", str(tree)]) == 1
    assert len(worked) == 2
    assert not home.exists()


def test_refs_are_recalled_by_their_objects(
    repository: Path, git: Git, tmp_path: Path, home: Path, worked: list[str]
) -> None:
    first = diff(repository, tmp_path / "out", "--ref", "trunk")
    assert diff(repository, tmp_path / "out", "--ref", "trunk") == first
    assert len(worked) == 1
    (repository / "registry/config.go").write_bytes(
        (repository / "registry/config.go").read_bytes() + b"\n// more\n"
    )
    git(repository, "commit", "-qam", "more")
    diff(repository, tmp_path / "out", "--ref", "trunk")
    assert len(worked) == 2


def test_another_gopatch_does_not_believe_it(
    tree: Path, tmp_path: Path, home: Path, worked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    diff(tree, tmp_path / "out")
    monkeypatch.setattr(cache, "_gopatch", lambda: b"another")
    diff(tree, tmp_path / "out")
    assert len(worked) == 2


@pytest.mark.parametrize("value", ["relative", ""])
def test_a_cache_home_that_is_not_absolute_is_ignored(
    value: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", value)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache.folder() == tmp_path / ".cache/gopatch"


def test_a_home_that_cannot_be_written_is_no_error(
    tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, worked: list[str]
) -> None:
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.delenv("GOPATCH_NO_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert diff(tree, tmp_path / "out") == diff(tree, tmp_path / "out")
    assert len(worked) == 2


def test_only_the_newest_are_kept(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "_KEPT", 2)
    patch = load("accept-insecure-registry")
    source = open_source(FIXTURES / "v20.10.27")
    for key in "abcd":
        cache.remembered(patch, source, [key], lambda s: port.work_out(patch, s))
    assert len(list(home.iterdir())) == 2


def test_removed_and_empty_files_are_told_apart() -> None:
    blobs: dict[bytes, int] = {}
    for change in (FileChange("a", None, b""), FileChange("a", b"", None)):
        packed = cache._packed(change, blobs)
        assert packed[1] != packed[2]
