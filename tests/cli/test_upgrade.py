"""`gopatch upgrade`: what changed for our patch between releases, and the new patch where it was."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from gopatch.cli.main import main
from tests.conftest import FIXTURES, files
from tests.drawing import few

NAME = "accept-insecure-registry.patch"
Cap = pytest.CaptureFixture[str]


def debian(folder: Path, layout: str = "v20.10.27") -> Path:
    """A Debian tree whose engine is one of the layouts."""
    shutil.copytree(FIXTURES / "debian", folder)
    shutil.rmtree(folder / "engine")
    shutil.copytree(FIXTURES / layout, folder / "engine")
    (folder / "debian/patches/series").write_text("")
    return folder


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    """A release with our patch in its series, and the next one with the same debian/ folder."""
    old, new = debian(tmp_path / "old"), debian(tmp_path / "new", "v28.5.2")
    assert main(["apply", "--docker-src", str(old), "--format", "quilt", "--without", "test"]) == 0
    shutil.rmtree(new / "debian")
    shutil.copytree(old / "debian", new / "debian")
    return old, new


def upgrade(source: Path, *arguments: str) -> int:
    return main(["upgrade", "--docker-src", str(source), *arguments])


def told(capsys: Cap) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_it_tells_what_changed_and_writes_the_new_patch(
    pair: tuple[Path, Path], capsys: Cap, tmp_path: Path
) -> None:
    _, new = pair
    capsys.readouterr()
    assert upgrade(new, "--json") == 0
    found = told(capsys)
    assert found["intact"]
    assert found["options"] == "--without test"
    assert found["status"] == "applied"
    edits = {item["edit"]: item for item in found["edits"]}
    assert {item["change"] for item in edits.values()} > {"same", "other form"}
    assert edits["flag"]["now"]
    assert (found["unfit"], found["broken"]) == ([], [])
    # It is what a first run would write there.
    fresh = debian(tmp_path / "fresh", "v28.5.2")
    assert (
        main(["apply", "--docker-src", str(fresh), "--format", "quilt", "--without", "test"]) == 0
    )
    assert files(new) == files(fresh)
    capsys.readouterr()
    assert upgrade(new, "--json") == 0
    assert {item["change"] for item in told(capsys)["edits"]} == {"same"}


def test_the_words_name_what_is_not_the_same(pair: tuple[Path, Path], capsys: Cap) -> None:
    _, new = pair
    before = files(new)
    capsys.readouterr()
    assert upgrade(new, "--dry-run") == 0
    said = capsys.readouterr()
    assert "edits are as they were\n" in said.out
    assert "other form" in said.out
    assert "its bytes are gopatch's own" in said.err
    assert files(new) == before


def test_an_edit_that_moved_is_found_by_its_lines(tmp_path: Path, capsys: Cap) -> None:
    old = debian(tmp_path / "old")
    assert main(["apply", "--docker-src", str(old), "--format", "quilt"]) == 0
    engine = old / "engine/registry"
    (engine / "service_v2.go").rename(engine / "lookups.go")
    capsys.readouterr()
    assert upgrade(old, "--json") == 0
    moved = [item for item in told(capsys)["edits"] if item["change"] == "moved"]
    assert [(item["edit"], item["now"], item["was"]) for item in moved] == [
        ("guard-v2", "engine/registry/lookups.go", "engine/registry/service_v2.go")
    ]


def test_patches_that_do_not_fit_are_named_and_nothing_is_written(
    pair: tuple[Path, Path], capsys: Cap
) -> None:
    _, new = pair
    folder = new / "debian/patches"
    hunk = "--- a/engine/registry/{0}\n+++ b/engine/registry/{0}\n@@ -1,2 +1,3 @@\n-none\n+x\n one\n+y\n"
    (folder / "first.patch").write_text(hunk.format("config.go"))
    (folder / "second.patch").write_text(hunk.format("gone.go"))
    (folder / "series").write_text(f"first.patch\nsecond.patch\n{NAME}\n")
    before = files(new)
    assert upgrade(new) == 1
    said = capsys.readouterr().err
    assert "first.patch does not fit any more: engine/registry/config.go, hunk 1" in said
    assert "second.patch does not fit any more: engine/registry/gone.go, which is not" in said
    assert files(new) == before


def test_later_patches_that_ours_breaks_are_named(pair: tuple[Path, Path], capsys: Cap) -> None:
    _, new = pair
    path = new / "engine/registry/config.go"
    lines = path.read_text().splitlines(keepends=True)
    at = next(n for n, line in enumerate(lines) if "InsecureRegistries" in line)
    context = "".join(f" {line}" for line in lines[at : at + 2])
    hunk = f"@@ -{at + 1},2 +{at + 1},3 @@\n{context}+// late\n".replace("\n+// late", "\n+// late")
    late = f"--- a/engine/registry/config.go\n+++ b/engine/registry/config.go\n{hunk}"
    (new / "debian/patches/late.patch").write_text(late)
    (new / "debian/patches/series").write_text(f"{NAME}\nlate.patch\n")
    assert upgrade(new) == 1
    assert "late.patch does not fit" in capsys.readouterr().err


@pytest.mark.parametrize("form", few(["rpm", "alpine", "arch", "nix"], ["alpine"]))
def test_a_file_in_a_folder_is_written_anew_in_its_form(
    form: str, tmp_path: Path, capsys: Cap
) -> None:
    folder, new = tmp_path / "S", FIXTURES / "v28.5.2"
    to = ["--format", form, "--output", f"{folder}/"]
    assert main(["apply", "--docker-src", str(FIXTURES / "v20.10.27"), *to]) == 0
    assert upgrade(new, "--patch-file", str(folder / NAME)) == 0
    wanted = tmp_path / "W"
    assert (
        main(["apply", "--docker-src", str(new), "--format", form, "--output", f"{wanted}/"]) == 0
    )
    assert files(folder) == files(wanted)
    # Edited, it is asked for.
    (folder / NAME).write_bytes((folder / NAME).read_bytes() + b"\n")
    before = files(folder)
    assert upgrade(FIXTURES / "v24.0.9", "--patch-file", str(folder / NAME)) == 1
    assert files(folder) == before
    assert upgrade(FIXTURES / "v24.0.9", "--patch-file", str(folder / NAME), "--force") == 0


@pytest.mark.parametrize("name", ["none.patch", "series", "say-more.patch"])
def test_what_is_not_ours_is_refused(name: str, tmp_path: Path, capsys: Cap) -> None:
    source = Path(shutil.copytree(FIXTURES / "debian", tmp_path / "d"))
    path = source / "debian/patches" / name
    assert upgrade(source, "--patch-file", str(path)) == 2
    assert str(path) in capsys.readouterr().err


def test_a_series_without_ours_says_what_to_do(tmp_path: Path, capsys: Cap) -> None:
    assert upgrade(FIXTURES / "debian") == 2
    assert "--patch-file" in capsys.readouterr().err


def test_a_split_patch_stays_two(tmp_path: Path, capsys: Cap) -> None:
    """One file for each source tree; both are read, and both are written anew."""
    top, out = tmp_path / "top", tmp_path / "SOURCES"
    shutil.copytree(FIXTURES / "v24.0.9", top / "moby-24.0.9")
    shutil.copytree(FIXTURES / "cli", top / "cli-24.0.9")
    for path, package in (("cmd/docker/docker.go", "main"), ("cli/command/cli.go", "command")):
        (top / "cli-24.0.9" / path).parent.mkdir(parents=True, exist_ok=True)
        (top / "cli-24.0.9" / path).write_text(f"package {package}\n")
    command = ["apply", "--docker-src", str(top), "--format", "rpm", "--output", f"{out}/"]
    assert main([*command, "--split"]) == 0
    was = files(out)
    assert main(command) == 0
    assert files(out) == was
    # The next release, in folders of other names.
    (top / "moby-24.0.9").rename(top / "moby-25.0.0")
    (top / "cli-24.0.9").rename(top / "cli-25.0.0")
    for file in (NAME, NAME.replace(".patch", "-cli.patch")):
        capsys.readouterr()
        assert upgrade(top, "--patch-file", str(out / file), "--json") == 0
        assert {edit["change"] for edit in told(capsys)["edits"]} == {"same"}
        assert files(out) == was


def test_a_dry_run_names_the_later_patch_that_breaks(pair: tuple[Path, Path], capsys: Cap) -> None:
    _, new = pair
    assert upgrade(new) == 0
    config = (new / "engine/registry/config.go").read_text().split("\n")
    at = next(
        n for n, line in enumerate(config) if "InsecureRegistries" in line and "`json" in line
    )
    hunk = [f"@@ -{at + 1},2 +{at + 1},3 @@", f" {config[at]}", "+\t// x"]
    head = ["--- a/engine/registry/config.go", "+++ b/engine/registry/config.go"]
    text = "\n".join([*head, *hunk, f" {config[at + 1]}", ""])
    (new / "debian/patches/later.patch").write_text(text)
    with (new / "debian/patches/series").open("a") as series:
        series.write("later.patch\n")
    before = files(new)
    capsys.readouterr()
    assert upgrade(new, "--dry-run") == 1
    assert "later.patch does not fit behind ours, and did without" in capsys.readouterr().err
    assert files(new) == before


def test_the_file_that_is_named_is_meant_whatever_lies_beside_it(
    tmp_path: Path, capsys: Cap
) -> None:
    for release in ("v20.10.27", "v28.5.2"):
        to = str(tmp_path / f"{release}.patch")
        source = ["--docker-src", str(FIXTURES / release)]
        assert main(["apply", *source, "--format", "nix", "--output", to]) == 0
    (tmp_path / "copy.patch").write_bytes((tmp_path / "v20.10.27.patch").read_bytes())
    kept = files(tmp_path)
    command = ["upgrade", "--docker-src", str(FIXTURES / "v24.0.9")]
    assert main([*command, "--patch-file", str(tmp_path / "v20.10.27.patch")]) == 0
    changed = {name for name, data in files(tmp_path).items() if kept.get(name) != data}
    assert {name for name in changed if name.endswith(".patch")} == {"v20.10.27.patch"}


@pytest.mark.parametrize(
    "author", ["From: Ada Lovelace <ada@example.org>", 'From: "A. L. Łęcka" <a@example.org>']
)
def test_the_author_stays_where_none_is_named(
    author: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "DEBFULLNAME", "DEBEMAIL"):
        monkeypatch.delenv(name, raising=False)
    path = tmp_path / "x.patch"
    source = ["--docker-src", str(FIXTURES / "v20.10.27")]
    told = author.removeprefix("From: ").replace('"', "")
    assert main(["apply", *source, "--format", "nix", "--output", str(path), "--author", told]) == 0
    first = path.read_bytes().split(b"\n")[0]
    command = ["upgrade", "--docker-src", str(FIXTURES / "v24.0.9"), "--patch-file", str(path)]
    assert main(command) == 0
    assert path.read_bytes().split(b"\n")[0] == first != b"From: gopatch <gopatch@localhost>"
    assert main([*command, "--author", "Bo <bo@example.org>"]) == 0
    assert path.read_bytes().startswith(b"From: Bo <bo@example.org>\n")
