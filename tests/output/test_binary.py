"""What no line can say: git reads what is written, and we read it back."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from gopatch.output._git_words import diff as git_diff
from gopatch.output.diff import unified
from gopatch.source.diffs import Misfit, apply, read
from gopatch.splice import FileChange
from tests.backport.memory import Memory

Writer = Callable[[Iterable[FileChange]], bytes]
_BYTES = bytes(range(256)) * 3
_CASES = [
    (b"\0old", _BYTES),
    (None, b"\0new"),
    (b"text\n", b"\0now\n"),
    (b"\0gone", None),
    (None, b""),
    (b"", None),
    (b"\0" * 27, b"\0" * 5000),
]


@pytest.mark.parametrize(("before", "after"), _CASES)
@pytest.mark.parametrize("writer", [unified, git_diff])
def test_git_applies_it(
    tmp_path: Path, before: bytes | None, after: bytes | None, writer: Writer
) -> None:
    written = writer([FileChange("a/i.png", before, after, 0o100644)])
    (tmp_path / "a").mkdir()
    file = tmp_path / "a" / "i.png"
    if before is not None:
        file.write_bytes(before)
    command = ["git", "-C", str(tmp_path), "apply", "-"]
    env = {"GIT_CEILING_DIRECTORIES": str(tmp_path.parent), "PATH": "/usr/bin:/bin"}
    subprocess.run(command, input=written, check=True, env=env)
    assert (file.read_bytes() if file.exists() else None) == after


@pytest.mark.parametrize(("before", "after"), _CASES)
def test_it_goes_back(before: bytes | None, after: bytes | None) -> None:
    change = FileChange("i.png", before, after, 0o100644)
    source = Memory({"i.png": after} if after is not None else {})
    back = apply(source, read(unified([change], reverse=True)))
    assert not isinstance(back, Misfit)
    assert [made.after for made in back] == [before]


@pytest.mark.parametrize("data", [b"\0same", b"", None])
def test_what_stays_is_not_written(data: bytes | None) -> None:
    assert unified([FileChange("i.png", data, data, 0o100644)]) == b""


@pytest.mark.parametrize(("before", "after"), [(None, b""), (b"", None)])
@pytest.mark.parametrize("reverse", [False, True])
def test_a_file_that_has_no_lines_does_not_spoil_the_next(
    tmp_path: Path, before: bytes | None, after: bytes | None, reverse: bool
) -> None:
    changes = [
        FileChange("a.golden", before, after, 0o100644),
        FileChange("b.txt", b"one\n", b"two\n", 0o100644),
    ]
    for change in changes:
        data = change.after if reverse else change.before
        if data is not None:
            (tmp_path / change.path).write_bytes(data)
    env = {"GIT_CEILING_DIRECTORIES": str(tmp_path.parent), "PATH": "/usr/bin:/bin"}
    command = ["git", "-C", str(tmp_path), "apply", "-"]
    subprocess.run(command, input=unified(changes, reverse=reverse), check=True, env=env)
    for change in changes:
        file, data = tmp_path / change.path, change.before if reverse else change.after
        assert (file.read_bytes() if file.exists() else None) == data
