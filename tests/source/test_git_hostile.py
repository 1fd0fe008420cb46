"""A repository is data: nothing of it runs, whatever its configuration, hooks and attributes say."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from gopatch.errors import GopatchError, SourceError, UsageError
from gopatch.output import inplace
from gopatch.output.branch import Branch, commit
from gopatch.source import _git, open_source
from gopatch.source.gitref import GitRef, Repository
from tests.conftest import Git, files
from tests.source.git_world import CHANGE, lose


def test_reading_runs_nothing(hostile: Path) -> None:
    repository = Repository(hostile)
    assert set(repository.refs()) == {"main", "v1", "v2"}
    assert GitRef(repository, "v2").read("a/b.go") == b"package b\n"
    assert repository.between("HEAD", "v1") == []
    assert repository.uncommitted(hostile, ["a/b.go"]) == []
    assert not (hostile.parent / "RAN").exists()


@pytest.mark.parametrize("what", ["HEAD:a/b.go", "HEAD:a", "HEAD^{tree}", "HEAD"])
def test_what_is_missing_is_said_and_not_fetched(hostile: Path, git: Git, what: str) -> None:
    lose(hostile, git, what)
    with pytest.raises(GopatchError, match="missing"):
        open_source(hostile, "v1").read("a/b.go")
    assert not (hostile.parent / "RAN").exists()


def test_writing_runs_nothing(hostile: Path) -> None:
    made = commit(hostile, Branch("n", "HEAD"), [CHANGE], message="m\n")
    assert open_source(hostile, made.commit).read("a/b.go") == CHANGE.after
    assert not commit(hostile, Branch("n", "HEAD"), [CHANGE], message="m\n").created
    inplace.write(hostile, [CHANGE])
    assert not (hostile.parent / "RAN").exists()


@pytest.mark.parametrize("name", ["GIT_DIR", "GIT_OBJECT_DIRECTORY", "GIT_WORK_TREE"])
def test_the_environment_names_no_other_repository(
    repo: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, str(repo.parent / "other"))
    assert open_source(repo, "v1").read("a.go") == b"package a\n"


def test_a_repository_of_another_user_is_refused_in_gits_words(
    repo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    with pytest.raises(SourceError, match="detected dubious ownership") as caught:
        Repository(repo)
    assert "safe.directory" in str(caught.value.hint)
    with pytest.raises(SourceError, match="dubious ownership"):
        inplace.write(repo, [CHANGE])
    inplace.write(repo, [CHANGE], force=True)


def test_what_the_user_calls_safe_is_read(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = repo.parent / "config"
    config.write_text(f"[safe]\n\tdirectory = {repo}\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    assert open_source(repo, "v1").read("a.go") == b"package a\n"


def test_a_git_too_old_to_ask_whose_it_is_refuses_what_is_not_ours(
    repo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_git, "_version", lambda: (2, 30, 2))
    assert open_source(repo, "v1").read("a.go") == b"package a\n"
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    with pytest.raises(SourceError, match="of another user"):
        Repository(repo)


def test_who_commits_is_the_users_own_word(
    repo: Path, git: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(repo, "config", "user.name", "Stranger")
    config = repo.parent / "config"
    config.write_text("[user]\n\tname = Me\n\temail = me@example.org\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.delenv(f"GIT_{who}_NAME")
        monkeypatch.delenv(f"GIT_{who}_EMAIL")
    made = commit(repo, Branch("n", "HEAD"), [CHANGE], message="m\n")
    assert (
        git(repo, "show", "-s", "--format=%an <%ae> %cn", made.commit).strip()
        == "Me <me@example.org> Me"
    )
    config.write_text("")
    with pytest.raises(UsageError, match="does not know who you are"):
        commit(repo, Branch("m", "HEAD"), [CHANGE], message="m\n")


@pytest.mark.parametrize(
    "place", ["refs/heads", "logs/refs/heads/n", "logs", "objects", "objects/{}"]
)
def test_a_branch_is_not_written_out_of_the_repository(repo: Path, git: Git, place: str) -> None:
    """A link in a git directory is data of strangers: what it leads to was not named."""
    blob = git(repo, "rev-parse", "HEAD")
    inside, outside = repo / ".git" / place.format(blob[:2]), repo.parent / "outside"
    if inside.exists():
        inside.rename(outside)
    else:
        inside.parent.mkdir(parents=True, exist_ok=True)
        outside.touch()
    inside.symlink_to(outside)
    before = files(repo.parent)
    with pytest.raises(SourceError, match="leaves the git directory by a link"):
        commit(repo, Branch("n", "HEAD"), [CHANGE], message="m\n")
    assert files(repo.parent) == before
    assert open_source(repo, "HEAD").read("a.go") == b"package a\n"


def test_a_link_that_stays_inside_is_followed(repo: Path) -> None:
    (repo / ".git/refs/heads").rename(repo / ".git/refs/branches")
    (repo / ".git/refs/heads").symlink_to("branches")
    assert commit(repo, Branch("n", "HEAD"), [CHANGE], message="m\n").created
