"""The frame of `verify`: judges are found, asked in order, and only a pass is a pass."""

from __future__ import annotations

import importlib
import json
import shutil
from pathlib import Path

import pytest

from gopatch import verify
from gopatch.cli.main import main
from gopatch.errors import SourceError, UsageError
from gopatch.source.directory import Directory
from gopatch.source.overlay import Overlay, differences
from gopatch.splice import FileChange
from gopatch.verify import parse_names
from tests.conftest import FIXTURES, Git

_JUDGE = """
from gopatch.verify import Case, Finding, Judge, Opinion, subjects


def add_arguments(parser):
    parser.add_argument("--{name}-says", default="pass")
    parser.add_argument("--{name}-leaves", action="store_true")


def judge(port, source, options):
    status = options.get("{name}_says", "pass")
    seen = tuple(change.path for change in port.changes)
    smallest = "this one\\nand no other" if status == "fail" else ""
    cases = (Case("all", status, 2),)
    found = [Finding("{name}", *subject, "pass", "listening") for subject in subjects(port, source)]
    left = found[1:] if status == "pass" and options.get("{name}_leaves") else found
    return Opinion("{name}", status, (port.status, source.name, *seen), cases, smallest, tuple(left))


JUDGE = Judge("{name}", "says what it is told", judge, add_arguments=add_arguments)
"""


