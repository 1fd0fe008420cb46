"""Links are told of where a port fails, and only there."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from gopatch.errors import GopatchError
from gopatch.port.work import work_out
from gopatch.recipe.read import load
from gopatch.recipe.selection import asked, select
from gopatch.source import open_source

FIXTURE = Path(__file__).parents[2] / "fixtures/v1.13.1"


def _said(tree: Path, leave: Sequence[str] = (), without: Sequence[str] = ()) -> str:
    patch = select(load("accept-insecure-registry"), asked((), without, leave))
    try:
        port = work_out(patch, open_source(str(tree)))
        port.demand()
    except GopatchError as error:
        return f"{error}; {error.hint}"
    return ""


@pytest.mark.parametrize("name", ["registry/service_v2.go", "registry"])
def test_what_is_a_link_is_told(tmp_path: Path, name: str) -> None:
    tree = tmp_path / "engine"
    shutil.copytree(FIXTURE, tree)
    (tree / name).rename(tmp_path / "elsewhere")
    (tree / name).symlink_to(tmp_path / "elsewhere")
    assert f"`{name}` is a link, and links are not followed" in _said(tree)


@pytest.mark.parametrize("name", ["other.go", "distribution/more.go"])
def test_whoever_asks_in_a_link_would_have_no_rail(tmp_path: Path, name: str) -> None:
    tree = tmp_path / "engine"
    shutil.copytree(FIXTURE, tree)
    (tree / name).symlink_to(tree / "none")
    said = _said(tree)
    assert f"{name}: a link, and links are not followed: whoever asks" in said
    assert f"put what it leads to in its place, or `--leave {name}` accepts" in said
    assert _said(tree, leave=(name,)) == _said(tree, without=("rails",)) == ""


@pytest.mark.parametrize("name", ["other_test.go", "other.md", "vendor/other.go", "._other.go"])
def test_a_link_that_no_program_is_made_of_is_no_matter(tmp_path: Path, name: str) -> None:
    tree = tmp_path / "engine"
    shutil.copytree(FIXTURE, tree)
    (tree / name).parent.mkdir(exist_ok=True)
    (tree / name).symlink_to(tree / "none")
    assert _said(tree) == ""


def test_what_is_missing_is_no_link(tmp_path: Path) -> None:
    tree = tmp_path / "engine"
    shutil.copytree(FIXTURE, tree)
    (tree / "registry/service_v2.go").unlink()
    assert "link" not in _said(tree)
