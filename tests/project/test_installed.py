"""An installed copy: its types are seen, its patches and templates come along."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.documents import ROOT

pytestmark = pytest.mark.real

RIGHT = """\
import gopatch

port = gopatch.work_out(gopatch.load("accept-insecure-registry"), gopatch.open_source("docker"))
reveal_type(port.status)
gopatch.write
"""
WRONG = "import gopatch\n\ngopatch.work_out(1, 2)\ngopatch.nothing\n"


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The python of an environment that gopatch is installed in, with this one's libraries."""
    folder = tmp_path_factory.mktemp("installed")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    python = folder / "bin/python"
    libraries = next(path for path in sys.path if path.endswith("site-packages"))
    site = next((folder / "lib").glob("python*/site-packages"))
    (site / "libraries.pth").write_text(f"{libraries}\n")
    command = [sys.executable, "-m", "pip", "--python", str(python), "install", "-q", "--no-deps"]
    # This environment's own copy, installed for development, must not hide the new one.
    subprocess.run([*command, "--ignore-installed", str(ROOT)], check=True, cwd=folder)
    return python


def checked(python: Path, folder: Path, text: str) -> str:
    (folder / "user.py").write_text(text)
    command = [sys.executable, "-m", "mypy", "--strict", "--python-executable", str(python)]
    return subprocess.run(
        [*command, "--cache-dir", str(folder / "cache"), "user.py"],
        cwd=folder,
        check=False,
        capture_output=True,
        text=True,
    ).stdout


def test_mypy_sees_the_types_of_an_installed_copy(installed: Path, tmp_path: Path) -> None:
    said = checked(installed, tmp_path, RIGHT)
    assert "error" not in said, said
    assert "Revealed type is" in said
    assert "Any" not in said


def test_mypy_refuses_what_is_wrong_there(installed: Path, tmp_path: Path) -> None:
    said = checked(installed, tmp_path, WRONG)
    assert "[arg-type]" in said
    assert "[attr-defined]" in said


def test_an_installed_copy_finds_its_patches(installed: Path, tmp_path: Path) -> None:
    command = [str(installed), "-m", "gopatch", "list"]
    done = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True)
    assert {line.split(":")[0] for line in done.stdout.splitlines() if line and line[0] != " "} >= {
        folder.name for folder in (ROOT / "patches").iterdir()
    }
