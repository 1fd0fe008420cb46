"""One byte of what works a port out, and the port is worked out anew."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from gopatch.port import cache


def _one_byte(path: Path) -> None:
    data, times = path.read_bytes(), path.stat()
    while path.stat().st_ctime_ns == times.st_ctime_ns:  # a system's clock has ticks
        path.write_bytes(data[:-1] + b"!")
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))  # as a packager's clock has it


@pytest.mark.parametrize(
    "name", ["gopatch/splice.py", "gopatch/engine/match.py", "other/_binding.so", "other/node.py"]
)
def test_one_byte_of_what_works_it_out_is_another_gopatch(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for wing in cache._ENGINE:
        (tmp_path / "gopatch" / wing).mkdir(exist_ok=True, parents=True)
    (tmp_path / "other/__pycache__").mkdir(parents=True)
    written = ["gopatch/splice.py", "gopatch/engine/match.py", "other/_binding.so", "other/node.py"]
    for path in (*written, "other/__pycache__/node.pyc", "gopatch/engine/README"):
        (tmp_path / path).write_bytes(b"some bytes")
    spec = SimpleNamespace(submodule_search_locations=[str(tmp_path / "other")])
    monkeypatch.setattr("importlib.util.find_spec", lambda name: spec)
    monkeypatch.setattr(cache, "__file__", str(tmp_path / "gopatch/port/cache.py"))
    before = cache._gopatch()
    _one_byte(tmp_path / "other/__pycache__/node.pyc")
    _one_byte(tmp_path / "gopatch/engine/README")
    assert cache._gopatch() == before
    _one_byte(tmp_path / name)
    assert cache._gopatch() != before


def test_another_python_is_another_gopatch(monkeypatch: pytest.MonkeyPatch) -> None:
    before = cache._gopatch()
    assert cache._gopatch() == before
    monkeypatch.setattr(sys, "version", f"{sys.version}+")
    assert cache._gopatch() != before
