"""A repository is data: nothing of it runs, whatever its configuration, hooks and attributes say."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from gopatch.errors import ApplyError, GopatchError, SourceError, UsageError
from gopatch.output import inplace
from gopatch.output.branch import Branch, commit
from gopatch.source import open_source
from gopatch.source.gitref import GitRef, Repository
from gopatch.splice import FileChange
from tests.conftest import Git
from tests.source.git_world import CHANGE


# Kinds of repositories --------------------------------------------------------------------------
def test_a_sha256_repository_is_read_and_written(tmp_path: Path, git: Git) -> None:
    made = tmp_path / "r"
    made.mkdir()
    (made / "x.go").write_bytes(b"package x\n")
    git(made, "init", "-q", "--object-format=sha256")
    git(made, "add", "-A")
    git(made, "commit", "-qm", "first")
    assert open_source(made, "HEAD").read("x.go") == b"package x\n"
    assert Repository(made).uncommitted(made, ["x.go"]) == []
    change = FileChange("x.go", b"package x\n", b"package y\n")
    assert len(commit(made, Branch("n", "HEAD"), [change], message="m\n").commit) == 64
    git(made, "fsck", "--strict")


def test_a_reftable_is_refused_as_what_it_is(repo: Path) -> None:
    (repo / ".git/reftable").mkdir()
    with pytest.raises(SourceError, match="reftable"):
        Repository(repo)


def test_a_work_tree_beside_the_first_one(repo: Path, git: Git) -> None:
    git(repo, "worktree", "add", "-q", "-b", "other", "../w")
    other = repo.parent / "w"
    assert Repository(other).resolve("HEAD") == Repository(repo).resolve("main")
    with pytest.raises(UsageError, match="checked out"):
        commit(repo, Branch("other", "HEAD", True), [CHANGE], message="m\n")
    with pytest.raises(UsageError, match="checked out"):
        commit(other, Branch("main", "HEAD", True), [CHANGE], message="m\n")


def test_a_shallow_clone_says_so(repo: Path, git: Git) -> None:
    (repo / "a.go").write_bytes(b"package aa\n")
    git(repo, "commit", "-qam", "second")
    git(repo.parent, "clone", "-q", "--depth", "1", f"file://{repo}", "shallow")
    repository = Repository(repo.parent / "shallow")
    assert GitRef(repository, "HEAD").read("a.go") == b"package aa\n"
    with pytest.raises(UsageError, match="or its commit is missing"):
        repository.resolve("HEAD~1")


def test_a_clone_that_borrows_its_objects(repo: Path, git: Git) -> None:
    git(repo.parent, "clone", "-q", "--shared", str(repo), "borrower")
    assert open_source(repo.parent / "borrower", "HEAD").read("a.go") == b"package a\n"


def test_a_module_of_another_repository(repo: Path, git: Git) -> None:
    git(repo.parent, "init", "-q", "above")
    above = repo.parent / "above"
    git(above, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(repo), "sub")
    assert open_source(above / "sub", "HEAD").read("a/b.go") == b"package b\n"


# Refs and names of revisions --------------------------------------------------------------------
def test_names_of_revisions(repo: Path, git: Git) -> None:
    (repo / "a.go").write_bytes(b"package aa\n")
    git(repo, "commit", "-qam", "second")
    git(repo, "update-ref", "refs/remotes/origin/main", "HEAD")
    git(repo, "symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main")
    git(repo, "pack-refs", "--all")
    repository = Repository(repo)
    head, first = repository.resolve("main"), repository.resolve("v1")
    for name in ("HEAD", "@", "heads/main", "refs/heads/main", head[:9], head, "origin", "origin/main", "main^{}"):  # fmt: skip
        assert repository.resolve(name) == head
    for name in ("HEAD~", "main^", "v2", "v2^{commit}", "@~1", "v1-0-g" + first[:8]):
        assert repository.resolve(name) == first
    assert repository.between("v1", "main") == [head]


def test_the_whole_name_of_an_object_is_that_object(repo: Path, git: Git) -> None:
    (repo / "a.go").write_bytes(b"package aa\n")
    git(repo, "commit", "-qam", "second")
    first = Repository(repo).resolve("v1")
    git(repo, "update-ref", f"refs/heads/{first}", "HEAD")
    git(repo, "pack-refs", "--all")
    with (repo / ".git/packed-refs").open("a") as file:
        file.write("garbage\n")  # no ref is read for it
    repository = Repository(repo)
    assert repository.resolve(first) == first == repository.resolve(f"{first}^{{commit}}")
    assert repository.resolve(f"heads/{first}") == repository.resolve("HEAD") != first


def test_one_ref_is_looked_up_by_its_whole_name_alone(repo: Path, git: Git) -> None:
    first = Repository(repo).resolve("v1")
    (repo / "a.go").write_bytes(b"package aa\n")
    git(repo, "commit", "-qam", "second")
    git(repo, "tag", "v1.2")
    git(repo, "pack-refs", "--all")
    repository = Repository(repo)
    assert repository.resolve("v1") == first != repository.resolve("v1.2")
    git(repo, "update-ref", "refs/tags/v1", "HEAD")  # a loose one goes before it
    assert Repository(repo).resolve("v1") == repository.resolve("v1.2")
    for name in ("v1.", "1", "tags/v", "v1.lock"):
        with pytest.raises(UsageError):
            repository.resolve(name)


def test_a_ref_whose_own_line_is_broken_is_said(repo: Path, git: Git) -> None:
    git(repo, "pack-refs", "--all")
    with (repo / ".git/packed-refs").open("a") as file:
        file.write("123 refs/tags/short\n")
    assert Repository(repo).resolve("v1")
    with pytest.raises(SourceError, match="packed-refs:6: is no line"):
        Repository(repo).resolve("short")


@pytest.mark.parametrize(
    "name", ["", "-v", "nope", "HEAD:a.go", "main@{1}", "a\nb", "HEAD~99", "..", "../x"]
)
def test_what_names_no_commit_is_refused(repo: Path, name: str) -> None:
    with pytest.raises(UsageError):
        Repository(repo).resolve(name)


def test_odd_names_and_broken_refs(repo: Path, git: Git) -> None:
    refs = repo / ".git/refs/tags"
    git(repo, "update-ref", "refs/tags/w\u00a0n", "HEAD")
    (refs / "broken").write_text("no id\n")
    (refs / "empty").write_text("")
    (refs / "gone").write_text("1" * 40 + "\n")
    (refs / "loop").write_text("ref: refs/tags/loop\n")
    (refs / "out").write_text("ref: ../../../secret\n")
    (refs / "v3.lock").write_text("")
    assert set(Repository(repo).refs()) == {"main", "v1", "v2", "w\u00a0n"}


def test_a_pipe_among_the_refs_is_refused_by_name(repo: Path) -> None:
    os.mkfifo(repo / ".git/refs/tags/pipe")
    with pytest.raises(SourceError, match="tags/pipe: is a pipe or a device"):
        Repository(repo)


def test_a_broken_file_of_refs_is_said_with_its_line(repo: Path, git: Git) -> None:
    git(repo, "pack-refs", "--all")
    with (repo / ".git/packed-refs").open("a") as file:
        file.write("garbage\n")
    with pytest.raises(SourceError, match="packed-refs:6: is no line"):
        Repository(repo).refs()


def test_a_file_of_refs_that_is_too_large_is_not_read(repo: Path, git: Git) -> None:
    git(repo, "pack-refs", "--all")
    os.truncate(repo / ".git/packed-refs", 1 << 36)
    with pytest.raises(SourceError, match="packed-refs: has more than 67,108,864 bytes"):
        Repository(repo).resolve("v1")


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("config", "[broken\n"),
        ("config", "[core]\n\trepositoryFormatVersion = 99\n"),
        ("HEAD", "x"),
    ],
)
def test_a_broken_repository_is_refused_in_gits_words(repo: Path, file: str, text: str) -> None:
    (repo / ".git" / file).write_text(text)
    with pytest.raises(GopatchError):
        Repository(repo)


def test_an_object_that_is_garbage_is_said(repo: Path, git: Git) -> None:
    id = git(repo, "rev-parse", "HEAD:a/b.go").strip()
    path = repo / ".git/objects" / id[:2] / id[2:]
    path.chmod(0o644)
    path.write_bytes(b"garbage")
    source = open_source(repo, "v1")
    with pytest.raises(SourceError, match="missing or broken"):
        source.read("a/b.go")
    assert source.read("a.go") == b"package a\n"  # git is started anew


# Uncommitted changes ---------------------------------------------------------------------------
def test_line_ends_that_git_turned_are_no_change(repo: Path) -> None:
    (repo / "a.go").write_bytes(b"package a\r\n")
    assert Repository(repo).uncommitted(repo, ["a.go"]) == []


def test_changes_are_found(repo: Path) -> None:
    (repo / "a.go").write_bytes(b"package x\n")
    (repo / "new.go").write_bytes(b"package new\n")
    assert Repository(repo).uncommitted(repo, ["a.go", "a/b.go", "new.go"]) == ["a.go", "new.go"]
    with pytest.raises(ApplyError, match=r"uncommitted changes in a\.go"):
        inplace.write(repo, [FileChange("a.go", b"package x\n", b"package y\n")])


def test_a_folder_that_git_does_not_know_has_none(repo: Path) -> None:
    (repo / "mine").mkdir()
    (repo / "mine/x.go").write_bytes(b"package x\n")
    assert Repository(repo / "mine").uncommitted(repo / "mine", ["x.go"]) == []
    inplace.write(repo / "mine", [FileChange("x.go", b"package x\n", b"package y\n")])
