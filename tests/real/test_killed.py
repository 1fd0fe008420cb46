"""A run over many refs, and the cache, killed before every call that changes a disk.

As tests/test_files.py does with the writer itself: what is left is whole, the next run sees to the rest,
and nothing stays beside it. What works a port out is done once, so that only the writing is cut short.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from gopatch.fleet.run import Run, run_into
from gopatch.port import cache
from gopatch.port.work import work_out
from gopatch.recipe.read import load
from gopatch.source import open_source
from tests.conftest import FIXTURES, Git, files
from tests.files_world import at_call, full_disk, kill

LAYOUT = FIXTURES / "v1.13.1"
Act = Callable[[], None]


def _each(act: Act, write: Callable[[Path], None], root: Path, judge: Callable[[], None]) -> int:
    """Each call in turn, from an empty folder, until a run meets none; how many there were."""
    met = root.with_name("met")

    def noted() -> None:
        met.touch()
        act()

    for number in range(1, 500):
        met.unlink(missing_ok=True)
        shutil.rmtree(root, ignore_errors=True)
        root.mkdir()
        at_call(number, noted, write, root)
        judge()
        if not met.exists():
            return number
    raise AssertionError("it never ends")


@pytest.mark.real
@pytest.mark.parametrize("act", [kill, full_disk])
def test_a_cache_is_whole_or_worked_out_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, act: Act
) -> None:
    monkeypatch.delenv("GOPATCH_NO_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    patch, source = load("accept-insecure-registry"), open_source(LAYOUT)
    port = work_out(patch, source)

    def ask(_: Path) -> None:
        assert cache.remembered(patch, source, ["x"], lambda _: port) == port

    def judge() -> None:
        ask(tmp_path)
        kept = list((tmp_path / "cache/gopatch/ports").iterdir())
        assert [path.name.startswith(".") for path in kept] == [False]
        known = cache.remembered(patch, source, ["x"], lambda _: pytest.fail("not kept"))
        assert known == port

    assert _each(act, ask, tmp_path / "cache", judge) > 5


@pytest.mark.real
@pytest.mark.parametrize("act", [kill, full_disk])
def test_a_run_over_refs_is_whole_or_gone_on_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, git: Git, act: Act
) -> None:
    monkeypatch.setenv("GOPATCH_NO_CACHE", "1")
    repository = Path(shutil.copytree(LAYOUT, tmp_path / "moby"))
    git(repository, "init", "-q", "-b", "main")
    for tag in ("v1", "v2", "v3"):
        (repository / "README.md").write_text("one\n" if tag != "v3" else "other\n")
        if tag == "v3":
            (repository / "registry/config.go").write_bytes(
                b"// more\n\n" + (repository / "registry/config.go").read_bytes()
            )
        git(repository, "add", "-A", "-f")
        git(repository, "commit", "-q", "--allow-empty", "-m", tag)
        git(repository, "tag", tag)

    def write(root: Path) -> None:
        run_into(Run(repository, "skip-verify", ["v*"], root))

    whole = tmp_path / "whole"
    write(whole)
    wanted = files(whole)
    assert {"v1.patch", "v2.patch", "v3.patch", "report.json", "report.html"} <= set(wanted)

    def judge() -> None:
        root = tmp_path / "out"
        for name, data in files(root).items():
            assert name.startswith(".") or data == wanted[name], name
        if (root / "report.json").exists():
            json.loads((root / "report.json").read_bytes())
        write(root)
        assert files(root) == wanted

    assert _each(act, write, tmp_path / "out", judge) > 10
