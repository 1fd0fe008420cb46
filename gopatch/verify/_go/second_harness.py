"""The second harness of one side, compiled into one of the daemon's own packages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from gopatch.verify._go import doors as wiring
from gopatch.verify._go.frail import frail
from gopatch.verify._go.go_packages import GoPackage, packages
from gopatch.verify._go.harness import SHAPE, Harness, UnfitError, ask_and_log, compiled, written
from gopatch.verify._go.ping_door import option, pings, takes_list
from gopatch.verify._go.two_sides import GoWork, JudgedSide

_FILES = ("walks", "common", "servers")


class Inside(NamedTuple):
    """The harness of one side, and the doors that it has."""

    harness: Harness
    doors: frozenset[str]
    package: str

    def ask(self, questions: Sequence[Mapping[str, Any]]) -> tuple[list[dict[str, Any]], str]:
        return ask_and_log(self.harness, questions, "TestGopatchRoads")


def inside(work: GoWork, side: JudgedSide) -> Inside:
    """Compile the harness into the first package that takes it. Raises UnfitError with what the last says."""
    found = packages(work, side)
    last = "there is no registry package"
    frailties = frail(work, side, found)
    variable = _variable(work, found)
    for host in wiring.hosts(found) if "registry" in found else ():
        package = found[host]
        made = wiring.doors(work.space.package, found, host, variable)
        name = work.package_of(package.folder)
        tests = work.tests_of(package.folder) | {
            path
            for path in side.files
            if path.endswith("_test.go") and path.rpartition("/")[0] == package.folder
        }
        files = {
            **side.runs,
            **frailties,
            **dict.fromkeys(tests),
            **made.added,
            **written(package.folder, name, _FILES),
            f"{package.folder}/{SHAPE}": made.file(name),
            **wiring.registry_door(found["registry"]),
        }
        try:
            harness = compiled(work.space, f"roads-{side.name}", package.folder, files)
            return Inside(harness, frozenset(made.names), package.folder)
        except UnfitError as error:
            last = f"{package.folder}: {error}"
    raise UnfitError(last)


def _variable(work: GoWork, found: Mapping[str, GoPackage]) -> str:
    """The variable that is the option, where NewService takes none."""
    registry = found.get("registry")
    if registry is None or not pings(registry) or not takes_list(registry):
        return ""
    return option(registry, packages(work, work.before)["registry"])
