"""Judges who take their time: in processes, and on a real Dask cluster that loses a worker."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from gopatch.cli.main import main
from gopatch.errors import UsageError
from gopatch.fleet import judging
from gopatch.fleet.judging import Bailiff, JudgeTask, Where
from gopatch.fleet.run import Run, run_into
from gopatch.verify import Case, Opinion
from tests.conftest import Git

TASKS = [
    JudgeTask("model", f"{number:064x}", f"{number:040x}", f"v{number}") for number in range(8)
]


def slow_one(where: Where, task: JudgeTask) -> Opinion:
    """Stands for a judge, here and on the workers: it takes a while and notes who ran it."""
    time.sleep(where.options["seconds"])
    await_death(where.options)
    (Path(where.options["log"]) / f"{task.ref}-{os.getpid()}").touch()
    if task.ref in where.options.get("broken", ()):
        raise UsageError("there is no Go", hint="install it")
    return Opinion(task.judge, "pass", (task.ref,), (Case("one", "pass", 2),), "")


def await_death(options: Mapping[str, Any]) -> None:
    """Returns at once for the first who asks, for the others when a worker was killed."""
    if (death := options.get("death")) is None:
        return
    try:
        (Path(death) / "first").touch(exist_ok=False)
    except FileExistsError:
        while not (Path(death) / "killed").exists():
            time.sleep(0.01)


@pytest.fixture
def where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Where:
    monkeypatch.setattr(judging, "judge_one", slow_one)
    (tmp_path / "log").mkdir()
    return Where("nowhere", "nothing", {"seconds": 0.0, "log": str(tmp_path / "log")})


def ran(where: Where) -> list[str]:
    return sorted(path.name.split("-")[0] for path in Path(where.options["log"]).iterdir())


def given(
    tmp_path: Path, where: Where, progress: Any = None, **more: Any
) -> dict[str, tuple[str, ...]]:
    judged = Bailiff(where, **more).judge_all(TASKS, tmp_path, progress)
    return {task.ref: verdict.summary for task, verdict in judged}


WHOLE = {task.ref: (task.ref,) for task in TASKS}


def test_each_task_is_judged_once_and_remembered(tmp_path: Path, where: Where) -> None:
    told: list[tuple[int, int, str]] = []
    assert given(tmp_path, where, progress=lambda *args: told.append(args)) == WHOLE
    assert told[-1] == (8, 8, "model v7")
    assert ran(where) == sorted(WHOLE)
    for path in Path(where.options["log"]).iterdir():
        path.unlink()
    assert given(tmp_path, where) == WHOLE
    assert ran(where) == []


def test_a_run_that_is_cut_short_goes_on_where_it_stopped(tmp_path: Path, where: Where) -> None:
    begun = Bailiff(where).judge_all(TASKS, tmp_path)
    done = {next(begun)[0].ref for _ in range(3)}
    begun.close()  # type: ignore[attr-defined]
    assert given(tmp_path, where) == WHOLE
    assert len(done) == 3
    assert ran(where) == sorted(WHOLE)


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"model x": 1}', json.dumps({f"model {TASKS[0].digest}": {}})]
)
def test_a_broken_memory_is_no_memory(tmp_path: Path, where: Where, text: str) -> None:
    (tmp_path / "verdicts.json").write_text(text)
    assert given(tmp_path, where) == WHOLE
    assert ran(where) == sorted(WHOLE)


def test_what_a_judge_lacks_ends_the_run_and_keeps_what_is_done(
    tmp_path: Path, where: Where
) -> None:
    where.options["broken"] = ("v3",)
    with pytest.raises(UsageError, match="no Go"):
        given(tmp_path, where)
    assert len(json.loads((tmp_path / "verdicts.json").read_bytes())) == 3


@pytest.mark.thorough
def test_equal_ports_are_one_task(repository: Path, git: Git, tmp_path: Path) -> None:
    """Refs that differ in nothing that the judge looks at share a verdict."""
    (repository / "man").mkdir()
    (repository / "man" / "other.md").write_text("other\n")
    git(repository, "add", "-A")
    git(repository, "commit", "-q", "-m", "more")
    git(repository, "tag", "v20.10.28")
    from gopatch.port.work import work_out
    from gopatch.recipe.read import load
    from gopatch.source.gitref import GitRef, Repository

    found = set()
    for ref in ("v20.10.27", "v20.10.28"):
        source = GitRef(Repository(repository), ref)
        port = work_out(load("accept-insecure-registry"), source)
        found.add(judging.digests(["go"], port, source))
    assert len(found) == 1


def test_a_ref_that_cannot_be_judged_is_inconclusive(repository: Path) -> None:
    where = Where(str(repository), "accept-insecure-registry", {})
    found = judging.judge_one(where, JudgeTask("model", "", "f" * 40, "gone"))
    assert (found.judge, found.status) == ("model", "inconclusive")
    assert "is missing or broken" in found.summary[0]


def test_a_scheduler_without_judges_is_refused(repository: Path, tmp_path: Path) -> None:
    command = ["port", "--docker-src", str(repository), "--ref", "trunk", "--output", str(tmp_path)]
    assert main([*command, "--scheduler", "tcp://127.0.0.1:1"]) == 2


def test_without_distributed_it_says_what_to_install(
    tmp_path: Path, where: Where, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    with pytest.raises(UsageError) as caught:
        given(tmp_path, where, scheduler="tcp://127.0.0.1:1")
    assert "gopatch[cluster]" in (caught.value.hint or "")


# A real cluster ------------------------------------------------------------------------------


@pytest.fixture
def cluster() -> Iterator[Any]:
    from distributed import LocalCluster

    made = LocalCluster(  # type: ignore[no-untyped-call]
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
    )
    yield made
    made.close()


@pytest.mark.real
def test_a_cluster_that_loses_a_worker_loses_nothing(
    tmp_path: Path, where: Where, cluster: Any
) -> None:
    """The one that has judged is killed, so that whoever judges the rest is another."""
    (death := tmp_path / "death").mkdir()
    where.options["death"] = str(death)
    begun = Bailiff(where, scheduler=cluster.scheduler_address).judge_all(TASKS, tmp_path)
    task, verdict = next(begun)
    found = {task.ref: verdict.summary}
    [judged] = Path(where.options["log"]).iterdir()
    os.kill(int(judged.name.split("-")[1]), signal.SIGKILL)
    (death / "killed").touch()
    found |= {task.ref: verdict.summary for task, verdict in begun}
    assert found == WHOLE
    workers = {path.name.split("-")[1] for path in Path(where.options["log"]).iterdir()}
    assert len(workers) >= 2
    assert str(os.getpid()) not in workers
    assert set(ran(where)) == set(WHOLE)


@pytest.mark.real
def test_a_fleet_is_judged_on_a_cluster_as_it_is_here(
    repository: Path, git: Git, tmp_path: Path, cluster: Any
) -> None:
    (repository / "NOTES").write_text("more\n")
    git(repository, "add", "-A")
    git(repository, "commit", "-q", "-m", "more")
    refs = ["v20.10.27", "trunk"]
    made = [
        run_into(
            Run(
                repository,
                "accept-insecure-registry",
                refs,
                tmp_path / name,
                judges=["model"],
                scheduler=address,
            )
        )
        for name, address in (("here", None), ("there", cluster.scheduler_address))
    ]
    here, there = ([row["verdicts"] for row in report["refs"]] for report in made)
    assert here == there
    assert all(row for row in here)


@pytest.mark.real
def test_what_a_worker_lacks_is_told_here(tmp_path: Path, where: Where, cluster: Any) -> None:
    where.options["broken"] = tuple(WHOLE)
    with pytest.raises(UsageError, match="there is no Go") as caught:
        given(tmp_path, where, scheduler=cluster.scheduler_address)
    assert caught.value.hint == "install it"


@pytest.mark.real
def test_a_scheduler_that_does_not_answer_is_told(
    tmp_path: Path, where: Where, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judging, "_SECONDS", 1)
    with pytest.raises(UsageError, match="no Dask scheduler answers"):
        given(tmp_path, where, scheduler="tcp://127.0.0.1:1")
