"""Which statements of a port were run: what `go tool cover` prints, read, and the notes that programs leave."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from gopatch.source.directory import Directory
from gopatch.splice import FileChange
from gopatch.verify._go import recording
from gopatch.verify._go.recording import NotedBlock, NotedFile, Recording, record, run_nodes
from gopatch.verify._go.toolchain import Go, Ran
from gopatch.verify._go.two_sides import JudgedSide

CODE = b"""package a

func both(x bool) int {
\tif x {
\t\treturn 1
\t}
\treturn 2
}
"""
COVERED = """//line a.go:1:1
package a

func both(x bool) int {gopatchCover.Count[0] = 1;
\tif x {gopatchCover.Count[2] = 1;
\t\treturn 1
\t}
\tgopatchCover.Count[1] = 1;return 2
}

var gopatchCover = struct {
\tCount     [3]uint32
}{
\tPos: [3 * 3]uint32{
\t\t3, 4, 0x70017, // [0]
\t\t7, 7, 0xa0002, // [1]
\t\t4, 6, 0x30007, // [2]
\t},
"""
BLOCKS = (NotedBlock((3, 23), (4, 7)), NotedBlock((7, 2), (7, 10)), NotedBlock((4, 7), (6, 3)))


class _Space(NamedTuple):
    work: Path
    env: dict[str, str]
    go: Go = Go("go", "gofmt", (1, 22, 0))
    prefix: str = ""


class _Work(NamedTuple):
    space: _Space
    source: Directory
    after: JudgedSide
    changes: tuple[FileChange, ...]

    def package_of(self, folder: str) -> str:
        return folder

    def untouched(self, folder: str) -> Iterator[tuple[str, bytes]]:
        return iter(())


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(recording, "run", lambda *_: Ran(0, COVERED, ""))
    files: dict[str, bytes | None] = {
        "a/a.go": CODE, "a/a_test.go": CODE, "a/a_windows.go": CODE, "b/gone.go": None,
    }  # fmt: skip
    side = JudgedSide("port", files, {})
    change = FileChange("a/a.go", None, CODE)
    return _Work(_Space(tmp_path, {}), Directory(tmp_path), side, (change,))


def test_files_that_are_built_note_what_runs_and_others_are_left(work: Any) -> None:
    made = record(work)
    assert [(file.path, file.first, file.blocks) for file in made.noted] == [("a/a.go", 0, BLOCKS)]
    text = made.files["a/a.go"] or b""
    assert b"int {gopatchRan(0);" in text
    assert b"gopatchCover" not in text
    assert not text.startswith(b"//line")
    assert {p for p in work.after.files if made.files[p] == work.after.files[p]} == {
        "a/a_test.go", "a/a_windows.go", "b/gone.go",
    }  # fmt: skip
    assert b"package a\n" in (made.files["a/gopatch_ran.go"] or b"")


def test_a_file_that_cannot_be_read_stays_as_it_is_and_is_unseen(
    work: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording, "run", lambda *_: Ran(1, "", "no"))
    made = record(work)
    assert made.files == work.after.files
    assert made.unseen(work._replace(changes=())) == ()


@pytest.mark.parametrize(
    ("ran", "lines"), [("0 1 2", []), ("0 1", [5]), ("0 2", [7]), ("", [4, 5, 7]), ("9 x", [4, 5, 7])]
)  # fmt: skip
def test_statements_that_nothing_has_run_are_unseen(work: Any, ran: str, lines: list[int]) -> None:
    called = CODE + b"\nfunc init() { both(true) }\n"
    change = FileChange("a/a.go", None, called)
    blocks = (*BLOCKS, NotedBlock((10, 13), (10, 27)))
    noted = NotedFile("a/a.go", called, b"", 0, blocks)
    notes = work.space.work / "ran.txt"
    notes.write_text("3\n" + ran.replace(" ", "\n"))
    found = Recording({}, (noted,), notes).unseen(work._replace(changes=(change,)))
    assert sorted(line for _, line in found) == lines


def test_without_notes_nothing_has_run(work: Any) -> None:
    noted = NotedFile("a/a.go", CODE, b"", 0, BLOCKS)
    assert list(run_nodes(noted, set())) == []
    assert list(run_nodes(noted._replace(first=5), {0, 1, 2})) == []


def test_notes_of_an_earlier_run_are_forgotten(work: Any) -> None:
    old = work.space.work / "ran.1.txt"
    old.write_text("0\n")
    notes = record(work).notes
    assert notes != old, "who still writes there is of a run that was killed"
    assert not old.exists()
    notes.write_text("0\n")
    assert record(work).notes == notes
    assert not notes.exists()


ASKING = b"""package a

const many = 3

func starts(a string) bool {
\treturn strings.HasPrefix(a, "x")
}

func (o one) both(a []string) bool {
\tif o.on || len(a) > many && a[1] == "y" {
\t\treturn true
\t}
\tname := o.named("z")
\treturn starts("z") && name == ""
}
"""
QUESTIONS = ['strings.HasPrefix(a, "x")', "len(a) > many", 'a[1] == "y"', 'starts("z")']


def _asking(work: Any, monkeypatch: pytest.MonkeyPatch, data: bytes = ASKING) -> tuple[Any, Any]:
    """A port that asks for constants, and its notes; `go tool cover` puts its own marks between."""
    text = data.replace(b"{\n", b"{gopatchCover.Count[0] = 1;\n").decode()
    table = "\nvar gopatchCover = struct {\n}{\n\t\t1, 15, 0x20001, // [0]\n}\n"
    monkeypatch.setattr(recording, "run", lambda *_: Ran(0, f"//line a.go:1:1\n{text}{table}", ""))
    side = JudgedSide("port", {"a/a.go": data}, {})
    asked = work._replace(after=side, changes=(FileChange("a/a.go", None, data),))
    return asked, record(asked)


def test_each_question_for_a_constant_notes_its_answer(
    work: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, made = _asking(work, monkeypatch)
    (noted,) = made.noted
    assert [ASKING[start:end].decode() for start, end in noted.asked] == QUESTIONS
    for number, question in enumerate(QUESTIONS):
        assert f"gopatchAsked({1 + 2 * number}, {question})".encode() in noted.text
    assert noted.text.count(b"gopatchAsked(") == len(QUESTIONS)
    recorder = made.files["a/gopatch_ran.go"] or b""
    assert b"func gopatchAsked(number int, answer bool) bool {" in recorder
    assert f"gopatchNoted [{noted.end + 1}]".encode() in recorder


@pytest.mark.parametrize(
    ("numbers", "lines"),
    [
        ("0 1 2 3 4 5 6 7 8", []),
        ("0 1 2 3 5 6 7 8", [10]),
        ("0 1 2 3 4 7 8", [10]),
        ("0 2 3 4 5 6 8", [6, 14]),
        ("0", [6, 10, 10, 14]),
    ],
)
def test_a_question_is_seen_once_it_came_out_both_ways(
    work: Any, monkeypatch: pytest.MonkeyPatch, numbers: str, lines: list[int]
) -> None:
    asked, made = _asking(work, monkeypatch, ASKING + b"\nvar _ = one{}.both\n")
    made.notes.write_text(numbers.replace(" ", "\n"))
    assert sorted(line for _, line in made.unseen(asked)) == lines


def test_what_may_be_no_question_is_left_as_it_is(
    work: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = b'package a\n\nconst is = 1 == 2\n\nvar b = f("x")\n\nvar c, d = g("y"), 2 + 3\n'
    _, made = _asking(work, monkeypatch, text)
    assert made.noted[0].asked == ()
    assert made.noted[0].text == text


def test_a_file_or_a_variable_of_the_environment_is_asked_for_by_none(
    work: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = b'package a\n\nimport system "os"\n\nvar on = system.Getenv("PLAIN") != ""\n\nvar off = os.Getenv("x")\n'
    asked, made = _asking(work, monkeypatch, text)
    assert made.noted[0].text == text
    assert [line for _, line in made.unseen(asked)] == [5]
