"""Match -> edits of the original bytes. Pure: context is never touched, nothing is reprinted."""

from __future__ import annotations

from collections.abc import Iterator

from gopatch.engine._commas import comma_edits
from gopatch.engine._nodes import Run
from gopatch.engine._place import Place, UnwritableError
from gopatch.engine._results import result_edits
from gopatch.engine._statements import line_edits
from gopatch.engine._tokens import token_edits
from gopatch.engine.match import Match
from gopatch.engine.pattern import Pattern
from gopatch.go.tree import RESULT, GoFile
from gopatch.splice import Splice

__all__ = ["UnwritableError", "edits_of"]


def edits_of(pattern: Pattern, match: Match, file: GoFile) -> list[Splice]:
    """What `pattern` does at `match`, in coordinates of the file's bytes."""
    place = Place(pattern, match, file)
    found: list[Splice] = []
    for run in pattern.runs:
        found += _run(place, run)
    return [edit for edit in found if file.data[edit.start : edit.end] != edit.new]


def _run(place: Place, run: Run) -> Iterator[Splice]:
    match = place.match
    parent = match.met.get(run.parent, (None,))[0] if run.parent else match.holder
    if run.style == "tokens" or parent is None:
        yield from token_edits(place, run)
    elif parent.kind == RESULT:
        yield from result_edits(place, run, parent)
    elif run.style == "commas":
        yield from comma_edits(place, run, parent)
    else:
        yield from line_edits(place, run, parent)
