"""Diffs of others, read and applied: held against patch(1) and git, which know best."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from gopatch.errors import SourceError
from gopatch.source.diffs import Misfit, apply, read, reverse, traces
from gopatch.source.directory import Directory
from gopatch.source.overlay import over
from tests.conftest import Git, files

TEN = "".join(f"{n}\n" for n in range(1, 11))


def tree(folder: Path, **more: str) -> Path:
    (folder / "d").mkdir(parents=True)
    for name, text in {"d/x.go": TEN, "bare": "x", "gone.txt": "bye\n", **more}.items():
        (folder / name).write_bytes(text.encode())
    return folder


def hunk(old: str, new: str, head: str) -> str:
    return f"--- a/d/x.go\n+++ b/d/x.go\n@@ {head} @@\n{old}{new}"


PLAIN = {
    "insert": hunk(" 4\n 5\n+new\n 6\n 7\n", "", "-4,4 +4,5"),
    "offset": hunk(" 4\n 5\n+new\n 6\n 7\n", "", "-40,4 +40,5"),
    "at the end": hunk(" 9\n 10\n+new\n", "", "-9,2 +9,3"),
    "less below than above, not at the end": hunk(" 4\n 5\n+new\n 6\n", "", "-4,3 +4,4"),
    "less above than below, at line 1": hunk("+new\n 1\n 2\n", "", "-1,2 +1,3"),
    "less above than below, further down": hunk("+new\n 5\n 6\n", "", "-5,2 +5,3"),
    "no context": hunk("-5\n+five\n", "", "-5 +5"),
    "no context, insert": hunk("+new\n", "", "-5,0 +6"),
    "no context, at the top": hunk("+new\n", "", "-0,0 +1"),
    "no context, and more behind what comes": hunk(
        "+new\n", "@@ -5,0 +7 @@\n+newer\n@@ -7 +9,0 @@\n-7\n", "-2,0 +3"
    ),
    "a time before all files, and the file is there": hunk("+new\n", "", "-0,0 +1").replace(
        "a/d/x.go", "a/d/x.go\t1970-01-01 00:00:00.000000000 +0000"
    ),
    "a time before all files, and the file comes": hunk("+new\n", "", "-0,0 +1")
    .replace("x.go", "y.go")
    .replace("a/d/y.go", "a/d/y.go\tThu Jan  1 01:00:00 1970"),
    "wrong": hunk(" 4\n 5\n+new\n 66\n", "", "-4,3 +4,4"),
    "two hunks": hunk(" 1\n-2\n 3\n", "@@ -8,2 +7,3 @@\n 8\n+8b\n 9\n", "-1,3 +1,2"),
    "no newline before": "--- a/bare\n+++ b/bare\n@@ -1 +1,2 @@\n-x\n\\ No newline at end of file\n+x\n+y\n",
    "no newline after": hunk("-10\n+10\n\\ No newline at end of file\n", "", "-10 +10"),
    "a name with a time": hunk("-5\n+five\n", "", "-5 +5").replace(
        "x.go\n", "x.go\t2020-01-01\n", 2
    ),
    "a name with a time behind a blank": hunk("-5\n+five\n", "", "-5 +5").replace(
        "x.go\n", "x.go 2020-01-01 00:00:00\n", 2
    ),
    "a name with a day behind blanks": hunk("-5\n+five\n", "", "-5 +5").replace(
        "x.go\n", "x.go  Mon Jun  1 00:00:00 2020\n", 2
    ),
    "a byte order mark": "\ufeff" + hunk("-5\n+five\n", "", "-5 +5"),
    "an index line": "Index: d/x.go\n=====\n" + hunk("-5\n+five\n", "", "-5 +5"),
    "text that looks like git's": "index of things\nnew file mode is meant\n"
    + hunk("-5\n+five\n", "", "-5 +5"),
    "blank context": hunk("-9\n+nine\n 10\n", "", "-9,2 +9,2"),
    "a file that comes": "--- /dev/null\n+++ b/e/y\n@@ -0,0 +1 @@\n+y\n",
    "a file that is there": "--- /dev/null\n+++ b/gone.txt\n@@ -0,0 +1 @@\n+y\n",
    "a file that goes": "--- a/gone.txt\n+++ /dev/null\n@@ -1 +0,0 @@\n-bye\n",
    "the same file twice": hunk("-5\n+five\n", "", "-5 +5") + hunk("-five\n+V\n", "", "-5 +5"),
    "a removed line of dashes": hunk("-- 5\n", "", "-5 +4,0"),
    "another name on the old side": hunk("-5\n+five\n", "", "-5 +5").replace("a/d/x", "a/d/x.orig"),
}


@pytest.mark.parametrize("text", PLAIN.values(), ids=list(PLAIN))
def test_as_patch_without_fuzz(text: str, tmp_path: Path) -> None:
    source = Directory(tree(tmp_path / "one"))
    made = apply(source, read(text.encode()))
    other = tree(tmp_path / "two")
    command = ["patch", "-p1", "-F0", "-s", "-E", "-f", "--no-backup-if-mismatch", "-r", "-"]
    done = subprocess.run(command, input=text.encode(), cwd=other, check=False, capture_output=True)
    assert isinstance(made, Misfit) == (done.returncode != 0), (made, done.stdout)
    if not isinstance(made, Misfit):
        assert laid(tmp_path / "one", text) == files(other)


def laid(folder: Path, text: str, strip: int = 1) -> dict[str, bytes]:
    """A folder's files as a patch leaves them."""
    made = apply(Directory(folder), read(text.encode()), strip)
    assert not isinstance(made, Misfit), made
    found = files(folder)
    for change in made:
        found.pop(change.path, None)
        if change.after is not None:
            found[change.path] = change.after
    return dict(sorted(found.items()))


