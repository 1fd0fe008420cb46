"""Fixtures of this folder."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.patches.layouts import FIXTURES, LAYOUTS


@pytest.fixture
def engine(fixture: str, tmp_path: Path) -> Path:
    """A copy of a fixture's engine, so that Go cannot touch what is checked in."""
    return shutil.copytree(FIXTURES / fixture / LAYOUTS[fixture].root, tmp_path / "engine")
