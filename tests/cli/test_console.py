"""What a person sees on a terminal, and what a pipe gets."""

from __future__ import annotations

import io
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gopatch.cli.console import WHEN, columns
from gopatch.cli.table import layout
from gopatch.output.diff import kinds
from gopatch.recipe.read import load
from gopatch.spelling import visible
from tests.cli.running import run
from tests.conftest import FIXTURES, Git
from tests.documents import environment
from tests.terminal import shown

ESCAPE = "\x1b["
SOURCE = FIXTURES / "v20.10.27"
PLAIN = {"NO_COLOR": "1"}


def bare(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*[mK]", "", text)


def test_a_diff_on_a_terminal_is_coloured_and_summed_up() -> None:
    out, code = shown("apply", "--docker-src", SOURCE)
    assert code == 0
    assert f"{ESCAPE}1m--- a/cmd/dockerd/config.go{ESCAPE}0m\n" in out
    assert f"{ESCAPE}36m@@ " in out
    assert re.search(r"\x1b\[31m-\tif tlsConfig\.InsecureSkipVerify", out)
    assert re.search(r"\x1b\[32m\+\tif s\.acceptInsecureRegistry", out)
    assert re.search(
        r"\d+ edits: \d+ applied, \d+ absent; \d+ files: \d+ lines added, \d+ removed", out
    )
    assert "\x1b[?" not in out, "no pager, no other screen"


def test_without_colour_a_terminal_shows_the_patch_itself(
    capsysbinary: pytest.CaptureFixture[bytes],
) -> None:
    out, _ = shown("apply", "--docker-src", SOURCE, env=PLAIN)
    assert run("apply", "--docker-src", SOURCE) == 0
    patch = capsysbinary.readouterr().out.decode()
    assert ESCAPE not in out
    assert out.startswith(patch)
    assert bare(shown("apply", "--docker-src", SOURCE)[0]) == out


@pytest.mark.parametrize(
    ("env", "arguments", "coloured"),
    [
        ({}, [], True),
        ({"NO_COLOR": ""}, [], True),
        ({"NO_COLOR": "0"}, [], False),
        ({"TERM": "dumb"}, [], False),
        ({"TERM": ""}, [], False),
        ({}, ["--color", "never"], False),
        ({}, ["--color=auto"], True),
        ({"NO_COLOR": "1"}, ["--color", "always"], True),
        ({"TERM": "dumb"}, ["--color", "always"], True),
    ],
)
def test_when_there_is_colour(env: dict[str, str], arguments: list[str], coloured: bool) -> None:
    out, code = shown("check", "--docker-src", SOURCE, *arguments, env=env)
    assert code == 0
    assert (ESCAPE in out) is coloured


def test_the_option_may_stand_before_the_command() -> None:
    assert ESCAPE not in shown("--color", "never", "check", "--docker-src", SOURCE)[0]


@pytest.mark.parametrize("when", WHEN)
def test_a_patch_in_a_pipe_or_a_file_has_no_colour(
    when: str, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    file = tmp_path / "x.patch"
    assert run("apply", "--docker-src", SOURCE, "--color", when) == 0
    assert run("apply", "--docker-src", SOURCE, "--color", when, "--output", file) == 0
    out = capsysbinary.readouterr().out
    assert out == file.read_bytes()
    assert b"\x1b" not in out


def test_a_pipe_gets_whole_rows_and_colour_only_when_asked(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("COLUMNS", "20")
    assert run("check", "--docker-src", SOURCE) == 0
    plain = capsys.readouterr().out
    assert ESCAPE not in plain
    assert re.search(r"registry/service\.go:\d+ registry/service\.go:\d+\n", plain)
    assert run("check", "--docker-src", SOURCE, "--color", "always") == 0
    coloured = capsys.readouterr().out
    assert ESCAPE in coloured
    assert bare(coloured) == plain


@pytest.mark.parametrize("columns", [40, 60, 79, 300])
def test_a_table_fits_the_terminal(columns: int) -> None:
    out, _ = shown("check", "--docker-src", FIXTURES / "v1.13.1", columns=columns)
    lines = bare(out).splitlines()
    assert max(map(len, lines)) <= columns
    for word in ("completion-bash", "registry/service_v1.go:", "registry/service.go:"):
        assert word in out
    patch = load("accept-insecure-registry")
    rows = ["", *patch.edits, "", "", *patch.roads]  # two heads, and a line between both tables
    assert (len(lines) == len(rows)) == (columns == 300)


def test_columns_goes_before_the_terminal() -> None:
    out, _ = shown("check", "--docker-src", SOURCE, columns=200, env={"COLUMNS": "50"})
    assert max(map(len, bare(out).splitlines())) <= 50


def test_an_error_says_first_what_to_do_and_in_red() -> None:
    out, code = shown("check", "--docker-src", SOURCE, "--patch", "accept-insecure-registri")
    assert code == 2
    first = out.splitlines()[0]
    assert first.startswith(f"{ESCAPE}1;31mgopatch: no patch `accept-insecure-registri`; ")
    assert "did you mean `accept-insecure-registry`?" in first


def test_progress_is_shown_and_taken_away(repository: Path, git: Git, tmp_path: Path) -> None:
    arguments = ("port", "--docker-src", repository, "--ref", "v*", "--ref", "trunk")
    out, code = shown(*arguments, "--output", tmp_path / "out", columns=60)
    assert code == 0
    bars = [part for part in out.split("\r\x1b[K") if part.startswith("[")]
    assert any("2/2 trunk" in bar for bar in bars)
    assert all(len(bar) <= 60 for bar in bars)
    assert out.split("\r\x1b[K")[-1].startswith("gopatch: 2 refs: 2 applied")


@pytest.mark.parametrize("env", [{"TERM": "dumb"}])
def test_a_dumb_terminal_gets_no_progress(
    env: dict[str, str], repository: Path, tmp_path: Path
) -> None:
    arguments = ("port", "--docker-src", repository, "--ref", "v*", "--output", tmp_path / "out")
    out, code = shown(*arguments, env=env)
    assert code == 0
    assert out == "gopatch: 1 refs: 1 applied; 1 different patches\n"


def test_a_reader_who_goes_away_is_no_error(tmp_path: Path) -> None:
    env = environment(tmp_path / "bin")
    command = (
        f"set -o pipefail; gopatch list | head -n 1; gopatch apply --docker-src {SOURCE} | true"
    )
    done = subprocess.run(["bash", "-c", command], capture_output=True, env=env, check=False)
    assert b"Traceback" not in done.stderr
    assert b"Exception" not in done.stderr


def test_a_source_cannot_steer_the_terminal(tree: Path) -> None:
    file = tree / "registry/service_v2.go"
    text = file.read_text()
    guard = "\tif tlsConfig.InsecureSkipVerify {\n"
    assert guard in text
    file.write_text(text.replace(guard, f"{guard}\t\t// \x1b[2J\u202e x\n"))
    out, code = shown("apply", "--docker-src", tree, env=PLAIN)
    assert code == 0
    assert "// ^[[2J<U+202E> x" in out
    assert "\x1b" not in out


@pytest.mark.parametrize(
    ("line", "seen"),
    [
        ("\tplain é 漢", "\tplain é 漢"),
        ("a\rb", "a^Mb"),
        ("\x7f", "^?"),
        ("\x9b2J", "<U+009B>2J"),
        ("\ufeffx", "<U+FEFF>x"),
        ("a\u2066b\u2069", "a<U+2066>b<U+2069>"),
        ("", ""),
    ],
)
def test_what_cannot_be_seen_is_spelt_out(line: str, seen: str) -> None:
    assert visible(line) == seen


def test_lines_of_a_diff_are_told_by_counting() -> None:
    diff = ["--- a/x", "+++ b/x", "@@ -1,2 +1 @@", "--- a comment", " same", "@@ -9 +8 @@ f",
            "-x", "\\ No newline at end of file", "+++ y", "", "--- a/z"]  # fmt: skip
    assert [kind for kind, _ in kinds(diff)] == [
        "file", "file", "hunk", "del", "", "hunk", "del", "", "add", "", "file",
    ]  # fmt: skip


ROWS = [("", "name", "where"), ("+", "a", "x:1"), ("!", "longer", "one two three four")]


def test_a_table() -> None:
    assert layout(ROWS) == [["  name   where"], ["+ a      x:1"], ["! longer one two three four"]]
    assert layout(ROWS, 27) == layout(ROWS)
    assert layout(ROWS, 20) == [
        ["  name", "    where"],
        ["+ a", "    x:1"],
        ["! longer", "    one two three", "    four"],
    ]


@given(
    st.lists(st.tuples(*[st.text("ab- .", max_size=30)] * 3), min_size=1, max_size=4),
    st.integers(20, 60),
)
def test_a_folded_table_loses_nothing(rows: list[tuple[str, ...]], width: int) -> None:
    blocks = layout(rows, width)
    assert len(blocks) == len(rows)
    for row, block in zip(rows, blocks, strict=True):
        assert all(len(line) <= width for line in block)
        assert "".join("".join(block).split()) == "".join("".join(row).split())


class Bare:
    """A stream that says nothing of a file."""


def closed() -> io.TextIOWrapper:
    stream = io.TextIOWrapper(io.BytesIO())
    stream.close()
    return stream


@pytest.mark.parametrize(
    "stream", [Bare(), io.StringIO(), closed()], ids=["bare", "text", "closed"]
)
def test_a_stream_that_is_no_terminal_has_eighty_columns(
    stream: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    assert columns(stream) == 80
    monkeypatch.setenv("COLUMNS", "120")
    assert columns(stream) == 120
