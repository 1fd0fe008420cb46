"""`gopatch upgrade` on a stranger's tree: nothing in it names what is opened outside."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from gopatch.cli.main import main
from gopatch.recipe.read import patches_folder
from tests.cli.test_upgrade import NAME, Cap, debian, upgrade
from tests.conftest import FIXTURES, files

OUTSIDE = "a stranger's"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A Debian tree with our patch in its series."""
    made = debian(tmp_path / "tree")
    assert main(["apply", "--docker-src", str(made), "--format", "quilt"]) == 0
    return made


@pytest.mark.parametrize(
    ("by", "named"),
    [
        ("--patch {0}/mine", False),
        ("--patch={0}/secret", False),
        ("--patch '{0}/mine'", True),
        ("--patch ../none", False),
    ],
)
def test_what_a_header_names_is_never_opened(
    by: str, named: bool, tree: Path, capsys: Cap, tmp_path: Path
) -> None:
    """A header chooses among the names of `gopatch list`; a path is for the user to name."""
    shutil.copytree(patches_folder() / "skip-verify", tmp_path / "mine")
    (tmp_path / "secret").write_text(OUTSIDE)
    path = tree / "debian/patches" / NAME
    made = by.format(tmp_path)
    path.write_text(path.read_text().replace("--patch accept-insecure-registry", made))
    before = files(tmp_path)
    capsys.readouterr()
    assert upgrade(tree, "--force", *(["--patch-file", str(path)] if named else [])) == 2
    said = capsys.readouterr()
    assert "`gopatch list` has no such patch" in said.err
    assert "--patch FOLDER" in said.err
    assert OUTSIDE not in said.err
    assert (said.out, files(tmp_path)) == ("", before)


def test_a_patch_of_ones_own_is_named(tmp_path: Path, capsys: Cap) -> None:
    mine = tmp_path / "mine"
    shutil.copytree(patches_folder() / "skip-verify", mine)
    tree = debian(tmp_path / "tree")
    first = "Generated-by: gopatch 1 --patch first\n\n--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+x\n"
    (tree / "debian/patches/first.patch").write_text(first)
    (tree / "debian/patches/series").write_text("first.patch\n")
    source = ["--docker-src", str(tree), "--patch", str(mine)]
    assert main(["apply", *source, "--format", "quilt"]) == 0
    before = files(tree)
    assert upgrade(tree, "--patch", str(mine)) == 0
    assert files(tree) == before
    capsys.readouterr()
    for patch, word in (("skip-verify", "own, `skip-verify`,"), (str(tmp_path / "no"), "no patch")):
        assert upgrade(tree, "--patch", patch) == 2
        assert word in capsys.readouterr().err
    file = str(tree / "debian/patches/mine.patch")
    assert upgrade(tree, "--patch-file", file, "--patch", "skip-verify") == 2
    assert "made of `mine`; --patch names `skip-verify`" in capsys.readouterr().err
    assert files(tree) == before


@pytest.mark.parametrize("name", ["{0}/x.patch", "../../../x.patch", "a/../../x.patch"])
def test_a_series_names_no_file_elsewhere(
    name: str, tree: Path, capsys: Cap, tmp_path: Path
) -> None:
    """quilt would take a name from the root for one below debian/patches; nothing is opened at either."""
    folder = tree / "debian/patches"
    name = name.format(tmp_path)
    (tmp_path / "x.patch").write_text(OUTSIDE)
    below = Path(f"{folder}/{name}")
    below.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(folder / NAME, below)
    (folder / "series").write_text(f"{name}\n")
    before = files(tmp_path)
    assert upgrade(tree, "--force") == 2
    assert f"series: lists `{name}`, no name below it" in capsys.readouterr().err
    assert files(tmp_path) == before


def test_a_link_out_of_the_series_folder_is_not_followed(tree: Path, tmp_path: Path) -> None:
    apply = ["apply", "--docker-src", str(tree), "--format", "quilt"]
    made = tree / "debian/patches" / NAME
    outside = made.rename(tmp_path / "outside")
    (tree / "debian/patches/series").write_text("")
    (tree / "debian/patches/other.patch").symlink_to(outside)
    assert main(apply) == 0  # not taken for ours
    assert made.read_bytes() == outside.read_bytes()


def test_a_link_out_of_an_output_folder_is_not_read(tmp_path: Path, capsys: Cap) -> None:
    folder, outside = tmp_path / "S", tmp_path / "outside"
    outside.write_text(OUTSIDE)
    folder.mkdir()
    (folder / NAME).symlink_to(outside)
    apply = ["apply", "--docker-src", str(FIXTURES / "v20.10.27"), "--format", "alpine"]
    before = files(tmp_path)
    for force in ([], ["--force"]):
        assert main([*apply, "--output", f"{folder}/", *force]) == 2
        assert "leaves the folder by a link" in capsys.readouterr().err
    assert files(tmp_path) == before
