"""Refs as trees in the work folder: written once, kept while they are used, and forgotten."""

from __future__ import annotations

import fcntl
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from gopatch.source.gitref import GitRef, Repository
from gopatch.verify._go.trees import _held, on_disk


def _refs(repository: Path, count: int) -> list[GitRef]:
    """As many sources, of which each would be a tree of its own."""
    made = []
    for number in range(count):
        made.append(GitRef(Repository(repository), "v20.10.27"))
        made[-1].commit = f"{number:040x}"
    return made


def _trees(work: Path) -> set[str]:
    return {path.name for path in (work / "trees").iterdir() if path.is_dir()}


def test_a_ref_is_written_once_and_old_trees_are_forgotten(
    repository: Path, tmp_path: Path
) -> None:
    work = tmp_path / "work"
    source = GitRef(Repository(repository), "v20.10.27")
    (work / "trees").mkdir(parents=True)
    with on_disk(source, work) as first:
        assert (first / "registry" / "service_v2.go").read_bytes() == source.read(
            "registry/service_v2.go"
        )
        (first / "mark").touch()
    with on_disk(source, work) as again:
        assert (again / "mark").exists()
    for number in range(6):
        (work / "trees" / f"old{number}").mkdir()
        os.utime(work / "trees" / f"old{number}", (number, number))
    with on_disk(_refs(repository, 1)[0], work) as other:
        assert {first.name, other.name, "old4", "old5"} == _trees(work)


def test_a_tree_in_use_is_not_removed(repository: Path, tmp_path: Path) -> None:
    (tmp_path / "trees").mkdir()
    source, *others = _refs(repository, 8)
    with on_disk(source, tmp_path) as used:
        os.utime(used, (1, 1))
        for other in others:
            with on_disk(other, tmp_path):
                pass
        assert (used / "registry" / "service_v2.go").is_file()
        assert len(_trees(tmp_path)) == 5
    os.utime(used, (1, 1))
    with on_disk(others[0], tmp_path):
        assert used.name not in _trees(tmp_path)
        assert len(_trees(tmp_path)) == 4


def test_a_tree_that_is_being_removed_is_waited_for(repository: Path, tmp_path: Path) -> None:
    (tmp_path / "trees").mkdir()
    (source,) = _refs(repository, 1)
    with on_disk(source, tmp_path) as tree:
        pass

    def ask() -> bool:
        with on_disk(source, tmp_path) as again:
            return (again / "registry" / "service_v2.go").is_file()

    with ThreadPoolExecutor() as pool:
        with _held(tree, fcntl.LOCK_EX):
            answer = pool.submit(ask)
            shutil.rmtree(tree)
        assert answer.result()


def test_what_is_left_of_a_removal_is_no_tree(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trees = tmp_path / "trees"
    for number in range(5):
        (trees / f"old{number}" / "registry").mkdir(parents=True)
        os.utime(trees / f"old{number}", (number, number))
    monkeypatch.setattr(shutil, "rmtree", lambda *_, **__: None)
    with on_disk(_refs(repository, 1)[0], tmp_path):
        assert "old0" not in _trees(tmp_path)
