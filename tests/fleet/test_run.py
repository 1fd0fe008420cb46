"""Many refs at once: what is written, what is reported, and how a run goes on."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from gopatch.cli.main import main
from gopatch.errors import UsageError
from gopatch.fleet import run as fleet
from gopatch.fleet._processes import Progress
from gopatch.fleet.refs import Ref, select, version_key
from gopatch.fleet.report import against, safe_name
from gopatch.fleet.run import Run, run_into
from gopatch.source.gitref import Repository
from tests.conftest import FIXTURES, Git, files

HISTORY = ("v1.13.1", "v17.12.1-ce", "v20.10.27", "v28.5.2", "docker-v29")


@pytest.fixture
def moby(tmp_path: Path, git: Git) -> Path:
    """A history of several layouts, tagged, with refs that are no Docker and too old for it."""
    folder = tmp_path / "moby"
    subprocess.run(["git", "init", "-q", "-b", "trunk", str(folder)], check=True)

    def take(source: Path | None, tag: str) -> None:
        for entry in folder.iterdir():
            if entry.name != ".git":
                shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
        if source is None:
            (folder / "README.md").write_text("nothing\n")
        else:
            shutil.copytree(source, folder, dirs_exist_ok=True)
        git(folder, "add", "-A", "-f")
        git(folder, "commit", "-q", "-m", tag)
        git(folder, "tag", tag)

    take(None, "v0.0.1")
    for name in HISTORY:
        take(FIXTURES / name, name)
        if name == "v20.10.27":
            (folder / "notes.txt").write_text("no Go\n")
            git(folder, "add", "-A")
            git(folder, "commit", "-q", "-m", "notes")
            git(folder, "tag", "-a", "-m", "annotated", "release/v20.10.28")
    (folder / "daemon/pkg/registry/service_v2.go").write_text("package registry\n")
    git(folder, "commit", "-q", "-a", "-m", "broken")
    git(folder, "branch", "broken")
    return folder


def port(
    moby: Path, out: Path, *patterns: str, progress: Progress | None = None, **options: Any
) -> dict[str, Any]:
    return run_into(Run(moby, "accept-insecure-registry", patterns, out, **options), progress)


ALL = ("v*", "docker-v*", "release/*")


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


def test_two_runs_give_the_same_bytes(moby: Path, tmp_path: Path) -> None:
    for name, jobs in (("one", 1), ("two", 2)):
        port(moby, tmp_path / name, *ALL, jobs=jobs)
    assert files(tmp_path / "one") == files(tmp_path / "two")


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


def test_select(moby: Path, git: Git) -> None:
    repository = Repository(moby)
    names = [ref.name for ref in select(repository, ["v*", "v1.13.1", "trunk"])]
    assert names == ["v0.0.1", "v1.13.1", "v17.12.1-ce", "v20.10.27", "v28.5.2", "trunk"]
    between = select(repository, ["v20.10.27..v28.5.2"])
    assert [ref.commit for ref in between] == git(
        moby, "rev-list", "--reverse", "v20.10.27..v28.5.2"
    ).split()
    commit = git(moby, "rev-parse", "v28.5.2")
    assert select(repository, [commit]) == [Ref(commit, commit)]


@pytest.mark.parametrize("pattern", ["x*", "nope", "v1.13.1..nope", "-x"])
def test_patterns_that_name_nothing_are_refused(moby: Path, pattern: str) -> None:
    with pytest.raises(UsageError):
        select(Repository(moby), [pattern])


def test_versions_are_sorted_as_numbers() -> None:
    names = ["v1.10.0", "v1.9.1", "v1.10.0-rc2", "v1.10.0-rc10", "v1.10.1", "docker-v29.0.0"]
    assert sorted(names, key=version_key) == [
        "docker-v29.0.0", "v1.9.1", "v1.10.0-rc2", "v1.10.0-rc10", "v1.10.0", "v1.10.1",
    ]  # fmt: skip


@pytest.mark.parametrize("ref", ["v1.2.3", "a/b", "../x", ".hidden", "a%2Fb", "ä b"])
def test_refs_get_safe_names(ref: str) -> None:
    name = safe_name(ref)
    assert re.fullmatch(r"[A-Za-z0-9._+%-]+\.patch", name)
    assert not name.startswith(".")
    assert unquote(name.removesuffix(".patch")) == ref


class Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.ids: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name in ("href", "src"):
                self.links.append(value or "")
            if name == "id":
                self.ids.add(value or "")


def test_the_page_needs_nothing_else(moby: Path, tmp_path: Path) -> None:
    report = port(moby, tmp_path / "out", *ALL, "broken")
    text = (tmp_path / "out/report.html").read_text()
    page = Page()
    page.feed(text)
    assert not {"script", "link", "img", "iframe"} & set(page.tags)
    for link in page.links:
        inside = link.startswith("#") and link[1:] in page.ids
        assert inside or (tmp_path / "out" / unquote(link)).is_file()
    shared = [family for family in report["families"] if len(family["refs"]) > 1]
    assert page.tags.count("details") == len(report["families"]) + len(shared)
    for row in report["refs"]:
        assert row["ref"] in text
    assert "✗ failed" in text
    assert "acceptInsecureRegistry &amp;&amp; !isDockerHub" in text


class TestJudged:
    """`port --verify`: every port is judged, each different one once."""

    REFS = ("v0.0.1", "v20.10.27", "release/v20.10.28", "docker-v29")

    def test_verdicts_are_in_the_report(self, moby: Path, tmp_path: Path) -> None:
        found = port(moby, tmp_path / "out", *self.REFS, judges=["model"])
        verdicts = {row["ref"]: row["verdicts"] for row in found["refs"]}
        assert verdicts["v0.0.1"] == []
        assert verdicts["v20.10.27"] == verdicts["release/v20.10.28"]
        (verdict,) = verdicts["docker-v29"]
        assert verdict["judge"] == "model"
        assert verdict["status"] == "pass"
        assert verdict["cases"] > 400
        page = (tmp_path / "out" / "report.html").read_text()
        assert "<th scope=col class=o>model" in page
        # A row for the two refs that share a patch, one for the third.
        assert page.count('<td class="o pass"') == 2

    def test_equal_ports_are_judged_once(
        self, moby: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked = _counting(monkeypatch)
        port(moby, tmp_path / "out", *self.REFS, judges=["model"])
        assert len(asked) == 2

    def test_a_run_goes_on_only_where_the_verdicts_are(
        self, moby: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked = _counting(monkeypatch)
        port(moby, tmp_path / "out", *self.REFS)
        assert asked == []
        first = port(moby, tmp_path / "out", *self.REFS, judges=["model"])
        assert len(asked) == 2
        again = port(moby, tmp_path / "out", *self.REFS, judges=["model"])
        assert len(asked) == 2
        assert again == first
        assert port(moby, tmp_path / "out", *self.REFS) == first

    def test_several_processes_find_the_same(self, moby: Path, tmp_path: Path) -> None:
        one = port(moby, tmp_path / "one", *self.REFS, judges=["model"])
        two = port(moby, tmp_path / "two", *self.REFS, judges=["model"], jobs=2)
        assert one["refs"] == two["refs"]

    def test_command_line(
        self, moby: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        given = ["port", "--docker-src", str(moby), "--output", str(tmp_path / "out")]
        refs = [word for ref in self.REFS for word in ("--ref", ref)]
        assert main([*given, *refs, "--verify", "model"]) == 0
        assert "judge model: 3 pass" in capsys.readouterr().err
        assert main([*given, *refs, "--verify", "model", "--patch", "always-http"]) == 1
        said = capsys.readouterr().err
        assert "judge model: 3 fail" in said
        assert "fail: v20.10.27, release/v20.10.28" in said
        assert "What the judges did not let pass" in (tmp_path / "out/report.html").read_text()

    def test_what_cannot_be_judged_is_no_pass(
        self, moby: Path, git: Git, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        shutil.rmtree(moby / "daemon")
        shutil.copytree(FIXTURES / "v1.7.1", moby, dirs_exist_ok=True)
        git(moby, "add", "-A", "-f")
        git(moby, "commit", "-q", "-m", "old")
        given = ["port", "--docker-src", str(moby), "--output", str(tmp_path / "out")]
        assert main([*given, "--ref", "trunk", "--ref", "HEAD", "--verify", "model"]) == 1
        assert "inconclusive" in capsys.readouterr().err

    @pytest.mark.parametrize("names", ["nobody", "model,nobody"])
    def test_unknown_judges_are_refused_before_anything_is_done(
        self, moby: Path, tmp_path: Path, names: str
    ) -> None:
        given = ["port", "--docker-src", str(moby), "--output", str(tmp_path / "out")]
        assert main([*given, "--ref", "trunk", "--verify", names]) == 2
        assert not (tmp_path / "out").exists()


def _counting(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the ports that the judge is asked about."""
    from gopatch.verify import model

    asked: list[str] = []
    judge = model.judge

    def counted(port: Any, source: Any, options: Any) -> Any:
        asked.append(port.source)
        return judge(port, source, options)

    monkeypatch.setattr(model, "JUDGE", model.JUDGE._replace(judge=counted))
    return asked
