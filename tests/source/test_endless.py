"""Pipes and devices in what git reads of a repository: refused before git waits for them."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from gopatch.errors import SourceError
from gopatch.source import open_source
from gopatch.source._endless import refuse_endless
from tests.conftest import Git

Make = Callable[[Path], None]


def pipe(name: str) -> Make:
    """In the place of a file of the git directory, or as a new one."""

    def make(repo: Path) -> None:
        place = repo / ".git" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.unlink(missing_ok=True)
        os.mkfifo(place)

    return make


def include(text: str) -> Make:
    def make(repo: Path) -> None:
        os.mkfifo(repo.parent / "pipe")
        (repo.parent / "more").write_text("[include]\n\tpath = pipe\n")
        with open(repo / ".git/config", "a") as file:
            file.write(text.replace("PIPE", str(repo.parent / "pipe")))

    return make


def borrowed(repo: Path) -> None:
    other = repo.parent / "o"
    (other / "info").mkdir(parents=True)
    os.mkfifo(other / "info/alternates")
    (repo / ".git/objects/info/alternates").write_text(f"# others\n{other}\n")


def instead_of_git(repo: Path) -> None:
    (repo / ".git").rename(repo.parent / "git")
    os.mkfifo(repo / ".git")


def through_a_link(repo: Path) -> None:
    os.mkfifo(repo.parent / "pipe")
    os.symlink(repo.parent / "pipe", repo / ".git/refs/heads/x")


ENDLESS: dict[str, Make] = {
    "HEAD": pipe("HEAD"),
    "config": pipe("config"),
    "config of a work tree": pipe("config.worktree"),
    "commondir": pipe("commondir"),
    "packed refs": pipe("packed-refs"),
    "a ref": pipe("refs/heads/x"),
    "a log": pipe("logs/refs/heads/n"),
    "index": pipe("index"),
    "alternates": pipe("objects/info/alternates"),
    "a pack": pipe("objects/pack/pack-0.idx"),
    "shallow": pipe("shallow"),
    "included": include("[include]\n\tpath = PIPE\n"),
    "included by an included one": include("[INCLUDE]\n  path = ../../more\n"),
    "included on a condition": include('[includeIf "gitdir:/x/"] path = "PIPE"\n'),
    "a device": include("[include]\n\tpath = /dev/zero\n"),
    "borrowed": borrowed,
    "instead of a git directory": instead_of_git,
    "through a link": through_a_link,
}


@pytest.mark.parametrize("make", ENDLESS.values(), ids=ENDLESS)
def test_what_never_ends_is_refused_at_once(repo: Path, make: Make) -> None:
    make(repo)
    start = time.monotonic()
    with pytest.raises(SourceError, match="is a pipe or a device"):
        open_source(repo, "v1")
    assert time.monotonic() - start < 10


def test_from_a_folder_below_and_from_a_work_tree_beside(repo: Path, git: Git) -> None:
    git(repo, "worktree", "add", "-q", "-b", "other", "../w")
    os.mkfifo(repo / ".git/objects/info/alternates")
    for folder in (repo / "a", repo.parent / "w"):
        with pytest.raises(SourceError, match="info/alternates: is a pipe or a device"):
            open_source(folder, "v1")


FINE = {
    "a file": ("[user]\n\tname = x\n", ["more"]),
    "nothing": ("", ["nothing"]),
    "itself, again and again": ("[include]\n\tpath = more\n", ["more"]),
    "a folder": ("[include]\n\tpath = refs\n", ["refs"]),
}


@pytest.mark.parametrize(("text", "named"), FINE.values(), ids=FINE)
def test_what_is_included_and_ends_is_no_matter(repo: Path, text: str, named: list[str]) -> None:
    (repo / ".git/more").write_text(text)
    asked = []

    def includes(config: Path) -> list[str]:
        asked.append(config)
        return named

    with open(repo / ".git/config", "a") as file:
        file.write("[include]\n")
    refuse_endless(repo, includes)
    assert 1 <= len(asked) <= 10


def test_folders_that_borrow_from_each_other_are_looked_into_once(repo: Path) -> None:
    stores = [repo.parent / f"o{number}" for number in range(8)]
    for store, other in zip(stores, [*stores[1:], repo / ".git/objects"], strict=True):
        (store / "info").mkdir(parents=True)
        ways = "".join(f"{other}{'/.' * number}\n" for number in range(12))
        (store / "info/alternates").write_text(ways)
    (repo / ".git/objects/info/alternates").write_text(f".\n{stores[0]}\n/nowhere\n")
    refuse_endless(repo, lambda _: [])
    os.mkfifo(stores[-1] / "pack")
    with pytest.raises(SourceError, match="o7/pack: is a pipe"):
        refuse_endless(repo, lambda _: [])


def test_a_configuration_of_a_megabyte_is_refused(repo: Path) -> None:
    with open(repo / ".git/config", "a") as file:
        file.write("#" * (1 << 20) + "\n[include]\n\tpath = /dev/zero\n")
    with pytest.raises(SourceError, match="config: is larger than gopatch reads"):
        open_source(repo, "v1")


def test_what_git_does_not_read_may_be_a_pipe(repo: Path) -> None:
    os.mkfifo(repo / "a/pipe")
    (repo / ".git/modules/x").mkdir(parents=True)
    os.mkfifo(repo / ".git/modules/x/pipe")
    os.symlink(repo / ".git", repo / ".git/circle")
    assert open_source(repo, "v1").read("a.go") == b"package a\n"


@pytest.mark.parametrize("name", ["nothing", "a.go", "a"])
def test_where_no_repository_is_there_is_nothing_to_wait_for(tmp_path: Path, name: str) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a.go").write_text("package a\n")
    refuse_endless(tmp_path / name, lambda _: [])
