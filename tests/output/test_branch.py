from __future__ import annotations

from pathlib import Path

import pytest

from gopatch.errors import ApplyError, SourceError, UsageError
from gopatch.output.branch import Branch, commit
from gopatch.splice import FileChange
from tests.conftest import Git, files

NAME = "registry/service_v2.go"


@pytest.fixture
def changes(repository: Path) -> list[FileChange]:
    before = (repository / NAME).read_bytes()
    return [
        FileChange(NAME, before, before + b"// more\r\n"),
        FileChange("registry/new.go", None, b"package registry\n", 0o100755),
    ]


def make(repository: Path, changes: list[FileChange], force: bool = False) -> tuple[str, bool]:
    return tuple(  # type: ignore[return-value]
        commit(repository, Branch("patched", "HEAD", force), changes, message="subject\n\ntext\n")
    )


def test_the_commit_holds_the_changes_and_nothing_else(
    repository: Path, changes: list[FileChange], git: Git
) -> None:
    (repository / "dirty").write_bytes(b"mine")
    before, status, head = (
        files(repository),
        git(repository, "status", "-s"),
        git(repository, "rev-parse", "HEAD"),
    )
    made, created = make(repository, changes)
    assert created
    assert files(repository) == before
    assert git(repository, "status", "-s") == status
    assert git(repository, "rev-parse", "HEAD") == head
    assert git(repository, "rev-parse", "patched", "patched^") == f"{made}\n{head}"
    assert git(repository, "show", "-s", "--format=%an %ae %s", "patched") == (
        "A Packager packager@example.org subject"
    )
    assert git(repository, "diff", "--raw", "--no-abbrev", "HEAD", "patched").count("\n") == 1
    assert ":000000 100755" in git(repository, "diff", "--raw", "HEAD", "patched")
    assert git(repository, "cat-file", "-s", f"patched:{NAME}") == str(len(changes[0].after or b""))


def test_a_second_run_makes_no_second_commit(
    repository: Path, changes: list[FileChange], monkeypatch: pytest.MonkeyPatch
) -> None:
    made, _ = make(repository, changes)
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2027-01-01T00:00:00Z")
    assert make(repository, changes) == (made, False)


def test_a_bare_repository_works(repository: Path, changes: list[FileChange], git: Git) -> None:
    bare = repository.parent / "bare.git"
    git(repository, "clone", "-q", "--bare", str(repository), str(bare))
    made, _ = make(bare, changes)
    assert git(bare, "rev-parse", "patched") == made


def test_a_sub_folder_is_put_back(repository: Path, changes: list[FileChange], git: Git) -> None:
    inner = [change._replace(path=change.path.removeprefix("registry/")) for change in changes]
    make(repository / "registry", inner)
    assert NAME in git(repository, "diff", "--name-only", "HEAD", "patched").split()


def test_source_date_epoch_is_the_date(
    repository: Path, changes: list[FileChange], git: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1600000000")
    make(repository, changes)
    assert git(repository, "show", "-s", "--format=%at %ct", "patched") == "1600000000 1600000000"


def test_an_existing_branch_is_refused_unless_forced(
    repository: Path, changes: list[FileChange], git: Git
) -> None:
    git(repository, "branch", "patched")
    old = git(repository, "rev-parse", "patched")
    with pytest.raises(ApplyError, match="already"):
        make(repository, changes)
    assert git(repository, "rev-parse", "patched") == old
    made, created = make(repository, changes, force=True)
    assert created
    assert git(repository, "rev-parse", "patched") == made


@pytest.mark.parametrize("force", [False, True])
def test_a_branch_that_is_checked_out_is_refused(
    repository: Path, changes: list[FileChange], git: Git, force: bool
) -> None:
    head = git(repository, "rev-parse", "trunk")
    with pytest.raises(UsageError, match="checked out"):
        commit(repository, Branch("trunk", "HEAD", force), changes, message="m")
    assert git(repository, "rev-parse", "trunk") == head


@pytest.mark.parametrize("name", ["", "a..b", "-x", "a b", "x.lock"])
def test_bad_names_are_refused(repository: Path, changes: list[FileChange], name: str) -> None:
    with pytest.raises(UsageError, match="no name for a branch"):
        commit(repository, Branch(name, "HEAD"), changes, message="m")


def test_without_an_identity_nothing_is_made(
    repository: Path, changes: list[FileChange], git: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.delenv(f"GIT_{role}_NAME")
        monkeypatch.delenv(f"GIT_{role}_EMAIL")
    git(repository, "config", "user.useConfigOnly", "true")
    with pytest.raises(UsageError, match="who you are"):
        make(repository, changes)
    assert "patched" not in git(repository, "branch", "--list", "patched")


@pytest.mark.parametrize("name", ["../x", ".git/hooks/x", "registry/.GIT/x"])
def test_a_commit_has_no_names_that_git_refuses(repository: Path, git: Git, name: str) -> None:
    with pytest.raises(SourceError, match="is no name inside the source"):
        make(repository, [FileChange(name, None, b"x")])
    assert git(repository, "branch", "--list", "patched") == ""
