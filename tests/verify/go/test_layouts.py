"""A source laid out so that Go finds its packages, and nothing of it written."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from gopatch.errors import SourceError, UsageError
from gopatch.port import cache
from gopatch.port.work import work_out
from gopatch.recipe.read import load
from gopatch.source.directory import Directory
from gopatch.source.roots import find_roots
from gopatch.verify._go import (
    layouts,
    toolchain,
    workspace,
)
from tests.conftest import files
from tests.verify.go.test_toolchain import fake_go

GO = toolchain.Go("/nowhere/go", "/nowhere/gofmt", (1, 27, 3))


def laid_out(root: Path, work: Path) -> workspace.Workspace:
    source = Directory(root)
    setting = layouts.GoSetting(GO, work, 2)
    with layouts.prepared(source, find_roots(source).engine or "", setting) as space:
        return space


def test_a_module_is_used_where_it_is(tree: Path, tmp_path: Path) -> None:
    before = files(tree)
    space = laid_out(tree, tmp_path / "work")
    assert (space.tree, space.package) == (tree, "github.com/docker/docker")
    assert space.env["GO111MODULE"] == "on"
    (modfile,) = (flag for flag in space.flags if flag.startswith("-modfile="))
    copied = Path(modfile.partition("=")[2]).read_text()
    assert f"=> {tree}/third_party/pflag\n" in copied
    assert files(tree) == before


def test_vendored_modules_are_used_as_they_are(tree: Path, tmp_path: Path) -> None:
    (tree / "vendor").mkdir()
    (tree / "vendor" / "modules.txt").write_text("")
    assert "-mod=vendor" in laid_out(tree, tmp_path / "work").flags


def test_a_module_that_asks_for_nothing_is_gopath(tree: Path, tmp_path: Path) -> None:
    (tree / "go.mod").write_text("module github.com/docker/docker\n")
    space = laid_out(tree, tmp_path / "work")
    assert space.env["GO111MODULE"] == "off"
    assert space.tree.resolve() == tree
    assert str(space.tree).endswith("/gopath/src/github.com/docker/docker")


def test_a_vendored_part_makes_no_module_of_it(tree: Path, tmp_path: Path) -> None:
    (tree / "go.mod").write_text("module github.com/docker/docker\n")
    (tree / "vendor").mkdir()
    (tree / "vendor/modules.txt").write_text("# example.org/lib v1.0.0\n## explicit\n")
    assert laid_out(tree, tmp_path / "work").env["GO111MODULE"] == "off"


def test_vendored_code_below_vendor_src_is_a_gopath_of_its_own(tree: Path, tmp_path: Path) -> None:
    (tree / "go.mod").unlink()
    (tree / "vendor" / "src").mkdir(parents=True)
    space = laid_out(tree, tmp_path / "work")
    own, vendored = map(Path, space.env["GOPATH"].split(os.pathsep))
    assert vendored.resolve() == tree / "vendor"
    assert own == Path(str(space.tree).removesuffix("/src/github.com/docker/docker"))


def test_more_build_tags_come_after_the_others(tree: Path, tmp_path: Path) -> None:
    space = laid_out(tree, tmp_path / "work")
    more = space.tagged("a", "b")
    assert more.flags[-1] == f"{space.flags[-1]},a,b"
    assert more._replace(flags=space.flags) == space


def test_the_folders_beside_the_engine_are_packages_too(tmp_path: Path) -> None:
    root = tmp_path / "docker.io"
    for name in ("engine/registry", "engine/daemon", "libnetwork", "debian", ".pc"):
        (root / name).mkdir(parents=True)
    for name in ("registry", "daemon"):
        (root / "engine" / name / "x.go").write_text(f"package {name}\n")
    space = laid_out(root, tmp_path / "work")
    assert {path.name for path in space.tree.parent.iterdir()} == {"docker", "libnetwork"}


@pytest.mark.parametrize(
    ("module", "place"),
    [
        ("github.com/moby/buildkit", "github.com/moby/buildkit"),
        ("github.com/docker/docker/registry", "github.com/docker/buildkit"),
        ("github.com/docker/docker", "github.com/docker/buildkit"),
        ("github.com/docker", "github.com/docker/buildkit"),
        ("github.com/docker/libnetwork/x", "github.com/docker/libnetwork/x"),
        ("../../../x", "github.com/docker/buildkit"),
        ("/etc", "github.com/docker/buildkit"),
        (".git/x", "github.com/docker/buildkit"),
    ],
)
def test_a_folder_beside_is_the_module_that_it_says(
    module: str, place: str, tmp_path: Path
) -> None:
    """Where nothing of it would be laid into another: Debian's tree has a buildkit/ with a go.mod."""
    root = tmp_path / "docker.io"
    for name in ("engine/registry", "engine/daemon", "libnetwork", "buildkit"):
        (root / name).mkdir(parents=True)
    for name in ("registry", "daemon"):
        (root / "engine" / name / "x.go").write_text(f"package {name}\n")
    (root / "buildkit/go.mod").write_text(f"module {module}\n")
    before = files(root)
    space = laid_out(root, tmp_path / "work")
    top = space.tree.parents[2]
    assert (top / place).readlink() == root / "buildkit"
    assert files(root) == before
    assert {path.name for path in tmp_path.iterdir()} == {"docker.io", "work"}


