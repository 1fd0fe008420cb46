"""Roads: which of them a source has, which the port opens, and what is refused in a patch.toml."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest

from gopatch.authoring.lint import lint
from gopatch.errors import PatchError, SourceError
from gopatch.fleet.run import Run, run_into
from gopatch.model import read_traits
from gopatch.port.outcome import Road
from gopatch.port.roads import roads
from gopatch.port.work import work_out
from gopatch.recipe.declared_roads import Mark, read_roads
from gopatch.recipe.read import load
from tests.cli.test_main import run
from tests.conftest import FIXTURES, Git
from tests.documents import ROOT, blocks
from tests.patches.test_patches import (
    ABSENT,
    OPTION,
    PATCHES,
    PINGS,
    Tree,
    _fixture,
    patched,
    tree,
    whole,
)

Cap = pytest.CaptureFixture[str]
NAMES = [road.name for road in PATCHES[OPTION].roads]


def found(fixture: str, more: Mapping[str, str | None] | None = None) -> dict[str, Road]:
    """The roads of a fixture to which files were added, or from which they were taken."""
    content = dict(_fixture(fixture))
    for path, text in (more or {}).items():
        if text is None:
            del content[path]
        else:
            content[path] = text.encode()
    source = Tree(content)
    return {road.name: road for road in roads(work_out(PATCHES[OPTION], source), source)}


# What the model says of the same ---


MODELLED = [fixture for fixture in ABSENT if fixture not in (*PINGS, "v1.8.2")]


@pytest.mark.parametrize("fixture", MODELLED)
def test_the_model_reads_the_same_roads(fixture: str) -> None:
    """Two readers of one source, which share nothing."""
    engine = {"debian": "engine/", "docker-ce": "components/engine/"}.get(fixture, "")
    content = _fixture(fixture)
    traits = read_traits(lambda path: content.get(engine + path))
    there = {name: road.outcome for name, road in found(fixture).items()}
    closed = {"first": "missed", "https": "missed", "": "absent"}
    assert there["plugin"] == closed.get(traits.plugins, "reached")
    assert there["buildkit"] == closed.get(traits.buildkit, "reached")
    assert there["containerd-store"] == closed.get(traits.store, "reached")
    assert there["reload"] == ("reached" if traits.reloads else "absent")


# What the fixtures have -----------------------------------------------------------------------

PINGED = {"login"}
LOOKUPS = {"login", "pull", "push", "search"}
RELOADED = LOOKUPS | {"plugin", "inspect", "reload"}
BUILT = RELOADED | {"buildkit"}
STORED = BUILT | {"containerd-store"}
# All others are absent. The oldest fixtures have no files for what is not registry/.
REACHED = {
    **dict.fromkeys(PINGS, PINGED),
    **dict.fromkeys(("v1.8.2", "v1.8.3", "v1.10.3", "v1.11.2", "v1.12.6"), LOOKUPS),
    **dict.fromkeys(("v1.13.1", "v17.06.0-ce", "v17.09.1-ce", "v17.12.1-ce"), RELOADED),
    **dict.fromkeys(("v18.09.9", "v19.03.15", "v20.10.27", "v23.0.18", "debian"), BUILT),
    **dict.fromkeys(("v24.0.9", "v27.5.1", "v28.0.4", "v28.5.2", "docker-v29"), STORED),
    "docker-ce": RELOADED,
}


@pytest.mark.parametrize("fixture", ABSENT)
def test_the_roads_of_a_fixture(fixture: str) -> None:
    there = found(fixture)
    assert list(there) == NAMES
    assert {name for name, road in there.items() if road.outcome == "reached"} == REACHED[fixture]
    for road in there.values():
        assert road.outcome != "missed"
        assert bool(road.edits) == bool(road.sites) == (road.outcome == "reached")
        assert bool(road.reason) == (road.outcome == "absent")


@pytest.mark.parametrize(
    ("fixture", "edits"),
    [
        ("v1.3.1", ("guard-v2",)),
        ("v1.7.1", ("guard-v2",)),
        ("v1.8.2", ("https-watch", "search")),
        ("v1.10.3", ("https-watch", "search")),
        ("v1.11.2", ("guard-v2",)),
        ("v28.5.2", ("guard-v2",)),
    ],
)
def test_login_pinged_until_it_went_by_the_lookup(fixture: str, edits: tuple[str, ...]) -> None:
    assert found(fixture)["login"].edits == edits


@pytest.mark.parametrize("fixture", ["docker-ce", "debian", "docker-v29"])
def test_places_are_those_of_the_source(fixture: str) -> None:
    root = {"docker-ce": "components/engine/", "debian": "engine/"}.get(fixture, "daemon/")
    for road in found(fixture).values():
        for site in road.sites:
            assert site.path.startswith(root)
            line = _fixture(fixture)[site.path].decode().split("\n")[site.line - 1]
            assert re.match(r"[A-Za-z]\w+\(", line[site.column - 1 :])


# What they have not ---------------------------------------------------------------------------

CONTROLLER = "package buildkit\n\nfunc newController() {}\n"
OWN_LOOP = "package distribution\n\nfunc Pull() { rs.LookupPullEndpoints(name) }\n"
PLUGIN = "package plugin\n\nfunc (pm *Manager) Pull() { distribution.Pull() }\n"
OLD_PULL = "package graph\n\nfunc (s *TagStore) CmdPull() { repoInfo.GetEndpoint() }\n"
OLD_SEARCH = "package registry\n\nfunc (s *Service) Search() { repoInfo.GetEndpoint(nil) }\n"
RESOLVER = """package containerd

