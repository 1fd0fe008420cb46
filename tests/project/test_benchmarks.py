"""The benchmarks of speed run, and print their ratio; that it is met nobody can promise here."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import FIXTURES, Git
from tests.documents import ROOT
from tests.history import replace

pytestmark = pytest.mark.thorough


@pytest.fixture
def history(tmp_path: Path, git: Git) -> Path:
    """Two releases that share most of their files, and one that does not."""
    folder = tmp_path / "moby"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "trunk")
    for tag, fixture in (("v1", "v1.13.1"), ("v2", "v20.10.27"), ("v3", "v20.10.27")):
        replace(folder, FIXTURES / fixture)
        (folder / "VERSION").write_text(tag)
        git(folder, "add", "-f", "VERSION")
        git(folder, "commit", "-q", "-m", tag)
        git(folder, "tag", tag)
    return folder


def printed(name: str, *words: object) -> str:
    command = [sys.executable, str(ROOT / "benchmarks" / name), *map(str, words)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_port(history: Path) -> None:
    told = printed("port.py", history, "--ref", "v*", "--runs", 1)
    assert re.search(r"^3 refs are ported, which touch \d+ blobs", told)
    assert re.search(r"^port takes \d+\.\d\d times the floor, \d+ MiB$", told, re.M)
    assert re.search(
        r"^one more tag takes \d+\.\d\d times its own floor, \d\.\d+ times a full run$", told, re.M
    )


def test_startup() -> None:
    told = printed("startup.py", FIXTURES / "v20.10.27", 1)
    assert len(re.findall(r"^apply takes \d+\.\d\d times the import", told, re.M)) == 2


def test_verify(history: Path) -> None:
    told = printed("verify.py", history, "v3")
    assert re.search(r"^judging takes \d+\.\d\d times each of them once, \d+ MiB$", told, re.M)


def test_a_verdict_is_told_of_each_ref_that_is_drawn(history: Path) -> None:
    told = printed("verify.py", history, "v*", "--draw", 1)
    (number, status), *more = re.findall(r"(\d+) (pass|partial|no port)", told.splitlines()[-1])
    assert (number, status in told, more) == ("1", True, [])


def test_what_is_no_repository_is_refused(tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "benchmarks/verify.py"), str(tmp_path), "v*"]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode != 0
    assert "times" not in done.stdout
