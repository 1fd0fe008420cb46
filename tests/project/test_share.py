"""The man page and the completions: as generated, in the wheel, and in real shells."""

from __future__ import annotations

import os
import pty
import re
import runpy
import select
import subprocess
import sys
import time
import tomllib
import zipfile
from pathlib import Path

import pytest

from gopatch.cli import commands
from tests.conftest import Git
from tests.documents import ROOT

SHARE = ROOT / "share"
BASH = SHARE / "bash-completion/completions/gopatch"
ZSH = SHARE / "zsh/site-functions/_gopatch"
FISH = SHARE / "fish/vendor_completions.d/gopatch.fish"
MAN = SHARE / "man/man1/gopatch.1"


def test_what_is_shipped_is_what_is_generated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["generate.py", str(tmp_path)])
    monkeypatch.setenv("COLUMNS", "40")
    runpy.run_path(str(SHARE / "generate.py"), run_name="__main__")
    made = {p.relative_to(tmp_path): p.read_text() for p in tmp_path.rglob("*") if p.is_file()}
    assert {SHARE / name for name in made} == {BASH, ZSH, FISH, MAN}
    stale = [str(name) for name, text in made.items() if (SHARE / name).read_text() != text]
    assert stale == [], "run `python share/generate.py` and commit what it writes"


def test_the_man_page_names_all_and_no_day() -> None:
    text = MAN.read_text()
    assert text.startswith('.TH GOPATCH "1" "" "gopatch ')
    for name in commands.names():
        assert f"gopatch {name}" in text
    assert str(ROOT) not in text


def test_the_wheel_ships_them() -> None:
    table = tomllib.loads((ROOT / "pyproject.toml").read_text())
    shared = table["tool"]["hatch"]["build"]["targets"]["wheel"]["shared-data"]
    assert {ROOT / source for source in shared} == {BASH, ZSH, FISH, MAN}
    assert all(source == target for source, target in shared.items())


# In real shells --------------------------------------------------------------------------------


@pytest.mark.real
def test_a_built_wheel_holds_them(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "-q",
        "--no-deps",
        "-w",
        str(tmp_path),
        str(ROOT),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    (wheel,) = tmp_path.glob("*.whl")
    found = {name.partition(".data/data/")[2] for name in zipfile.ZipFile(wheel).namelist()}
    assert {str(path.relative_to(ROOT)) for path in (BASH, ZSH, FISH, MAN)} <= found


@pytest.mark.real
def test_man_has_nothing_to_say_against_it() -> None:
    command = ["man", "--warnings", "-E", "UTF-8", "-l", str(MAN)]
    done = subprocess.run(
        command, check=True, capture_output=True, text=True, env={**os.environ, "MANWIDTH": "80"}
    )
    assert done.stderr == ""
    assert "gopatch apply --docker-src moby --ref v20.10.27 > accept.patch" in done.stdout


def bash(line: str, folder: Path) -> set[str]:
    words = line.split(" ")
    quoted = " ".join(f"'{word}'" for word in words)
    script = (
        f'source "{BASH}"; COMP_WORDS=({quoted}); '
        f"COMP_CWORD={len(words) - 1}; COMP_LINE='{line}'; COMP_POINT={len(line)}; "
        "name=$(complete -p gopatch | sed 's/.*-F \\([^ ]*\\).*/\\1/'); "
        '$name gopatch "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"; '
        "printf '%s\\n' \"${COMPREPLY[@]}\""
    )
    done = subprocess.run(["bash", "-c", script], cwd=folder, check=True, capture_output=True)
    assert done.stderr == b""
    return {word.strip() for word in done.stdout.decode().split("\n")}


def fish(line: str, folder: Path) -> set[str]:
    script = f"source {FISH}; complete -C '{line}'"
    done = subprocess.run(["fish", "-c", script], cwd=folder, check=True, capture_output=True)
    return {word.partition("\t")[0] for word in done.stdout.decode().split("\n")}


def zsh(line: str, folder: Path) -> set[str]:
    """Words on the screen after TAB, of an interactive zsh."""
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(folder)
        os.execvpe("zsh", ["zsh", "-f", "-i"], {**os.environ, "TERM": "dumb", "COLUMNS": "200"})
    try:
        start = (
            f"fpath=({ZSH.parent} $fpath); autoload -U compinit; compinit -D -u; PS1=; "
            "zstyle ':completion:*' list-prompt ''; LISTMAX=1000; stty -echo; print rea''dy\r"
        )
        _until(terminal, start, "ready\r\n")
        screen = _until(terminal, f"{line}\t\t", None)
    finally:
        os.close(terminal)
        os.waitpid(child, 0)
    return set(re.sub(r"\x07|\x08|\x1b\[[?0-9;]*[a-zA-Z]", " ", screen).split())


def _until(terminal: int, typed: str, wanted: str | None) -> str:
    """What a terminal shows: until `wanted` is there, or until nothing more comes."""
    os.write(terminal, typed.encode())
    shown, until = "", time.monotonic() + 20
    while time.monotonic() < until:
        if not select.select([terminal], [], [], 1.5)[0]:
            if wanted is None:
                break
            continue
        shown += os.read(terminal, 65536).decode(errors="replace")
        if wanted is not None and wanted in shown:
            break
    return shown


@pytest.mark.real
@pytest.mark.parametrize("shell", [bash, zsh, fish])
@pytest.mark.parametrize(
    ("line", "there", "missing"),
    [
        ("gopatch ", {"apply", "check", "port", "simulate"}, {"--in-place"}),
        ("gopatch apply --in", {"--in-place"}, {"--json"}),
        ("gopatch simulate h --action p", {"pull", "push"}, {"login"}),
        ("gopatch apply --format ", {"unified", "html", "json"}, {"help"}),
        ("gopatch check --docker-src docker --ref v", {"v20.10.27", "v20.10.28"}, {"trunk"}),
        ("gopatch check --patch a", {"accept-insecure-registry", "always-http"}, {"skip-verify"}),
    ],
)
def test_completion(  # noqa: PLR0913 - a row of the table, and fixtures
    shell: object,
    line: str,
    there: set[str],
    missing: set[str],
    repository: Path,
    git: Git,
) -> None:
    git(repository, "tag", "v20.10.28")
    assert callable(shell)
    found = shell(line, repository.parent)
    assert there <= found
    assert not missing & found


@pytest.mark.real
@pytest.mark.parametrize("shell", [bash, fish])
def test_files_complete_where_a_file_is_wanted(shell: object, tree: Path) -> None:
    assert callable(shell)
    assert {word.rstrip("/") for word in shell("gopatch apply --docker-src d", tree.parent)} >= {
        "docker"
    }
