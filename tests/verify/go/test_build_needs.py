"""What a build of old Docker needs besides its source."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gopatch.verify._go import workspace
from tests.verify.go.test_layouts import laid_out

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
CODEC = "github.com/ugorji/go/codec/gen.go"


@pytest.mark.parametrize("vendor", ["vendor", "vendor/src"])
def test_an_alphabet_that_no_go_of_today_takes_is_mended(
    tree: Path, tmp_path: Path, vendor: str
) -> None:
    (tree / "go.mod").unlink()
    file = tree / vendor / CODEC
    file.parent.mkdir(parents=True)
    file.write_text(f'package codec\n\nvar e = base64.NewEncoding("{ALPHABET}__")\n')
    space = laid_out(tree, tmp_path / "work")
    (laid,) = json.loads(workspace.overlay(space, "x", {}).read_text())["Replace"].items()
    assert Path(laid[0]).resolve() == file
    assert f'"{ALPHABET}_-"' in Path(laid[1]).read_text()
    assert f'"{ALPHABET}__"' in file.read_text()


def test_a_vendored_codec_that_is_fine_is_left_alone(tree: Path, tmp_path: Path) -> None:
    (tree / "go.mod").unlink()
    file = tree / "vendor" / CODEC
    file.parent.mkdir(parents=True)
    file.write_text(f'package codec\n\nvar e = base64.NewEncoding("{ALPHABET}_-")\n')
    assert laid_out(tree, tmp_path / "work").generated == {}


SQLITE = "pkg/graphdb/conn_sqlite3_linux.go"


def test_sqlite_is_left_out_of_builds_without_c(tree: Path, tmp_path: Path) -> None:
    (tree / "go.mod").unlink()
    file = tree / SQLITE
    file.parent.mkdir(parents=True)
    file.write_text("// +build cgo\n\npackage graphdb\n")
    space = laid_out(tree, tmp_path / "work")
    (text,) = space.generated.values()
    assert text.startswith(b"//go:build !cgo\n")
    assert b"func NewSqliteConn(" in text
    assert "sqlite left out of builds without C" in space.layout


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (SQLITE, "package graphdb\n"),
        ("pkg/graphdb/conn_sqlite3.go", "// +build cgo\n\npackage graphdb\n"),
    ],
)
def test_sqlite_that_builds_without_c_is_left_alone(
    tree: Path, tmp_path: Path, path: str, text: str
) -> None:
    (tree / "go.mod").unlink()
    (tree / path).parent.mkdir(parents=True)
    (tree / path).write_text(text)
    assert laid_out(tree, tmp_path / "work").generated == {}


TARSUM = "pkg/tarsum/tarsum.go"
NEXT = "\t\t\tcurrentHeader, err := ts.tarR.Next()\n"
WRITE = "\t\t\tts.tarW.Write(buf2[:n])\n"


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        pytest.param(NEXT + WRITE, True, id="after the next header"),
        pytest.param(WRITE + NEXT, False, id="before it"),
        pytest.param(WRITE, False, id="another way of reading"),
    ],
)
def test_the_last_bytes_of_a_file_stand_before_the_next_header(
    tree: Path, tmp_path: Path, text: str, mended: bool
) -> None:
    (tree / "go.mod").unlink()
    file = tree / TARSUM
    file.parent.mkdir(parents=True)
    file.write_text(text)
    space = laid_out(tree, tmp_path / "work")
    assert ("tarsum mended" in space.layout) is mended
    if mended:
        before, _, after = space.generated[TARSUM].decode().partition(NEXT)
        assert "ts.tarW.Write(buf2[:n])" in before
        assert before.endswith("n = 0\n")
        assert after == WRITE


def test_what_is_vendored_is_imported_by_its_own_path(tree: Path, tmp_path: Path) -> None:
    (tree / "go.mod").unlink()
    (tree / "vendor" / "src").mkdir(parents=True)
    before = laid_out(tree, tmp_path / "work")
    assert before.generated == {}
    file = tree / "registry" / "tar.go"
    text = 'package registry\n\nimport _ "%sgithub.com/a/tar"\n'
    file.write_text(text % f"{before.package}/vendor/src/")
    space = laid_out(tree, tmp_path / "work")
    assert space.generated == {"registry/tar.go": (text % "").encode()}
    assert "imported by their own paths" in space.layout
    assert "vendor/src" in file.read_text()
