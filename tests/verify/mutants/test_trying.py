"""Mutants before judges: drawn by a seed, counted, told."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from gopatch import verify
from gopatch.cli.main import main
from gopatch.errors import ApplyError
from gopatch.port.work import Port, work_out
from gopatch.recipe.read import load
from gopatch.source import Source
from gopatch.source.directory import Directory
from gopatch.verify import (
    Asked,
    Case,
    Finding,
    Judge,
    Opinion,
    Status,
    Tally,
    subjects,
    try_mutants,
)
from gopatch.verify._mutants.drawing import Equivalent, drawn, equivalents, mutants
from tests.conftest import FIXTURES

GUARD = "if s.acceptInsecureRegistry && !IsDockerHub(hostname) || tlsConfig.InsecureSkipVerify {"


@pytest.fixture(scope="module")
def source() -> Directory:
    return Directory(FIXTURES / "v20.10.27")


@pytest.fixture(scope="module")
def port(source: Directory) -> Port:
    return work_out(load("accept-insecure-registry"), source)


@pytest.fixture
def one_who_reads(monkeypatch: pytest.MonkeyPatch) -> list[Port]:
    """A judge who knows the guard by heart, has nothing to say of `flag`, and refuses to compile "16"."""
    seen: list[Port] = []

    def judge(port: Port, source: Source, options: Mapping[str, Any]) -> Opinion:
        seen.append(port)
        texts = b"".join(change.after or b"" for change in port.changes)
        status: Status = "pass" if GUARD.encode() in texts else "fail"
        about = [s for s in subjects(port, source) if s.name != "flag"]
        found = tuple(Finding("reader", *s, "pass", "reading") for s in about)
        built = Case("build", "fail" if b"Second * 16" in texts or b"16 * " in texts else "pass")
        return Opinion("reader", status, ("a guard that was not meant",), (built,), "", found)

    known, mine = verify.load, Judge("reader", "reads", judge)
    monkeypatch.setattr(
        verify, "load", lambda name: mine if name in ("reader", "model") else known(name)
    )
    return seen


def test_each_is_another_port_of_one_edit(port: Port, source: Directory) -> None:
    found = list(mutants(port, source))
    assert len({(each.path, each.data) for each in found}) >= 0.95 * len(found)
    edits = {each.edit for each in found}
    assert {"flag", "guard-v2", "reload", "no-downgrade-login", "http-fallback", "hosts"} <= edits
    assert "given" not in edits
    assert all(each.of(port).changes != port.changes for each in found)
    assert not any(each.path.endswith("_test.go") for each in found)


def test_the_seed_draws_and_edits_take_turns(port: Port, source: Directory) -> None:
    found = list(mutants(port, source))
    first, again, other = (list(drawn(found, seed)) for seed in ("1", "1", "2"))
    assert first == again != other
    assert len({each.edit for each in first[:15]}) == 15


@pytest.mark.thorough
def test_what_became_of_them(port: Port, source: Directory, one_who_reads: list[Port]) -> None:
    tally = Tally(tuple(try_mutants(port, source, Asked([verify.load("reader")], {}, 0))))
    by_edit = {(each.mutant.edit, each.fate) for each in tally.tried}
    assert {edit for edit, fate in by_edit if fate == "killed"} == {"guard-v2"}
    assert {edit for edit, fate in by_edit if fate == "doubted"} == {"flag"}
    assert ("hosts", "survives") in by_edit
    assert len(tally.tried) < len(one_who_reads), "what is no Go is no mutant"
    told = "\n".join(tally.lines())
    assert f"mutants: {len(tally.tried)} tried, " in told
    assert "nobody looked at flag" in told


@pytest.mark.usefixtures("one_who_reads")
def test_as_many_as_were_asked_for(port: Port, source: Directory) -> None:
    assert len(list(try_mutants(port, source, Asked([verify.load("reader")], {}, 7)))) == 7


@pytest.mark.usefixtures("one_who_reads")
@pytest.mark.thorough
def test_equivalents_are_told_and_not_counted(port: Port, source: Directory) -> None:
    half = GUARD.replace(" || tlsConfig.InsecureSkipVerify", "")
    known = [Equivalent("service_v2.go", GUARD, half, "nobody lists anything")]
    tried = list(try_mutants(port, source, Asked([verify.load("reader")], {}, 0, "1", known)))
    (told,) = [each for each in tried if each.fate == "equivalent"]
    assert told.reason == "nobody lists anything"
    assert told not in Tally(tuple(tried)).counted


@pytest.mark.parametrize(
    "text",
    ["[[equivalent]]\nfile = 'a'\n", "equivalent = 1\n", "[[", "[[equivalent]]\nother = 1\n"],
)
def test_equivalents_that_are_not_as_they_must_be_are_refused(text: str) -> None:
    with pytest.raises(ApplyError):
        equivalents(text, "equivalents.toml")


def test_a_patch_need_not_state_any(tmp_path: Path) -> None:
    assert equivalents("", "equivalents.toml") == ()
    assert verify.equivalents("always-http") == ()


@pytest.mark.usefixtures("one_who_reads")
def test_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    command = ["verify", "--docker-src", str(FIXTURES / "v19.03.15"), "--allow-partial", "--json"]
    assert main([*command, "--mutants", "12"]) == 1
    found = json.loads(capsys.readouterr().out)["mutants"]
    assert len(found) == 12
    assert {"edit", "path", "line", "diff", "fate", "by"} <= found[0].keys()


def test_less_than_none_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    command = ["verify", "--docker-src", str(FIXTURES / "cli"), "--mutants", "-1"]
    assert main(command) in (1, 2)
    assert "Traceback" not in capsys.readouterr().err
