"""Methods that docker info calls and that crash for want of a daemon: text in, text out."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest

from gopatch.source.memory import FilesInMemory
from gopatch.verify._go.frail import frail
from gopatch.verify._go.go_packages import packages
from gopatch.verify._go.two_sides import JudgedSide

INFO = """package daemon

func (daemon *Daemon) SystemInfo() *Info {
\tv := &Info{Images: daemon.imageService.CountImages()}
\tdaemon.fillDriverInfo(v)
\treturn v
}

func (daemon *Daemon) fillDriverInfo(v *Info) {
\tv.Driver = daemon.driver.String()
}

func (daemon *Daemon) other(v *Info) {
}
"""
IMAGES = "package images\n\nfunc (i *ImageService) CountImages() int {\n\treturn i.store.Len()\n}\n"
TREE = {"daemon/info.go": INFO, "daemon/images/images.go": IMAGES}


class _Space(NamedTuple):
    prefix: str = ""


class _Work(NamedTuple):
    source: Any
    space: _Space = _Space()
    registry: str | None = None

    def package_of(self, folder: str) -> str:
        return folder.rpartition("/")[2]


def made(
    laid: dict[str, bytes | None], run: dict[str, bytes | None] | None = None
) -> dict[str, str]:
    """What is laid over the tree for a side with these files."""
    work: Any = _Work(FilesInMemory({path: text.encode() for path, text in TREE.items()}))
    side = JudgedSide("port", laid, {}, run)
    return {p: data.decode() for p, data in frail(work, side, packages(work, side)).items()}


def test_what_docker_info_calls_gives_nothing_where_it_crashes() -> None:
    found = made({})
    assert set(found) == {
        "daemon/info.go",
        "daemon/gopatch_frail.go",
        "daemon/images/images.go",
        "daemon/images/gopatch_frail.go",
    }
    assert "fillDriverInfo(v *Info) { defer gopatchFrail(); \n" in found["daemon/info.go"]
    assert "CountImages() int { defer gopatchFrail(); \n" in found["daemon/images/images.go"]
    assert found["daemon/gopatch_frail.go"].startswith("package daemon\n")


@pytest.mark.parametrize("name", ["SystemInfo", "other"])
def test_what_it_does_not_call_is_as_it_was(name: str) -> None:
    text = made({})["daemon/info.go"]
    assert f") {name}(" in text
    assert "gopatchFrail" not in text.partition(f") {name}(")[2].partition("\n")[0]


def test_what_the_port_has_written_stays_as_it_is() -> None:
    own = INFO.replace("v.Driver =", "v.Own = true\n\tv.Driver =")
    found = made({"daemon/info.go": own.encode()})
    assert set(found) == {"daemon/images/images.go", "daemon/images/gopatch_frail.go"}


def test_a_file_that_notes_what_runs_keeps_its_notes() -> None:
    noted = INFO.replace("(v *Info) {", "(v *Info) {gopatchRan(7);")
    found = made({"daemon/info.go": INFO.encode()}, {"daemon/info.go": noted.encode()})
    assert (
        "fillDriverInfo(v *Info) { defer gopatchFrail(); gopatchRan(7);\n"
        in found["daemon/info.go"]
    )


@pytest.mark.parametrize("gone", ["daemon/info.go", "daemon/images/images.go"])
def test_a_file_that_is_gone_is_not_written(gone: str) -> None:
    assert gone not in made({gone: None})
