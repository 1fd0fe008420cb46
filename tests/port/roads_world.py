"""Roads: which of them a source has, which the port opens, and what is refused in a patch.toml: what its tests share."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from gopatch.errors import SourceError
from gopatch.port.outcome import Road
from gopatch.port.roads import roads
from gopatch.port.work import work_out
from gopatch.source.memory import FilesInMemory
from tests.patches.world import (
    ABSENT,
    OPTION,
    PATCHES,
    PINGS,
    _fixture,
)

Cap = pytest.CaptureFixture[str]


NAMES = [road.name for road in PATCHES[OPTION].roads]


def found(fixture: str, more: Mapping[str, str | None] | None = None) -> dict[str, Road]:
    """The roads of a fixture to which files were added, or from which they were taken."""
    content = dict(_fixture(fixture))
    for path, text in (more or {}).items():
        if text is None:
            del content[path]
        else:
            content[path] = text.encode()
    source = FilesInMemory(content)
    return {road.name: road for road in roads(work_out(PATCHES[OPTION], source), source)}


# What the model says of the same ---
MODELLED = [fixture for fixture in ABSENT if fixture not in (*PINGS, "v1.8.2")]


# What the fixtures have -----------------------------------------------------------------------
PINGED = {"login"}


LOOKUPS = {"login", "pull", "push", "search"}


RELOADED = LOOKUPS | {"plugin", "inspect", "reload"}


BUILT = RELOADED | {"buildkit"}


STORED = BUILT | {"containerd-store"}


# All others are absent. The oldest fixtures have no files for what is not registry/.
REACHED = {
    **dict.fromkeys(PINGS, PINGED),
    **dict.fromkeys(("v1.8.2", "v1.8.3", "v1.10.3", "v1.11.2", "v1.12.6"), LOOKUPS),
    **dict.fromkeys(("v1.13.1", "v17.06.0-ce", "v17.09.1-ce", "v17.12.1-ce"), RELOADED),
    **dict.fromkeys(("v18.09.9", "v19.03.15", "v20.10.27", "v23.0.18", "debian"), BUILT),
    **dict.fromkeys(("v24.0.9", "v27.5.1", "v28.0.4", "v28.5.2", "docker-v29"), STORED),
    "docker-ce": RELOADED,
}


# What they have not ---------------------------------------------------------------------------
CONTROLLER = "package buildkit\n\nfunc newController() {}\n"


OWN_LOOP = "package distribution\n\nfunc Pull() { rs.LookupPullEndpoints(name) }\n"


PLUGIN = "package plugin\n\nfunc (pm *Manager) Pull() { distribution.Pull() }\n"


OLD_PULL = "package graph\n\nfunc (s *TagStore) CmdPull() { repoInfo.GetEndpoint() }\n"


OLD_SEARCH = "package registry\n\nfunc (s *Service) Search() { repoInfo.GetEndpoint(nil) }\n"


RESOLVER = """package containerd

func (i *Service) PullImage() { newResolverFromAuthConfig() }

func newResolverFromAuthConfig() { own() }
"""


NEXT = "builder/builder-next/controller.go"


UNKNOWN = "in a form that no edit"


LISTED = "a listed one is not asked over plain HTTP either"


class Unreadable(FilesInMemory):
    """A source of which one file cannot be read."""

    def read(self, path: str) -> bytes:
        if path == NEXT:
            raise SourceError("object is missing", path=path)
        return super().read(path)


# In a patch.toml ------------------------------------------------------------------------------
GOOD = """\
[[road]]
name = "shop"
title = "whoever shops"
files = "daemon/*.go"
anchor = "Example"

[[road.way]]
when = [{ files = ["daemon/*.go"], anchor = "start", calls = ["Example"] }]
edits = ["example"]
"""


def change(folder: Path, old: str, new: str) -> None:
    file = folder / "patch.toml"
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))
