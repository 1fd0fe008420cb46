"""Documents as they are read: their commands are run in order, and what they print is compared.

In a Markdown file,

- a ```console block holds commands after `$ ` (`> ` goes on with one) and what they print. One
  document is one bash session in one folder, as its reader would have it. `…` in a line stands for
  anything, a line of `…` alone for any number of lines. A command that fails must be followed by
  `$ echo $?`.
- a ```pycon block holds a Python session, run in the same folder.
- `<!-- file: NAME -->` above a block of any language writes it to NAME in that folder.
- `<!-- run: loose -->` above a console block: it must succeed, what it prints is an example.
- `<!-- run: real -->`: it needs real tools or a network; it is run by `pytest -m real` only.
- `<!-- run: build -->`: it installs packages and takes an hour; it is run by `pytest -m build` only,
  on a machine to be thrown away. What it prints is an example.

`world` makes the folder: `moby`, a git repository whose tags are the fixtures (and a branch `fix`); `docker`, a folder
with the fixture v20.10.27; and `fixtures` itself.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests import warm
from tests.history import replace

ROOT = Path(__file__).parent.parent
RELEASES = ("v1.8.3", "v1.13.1", "v17.12.1-ce", "v20.10.27", "v28.5.2", "docker-v29")
_FENCE = re.compile(r"^(?P<fence>```+)(?P<language>\S*)\n(?P<body>.*?)^(?P=fence)$", re.S | re.M)
_NOTE = re.compile(r"<!-- (?P<key>run|file): *(?P<value>\S+) -->\s*$")
_END = "\x1e"


class Block(NamedTuple):
    """A fenced block: `line` is that of its first line, from 1; `run` is "", "loose", "real" or "build"."""

    language: str
    body: str
    line: int
    run: str = ""
    file: str = ""


class Step(NamedTuple):
    """One command of a console block and the lines that it must print."""

    command: str
    expected: str
    line: int
    loose: bool


class Ran(NamedTuple):
    """What a command printed, stdout and stderr as they came, and its exit status."""

    step: Step
    printed: str
    status: int


def blocks(text: str) -> Iterator[Block]:
    """The fenced blocks of a document with what the comment above each of them says."""
    for match in _FENCE.finditer(text):
        note = _NOTE.search(text[: match.start()])
        said = {note["key"]: note["value"]} if note else {}
        if said.get("run", "loose") not in ("loose", "real", "build"):
            raise ValueError(f"`run: {said['run']}` is neither loose nor real nor build")
        line = text.count("\n", 0, match.start("body")) + 1
        yield Block(match["language"], match["body"], line, **said)


def steps(block: Block) -> list[Step]:
    """The commands of a console block."""
    found: list[Step] = []
    for number, line in enumerate(block.body.splitlines(), block.line):
        if line.startswith("$ "):
            found.append(Step(line[2:], "", number, block.run in ("loose", "build")))
        elif not found:
            raise ValueError(f"line {number}: a console block starts with `$ `")
        elif line.startswith("> ") and not found[-1].expected:
            found[-1] = found[-1]._replace(command=f"{found[-1].command}\n{line[2:]}")
        else:
            found[-1] = found[-1]._replace(expected=f"{found[-1].expected}{line}\n")
    return found


def agrees(expected: str, printed: str) -> bool:
    """Whether `printed` is what a document shows; see the module on `…`."""
    parts = [
        "(?:.*\n)*?" if line.strip() == "…" else ".*?".join(map(re.escape, line.split("…"))) + "\n"
        for line in expected.splitlines()
    ]
    ended = printed if printed.endswith("\n") or not printed else printed + "\n"
    return re.fullmatch("".join(parts), ended) is not None


def world(folder: Path) -> Path:
    """Make `folder` as the documents suppose it; the time and names of git are the caller's."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "fixtures").symlink_to(ROOT / "fixtures")
    shutil.copytree(ROOT / "fixtures/v20.10.27", folder / "docker")
    moby = folder / "moby"
    subprocess.run(["git", "init", "-q", "-b", "master", str(moby)], check=True)
    for name in RELEASES:
        replace(moby, ROOT / "fixtures" / name)
        for command in (["commit", "-q", "-m", name], ["tag", name]):
            subprocess.run(["git", "-C", str(moby), *command], check=True)
    _fix(folder, moby)
    return folder


