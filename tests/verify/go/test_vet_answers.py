"""What vet says of both sides, beside a cache in which a run that was killed has left half an answer."""

from __future__ import annotations

import fcntl
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from gopatch.verify._go import checks
from gopatch.verify._go.toolchain import Go, Ran
from gopatch.verify._go.two_sides import GoWork, Report
from gopatch.verify._go.vet_answers import once
from gopatch.verify._go.workspace import Workspace, overlay

# A Go whose vet keeps what it has said in a cache, by flags and overlay, and looks there first.
FAKE = """#!{python}
import os, signal, sys
side = sys.argv[sys.argv.index("-overlay") + 1]
flags = next(a for a in sys.argv if a.startswith("-printf"))
kept = os.path.join(os.environ["GOCACHE"], flags + os.path.basename(os.path.dirname(side)))
if os.path.exists(os.path.join(os.environ["GOCACHE"], "dies")):
    open(kept, "w").close()
    os.kill(os.getpid(), signal.SIGKILL)
if not os.path.exists(kept):
    with open(kept, "w") as file:
        file.write("registry/config.go:7:2: unreachable code\\n")
        if os.path.exists(os.path.join(os.environ["GOCACHE"], "worse")) and "port" in side:
            file.write("registry/service.go:9:2: self-assignment\\n")
with open(kept) as file:
    said = file.read()
sys.stderr.write(said)
sys.exit(1 if said else 0)
"""


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    go = tmp_path / "go"
    go.write_text(FAKE.format(python=sys.executable))
    go.chmod(0o755)
    (tmp_path / "cache").mkdir()
    env = {"GOCACHE": str(tmp_path / "cache")}
    made = Go(str(go), "gofmt", (1, 27, 3))
    return Workspace(made, tmp_path, tmp_path, "", "a.test", env, (), {}, "")


def vetted(space: Workspace) -> Report:
    report = Report()
    sides = {side: overlay(space, side, {}) for side in ("original", "port")}
    work: Any = SimpleNamespace(space=space, report=report)
    checks._vet(cast(GoWork, work), sides, ["registry"], {"registry": False})
    return report


def cached(space: Workspace) -> Path:
    return Path(space.env["GOCACHE"])


def status(report: Report) -> str:
    (case,) = report.cases
    return case.status


def test_what_the_original_has_too_is_no_new_finding(space: Workspace) -> None:
    assert "vet: no new findings, 1 that the original has too" in vetted(space).summary


def test_a_silence_in_the_cache_is_not_the_ports_fault(space: Workspace) -> None:
    vetted(space)
    (cached(space) / "-printf.funcs=gopatch0original").write_text("")
    report = vetted(space)
    assert status(report) == "pass"
    assert "vet: no new findings, 1 that the original has too" in report.summary


def test_what_is_new_is_new_however_it_is_asked(space: Workspace) -> None:
    (cached(space) / "worse").touch()
    report = vetted(space)
    assert status(report) == "fail"
    assert [str(one) for one in report.fresh] == ["service.go:9: self-assignment"]


def test_a_vet_that_is_killed_decides_nothing_and_hides_nothing_from_the_next(
    space: Workspace,
) -> None:
    (cached(space) / "worse").touch()
    (cached(space) / "dies").touch()
    report = vetted(space)
    assert status(report) == "inconclusive"
    (cached(space) / "dies").unlink()
    # The silence that it has left would have passed the port.
    assert status(vetted(space)) == "fail"


def _asked(cache: Path, code: int = 0, *, anew: bool = False) -> str:
    return once(
        cache, lambda flag: Ran(code, flag.removeprefix("-printf.funcs="), ""), anew=anew
    ).out


def test_who_was_answered_lets_others_ask_the_same(tmp_path: Path) -> None:
    assert [_asked(tmp_path) for _ in range(3)] == ["gopatch0"] * 3
    assert _asked(tmp_path, anew=True) == "gopatch1"
    assert _asked(tmp_path) == "gopatch0"


def test_what_was_cut_short_is_never_asked_again(tmp_path: Path) -> None:
    def cut(_: str) -> Ran:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        once(tmp_path, cut)
    assert _asked(tmp_path) == "gopatch1"
    assert _asked(tmp_path, -9) == "gopatch1"
    assert _asked(tmp_path) == "gopatch2"


def test_two_at_once_ask_by_two(tmp_path: Path) -> None:
    _asked(tmp_path)
    with (tmp_path / "gopatch-vet" / "0").open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert _asked(tmp_path) == "gopatch1"
    assert _asked(tmp_path) == "gopatch0"


def test_a_file_that_was_written_half_is_written_again(space: Workspace) -> None:
    overlay(space, "port", {"a.go": b"package a\n"})
    (file,) = (space.work / "overlay" / "port").glob("*-a.go")
    file.write_bytes(b"pack")
    overlay(space, "port", {"a.go": b"package a\n"})
    assert file.read_bytes() == b"package a\n"
