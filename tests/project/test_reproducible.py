"""Same input, same bytes: whatever the hash seed, locale, time zone, folder, or Python."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from gopatch.output import names
from tests.conftest import FIXTURES

ROOT = Path(__file__).parent.parent.parent
VERSIONS = ("3.11", "3.12", "3.13", "3.14")
SCRIPT = """
import hashlib, io, sys
from gopatch.cli.main import main

class Out:
    def __init__(self):
        self.buffer = io.BytesIO()
    def flush(self): pass
    def isatty(self): return False
    def write(self, text): self.buffer.write(text.encode())

for arguments in sys.argv[2:]:
    sys.stdout = sys.stderr = out = Out()
    code = main(["apply", "--docker-src", sys.argv[1], *arguments.split()])
    digest = hashlib.sha256(out.buffer.getvalue()).hexdigest()
    print(code, digest, arguments, file=sys.__stdout__)
"""
WAYS = [
    *(f"--output - --format {name}" for name in names()),
    "--format mailbox --split",
    "--reverse",
    "-U 0 --prefix a/",
]


def digests(folder: Path, *python: str, **environment: str) -> str:
    """One line for each way to write the same port, which is worked out once: exit code, digest, arguments."""
    source = os.path.relpath(FIXTURES / "debian", folder)
    with tempfile.TemporaryDirectory() as cache:
        own = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": cache}
        done = subprocess.run(
            [*(python or [sys.executable]), "-c", SCRIPT, source, *WAYS],
            cwd=folder,
            env={**own, **environment},
            check=False,
            capture_output=True,
            text=True,
        )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("0 "), done.stdout
    return done.stdout


@pytest.fixture(scope="module")
def here() -> str:
    return digests(ROOT)


@pytest.mark.parametrize(
    "environment",
    [
        pytest.param(
            {"PYTHONHASHSEED": "1", "LC_ALL": "C", "TZ": "Pacific/Kiritimati"},
            id="seed 1, far east",
            marks=pytest.mark.thorough,
        ),
        pytest.param(
            {"PYTHONHASHSEED": "4294967295", "LC_ALL": "tr_TR.UTF-8", "PYTHONUTF8": "0"},
            id="last seed, Turkish",
            marks=pytest.mark.thorough,
        ),
        pytest.param(
            {"LC_ALL": "POSIX", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0", "HOME": "/nowhere"},
            id="no UTF-8, no home",
            marks=pytest.mark.thorough,
        ),
    ],
)
def test_seed_locale_and_zone_do_not_matter(
    here: str, environment: dict[str, str], tmp_path: Path
) -> None:
    assert digests(tmp_path, **environment) == here


@pytest.mark.thorough
def test_the_name_of_the_folder_does_not_matter(here: str, tmp_path: Path) -> None:
    """Not even for the page and the JSON, which name the source by its last part."""
    deep = tmp_path / "a b" / "ü"
    deep.mkdir(parents=True)
    assert digests(deep) == here


@pytest.mark.thorough
def test_the_date_is_an_input(here: str) -> None:
    changed = digests(ROOT, SOURCE_DATE_EPOCH="1").split("\n")
    dated = {
        new.split(" ", 2)[2]
        for new, old in zip(changed, here.split("\n"), strict=True)
        if new != old
    }
    wanted = {f"--output - --format {name}" for name in ("quilt", "gbp", "mailbox", "rpm")}
    assert wanted <= dated
    assert "--output - --format unified" not in dated


@pytest.mark.real
def test_every_python_writes_the_same(here: str, tmp_path: Path) -> None:
    """All supported versions that are here, or in the room that GOPATCH_ROOM runs commands in."""
    found = {version: command for version in VERSIONS if (command := found_python(version))}
    assert found
    if "GOPATCH_ROOM" in os.environ:
        assert VERSIONS[-1] in found
    for version, (*room, python) in found.items():
        venv = tmp_path / version
        subprocess.run([*room, python, "-m", "venv", str(venv)], check=True)
        own = [*room, str(venv / "bin/python")]
        pip = [*own, "-m", "pip", "install", "-q", "--no-cache-dir", str(ROOT)]
        subprocess.run(pip, check=True, capture_output=True)
        assert digests(tmp_path, *own) == here, version


def found_python(version: str) -> list[str] | None:
    """The command of a version's interpreter; pyenv's shims work only for what is switched on."""
    home = Path(os.environ.get("PYENV_ROOT", f"{pwd.getpwuid(os.getuid()).pw_dir}/.pyenv"))
    commands = [
        [found] if (found := shutil.which(f"python{version}")) else [],
        *([str(path)] for path in home.glob(f"versions/{version}.*/bin/python3")),
    ]
    if sys.version.startswith(f"{version}."):
        commands.insert(0, [sys.executable])
    if room := os.environ.get("GOPATCH_ROOM"):
        commands.append([room, f"python{version}"])
    for command in filter(None, commands):
        asked = subprocess.run([*command, "-V"], check=False, capture_output=True, text=True)
        if asked.returncode == 0 and asked.stdout.startswith(f"Python {version}."):
            return command
    return None
