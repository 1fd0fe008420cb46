"""Some of the 80 breaks of benchmarks/mutants.py, drawn by the commit: most are noticed by a test of their part.

Of all 80 about one in eight lives today; benchmarks/mutants.py names them, and the rest of them wait for a test.
"""

from __future__ import annotations

import os
import re
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
    told = re.search(r"^(\d+) killed, (\d+) live", done.stdout, re.MULTILINE)
    assert told is not None, done.stdout + done.stderr
    assert int(told[1]) > int(told[2]), done.stdout
