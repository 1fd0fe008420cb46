from __future__ import annotations

from pathlib import Path

from gopatch.backport.anywhere import backport_onto
from gopatch.backport.change import read_change
from gopatch.backport.view import told
from tests.backport.memory import Memory
from tests.conftest import Git

OLD = "package p\n\nfunc f() {\n\tb()\n\ta()\n}\n\nfunc a() {}\n\nfunc b() {}\n"
NEW = "package p\n\nfunc f() {\n\ta()\n}\n\nfunc a() {}\n"


def test_the_commit_that_brought_a_missing_name_is_told(tmp_path: Path, git: Git) -> None:
    git(tmp_path, "init", "-q", "-b", "trunk")
    helper = NEW + "\nfunc help() {}\n"
    steps = (
        ("start", NEW),
        ("add a helper", helper),
        ("use it", helper.replace("\ta()", "\ta()\n\thelp()")),
    )
    for message, text in steps:
        (tmp_path / "p.go").write_text(text)
        git(tmp_path, "add", "-A")
        git(tmp_path, "commit", "-q", "-m", message)
    brought = git(tmp_path, "rev-parse", "--short=12", "HEAD~1")
    done = backport_onto(read_change("trunk", str(tmp_path), None), Memory({"p.go": OLD.encode()}))
    assert [refusal.missing for refusal in done.refusals] == ["help"]
    assert f"`{brought} add a helper` is the last that touched it" in done.refusals[0].hint


def test_a_tree_inside_of_the_target_is_found(tmp_path: Path, git: Git) -> None:
    git(tmp_path, "init", "-q", "-b", "trunk")
    for message, text in (("start", NEW), ("call it twice", NEW.replace("\ta()", "\ta()\n\ta()"))):
        (tmp_path / "p.go").write_text(text)
        git(tmp_path, "add", "-A")
        git(tmp_path, "commit", "-q", "-m", message)
    target = Memory({"engine/p.go": NEW.encode(), "cli/q.go": b"package q\n"})
    done = backport_onto(read_change("trunk", str(tmp_path), None), target)
    assert [change.path for change in done.changes] == ["engine/p.go"]


def test_a_file_whose_lines_only_move_is_told(tmp_path: Path, git: Git) -> None:
    """Git carries the one file; in the other what comes is there, at another place."""
    git(tmp_path, "init", "-q", "-b", "trunk")
    head = 'package q\n\nimport (\n\t"io"\n\n\t// all of it\n\t. "example.com/all"\n)\n\nvar _ = io.EOF\n'
    new = 'package q\n\nimport (\n\t. "example.com/all" // all of it\n\t"io"\n)\n\nvar _ = io.EOF\n'
    for message, text, other in (
        ("start", NEW, head),
        ("move", NEW.replace("\ta()", "\ta()\n\ta()"), new),
    ):
        (tmp_path / "p.go").write_text(text)
        (tmp_path / "q").mkdir(exist_ok=True)
        (tmp_path / "q/q.go").write_text(other)
        git(tmp_path, "add", "-A")
        git(tmp_path, "commit", "-q", "-m", message)
    there = head.replace('"io"\n\n', '"io"\n').encode()
    target = Memory({"p.go": NEW.encode(), "q/q.go": there})
    done = backport_onto(read_change("trunk", str(tmp_path), None), target)
    assert [change.path for change in done.changes] == ["p.go"]
    lines = list(told(done))
    assert "q/q.go  already there; order and comments of its lines are not carried" in lines
