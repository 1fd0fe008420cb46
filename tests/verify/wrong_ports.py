"""Wrong ports by their rows in data/mutants.toml: a fixture is ported once, and spoilt again and again."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from gopatch.port.outcome import Outcome, Port, Site, Step
from gopatch.port.work import work_out
from gopatch.recipe.read import load
from gopatch.recipe.selection import select
from gopatch.recipe.values import Selection
from gopatch.source.directory import Directory
from gopatch.splice import FileChange
from tests.conftest import FIXTURES

DATA = Path(__file__).parent / "data"


class Mutant(NamedTuple):
    """A row of mutants.toml."""

    name: str
    edit: str
    kind: str
    breaks: str
    fixtures: list[str]
    clause: str = ""
    files: tuple[str, ...] = ()
    changes: tuple[tuple[str, str], ...] = ()
    without: str = ""


@cache
def mutants(file: str = "mutants.toml") -> tuple[Mutant, ...]:
    rows: list[dict[str, Any]] = tomllib.loads((DATA / file).read_text())["mutant"]
    return tuple(Mutant(**row) for row in rows)


@cache
def ported(fixture: str, without: str = "") -> tuple[Port, Directory]:
    """The port of a fixture, as if somebody else had made it, and the original."""
    patch = load("accept-insecure-registry")
    source = Directory(FIXTURES / fixture)
    part = select(patch, Selection((), tuple(filter(None, [without]))))
    return given(work_out(part, source)._replace(patch=patch)), source


def given(port: Port, changes: tuple[FileChange, ...] | None = None) -> Port:
    """A port as the difference of two trees, which says nothing of its edits."""
    found = port.changes if changes is None else changes
    outcome = Outcome("given", "applied", None, tuple(Site(c.path, 1, 1) for c in found))
    return port._replace(outcomes=(outcome,), changes=found, steps=(Step("given", found),))


def spoilt(mutant: Mutant, fixture: str) -> tuple[Port, Directory]:
    """The port of a fixture with a mutant in it. Raises LookupError where it finds no place."""
    port, source = ported(fixture, mutant.without)
    return (spoilt_further(port, source, mutant) if mutant.changes else port), source


def spoilt_further(port: Port, source: Directory, mutant: Mutant) -> Port:
    """A port with one mutant more. Raises LookupError where it finds no place."""
    known = {change.path: change for change in port.changes}
    path = next((p for p in mutant.files if p in known or source.entry(p) is not None), None)
    if path is None:
        raise LookupError(f"{mutant.name}: {source.name} has none of {', '.join(mutant.files)}")
    before = known[path].before if path in known else source.read(path)
    text = ((known[path].after if path in known else before) or b"").decode()
    for find, put in mutant.changes:
        if find not in text:
            raise LookupError(f"{mutant.name}: {path} of {source.name} has no {find!r}")
        text = text.replace(find, put, 1)
    known[path] = FileChange(path, before, text.encode())
    return given(port, tuple(known.values()))
