"""The model against Docker's registry package of Debian's source, compiled: the proof of `simulate`."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from gopatch.source import open_source
from tests.registry_model import hold

pytestmark = pytest.mark.real


def test_the_service_as_dockers_own(tmp_path: Path) -> None:
    path = os.environ.get("GOPATCH_DEBIAN_SRC")
    assert path, "set GOPATCH_DEBIAN_SRC to an unpacked `apt-get source docker.io`"
    tree = shutil.copytree(path, tmp_path / "docker.io", symlinks=True)
    held = hold(open_source(str(tree)), tmp_path / "work", 5000, 1)
    assert held.wrong == []
    assert held.asked == 5000
    assert 1000 < held.refused < 4500
