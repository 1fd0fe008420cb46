"""The public face: what `import gopatch` shows, what it costs, and what it refuses."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import gopatch
from tests.conftest import files


@pytest.mark.parametrize("name", gopatch.__all__)
def test_a_public_name_is_there_and_says_what_it_is(name: str) -> None:
    assert getattr(gopatch, name).__doc__
    assert name in dir(gopatch)


@pytest.mark.parametrize("name", ["apply", "_HOMES_", "parse", "Port"])
def test_another_name_is_refused(name: str) -> None:
    with pytest.raises(AttributeError, match=name):
        getattr(gopatch, name)


def test_to_import_it_loads_nothing_else() -> None:
    code = "import gopatch, sys; print([m for m in sys.modules if m.startswith('gopatch.')])"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout == "[]\n"


def test_from_a_patch_to_files(tree: Path) -> None:
    port = gopatch.work_out(gopatch.load("accept-insecure-registry"), gopatch.open_source(tree))
    before = files(tree)
    gopatch.write(tree, port.changes)
    after = files(tree)
    assert {path for path in after if after[path] != before.get(path)} == {
        change.path for change in port.changes
    }


def test_what_is_not_there_is_a_gopatch_error_and_writes_nothing(tree: Path) -> None:
    before = files(tree)
    with pytest.raises(gopatch.GopatchError, match="no patch"):
        gopatch.load("accept-everything")
    with pytest.raises(gopatch.GopatchError, match="there is no"):
        gopatch.open_source(tree / "nowhere")
    assert files(tree) == before
