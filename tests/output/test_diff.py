from __future__ import annotations

import random
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from unidiff.patch import PatchSet

from gopatch.output.diff import quoted, unified
from gopatch.splice import FileChange

LINES = st.lists(st.sampled_from([b"a", b"b", b"c", b"", b"\t}", b"\xff", b"x\r"]), max_size=14)


@st.composite
def texts(draw: st.DrawFn) -> bytes:
    text = b"\n".join(draw(LINES))
    return text + b"\n" if text and draw(st.booleans()) else text


def applied(before: bytes, diff: bytes) -> bytes:
    """A tiny applier that believes nothing: every context and `-` line must be there."""
    lines = before.split(b"\n")
    old = [line + b"\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
    out: list[bytes] = []
    at = 0
    rows = diff.split(b"\n")[2:-1]
    for index, row in enumerate(rows):
        if row.startswith(b"@@"):
            start, _, size = row.split()[1][1:].partition(b",")
            first = int(start) - (size != b"0")
            out += old[at:first]
            at = first
            continue
        if row.startswith(b"\\"):
            continue
        bare = index + 1 < len(rows) and rows[index + 1].startswith(b"\\")
        line = row[1:] + (b"" if bare else b"\n")
        if row[:1] in (b" ", b"-"):
            assert old[at] == line
            at += 1
        if row[:1] in (b" ", b"+"):
            out.append(line)
    return b"".join(out + old[at:])


@given(texts(), texts(), st.integers(0, 4))
def test_diff_gives_the_exact_bytes(before: bytes, after: bytes, context: int) -> None:
    change = FileChange("a.go", before, after)
    diff = unified([change], context=context)
    if before == after:
        assert diff == b""
        return
    assert applied(before, diff) == after
    assert applied(after, unified([change], context=context, reverse=True)) == before


@given(texts())
def test_nothing_changed_is_no_diff(text: bytes) -> None:
    assert unified([FileChange("a.go", text, text)]) == b""


CHANGES = [
    FileChange("daemon/a.go", b"1\n2\n3\n4\n5\n6\n7\n8\n9\n", b"1\n2\nx\n4\n5\n6\n7\n8\n9\ny\n"),
    FileChange("b.txt", b"one\r\ntwo\r\nthree", b"one\r\n2\r\nthree"),
    FileChange("c c.txt", b"a\n", b"b\n"),
    FileChange("new/d.go", None, b"package d\n"),
    FileChange("e.txt", b"last", b"last\n"),
]


def lay(folder: Path, changes: list[FileChange], *, after: bool) -> None:
    for change in changes:
        data = change.after if after else change.before
        if data is not None:
            path = folder / change.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)


@pytest.mark.parametrize(
    "tool",
    [
        pytest.param(["patch", "-p1", "-F0", "-s", "--binary"], id="patch"),
        pytest.param(["git", "apply", "-p1"], id="git apply"),
    ],
)
@pytest.mark.parametrize("reverse", [False, True])
def test_real_tools_take_it(tool: list[str], reverse: bool, tmp_path: Path) -> None:
    lay(tmp_path, CHANGES, after=reverse)
    diff = unified(CHANGES, reverse=reverse)
    subprocess.run(tool, input=diff, cwd=tmp_path, check=True)
    for change in CHANGES:
        data = change.before if reverse else change.after
        path = tmp_path / change.path
        assert (path.read_bytes() if path.exists() else None) == data


def test_git_apply_takes_it_below_another_repository(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    inner = tmp_path / "inner"
    lay(inner, CHANGES[:1], after=False)
    subprocess.run(["git", "apply"], input=unified(CHANGES[:1]), cwd=inner, check=True)
    assert (inner / CHANGES[0].path).read_bytes() == CHANGES[0].after


def test_unidiff_reads_it() -> None:
    found = PatchSet(unified(CHANGES).decode())
    assert [f.path for f in found] == sorted(c.path for c in CHANGES)
    assert [f.path for f in found if f.is_added_file] == ["new/d.go"]


def test_prefix_goes_before_every_path() -> None:
    diff = unified(CHANGES[:1], prefix="engine/")
    assert diff.startswith(b"--- a/engine/daemon/a.go\n+++ b/engine/daemon/a.go\n")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a/b.go", "a/b.go"),
        ("ä.go", '"\\303\\244.go"'),
        ('a"b', '"a\\"b"'),
        ("a\tb", '"a\\tb"'),
        ("a\\b", '"a\\\\b"'),
    ],
)
def test_odd_paths_are_quoted_as_git_does(path: str, expected: str) -> None:
    assert quoted(path) == expected


def test_no_time_and_no_index_line() -> None:
    diff = unified(CHANGES)
    assert b"index " not in diff
    assert b"diff --git" not in diff
    assert b"\t20" not in diff


def numbered(count: int, call: bytes) -> bytes:
    return b"".join(b"func f%d() {\n\tx()\n\t%b\n}\n\n" % (i, call) for i in range(count))


def test_many_like_places_are_a_hunk_each() -> None:
    before, after = numbered(3000, b"old()"), numbered(3000, b"fresh()")
    diff = unified([FileChange("a.go", before, after)], context=0)
    assert diff.count(b"\n@@") == 3000
    assert applied(before, diff) == after


def test_what_is_far_apart_is_a_diff_all_the_same() -> None:
    """More edits than are looked ahead, of lines that both sides have."""
    before = b"".join(b"%d\n" % (n % 7) for n in range(1500))
    after = b"".join(b"%d\n" % (n * n % 7) for n in range(1500))
    diff = unified([FileChange("a.txt", before, after)])
    assert applied(before, diff) == after


@pytest.mark.parametrize("seed", range(12))
def test_as_few_lines_as_git_takes(seed: int, tmp_path: Path) -> None:
    draw = random.Random(seed)
    before = [b"%d" % draw.randrange(30) for _ in range(60)]
    after = [line for line in before if draw.random() > 0.1]
    for _ in range(6):
        after.insert(draw.randrange(len(after)), b"%d" % draw.randrange(30))
    old, new = (b"\n".join(lines) + b"\n" for lines in (before, after))
    names = [tmp_path / name for name in "ab"]
    for path, side in zip(names, (old, new), strict=True):
        path.write_bytes(side)
    command = ["git", "diff", "--no-index", "--minimal", "--numstat", *map(str, names)]
    found = subprocess.run(command, check=False, capture_output=True).stdout.split()
    ours = unified([FileChange("a", old, new)], context=0).split(b"\n")[2:]
    assert sum(line[:1] == b"+" for line in ours) == int(found[0])
