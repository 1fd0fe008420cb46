"""What a port gives where the target's types want something else: in what it changes, and wherever the target
names what it changes.

A source is asked as it was and as it is with the port: only what is wrong with it counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from typing import NamedTuple

from gopatch.backport.changed_types import BothTypes, Changed, rows_in
from gopatch.backport.hidden import hidden
from gopatch.backport.initial import circular
from gopatch.backport.lists import ListedRow
from gopatch.backport.meanings import changed_meanings, other_meanings
from gopatch.backport.mistyped import misfits
from gopatch.backport.paths import is_test
from gopatch.backport.shown_types import ShownTypes
from gopatch.backport.type_reader import Placed
from gopatch.backport.valued import ValuedNodes
from gopatch.go.tree import position


class Unfit(NamedTuple):
    """A value that does not fit: its file, its line, and why."""

    path: str
    line: int
    reason: str


def unfit_in(paths: Sequence[str], types: BothTypes, left: Set[str]) -> Iterator[Unfit]:
    """What does not fit with what some files of one folder are now; `left` are the files that nobody asks."""
    for path in paths:
        yield from _in_file(path, types)
    yield from _elsewhere(paths, types, left)


def meant_otherwise(path: str, origin: str, here: BothTypes, there: BothTypes) -> Iterator[Unfit]:
    """What a file of a port brings, and means something else by the target's types."""
    data = here.new.data(path)
    for at, reason in other_meanings(path, origin, here, there.new):
        yield Unfit(path, position(data, at)[0], reason)


def unmet(found: Sequence[Unfit], others: Iterator[Unfit]) -> list[Unfit]:
    """Those whose reason no others have; these are asked for no longer than that."""
    reasons = {each.reason for each in found}
    while reasons and (other := next(others, None)) is not None:
        reasons.discard(other.reason)
    return [each for each in found if each.reason in reasons]


def _in_file(path: str, types: BothTypes) -> Iterator[Unfit]:
    """What does not fit in the declarations of a file that the change touches."""
    known = {row.text for row in rows_in(types.old, path)}
    rows = [row for row in rows_in(types.new, path) if row.text not in known]
    yield from _worse(path, rows, types)
    for at, reason in circular(path, rows, *types):
        yield Unfit(path, position(types.new.data(path), at)[0], reason)


def _elsewhere(paths: Sequence[str], types: BothTypes, left: Set[str]) -> Iterator[Unfit]:
    """What does not fit any more in declarations that stay as they are, and name what files of a folder declare otherwise now."""
    changed = Changed(paths, types)
    come = set(changed.members_that_come())
    words = {*changed.words(), *come} - {b"_", b"init"}
    if not words:
        return
    named = _any_of(words)
    is_seen = any(word[:1].isupper() for word in words) and not all(map(is_test, paths))
    for other, data in changed.beyond if is_seen else changed.own:
        if other not in left and named.search(data):
            known = {row.text for row in rows_in(types.old, other)}
            rows = [r for r in rows_in(types.new, other) if named.search(r.text)]
            yield from _worse(other, [row for row in rows if row.text in known], types, come)


def _any_of(words: Set[bytes]) -> re.Pattern[bytes]:
    found = b"|".join(map(re.escape, sorted(words)))
    return re.compile(rb"\b(?:%s)(?:(?<=\{)|\b)" % found)


def _worse(
    path: str, rows: list[ListedRow], types: BothTypes, come: Set[bytes] = frozenset()
) -> Iterator[Unfit]:
    """What is wrong in some declarations of a file, and was not in it; `come` are the fields and methods that may hide others."""
    found = [
        fault
        for values in _valued(types.new, path, rows)
        for fault in (
            *misfits(values),
            *hidden(values, come, types),
            *changed_meanings(values, types),
        )
    ]
    if not found:
        return
    old = _valued(types.old, path, rows_in(types.old, path))
    known = {reason for values in old for _, reason in misfits(values)}
    data = types.new.data(path)
    for at, reason in found:
        if reason not in known:
            yield Unfit(path, position(data, at)[0], reason)


def _valued(types: ShownTypes, path: str, rows: Iterable[ListedRow]) -> Iterator[ValuedNodes]:
    place = types.place(path)
    return (ValuedNodes(types, Placed(place, node)) for row in rows for node in row.nodes)
