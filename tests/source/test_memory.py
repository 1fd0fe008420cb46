"""Files in memory as a source: what a folder and git would say of the same files."""

from __future__ import annotations

from pathlib import Path

import pytest

from gopatch.errors import SourceError
from gopatch.source import open_source
from gopatch.source.memory import FilesInMemory
from tests.conftest import FIXTURES, Git, files

# A folder among files whose names are its own and more: git sorts it as `a/`.
FILES = {"a/b/c.go": b"package b\n", "a.go": b"package a\n", "a-1": b"", "a/x.txt": b"\xff"}


def test_it_has_the_ids_that_git_gives(tmp_path: Path, git: Git) -> None:
    for path, data in FILES.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-q", "-m", "files")
    source, ref = FilesInMemory(FILES), open_source(tmp_path, "HEAD")
    for folder in ("", "a", "a/b", "a/none", "a.go"):
        assert source.listdir(folder) == ref.listdir(folder)
    for path in ("a", "a.go", "a/b/c.go", "none", "a/none", "a.go/none"):
        assert source.entry(path) == ref.entry(path)
    assert {path: source.read(path) for path in FILES} == FILES


def test_a_fixture_is_the_same_on_disk() -> None:
    content = files(FIXTURES / "v20.10.27")
    source, disk = FilesInMemory(content), open_source(FIXTURES / "v20.10.27")
    for folder in {path.rpartition("/")[0] for path in content}:
        told = [entry._replace(id=None) for entry in source.listdir(folder)]
        assert told == [entry._replace(id=None) for entry in disk.listdir(folder)]


@pytest.mark.parametrize("path", ["none", "a", "", "a/none.go"])
def test_what_is_no_file_is_not_read(path: str) -> None:
    with pytest.raises(SourceError, match="no such file"):
        FilesInMemory(FILES).read(path)


def test_one_byte_changes_every_id_above_it() -> None:
    one, other = FilesInMemory(FILES), FilesInMemory({**FILES, "a/b/c.go": b"package c\n"})
    for path in ("a", "a/b", "a/b/c.go"):
        assert one.entry(path) != other.entry(path)
    assert one.entry("a.go") == other.entry("a.go")


def test_no_files_are_an_empty_folder() -> None:
    assert FilesInMemory({}).listdir("") == ()
    assert FilesInMemory({}).entry("") is None
