"""A repository is data: nothing of it runs, whatever its configuration, hooks and attributes say."""

from __future__ import annotations

import ast
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from gopatch.errors import ApplyError, GopatchError, SourceError, UsageError
from gopatch.output import inplace
from gopatch.output.branch import commit
from gopatch.source import _git, open_source
from gopatch.source.gitref import GitRef, Repository
from gopatch.splice import FileChange
from tests.conftest import Git

PACKAGE = Path(__file__).parent.parent.parent / "gopatch"
CHANGE = FileChange("a/b.go", b"package b\n", b"package b // x\n")


@pytest.fixture
def repo(tmp_path: Path, git: Git) -> Path:
    """A repository of two files, a tag, and a tag of a tag."""
    made = tmp_path / "r"
    (made / "a").mkdir(parents=True)
    (made / "a/b.go").write_bytes(b"package b\n")
    (made / "a.go").write_bytes(b"package a\n")
    git(made, "init", "-q", "-b", "main")
    git(made, "add", "-A")
    git(made, "commit", "-qm", "first")
    git(made, "tag", "v1")
    git(made, "tag", "-a", "-m", "x", "v2", "v1")
    return made


# The door ------------------------------------------------------------------------------------


STARTERS = (
    "system",
    "popen",
    "run",
    "call",
    "check_call",
    "check_output",
    "Popen",
    "execute",
    "which",
)


def starts_git(tree: ast.AST) -> Iterator[int]:
    """The lines on which a module starts git, or takes a library that does."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            taken = [*names, getattr(node, "module", None) or ""]
            if any(name.split(".")[0] in ("git", "gitdb", "pygit2", "dulwich") for name in taken):
                yield node.lineno
        elif isinstance(node, ast.List | ast.Tuple) and node.elts:
            first = node.elts[0]
            if isinstance(first, ast.Constant) and first.value == "git" and len(node.elts) > 1:
                yield node.lineno
        elif isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in STARTERS:
            for word in node.args[:1]:
                if isinstance(word, ast.Constant) and str(word.value).split(" ")[0] == "git":
                    yield node.lineno


def test_one_module_starts_git() -> None:
    modules = {path: ast.parse(path.read_text()) for path in PACKAGE.rglob("*.py")}
    doors = [path for path, tree in modules.items() if list(starts_git(tree))]
    assert doors == [PACKAGE / "source/_git.py"]


@pytest.mark.parametrize(
    "text",
    ["import git", "from git.repo import Repo", "run(['git', 'log'])", "Popen(('git', a))", "os.system('git log')"],
)  # fmt: skip
def test_starting_git_would_be_seen(text: str) -> None:
    assert list(starts_git(ast.parse(text))) == [1]


# Hostile repositories --------------------------------------------------------------------------

HOOKS = ("post-index-change", "reference-transaction", "pre-commit", "post-commit", "update")
PROGRAMS = (
    "core.fsmonitor", "core.sshCommand", "core.editor", "core.pager", "core.askPass", "gpg.program",
    "filter.x.clean", "filter.x.smudge", "filter.x.process", "diff.x.textconv", "diff.external",
    "pager.rev-parse", "pager.config", "alias.rev-parse", "credential.helper", "core.gitProxy",
    "core.alternateRefsCommand", "remote.origin.uploadpack", "trace2.normalTarget",
)  # fmt: skip


@pytest.fixture
def hostile(repo: Path, git: Git) -> Path:
    """The same, but everything that could name a program names one that leaves `RAN` behind."""
    evil = repo.parent / "evil"
    evil.write_text(f"#!/bin/sh\ntouch {repo.parent}/RAN\ncat\n")
    evil.chmod(0o755)
    for key in PROGRAMS:
        git(repo, "config", key, f"!{evil}" if key.startswith("alias") else str(evil))
    for key, value in (
        ("core.repositoryFormatVersion", "1"),
        ("extensions.partialClone", "origin"),
        ("remote.origin.promisor", "true"),
        ("remote.origin.url", "ssh://x.invalid/y"),
        ("log.showSignature", "true"),
    ):
        git(repo, "config", key, value)
    (repo / ".git/info").mkdir(exist_ok=True)
    (repo / ".git/info/attributes").write_text("*.go filter=x diff=x\n")
    for name in HOOKS:
        hook = repo / ".git/hooks" / name
        hook.parent.mkdir(exist_ok=True)
        shutil.copy(evil, hook)
    os.utime(repo / "a/b.go", (1, 1))
    (repo.parent / "RAN").unlink(missing_ok=True)
    return repo


def lose(repo: Path, git: Git, what: str) -> None:
    id = git(repo, "rev-parse", what).strip()
    (repo / ".git/objects" / id[:2] / id[2:]).unlink()


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
    made = commit(hostile, "HEAD", [CHANGE], name="n", message="m\n")
    assert open_source(hostile, made.commit).read("a/b.go") == CHANGE.after
    assert not commit(hostile, "HEAD", [CHANGE], name="n", message="m\n").created
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
    made = commit(repo, "HEAD", [CHANGE], name="n", message="m\n")
    assert (
        git(repo, "show", "-s", "--format=%an <%ae> %cn", made.commit).strip()
        == "Me <me@example.org> Me"
    )
    config.write_text("")
    with pytest.raises(UsageError, match="does not know who you are"):
        commit(repo, "HEAD", [CHANGE], name="m", message="m\n")


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
    assert len(commit(made, "HEAD", [change], name="n", message="m\n").commit) == 64
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
        commit(repo, "HEAD", [CHANGE], name="other", message="m\n", force=True)
    with pytest.raises(UsageError, match="checked out"):
        commit(other, "HEAD", [CHANGE], name="main", message="m\n", force=True)


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
    os.mkfifo(refs / "pipe")
    assert set(Repository(repo).refs()) == {"main", "v1", "v2", "w\u00a0n"}


def test_a_broken_file_of_refs_is_said_with_its_line(repo: Path, git: Git) -> None:
    git(repo, "pack-refs", "--all")
    with (repo / ".git/packed-refs").open("a") as file:
        file.write("garbage\n")
    with pytest.raises(SourceError, match="packed-refs:6: is no line"):
        Repository(repo).refs()


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
