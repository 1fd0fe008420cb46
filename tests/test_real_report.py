"""report.html in a real browser: it shows the matrix and opens a family without a network."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from gopatch.fleet import run_into
from tests.conftest import Git

pytestmark = pytest.mark.real


def chromium(page: Path, tmp_path: Path, *arguments: str) -> bytes:
    found = shutil.which("chromium")
    assert found, "install Debian's chromium"
    command = [
        found,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        f"--user-data-dir={tmp_path / 'profile'}",
        *arguments,
        page.as_uri(),
    ]
    return subprocess.run(command, check=True, capture_output=True, timeout=120).stdout


def test_the_page_in_a_browser(repository: Path, tmp_path: Path, git: Git) -> None:
    git(repository, "branch", "other")
    out = tmp_path / "out"
    run_into(repository, "accept-insecure-registry", ["v*", "other"], out)
    page = out / "report.html"
    shown = chromium(page, tmp_path, "--dump-dom").decode()
    assert '<th scope="row">v20.10.27' in shown
    assert '<details id="family-1">' in shown
    assert shown.count('class="applied"') >= 2
    picture = tmp_path / "page.png"
    chromium(page, tmp_path, "--window-size=1200,800", f"--screenshot={picture}")
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert picture.stat().st_size > 10_000
