"""A layout that nobody has seen: another logger and a renamed field are one form, in one place."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

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
@pytest.mark.parametrize(
    "path", ["daemon/image_pull.go", "registry/endpoint_v1.go", "registry/service_v1.go"]
)
def test_nothing_is_absent_from_a_file_that_is_cut_off(path: str, lines: int) -> None:
    """Of what an edit looks for no word is left: the file may have had any."""
    content = files(FIXTURES / "v1.13.1")
    content[path] = b"".join(content[path].splitlines(keepends=True)[:lines])
    port = work_out(load(OPTION), FilesInMemory(content))
    assert port.changes == ()
    assert any(
        path in outcome.reason and "does not parse" in outcome.reason for outcome in port.failed
    )
