"""Whole or refused: a road that is opened has its rail, or somebody has accepted that it has none."""

from __future__ import annotations

from pathlib import Path

import pytest

from gopatch.authoring.txtar import read_txtar
from gopatch.port.outcome import Port
from gopatch.port.work import work_out
from gopatch.recipe.read import load
from gopatch.recipe.selection import asked, select
from gopatch.recipe.values import Patch
from gopatch.source.memory import FilesInMemory
from gopatch.source.roots import Roots
from tests.cli.running import run

Cap = pytest.CaptureFixture[str]
Files = dict[str, str]

PATCH = """\
-- patch.toml --
title = "Try HTTP, too"

[[edit]]
name = "open"
files = ["registry/lookup.go"]
variants = ["open.patch"]

[[edit]]
name = "rail"
group = "rails"
files = ["distribution/pull.go"]
anchor = "Pull"
guards = ["Lookup"]
variants = ["rail.patch"]

[[handout]]
names = ["Lookup"]
opened = "open"
guards = "Skips"

[[handout]]
names = ["Hosts"]
opened = "open"

[[road]]
name = "pull"
title = "docker pull"
rail = "rail"
callers = ["distribution/pull*.go"]
files = ["distribution/pull.go"]
anchor = "Pull"

[[road.way]]
edits = ["open"]

[[road]]
name = "build"
title = "docker build"
callers = ["build/*.go"]
files = ["build/build.go"]
anchor = "Build"

[[road.way]]
when = [{ files = ["build/build.go"], anchor = "Old", calls = "Lookup" }]
closed = "it gives up with the first address"

[[road.way]]
edits = ["open"]
-- open.patch --
@@
@@
 func Lookup(...) ... {
-  return all(https)
+  return all(https, http)
 }
-- rail.patch --
@@
var e identifier
@@
 for _, e := range Lookup(n) {
+  if Skips(e) {
+    continue
+  }
   ...
 }
"""
LOOKUP, PULL, OWN = "registry/lookup.go", "distribution/pull.go", "own/sync.go"
STOCK = {
    LOOKUP: "package registry\n\nfunc Lookup(n string) []E {\n\treturn all(https)\n}\n",
    PULL: "package distribution\n\nfunc Pull(n string) {\n\tfor _, e := range Lookup(n) {\n\t\task(e)\n\t}\n}\n",
}
LOOP = STOCK[PULL].replace("distribution", "own").replace("Pull", "Sync")
SAFE = LOOP.replace("\t\task(e)", "\t\tif Skips(e) {\n\t\t\tcontinue\n\t\t}\n\t\task(e)")
WRAP = STOCK[LOOKUP].replace("Lookup", "Wrapped").replace("all(https)", "Lookup(n)")
USE = 'package own\n\nimport "d/registry"\n\nfunc Sync(n string) {\n\tfor _, e := range registry.Wrapped(n) {\n\t\task(e)\n\t}\n}\n'
METHOD = WRAP.replace("func Wrapped", "func (s *Service) Wrapped")
VALUE = "package own\n\ntype from interface{ Wrapped(n string) []E }\n\nfunc Sync(f from, n string) {\n\tfor _, e := range f.Wrapped(n) {\n\t\task(e)\n\t}\n}\n"
BROKEN = LOOP.replace("ask(e)", "<<<<<<< ours")
OLD = "package build\n\nfunc Build() {}\n\nfunc Old(n string) {\n\task(Lookup(n)[0])\n}\n"
UNKNOWN = "a road that no edit of the patch knows"


def written(folder: Path) -> Patch:
    """The patch of these tests."""
    for name, data in read_txtar(PATCH.encode())[1].items():
        (folder / name).write_bytes(data)
    return load(str(folder))


@pytest.fixture(scope="module")
def patch(tmp_path_factory: pytest.TempPathFactory) -> Patch:
    return written(tmp_path_factory.mktemp("whole"))


def ported(patch: Patch, more: Files, **parts: list[str]) -> Port:
    """The port of the stock source with more files, or others."""
    files = {path: text.encode() for path, text in {**STOCK, **more}.items()}
    return work_out(select(patch, asked(**parts)), FilesInMemory(files), roots=Roots("", None))


def roads(port: Port) -> dict[str, str]:
    return {road.name: road.outcome for road in port.roads}


# Made -----------------------------------------------------------------------------------------

