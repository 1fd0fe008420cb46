"""Our patch made anew in a packager's folder: found, kept in parts, never made of the rest alone."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from gopatch.cli.main import main
from tests.conftest import FIXTURES, files

NAME = "skip-verify.patch"
Cap = pytest.CaptureFixture[str]


@pytest.fixture
def debian(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FIXTURES / "debian", tmp_path / "docker.io"))


def apply(source: Path, *arguments: str, patch: str = "skip-verify") -> int:
    return main(["apply", "--docker-src", str(source), "--patch", patch, *arguments])


def patches(source: Path, name: str = "") -> Path:
    return source / "debian/patches" / name


def upstream_moves(source: Path) -> None:
    path = source / "engine/registry/service_v2.go"
    path.write_text("// One more line.\n\n" + path.read_text())


@pytest.mark.parametrize("name", ["0042-x.patch", "features/x", "x.diff"])
def test_it_is_written_where_it_was(name: str, debian: Path) -> None:
    assert apply(debian, "--format", "quilt") == 0
    made = patches(debian, NAME).read_bytes()
    patches(debian, name).parent.mkdir(exist_ok=True)
    patches(debian, NAME).rename(patches(debian, name))
    patches(debian, "series").write_text(f"{name}\nsay-more.patch\n")
    before = files(debian)
    assert apply(debian, "--format", "quilt") == 0
    assert files(debian) == before
    upstream_moves(debian)
    assert apply(debian, "--format", "quilt") == 0
    assert patches(debian, name).read_bytes() != made
    assert set(files(debian)) == set(before)


def test_another_format_is_no_edit(debian: Path) -> None:
    for form in ("quilt", "gbp", "quilt"):
        assert apply(debian, "--format", form) == 0


def test_two_of_ours_are_refused(debian: Path, capsys: Cap) -> None:
    assert apply(debian, "--format", "quilt") == 0
    shutil.copy(patches(debian, NAME), patches(debian, "b.patch"))
    patches(debian, "series").write_text(f"{NAME}\nb.patch\n")
    before = files(debian)
    assert apply(debian, "--format", "quilt", "--force") == 1
    assert "2 times: skip-verify.patch, b.patch" in capsys.readouterr().err
    assert files(debian) == before


def test_where_it_is_applied_the_words_say_so(debian: Path, capsys: Cap) -> None:
    assert apply(debian, "--in-place") == 0
    capsys.readouterr()
    shutil.copytree(FIXTURES / "debian", debian.parent / "other")
    assert (
        apply(debian.parent / "other", "--format", "quilt", "--output", f"{patches(debian)}/") == 0
    )
    upstream_moves(debian)
    assert apply(debian, "--format", "quilt") == 0
    assert "lies on the source as it was: `quilt pop -f`" in capsys.readouterr().err


FIRST = """--- a/registry/service_v2.go
+++ b/registry/service_v2.go
@@ -1 +1,3 @@
+// One more line.
+
 package registry // import "github.com/docker/docker/registry"
