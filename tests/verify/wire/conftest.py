"""Fixtures of this folder."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from gopatch.verify._wire.api import Api
from tests.verify.wire.parts_world import Recorded


@pytest.fixture
def api(tmp_path: Path) -> Iterator[Api]:
    Recorded.asked, Recorded.answer = [], (200, b"")
    path = str(tmp_path / "docker.sock")
    with socketserver.UnixStreamServer(path, Recorded) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield Api(path, timeout=10)
        server.shutdown()
