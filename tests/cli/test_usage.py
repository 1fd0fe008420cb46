"""The command line: what is printed where, and the exit codes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from gopatch.cli import commands
from tests.cli.running import run
from tests.conftest import files


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        pytest.param(["aply"], 2, "did you mean apply?", id="command"),
        pytest.param(["apply", "--docker-src", "x", "--in-plac"], 2, "--in-place?", id="option"),
        pytest.param(["apply", "--docker-scr=x"], 2, "mean --docker-src?", id="option, required"),
        pytest.param(["simulate", "h", "--action", "psuh"], 2, "mean push?", id="choice"),
        pytest.param(["check", "--color", "alway"], 2, "mean always?", id="colour"),
        pytest.param(
            ["simulate", "h", "--acept-insecure-registry"], 2, "mean --accept-", id="typo"
        ),
        pytest.param(["simulate", "list", "--qqqq"], 2, "unrecognized", id="nothing near"),
        pytest.param(["apply"], 2, "--docker-src", id="no source"),
        pytest.param(
            ["apply", "--docker-src", "nowhere"], 2, "there is no nowhere", id="no folder"
        ),
        pytest.param(["apply", "--docker-src", "."], 2, "not Docker", id="not Docker"),
        pytest.param(["apply", "--docker-src", ".", "-U", "x"], 2, "number of lines", id="context"),
        pytest.param(
            ["apply", "--docker-src", ".", "--patch", "no"], 2, "no patch `no`", id="patch"
        ),
        pytest.param(
            ["apply", "--docker-src", ".", "--ref", "v1"], 2, "git repository", id="no git"
        ),
        pytest.param(
            ["apply", "--docker-src", ".", "--ref", "v1", "--in-place"], 2, "--in-place", id="both"
        ),
        pytest.param(
            ["apply", "--docker-src", ".", "--reverse", "--in-place"], 2, "--reverse", id="reverse"
        ),
        pytest.param(["simulate", "h", "--store", "graf"], 2, "mean graph?", id="store"),
        pytest.param(
            ["simulate", "h", "--action", "pull", "--store", "containerd"],
            2,
            "no containerd image store",
            id="no such store",
        ),
        pytest.param(["simulate", "h", "--reload", "maybe"], 2, "'on', 'off'", id="reload"),
        pytest.param(["simulate", "h", "--ref", "v1"], 2, "--docker-src", id="ref alone"),
        pytest.param(["simulate", "h", "--answers", "x"], 2, "", id="answers"),
        pytest.param(["simulate", " "], 2, "HOST is empty", id="blank host"),
        pytest.param(["simulate"], 2, "HOST is missing", id="no host"),
        pytest.param(["simulate", "h", "--resolve", "x"], 2, "NAME=ADDRESS", id="resolve"),
        pytest.param(["simulate", "h", "--daemon-json", "no"], 2, "no: ", id="no daemon.json"),
        pytest.param(["port", "--docker-src", ".", "--output", "x"], 2, "--ref", id="port, no ref"),
    ],
)
def test_wrong_usage(  # noqa: PLR0913 - a row of the table, and fixtures
    arguments: list[str],
    code: int,
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "README.md").write_bytes(b"")
    monkeypatch.chdir(tmp_path)
    assert run(*arguments) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert words in err
    assert "Traceback" not in err
    assert [p.name for p in tmp_path.iterdir()] == ["README.md"]


def test_an_option_in_flag_and_file_stops(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "daemon.json"
    file.write_text('{"accept-insecure-registry": true}')
    assert run("simulate", "h", "--accept-insecure-registry", "--daemon-json", file) == 1
    assert "both as a flag and in the configuration file" in capsys.readouterr().out
    assert run("simulate", "h", "--insecure-registry", "h-", "--json") == 1
    told = json.loads(capsys.readouterr().out)["patched"]
    assert (told["refused"], told["kind"], told["attempts"]) == ("daemon", "hyphen", [])
    assert run("simulate", "--daemon-json", file, "--json") == 0
    assert json.loads(capsys.readouterr().out)["keys"] == ["accept-insecure-registry"]


def test_interrupted(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("gopatch.port.work.work_out", stop)
    before = files(tree)
    assert run("apply", "--docker-src", tree, "--in-place") == 130
    assert files(tree) == before


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--help") == 0
    out = capsys.readouterr().out
    for command in commands.names():
        assert re.search(rf"^    {command} ", out, re.M)


@pytest.mark.parametrize("command", ["", *commands.names()])
def test_help_opens_with_examples(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*[command] if command else [], "--help") == 0
    out = capsys.readouterr().out
    assert out.startswith("examples:\n  # ")
    assert f"\n  gopatch {command}" in out.partition("usage: ")[0]


@pytest.mark.parametrize(
    ("arguments", "first"),
    [
        (["aply"], "gopatch: argument COMMAND: invalid choice: "),
        (["apply", "--docker-src", "nowhere"], "gopatch: there is no nowhere; --docker-src names"),
        (["apply"], "gopatch apply: the following arguments are required: --docker-src\n"),
        (
            ["apply", "--docker-src", "x", "--out"],
            "gopatch: there is no --out; did you mean --output?",
        ),
    ],
)
def test_the_first_line_says_what_to_do(
    arguments: list[str], first: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*arguments) == 2
    assert capsys.readouterr().err.startswith(first)


def test_one_failure_among_many_is_named_first(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tree / "registry/service_v2.go").write_bytes(b"package registry\n")
    assert run("apply", "--docker-src", tree) == 1
    first, *rest = capsys.readouterr().err.splitlines()
    assert "does not apply; nothing was written; `gopatch check` shows every edit" in first
    assert rest[0].startswith("  guard-v2: ")
