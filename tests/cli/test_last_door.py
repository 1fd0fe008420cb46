"""Whatever goes wrong has one message and an exit code, and nobody ever sees a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from gopatch.cli import main as module
from gopatch.cli.commands import list as listing
from tests.conftest import FIXTURES

COMMAND = [sys.executable, "-m", "gopatch"]
SOURCE = str(FIXTURES / "v1.13.1")


def raising(error: BaseException, monkeypatch: pytest.MonkeyPatch) -> int:
    def run(arguments: object) -> int:
        raise error

    monkeypatch.setattr(listing, "run", run)
    return module.main(["list"])


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (ValueError("odd \x1b[31m"), 2, "this is a fault of gopatch"),
        (AssertionError(), 2, "Please report it"),
        (RecursionError(), 2, "nested more deeply"),
        (MemoryError(), 2, "takes more memory"),
        (PermissionError(13, "Permission denied", "/x"), 2, "/x: Permission denied"),
        (KeyboardInterrupt(), 130, "as a whole, or not at all"),
    ],
)
def test_what_nobody_foresaw(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: BaseException,
    code: int,
    words: str,
) -> None:
    monkeypatch.setattr(module, "abandon", lambda: None)
    assert raising(error, monkeypatch) == code
    told = capsys.readouterr().err
    assert words in told
    assert "Traceback" not in told
    assert "\x1b" not in told


@pytest.mark.parametrize("words", [["check", "--docker-src", SOURCE], ["--help"], ["--version"]])
def test_a_full_stdout(words: list[str]) -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run([*COMMAND, *words], stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 2
    assert done.stderr == b"gopatch: stdout: cannot be written: No space left on device\n"


@pytest.mark.parametrize("handle", [0, 1, 2])
def test_a_closed_stream(handle: int) -> None:
    words = [*COMMAND, "check", "--docker-src", SOURCE]
    done = subprocess.run(
        words, capture_output=True, check=False, preexec_fn=lambda: os.close(handle)
    )
    assert done.returncode == (2 if handle == 1 else 0)
    assert b"Traceback" not in done.stderr


def test_a_full_stderr_changes_no_exit_code(tmp_path: Path) -> None:
    with open("/dev/full", "wb") as full:
        words = [*COMMAND, "check", "--docker-src", str(tmp_path)]
        done = subprocess.run(words, stderr=full, stdout=subprocess.PIPE, check=False)
    assert done.returncode == 2


@pytest.mark.thorough
def test_a_locale_without_utf8_changes_nothing(tmp_path: Path) -> None:
    source = tmp_path / "é"
    source.symlink_to(SOURCE)
    words = [*COMMAND, "check", "--json", "--docker-src", str(source)]
    plain = {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "LC_ALL": "POSIX"}
    found = [
        subprocess.run(words, capture_output=True, check=True, env={**os.environ, **more}).stdout
        for more in ({}, plain)
    ]
    assert found[0] == found[1]
    assert "é".encode() in found[0]