MADE = {
    "stock": {},
    "a loop of its own that is guarded": {OWN: SAFE},
    "a wrapper that nobody calls": {"registry/wrap.go": WRAP},
    "a wrapper whose caller is guarded": {
        "registry/wrap.go": WRAP,
        OWN: USE.replace("ask(e)", "if Skips(e) {\n\t\t\tcontinue\n\t\t}"),
    },
    "vendored": {"vendor/x/sync.go": LOOP},
    "of a third party": {"third_party/x/sync.go": LOOP},
    "vendored and broken": {"vendor/x/sync.go": BROKEN},
    "a program inside the engine": {
        "cli/sync.go": LOOP,
        "cli/vendor/x.go": "package x\n",
        "cli/vendor.conf": "x v1\n",
    },
    "what quilt keeps": {f".pc/x/{PULL}": LOOP, ".pc/x/own/new.go": ""},
    "only tests": {"own/sync_test.go": LOOP},
    "data of tests": {"own/testdata/sync.go": BROKEN},
    "no Go": {"own/sync.txt": LOOP},
    "what Go does not read": {"own/_sync.go": LOOP, "distribution/._pull.go": "\0Lookup {"},
    "broken, and of something else": {OWN: BROKEN.replace("Lookup", "Ask")},
    "a road that is closed": {"build/build.go": OLD},
    "hosts where a road knows them": {"build/build.go": "package build\n\nvar x = Hosts\n"},
}


@pytest.mark.parametrize("more", MADE.values(), ids=MADE)
def test_a_port_that_has_all_rails_is_made(patch: Patch, more: Files) -> None:
    port = ported(patch, more)
    assert [change.path for change in port.changes] == [PULL, LOOKUP]
    assert roads(port)["pull"] == "reached"
    assert not port.patch.warnings


def test_without_what_opens_a_road_nothing_is_missed(patch: Patch) -> None:
    """The source's own loops are its own affair while no edit opens anything."""
    part = patch._replace(edits=patch.edits[1:], roads=(), handouts=())
    port = work_out(
        part, FilesInMemory({OWN: LOOP.encode(), PULL: STOCK[PULL].encode()}), roots=Roots("", None)
    )
    assert not port.failed


# Refused --------------------------------------------------------------------------------------

REFUSED: dict[str, tuple[Files, str, str]] = {
    "a caller that no road knows": ({OWN: LOOP}, f"{OWN}:4:20: `Sync` uses what `Lookup` gives, {UNKNOWN}", "--leave Sync"),
    "in a file beside a known one": ({"distribution/push.go": LOOP}, f"distribution/push.go:4:20: `Sync` uses what `Lookup` gives, {UNKNOWN}", "--leave Sync"),
    "a known caller without its rail": ({"distribution/pull_v1.go": LOOP}, "distribution/pull_v1.go:4:20: `Sync` uses what `Lookup` gives, and the road `pull` would be opened without its rail `rail`", "--leave pull"),
    "a wrapped lookup": ({"registry/wrap.go": WRAP, OWN: USE}, f"{OWN}:6:29: `Sync` uses what `Wrapped` gives, {UNKNOWN}", "--leave Sync"),
    "a wrapped lookup of its own package": ({"own/wrap.go": WRAP.replace("Wrapped", "wrapped").replace("registry", "own"), OWN: USE.replace("registry.Wrapped", "wrapped")}, f"{OWN}:6:20: `Sync` uses what `wrapped` gives, {UNKNOWN}", "--leave Sync"),
    "a wrapped lookup by an interface": ({"registry/wrap.go": METHOD, OWN: VALUE}, f"{OWN}:6:22: `Sync` uses what `Wrapped` gives, {UNKNOWN}", "--leave Sync"),
    "beside a vendor folder that lists nothing": ({OWN: LOOP, "own/vendor/x/x.go": "package x\n"}, f"{OWN}:4:20: `Sync` uses what `Lookup` gives, {UNKNOWN}", "--leave Sync"),
    "a road that has no rail": ({"build/build.go": OLD.replace("Old", "New")}, "build/build.go:6:6: `New` uses what `Lookup` gives", "--leave build"),
    "a closed road that goes on": ({"build/build.go": OLD.replace("(Lookup(n)[0])", "(Lookup(n))")}, "build/build.go:6:6: `Old` uses what `Lookup` gives", "--leave build"),
    "hosts that no road knows": ({OWN: "package own\n\nfunc Sync() { ask(Hosts) }\n"}, f"{OWN}:3:19: `Sync` uses what `Hosts` gives, {UNKNOWN}", "--leave Sync"),
    "outside of a function": ({OWN: "package own\n\nvar look = Lookup\n"}, f"{OWN}:3:12:", f"--leave {OWN}"),
    "a caller that does not parse": ({OWN: BROKEN}, f"{OWN}:5:3: the Go here does not parse, and the file speaks of `Lookup`", "mend that file first"),
    "cut off": ({OWN: SAFE[:-3]}, "the Go here does not parse", "mend that file first"),
    "cut off before any word": ({OWN: "package own\n\nfunc Sync() {\n"}, f"{OWN}:3:13: the Go here does not parse, and the file is cut off", "mend that file first"),
    "cut off in its license": ({OWN: "// Of a kind.\n"}, f"{OWN}:2:1: the Go here does not parse, and the file is cut off", "mend that file first"),
}  # fmt: skip


