"""Other people's patches on real Go, held against gofmt: benchmarks/engine.py on a drawn part of Debian's."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.toolchain import find_go

pytestmark = pytest.mark.real

PROGRAM = Path(__file__).parent.parent.parent / "benchmarks" / "engine.py"


def test_results_are_right_or_refused() -> None:
    source = os.environ.get("GOPATCH_DEBIAN_SRC")
    assert source, "set GOPATCH_DEBIAN_SRC to an unpacked `apt-get source docker.io`"
    command = [sys.executable, str(PROGRAM), source, "--gofmt", str(find_go().gofmt)]
    done = subprocess.run(
        [*command, "--files", "60", "--seed", "15"], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