def test_generated_packages_have_every_name_that_is_taken_from_them(tmp_path: Path) -> None:
    root = tmp_path / "docker"
    for name, text in {
        "registry": 'import "github.com/docker/docker/autogen/dockerversion"\nvar v = dockerversion.VERSION\n',
        "daemon": 'import (\n\t"github.com/docker/docker/autogen/dockerversion"\n\t"github.com/docker/docker/registry"\n)\n'
        "var c, o = dockerversion.GITCOMMIT, other.NAME\n",
    }.items():
        (root / name).mkdir(parents=True)
        (root / name / "x.go").write_text(f"package {name}\n\n{text}")
    before = files(root)
    space = laid_out(root, tmp_path / "work")
    ((path, made),) = space.generated.items()
    assert path == "autogen/dockerversion/dockerversion.go"
    assert (
        made
        == b'package dockerversion\n\nvar (\n\tGITCOMMIT = "gopatch"\n\tVERSION = "gopatch"\n)\n'
    )
    over = json.loads(workspace.overlay(space, "x", {"registry/y.go": None}).read_bytes())[
        "Replace"
    ]
    assert over[f"{space.tree}/registry/y.go"] == ""
    assert Path(over[f"{space.tree}/{path}"]).read_bytes() == made
    assert files(root) == before


def test_a_source_for_a_newer_go_is_refused_before_anything_is_built(
    tree: Path, tmp_path: Path
) -> None:
    module = (tree / "go.mod").read_text().replace("go 1.21", "go 1.99")
    (tree / "go.mod").write_text(module)
    with pytest.raises(UsageError, match=r"go\.mod asks for Go 1\.99"):
        laid_out(tree, tmp_path / "work")


def test_a_go_mod_without_a_module_is_refused(tree: Path, tmp_path: Path) -> None:
    (tree / "go.mod").write_text("go 1.21\n\nrequire x v1.0.0\n")
    with pytest.raises(SourceError, match="no module line"):
        laid_out(tree, tmp_path / "work")


def test_the_cache_follows_xdg(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert workspace.cache_folder() == tmp_path / "gopatch" / "go"
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert workspace.cache_folder() == Path.home() / ".cache" / "gopatch" / "go"
    assert workspace.cache_folder("x") == Path("x").absolute()


def test_a_cache_without_a_home_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "folder", lambda: None)
    with pytest.raises(UsageError, match="no home"):
        workspace.cache_folder()


def test_nothing_but_the_work_folder_is_written(tree: Path, tmp_path: Path) -> None:
    """Even where the toolchain can do nothing at all."""
    from gopatch.verify import go as judge

    before = files(tree)
    go = fake_go(tmp_path / "bin", "go version go1.27.3 linux/amd64")
    source = Directory(tree)
    port = work_out(load("accept-insecure-registry"), source)
    verdict = judge.judge(port, source, {"go": str(go), "work": str(tmp_path / "work")})
    assert verdict.status != "pass"
    assert files(tree) == before


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("# github.com/docker/docker/native\nnative/a.go:1:1: undefined: driver\n", True),
        ("# github.com/docker/docker/plain\nplain/a.go:1:1: undefined: driver\n", False),
        ("# example.org/of-c [example.org/of-c.test]\na.go:1:1: undefined: b\n", True),
        ("package a: build constraints exclude all Go files in {tree}/native\n", True),
        ("# nowhere/to/be/found\n", False),
        ("", False),
    ],
)
def test_c_is_wanted_where_a_package_that_does_not_compile_has_some(
    tree: Path, tmp_path: Path, said: str, wanted: bool
) -> None:
    (tree / "go.mod").unlink()
    space = laid_out(tree, tmp_path / "work")
    for folder, text in (
        ("native", "// +build linux,cgo\n\npackage native\n"),
        ("plain", "package plain // it names cgo, and that is all\n"),
        ("vendor/example.org/of-c", 'package c\n\nimport "C"\n'),
    ):
        (tree / folder).mkdir(parents=True)
        (tree / folder / "a.go").write_text(text)
    text = said.replace("github.com/docker/docker", space.package)
    assert space._has_c_in(text.format(tree=tree)) is wanted
