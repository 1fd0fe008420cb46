"""All places of a change in one file, also those that lie within each other, round by round."""

from __future__ import annotations

import sys
from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from gopatch.engine._layout import lay_out, written
from gopatch.engine._meant import Made, misread
from gopatch.engine.evidence import left_to_do
from gopatch.engine.imports import head_steps, package_edits, refuse_hidden, step_edits
from gopatch.engine.match import Match, Search, find
from gopatch.engine.pattern import Pattern
from gopatch.engine.rewrite import UnwritableError, edits_of
from gopatch.errors import ApplyError
from gopatch.go.ranges import Ranges
from gopatch.go.tree import GoFile, edited
from gopatch.splice import Shift, Splice

_ROUNDS = 1000  # places within places are changed from the inside out, a round each


class Rewritten(NamedTuple):
    """A file with all places of a change made.

    `starts` are where the places are changed first, `edits` what changes there, both in offsets of the
    file as it was and without what alignment moved; `done` are matches that had been made before, `left`
    offsets in the new file of other places where the minus side fits still.
    """

    file: GoFile
    starts: tuple[int, ...]
    edits: tuple[Splice, ...]
    done: list[Match]
    left: tuple[int, ...]


def rewritten(
    pattern: Pattern, file: GoFile, matches: list[Match], path: str, *, careful: bool
) -> Rewritten | None:
    """Make the change at `matches`, and at what they hide; None if that would never end.

    With `careful` what shows the plus side already is left alone.
    """
    todo = left_to_do(pattern, file, matches) if careful else matches
    kept = {id(match) for match in todo}
    work = _RoundsWork(file)
    rest = matches
    before = len(file.data)
    for _ in range(_ROUNDS):
        if not todo:
            break
        taken = _disjoint(pattern, work.file, todo, path)
        if not taken.edits:
            break
        _refuse_misread(pattern, work.file, taken, path)
        work.take(taken.edits, [*(made.match for made in taken.made), *taken.left])
        if len(work.file.errors()) > len(file.errors()):
            rest = []  # what does not parse is refused as a whole
            break
        rest = find(Search.minus(pattern), work.file)
        todo = left_to_do(pattern, work.file, rest)
        if not careful and len(todo) < len(rest):
            return None
        if len(work.file.data) > 2 * before + 4096:
            return None
    else:
        return None
    if work.change_head(pattern, matches, path):
        rest = find(Search.minus(pattern), work.file) if rest else []
    rest = [match for match in rest if not work.has_made(match)]
    left = tuple(_first(pattern, match, work.file) for match in rest)
    done = [match for match in matches if id(match) not in kept]
    return Rewritten(work.file, tuple(work.starts), tuple(work.edits), done, left)


def _first(pattern: Pattern, match: Match, file: GoFile) -> int:
    try:
        return min((edit.start for edit in edits_of(pattern, match, file)), default=match.start)
    except UnwritableError:
        return match.start


class _RoundsWork:
    """A file on its way, and what was changed of it in offsets of the file as it was."""

    def __init__(self, file: GoFile) -> None:
        self.file = self._first = file
        self.starts: list[int] = []
        self.edits: list[Splice] = []
        self._shifts: list[Shift] = []

    def take(self, edits: list[Splice], matches: Iterable[Match]) -> None:
        """Make the edits of one round."""
        begins = sorted(edit.start for edit in edits)
        known = set(self.starts)
        for match in matches:
            at = bisect_left(begins, match.start)
            inside = at < len(begins) and begins[at] <= match.end
            start = self._before(begins[at] if inside else match.start)
            if start is not None and start not in known:
                self.starts.append(start)
                known.add(start)
        self.edits += self._new(edits)
        self._align(edits)

    def change_head(self, pattern: Pattern, matches: Sequence[Match], path: str) -> bool:
        """Change package and imports; alone they stand for the places of the rest."""
        bound, old = matches[0].bound, self.file
        try:
            self._align(list(package_edits(pattern, bound, self.file)))
            for step in head_steps(pattern, self.file):
                self._align(step_edits(step, bound, self.file))
            refuse_hidden(pattern, self._first, self.file)
        except UnwritableError as why:
            at = self._before(why.offset)
            there = UnwritableError(str(why), matches[0].start if at is None else at)
            hint = "look at the imports of that file"
            raise _refused(there, self._first, path, hint) from None
        if self.file is not old:
            self.starts = self.starts or [match.start for match in matches]
        return self.file is not old

    def has_made(self, match: Match) -> bool:
        """Whether a match in the file as it is now begins in what was written, where it fits once more."""
        return self._before(match.start) in (None, *self.starts)

    def _align(self, edits: list[Splice]) -> None:
        if not edits:
            return
        laid = lay_out(self.file, edits)
        self.file = laid.file
        self._shifts += [Shift(edits), *map(Shift, laid.passes)]

    def _before(self, offset: int) -> int | None:
        found: int | None = offset
        for shift in reversed(self._shifts):
            found = None if found is None else shift.before(found)
        return found

    def _new(self, edits: list[Splice]) -> list[Splice]:
        """The edits that speak of bytes which no round has changed yet."""
        if not self._shifts:
            return edits
        claimed = Ranges((edit.start, edit.end) for edit in self.edits)
        found = []
        for edit in edits:
            start, end = self._before(edit.start), self._before(edit.end)
            if start is not None and end is not None and not claimed.touches(start, end):
                found.append(Splice(start, end, edit.new))
        return found