@pytest.fixture
def judges(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two judges, `stubone` and `stubtwo`, and none else."""
    folder = tmp_path / "judges"
    folder.mkdir()
    for name in ("stubone", "stubtwo"):
        (folder / f"{name}.py").write_text(_JUDGE.format(name=name))
    (folder / "_helper.py").write_text("raise RuntimeError('no judge')\n")
    importlib.import_module("gopatch.verify._subjects")
    monkeypatch.setattr(verify, "__path__", [str(folder)])


@pytest.mark.usefixtures("judges")
class TestVerify:
    def test_finds_judges_by_listing_the_folder(self) -> None:
        assert verify.names() == ["stubone", "stubtwo"]

    def test_unknown_judge_is_named_with_the_known_ones(self) -> None:
        with pytest.raises(UsageError, match="no judge `stubthree`") as caught:
            parse_names("stubone,stubthree")
        assert caught.value.hint == "did you mean `stubtwo`? the judges are stubone, stubtwo"

    @pytest.mark.parametrize("text", ["", ",", " , "])
    def test_no_judge_at_all_is_refused(self, text: str) -> None:
        with pytest.raises(UsageError):
            parse_names(text)

    def test_each_judge_is_asked_once_in_order(self) -> None:
        assert parse_names("stubtwo, stubone,stubtwo") == ["stubtwo", "stubone"]

    def test_all_pass(self, tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["verify", "--docker-src", str(tree), "--by", "stubone,stubtwo"]) == 0
        out = capsys.readouterr()
        assert "stubone: pass\n  applied\n" in out.out
        assert "registry/service_v2.go" in out.out
        assert out.err.splitlines() == ["stubone: pass", "stubtwo: pass", "verdict: pass"]

    def test_what_nobody_looked_at_is_named_and_no_pass(
        self, tree: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        given = ["verify", "--docker-src", str(tree), "--by", "stubone", "--stubone-leaves"]
        assert main(given) == 1
        assert "verdict: partial; no judge looked at option\n" in capsys.readouterr().err
        assert main([*given, "--allow-partial"]) == 0
        capsys.readouterr()
        assert main([*given, "--json"]) == 1
        found = json.loads(capsys.readouterr().out)
        assert (found["verdict"], found["passed"]) == ("partial", False)
        assert found["unjudged"] == [{"kind": "edit", "name": "option"}]

    def test_findings_of_several_judges_are_joined(self, tree: Path) -> None:
        given = ["verify", "--docker-src", str(tree), "--by", "stubone,stubtwo"]
        assert main([*given, "--stubone-leaves"]) == 0

    @pytest.mark.parametrize("status", ["fail", "inconclusive"])
    def test_what_is_no_pass_gives_1(
        self, tree: Path, status: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        given = ["verify", "--docker-src", str(tree), "--by", "stubone,stubtwo"]
        assert main([*given, "--stubtwo-says", status]) == 1
        assert ("and no other" in capsys.readouterr().out) == (status == "fail")

    def test_json(self, tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
        given = ["verify", "--docker-src", str(tree), "--by", "stubone", "--json"]
        assert main([*given, "--stubone-says", "fail"]) == 1
        found = json.loads(capsys.readouterr().out)
        assert not found["passed"]
        assert found["verdicts"][0]["cases"] == [{"name": "all", "status": "fail", "total": 2}]
        assert found["verdicts"][0]["counterexample"] == "this one\nand no other"

    def test_a_patched_tree_is_judged_as_it_is(
        self, tree: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["apply", "--docker-src", str(tree), "--in-place"]) == 0
        capsys.readouterr()
        assert main(["verify", "--docker-src", str(tree), "--by", "stubone"]) == 0
        assert "stubone: pass\n  already\n" in capsys.readouterr().out

    def test_against_a_path_judges_the_difference(
        self, tree: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        stock = shutil.copytree(tree, tmp_path / "stock")
        (tree / "registry" / "config.go").write_bytes(b"package registry\n")
        given = ["verify", "--docker-src", str(tree), "--by", "stubone"]
        assert main([*given, "--against", str(stock)]) == 0
        assert capsys.readouterr().out.splitlines()[-2] == "  registry/config.go"

    def test_against_a_ref(
        self, repository: Path, git: Git, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["apply", "--docker-src", str(repository), "--branch", "mine"]) == 0
        given = ["verify", "--docker-src", str(repository), "--ref", "mine", "--by", "stubone"]
        assert main([*given, "--against", "v20.10.27"]) == 0
        assert "registry/service_v2.go" in capsys.readouterr().out

    def test_against_the_same_is_refused(
        self, tree: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        given = ["verify", "--docker-src", str(tree), "--by", "stubone"]
        assert main([*given, "--against", str(tree)]) == 2
        assert "no different" in capsys.readouterr().err

    def test_what_is_not_docker_is_refused(self, tmp_path: Path) -> None:
        assert main(["verify", "--docker-src", str(tmp_path), "--by", "stubone"]) == 2

    def test_a_port_that_fails_is_not_judged(
        self, tree: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = tree / "registry" / "service_v2.go"
        path.write_bytes(path.read_bytes().replace(b"InsecureSkipVerify", b"Unlike"))
        assert main(["verify", "--docker-src", str(tree), "--by", "stubone"]) == 1
        assert capsys.readouterr().out == ""


class TestOverlay:
    CHANGES = (
        FileChange("registry/config.go", b"old", b"new"),
        FileChange("registry/endpoint_v1.go", b"old", None),
        FileChange("fresh/deep/new.go", None, b"package deep\n", 0o100755),
    )

    @pytest.fixture
    def laid(self) -> Overlay:
        return Overlay(Directory(FIXTURES / "v20.10.27"), self.CHANGES)

    def test_reads_what_is_laid_over(self, laid: Overlay) -> None:
        assert laid.read("registry/config.go") == b"new"
        assert laid.read("registry/service.go").startswith(b"package registry")

    def test_lists_new_and_removed_files(self, laid: Overlay) -> None:
        names = {entry.name for entry in laid.listdir("registry")}
        assert "endpoint_v1.go" not in names
        assert "config.go" in names
        assert [entry.name for entry in laid.listdir("fresh")] == ["deep"]
        assert [entry.mode for entry in laid.listdir("fresh/deep")] == [0o100755]
        assert "fresh" in {entry.name for entry in laid.listdir("")}

    def test_a_removed_file_is_not_there(self, laid: Overlay) -> None:
        assert laid.entry("registry/endpoint_v1.go") is None
        with pytest.raises(SourceError):
            laid.read("registry/endpoint_v1.go")

    def test_the_source_stays_as_it_is(self, laid: Overlay) -> None:
        assert laid.source.read("registry/config.go") != b"new"

    def test_differences_are_what_was_laid_over(self, laid: Overlay) -> None:
        found = differences(laid.source, laid)
        assert [(c.path, c.after) for c in found] == sorted((c.path, c.after) for c in self.CHANGES)

    def test_no_difference(self, laid: Overlay) -> None:
        assert differences(laid.source, laid.source) == ()