@pytest.mark.parametrize(("more", "reason", "hint"), REFUSED.values(), ids=REFUSED)
def test_what_has_no_rail_is_refused_with_its_place(
    patch: Patch, more: Files, reason: str, hint: str
) -> None:
    port = ported(patch, more)
    (failed,) = port.failed
    assert (failed.edit, port.changes) == ("open", ())
    assert reason in failed.reason
    assert hint in failed.hint
    assert failed.sites[0].path in more
    assert "reached" not in roads(port).values()


def test_all_places_are_named_at_once(patch: Patch) -> None:
    (failed,) = ported(patch, {OWN: LOOP, "own/two.go": LOOP.replace("Sync", "Two")}).failed
    assert [site.path for site in failed.sites] == [OWN, "own/two.go"]
    assert failed.hint.startswith("`--leave Sync,Two` ")


# Accepted by name -----------------------------------------------------------------------------


def test_a_road_that_is_left_is_said_to_be(patch: Patch) -> None:
    port = ported(patch, {OWN: LOOP}, leave=["Sync"])
    assert [change.path for change in port.changes] == [PULL, LOOKUP]
    (road,) = (road for road in port.roads if road.name == "Sync")
    assert (road.outcome, road.reason) == ("reached", "no rail guards it: accepted by --leave")
    assert [site.path for site in road.sites] == [OWN]
    assert "The road Sync is left without a rail (--leave Sync)" in port.patch.security


def test_a_known_road_may_be_left(patch: Patch) -> None:
    port = ported(patch, {"distribution/pull_v1.go": LOOP}, leave=["pull"])
    assert port.changes
    assert "--leave pull" in port.patch.security
    (road,) = (road for road in port.roads if road.name == "pull")
    assert (road.outcome, road.reason) == ("reached", "no rail guards it: accepted by --leave")
    assert "distribution/pull_v1.go" in [site.path for site in road.sites]
    assert "the road pull is opened: no rail guards it: accepted by --leave" in port.warnings


@pytest.mark.parametrize(
    ("more", "leave"),
    [
        ({OWN: LOOP}, ["Other"]),
        ({OWN: LOOP}, ["pull"]),
        ({OWN: LOOP, "own/two.go": LOOP.replace("Sync", "Two")}, ["Sync"]),
        ({"distribution/pull_v1.go": LOOP}, ["Sync"]),
        ({OWN: BROKEN}, ["Sync", OWN]),
        ({PULL: STOCK[PULL][:-3]}, ["pull"]),
    ],
)
def test_to_leave_another_road_is_not_enough(patch: Patch, more: Files, leave: list[str]) -> None:
    port = ported(patch, more, leave=leave)
    assert port.failed
    assert not port.changes


def test_without_rails_nothing_is_missed_but_what_does_not_parse(patch: Patch) -> None:
    port = ported(patch, {OWN: LOOP}, without=["rails"])
    assert [change.path for change in port.changes] == [LOOKUP]
    port = ported(patch, {OWN: BROKEN}, without=["rails"])
    assert [outcome.edit for outcome in port.failed] == ["open"]


# On the command line --------------------------------------------------------------------------

SYNC = """package own

import "github.com/docker/docker/registry"

func Sync(s registry.Service) {
	for _, e := range s.LookupPullEndpoints("h") {
		ask(e)
	}
}
"""


@pytest.mark.parametrize(
    ("options", "status", "said"),
    [
        ([], 1, "own/sync.go:6:22: `Sync` uses what `LookupPullEndpoints` gives"),
        (["--leave", "Syn"], 1, "`--leave Sync` accepts plain HTTP there"),
        (
            ["--leave", "Sync,Syn"],
            2,
            "--leave Syn: nothing of that name is opened without a rail here",
        ),
        (["--leave", "Sync"], 0, "warning: the road Sync is opened: no rail guards it"),
        (["--without", "rails"], 0, "warning: Without the no-downgrade edits"),
    ],
)
def test_apply_says_what_is_left(
    tree: Path, capsys: Cap, options: list[str], status: int, said: str
) -> None:
    (tree / "own").mkdir()
    (tree / "own/sync.go").write_text(SYNC)
    assert run("apply", "--docker-src", tree, "--format", "mailbox", *options) == status
    out, err = capsys.readouterr()
    assert said in err
    assert bool(out) == (status == 0)
    left = options == ["--leave", "Sync"]
    assert ("The road Sync is left without a rail" in " ".join(out.split())) == left
    assert ("The road Sync is left without a rail" in err) == left
