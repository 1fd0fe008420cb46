"""Fixtures of this folder."""

from __future__ import annotations

from pathlib import Path

import pytest

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