class _Taken(NamedTuple):
    """The edits of the matches that do not overlap, and the matches that wait for them."""

    edits: list[Splice]
    made: list[Made]
    left: list[Match]


def _disjoint(pattern: Pattern, file: GoFile, matches: list[Match], path: str) -> _Taken:
    """The edits of the matches that hold no other one: places within places go from the inside out."""
    found = [Made(match, _edits(pattern, file, match, path)) for match in matches]
    taken = _Taken([], [], [])
    claimed: list[tuple[int, int]] = []
    for made, inmost in _inmost([made for made in found if made.edits]):
        if inmost and _claim(claimed, made.edits):
            taken.edits.extend(made.edits)
            taken.made.append(made)
        else:
            taken.left.append(made.match)
    if not taken.edits and taken.left:
        # Nothing done is not done already: what fits here cannot be written.
        why = UnwritableError("two parts of the change meet here", taken.left[-1].start)
        raise _refused(why, file, path, "the patch needs another form for this place")
    return taken


def _refused(why: UnwritableError, file: GoFile, path: str, hint: str) -> ApplyError:
    line, column = file.position(why.offset)
    return ApplyError(str(why), path=path, line=line, column=column, hint=hint)


def _inmost(found: list[Made]) -> Iterator[tuple[Made, bool]]:
    """Each place, the last first, and whether it holds no other one."""
    span, floor, inmost = (-1, -1), sys.maxsize, True
    for made in sorted(found, key=lambda m: (m.match.start, -m.match.end), reverse=True):
        match = made.match
        if (match.start, match.end) != span:
            inmost = floor >= match.end
        span, floor = (match.start, match.end), match.start
        yield made, inmost


def _edits(pattern: Pattern, file: GoFile, match: Match, path: str) -> tuple[Splice, ...]:
    _refuse_errors(file, match, path)
    try:
        return tuple(edits_of(pattern, match, file))
    except UnwritableError as why:
        raise _refused(why, file, path, "the patch needs another form for this place") from None


def _refuse_misread(pattern: Pattern, before: GoFile, taken: _Taken, path: str) -> None:
    """What was meant must stand there, before anything is laid out."""
    after = edited(before, taken.edits)
    _refuse_cramped(before, after, taken, path)
    wrong = None if after.errors() else misread(pattern, before, after, taken.made)
    if wrong is not None:
        line, column = before.position(wrong.start)
        raise ApplyError(
            f"the result would say something else than the patch: meant is `{wrong.meant}`, "
            f"Go would read `{wrong.read}`",
            path=path,
            line=line,
            column=column,
            hint="the patch needs another form for this place",
        )


def _refuse_cramped(before: GoFile, after: GoFile, taken: _Taken, path: str) -> None:
    """A block stands on one line or begins with a line of its own."""
    if not any(b"\n" in edit.new for edit in taken.edits):
        return
    for block in after.around(frozenset({"block"}), written(taken.edits)):
        first = block.children[1]
        head = after.data[block.start : first.start]
        if b"\n" in block.text and b"\n" not in head and first.token != b"}":
            line, column = before.position(taken.made[-1].match.start)
            raise ApplyError(
                "several lines come into a block that stands on one",
                path=path,
                line=line,
                column=column,
                hint="the patch needs another form for this place",
            )


def _claim(claimed: list[tuple[int, int]], edits: Iterable[Splice]) -> bool:
    """Add the ranges of `edits` to the sorted ones, unless one of them overlaps."""
    new: list[tuple[int, int]] = []
    for edit in edits:
        span = edit.start, edit.end
        at = bisect_left(claimed, span)
        before, after = claimed[max(at - 1, 0) : at], claimed[at : at + 1]
        if any(end > edit.start for _, end in before) or any(
            start < edit.end for start, _ in after
        ):
            for done in new:
                claimed.remove(done)
            return False
        insort(claimed, span)
        new.append(span)
    return True


def _refuse_errors(file: GoFile, match: Match, path: str) -> None:
    errors = file.errors()
    if not errors:
        return
    low, high = file.declaration(match.start, match.end)
    for start, end in errors:
        if start <= high and low <= end:
            line, column = file.position(start)
            raise ApplyError(
                "the Go around the place of the edit does not parse",
                path=path,
                line=line,
                column=column,
                hint="nothing is written into what cannot be read: if gofmt reads it, it is newer Go "
                "than gopatch knows; else it is broken",
            )
