"""Our patch in debian/patches: in which list it stands, and in which form its file is kept."""

from __future__ import annotations

import bz2
import gzip
import lzma
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from gopatch.cli.main import main
from gopatch.source.compressed import plain
from tests.conftest import FIXTURES, files

PATCH = "accept-insecure-registry.patch"


@pytest.fixture
def debian(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FIXTURES / "debian", tmp_path / "docker.io"))


def apply(source: Path, *arguments: str) -> int:
    return main(["apply", "--docker-src", str(source), *arguments])


def series(source: Path, name: str = "series") -> Path:
    return source / "debian/patches" / name


def test_every_series_is_served(debian: Path) -> None:
    series(debian, "ubuntu.series").write_bytes(b"say-more.patch\nubuntu.patch\n")
    assert apply(debian, "--format", "quilt") == 0
    assert series(debian, "ubuntu.series").read_text().endswith(f"ubuntu.patch\n{PATCH}\n")
    assert series(debian).read_text().endswith(f"say-more.patch\n{PATCH}\n")


def test_a_series_of_a_vendor_alone_keeps_it_alone(debian: Path) -> None:
    """Ours under a name and in a list of the packager's: made anew there, and nowhere else."""
    assert apply(debian, "--format", "quilt") == 0
    file = debian / "debian/patches/0042-option.patch"
    (debian / "debian/patches" / PATCH).rename(file)
    series(debian).write_text("say-more.patch\n")
    series(debian, "ubuntu.series").write_text(f"say-more.patch\n{file.name} -p1 # ours\n")
    was = files(debian)
    assert apply(debian, "--format", "quilt") == 0
    assert main(["upgrade", "--docker-src", str(debian)]) == 0
    assert files(debian) == was


@pytest.mark.parametrize(
    ("end", "pressed"),
    [("gz", gzip.compress), ("xz", lzma.compress), ("bz2", bz2.compress)],
)
def test_a_compressed_one_stays_compressed(
    end: str, pressed: Callable[[bytes], bytes], debian: Path
) -> None:
    assert apply(debian, "--format", "quilt") == 0
    made = (debian / "debian/patches" / PATCH).read_bytes()
    (debian / "debian/patches" / PATCH).unlink()
    file = debian / f"debian/patches/0042-option.patch.{end}"
    file.write_bytes(pressed(made))
    series(debian).write_text(f"say-more.patch\n{file.name}\n")
    assert apply(debian, "--format", "quilt") == 0
    assert plain(file.read_bytes(), file.name) == made
    was = files(debian)
    assert apply(debian, "--format", "quilt") == 0
    assert files(debian) == was
    file.write_bytes(pressed(made.replace(b"Origin: vendor", b"Origin: other")))
    was = files(debian)
    assert apply(debian, "--format", "quilt") == 1
    assert files(debian) == was


@pytest.mark.parametrize("name", ["na me.patch", "#x.patch", "x\ty.patch"])
def test_a_name_that_quilt_would_not_read_back_is_refused(
    name: str, debian: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    was = files(debian)
    to = str(debian / "debian/patches" / name)
    assert apply(debian, "--format", "quilt", "--output", to) == 2
    assert "is no name for a series" in capsys.readouterr().err
    assert files(debian) == was


@pytest.mark.parametrize("linked", ["debian", "debian/patches"])
def test_nothing_is_written_through_a_link_that_leads_out(
    linked: str, debian: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outside = tmp_path / "outside"
    (debian / linked).rename(outside)
    (debian / linked).symlink_to(outside)
    was = files(outside)
    assert apply(debian, "--format", "quilt") == 2
    assert "leaves the source by a link" in capsys.readouterr().err
    assert files(outside) == was
    for file in outside.rglob("series"):
        file.unlink()
    was = files(outside)
    assert apply(debian, "--format", "quilt") == 2
    assert files(outside) == was