"""


@pytest.mark.parametrize("folder", ["patches", "pkg/quilt"])
def test_quilts_folder_has_any_name(folder: str, tree: Path) -> None:
    """What its series lists before ours is on the source, applied or not."""
    place = tree / folder
    place.mkdir(parents=True)
    (place / "first.patch").write_text(FIRST)
    (place / "series").write_text("first.patch\n")
    words = ("--format", "quilt", "--output", f"{place}/")
    assert apply(tree, *words) == 0
    made = (place / NAME).read_bytes()
    path = tree / "registry/service_v2.go"
    path.write_text(f"// One more line.\n\n{path.read_text()}")
    assert apply(tree, *words) == 0
    assert (place / NAME).read_bytes() == made
    (place / NAME).unlink()
    (place / "series").unlink()
    assert apply(tree, *words) == 0
    assert (place / NAME).read_bytes() == made


def test_debians_series_counts_wherever_the_output_goes(debian: Path) -> None:
    first = FIRST.replace("/registry/service", "/engine/registry/service")
    patches(debian, "first.patch").write_text(first)
    patches(debian, "series").write_text("first.patch\n")
    words = ("--format", "quilt", "--output", f"{debian}/out/")
    assert apply(debian, *words) == 0
    before = files(debian)
    assert apply(debian, *words) == 0
    assert files(debian) == before


def test_a_patch_of_the_rest_is_refused(tree: Path, tmp_path: Path, capsys: Cap) -> None:
    for form in ("rpm", "alpine"):
        assert apply(tree, "--format", form, "--output", f"{tmp_path}/{form}/") == 0
    assert main(["apply", "--docker-src", str(tree), "--in-place", "--only", "core"]) == 0
    before = files(tmp_path)
    for form in ("rpm", "alpine", "nix"):
        to = ("--format", form, "--output", f"{tmp_path}/new-{form}/", "--force")
        assert main(["apply", "--docker-src", str(tree), *to]) == 1
        assert "a part of `accept-insecure-registry` is in" in capsys.readouterr().err
    assert files(tmp_path) == before
    # What is no recipe's patch is made as it is asked for.
    assert main(["apply", "--docker-src", str(tree)]) == 0


def test_a_patched_tree_and_its_patch_agree(tree: Path, tmp_path: Path, capsys: Cap) -> None:
    to = ("--format", "arch", "--output", f"{tmp_path}/out/")
    assert apply(tree, *to) == 0
    assert apply(tree, "--in-place") == 0
    capsys.readouterr()
    assert apply(tree, *to) == 0
    assert capsys.readouterr().err.count("unchanged") == 2


def test_a_file_is_asked_for_as_a_folder_is(tree: Path, tmp_path: Path, capsys: Cap) -> None:
    path = tmp_path / "x.patch"
    to = ("--format", "nix", "--output", str(path))
    path.write_text("notes of mine\n")
    assert apply(tree, *to) == 1
    assert "gopatch did not make it" in capsys.readouterr().err
    assert path.read_text() == "notes of mine\n"
    assert apply(tree, *to, "--force") == 0
    assert "  ./x.patch" in capsys.readouterr().err
    assert apply(tree, *to) == 0
    path.write_bytes(path.read_bytes() + b"\n")
    assert apply(tree, *to) == 1
    assert "was edited by hand" in capsys.readouterr().err


def test_a_patch_that_a_hand_has_edited_is_asked_for_by_each_format(
    tree: Path, tmp_path: Path, capsys: Cap
) -> None:
    path = tmp_path / "x.patch"
    assert apply(tree, "--format", "nix", "--output", str(path)) == 0
    edited = path.read_bytes().replace(b"\n--- ", b"\nSeen by a reviewer.\n--- ", 1)
    path.write_bytes(edited)
    assert apply(tree, "--format", "unified", "--output", str(path)) == 1
    assert "was edited by hand" in capsys.readouterr().err
    assert path.read_bytes() == edited
    assert apply(tree, "--format", "unified", "--output", str(path), "--force") == 0
    assert path.read_bytes().startswith(b"--- a/")


def test_the_whole_is_made_where_it_is_named(tree: Path, tmp_path: Path, capsys: Cap) -> None:
    source = ["apply", "--docker-src", str(tree), "--format", "rpm", "--output", f"{tmp_path}/S/"]
    assert main([*source, "--only", "core,roads"]) == 0
    part = files(tmp_path / "S")
    assert main(source) == 0
    assert "made anew with --only core,roads" in capsys.readouterr().err
    assert files(tmp_path / "S") == part
    assert main([*source, "--only", "core,roads,rails,papers"]) == 0
    whole = files(tmp_path / "S")["accept-insecure-registry.patch"]
    assert whole.count(b"\n+++ ") > part["accept-insecure-registry.patch"].count(b"\n+++ ")


def test_check_reads_the_series(debian: Path, capsys: Cap) -> None:
    check = ["check", "--docker-src", str(debian), "--patch", "skip-verify"]
    assert main(check) == 0
    path = patches(debian, "say-more.patch")
    path.write_text(path.read_text().replace("Say more", "Say less"))
    assert main(check) == 2
    assert "say-more.patch: is not applied, and does not fit: engine/" in capsys.readouterr().err


def test_check_tells_of_ours_where_it_is_applied(debian: Path, capsys: Cap) -> None:
    assert apply(debian, "--format", "quilt") == 0
    assert apply(debian, "--in-place") == 0
    capsys.readouterr()
    assert main(["check", "--docker-src", str(debian), "--patch", "skip-verify"]) == 0
    assert "already" in capsys.readouterr().out


@pytest.mark.parametrize("folder", ["debian/patches", "patches", "packaging/quilt"])
def test_a_line_that_a_hand_has_edited_is_told_in_the_series_that_has_it(
    tree: Path, capsys: Cap, folder: str
) -> None:
    series = tree / folder / "series"
    series.parent.mkdir(parents=True)
    series.write_text("# skip-verify.patch not yet\n")
    assert apply(tree, "--format", "quilt", "--output", f"{series.parent}/") == 1
    assert f"gopatch: {folder}/series: was edited by hand" in capsys.readouterr().err
