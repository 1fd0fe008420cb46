"""Many refs at once: what is written, what is reported, and how a run goes on."""

from __future__ import annotations

import gc
import json
import os
import subprocess
import weakref
from pathlib import Path
from typing import Any

import pytest

from gopatch.cli.main import main
from gopatch.fleet import run as fleet
from gopatch.fleet.refs import Ref
from gopatch.fleet.report import against, safe_name
from gopatch.go.tree import GoFile
from gopatch.port._task import Memo
from tests.conftest import Git, files
from tests.fleet.run_world import ALL, port


def test_every_ref_gets_its_patch(moby: Path, tmp_path: Path, git: Git) -> None:
    out = tmp_path / "out"
    report = port(moby, out, *ALL)
    assert report["summary"] == {"applied": 6, "not-docker": 1}
    assert report == json.loads((out / "report.json").read_bytes())
    index = {**os.environ, "GIT_INDEX_FILE": str(tmp_path / "index")}
    for row in report["refs"]:
        if row["outcome"] != "applied":
            assert row["file"] is None
            continue
        patch = out / safe_name(row["ref"])
        assert patch.read_bytes() == (out / row["file"]).read_bytes()
        for command in (["read-tree", row["ref"]], ["apply", "--cached", "--check", str(patch)]):
            subprocess.run(["git", "-C", str(moby), *command], check=True, env=index)
    assert {"refs": ["v20.10.27", "release/v20.10.28"]}.items() <= {
        "refs": next(f["refs"] for f in report["families"] if len(f["refs"]) > 1)
    }.items()


@pytest.mark.thorough
def test_two_runs_give_the_same_bytes(moby: Path, tmp_path: Path) -> None:
    for name, jobs in (("one", 1), ("two", 2)):
        port(moby, tmp_path / name, *ALL, jobs=jobs)
    assert files(tmp_path / "one") == files(tmp_path / "two")


@pytest.mark.thorough
def test_trees_of_earlier_refs_are_let_go(
    moby: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With no automatic search for garbage: the process must not grow with every ref."""
    parsed: list[tuple[int, weakref.ref[GoFile]]] = []
    done = [0]
    real = GoFile.__init__

    def noted(self: GoFile, *given: Any, **named: Any) -> None:
        real(self, *given, **named)
        parsed.append((done[0], weakref.ref(self)))

    monkeypatch.setattr(GoFile, "__init__", noted)
    monkeypatch.setattr(fleet, "Memo", Memo)
    gc.disable()
    try:
        port(moby, tmp_path / "out", *ALL, progress=lambda number, *_: done.__setitem__(0, number))
    finally:
        gc.enable()
    assert len(parsed) > 50
    assert [number for number, file in parsed if file() is not None and number < done[0] - 1] == []
    assert gc.get_freeze_count() == 0


def test_nothing_in_the_repository_changes(moby: Path, tmp_path: Path, git: Git) -> None:
    before = files(moby), git(moby, "for-each-ref"), git(moby, "status", "--porcelain")
    port(moby, tmp_path / "out", *ALL)
    assert (files(moby), git(moby, "for-each-ref"), git(moby, "status", "--porcelain")) == before


def test_an_interrupted_run_goes_on(
    moby: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, whole = tmp_path / "out", tmp_path / "whole"
    real = fleet.work_on
    done: list[str] = []

    def stopping(patch: Any, source: Any, ref: Ref, memo: Any, bench: Any) -> Any:
        if len(done) == 3:
            raise KeyboardInterrupt
        done.append(ref.name)
        return real(patch, source, ref, memo, bench)

    with monkeypatch.context() as patched:
        patched.setattr(fleet, "work_on", stopping)
        partial = port(moby, out, *ALL)
    assert partial["partial"]
    assert [r["ref"] for r in partial["refs"]] == done
    assert all((out / r["file"]).is_file() for r in partial["refs"] if r["file"])
    again: list[str] = []
    rest = port(moby, out, *ALL, progress=lambda _n, _of, name: again.append(name))
    assert not rest["partial"]
    assert not set(again) & set(done)
    port(moby, whole, *ALL)
    assert files(out) == files(whole)


@pytest.mark.thorough
def test_fresh_starts_over_and_a_spoilt_file_is_made_again(moby: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    port(moby, out, *ALL)
    before = files(out)
    (out / "v1.13.1.patch").write_bytes(b"spoilt")
    seen: list[str] = []
    port(moby, out, *ALL, progress=lambda _n, _of, name: seen.append(name))
    assert seen == ["v1.13.1"]
    assert files(out) == before
    port(moby, out, *ALL, fresh=True, progress=lambda _n, _of, name: seen.append(name))
    assert len(seen) == 8


def test_failed_refs_are_named_last_and_fail_the_run(
    moby: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["port", "--docker-src", str(moby), "--output", str(tmp_path / "out")]
    assert main([*arguments, "--ref", "v*", "--ref", "broken"]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert lines[-1].startswith("failed: broken: ")
    assert "guard-v2" in lines[-1]
    assert not (tmp_path / "out/broken.patch").exists()
    assert main([*arguments, "--ref", "v*"]) == 0


@pytest.mark.thorough
def test_against_an_earlier_report(
    moby: Path, tmp_path: Path, git: Git, capsys: pytest.CaptureFixture[str]
) -> None:
    port(moby, tmp_path / "old", "v*", "docker-v*")
    git(moby, "tag", "-f", "docker-v29", "broken")
    arguments = ["port", "--docker-src", str(moby), "--output", str(tmp_path / "new")]
    refs = ["--ref", "v*", "--ref", "docker-v*", "--ref", "release/*"]
    code = main([*arguments, *refs, "--against", str(tmp_path / "old/report.json")])
    assert code == 1
    said = capsys.readouterr().err
    assert "newly failing: 1: docker-v29" in said
    assert "new: 1: release/v20.10.28" in said
    assert "same: 5" in said


def test_differences() -> None:
    def row(ref: str, outcome: str, sha: str | None) -> dict[str, Any]:
        return {"ref": ref, "outcome": outcome, "sha256": sha}

    old = {"refs": [row("a", "applied", "1"), row("b", "failed", None), row("c", "applied", "2")]}
    new = [row("a", "applied", "9"), row("b", "applied", "3"), row("d", "failed", None)]
    found = against(new, old)
    assert found["changed"] == ["a"]
    assert found["mended"] == ["b"]
    assert found["new"] == ["d"]
    assert found["gone"] == ["c"]
    assert found["same"] == []


@pytest.mark.parametrize("text", ["", "{}", "[]", "{"])
def test_what_is_no_report_is_refused(
    moby: Path, tmp_path: Path, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other.json"
    other.write_text(text)
    arguments = ["port", "--docker-src", str(moby), "--ref", "v*", "--output", str(tmp_path / "o")]
    assert main([*arguments, "--against", str(other)]) == 2
    assert "takes a report.json" in capsys.readouterr().err
    assert not (tmp_path / "o").exists()