def _fix(folder: Path, moby: Path) -> None:
    """A branch `fix` with one commit on v28.5.2, and `cve.patch`, the mail of it."""

    def git(*words: str) -> bytes:
        command = ["git", "-C", str(moby), *words]
        return subprocess.run(command, check=True, capture_output=True).stdout

    git("checkout", "-q", "-b", "fix", "v28.5.2")
    file = moby / "registry/service.go"
    old = "\t\tregistryHostName = u.Host\n"
    new = '\t\tif u.Host == "" {\n\t\t\treturn "", "", errors.New("no host in the server address")\n\t\t}\n'
    file.write_text(file.read_text(encoding="utf-8").replace(old, new + old, 1), encoding="utf-8")
    git("commit", "-q", "-a", "-m", "registry: refuse a server address without a host")
    (folder / "cve.patch").write_bytes(git("format-patch", "-1", "--stdout"))
    git("checkout", "-q", "master")


def environment(bin_folder: Path, *, anew: bool = False) -> dict[str, str]:
    """The environment of a session: `gopatch` and `python3` are those of this run.

    `anew` starts an interpreter for each command, where else one that is warm is forked.
    """
    bin_folder.mkdir(parents=True, exist_ok=True)
    for name, command in (("gopatch", "-m gopatch"), ("python3", "")):
        script = bin_folder / name
        script.write_text(f'#!/bin/sh\nexec "{sys.executable}" {command} "$@"\n')
        script.chmod(0o755)
    if not anew:
        shutil.copy(warm.gopatch(), bin_folder)
    # Behind it, what was installed with the tests: Go, for one.
    path = f"{bin_folder}:{Path(sys.executable).parent}:{os.environ['PATH']}"
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST")}
    fixed = {"PYTHONPATH": str(ROOT), "GOPATCH": str(ROOT), "COLUMNS": "80", "TERM": "dumb"}
    return inherited | fixed | {"PATH": path}


def run(found: list[Step], folder: Path, env: dict[str, str], timeout: float) -> list[Ran]:
    """Run commands in one bash session; the first that prints nothing more ends the list."""
    lines = []
    for step in found:
        lines.append(f"{step.command}\n{{ __s=$?; printf '\\n{_END}%d\\n' $__s; }} 2>&1")
        lines.append("(exit $__s)")
    done = subprocess.run(
        ["bash", "--norc", "-c", "\n".join(lines)],
        cwd=folder,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=timeout,
        check=False,
    )
    printed = done.stdout.decode(errors="replace")
    results = re.findall(rf"(.*?)\n{_END}(\d+)\n", printed, re.S)
    return [Ran(step, out, int(code)) for step, (out, code) in zip(found, results, strict=False)]


def complaints(ran: list[Ran], found: list[Step]) -> list[str]:
    """What is wrong with a session, each with its line; empty where a document keeps its word."""
    said = [f"line {step.line}: `{step.command}` never ended" for step in found[len(ran) :]]
    for number, item in enumerate(ran):
        follows = ran[number + 1].step.command if number + 1 < len(ran) else ""
        if item.status and not follows.startswith("echo $?"):
            said.append(
                f"line {item.step.line}: `{item.step.command}` exits with {item.status}:\n"
                f"{item.printed}"
            )
        elif not item.step.loose and not agrees(item.step.expected, item.printed):
            said.append(
                f"line {item.step.line}: `{item.step.command}` prints\n{item.printed}\n"
                f"the document says\n{item.step.expected}"
            )
    return said