def changed(folder: Path) -> None:
    (folder / "d/x.go").rename(folder / "d/moved.go")
    (folder / "d/moved.go").write_text(TEN.replace("5\n", "five\n"))
    (folder / "gone.txt").unlink()
    (folder / "new file").write_bytes(b"n\xc3\xa9w")
    (folder / "\xe9.txt").write_text("odd name\n")
    (folder / "bin").write_bytes(bytes(range(256)) * 40 + b"more")
    (folder / "same").chmod(0o755)
    (folder / "copied").write_text((folder / "same").read_text())
    (folder / "empty").write_bytes(b"")
    (folder / "to").symlink_to("same")
    (folder / "like").write_text((folder / "kept").read_text() + "more\n")
    (folder / "kept").write_text("first\n" + (folder / "kept").read_text())


@pytest.mark.parametrize("options", [(), ("-M", "-C", "--find-copies-harder"), ("--full-index",)])
def test_as_git_wrote_it(options: tuple[str, ...], tmp_path: Path, git: Git) -> None:
    folder = tree(tmp_path / "one", same="the same\n" * 9, kept="as it was\n" * 9)
    (folder / "bin").write_bytes(bytes(range(256)) * 40)
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "x")
    before = files(folder)
    changed(folder)
    after = files(folder)
    git(folder, "add", "-A")
    command = ["git", "-C", str(folder), "diff", "--cached", "--binary", *options]
    data = subprocess.run(command, check=True, capture_output=True).stdout
    git(folder, "reset", "-q", "--hard")
    source = Directory(folder)
    made = apply(source, read(data))
    assert not isinstance(made, Misfit), made
    there = over(source, made)
    assert {name: there.read(name) for name in after} == after
    assert [name for name in before.keys() - after.keys() if there.entry(name)] == []
    link = there.entry("to")
    assert link is not None
    assert link.kind == "link"
    # And back again.
    back = apply(there, reverse(read(data)))
    assert not isinstance(back, Misfit), back
    first = over(there, back)
    assert {name: first.read(name) for name in before} == before
    assert [name for name in after.keys() - before.keys() if first.entry(name)] == []