func (i *Service) PullImage() { newResolverFromAuthConfig() }

func newResolverFromAuthConfig() { own() }
"""
NEXT = "builder/builder-next/controller.go"
UNKNOWN = "in a form that no edit"
LISTED = "a listed one is not asked over plain HTTP either"


@pytest.mark.parametrize(
    ("fixture", "more", "road", "outcome", "said"),
    [
        pytest.param("v17.12.1-ce", {NEXT: CONTROLLER}, "buildkit", "missed", LISTED, id="buildkit-without-hosts"),
        pytest.param("v20.10.27", {NEXT: None}, "buildkit", "absent", "has no BuildKit", id="hosts-without-buildkit"),
        pytest.param("v17.12.1-ce", {NEXT: "package buildkit\n\n// func newController()\nvar x = `newController`\n"}, "buildkit", "absent", "no BuildKit", id="only-spoken-of"),
        pytest.param("v17.12.1-ce", {NEXT: "package buildkit\n\nvar x = newController()\n"}, "buildkit", "absent", "no BuildKit", id="only-called"),
        pytest.param("v17.12.1-ce", {"builder/builder-next/controller_test.go": CONTROLLER}, "buildkit", "absent", "no BuildKit", id="only-in-a-test"),
        pytest.param("v17.12.1-ce", {f"vendor/x/{NEXT}": CONTROLLER}, "buildkit", "absent", "no BuildKit", id="only-vendored"),
        pytest.param("docker-ce", {f"components/cli/{NEXT}": CONTROLLER}, "buildkit", "absent", "no BuildKit", id="not-the-engine's"),
        pytest.param("docker-ce", {f"components/engine/{NEXT}": CONTROLLER}, "buildkit", "missed", LISTED, id="the-engine's"),
        pytest.param("v1.12.6", {"plugin/backend.go": PLUGIN, "plugin/distribution/pull.go": OWN_LOOP}, "plugin", "missed", "gives up with the first address", id="plugins-with-a-loop"),
        pytest.param("v1.13.1", {"plugin/distribution/pull.go": OWN_LOOP}, "plugin", "missed", "gives up with the first address", id="that-loop-goes-first"),
        pytest.param("v1.12.6", {"plugin/backend.go": PLUGIN}, "plugin", "reached", "", id="plugins-like-images"),
        pytest.param("v1.12.6", {"plugin/backend.go": PLUGIN.replace("distribution.Pull", "own")}, "plugin", "missed", UNKNOWN, id="plugins-of-another-form"),
        pytest.param("v17.12.1-ce", {"builder/builder-next/ctl.go": CONTROLLER}, "buildkit", "missed", LISTED, id="in-another-file"),
        pytest.param("v17.12.1-ce", {"builder/next/controller.go": CONTROLLER}, "buildkit", "absent", "no BuildKit", id="in-another-package"),
        pytest.param("v1.13.1", {"plugin/backend_linux.go": None}, "plugin", "absent", "no plugins", id="no-plugins"),
        pytest.param("v1.7.1", {"graph/pull.go": OLD_PULL}, "pull", "reached", "", id="pull-that-pings"),
        pytest.param("v1.7.1", {"graph/pull.go": OLD_PULL.replace("repoInfo.GetEndpoint", "s.first") + "\nfunc (s *TagStore) first() { repoInfo.GetEndpoint() }\n"}, "pull", "reached", "", id="through-another-function"),
        pytest.param("v1.7.1", {"graph/pull.go": OLD_PULL.replace("repoInfo.GetEndpoint", "s.first") + "\nfunc (s *TagStore) other() { repoInfo.GetEndpoint() }\n"}, "pull", "missed", UNKNOWN, id="in-a-function-that-is-not-called"),
        pytest.param("v1.7.1", {"graph/pull.go": OLD_PULL.replace("Get", "Own")}, "pull", "missed", UNKNOWN, id="pull-of-another-form"),
        pytest.param("v28.5.2", {"daemon/containerd/resolver.go": RESOLVER}, "containerd-store", "missed", UNKNOWN, id="store-of-another-form"),
        pytest.param("v28.5.2", {"daemon/containerd/resolver.go": RESOLVER.replace("own", "docker.ConfigureDefaultRegistries")}, "containerd-store", "missed", "a listed registry is not asked", id="store-with-hosts-of-its-own"),
        pytest.param("v1.12.6", {"daemon/reload.go": "package daemon\n\nfunc ReplaceConfig() {}\n"}, "reload", "absent", "not change the list", id="reload-of-something-else"),
    ],
)  # fmt: skip
def test_what_a_source_has(
    fixture: str, more: dict[str, str | None], road: str, outcome: str, said: str
) -> None:
    there = found(fixture, more)[road]
    assert there.outcome == outcome
    assert said in there.reason


def test_a_search_is_opened_by_the_ping_or_by_its_own_edit() -> None:
    service = _fixture("v1.7.1")["registry/service.go"].decode()
    more = {"registry/service.go": service + OLD_SEARCH.partition("\n")[2]}
    assert found("v1.7.1", more)["search"].edits == ("guard-v2",)
    assert found("v1.8.2")["search"].edits == ("https-watch", "search")


@pytest.mark.parametrize(
    ("fixture", "file", "other", "road"),
    [
        ("v20.10.27", "plugin/backend_linux.go", "plugin/fetch.go", "plugin"),
        ("v28.5.2", "daemon/containerd/resolver.go", "daemon/containerd/places.go", "containerd-store"),
        ("docker-v29", "daemon/pkg/registry/search.go", "daemon/pkg/registry/find.go", "search"),
    ],
)  # fmt: skip
def test_a_file_may_have_another_name(fixture: str, file: str, other: str, road: str) -> None:
    text = _fixture(fixture)[file].decode()
    renamed, stock = found(fixture, {file: None, other: text})[road], found(fixture)[road]
    assert renamed._replace(sites=()) == stock._replace(sites=())
    assert [site.path for site in renamed.sites] == [other]
    # Gone with its file, it is absent, or goes on in a form that is not known.
    assert found(fixture, {file: None})[road].outcome != "reached"


class Unreadable(Tree):
    """A source of which one file cannot be read."""

    def read(self, path: str) -> bytes:
        if path == NEXT:
            raise SourceError("object is missing", path=path)
        return super().read(path)


def test_what_cannot_be_read_is_not_said_to_be_reached() -> None:
    source = Unreadable(_fixture("v20.10.27"))
    there = {road.name: road for road in roads(whole("v20.10.27", OPTION), source)}
    assert there["buildkit"].outcome == "missed"
    assert there["buildkit"].reason == f"{NEXT}: object is missing"
    assert there["login"].outcome == "reached"


# Selections, failures, and what is there already ---------------------------------------------


@pytest.mark.parametrize(
    ("without", "missed", "reason"),
    [
        ({"search"}, {"search"}, "`search` is left out"),
        ({"search", "https-watch"}, {"search"}, "`https-watch` and `search` are left out"),
        ({"hosts"}, {"buildkit", "containerd-store"}, "`hosts` is left out"),
        (
            {"http-fallback", "ask", "hosts"},
            {"buildkit", "containerd-store"},
            "`http-fallback`, `ask` and `hosts` are left out",
        ),
        ({"reload"}, {"reload"}, "`reload` is left out"),
        ({"man", "docs", "test", "warn"}, set(), ""),
    ],
)
def test_a_selection_opens_less(without: set[str], missed: set[str], reason: str) -> None:
    patch = PATCHES[OPTION]
    patch = patch._replace(edits=tuple(e for e in patch.edits if e.name not in without))
    port = work_out(patch, tree("v28.5.2"))
    there = roads(port, tree("v28.5.2"))
    assert {road.name for road in there if road.outcome == "missed"} == missed
    assert {road.reason for road in there if road.name in missed} == ({reason} if missed else set())
    assert all(road.edits == () for road in there if road.name in missed)


@pytest.mark.parametrize("fixture", ["v1.8.3", "v20.10.27", "docker-ce", "docker-v29"])
def test_a_patched_source_is_reached_already(fixture: str) -> None:
    source = patched(_fixture(fixture), whole(fixture, OPTION))
    again = work_out(PATCHES[OPTION], source)
    assert again.status == "already"
    for road in roads(again, source):
        assert (road.name, road.outcome) == (road.name, found(fixture)[road.name].outcome)


def test_where_an_edit_fails_nothing_is_reached() -> None:
    content = dict(_fixture("v20.10.27"))
    content["registry/service_v2.go"] = b"package registry\n"
    port = work_out(PATCHES[OPTION], Tree(content))
    there = {road.name: road for road in roads(port, Tree(content))}
    assert there["pull"].reason == "`guard-v2` failed"
    assert there["buildkit"].reason == "nothing is written, for `guard-v2` failed"
    assert {road.outcome for road in there.values()} == {"missed", "absent"}


def test_an_edit_with_nothing_to_do_opens_nothing() -> None:
    patch = PATCHES[OPTION]
    (login,) = (road for road in patch.roads if road.name == "login")
    way = login.ways[0]._replace(marks=(), edits=("guard-v1",))
    port = whole("v28.5.2", OPTION)
    port = port._replace(patch=patch._replace(roads=(login._replace(ways=(way,)),)))
    (road,) = roads(port, tree("v28.5.2"))
    assert road.outcome == "missed"
    assert road.reason.startswith("`guard-v1` has nothing to do here: nothing declares")


# Where they are shown -------------------------------------------------------------------------


def test_check_shows_them(tree: Path, capsys: Cap) -> None:
    (tree / "daemon/containerd").mkdir()
    (tree / "daemon/containerd/resolver.go").write_text(RESOLVER)
    assert run("check", "--docker-src", tree) == 0
    edits, _, table = capsys.readouterr().out.partition("\n\n")
    assert edits.startswith("  edit ")
    lines = {line[2:].split()[0]: line for line in table.splitlines()}
    assert list(lines) == ["road", *NAMES]
    assert re.match(r"\+ login +reached +guard-v2 +registry/service.go:\d+$", lines["login"])
    assert re.match(
        r"! containerd-store +missed +daemon/containerd/res\S+:3: this source",
        lines["containerd-store"],
    )
    assert run("check", "--docker-src", tree, "--json") == 0
    rows = {row["road"]: row for row in json.loads(capsys.readouterr().out)["roads"]}
    assert list(rows) == NAMES
    assert rows["buildkit"]["edits"] == ["http-fallback", "ask", "hosts"]
    assert rows["containerd-store"]["sites"] == [
        {"path": "daemon/containerd/resolver.go", "line": 3, "column": 19}
    ]


def test_a_part_of_the_patch_names_what_it_leaves_out(tree: Path, capsys: Cap) -> None:
    assert run("check", "--docker-src", tree, "--only", "core", "--json") == 0
    out = json.loads(capsys.readouterr().out)
    missed = {row["road"]: row["reason"] for row in out["roads"] if row["outcome"] == "missed"}
    assert set(missed) == {"search", "buildkit", "reload"}
    assert missed["search"] == "`https-watch` and `search` are left out"
    assert run("check", "--docker-src", tree, "--without", "papers", "--json") == 0
    out = json.loads(capsys.readouterr().out)
    assert not [row for row in out["roads"] if row["outcome"] == "missed"]


def test_a_patch_without_roads_shows_none(tree: Path, capsys: Cap) -> None:
    for more in ((), ("--json",), ("--sarif",)):
        assert run("check", "--docker-src", tree, "--patch", "always-http", *more) == 0
        out = capsys.readouterr().out
        assert "road" not in (out if not more else json.dumps(json.loads(out).get("roads", "")))
    assert run("apply", "--docker-src", tree, "--patch", "always-http", "--format", "html") == 0
    assert "<h2 id=roads>" not in capsys.readouterr().out


def test_a_port_from_the_cache_has_the_same(
    tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Cap
) -> None:
    monkeypatch.delenv("GOPATCH_NO_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    said = []
    for _ in range(2):
        assert run("check", "--docker-src", tree) == 0
        said.append(capsys.readouterr().out)
    assert list((tmp_path / "cache").rglob("ports/*"))
    assert said[0] == said[1]
    # What the port never read may change, and the road with it.
    (tree / NEXT).unlink()
    assert run("check", "--docker-src", tree) == 0
    assert "this source has no BuildKit" in capsys.readouterr().out


def test_the_page_leads_from_an_edit_to_its_roads(tree: Path, capsys: Cap) -> None:
    assert run("apply", "--docker-src", tree, "--format", "html") == 0
    page = capsys.readouterr().out
    assert '<dt>opens<dd><a href="#road-buildkit">buildkit</a>\n' in page
    assert '<span id="road-buildkit">buildkit</span><td>docker build with BuildKit' in page
    assert '<a href="#edit-hosts">hosts</a><td>' in page
    assert page.count("<dt>opens") == len({"guard-v2", "https-watch", "search", "http-fallback", "ask", "hosts", "reload"})  # fmt: skip


def test_a_missed_road_is_a_note_for_reviewers(tree: Path, capsys: Cap) -> None:
    (tree / "daemon/containerd").mkdir()
    (tree / "daemon/containerd/resolver.go").write_text(RESOLVER)
    assert run("check", "--docker-src", tree, "--sarif") == 0
    results = json.loads(capsys.readouterr().out)["runs"][0]["results"]
    (note,) = [result for result in results if result["level"] != "none"]
    assert (note["level"], note["kind"]) == ("note", "fail")
    assert note["ruleId"] == f"{OPTION}/road/containerd-store"
    place = note["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "daemon/containerd/resolver.go"
    assert place["region"] == {"startLine": 3, "startColumn": 19}


def test_a_report_names_the_refs_that_miss_one(repository: Path, git: Git, tmp_path: Path) -> None:
    (repository / "daemon/containerd").mkdir()
    (repository / "daemon/containerd/resolver.go").write_text(RESOLVER)
    git(repository, "add", "-A")
    git(repository, "commit", "-q", "-m", "a store of its own")
    git(repository, "tag", "v20.11")
    report = run_into(Run(repository, OPTION, ["v20.*"], tmp_path / "out"))
    first, last = report["refs"]
    assert first["sha256"] == last["sha256"]
    assert [road["outcome"] for road in first["roads"] if road["road"] == "containerd-store"] == [
        "absent"
    ]
    assert [road["outcome"] for road in last["roads"] if road["road"] == "containerd-store"] == [
        "missed"
    ]
    page = (tmp_path / "out/report.html").read_text()
    assert "<h2 id=roads>" in page
    assert re.search(
        r"<dt>containerd-store, 1 ref<dd>this source has the road [^<]*: <span class=refs>v20\.11</span>\n",
        page,
    )
    report = run_into(Run(repository, OPTION, ["v20.10*"], tmp_path / "other"))
    assert "<h2 id=roads>" not in (tmp_path / "other/report.html").read_text()


# In a patch.toml ------------------------------------------------------------------------------

GOOD = """\
[[road]]
name = "shop"
title = "whoever shops"
files = "daemon/*.go"
anchor = "Example"

