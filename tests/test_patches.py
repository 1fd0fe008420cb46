"""The patches that come with gopatch, on every layout; and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from gopatch.errors import ApplyError, PatchError, SourceError, UsageError
from gopatch.golang import parse
from gopatch.layout import realign
from gopatch.output.inplace import write
from gopatch.port import Port, work_out
from gopatch.recipe import Patch, load, names
from gopatch.source import open_source
from tests.conftest import FIXTURES, files

OPTION = load("accept-insecure-registry")
LAYOUTS = sorted(p.name for p in FIXTURES.iterdir() if p.is_dir() and p.name != "cli")
V1 = {
    "v1.8.3", "v1.10.3", "v1.11.2", "v1.12.6", "v1.13.1", "v17.06.0-ce", "v17.09.1-ce",
    "v17.12.1-ce", "v18.09.9", "docker-ce",
}  # fmt: skip
OLD = {"v1.3.1", "v1.4.1", "v1.5.0", "v1.7.1"}


def port(folder: Path, patch: Patch = OPTION) -> Port:
    return work_out(patch, open_source(folder))


def outcomes(found: Port) -> dict[str, str]:
    return {outcome.edit: outcome.status for outcome in found.outcomes}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_option_on_every_layout(layout: str) -> None:
    found = outcomes(port(FIXTURES / layout))
    for edit in ("option", "flag", "store", "hub", "guard-v2"):
        assert found[edit] == "applied"
    assert found["guard-v1"] == ("applied" if layout in V1 else "absent")
    papers = {found[e] for e in ("man", "docs", "completion-bash", "completion-zsh")}
    assert papers <= {"applied", "absent"}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_papers_that_speak_of_the_list_speak_of_the_option(layout: str) -> None:
    folder = FIXTURES / layout
    after = {c.path: c.after or b"" for c in port(folder).changes}
    for path, data in files(folder).items():
        paper = path.endswith((".md", "bash/docker", "_docker", ".fish"))
        if paper and "vendor/" not in path and b"--insecure-registry" in data:
            assert b"--accept-insecure-registry" in after[path], path


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_second_run_changes_nothing(layout: str, tmp_path: Path) -> None:
    first = port(FIXTURES / layout)
    for name, data in files(FIXTURES / layout).items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    write(tmp_path, first.changes)
    second = port(tmp_path)
    assert second.changes == ()
    assert set(outcomes(second).values()) <= {"already", "absent"}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_bytes_stay_aligned_and_whole(layout: str) -> None:
    for change in port(FIXTURES / layout).changes:
        if not change.path.endswith(".go") or change.before is None:
            continue
        assert change.after is not None
        assert parse(change.after).errors() == []
        assert realign(parse(change.before)) or realign(parse(change.after)) == []
        kept = [line for line in change.after.split(b"\n") if line in change.before.split(b"\n")]
        gone = [line for line in change.before.split(b"\n") if line not in kept]
        assert len(gone) <= 4, change.path


@pytest.mark.parametrize("name", ["always-http", "skip-verify"])
@pytest.mark.parametrize("layout", [n for n in LAYOUTS if n not in OLD])
def test_the_crude_patches(name: str, layout: str) -> None:
    found = port(FIXTURES / layout, load(name))
    assert found.status == "applied"
    text = b"".join(c.after or b"" for c in found.changes)
    assert (b"if tlsConfig.InsecureSkipVerify {" in text) == (
        name == "skip-verify" and layout != "v1.8.2"
    )


def test_all_are_listed_and_say_why() -> None:
    assert set(names()) >= {"accept-insecure-registry", "always-http", "skip-verify"}
    for name in names():
        patch = load(name)
        assert patch.title
        assert patch.why
    for name in ("always-http", "skip-verify"):
        assert load(name).security


# Refusals ------------------------------------------------------------------------------------


def spoil(tree: Path, path: str, old: bytes, new: bytes) -> dict[str, bytes]:
    file = tree / path
    data = file.read_bytes()
    assert old in data
    file.write_bytes(data.replace(old, new))
    return files(tree)


@pytest.mark.parametrize(
    ("edit", "path", "old", "new", "words"),
    [
        pytest.param(
            "guard-v2",
            "registry/service_v2.go",
            b"if tlsConfig.InsecureSkipVerify {",
            b"if s.mode == 2 {",
            "registry/service_v2.go:",
            id="guard is another",
        ),
        pytest.param(
            "guard-v2",
            "registry/service_v2.go",
            b"if tlsConfig.InsecureSkipVerify {",
            b"if tlsConfig.InsecureSkipVerify || {",
            "does not parse",
            id="guard does not parse",
        ),
        pytest.param(
            "flag",
            "cmd/dockerd/config.go",
            b'"insecure-registry"',
            b'"other"',
            "config.go:",
            id="flag",
        ),
        pytest.param(
            "option",
            "registry/config.go",
            b"InsecureRegistries ",
            b"Insecure ",
            "registry/config.go:",
            id="option",
        ),
        pytest.param(
            "store",
            "registry/service.go",
            b"func NewService(",
            b"func NewService2(",
            "registry/service.go:",
            id="constructor",
        ),
    ],
)
def test_one_failed_edit_fails_the_port(
    tree: Path, edit: str, path: str, old: bytes, new: bytes, words: str
) -> None:
    before = spoil(tree, path, old, new)
    found = port(tree)
    failed = {o.edit: o for o in found.failed}
    assert edit in failed
    assert words in failed[edit].reason
    assert found.changes == ()
    with pytest.raises(ApplyError, match="nothing was written"):
        found.demand()
    assert files(tree) == before


def test_two_places_where_one_may_be_are_listed(tree: Path) -> None:
    again = (
        b"\n// Other holds options too.\ntype Other struct {\n\tInsecureRegistries []string\n}\n"
    )
    path = tree / "registry/config.go"
    path.write_bytes(path.read_bytes() + again)
    (failed,) = [o for o in port(tree).failed if o.edit == "option"]
    assert failed.reason.count("registry/config.go:") == 2


def test_a_half_patched_source_is_finished(tree: Path) -> None:
    whole = port(tree)
    write(tree, [c for c in whole.changes if c.path == "registry/config.go"])
    rest = port(tree)
    assert outcomes(rest)["option"] == "already"
    assert {c.path for c in rest.changes} == {c.path for c in whole.changes} - {
        "registry/config.go"
    }
    write(tree, rest.changes)
    assert port(tree).status == "already"


def test_a_half_patched_source_that_cannot_be_finished_is_named(tree: Path) -> None:
    write(tree, [c for c in port(tree).changes if c.path == "registry/config.go"])
    spoil(tree, "registry/service_v2.go", b"if tlsConfig.InsecureSkipVerify {", b"if true {")
    with pytest.raises(ApplyError, match=r"(?s)guard-v2: .*already there: option"):
        port(tree).demand()


def test_a_file_of_ours_with_other_content_is_not_overwritten(tree: Path) -> None:
    (tree / "registry/docker_hub.go").write_bytes(b"package registry\n")
    (failed,) = port(tree).failed
    assert (failed.edit, "other content" in failed.reason) == ("hub", True)


@pytest.mark.parametrize("ending", [b"\r\n", b"\n"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("final", [True, False])
def test_bytes_of_odd_files_are_kept(tree: Path, ending: bytes, bom: bytes, final: bool) -> None:
    path = tree / "registry/service_v2.go"
    data = bom + path.read_bytes().replace(b"\n", ending)
    data = data if final else data.removesuffix(ending)
    path.write_bytes(data)
    (change,) = [c for c in port(tree).changes if c.path == "registry/service_v2.go"]
    old = b"if tlsConfig.InsecureSkipVerify {"
    new = b"if s.acceptInsecureRegistry && !isDockerHub(hostname) || tlsConfig.InsecureSkipVerify {"
    assert change.after == data.replace(old, new)


def test_unreadable_files_are_said(tree: Path) -> None:
    path = tree / "registry/service_v2.go"
    path.unlink()
    path.mkdir()
    assert "guard-v2" in {o.edit for o in port(tree).failed}


def test_what_is_no_docker_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "main.go").write_bytes(b"package main\n")
    with pytest.raises(SourceError, match="not Docker"):
        port(tmp_path)


# Patch folders -------------------------------------------------------------------------------

CHANGE = "@@\n@@\n-a()\n+b()\n"


def folder(tmp_path: Path, toml: str, **patches: str) -> str:
    path = tmp_path / "mine"
    path.mkdir()
    (path / "patch.toml").write_text(toml)
    for name, text in patches.items():
        (path / f"{name}.patch").write_text(text)
    return str(path)


EDIT = '[[edit]]\nname = "one"\nfiles = ["registry/*.go"]\n'


@pytest.mark.parametrize(
    ("toml", "words"),
    [
        pytest.param("", "no .*edit", id="empty"),
        pytest.param("title = ", "not TOML", id="not TOML"),
        pytest.param('titel = "x"', "unknown key `titel`", id="unknown key"),
        pytest.param(EDIT + 'variant_s = ["x.patch"]', "unknown key `variant_s`", id="edit's key"),
        pytest.param(EDIT, "either variants or", id="no variants"),
        pytest.param(EDIT + 'variants = ["none.patch"]', "no file `none.patch`", id="no file"),
        pytest.param(EDIT + 'variants = ["bad.patch"]', "bad.patch:3:2: ", id="bad patch"),
        pytest.param(EDIT + 'variants = ["ok.patch"]\nroot = "x"', "`root` is `x`", id="root"),
        pytest.param(EDIT + 'variants = ["ok.patch"]\ngroup = "x"', "`group` is `x`", id="group"),
        pytest.param(EDIT + 'variants = ["ok.patch"]\n' + EDIT, "either variants|two", id="twice"),
        pytest.param('[[edit]]\nname = "x"\nvariants = []', "`files` is missing", id="no files"),
        pytest.param(EDIT + 'variants = "ok.patch"', "must be a list", id="no list"),
        pytest.param(
            EDIT + '[[edit.variant]]\n[[edit.variant.insert]]\nfind = "("\ntext = ""',
            "regular expression",
            id="bad regex",
        ),
    ],
)
def test_what_is_wrong_with_a_folder_is_said(tmp_path: Path, toml: str, words: str) -> None:
    title = "" if "titel" in toml or not toml or toml == "title = " else 'title = "t"\n'
    path = folder(tmp_path, title + toml, ok=CHANGE, bad="@@\n@@\n-a(\n+b()\n")
    with pytest.raises(PatchError, match=words):
        load(path)


def test_a_patch_that_is_nearly_named_right_is_suggested() -> None:
    with pytest.raises(UsageError) as caught:
        load("accept-insecure-registri")
    assert "did you mean `accept-insecure-registry`" in (caught.value.hint or "")


def test_two_edits_on_the_same_bytes_are_refused(tree: Path, tmp_path: Path) -> None:
    toml = 'title = "t"\n' + "".join(
        f'[[edit]]\nname = "{name}"\nfiles = ["registry/service_v2.go"]\nvariants = ["{name}.patch"]\n'
        for name in ("one", "two")
    )
    guard = "@@\n@@\n-if tlsConfig.InsecureSkipVerify {\n+if {new} {\n   ...\n }\n"
    path = folder(
        tmp_path,
        toml,
        one=guard.replace("{new}", "first()"),
        two="@@\n@@\n-if first() {\n+if second() {\n   ...\n }\n",
    )
    (failed,) = port(tree, load(path)).failed
    assert "change the same bytes" in failed.reason


# Lone patches --------------------------------------------------------------------------------


def lone(tmp_path: Path, text: str) -> Patch:
    path = tmp_path / "lone.patch"
    path.write_text(text)
    return load(str(path))


def test_a_lone_patch_runs_on_any_go(tmp_path: Path) -> None:
    source = tmp_path / "src"
    (source / "vendor").mkdir(parents=True)
    for name in ("a.go", "a_test.go", "vendor/v.go"):
        (source / name).write_bytes(b"package a\n\nfunc f() {\n\ta()\n\ta()\n}\n")
    (source / "b.go").write_bytes(b"\x00binary")
    found = port(source, lone(tmp_path, CHANGE))
    assert [c.path for c in found.changes] == ["a.go", "a_test.go"]
    assert all((c.after or b"").count(b"b()") == 2 for c in found.changes)
    assert len(found.outcomes[0].sites) == 4


@pytest.mark.parametrize(
    ("go", "status"),
    [
        pytest.param(b"package a\n\nfunc f() {\n\tb()\n}\n", "already", id="done"),
        pytest.param(b"package a\n\nfunc f() {\n\tc()\n}\n", "failed", id="no match"),
        pytest.param(b"package a\n\nfunc f() {\n\ta()\n\tif {\n}\n", "failed", id="broken Go"),
    ],
)
def test_a_lone_patch_that_changes_nothing(tmp_path: Path, go: bytes, status: str) -> None:
    source = tmp_path / "src"
    source.mkdir()
    (source / "a.go").write_bytes(go)
    found = port(source, lone(tmp_path, CHANGE))
    assert found.status == status
    assert found.changes == ()
