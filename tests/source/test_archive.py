"""What an archive of a stranger costs is bounded, whatever its headers say."""

from __future__ import annotations

import bz2
import contextlib
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gopatch.errors import SourceError, UsageError
from gopatch.source import archive as module
from gopatch.source import open_source
from gopatch.source.roots import walk

GO = b"package p\n"


def tar(path: Path, *members: tuple[str, bytes, dict[str, Any]], mode: str = "w") -> Path:
    with tarfile.open(path, mode, format=tarfile.PAX_FORMAT) as made:  # type: ignore[call-overload]
        for name, data, more in (("d/p.go", GO, {}), *members):
            item = tarfile.TarInfo(name)
            item.size = len(data)
            for key, value in more.items():
                setattr(item, key, value)
            made.addfile(item, io.BytesIO(data))
    return path


@pytest.mark.parametrize("name", ["a.tar", "a.tar.gz", "a.tar.xz", "a.tar.bz2", "a.tgz"])
def test_a_tar_is_known_by_its_bytes(tmp_path: Path, name: str) -> None:
    for mode in ("w", "w:gz", "w:xz", "w:bz2"):
        made = tar(tmp_path / name, mode=mode)
        assert open_source(made).read("d/p.go") == GO


def test_a_large_member_is_there_but_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LARGEST", 100)
    source = open_source(tar(tmp_path / "a.tar", ("d/big.bin", b"x" * 101, {})))
    assert [entry.name for entry in source.listdir("d")] == ["big.bin", "p.go"]
    assert source.read("d/p.go") == GO
    with pytest.raises(SourceError, match="more than"):
        source.read("d/big.bin")


@pytest.mark.parametrize(("name", "value"), [("_KEPT", 10), ("_UNPACKED", 3000), ("_MEMBERS", 0)])
def test_too_much_of_anything_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: int
) -> None:
    made = tar(tmp_path / "a.tar.gz", ("d/q.go", GO * 300, {}), mode="w:gz")
    open_source(made)
    monkeypatch.setattr(module, name, value)
    with pytest.raises(SourceError, match="too large"):
        open_source(made)


@pytest.mark.parametrize("squeeze", [gzip.compress, bz2.compress, lzma.compress])
def test_what_swells_is_refused_while_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, squeeze: Callable[[bytes], bytes]
) -> None:
    monkeypatch.setattr(module, "_UNPACKED", 1 << 20)
    item = tarfile.TarInfo("d/x")
    item.size = 1 << 40
    (tmp_path / "a.tar").write_bytes(squeeze(item.tobuf() + bytes(8 << 20)))
    with pytest.raises(SourceError, match="too large"):
        open_source(tmp_path / "a.tar")


@pytest.mark.parametrize(
    ("name", "data", "more", "words"),
    [
        ("d/q.go", GO, {"pax_headers": {"size": "9" * 20}}, "too large"),
        ("d/q.go", GO, {"pax_headers": {"GNU.sparse.map": "a,b", "GNU.sparse.size": "5"}}, "cannot be"),
        ("d/q.go", GO, {"pax_headers": {"comment": "x" * (2 << 20)}}, "a header of"),
        ("d/" + "a/" * 3000 + "x.go", GO, {}, "more than 100 deep"),
        ("../x", GO, {}, "leaves the archive"),
        ("/x", GO, {}, "leaves the archive"),
        ("d/l", b"", {"type": tarfile.SYMTYPE, "linkname": "../../x"}, "leaves the archive"),
        ("d/l", b"", {"type": tarfile.LNKTYPE, "linkname": "/etc/passwd"}, "leaves the archive"),
    ],
)  # fmt: skip
def test_odd_members_are_refused(
    tmp_path: Path, name: str, data: bytes, more: dict[str, Any], words: str
) -> None:
    with pytest.raises(SourceError, match=words):
        open_source(tar(tmp_path / "a.tar", (name, data, more)))


def test_headers_in_front_of_headers(tmp_path: Path) -> None:
    item = tarfile.TarInfo("x")
    item.type, item.size = tarfile.XHDTYPE, 0
    (tmp_path / "a.tar").write_bytes(item.tobuf() * 5000)
    with pytest.raises(SourceError, match="cannot be read as an archive"):
        open_source(tmp_path / "a.tar")


@pytest.mark.parametrize("cut", [1, 100, 511, 513, 1000])
@pytest.mark.parametrize("mode", ["w", "w:gz", "w:xz", "w:bz2"])
def test_what_is_cut_off_is_read_as_far_as_it_goes_or_refused(
    tmp_path: Path, cut: int, mode: str
) -> None:
    made = tar(tmp_path / "a.tar", mode=mode)
    made.write_bytes(made.read_bytes()[:cut])
    with contextlib.suppress(SourceError):
        assert open_source(made).read("d/p.go") == GO


def test_a_zip_says_beforehand_what_it_would_take(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("d/p.go", GO)
        made.writestr("d/q.go", bytes(5000))
    assert sorted(walk(open_source(tmp_path / "a.zip"), "", ".go")) == ["d/p.go", "d/q.go"]
    monkeypatch.setattr(module, "_KEPT", 4000)
    monkeypatch.setattr(zipfile.ZipFile, "read", lambda *_: pytest.fail("it was read"))
    with pytest.raises(SourceError, match="too large"):
        open_source(tmp_path / "a.zip")


def test_a_zip_whose_sizes_are_wrong(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("d/p.go", bytes(5000))
    data = (tmp_path / "a.zip").read_bytes()
    (tmp_path / "a.zip").write_bytes(data.replace(struct.pack("<I", 5000), struct.pack("<I", 5)))
    with pytest.raises(SourceError, match="cannot be read"):
        open_source(tmp_path / "a.zip")


@pytest.mark.parametrize("name", ["a.tar", "a.tar.gz", "a.zip", "a.tar.zst"])
@pytest.mark.parametrize("data", [b"", b"x", b"\x1f\x8b" + bytes(20), b"PK\5\6" + bytes(18)])
def test_what_is_no_archive_is_refused(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises((SourceError, UsageError)):
        open_source(tmp_path / name)
