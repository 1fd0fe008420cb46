from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from gopatch.backport.anywhere import backport_onto
from gopatch.backport.change import read_change
from gopatch.backport.foreign import Wishes
from gopatch.errors import ApplyError, SourceError, UsageError
from tests.backport.conftest import History
from tests.backport.memory import Memory
from tests.conftest import Git


def _diff(history: History, *words: str) -> str:
    command = ["git", "-C", str(history.path), *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_a_commit_is_held_against_its_parent(history: History) -> None:
    change = read_change(history.fix, str(history.path), None)
    assert [file.path for file in change.files] == ["store.go"]
    assert change.author == "Ada Fixer <ada@example.org>"
    assert (change.subject, change.body) == ("Refuse what is locked", "A locked item was removed.")
    assert change.commit == history.fix


@pytest.mark.parametrize(
    "words", [["diff", "v2.0.0", "v2.0.1"], ["format-patch", "-1", "--stdout"]]
)
def test_a_diff_finds_the_source_that_it_was_made_for(
    history: History, tmp_path: Path, words: list[str]
) -> None:
    file = tmp_path / "fix.patch"
    file.write_text(_diff(history, *words))
    change = read_change(str(file), str(history.path), None, "v1.0.0")
    assert change.basis == "v2.0.0, which has the blobs that it names"
    assert change.files == read_change(history.fix, str(history.path), None).files


def test_a_diff_without_blobs_goes_by_where_it_applies(history: History, tmp_path: Path) -> None:
    file = tmp_path / "fix.patch"
    lines = _diff(history, "diff", "v2.0.0", "v2.0.1").splitlines(keepends=True)
    file.write_text("".join(line for line in lines if not line.startswith(("diff", "index"))))
    change = read_change(str(file), str(history.path), None, "v1.0.0")
    assert change.basis == "v2.0.0, the nearest release on which it applies exactly"


def test_a_mail_tells_author_subject_and_body(history: History, tmp_path: Path) -> None:
    file = tmp_path / "0001.patch"
    file.write_text(_diff(history, "format-patch", "-1", "--stdout", "v2.0.1"))
    change = read_change(str(file), str(history.path), None)
    assert change.author == "Ada Fixer <ada@example.org>"
    assert change.subject == "Refuse what is locked"
    assert change.body == "A locked item was removed."
    assert change.commit == history.fix


def test_what_applies_nowhere_is_refused(history: History, tmp_path: Path) -> None:
    file = tmp_path / "fix.patch"
    file.write_text(
        _diff(history, "diff", "v2.0.0", "v2.0.1")
        .replace("return s.drop", "return x")
        .split("index")[0]
        + "--- a/store.go\n+++ b/store.go\n@@ -1,2 +1,2 @@\n package store\n-no\n+yes\n"
    )
    with pytest.raises(ApplyError, match="applies to no release exactly"):
        read_change(str(file), str(history.path), None)


@pytest.mark.parametrize(
    ("text", "message"),
    [("no diff at all\n", "holds no diff"), ("--- words\nand more\n", "holds no diff")],
)
def test_what_is_no_diff_is_refused(
    history: History, tmp_path: Path, text: str, message: str
) -> None:
    file = tmp_path / "fix.patch"
    file.write_text(text)
    with pytest.raises(UsageError, match=message):
        read_change(str(file), str(history.path), None)


def test_a_folder_and_a_root_commit_are_no_change(history: History, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is no file with a diff"):
        read_change(str(tmp_path), str(history.path), None)
    with pytest.raises(UsageError, match="has no parent"):
        read_change("v1.0.0", str(history.path), None)


def test_a_step_that_changes_no_bytes_is_told(tmp_path: Path, git: Git) -> None:
    git(tmp_path, "init", "-q", "-b", "trunk")
    (tmp_path / "run.sh").write_text("true\n")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-q", "-m", "start")
    git(tmp_path, "commit", "-q", "--allow-empty", "-m", "nothing")
    with pytest.raises(UsageError, match="changes no file"):
        read_change("trunk", str(tmp_path), None)
    (tmp_path / "run.sh").chmod(0o755)
    (tmp_path / "link").symlink_to("run.sh")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-q", "-m", "a mode and a link")
    change = read_change("trunk", str(tmp_path), None)
    assert change.files == ()
    assert dict(change.rest) == {
        "link": "is changed as a link, which is not ported",
        "run.sh": "gets the mode 755, which is not ported",
    }
    mail = tmp_path / "mode.patch"
    words = ["git", "-C", str(tmp_path), "diff", "HEAD~1", "HEAD"]
    mail.write_bytes(subprocess.run(words, check=True, capture_output=True).stdout)
    read = read_change(str(mail), str(tmp_path), "HEAD~1")
    assert dict(read.rest) == dict(change.rest)
    target = Memory({"run.sh": b"true\n"})
    assert backport_onto(change, target).status == "failed"
    done = backport_onto(change, target, Wishes(skip=("run.sh", "link")))
    assert "nothing else is in the change" in str(done.refusals[0])


def test_a_commit_with_names_that_git_refuses_is_no_change(tmp_path: Path, git: Git) -> None:
    git(tmp_path, "init", "-q")
    (tmp_path / "x").write_text("x")
    blob, who = git(tmp_path, "hash-object", "-w", "x"), ("-c", "user.name=a", "-c", "user.email=b")
    trees = []
    for name in ("x", ".git"):
        (tmp_path / "tree").write_bytes(b"100644 " + name.encode() + b"\0" + bytes.fromhex(blob))
        trees.append(git(tmp_path, "hash-object", "-w", "--literally", "-t", "tree", "tree"))
    parent = git(tmp_path, *who, "commit-tree", trees[0], "-m", "one")
    commit = git(tmp_path, *who, "commit-tree", trees[1], "-p", parent, "-m", "two")
    with pytest.raises(SourceError, match=r"\.git: is no name inside a source"):
        read_change(commit, str(tmp_path), None)
