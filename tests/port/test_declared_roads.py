"""Roads: which of them a source has, which the port opens, and what is refused in a patch.toml."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from gopatch.authoring.lint import lint
from gopatch.errors import PatchError
from gopatch.port.roads import roads
from gopatch.port.work import work_out
from gopatch.recipe.declared_roads import Mark, read_roads
from gopatch.recipe.read import load
from gopatch.source.memory import FilesInMemory
from tests.conftest import FIXTURES
from tests.documents import ROOT, blocks
from tests.patches.world import (
    OPTION,
    PATCHES,
    _fixture,
)
from tests.port.roads_world import (
    GOOD,
    NAMES,
    REACHED,
    UNKNOWN,
    change,
)


def test_a_patch_has_roads_of_its_own(folder: Path) -> None:
    assert lint(str(folder)) == []
    patch = load(str(folder))
    go = b'package daemon\n\nfunc start() error {\n\treturn Example("start")\n}\n'
    content = {**_fixture("v20.10.27"), "daemon/start.go": go}
    port = work_out(patch, FilesInMemory(content))
    assert port.status == "applied"
    (road,) = roads(port, FilesInMemory(content))
    # Only called, and declared nowhere.
    assert (road.outcome, road.reason) == ("absent", "nothing declares `Example` here")
    content["daemon/example.go"] = (
        b"package daemon\n\nfunc Example(word string) error { return nil }\n"
    )
    (road,) = roads(work_out(patch, FilesInMemory(content)), FilesInMemory(content))
    assert (road.outcome, road.edits) == ("reached", ("example",))
    content["daemon/start.go"] = go + b"\nfunc other() {}\n"
    content["daemon/start.go"] = content["daemon/start.go"].replace(b"func start", b"func begin")
    (road,) = roads(work_out(patch, FilesInMemory(content)), FilesInMemory(content))
    assert (road.outcome, road.edits) == ("missed", ())
    assert UNKNOWN in road.reason


@pytest.mark.parametrize(
    ("old", "new", "message", "hint"),
    [
        ('title = "whoever shops"\n', "", "`title` is missing", "add"),
        ('name = "shop"\n', "", "`name` is missing", "add"),
        ('files = "daemon/*.go"\n', "", "`files` is missing", "add"),
        ('anchor = "Example"\n', "", "`anchor` is missing", "add"),
        ('anchor = "Example"', "anchor = [1]", "`anchor` must be a name", ""),
        ('title = "whoever', 'titel = "x"\ntitle = "whoever', "unknown key `titel` in the road `shop`", "`title`"),
        ("edits = [", 'edit = "x"\nedits = [', "unknown key `edit` in a way", "`edits`"),
        ("when = [{", 'when = [{ call = "x",', "unknown key `call` in `when`", "`calls`"),
        ('edits = ["example"]', 'edits = ["exampel"]', "speaks of `exampel`, which is no edit", "did you mean `example`?"),
        ('edits = ["example"]', 'edits = "example"', "`edits` must be a list", ""),
        ('edits = ["example"]', "edits = [1]", "`edits` must be a list of names", ""),
        ('edits = ["example"]', "", "either `edits` that open it or a reason", ""),
        ('edits = ["example"]', 'edits = ["example"]\nclosed = "no"', "either `edits` that open it or a reason", ""),
        ('edits = ["example"]', "closed = 1", "`closed` must be a str", ""),
        (', anchor = "start", calls = ["Example"] }', " }", "`when` has neither `anchor` nor `calls`", ""),
        ("when = [{ files", "when = [1, { files", "`when` must be a table", ""),
        (GOOD[GOOD.index("[[road.way]]") :], "", "has no [[road.way]]", "`closed`"),
        (GOOD, "road = 1\n" + GOOD[:0], "must be a", ""),
        (GOOD, GOOD + "\n" + GOOD, "two roads are called `shop`", ""),
    ],
)  # fmt: skip
def test_a_wrong_road_is_refused(folder: Path, old: str, new: str, message: str, hint: str) -> None:
    if new.startswith("road = "):
        change(folder, old, "")
        change(folder, "title = ", "road = 1\ntitle = ")
    else:
        change(folder, old, new)
    with pytest.raises(PatchError, match=re.escape(message)) as error:
        load(str(folder))
    assert hint in (error.value.hint or "")
    assert str(folder.parent) not in str(error.value)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('edits = ["example"]', 'closed = "no"', "no way opens this road"),
        (
            GOOD,
            GOOD + '\n[[road.way]]\nwhen = [{ files = ["daemon/*.go"], anchor = "start", calls = "Example" }]\nedits = ["example"]\n',
            "way 2 can never be reached: an earlier one fits wherever it does",
        ),
        ('anchor = "Example"', 'anchor = "a.Example"', "`a.Example` is never found: it is no name of Go"),
        ('calls = ["Example"]', 'calls = "Example()"', "`Example()` is never found: it is no name of Go"),
        ('files = ["daemon/*.go", "daemon', 'group = "roads"\nfiles = ["daemon/*.go", "daemon', ""),
    ],
)  # fmt: skip
def test_lint_looks_at_roads(folder: Path, old: str, new: str, message: str) -> None:
    change(folder, old, new)
    assert [found.message for found in lint(str(folder))] == ([message] if message else [])


def test_lint_misses_the_road_of_an_edit_of_roads(folder: Path) -> None:
    change(folder, 'files = ["daemon', 'group = "roads"\nfiles = ["daemon')
    change(folder, 'edits = ["example"]', 'closed = "no"')
    assert [found.message for found in lint(str(folder))] == [
        "no way opens this road",
        "this edit is of the group `roads`, and opens none",
    ]


def test_the_road_of_the_documentation_is_one() -> None:
    text = (ROOT / "docs/notation.md").read_text()
    (block,) = (b for b in blocks(text) if b.language == "toml" and b.body.startswith("[[road]]"))
    (road,) = read_roads(tomllib.loads(block.body)["road"], ["guard-v2"], "here")
    assert road.mark == Mark(("registry/service.go",), ("Auth",))
    assert [way.edits for way in road.ways] == [("guard-v2",), ()]
    with pytest.raises(PatchError, match="`guard-v2`, which is no edit"):
        read_roads(tomllib.loads(block.body)["road"], ["guard-v1"], "here")


def test_the_patches_that_come_along_are_in_order() -> None:
    assert NAMES == ["login", "pull", "push", "plugin", "inspect", "search", "buildkit", "containerd-store", "reload"]  # fmt: skip
    assert all(PATCHES[name].roads == () for name in PATCHES if name != OPTION)
    assert not [finding for finding in lint(OPTION) if not finding.note]


def test_fixtures_are_all_told() -> None:
    assert set(REACHED) | {"cli"} == {path.name for path in FIXTURES.iterdir() if path.is_dir()}