@pytest.mark.parametrize("strip", [0, 1, 2, 3])
def test_folders_are_taken_off(strip: int, tmp_path: Path) -> None:
    folder = tree(tmp_path / "one")
    text = hunk("-5\n+five\n", "", "-5 +5").replace(" a/", " p/q/r/").replace(" b/", " p/q/r/")
    text = text.replace("p/q/r/d", "/".join([*"pqr"[:strip], "d"]))
    assert b"five" in laid(folder, text, strip)["d/x.go"]


def test_what_does_not_fit_is_named_by_file_and_hunk(tmp_path: Path) -> None:
    source = Directory(tree(tmp_path / "one"))
    first = hunk(" 1\n-2\n 3\n", "@@ -8,2 +7,3 @@\n 8\n+8b\n 99\n", "-1,3 +1,2")
    assert str(apply(source, read(first.encode()))) == "d/x.go, hunk 2"
    gone = first.replace("x.go", "z.go")
    assert str(apply(source, read(gone.encode()))) == "d/z.go, which is not there"


def test_traces_are_hunks_that_are_there_already(tmp_path: Path) -> None:
    text = hunk("-5\n+five\n+six\n", "@@ -9 +10,2 @@\n-9\n+nine\n+ten\n", "-5 +5,2")
    source = Directory(tree(tmp_path / "one"))
    assert traces(source, read(text.encode())) == 0
    (tmp_path / "one/d/x.go").write_text(TEN.replace("5\n", "five\nsix\n"))
    assert traces(source, read(text.encode())) == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("--- a/x\n+++ b/x\n@@ -1,2 +1,3 @@\n one\n", "a hunk ends early"),
        ("--- a/x\n+++ b/x\n@@ -1,2 +1,3 @@\n one\nno hunk\n", "a hunk is shorter than it says"),
        (
            "diff --git a/b b/b\nindex 1..2\nGIT binary patch\nliteral 5\nzzz\n\n",
            "a binary file cannot be read",
        ),
        (
            "diff --git a/b b/b\nindex 1..2\nGIT binary patch\ndelta 99999999999\nzzz\n\n",
            "a binary file cannot be read",
        ),
    ],
)
def test_a_broken_diff_is_refused(text: str, message: str) -> None:
    with pytest.raises(SourceError, match=f"is no unified diff: {message}"):
        read(text.encode(), "x.patch")


def test_a_context_diff_is_not_taken_for_none() -> None:
    text = "why\n\n*** a/x\n--- b/x\n***************\n*** 1 ****\n! a\n--- 1 ----\n! b\n"
    with pytest.raises(SourceError, match=r"x.patch:3: is a context diff"):
        read(text.encode(), "x.patch")


@pytest.mark.parametrize(
    "text", ["", "words\n", "--- a/x\n+++ b/x\nno hunk\n", "@@ -1 +1 @@\n-a\n"]
)
def test_what_is_no_diff_changes_nothing(text: str) -> None:
    assert read(text.encode()) == ()


OUTSIDE = ["../x", "a/../../x", ".git/hooks/x", "a/.GIT/config", "/x", ".git /x"]


@pytest.mark.parametrize("name", OUTSIDE)
def test_a_diff_names_nothing_outside(tmp_path: Path, name: str) -> None:
    """Of somebody else's diff nothing is written there: a hook of git would be run."""
    new = f"--- /dev/null\n+++ b/{name}\n@@ -0,0 +1 @@\n+x\n"
    old = new.replace("/dev/null", f"a/{name}").replace("-0,0", "-1").replace("+x", "-y\n+x")
    move = f"diff --git a/f.txt b/{name}\nrename from f.txt\nrename to {name}\n"
    copy = f"diff --git a/{name} b/g.txt\ncopy from {name}\ncopy to g.txt\n"
    source = Directory(tree(tmp_path))
    for text in (new, old, move, copy):
        made = apply(source, read(text.encode(), "x"))
        assert made == Misfit(name, 0, "which is no name inside the source"), text