[[road.way]]
when = [{ files = ["daemon/*.go"], anchor = "start", calls = ["Example"] }]
edits = ["example"]
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    assert run("new", "quiet-daemon") == 0
    file = tmp_path / "quiet-daemon/patch.toml"
    file.write_text(file.read_text() + "\n" + GOOD)
    return tmp_path / "quiet-daemon"


def change(folder: Path, old: str, new: str) -> None:
    file = folder / "patch.toml"
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


def test_a_patch_has_roads_of_its_own(folder: Path) -> None:
    assert lint(str(folder)) == []
    patch = load(str(folder))
    go = b'package daemon\n\nfunc start() error {\n\treturn Example("start")\n}\n'
    content = {**_fixture("v20.10.27"), "daemon/start.go": go}
    port = work_out(patch, Tree(content))
    assert port.status == "applied"
    (road,) = roads(port, Tree(content))
    # Only called, and declared nowhere.
    assert (road.outcome, road.reason) == ("absent", "nothing declares `Example` here")
    content["daemon/example.go"] = (
        b"package daemon\n\nfunc Example(word string) error { return nil }\n"
    )
    (road,) = roads(work_out(patch, Tree(content)), Tree(content))
    assert (road.outcome, road.edits) == ("reached", ("example",))
    content["daemon/start.go"] = go + b"\nfunc other() {}\n"
    content["daemon/start.go"] = content["daemon/start.go"].replace(b"func start", b"func begin")
    (road,) = roads(work_out(patch, Tree(content)), Tree(content))
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
        ('files = ["daemon/*.go"], anchor = "start"', 'anchor = "start"', "`files` is missing", "add"),
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
