"""(Port, Source) -> what there is to judge: the edits that the source needs, the roads that are opened."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator
from functools import lru_cache
from typing import cast

from gopatch.errors import ApplyError, SourceError
from gopatch.port.judged import Subject
from gopatch.port.outcome import Port
from gopatch.port.roads import roads
from gopatch.port.work import work_out
from gopatch.recipe.values import Patch
from gopatch.source import Source

GIVEN = "given"
_MADE = ("applied", "already")


def is_given(port: Port) -> bool:
    """Whether somebody else made the port: it is the difference of two trees, as one edit."""
    return [outcome.edit for outcome in port.outcomes] == [GIVEN]


def subjects(port: Port, source: Source) -> tuple[Subject, ...]:
    """In the order of the patch, edits first. A paper that a given port does not touch is none."""
    whole = reference(port, source)
    edits = (Subject("edit", name) for name in _edits(port, whole))
    known = (road for road in roads(whole, source) if road.outcome == "reached")
    return (*edits, *(Subject("road", road.name) for road in known))


def reference(port: Port, source: Source) -> Port:
    """The port itself, or what the patch would do to the original of a port that is given."""
    if not is_given(port):
        return port
    return _worked_out(port.patch, cast("Hashable", source)) or port


def edits_of(port: Port, source: Source, paths: Collection[str]) -> set[str]:
    """The edits that write to one of some files; where none does, as to a file of another hand's, those
    that write to its folder, or else all."""
    steps = reference(port, source).steps
    places = {(step.edit, change.path) for step in steps for change in step.changes}
    found: set[str] = set()
    for path in paths:
        folder = path.rpartition("/")[0]
        own = {edit for edit, at in places if at == path}
        near = {edit for edit, at in places if at.rpartition("/")[0] == folder}
        found |= own or near or {edit for edit, _ in places}
    return found


def unrun(
    port: Port, source: Source, places: Iterable[tuple[str, int]]
) -> tuple[tuple[str, str], ...]:
    """Some places of a port, each as path and line, by the edits that write to them: pairs of an edit and `path:line`."""
    held = list(places)
    found = {path: sorted(edits_of(port, source, {path})) for path in {path for path, _ in held}}
    return tuple((edit, f"{path}:{line}") for path, line in held for edit in found[path])


@lru_cache(maxsize=2)
def _worked_out(patch: Patch, source: Source) -> Port | None:
    """Asked for several times by each judge of one port; None where the patch does not apply."""
    try:
        return work_out(patch, source)
    except (ApplyError, SourceError):
        return None


def _edits(port: Port, whole: Port) -> Iterator[str]:
    touched = {change.path for change in port.changes}
    papers = {edit.name for edit in port.patch.edits if edit.group == "papers"}
    changed = {step.edit: {change.path for change in step.changes} for step in whole.steps}
    for outcome in whole.outcomes:
        given_up = whole is not port and outcome.edit in papers
        if outcome.status not in _MADE and (whole is port or outcome.status != "failed"):
            continue
        if not given_up or changed.get(outcome.edit, set()) & touched:
            yield outcome.edit
