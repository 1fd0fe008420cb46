"""What a port gives where the target's types want something else: in what it changes, and wherever the target
names what it changes.

A source is asked as it was and as it is with the port: only what is wrong with it counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from typing import NamedTuple

from gopatch.backport.changed_types import BothTypes, Changed, rows_in
from gopatch.backport.hidden import hidden
from gopatch.backport.lists import ListedRow
from gopatch.backport.mistyped import misfits
from gopatch.backport.paths import is_test
from gopatch.backport.reached import beyond
from gopatch.backport.shown_types import Placed, ShownTypes
from gopatch.go.tree import position


class Unfit(NamedTuple):
    """A value that does not fit: its file, its line, and why."""

    path: str
    line: int
    reason: str


def unfit(path: str, types: BothTypes) -> Iterator[Unfit]:
    """What does not fit in the declarations of a file that the change touches."""
    known = {row.text for row in rows_in(types.old, path)}
    rows = [row for row in rows_in(types.new, path) if row.text not in known]
    yield from _worse(path, rows, types)


def unfit_elsewhere(paths: Sequence[str], types: BothTypes, left: Set[str]) -> Iterator[Unfit]:
    """What does not fit any more in declarations that stay as they are, and name what files of a folder declare otherwise now."""
    folder = paths[0].rpartition("/")[0]
    side = types.new.side
    changed = Changed(paths, types)
    words = set(changed.words()) - {b"_", b"init"}
    come = set(changed.members_that_come())
    if not words | come:
        return
    named = _any_of(words)
    is_seen = any(w[:1].isupper() for w in words | come) and not all(map(is_test, paths))
    for other, data in beyond(folder, side) if is_seen else side.go_texts(folder):
        if other in left or not (named.search(data) or any(word in data for word in come)):
            continue
        known = {row.text for row in rows_in(types.old, other)}
        same = [row for row in rows_in(types.new, other) if row.text in known]
        yield from _worse(other, [row for row in same if named.search(row.text)], types)
        for at, reason in (f for row in same for f in hidden(other, row, come, types)):
            yield Unfit(other, position(data, at)[0], reason)


def _any_of(words: Set[bytes]) -> re.Pattern[bytes]:
    found = b"|".join(map(re.escape, sorted(words)))
    return re.compile(rb"\b(?:%s)(?:(?<=\{)|\b)" % found if words else rb"(?!)")


def _worse(path: str, rows: list[ListedRow], types: BothTypes) -> Iterator[Unfit]:
    found = [fault for row in rows for fault in _faults(types.new, path, row)]
    if not found:
        return
    old = (_faults(types.old, path, row) for row in rows_in(types.old, path))
    known = {reason for faults in old for _, reason in faults}
    data = types.new.data(path)
    for at, reason in found:
        if reason not in known:
            yield Unfit(path, position(data, at)[0], reason)


def _faults(types: ShownTypes, path: str, row: ListedRow) -> Iterator[tuple[int, str]]:
    place = types.place(path)
    return (fault for node in row.nodes for fault in misfits(types, Placed(place, node)))
