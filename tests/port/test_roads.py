"""Roads: which of them a source has, which the port opens, and what is refused in a patch.toml."""

from __future__ import annotations

import re

import pytest

from gopatch.model import read_traits
from gopatch.port.roads import roads
from gopatch.port.work import work_out
from gopatch.source.memory import FilesInMemory
from tests.drawing import few
from tests.patches.world import (
    ABSENT,
    OPTION,
    PATCHES,
    _fixture,
    patched,
    tree,
    whole,
)
from tests.port.roads_world import (
    CONTROLLER,
    LISTED,
    MODELLED,
    NAMES,
    NEXT,
    OLD_PULL,
    OLD_SEARCH,
    OWN_LOOP,
    PLUGIN,
    REACHED,
    RESOLVER,
    UNKNOWN,
    Unreadable,
    found,
)


@pytest.mark.parametrize("fixture", few(MODELLED))
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


@pytest.mark.parametrize("fixture", few(ABSENT))
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


@pytest.mark.parametrize("fixture", few(["v1.8.3", "v20.10.27", "docker-ce", "docker-v29"]))
def test_a_patched_source_is_reached_already(fixture: str) -> None:
    source = patched(_fixture(fixture), whole(fixture, OPTION))
    again = work_out(PATCHES[OPTION], source)
    assert again.status == "already"
    for road in roads(again, source):
        assert (road.name, road.outcome) == (road.name, found(fixture)[road.name].outcome)


def test_where_an_edit_fails_nothing_is_reached() -> None:
    content = dict(_fixture("v20.10.27"))
    content["registry/service_v2.go"] = b"package registry\n"
    port = work_out(PATCHES[OPTION], FilesInMemory(content))
    there = {road.name: road for road in roads(port, FilesInMemory(content))}
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
