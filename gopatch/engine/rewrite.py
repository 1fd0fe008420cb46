"""Match -> edits of the original bytes. Pure: context is never touched, nothing is reprinted."""

from __future__ import annotations

from collections.abc import Iterator

from gopatch.engine._commas import comma_edits
from gopatch.engine._comment_edits import comment_edits
from gopatch.engine._fill import operator_of
from gopatch.engine._indent import raw_rows
from gopatch.engine._nodes import Node, NodeRun
from gopatch.engine._parens import needs_parens, parted
from gopatch.engine._place import Place, UnwritableError
from gopatch.engine._results import result_edits
from gopatch.engine._rows import cut_lines, cut_rows, starts_line
from gopatch.engine._runs import pattern_at, runs_at
from gopatch.engine._saved_comments import saved_comments
from gopatch.engine._statements import line_edits
from gopatch.engine._tokens import token_edits
from gopatch.engine._torn import torn_comments
from gopatch.engine.match import Match
from gopatch.engine.pattern import Pattern
from gopatch.go.tree import BINARY, RESULT, GoFile
from gopatch.splice import Splice

__all__ = ["UnwritableError", "edits_of"]

_RUN = 2  # operands
_OPERATORS = {"if_statement", "parenthesized_expression", "unary_expression", BINARY}


def edits_of(pattern: Pattern, match: Match, file: GoFile) -> list[Splice]:
    """What `pattern` does at `match`, in coordinates of the file's bytes."""
    pattern = pattern_at(pattern, match)
    place = Place(pattern, match, file)
    _refuse_nothing(place)
    opening, closing = _parens(place)
    found: list[Splice] = closing
    for run in runs_at(pattern, match):
        found += _run(place, run)
    found += torn_comments(place, found)
    # What stands behind something comes before all else that is put there.
    behind, others = (
        [edit for edit in comment_edits(place, behind=is_behind) if not _is_written(edit, found)]
        for is_behind in (True, False)
    )
    found = _joined(place, [*behind, *found, *others])
    found = _around(place, found + opening)
    found = [edit for edit in found if file.data[edit.start : edit.end] != edit.new]
    return [*found, *saved_comments(place, found)]


def _is_written(comment: Splice, edits: list[Splice]) -> bool:
    """Whether a comment goes or comes with the code round it, which is written anew."""
    return any(
        edit.start < comment.start and comment.end <= edit.end and comment.new.strip() in edit.new
        for edit in edits
    )


def _joined(place: Place, edits: list[Splice]) -> list[Splice]:
    """A comment that goes and the line below or before it are one cut, which leaves one blank line."""
    found: list[Splice] = []
    for edit in sorted(edits, key=lambda e: (e.start, e.end)):
        last = found[-1] if found else None
        if last is not None and last.end == edit.start and _is_row(place, last, edit):
            found[-1] = cut_rows(place, last.start, edit.end)
        elif last is not None and edit.start < last.end and not last.new and not edit.new:
            found[-1] = _cut(place, last.start, max(last.end, edit.end))
        else:
            found.append(edit)
    return found


def _cut(place: Place, start: int, end: int) -> Splice:
    """One cut for two that overlap: of the whole line, where nothing else stands on it."""
    if starts_line(place, start):
        (cut,) = cut_lines(place, start, end)
        return cut
    return Splice(start, end, b"")


def _is_row(place: Place, *edits: Splice) -> bool:
    return all(not e.new and place.data[e.start : e.end].endswith(b"\n") for e in edits)


def _parens(place: Place) -> tuple[list[Splice], list[Splice]]:
    """Parentheses round what stays, where another operator stands beside it now.

    What opens comes behind, and what closes before anything that is put at the same offset.
    """
    opening: list[Splice] = []
    closing: list[Splice] = []
    for old, new in place.pattern.kept:
        met = place.match.met.get(old, ())
        if new.var is None and not new.dots:
            continue
        if place.writer.parens(new, met, old):
            start, end = met[0].start, met[-1].end
            opening.append(
                Splice(start, start, parted(place.data[max(0, start - 1) : start], b"("))
            )
            closing.append(Splice(end, end, b")"))
        elif len(met) < _RUN or operator_of(new) == operator_of(old):
            continue
        opening += _deeper(place, new, met[0].start, met[-1].end)
    return opening, closing


def _deeper(place: Place, new: Node, start: int, end: int) -> Iterator[Splice]:
    """Operands that hold together now stand one tab deeper where their line has been broken already."""
    above = place.data[:start].rstrip(b" \t")
    is_first = new.parent is None or new is new.parent.children[0]
    if is_first or not above.endswith(b"\n"):
        return
    raw = raw_rows(place.data, start, end)
    at = start
    for row in range(1, place.data.count(b"\n", start, end) + 1):
        at = place.data.index(b"\n", at) + 1
        if row not in raw and place.data[at : at + 1] not in (b"\n", b"\r"):
            yield Splice(at, at, b"\t")


def _refuse_nothing(place: Place) -> None:
    """Where one operand at least must stand, `...` cannot stand for none."""
    met = place.match.met
    empty = {new for new, old in place.pattern.pairs if new.dots and not met.get(old)}
    for new in empty:
        parent = new.parent
        if parent is not None and parent.is_chain:
            bare = all(operand in empty for operand in parent.children[::2])
        else:
            root = parent is None and place.pattern.style == "expression"
            bare = root or (parent is not None and parent.kind in _OPERATORS)
        if bare:
            raise UnwritableError(
                "`...` stands for nothing here, and nothing else would be left", place.match.start
            )


def _around(place: Place, edits: list[Splice]) -> list[Splice]:
    """Parentheses round the whole place, where its own operator binds less than it did."""
    if place.pattern.style != "expression" or not edits or not place.pattern.plus:
        return edits
    node, start, end = place.pattern.plus[0], place.match.start, place.match.end
    if node.var is not None or not needs_parens(node, place.writer.outer):
        return edits
    whole = next((edit for edit in edits if (edit.start, edit.end) == (start, end)), None)
    if whole is not None:
        return [whole._replace(new=b"(" + whole.new.strip(b" ") + b")")]
    return [Splice(start, start, b"("), *edits, Splice(end, end, b")")]


def _run(place: Place, run: NodeRun) -> Iterator[Splice]:
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
