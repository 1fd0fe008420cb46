"""Parts of a patch: what comes along, what is refused, and what a reader is told."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from gopatch.cli.main import main
from gopatch.errors import ApplyError
from gopatch.output.inplace import write
from gopatch.port.work import work_out
from gopatch.recipe.read import load
from gopatch.recipe.selection import asked
from gopatch.recipe.values import Selection
from gopatch.source.memory import FilesInMemory
from gopatch.source.roots import Roots
from tests.conftest import FIXTURES, Git, files
from tests.drawing import few
from tests.patches.asking_go import run_in
from tests.patches.layouts import LAYOUTS
from tests.patches.world import OPTION, statuses
from tests.recipe.selection_world import (
    ADDS,
    HELPERS,
    OURS,
    PARTS,
    PATCH,
    RISK,
    TWO,
    USES,
    content,
    ported,
    worked,
    written,
)

AT_ONCE = ("v20.10.27",)  # tried with every part


# Parts on sources -----------------------------------------------------------------------------
@pytest.mark.parametrize(
    "fixture", few(["v1.3.1", "v1.7.1", "v1.8.2", "v1.13.1", "v20.10.27", "docker-v29"], AT_ONCE)
)
@pytest.mark.parametrize("name", PARTS)
def test_no_file_comes_that_nothing_uses(fixture: str, name: str) -> None:
    port = ported(name, fixture)
    texts = {c.path: c.after or b"" for c in port.changes if not c.path.endswith("_test.go")}
    for file, uses in USES.items():
        others = [text for path, text in texts.items() if not path.endswith(f"/{file}")]
        used = any(name in text for text in others for name in uses)
        assert used == any(path.endswith(f"/{file}") for path in texts), file


@pytest.mark.parametrize(
    "fixture", few(["v1.7.1", "v1.8.3", "v1.13.1", "v20.10.27", "v24.0.9", "docker-v29"], AT_ONCE)
)
@pytest.mark.parametrize("name", PARTS)
def test_the_rest_comes_later_and_a_part_knows_itself(fixture: str, name: str) -> None:
    before, port, everything = content(fixture), ported(name, fixture), ported("", fixture)
    for edit, status in statuses(port).items():
        assert status == statuses(everything)[edit] or (edit in HELPERS and status == "absent")
    half = FilesInMemory(written(port, before))
    rest = worked(PATCH, half)
    assert {e for e, status in statuses(rest).items() if status == "already"} == {
        e for e, status in statuses(port).items() if status == "applied"
    }
    assert written(rest, half.files) == written(everything, before)
    again = worked(port.patch, FilesInMemory(written(everything, before)))
    assert again.status == "already"
    assert again.changes == ()


@pytest.mark.parametrize(
    ("helper", "user", "source", "wanted"),
    [
        pytest.param(ADDS, "", "func F() { old() }", {"file": "applied", "user": "applied"}, id="used"),
        pytest.param(ADDS, 'anchor = "G"\n', "func F() { old() }",
                     {"file": "absent", "user": "absent"}, id="nobody-to-use-it"),
        pytest.param(ADDS, "", "func F() {}", {"file": "applied", "user": "failed"}, id="user-fails"),
        pytest.param(ADDS, "", "func G() { old() }", {"file": "failed", "user": "applied"}, id="helper-fails"),
        pytest.param(f'{ADDS}\nanchor = "G"', "", "func F() { old() }", None, id="helper-has-no-place"),
    ],
)  # fmt: skip
def test_a_helper_is_there_if_it_is_used(
    tmp_path: Path, helper: str, user: str, source: str, wanted: dict[str, str] | None
) -> None:
    (tmp_path / "patch.toml").write_text(TWO.format(helper=helper, user=user))
    (tmp_path / "new.go").write_text("package a\n")
    (tmp_path / "user.patch").write_text("@@\n@@\n-old()\n+fresh()\n")
    patch = load(str(tmp_path))
    content = FilesInMemory({"a.go": f"package a\n\n{source}\n".encode()})
    if wanted is None:
        with pytest.raises(ApplyError, match="the edit `user` needs `file`, which is absent"):
            work_out(patch, content, roots=Roots("", None))
        return
    port = work_out(patch, content, roots=Roots("", None))
    assert statuses(port) == wanted
    assert {c.path for c in port.changes} == (
        {"a.go", "new.go"} if "failed" not in wanted.values() and port.changes else set()
    )


# Many refs ------------------------------------------------------------------------------------
def test_a_report_names_the_part_and_never_mixes_two(
    repository: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, other = tmp_path / "out", tmp_path / "other"
    source = ["port", "--docker-src", str(repository), "--ref", "v*"]
    assert main([*source, "--output", str(out), "--only", "core"]) == 0
    report = json.loads((out / "report.json").read_bytes())
    assert report["selection"] == {"only": ["core"], "without": []}
    assert f"{OPTION}, only core: 1 refs" in (out / "report.html").read_text()
    core = (out / "v20.10.27.patch").read_bytes()
    assert RISK in capsys.readouterr().err
    against = ["--against", str(out / "report.json")]
    assert main([*source, "--output", str(other), *against]) == 2
    said = capsys.readouterr().err
    assert "was made with --only core, and this would be the whole patch" in said
    assert not other.exists()
    assert main([*source, "--output", str(other), *against, "--only", "core"]) == 0
    assert "same: 1" in capsys.readouterr().err
    # The same folder again, with all of the patch: nothing of the part is taken over.
    assert main([*source, "--output", str(out)]) == 0
    report = json.loads((out / "report.json").read_bytes())
    assert report["selection"] == {"only": [], "without": []}
    assert len((out / "v20.10.27.patch").read_bytes()) > len(core)


def test_processes_make_the_same_part(repository: Path, tmp_path: Path, git: Git) -> None:
    for number in range(4):
        git(repository, "tag", f"v20.10.{28 + number}")
    source = ["port", "--docker-src", str(repository), "--ref", "v*", "--without", "papers"]
    for jobs in ("1", "2"):
        assert main([*source, "--output", str(tmp_path / jobs), "--jobs", jobs]) == 0
    assert files(tmp_path / "1") == files(tmp_path / "2")


def test_a_report_of_before_there_were_parts_is_one_of_the_whole(
    repository: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = ["port", "--docker-src", str(repository), "--ref", "v*"]
    assert main([*source, "--output", str(tmp_path / "out")]) == 0
    report = json.loads((tmp_path / "out/report.json").read_bytes())
    del report["selection"]
    old = tmp_path / "old.json"
    old.write_text(json.dumps(report))
    again = [*source, "--output", str(tmp_path / "again"), "--against", str(old)]
    assert main(again) == 0
    assert main([*again, "--only", "core"]) == 2
    assert "was made with the whole patch, and this would be --only core" in capsys.readouterr().err


def test_the_list_tells_helpers_and_needs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list"]) == 0
    said = capsys.readouterr().out
    assert {e.name for e in PATCH.edits if f"  {e.name} ({e.group}, helper): " in said} == HELPERS
    assert main(["list", "--json"]) == 0
    (listed,) = (p for p in json.loads(capsys.readouterr().out) if p["name"] == OPTION)
    assert {e["edit"] for e in listed["edits"] if e["helper"]} == HELPERS
    assert {e["edit"]: tuple(e["needs"]) for e in listed["edits"]} == {
        e.name: e.needs for e in PATCH.edits
    }


def test_the_words_of_a_selection() -> None:
    assert Selection().words == ""
    assert asked(["core", "roads,core"], [" papers "]).words == "--only core,roads --without papers"


@pytest.mark.real
@pytest.mark.parametrize(
    "fixture",
    [
        *("v1.4.1", "v1.7.1", "v1.8.3", "v1.10.3", "v1.13.1", "v17.12.1-ce", "v20.10.27"),
        *("v24.0.9", "v28.5.2", "docker-v29"),
    ],
)
@pytest.mark.parametrize("name", [name for name in PARTS if name != "without-papers"])
def test_a_part_compiles_and_passes_its_own_tests(
    fixture: str, name: str, tmp_path: Path, go: dict[str, str]
) -> None:
    engine = Path(shutil.copytree(FIXTURES / fixture, tmp_path / "engine"))
    port = ported(name, fixture)
    write(engine, port.changes)
    assert run_in(go, engine, "go", "build", "./...") == ""
    assert run_in(go, engine, "gofmt", "-l", LAYOUTS[fixture].registry) == ""
    tested = {Path(c.path).parent for c in port.changes if c.path.endswith("_test.go")}
    for package in sorted(tested):
        said = run_in(go, engine, "go", "test", "-count=1", "-run", OURS, f"./{package}/")
        assert said.startswith("ok"), said
