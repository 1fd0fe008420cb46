"""Whatever a run is cut short by, what it wrote is there as a whole, or not, or the next run sees to it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from gopatch.errors import SourceError
from gopatch.files import FOLDER, locked, recover, write_file
from gopatch.source import open_source
from tests.conftest import files
from tests.files_world import (
    EVIL,
    OLD,
    forge,
    half,
    make,
    many,
)


@pytest.mark.parametrize(
    "rows",
    [
        [["../out", None, EVIL]],
        [["/etc/passwd", None, EVIL]],
        [[".git/config", None, EVIL]],
        [["sub/.GIT/hooks/x", None, EVIL]],
        [["link/x", None, EVIL]],
        [[f"{FOLDER}/x", None, EVIL]],
        [["a.go", None, None]],
        [["a.go", 1, EVIL]],
        [["a.go"]],
        [[7, None, EVIL]],
        [],
        ["x"],
    ],
    ids=str,
)  # fmt: skip
def test_a_journal_that_leads_out_is_not_followed(tmp_path: Path, rows: list[Any]) -> None:
    root = tmp_path / "r"
    journal = half(root)
    (root / "link").symlink_to(tmp_path)
    forge(journal, *rows)
    (journal.parent / "0.new").write_bytes(b"evil")
    before = files(root)
    with locked(root), pytest.raises(SourceError, match="not followed"):
        recover(root)
    assert files(root) == before
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "[" * 100_000, '{"version": 2, "files": []}', "\0"]
)
def test_what_is_no_journal_is_not_followed(tmp_path: Path, text: str) -> None:
    root = tmp_path / "r"
    half(root).write_text(text)
    with locked(root), pytest.raises(SourceError, match="not followed"):
        recover(root)


def test_a_file_that_somebody_has_changed_since_is_left_alone(tmp_path: Path) -> None:
    root = tmp_path / "r"
    half(root)
    (root / "a.go").write_bytes(b"mine\n")
    before = files(root)
    with locked(root), pytest.raises(SourceError, match=r"a\.go is neither as it was"):
        recover(root)
    assert files(root) == before


def test_bytes_that_are_not_those_of_the_journal_are_not_taken(tmp_path: Path) -> None:
    root = tmp_path / "r"
    room = half(root).parent
    for path in room.glob("*.new"):
        path.write_bytes(b"evil")
    with locked(root):
        assert "taken back" in recover(root)
    assert files(root) == OLD


def test_neither_forward_nor_back(tmp_path: Path) -> None:
    root = tmp_path / "r"
    room = half(root).parent
    for path in [*room.glob("*.new"), *room.glob("*.old")]:
        path.unlink()
    before = files(root)
    with locked(root), pytest.raises(SourceError, match="what it needs"):
        recover(root)
    assert files(root) == before


def test_a_journal_of_another_user_is_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "r"
    half(root)
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    with locked(root), pytest.raises(SourceError, match="not what this user's gopatch left"):
        recover(root)


@pytest.mark.parametrize("name", [FOLDER, f"{FOLDER}/.git"])
def test_a_link_in_its_place_is_not_written_through(tmp_path: Path, name: str) -> None:
    root = make(tmp_path / "r")
    (tmp_path / "out").mkdir()
    (root / name).parent.mkdir(exist_ok=True)
    (root / name).symlink_to(tmp_path / "out")
    with pytest.raises(SourceError, match="not what this user's gopatch left"):
        many(root)
    assert files(root) == OLD
    assert list((tmp_path / "out").iterdir()) == []


def test_a_folder_above_or_below_that_is_half_written_is_refused(tmp_path: Path) -> None:
    root = tmp_path / "above/r"
    half(root)
    with pytest.raises(SourceError, match="half written"):
        open_source(root / "sub")
    source = open_source(tmp_path / "above")
    assert [entry.name for entry in source.listdir("")] == ["r"]
    with pytest.raises(SourceError, match="half written"):
        source.listdir("r")


def test_what_nobody_of_us_made_is_left_there(tmp_path: Path) -> None:
    root = make(tmp_path / "r")
    (root / FOLDER / ".git").mkdir(parents=True)
    (root / FOLDER / ".git/mine").write_text("x")
    many(root)
    assert (root / FOLDER / ".git/mine").read_text() == "x"


def test_a_second_name_of_a_file_keeps_its_bytes(tmp_path: Path) -> None:
    root = make(tmp_path / "r")
    os.link(root / "a.go", tmp_path / "other")
    many(root)
    assert (tmp_path / "other").read_bytes() == b"a\n"


@pytest.mark.parametrize("name", ["x" * 300, "no/such/x", "a.go/x"])
def test_what_cannot_be_written_is_said(tmp_path: Path, name: str) -> None:
    root = make(tmp_path / "r")
    with pytest.raises(SourceError):
        write_file(root / name, b"x")
    assert files(root) == OLD
