"""Match -> edits of the original bytes. Pure: context is never touched, nothing is reprinted."""

from __future__ import annotations

from collections.abc import Iterator

from gopatch.engine._commas import comma_edits
from gopatch.engine._comment_edits import comment_edits
from gopatch.engine._nodes import Run
from gopatch.engine._parens import needs_parens, parted
from gopatch.engine._place import Place, UnwritableError
from gopatch.engine._results import result_edits
from gopatch.engine._runs import runs_at
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
    opening, closing = _parens(place)
    found: list[Splice] = closing
    for run in runs_at(pattern, match):
        found += _run(place, run)
    found += comment_edits(place)
    found = _around(place, found + opening)
    return [edit for edit in found if file.data[edit.start : edit.end] != edit.new]


def _parens(place: Place) -> tuple[list[Splice], list[Splice]]:
    """Parentheses round what stays, where another operator stands beside it now.

    What opens comes behind, and what closes before anything that is put at the same offset.
    """
    opening: list[Splice] = []
    closing: list[Splice] = []
    for old, new in place.pattern.kept:
        met = place.match.met.get(old, ())
        if (new.var is None and not new.dots) or not place.writer.parens(new, met, old):
            continue
        start, end = met[0].start, met[-1].end
        opening.append(Splice(start, start, parted(place.data[:start], b"(")))
        closing.append(Splice(end, end, b")"))
    return opening, closing


def _around(place: Place, edits: list[Splice]) -> list[Splice]:
    """Parentheses round the whole place, where its own operator binds less than it did."""
    if place.pattern.style != "expression" or not edits or not place.pattern.plus:
        return edits
    node, start, end = place.pattern.plus[0], place.match.start, place.match.end
    replaced = any((edit.start, edit.end) == (start, end) for edit in edits)
    if replaced or node.var is not None or not needs_parens(node, place.writer.outer):
        return edits
    return [Splice(start, start, b"("), *edits, Splice(end, end, b")")]


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
