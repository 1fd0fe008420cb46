"""A change in a file, however it was written and whichever way it came."""

from __future__ import annotations

import base64
import gzip
import quopri
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from gopatch.backport.change import read_change
from gopatch.errors import ApplyError, UsageError
from gopatch.splice import FileChange
from tests.backport.conftest import History


def _diff(history: History, *words: str) -> bytes:
    command = ["git", "-C", str(history.path), *words]
    return subprocess.run(command, check=True, capture_output=True).stdout


def _read(history: History, folder: Path, data: bytes) -> tuple[FileChange, ...]:
    file = folder / "fix.patch"
    file.write_bytes(data)
    return read_change(str(file), str(history.path), None, "v1.0.0").files


def _mail(data: bytes, coding: str, encode: Callable[[bytes], bytes]) -> bytes:
    head, _, body = data.partition(b"\n\n")
    return head + f"\nContent-Transfer-Encoding: {coding}\n\n".encode() + encode(body)


def _as_plain(data: bytes) -> bytes:
    lines = data.splitlines(keepends=True)
    return b"".join(line for line in lines if not line.startswith((b"diff", b"index")))


_RANGE = ("diff", "v2.0.0", "v2.0.1")
_ONE = ("format-patch", "-1", "--stdout", "v2.0.1")


@pytest.mark.parametrize(
    ("words", "made"),
    [
        (("diff", "--no-prefix", *_RANGE[1:]), bytes),
        (("diff", "--no-prefix", *_RANGE[1:]), _as_plain),
        (("diff", "--src-prefix=docker.orig/", "--dst-prefix=docker/", *_RANGE[1:]), _as_plain),
        (("-c", "diff.mnemonicPrefix=true", *_RANGE), bytes),
        (_RANGE, gzip.compress),
        (_RANGE, lambda data: data.replace(b"\n", b"\r\n")),
        (_ONE, lambda data: data.replace(b"\n", b"\r\n")),
        (_ONE, lambda data: _mail(data, "base64", base64.encodebytes)),
        (_ONE, lambda data: _mail(data, "quoted-printable", quopri.encodestring)),
        (_ONE, lambda data: _mail(data.replace(b"\n", b"\r\n"), "base64", base64.encodebytes)),
    ],
    ids=[
        "bare",
        "bare-plain",
        "two-folders",
        "mnemonic",
        "packed",
        "crlf",
        "crlf-mail",
        "base64",
        "quoted",
        "crlf-base64",
    ],
)
def test_the_same_change_however_it_is_written(
    history: History, tmp_path: Path, words: tuple[str, ...], made: Callable[[bytes], bytes]
) -> None:
    wanted = read_change(history.fix, str(history.path), None).files
    assert _read(history, tmp_path, made(_diff(history, *words))) == wanted


def test_a_bare_new_file_keeps_its_folder(history: History, tmp_path: Path) -> None:
    new = b"diff --git log/new.go log/new.go\nnew file mode 100644\n--- /dev/null\n"
    new += b"+++ log/new.go\n@@ -0,0 +1 @@\n+package log\n"
    assert [file.path for file in _read(history, tmp_path, new)] == ["log/new.go"]


def test_several_mails_are_several_changes(history: History, tmp_path: Path) -> None:
    file = tmp_path / "two.patch"
    file.write_bytes(_diff(history, "format-patch", "--stdout", "v1.0.0..v2.0.1"))
    with pytest.raises(UsageError, match="holds 2 mails with a diff") as caught:
        read_change(str(file), str(history.path), None, "v2.0.0")
    assert "git mailsplit" in (caught.value.hint or "")


def test_a_cover_letter_is_no_second_mail(history: History, tmp_path: Path) -> None:
    words = ("format-patch", "--cover-letter", "-1", "--stdout", "v2.0.1")
    wanted = read_change(history.fix, str(history.path), None).files
    assert _read(history, tmp_path, _diff(history, *words)) == wanted


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "holds no diff"),
        (b"\0" * 4096, "holds no diff"),
        (
            b"diff --cc store.go\n--- a/store.go\n+++ b/store.go\n@@@ -1,1 -1,1 +1,2 @@@\n",
            "a merge",
        ),
    ],
)
def test_what_is_no_diff_is_refused(
    history: History, tmp_path: Path, data: bytes, message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        _read(history, tmp_path, data)


def test_a_bare_diff_that_fits_nowhere_is_refused(history: History, tmp_path: Path) -> None:
    data = _diff(history, "diff", "--no-prefix", "v2.0.0", "v2.0.1")
    with pytest.raises(ApplyError, match="applies to no release"):
        _read(history, tmp_path, _as_plain(data).replace(b"store.go", b"other.go"))


def test_a_binary_file_without_its_bytes_is_told(history: History, tmp_path: Path) -> None:
    data = _diff(history, *_RANGE) + b"diff --git a/i.png b/i.png\nnew file mode 100644\n"
    file = tmp_path / "fix.patch"
    file.write_bytes(data + b"index 0000000..7654321\nBinary files /dev/null and b/i.png differ\n")
    change = read_change(str(file), str(history.path), "v2.0.0")
    assert dict(change.rest)["i.png"].startswith("is binary")


def test_a_commit_is_not_made_for_another_source(history: History) -> None:
    with pytest.raises(UsageError, match="reads otherwise there"):
        read_change(history.fix, str(history.path), "v1.0.0")
    same = read_change(history.fix, str(history.path), "v2.0.0")
    assert same.basis == "v2.0.0, as --made-for says"


BAD_FIELDS = [
    "=?none-1?q?x?= <a@b>",
    "=?utf-8?b?AAAA=A?= <a@b>",
    "=?utf-8?q?=ff=00?= <a@b>",
    "=?utf-8?b?A?= <a@b>",
]


@pytest.mark.parametrize("field", BAD_FIELDS)
def test_a_field_that_cannot_be_decoded_is_as_it_stands(
    history: History, tmp_path: Path, field: str
) -> None:
    file = tmp_path / "fix.patch"
    lines = _diff(history, *_ONE).decode().split("\n")
    told = [
        f"{line[: line.index(':')]}: {field}" if line.startswith(("From:", "Subject:")) else line
        for line in lines
    ]
    file.write_text("\n".join(told))
    change = read_change(str(file), str(history.path), None)
    assert (change.author, change.subject) == (field, field)


@pytest.mark.parametrize(
    ("seconds", "epoch"), [("253402300800", 0), ("999999999999", 0), ("253402300799", 253402300799)]
)
def test_a_change_of_no_year_that_there_is_has_no_date(
    history: History, seconds: str, epoch: int
) -> None:
    head, _, text = _diff(history, "cat-file", "commit", "v2.0.1").partition(b"\n\n")
    late = re.sub(rb"(?m)^(author .*) \d+ ", rb"\1 %s " % seconds.encode(), head) + b"\n\n" + text
    command = ["git", "-C", str(history.path), "hash-object", "-w", "-t", "commit", "--stdin"]
    made = subprocess.run(command, check=True, capture_output=True, input=late).stdout
    assert read_change(made.decode().strip(), str(history.path), None).epoch == epoch
