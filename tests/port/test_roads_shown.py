"""Roads: which of them a source has, which the port opens, and what is refused in a patch.toml."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from gopatch.fleet.run import Run, run_into
from tests.cli.running import run
from tests.conftest import Git
from tests.patches.world import (
    OPTION,
)
from tests.port.roads_world import (
    NAMES,
    NEXT,
    RESOLVER,
    Cap,
)


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
        r"<dt>containerd-store, 1 ref<dd>this source has the road [^<]*: <span class=refs><span>v20\.11</span></span>\n",
        page,
    )
    report = run_into(Run(repository, OPTION, ["v20.10*"], tmp_path / "other"))
    assert "<h2 id=roads>" not in (tmp_path / "other/report.html").read_text()


def test_apply_says_which_road_stays_closed(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No edit opens it, so none has to guard it: the port is made, and the road is told."""
    resolver = "package containerd\n\nfunc (i *Service) PullImage() { newResolver() }\n\nfunc newResolver() { own() }\n"
    (tree / "daemon/containerd").mkdir()
    (tree / "daemon/containerd/resolver.go").write_text(
        resolver.replace("newResolver", "newResolverFromAuthConfig")
    )
    assert run("apply", "--docker-src", tree) == 0
    assert "warning: the road containerd-store stays closed:" in capsys.readouterr().err
