"""Wrong ports before the judges `model` and `go`: those that the commit draws, as many in one tree as do not
touch each other, for a tree is compiled once."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from gopatch.verify import Opinion, go, model, verdict_of
from gopatch.verify._go.toolchain import find_go
from tests import drawing
from tests.verify.test_wrong_ports import ALL, DOUBTED
from tests.verify.wrong_ports import Mutant, ported, spoilt, spoilt_further

pytestmark = pytest.mark.real

COUNT = 20
FIXTURES = ("v20.10.27", "v1.13.1", "docker-v29")


class Spoilt(NamedTuple):
    """Some mutants of one fixture, each of another edit and another file."""

    fixture: str
    mutants: tuple[Mutant, ...]

    def __str__(self) -> str:
        return "+".join([self.fixture, *(mutant.name for mutant in self.mutants)])


def drawn() -> list[tuple[str, Mutant]]:
    """So many mutants and a fixture for each; the first by their hashes where no commit draws."""
    seed = os.environ.get("GOPATCH_SEED", "")
    pool = [
        (fixture, mutant)
        for mutant in ALL
        for fixture in mutant.fixtures
        if mutant.kind == "real" and mutant.changes and fixture in FIXTURES
    ]

    def lot(pair: tuple[str, Mutant]) -> bytes:
        return sha256(f"{seed}:{pair[0]}:{pair[1].name}".encode()).digest()

    return sorted(pool, key=lot)[:COUNT]


def trees(pairs: list[tuple[str, Mutant]]) -> Iterator[Spoilt]:
    """All of them, in as few trees as will do."""
    left = list(pairs)
    while left:
        fixture, taken = left[0][0], list[Mutant]()
        for at, mutant in left:
            edits = {one.edit for one in taken}
            files = {file for one in taken for file in one.files}
            if at == fixture and mutant.edit not in edits and not files & set(mutant.files):
                taken.append(mutant)
        left = [(at, mutant) for at, mutant in left if at != fixture or mutant not in taken]
        yield Spoilt(fixture, tuple(taken))


def test_all_that_are_drawn_are_tried_and_once() -> None:
    found = [(tree.fixture, mutant.name) for tree in trees(drawn()) for mutant in tree.mutants]
    assert len(found) == len(set(found)) == COUNT
    assert set(found) == {(fixture, mutant.name) for fixture, mutant in drawn()}


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("work")


def failed(opinion: Opinion) -> set[str]:
    return {finding.name for finding in opinion.findings if finding.status == "fail"}


@pytest.mark.parametrize("tree", list(trees(drawn())), ids=str)
def test_a_wrong_port_is_condemned_by_its_edit(
    tree: Spoilt, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Compiled packages are the same for all: one cache for whoever runs these tests.
    if "GOCACHE" not in os.environ:
        monkeypatch.setenv("GOCACHE", str(work.parent.parent / "gopatch-go-cache"))
    port, source = ported(tree.fixture)
    for mutant in tree.mutants:
        port = spoilt_further(port, source, mutant)
    options: dict[str, Any] = {"work": str(work), "cases": 1, "briefly": True}
    by_go = failed(go.judge(port, source, options))
    for mutant in tree.mutants:
        if mutant.edit not in by_go:
            _alone(mutant, tree.fixture, options)


def _alone(mutant: Mutant, fixture: str, options: dict[str, Any]) -> None:
    """What Go has not condemned by its edit: the model does, or both together let it not pass."""
    port, source = spoilt(mutant, fixture)
    opinions = [model.judge(port, source, {"memo": {}, "briefly": True})]
    if {mutant.name, f"{mutant.name}-{fixture}"} & DOUBTED.keys():
        opinions.append(go.judge(port, source, options))
    verdict = verdict_of(opinions, port, source)
    said = "\n".join((mutant.name, verdict.status, *opinions[0].summary))
    if len(opinions) == 1:
        assert verdict.status == "fail", said
        return
    named = {subject.name for subject in verdict.unjudged}
    named |= {finding.name for finding in verdict.findings if finding.status != "pass"}
    assert verdict.status != "pass", said
    assert mutant.edit in named, said


def test_what_always_comes_out_the_same_is_passed_by_neither(
    work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Go runs the statement, too, and no case of it has so many registries, such a mirror, or such a file."""
    if "GOCACHE" not in os.environ:
        monkeypatch.setenv("GOCACHE", str(work.parent.parent / "gopatch-go-cache"))
    by_name = {mutant.name: mutant for mutant in ALL}
    rare = [
        by_name[n] for n in ("store/many-listed-turn-it-on", "guard/on-beside-one-second-mirror")
    ]
    port, source = ported("v20.10.27")
    for mutant in rare:
        port = spoilt_further(port, source, mutant)
    options: dict[str, Any] = {"work": str(work), "cases": 500}
    opinions = [judge.judge(port, source, options) for judge in (model, go)]
    verdict = verdict_of(opinions, port, source)
    assert verdict.status == "partial"
    assert {mutant.edit for mutant in rare} <= {subject.name for subject in verdict.unjudged}


def test_wrong_ports_can_be_read_by_go(tmp_path: Path) -> None:
    """Those that the commit draws: one that is no Go is condemned for that, and not for what it breaks."""
    for number, mutant in enumerate(ALL):
        for fixture in mutant.fixtures:
            if mutant.changes and drawing.drawn(f"{mutant.name}-{fixture}"):
                for change in spoilt(mutant, fixture)[0].changes:
                    if change.path in mutant.files and change.path.endswith(".go"):
                        name = f"{number}-{fixture}-{change.path.replace('/', '_')}"
                        (tmp_path / name).write_bytes(change.after or b"")
    assert len(list(tmp_path.iterdir())) > 50
    command = [find_go(None).gofmt, "-e", "-l", str(tmp_path)]
    assert subprocess.run(command, capture_output=True, text=True, check=False).stderr == ""
