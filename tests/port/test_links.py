"""Links are told of where a port fails, and only there."""

from __future__ import annotations

import shutil
import subprocess
import tarfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from gopatch.errors import GopatchError
from gopatch.port.work import work_out
from gopatch.recipe.read import load
from gopatch.recipe.selection import asked, select
from gopatch.source import open_source

FIXTURE = Path(__file__).parents[2] / "fixtures/v1.13.1"


def _said(tree: Path, leave: Sequence[str] = (), without: Sequence[str] = ()) -> str:
    patch = select(load("accept-insecure-registry"), asked((), without, leave))
    try:
        port = work_out(patch, open_source(str(tree)))
        port.demand()
    except GopatchError as error:
        return f"{error}; {error.hint}"
    return ""


@pytest.mark.parametrize("name", ["registry/service_v2.go", "registry"])
def test_what_is_a_link_is_told(tmp_path: Path, name: str) -> None:
    tree = tmp_path / "engine"
    shutil.copytree(FIXTURE, tree)
    (tree / name).rename(tmp_path / "elsewhere")
    (tree / name).symlink_to(tmp_path / "elsewhere")
    assert f"`{name}` is a link, and links are not followed" in _said(tree)


@pytest.mark.parametrize("name", ["other.go", "distribution/more.go"])
def test_whoever_asks_in_a_link_would_have_no_rail(tmp_path: Path, name: str) -> None:
    tree = tmp_path / "engine"
    shutil.copytree(FIXTURE, tree)
    (tree / name).symlink_to(tree / "none")
    said = _said(tree)
    assert f"{name}: a link, and links are not followed: whoever asks" in said
    assert f"put what it leads to in its place, or `--leave {name}` accepts" in said
    assert _said(tree, leave=(name,)) == _said(tree, without=("rails",)) == ""


@pytest.mark.parametrize("name", ["other_test.go", "other.md", "vendor/other.go", "._other.go"])
def test_a_link_that_no_program_is_made_of_is_no_matter(tmp_path: Path, name: str) -> None:
    tree = tmp_path / "engine"
    shutil.copytree(FIXTURE, tree)
    (tree / name).parent.mkdir(exist_ok=True)
    (tree / name).symlink_to(tree / "none")
    assert _said(tree) == ""


def _with_folders(tree: Path) -> None:
    """A tree with Go that is looked into by its own name, and Go that is not."""
    shutil.copytree(FIXTURE, tree / "engine")
    for folder in ("engine/vendor/own", "engine/testdata/own", "own", "engine/vendor/none"):
        (tree / folder).mkdir(parents=True)
        name = "own_test.go" if folder.endswith("none") else "own.go"
        (tree / folder / name).write_text("package own\n")


OUT = {
    "what is vendored": ("more", "vendor/own"),
    "what is no part of the engine": ("distribution/more", "../../own"),
    "by another link": ("more", "distribution/again"),
    "a folder above": ("more", "vendor"),
    "a folder by a name of no Go": ("more.d", "./testdata/../testdata/own/"),
}
SEEN = {
    "its own folder": ("more", "registry"),
    "the engine itself": (".gopath", "."),
    "no Go for programs": ("more", "vendor/none"),
    "a file": ("more", "registry/service_v2.go"),
    "nothing": ("more", "none"),
    "itself": ("more", "more"),
    "vendored by a link": ("vendor/more", "../../own"),
}


def _packed(tree: Path, name: str) -> Path:
    """The same tree as an archive."""
    with tarfile.open(tree.with_suffix(".tar"), "w") as archive:
        archive.add(tree, name)
    return tree.with_suffix(".tar")


def _committed(tree: Path, name: str) -> Path:
    """The same tree in a repository, with nothing checked out."""
    for words in (("init", "-q"), ("add", "-Af"), ("-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", name)):  # fmt: skip
        subprocess.run(("git", "-C", tree, *words), check=True)
    return tree / ".git"


def _as_it_is(tree: Path, name: str) -> Path:
    return tree


@pytest.mark.parametrize("form", [_as_it_is, _packed, _committed])
@pytest.mark.parametrize(("link", "to"), [*OUT.values(), *SEEN.values()], ids=[*OUT, *SEEN])
def test_a_linked_folder_is_told_where_nobody_looks_into_it(
    tmp_path: Path, form: Callable[[Path, str], Path], link: str, to: str
) -> None:
    tree = tmp_path / "tree"
    _with_folders(tree)
    (tree / "engine/distribution/again").symlink_to("../vendor/own")
    (tree / "engine/distribution/again").unlink() if to != "distribution/again" else None
    (tree / "engine" / link).symlink_to(to)
    said = _said(form(tree, "top"))
    told = f"{link}: a link, and links are not followed: whoever asks" in said
    assert told == ((link, to) in OUT.values())
    assert bool(said) == told


@pytest.mark.parametrize(("inside", "told"), [(True, False), (False, True)])
def test_a_link_by_a_whole_path(tmp_path: Path, inside: bool, told: bool) -> None:
    tree = tmp_path / "engine"
    shutil.copytree(FIXTURE, tree)
    (tree / "more").symlink_to((tree if inside else tmp_path).resolve())
    assert ("more: a link" in _said(tree)) == told


def test_what_is_missing_is_no_link(tmp_path: Path) -> None:
    tree = tmp_path / "engine"
    shutil.copytree(FIXTURE, tree)
    (tree / "registry/service_v2.go").unlink()
    assert "link" not in _said(tree)
