"""A change onto a source as it is, wherever in it the change's tree lies."""

from __future__ import annotations

from gopatch.backport.below import Below, place_of
from gopatch.backport.foreign import NOTHING, Backport, ForeignChange, Ported, Wishes
from gopatch.backport.rungs import backport
from gopatch.source import Source
from gopatch.source.gitref import GitRef


def backport_onto(change: ForeignChange, target: Source, wishes: Wishes = NOTHING) -> Backport:
    """As `backport`, with the folder found below which the target holds the change's files."""
    place = place_of(target, (c.path for c in change.files if c.before is not None))
    if not place:
        return _traced(backport(change, target, wishes))
    done = _traced(backport(change, Below(target, place), wishes))
    return done._replace(files=tuple(_placed(each, place) for each in done.files))


def _traced(done: Backport) -> Backport:
    """With the commit that brought the first missing name: most likely a prerequisite."""
    source = done.change.made_for
    missing = next((r for r in done.refusals if r.missing), None)
    if missing is None or not isinstance(source, GitRef):
        return done
    commit = source.repository.brought(source.commit, missing.missing, missing.declared)
    if not commit:
        return done
    hint = f"`{commit[:12]}{commit[40:]}` is the last that touched it: perhaps port that first; {missing.hint}"
    return done._replace(
        refusals=tuple(r._replace(hint=hint) if r is missing else r for r in done.refusals)
    )


def _placed(ported: Ported, place: str) -> Ported:
    change = ported.change._replace(path=f"{place}/{ported.change.path}")
    edits = tuple(edit._replace(path=f"{place}/{edit.path}") for edit in ported.edits)
    adapted = tuple(a._replace(here=f"{place}/{a.here}") for a in ported.adaptations)
    origin = f"{place}/{ported.origin}"
    return Ported(origin, ported.rung, change, edits, adapted)
