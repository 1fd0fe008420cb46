"""Formats and commands are found by their names; a port's steps add up to the port."""

from __future__ import annotations

from pathlib import Path

import pytest

from gopatch import output
from gopatch.cli import commands
from gopatch.cli.main import main
from gopatch.port.work import Port, work_out
from gopatch.recipe.read import load
from gopatch.source import open_source
from gopatch.splice import FileChange
from tests.conftest import FIXTURES, files

LAYOUTS = ["v1.5.0", "v1.8.2", "v1.13.1", "v20.10.27", "docker-v29", "debian"]


def ported(layout: str) -> Port:
    return work_out(load("accept-insecure-registry"), open_source(str(FIXTURES / layout), None))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_steps_add_up_to_the_port(layout: str) -> None:
    port = ported(layout)
    first: dict[str, bytes | None] = {}
    now: dict[str, FileChange] = {}
    for step in port.steps:
        for change in step.changes:
            assert change.before != change.after
            if change.path in now:
                assert change.before == now[change.path].after
            first.setdefault(change.path, change.before)
            now[change.path] = change
    summed = tuple(change._replace(before=first[path]) for path, change in sorted(now.items()))
    assert summed == port.changes
    assert [step.edit for step in port.steps] == [edit.name for edit in port.patch.edits]


def test_a_failed_port_has_no_steps(tree: Path) -> None:
    (tree / "registry/service_v2.go").write_bytes(b"package registry\n")
    port = work_out(load("accept-insecure-registry"), open_source(str(tree), None))
    assert port.failed
    assert port.steps == ()
    assert port.changes == ()


def test_every_format_has_what_a_format_has() -> None:
    assert "unified" in output.names()
    for name in output.names():
        module = output.load(name)
        assert module is not None
        assert module.help
        assert callable(module.render)


@pytest.mark.parametrize("name", ["branch", "diff", "inplace", "report", "../x", "unifed"])
def test_what_is_no_format_is_refused(
    name: str, tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = files(tree)
    assert main(["apply", "--docker-src", str(tree), "--format", name]) == 2
    assert "no format" in capsys.readouterr().err
    assert files(tree) == before


@pytest.mark.parametrize("where", [["--in-place"], ["--branch", "x"]])
def test_a_format_is_for_a_diff(where: list[str], tree: Path) -> None:
    before = files(tree)
    assert main(["apply", "--docker-src", str(tree), "--format", "html", *where]) == 2
    assert files(tree) == before


def test_into_a_folder(
    tree: Path, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main(["apply", "--docker-src", str(tree)]) == 0
    diff = capsysbinary.readouterr().out
    folder = tmp_path / "out"
    for done in (b"written", b"unchanged"):
        assert main(["apply", "--docker-src", str(tree), "--output", f"{folder}/"]) == 0
        assert capsysbinary.readouterr().err.startswith(done)
        assert files(folder) == {"accept-insecure-registry.patch": diff}


def test_commands_are_found_and_ordered() -> None:
    found = commands.names()
    assert found[:3] == ["apply", "check", "port"]
    assert len(found) == len(set(found))
