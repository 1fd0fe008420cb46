"""The notation, case by case: one archive a behaviour, one runner.

An archive holds `x.patch` and `in.go`; then `out.go` (what comes out, and comes out again),
`missing` (no match: the wanted step and what stood there), or `error` (the message, with its
place). `--update` writes what comes out now; look at the difference before you commit it.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from gopatch.authoring.txtar import read_txtar, write_txtar
from gopatch.engine.apply import apply
from gopatch.engine.match import Miss
from gopatch.engine.pattern import compile_patch
from gopatch.errors import GopatchError
from gopatch.go.gofmt import realign
from gopatch.go.tree import parse, position

CASES = sorted((Path(__file__).parent.parent / "cases").glob("*.txtar"))
CHANGED = [path for path in CASES if "out.go" in read_txtar(path.read_bytes())[1]]


def run(sections: dict[str, bytes]) -> tuple[str, bytes]:
    """The section that an archive should end with, and its content."""
    data = sections["in.go"]
    miss: Miss | None = None
    done = False
    try:
        for pattern in compile_patch(sections["x.patch"].decode(), "x.patch"):
            result = apply(pattern, data, "in.go", explain=True)
            done = done or result.status != "missing"
            miss = miss or result.miss
            data = result.after
    except GopatchError as error:
        hint = f"\n{error.hint}" if error.hint else ""
        return "error", f"{error}{hint}\n".encode()
    if not done:
        assert miss is not None
        line, column = position(sections["in.go"], miss.offset)
        step = f"x.patch:{miss.step[0]}:{miss.step[1]}"
        text = f"{step}: wanted `{miss.wanted}`, in.go:{line}:{column} has `{miss.found}`\n"
        return "missing", text.encode()
    return "out.go", data


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case(path: Path, request: pytest.FixtureRequest) -> None:
    comment, sections = read_txtar(path.read_bytes())
    name, content = run(sections)
    if request.config.getoption("--update"):
        kept = {key: sections[key] for key in ("x.patch", "in.go")}
        path.write_bytes(write_txtar(comment, {**kept, name: content}))
        return
    assert comment.strip(), "say in the archive's comment what the case is about"
    assert {name: content} == {k: v for k, v in sections.items() if k not in ("x.patch", "in.go")}


@pytest.mark.parametrize("path", CHANGED, ids=lambda path: path.stem)
def test_second_run_changes_nothing(path: Path) -> None:
    _, sections = read_txtar(path.read_bytes())
    data = sections["out.go"]
    for pattern in compile_patch(sections["x.patch"].decode(), "x.patch"):
        result = apply(pattern, data, "out.go")
        assert result.after == data
        assert result.status != "applied"


@pytest.mark.parametrize("path", CHANGED, ids=lambda path: path.stem)
def test_edits_are_of_the_file_as_it_was(path: Path) -> None:
    _, sections = read_txtar(path.read_bytes())
    data = sections["in.go"]
    for pattern in compile_patch(sections["x.patch"].decode(), "x.patch"):
        result = apply(pattern, data, "in.go")
        edits = sorted((edit.start, edit.end) for edit in result.edits)
        assert all(0 <= start <= end <= len(data) for start, end in edits)
        assert all(end <= start for (_, end), (start, _) in pairwise(edits))
        data = result.after


@pytest.mark.parametrize("path", CHANGED, ids=lambda path: path.stem)
def test_what_was_aligned_stays_aligned(path: Path) -> None:
    _, sections = read_txtar(path.read_bytes())
    if not realign(parse(sections["in.go"])):
        assert realign(parse(sections["out.go"])) == []


def test_more_than_a_third_change_nothing() -> None:
    kinds = [set(read_txtar(path.read_bytes())[1]) for path in CASES]
    quiet = [names for names in kinds if "out.go" not in names]
    assert len(CASES) > 50
    assert 3 * len(quiet) > len(kinds)


@pytest.mark.parametrize("path", CHANGED, ids=lambda path: path.stem)
def test_line_ends_of_windows_stay(path: Path) -> None:
    """The same in a file with CRLF: every line keeps it, and is laid out as in one without."""
    _, sections = read_txtar(path.read_bytes())
    if b"\r" in sections["in.go"]:
        return
    windows = {**sections, "in.go": sections["in.go"].replace(b"\n", b"\r\n")}
    assert run(windows) == ("out.go", sections["out.go"].replace(b"\n", b"\r\n"))
