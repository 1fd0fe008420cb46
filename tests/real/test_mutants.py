"""Some of the 80 breaks of benchmarks/mutants.py, drawn by the commit: each is noticed by a test of its part."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.real

PROGRAM = Path(__file__).parent.parent.parent / "benchmarks" / "mutants.py"


def test_mutants_are_killed() -> None:
    command = [
        sys.executable,
        str(PROGRAM),
        "--draw",
        "6",
        "--by",
        os.environ.get("GOPATCH_SEED", "15"),
    ]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
