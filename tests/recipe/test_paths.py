"""A patch folder is data of strangers: what it names stays inside, and what it asks for is bounded."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from gopatch.errors import PatchError
from gopatch.recipe.read import load, read_case_file
from gopatch.recipe.regexes import Anchor
from gopatch.recipe.values import NewFiles
from gopatch.splice import is_inside

EDIT = 'title = "t"\n[[edit]]\nname = "e"\n'
ADDS = EDIT + 'files = ["registry/*.go"]\nbeside = "f"\n'
INSERT = EDIT + 'files = ["a"]\n[[edit.variant]]\n[[edit.variant.insert]]\n'


def folder(tmp_path: Path, toml: str, **files: str) -> Path:
    made = tmp_path / "p"
    made.mkdir()
    (made / "patch.toml").write_text(toml)
    for name, text in files.items():
        (made / f"{name}.patch").write_text(text)
    return made


@pytest.mark.parametrize("name", ["a", "a/b.go", ".github/x", "a/.gitignore", "..a/b..", "git/x"])
def test_names_below_a_folder(name: str) -> None:
    assert is_inside(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "/a",
        "..",
        "a/../b",
        ".git",
        ".GIT/config",
        "a/.Git/x",
        ".git./x",
        ".git /x",
        "a\\b",
        "x" * 256,
    ],
)
def test_names_that_lead_out_of_a_folder_or_into_gits(name: str) -> None:
    assert not is_inside(name)


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", ".git/config", "sub/../../secret"])
@pytest.mark.parametrize(
    "toml",
    [
        EDIT + 'files = ["{}"]\nvariants = ["v.patch"]\n',
        EDIT + 'files = ["a"]\nvariants = ["{}"]\n',
        ADDS + 'adds = "{}"\n',
        ADDS + 'adds = ["{}"]\n',
        ADDS + 'adds = "v.patch"\nto = "{}"\n',
        EDIT + 'files = ["a"]\n[[edit.variant]]\npatch = "v.patch"\nadds = "{}"\n',
    ],
)
def test_a_name_that_leads_out_is_refused_when_it_is_read(
    tmp_path: Path, toml: str, name: str
) -> None:
    (tmp_path / "secret").write_text("SECRET")
    with pytest.raises(PatchError, match="no name below the folder"):
        load(str(folder(tmp_path, toml.format(name), v="@@\n@@\n-a\n+b\n")))


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("SECRET")
    made = folder(tmp_path, ADDS + 'adds = "x"\n')
    (made / "x").symlink_to(tmp_path / "secret")
    with pytest.raises(PatchError, match="a link out of"):
        load(str(made))


def test_a_link_inside_the_folder_is_followed(tmp_path: Path) -> None:
    made = folder(tmp_path, ADDS + 'adds = "x"\n', v="package p\n")
    (made / "x").symlink_to("v.patch")
    (edit,) = load(str(made)).edits
    assert isinstance(edit, NewFiles)
    assert edit.adds[0].content == b"package p\n"


@pytest.mark.parametrize(
    ("toml", "words"),
    [
        ('title = "t"\nedit = [1]\n', "where a table"),
        ("#" * 10_001, "a line of more than"),
        ("a = " + "[" * 9000 + "\n", "nested too deeply"),
        (EDIT + 'files = ["a"]\nvariant = [{insert = [1]}]\n', "must be a table"),
        (EDIT + "files = [1]\n", "no name below"),
        (EDIT + 'files = ["**/**/**/**/a"]\nvariants = ["v"]\n', "more than 2 times"),
        (INSERT + 'after = "package"\ntext = "\\\\9"\n', "not a regular expression"),
        (INSERT + f'after = "{"a" * 3000}"\ntext = "b"\n', "more than 2000 characters"),
        (INSERT + f'after = "{"(" * 900 + ")" * 900}"\ntext = "b"\n', "not a regular expression"),
        (
            'title = "t"\n[dep3]\n"a\\nEvil" = "d"\n'
            + EDIT[12:]
            + 'files = ["a"]\nvariants = ["v.patch"]\n',
            "which is no name",
        ),
        (
            'title = "t"\n[dep3]\nbug = "\\u001b[31m"\n'
            + EDIT[12:]
            + 'files = ["a"]\nvariants = ["v.patch"]\n',
            "control character",
        ),
    ],
)
def test_what_is_no_patch_is_refused_in_one_line(tmp_path: Path, toml: str, words: str) -> None:
    with pytest.raises(PatchError, match=words):
        load(str(folder(tmp_path, toml, v="@@\n@@\n-a\n+b\n")))


@pytest.mark.parametrize("code", ["(" * 4000 + "x" + ")" * 4000, " + ".join(["a"] * 2400)])
def test_a_pattern_that_is_nested_too_deeply_is_refused(tmp_path: Path, code: str) -> None:
    toml = EDIT + 'files = ["a/*.go"]\nvariants = ["v.patch"]\n'
    with pytest.raises(PatchError, match="nested too deeply"):
        load(str(folder(tmp_path, toml, v=f"@@\n@@\n-{code}\n+y\n")))


def test_a_file_of_more_than_1_mib_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PatchError, match="larger than 1 MiB"):
        load(str(folder(tmp_path, EDIT + "#\n" * (1 << 19))))


def test_a_regular_expression_that_takes_too_long_is_refused() -> None:
    with pytest.raises(PatchError, match="takes too long"):
        Anchor("^(a|aa)+b?(aa|a)+$", 0.02).search("a" * 4000 + "!")


def test_a_regular_expression_finds_what_it_names() -> None:
    found = Anchor(r"^(?P<indent>\s+)--(?!help)\w").search("  --debug")
    assert found is not None
    assert found["indent"] == "  "


# Files that are none ---------------------------------------------------------------------------


def test_a_pipe_that_no_variant_names_is_not_waited_for(tmp_path: Path) -> None:
    made = folder(
        tmp_path, EDIT + 'files = ["a.go"]\nvariants = ["v.patch"]\n', v="@@\n@@\n-a\n+b\n"
    )
    os.mkfifo(made / "other.patch")
    assert load(str(made)).title == "t"


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def _link_out(path: Path) -> None:
    (path.parents[2] / "other.txtar").write_text("mine\n-- before/a --\n")
    path.symlink_to("../../other.txtar")


def _large(path: Path) -> None:
    path.touch()
    os.truncate(path, 1 << 31)


@pytest.mark.parametrize("made", [_pipe, _device, _link_out, _large])
def test_a_case_is_a_file_of_its_folder(tmp_path: Path, made: Callable[[Path], None]) -> None:
    case = tmp_path / "p/cases/a.txtar"
    case.parent.mkdir(parents=True)
    made(case)
    with pytest.raises(PatchError, match=r"a\.txtar: is "):
        read_case_file(case)
