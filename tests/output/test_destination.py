"""What an output may be written over."""

from __future__ import annotations

from pathlib import Path

import pytest

from gopatch.errors import ApplyError
from gopatch.output.destination import Destination, demand_no_source
from tests.cli.running import run

GO = "package p\n\nfunc f() { g() }\n"
PATCH = "--- a/a.go\n+++ b/a.go\n"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    made = tmp_path / "source"
    (made / "sub").mkdir(parents=True)
    (made / "sub/a.go").write_text(GO)
    (made / "fix.patch").write_text(PATCH)
    (tmp_path / "other.txt").write_text(GO)
    return made


def test_a_file_of_the_source_is_not_written_over(source: Path) -> None:
    with pytest.raises(ApplyError, match="is a file of the source"):
        demand_no_source(Destination("file", str(source / "sub/a.go")), str(source))


@pytest.mark.parametrize("name", ["fix.patch", "new.go", "../other.txt"])
def test_a_patch_and_what_is_elsewhere_may_be(source: Path, name: str) -> None:
    demand_no_source(Destination("file", str(source / name)), str(source))


@pytest.mark.parametrize(("force", "status"), [([], 1), (["--force"], 0)])
def test_only_by_force(source: Path, force: list[str], status: int) -> None:
    patch, target = source.parent / "x.patch", source / "sub/b.go"
    patch.write_text("@@\n@@\n-g()\n+h()\n")
    target.write_text("package p\n")
    words = ("apply", "--docker-src", source, "--patch", patch, "--output", target, *force)
    assert run(*words) == status
    assert (target.read_text() == "package p\n") == bool(status)
