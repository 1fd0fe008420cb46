"""Fixtures of this folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from gopatch.port import work as port
from gopatch.port.outcome import Port
from gopatch.recipe.values import Patch
from gopatch.source import Source
from tests.cli.running import run
from tests.port.roads_world import (
    GOOD,
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    assert run("new", "quiet-daemon") == 0
    file = tmp_path / "quiet-daemon/patch.toml"
    file.write_text(file.read_text() + "\n" + GOOD)
    return tmp_path / "quiet-daemon"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("GOPATCH_NO_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache/gopatch/ports"


@pytest.fixture
def worked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The sources on which the engine was really at work."""
    seen: list[str] = []
    real = port.work_out

    def counted(patch: Patch, source: Source, *, strict: bool = False) -> Port:
        seen.append(source.name)
        return real(patch, source, strict=strict)

    monkeypatch.setattr(port, "work_out", counted)
    return seen
