"""A layout that nobody has seen: another logger and a renamed field are one form, in one place."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from gopatch.cli.main import main
from gopatch.port.work import work_out
from gopatch.recipe.read import load, patches_folder
from gopatch.source.memory import FilesInMemory
from tests.conftest import FIXTURES, files
from tests.patches.world import OPTION

FORM = """
@ or journal @
var journal identifier
var logger = journal
@@
 import journal "example.com/journal"
"""


def made_up() -> dict[str, bytes]:
    """v20.10.27 with a logger of its own in the registry's service, and a daemon's field renamed."""
    content = files(FIXTURES / "v20.10.27")
    service = content["registry/service.go"]
    service = service.replace(b"github.com/sirupsen/logrus", b"example.com/journal")
    content["registry/service.go"] = service.replace(b"logrus.", b"journal.")
    for path, data in content.items():
        if path.startswith("daemon/"):
            content[path] = data.replace(b".RegistryService", b".Registries").replace(
                b"\tRegistryService ", b"\tRegistries "
            )
    return content


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(patches_folder() / OPTION, tmp_path / OPTION)
    return tmp_path / OPTION


def test_without_the_form_it_is_refused(folder: Path) -> None:
    port = work_out(load(str(folder)), FilesInMemory(made_up()))
    assert {o.edit for o in port.failed} >= {"warn"}
    assert port.changes == ()


def test_one_form_opens_it(folder: Path) -> None:
    with (folder / "logger.patch").open("a") as file:
        file.write(FORM)
    port = work_out(load(str(folder)), FilesInMemory(made_up()))
    port.demand()
    variants = {o.edit: o.variant for o in port.outcomes}
    assert variants["warn"] == "warn/value-journal"
    after = {c.path: c.after or b"" for c in port.changes}
    assert b"journal.Warn(AcceptInsecure" in after["registry/service.go"]


@pytest.mark.parametrize("lines", [4, 7])
def test_a_rail_is_not_absent_from_a_file_that_is_cut_off(lines: int, tmp_path: Path) -> None:
    """Of the loop that it guards no word is left: the file is named, so that it is looked at."""
    tree = tmp_path / "tree"
    shutil.copytree(FIXTURES / "v1.13.1", tree)
    path = tree / "daemon/image_pull.go"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:lines]))
    assert main(["apply", "--docker-src", str(tree)]) != 0
