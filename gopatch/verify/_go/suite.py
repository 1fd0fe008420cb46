"""The registry package's own tests, each in a process of its own, so that none hides another."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from gopatch.verify._go.toolchain import run
from gopatch.verify._go.workspace import Workspace, overlay

_SECONDS = 120


class Suite(NamedTuple):
    """Test name -> "pass", "fail" or "skip"; `reason` says why it does not compile, "" if it does.

    `output` has what failed tests printed.
    """

    results: dict[str, str]
    output: dict[str, str]
    reason: str = ""


class Runner(NamedTuple):
    """A compiled test program, and a folder with the package's data to run it in."""

    workspace: Workspace
    program: Path
    folder: Path


def build(
    workspace: Workspace, name: str, folder: str, files: Mapping[str, bytes | None], data: Path
) -> Runner | str:
    """Compile the tests of the package in `folder`, or say why they do not compile.

    "" means that there are none.
    """
    over = overlay(workspace, f"tests-{name}", files)
    programs = workspace.work / "tests"
    programs.mkdir(exist_ok=True)
    program = programs / f"{name}-{folder.replace('/', '_')}.test"
    ran = workspace.test_program(folder, program, over)
    if ran.code != 0:
        return (ran.err or ran.out).strip()
    if not program.is_file():
        return ""
    return Runner(workspace, program, data)


def run_all(runner: Runner, jobs: int, only: Iterable[str] | None = None) -> Suite:
    """Run every test, or those of `only`."""
    names = list(only) if only is not None else _names(runner)
    with ThreadPoolExecutor(max(1, jobs)) as pool:
        ran = dict(zip(names, pool.map(lambda name: _one(runner, name), names), strict=True))
    failed = {name: output for name, (status, output) in ran.items() if status == "fail"}
    return Suite({name: status for name, (status, _) in ran.items()}, failed)


def _names(runner: Runner) -> list[str]:
    listed = run([str(runner.program), "-test.list", "."], runner.folder, runner.workspace.env, 60)
    return re.findall(r"^(?:Test|Example|Fuzz)\w*$", listed.out, re.MULTILINE)


def _one(runner: Runner, name: str) -> tuple[str, str]:
    command = [
        str(runner.program),
        f"-test.run=^{name}$",
        "-test.v",
        f"-test.timeout={_SECONDS}s",
    ]
    ran = run(command, runner.folder, runner.workspace.env, _SECONDS + 30)
    if ran.code != 0:
        return "fail", (ran.out + ran.err)[-1500:]
    return ("skip" if f"--- SKIP: {name} " in ran.out else "pass"), ""


def new_failures(before: Suite, after: Suite) -> list[str]:
    """Tests that fail in `after` and did not in `before`, or that were lost on the way."""
    fresh = [
        name
        for name, status in after.results.items()
        if status == "fail" and before.results.get(name) != "fail"
    ]
    lost = [
        name
        for name, status in before.results.items()
        if status != "fail" and name not in after.results
    ]
    return fresh + lost
