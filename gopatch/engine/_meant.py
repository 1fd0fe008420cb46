"""What was meant is what stands there: the result of a change read again and held against the plus side.

At each place the tree that is read must be the plus side with its metavariables and `...` filled in, and
around the places the tree must be what it was.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from gopatch.engine._attempt import Env, Match, Miss
from gopatch.engine._filled import bare
from gopatch.engine._saved_comments import is_saved
from gopatch.engine.match import fits
from gopatch.engine.pattern import Pattern
from gopatch.go.tree import GoFile, Syntax, elements_of
from gopatch.splice import Splice


class Made(NamedTuple):
    """A place and the edits that were made there."""

    match: Match
    edits: tuple[Splice, ...]


class Misread(NamedTuple):
    """Go would read something else than what was meant: both, the first line of each.

    `start` is where the place begins in the file as it was.
    """

    meant: str
    read: str
    start: int


class _Region(NamedTuple):
    """A place before and after, with all that its edits touched."""

    made: Made
    start: int
    end: int
    new_start: int
    new_end: int


def misread(
    pattern: Pattern, before: GoFile, after: GoFile, made: Sequence[Made]
) -> Misread | None:
    """The first place at which `after` does not say what `pattern` means."""
    regions = _regions(after, made)
    for region in regions:
        wrong = _inside(pattern, after, region)
        if wrong is not None:
            return wrong
    return _outside(pattern, before, after, regions)


def _regions(after: GoFile, made: Sequence[Made]) -> list[_Region]:
    """The places in order; their edits do not overlap."""
    edits = sorted(edit for one in made for edit in one.edits)
    starts, ends = [e.start for e in edits], [e.end for e in edits]
    grown = [0, *accumulate(len(e.new) - (e.end - e.start) for e in edits)]
    found = []
    for one in sorted(made, key=lambda m: (m.match.start, m.match.end)):
        reach = [e for e in one.edits if e.end > one.match.start or not is_saved(e)]
        start = min([one.match.start, *(e.start for e in reach)])
        end = max([one.match.end, *(e.end for e in reach)])
        low = start + grown[bisect_left(starts, start)]
        high = end + grown[max(bisect_left(starts, end), bisect_right(ends, end))]
        text = after.data[low:high]
        low += len(text) - len(text.lstrip())
        high -= len(text) - len(text.rstrip())
        found.append(_Region(one, start, end, low, max(low, high)))
    return found


# At the places -------------------------------------------------------------------------------


def _inside(pattern: Pattern, after: GoFile, region: _Region) -> Misread | None:
    if not pattern.plus:
        return None
    match = region.made.match
    filled = {new: match.met[old] for new, old in pattern.pairs if new.dots and old in match.met}
    env = Env(match.bound, None, 0, filled)
    miss = Miss()
    miss.explain = True
    if any(fits(pattern.plus, found, env, miss) for found in _read(pattern, after, region)):
        return None
    meant = miss.wanted or pattern.plus[0].text
    read = miss.found or _first_line(after.data[region.new_start : region.new_end])
    if meant == read:
        # Two things of one text: what holds the place tells them apart.
        holders = (node.text for node in reversed(after.path(region.new_start, region.new_end)))
        read = next((text for text in map(_first_line, holders) if text != meant), read)
    return Misread(meant, read, region.made.match.start)


def _read(pattern: Pattern, after: GoFile, region: _Region) -> Iterator[list[Syntax]]:
    """What Go reads at a place: the expression that is exactly there, or the statements."""
    start, end = region.new_start, region.new_end
    for node in reversed(after.path(start, end)):
        if pattern.style == "expression":
            if (node.start, node.end) == (start, end):
                yield [node]
                if bare(node) is not node:
                    yield [bare(node)]
        elif node.kind == _holder_kind(region):
            found = [e for e in elements_of(node) if e.start < end and start < e.end]
            lead, trail = _beside(region)
            yield found[lead : len(found) - trail]


def _beside(region: _Region) -> tuple[int, int]:
    """How many elements the edits touch before and behind those of the match: they stay as they are."""
    match = region.made.match
    assert match.holder is not None
    data = match.holder.data
    if not (data[region.start : match.start] + data[match.end : region.end]).strip():
        return 0, 0
    elements = [e for e in elements_of(match.holder) if e.start < region.end]
    lead = [e for e in elements if region.start < e.end <= match.start]
    return len(lead), len([e for e in elements if e.start >= match.end])


def _holder_kind(region: _Region) -> str:
    holder = region.made.match.holder
    return holder.kind if holder is not None else ""


# Around the places ---------------------------------------------------------------------------


class _Around:
    """The places of one round, asked which of them a node holds or is."""

    def __init__(self, regions: Sequence[_Region]) -> None:
        self.regions = regions
        self.starts = [r.start for r in regions]
        self.ends = list(accumulate((r.end for r in regions), max))
        self.new_starts = [r.new_start for r in regions]
        self.places = {(r.made.match.start, r.made.match.end): r for r in regions}
        self.holders = {
            (h.start, h.end, h.kind)
            for h in (r.made.match.holder for r in regions)
            if h is not None
        }

    def touches(self, node: Syntax) -> bool:
        at = bisect_left(self.ends, node.start)
        return at < len(self.ends) and self.starts[at] <= node.end

    def without(self, children: Sequence[Syntax], *, new: bool) -> list[Syntax]:
        """The children that are no part of a place."""
        return [child for child in children if not self._is_part(child, new)]

    def _is_part(self, child: Syntax, new: bool) -> bool:
        starts = self.new_starts if new else self.starts
        at = bisect_left(starts, child.end) - 1
        if at < 0:
            return False
        region = self.regions[at]
        return child.start < (region.new_end if new else region.end)


def _outside(
    pattern: Pattern, before: GoFile, after: GoFile, regions: Sequence[_Region]
) -> Misread | None:
    around = _Around(regions)
    root = pattern.minus[0].kind if pattern.style == "expression" else ""
    todo = [(before.root, after.root)]
    while todo:
        old, new = todo.pop()
        region = around.places.get((old.start, old.end))
        if root and region is not None and old.kind == root:
            if (new.start, new.end) != (region.new_start, region.new_end):
                return _unlike(old, new)
            continue
        if not around.touches(old):
            if old.kind != new.kind or old.end - old.start != new.end - new.start:
                return _unlike(old, new)
            continue
        if old.kind != new.kind or old.token != new.token:
            return _unlike(old, new)
        ours, theirs = old.children, new.children
        if (old.start, old.end, old.kind) in around.holders:
            ours, theirs = around.without(ours, new=False), around.without(theirs, new=True)
        if len(ours) != len(theirs):
            return _unlike(old, new)
        todo += zip(ours, theirs, strict=True)
        old.forget()
        new.forget()
    return None


def _unlike(old: Syntax, new: Syntax) -> Misread:
    return Misread(_first_line(old.text), _first_line(new.text), old.start)


def _first_line(text: bytes) -> str:
    return text.split(b"\n")[0].decode(errors="replace").strip()
