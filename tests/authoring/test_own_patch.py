"""`gopatch new`, `lint` and `test`: a patch of one's own, and what is wrong with it."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from gopatch.authoring.lint import lint
from gopatch.cli.main import main
from gopatch.recipe.read import names
from tests.conftest import files

Cap = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A patch as `gopatch new` makes it."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767323045")
    monkeypatch.chdir(tmp_path)
    assert main(["new", "quiet-daemon"]) == 0
    return Path("quiet-daemon")


def change(folder: Path, name: str, old: str, new: str) -> None:
    file = folder / name
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


def said(folder: Path) -> list[str]:
    return [finding.message for finding in lint(str(folder)) if not finding.note]


def test_a_new_patch_is_in_order(folder: Path, capsys: Cap) -> None:
    assert lint(str(folder)) == []
    assert main(["lint", str(folder)]) == 0
    assert main(["test", str(folder)]) == 0
    assert capsys.readouterr().out == "ok   already\nok   call\nok   missing\n"
    table = tomllib.loads((folder / "patch.toml").read_text())
    assert table["dep3"]["last-update"] == "2026-01-02"


def test_lint_tells_of_what_no_case_declares(folder: Path) -> None:
    change(
        folder,
        "patch.toml",
        'files = ["daemon/*.go", "daemon/**/*.go"]',
        'anchor = ["start", "Boat.Closed"]',
    )
    notes = [finding.message for finding in lint(str(folder)) if finding.note]
    assert notes == ["no case holds the anchor `Boat.Closed`"]


def test_the_texts_are_taken(tmp_path: Path) -> None:
    texts = {"title": 'say "less" \\ more', "why": "Zeile\n\tzwei é", "security": "none\x7f"}
    options = [word for key, text in texts.items() for word in (f"--{key}", text)]
    assert main(["new", str(tmp_path / "less"), *options]) == 0
    table = tomllib.loads((tmp_path / "less/patch.toml").read_text())
    assert {key: table[key] for key in texts} == texts
    assert lint(str(tmp_path / "less")) == []


@pytest.mark.parametrize("name", ["Quiet", "-x", "a b", "..", "é", "a/"])
def test_what_is_no_name_is_refused(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["new", "--", name]) == (0 if name == "a/" else 2)
    assert set(files(tmp_path)) <= {f"a/{f}" for f in ("patch.toml", "example-call.patch")} | {
        f"a/cases/{case}.txtar" for case in ("already", "call", "missing")
    }


def test_a_folder_that_is_there_is_left_alone(folder: Path, capsys: Cap) -> None:
    before = files(folder)
    assert main(["new", str(folder)]) == 2
    assert "is there already" in capsys.readouterr().err
    assert files(folder) == before
    assert main(["new", "no/such/patch"]) == 2
    assert not Path("no").exists()


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("patch.toml", 'title = "daemon: quiet daemon"', 'title = ""', "`title` is empty"),
        ("patch.toml", "daemon: quiet", "[PATCH] x", "`title` begins with what `git am` takes away"),
        ("patch.toml", "daemon: quiet", "x" * 80, "`title` is longer than a line of 72 columns"),
        ("patch.toml", "title = ", "titel = ", "unknown key `titel` in the patch"),
        ("patch.toml", "why = ", "# why = ", "`why` is missing"),
        ("patch.toml", "security = ", "# security = ", "`security` is missing"),
        ("patch.toml", 'origin = "vendor"', "", "`origin` is missing"),
        ("patch.toml", 'origin = "vendor"', 'origin = ""', "`origin` is empty"),
        ("patch.toml", 'origin = "vendor"', 'orgin = "x"\norigin = "x"', "`orgin` is no field of DEP-3"),
        ("patch.toml", 'forwarded = "not-needed"', "", "`forwarded` is missing"),
        ("patch.toml", '"not-needed"', '"never"', "`forwarded` is `never`"),
        ("patch.toml", '"not-needed"', '"no"\nbug = "#1"', "`bug` is no URL: `#1`"),
        ("patch.toml", '"2026-01-02"', '"soon"', "`last-update` is missing or no date"),
        ("patch.toml", "\n[[edit]]", "\n[[edits]]", "unknown key `edits` in the patch"),
        ("patch.toml", 'variants = ["', 'variants = ["gone.patch", "', "there is no file `gone.patch`"),
        (
            "patch.toml",
            "variants = [",
            'anchor = "a.b.c"\nvariants = [',
            "the anchor `a.b.c` is never found: it is no name that Go declares",
        ),
        (
            "patch.toml",
            "variants = [",
            'anchor = "B"\nunless = ["A", "B"]\nvariants = [',
            "`B` is an anchor, and `unless` forbids it",
        ),
        (
            "patch.toml",
            "variants = [",
            'unless = ["A", "A"]\nvariants = [',
            "the unless `A` stands there twice",
        ),
        (
            "patch.toml",
            'variants = ["example-call.patch"',
            'variants = ["example-call.patch", "example-call.patch"',
            "the variant `example-call` can never be reached: `example-call` fits wherever it does",
        ),
        (
            "patch.toml",
            'files = ["daemon/*.go", "daemon/**/*.go"]',
            "",
            "the edit `example` names no files, and nothing says what they declare",
        ),
        ("example-call.patch", "+Example", "+Ex(ample", "the plus side does not parse as Go"),
        ("cases/call.txtar", "(\"start\", true)", "(\"start\")", "this case fails"),
        ("cases/call.txtar", "-- after/", "-- afterwards/", "has a file `afterwards/daemon/daemon.go`"),
        ("cases/call.txtar", "A call", "edits: other\nA call", "takes the edit `other`, which the patch has not"),
    ],
)  # fmt: skip
def test_lint_finds(  # noqa: PLR0913 - a row of the table, and fixtures
    folder: Path, name: str, old: str, new: str, message: str, capsys: Cap
) -> None:
    change(folder, name, old, new)
    found = said(folder)
    assert message in found
    assert main(["lint", str(folder)]) == 1
    assert message in capsys.readouterr().out
    assert main(["lint", str(folder), "--json"]) == 1
    assert message in [row["message"] for row in json.loads(capsys.readouterr().out)]


def test_a_slip_in_the_edits_of_a_case_is_corrected(folder: Path) -> None:
    change(folder, "cases/call.txtar", "A call", "edits: exmple\nA call")
    assert [finding.hint for finding in lint(str(folder))] == ["did you mean `example`?"]


def test_files_that_nobody_uses(folder: Path) -> None:
    (folder / "more.patch").write_text("@@\n@@\n-a()\n+b()\n")
    (folder / "more.go").write_text("package x\n")
    (folder / "README.md").write_text("# words\n")
    assert said(folder) == ["no edit uses this file"] * 2


def test_a_patch_without_cases(folder: Path, capsys: Cap) -> None:
    for file in (folder / "cases").iterdir():
        file.unlink()
    assert said(folder) == ["there are no cases"]
    assert main(["test", str(folder)]) == 2
    assert "quiet-daemon/cases/*.txtar" in capsys.readouterr().err


SPECIAL = '# Of a text\n@@\n@@\n-Example("start")\n+Example("start", true)\n'
WIDER = "# In a function\n@@\nvar f, value identifier\n@@\n func f() ... {\n   ...\n-  Example(value)\n+  Example(value, true)\n   ...\n }\n"


def test_a_variant_behind_a_wider_one_is_never_reached(folder: Path) -> None:
    (folder / "special.patch").write_text(SPECIAL)
    change(folder, "patch.toml", '["example-call.patch"', '["example-call.patch", "special.patch"')
    assert said(folder) == [
        "the variant `special` can never be reached: `example-call` fits wherever it does"
    ]
    change(
        folder,
        "patch.toml",
        '["example-call.patch", "special.patch"',
        '["special.patch", "example-call.patch"',
    )
    assert said(folder) == []
    # In front of both, what needs a function around it leaves room for them.
    (folder / "wider.patch").write_text(WIDER)
    change(folder, "patch.toml", '["special.patch"', '["wider.patch", "special.patch"')
    assert said(folder) == []
    notes = [f.message for f in lint(str(folder)) if f.note]
    assert "no case reaches the variant `wider`" in notes


def test_update_writes_what_comes_out(folder: Path, capsys: Cap) -> None:
    change(folder, "example-call.patch", "true", "false")
    assert main(["test", str(folder)]) == 1
    out = capsys.readouterr().out
    assert "FAIL call\n" in out
    assert '+\treturn Example("start", false)\n' in out
    assert main(["test", str(folder), "--update"]) == 0
    assert 'Example("start", false)' in (folder / "cases/call.txtar").read_text()
    assert main(["test", str(folder)]) == 0


def test_a_case_says_what_it_is_about(folder: Path) -> None:
    change(
        folder,
        "cases/missing.txtar",
        "A source without the call is refused, not left as it is.\n",
        "",
    )
    assert said(folder) == ["this case fails"]


def test_a_lone_patch_has_cases_beside_it(folder: Path) -> None:
    lone = Path("swap.patch")
    lone.write_text((folder / "example-call.patch").read_text())
    assert said(lone) == ["there are no cases"]
    text = (folder / "cases/call.txtar").read_text()
    Path("swap.txtar").write_text(text)
    Path("swap-twice.txtar").write_text(text.replace("already", "again"))
    assert main(["test", "swap.patch"]) == 0
    assert said(lone) == []


@pytest.mark.thorough
def test_the_matrix(folder: Path, repository: Path, capsys: Cap) -> None:
    where = ["--docker-src", str(repository), "--ref", "v*"]
    assert main(["test", "accept-insecure-registry", *where]) == 0
    said = capsys.readouterr()
    assert "gopatch: 1 refs: 1 applied" in said.err
    assert "    1 guard-v2: guard/url\n" in said.out
    assert main(["test", str(folder), *where]) == 1
    assert "FAIL v20.10.27: " in capsys.readouterr().out
    assert main(["test", str(folder), "--ref", "v*"]) == 2


@pytest.mark.parametrize("name", names())
def test_what_comes_with_gopatch_is_in_order(name: str) -> None:
    assert [f for f in lint(name) if not f.note] == []
