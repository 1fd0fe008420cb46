"""What --leave names has to be there: a road that is opened without its rail."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gopatch.errors import UsageError
from gopatch.recipe.values import Patch
from tests.cli.running import run
from tests.conftest import Git
from tests.port.test_whole import LOOP, OWN, SAFE, SYNC, Cap, Files, ported, written


@pytest.fixture(scope="module")
def patch(tmp_path_factory: pytest.TempPathFactory) -> Patch:
    return written(tmp_path_factory.mktemp("left"))


@pytest.mark.parametrize(
    ("more", "leave", "idle"),
    [
        ({}, ["Sync"], ("Sync",)),
        ({}, ["pull"], ("pull",)),
        ({OWN: SAFE}, ["Sync"], ("Sync",)),
        ({OWN: LOOP}, ["Sync", "Other"], ("Other",)),
        ({OWN: LOOP}, ["Sync"], ()),
        ({OWN: LOOP}, ["sync"], ()),  # refused, for what is opened
    ],
)
def test_to_leave_what_is_not_there_is_refused(
    patch: Patch, more: Files, leave: list[str], idle: tuple[str, ...]
) -> None:
    port = ported(patch, more, leave=leave)
    assert port.idle == idle
    if idle:
        with pytest.raises(UsageError, match=f"--leave {','.join(idle)}: nothing of that name"):
            port.demand_left()
    else:
        port.demand_left()


def test_the_command_line_refuses_it(tree: Path, capsys: Cap) -> None:
    for verb in ("apply", "check"):
        assert run(verb, "--docker-src", tree, "--leave", "nonsense") == 2
        out, err = capsys.readouterr()
        assert "--leave nonsense: nothing of that name is opened without a rail here" in err
        assert not out


def test_a_port_of_many_refs_refuses_what_none_of_them_has(
    tree: Path, git: Git, tmp_path: Path, capsys: Cap
) -> None:
    (tree / "own").mkdir()
    (tree / "own/sync.go").write_text(SYNC)
    git(tree, "init", "-q")
    git(tree, "add", "-A")
    git(tree, "commit", "-qm", "x")
    words = ("port", "--docker-src", tree, "--ref", "*", "--output", tmp_path / "o")
    assert run(*words, "--leave", "Sync") == 0
    (row,) = json.loads((tmp_path / "o/report.json").read_text())["refs"]
    (road,) = (road for road in row["roads"] if road["road"] == "Sync")
    assert (road["outcome"], road["edits"]) == ("reached", ["guard-v2"])
    capsys.readouterr()
    assert run(*words, "--leave", "Sync,Other") == 2
    assert "--leave Other: no port opens anything of that name" in capsys.readouterr().err
