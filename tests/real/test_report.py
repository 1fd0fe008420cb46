"""The pages in a real browser: what they show by day, by night and on paper, with no network."""

from __future__ import annotations

import re
import shutil
import subprocess
import zlib
from pathlib import Path

import pytest

from gopatch.cli.main import main
from gopatch.fleet.run import Run, run_into
from tests.conftest import Git

pytestmark = pytest.mark.real


def chromium(page: Path, tmp_path: Path, *arguments: str, errors: bool = False) -> bytes:
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
    done = subprocess.run(command, check=True, capture_output=True, timeout=120)
    return done.stdout + done.stderr if errors else done.stdout


def test_the_page_in_a_browser(repository: Path, tmp_path: Path, git: Git) -> None:
    git(repository, "branch", "other")
    out = tmp_path / "out"
    run_into(Run(repository, "accept-insecure-registry", ["v*", "other"], out))
    page = out / "report.html"
    shown = chromium(page, tmp_path, "--dump-dom").decode()
    (head,) = re.findall(r'<th scope="row">(.*?)<td', shown)
    refs = "<span>v20.10.27</span>, <span>other</span>"
    summary = "<summary>v20.10.27 … other (2)</summary>"
    assert head.strip() == f'<details>{summary}<p class="refs">{refs}</p></details></th>'
    assert '<details id="family-1">' in shown
    assert shown.count('class="applied"') >= 2
    picture = tmp_path / "page.png"
    chromium(page, tmp_path, "--window-size=1200,800", f"--screenshot={picture}")
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert picture.stat().st_size > 10_000


def test_the_report_on_paper(tmp_path: Path, repository: Path, git: Git) -> None:
    """Paper cannot be opened: it has the refs of every family, and no difference that nobody opened."""
    git(repository, "branch", "other")
    out, paper = tmp_path / "out", tmp_path / "report.pdf"
    run_into(Run(repository, "accept-insecure-registry", ["v*", "other"], out))
    options = ("--no-pdf-header-footer", f"--print-to-pdf={paper}")
    chromium(out / "report.html", tmp_path, *options)
    command = ["pdftotext", "-layout", str(paper), "-"]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert "v20.10.27 … other (2)" in text
    assert "v20.10.27, other" in text
    assert "acceptInsecureRegistry" not in text


def first_pixel(picture: Path) -> tuple[int, ...]:
    """Red, green and blue of the upper left corner of a PNG, which no filter changes."""
    data = picture.read_bytes()
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    packed, at = b"", 8
    while at < len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        packed += data[at + 8 : at + 8 + size] if data[at + 4 : at + 8] == b"IDAT" else b""
        at += size + 12
    return tuple(zlib.decompress(packed)[1:4])


@pytest.fixture
def review(tree: Path, tmp_path: Path) -> Path:
    page = tmp_path / "review.html"
    command = ["apply", "--docker-src", str(tree), "--format", "html", "--output", str(page)]
    assert main(command) == 0
    return page


def test_the_review_page_by_day_and_by_night(review: Path, tmp_path: Path) -> None:
    corners = {}
    for name, flags in {
        "light": ["--window-size=1280,900"],
        "dark": ["--window-size=1280,900", "--blink-settings=preferredColorScheme=0"],
        "narrow": ["--window-size=500,900"],
    }.items():
        picture = tmp_path / f"{name}.png"
        chromium(review, tmp_path, *flags, f"--screenshot={picture}")
        assert picture.stat().st_size > 20_000
        corners[name] = sum(first_pixel(picture))
    assert corners["light"] == corners["narrow"] == 3 * 255
    assert corners["dark"] < 150


def test_the_review_page_on_paper(review: Path, tmp_path: Path) -> None:
    paper = tmp_path / "review.pdf"
    chromium(review, tmp_path, "--no-pdf-header-footer", f"--print-to-pdf={paper}")
    command = ["pdftotext", "-layout", str(paper), "-"]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert "guard-v2: http:// after https:// in the V2 lookup" in text
    # Both sides of a changed line, each with its number and sign.
    changed = [line for line in text.splitlines() if "if tlsConfig.InsecureSkipVerify {" in line]
    assert any("−" in line and "+" in line and "acceptInsecureRegistry" in line for line in changed)
    assert "all edits" not in text


def test_the_review_page_loads_nothing(review: Path, tmp_path: Path) -> None:
    shown = chromium(review, tmp_path, "--dump-dom", "--enable-logging=stderr", errors=True)
    assert b"</html>" in shown
    assert b"CONSOLE" not in shown, "a policy was violated, or markup was refused"
