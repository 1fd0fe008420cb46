"""Edits made, and what they touched laid out as gofmt would, where it had been so before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from gopatch.go.behind import behind
from gopatch.go.bodies import unfold
from gopatch.go.closed import close_lists
from gopatch.go.directives import part_directives
from gopatch.go.gofmt import realign
from gopatch.go.labels import hang_labels
from gopatch.go.needless import strip_parens
from gopatch.go.parted import part
from gopatch.go.ranges import Ranges
from gopatch.go.spacing import respace
from gopatch.go.tree import GoFile, edited
from gopatch.splice import Splice

_Layout = Callable[[GoFile, Sequence[tuple[int, int]]], list[Splice]]

_RULES: tuple[_Layout, ...] = (
    strip_parens, close_lists, respace, unfold, hang_labels, part, part_directives, realign, behind,
)  # fmt: skip


class LaidOut(NamedTuple):
    """A file with its edits made; `passes` are the edits of the layout, one pass after the other."""

    file: GoFile
    passes: tuple[list[Splice], ...]


def lay_out(before: GoFile, edits: Sequence[Splice]) -> LaidOut:
    """Splice, then space and align what was touched. Other bytes never change."""
    file = edited(before, edits)
    if len(file.errors()) > len(before.errors()):
        return LaidOut(file, ())  # what parses no more is refused, as it is
    old, new = [(e.start, e.end) for e in edits], written(edits)
    passes: list[list[Splice]] = []
    for rule in _RULES:
        changes = _changes(rule, before, old, file, new)
        if changes:
            file = edited(file, changes)
            new = _moved(new, changes)
        passes.append(changes)
    return LaidOut(file, tuple(passes))


def _changes(
    rule: _Layout,
    before: GoFile,
    old: Sequence[tuple[int, int]],
    file: GoFile,
    new: Sequence[tuple[int, int]],
) -> list[Splice]:
    changes = rule(file, new)
    if changes and rule(before, old):
        # What was there was not gofmt's: only what is new may be laid out.
        ranges = Ranges(new)
        held = [edit for edit in changes if ranges.holds(edit.start, edit.end)]
        changes = held if rule is not unfold or len(held) == len(changes) else []
    return changes


def written(edits: Iterable[Splice]) -> list[tuple[int, int]]:
    """Where the text of `edits` stands once they are made."""
    found: list[tuple[int, int]] = []
    shift = 0
    for edit in sorted(edits):
        start = edit.start + shift
        found.append((start, start + len(edit.new)))
        shift += len(edit.new) - (edit.end - edit.start)
    return found


def _moved(ranges: Sequence[tuple[int, int]], edits: Sequence[Splice]) -> list[tuple[int, int]]:
    """`ranges` after `edits`, grown by what was written at their ends."""
    found: list[tuple[int, int]] = []
    ordered = sorted(edits)
    at = shift = 0
    for start, end in ranges:
        while at < len(ordered) and ordered[at].end < start:
            shift += len(ordered[at].new) - (ordered[at].end - ordered[at].start)
            at += 1
        grown, next_at = shift, at
        while next_at < len(ordered) and ordered[next_at].start <= end:
            grown += len(ordered[next_at].new) - (ordered[next_at].end - ordered[next_at].start)
            next_at += 1
        found.append((start + shift, end + grown))
    return found
