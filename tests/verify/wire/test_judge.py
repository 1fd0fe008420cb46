"""The parts of the judge `wire` that need neither root nor a daemon."""

from __future__ import annotations

from pathlib import Path

import pytest

from gopatch.cli.main import main
from gopatch.errors import UsageError
from gopatch.port.work import Outcome, work_out
from gopatch.recipe.read import load
from gopatch.source import open_source
from gopatch.verify import wire
from gopatch.verify._wire import required
from gopatch.verify._wire.building import daemons
from tests.conftest import FIXTURES
from tests.verify.wire.parts_world import TREE, quiet


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"dockerd": "/bin/true"}, "go together"),
        ({"dockerd_patched": "/bin/true"}, "go together"),
        ({"dockerd": "/nowhere", "dockerd_patched": "/bin/true"}, "/nowhere is no program"),
        ({"dockerd": "/etc/passwd", "dockerd_patched": "/bin/true"}, "is no program"),
    ],
)
def test_daemons_that_are_given_must_be_there(given: dict[str, object], words: str) -> None:
    source = open_source(TREE)
    port = work_out(load("accept-insecure-registry"), source)
    with pytest.raises(UsageError, match=words), daemons(port, source, given, quiet):
        pass


def test_given_daemons_are_taken_as_they_are() -> None:
    source = open_source(TREE)
    port = work_out(load("accept-insecure-registry"), source)
    given = {"dockerd": "/bin/true", "dockerd_patched": "/bin/false"}
    with daemons(port, source, given, quiet) as made:
        assert made[:2] == ("/bin/true", "/bin/false")


def test_a_patched_source_has_no_stock_daemon(tree: Path) -> None:
    assert main(["apply", "--docker-src", str(tree), "--in-place"]) == 0
    source = open_source(tree)
    port = work_out(load("accept-insecure-registry"), source)
    with pytest.raises(UsageError, match="no stock daemon"), daemons(port, source, {}, quiet):
        pass


def test_claims_are_the_edits_that_are_there() -> None:
    source = open_source(TREE)
    port = work_out(load("accept-insecure-registry"), source)
    found = wire.claims(port, source)
    assert found.reaches("login", "graph")
    assert "man" not in found.edits


def test_of_somebody_elses_patch_only_what_is_found_is_claimed() -> None:
    source = open_source(TREE)
    port = work_out(load("accept-insecure-registry"), source)
    kept = tuple(change for change in port.changes if not change.path.startswith("daemon/"))
    given = Outcome("given", "applied")
    found = wire.claims(port._replace(outcomes=(given,), changes=kept), source)
    assert found.foreign
    assert found.rails
    assert "guard-v2" in found.edits
    assert "reload" not in found.edits


def test_without_root_or_programs_nothing_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(required, "_path", lambda: str(tmp_path))
    assert main(["verify", "--docker-src", TREE, "--by", "wire"]) == 2
    assert "apt-get install docker-registry" in capsys.readouterr().err


def test_a_source_without_lookups_is_not_judged(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(required, "demand", lambda _: "docker")
    tree = str(FIXTURES / "v1.7.1")
    assert main(["verify", "--docker-src", tree, "--by", "wire"]) == 1
    said = capsys.readouterr().out
    assert "wire: inconclusive" in said
    assert "no lookupV2Endpoints" in said


@pytest.mark.parametrize("limit", ["0", "-1", "soon"])
def test_a_time_limit_is_a_number(limit: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["verify", "--docker-src", TREE, "--by", "wire", "--time-limit", limit])
    assert caught.value.code == 2
    capsys.readouterr()
