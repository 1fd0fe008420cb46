"""What changed between two releases for our patch: an earlier file of it against a port of today.

An earlier file tells its edits and their forms in its header, and where they were in its diff: an
edit is found again by the lines that it adds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from gopatch.port.outcome import Outcome, Port, Road
from gopatch.source.diffs import FileDiff
from gopatch.source.generated import Own
from gopatch.source.roots import Roots
from gopatch.splice import FileChange

EditChange = Literal["same", "moved", "other form", "other lines", "came", "gone"]
RoadChange = Literal["same", "came", "gone"]
_MIN = 4  # characters: a shorter line tells nothing


class EditNews(NamedTuple):
    """What became of an edit: where it is and was, which form it has and had; "" for unknown."""

    edit: str
    change: EditChange
    now: str = ""
    was: str = ""
    reason: str = ""


class RoadNews(NamedTuple):
    """What became of a road; `reason` says why it is gone."""

    road: str
    change: RoadChange
    reason: str = ""


class News(NamedTuple):
    """All that changed. `roads` is empty where the earlier file does not tell its edits."""

    edits: tuple[EditNews, ...]
    roads: tuple[RoadNews, ...]


def news(port: Port, roads: Iterable[Road], old: Own, before: Iterable[FileDiff]) -> News:
    """What is new in `port` against the file `old`, whose diff is `before`."""
    forms = dict(old.edits)
    was = _added(before)
    steps = {step.edit: _parts(port.roots, step.changes) for step in port.steps}
    edits = tuple(
        found
        for outcome in port.outcomes
        if (found := _edit(outcome, steps.get(outcome.edit, ()), forms, was)) is not None
    )
    known = {outcome.edit for outcome in port.outcomes}
    lost = (EditNews(name, "gone", was=form) for name, form in forms.items() if name not in known)
    return News((*edits, *lost), tuple(_roads(roads, old.roads)) if forms else ())


class _AddedPart(NamedTuple):
    """What an edit adds to a file, and the file's path in the source and in its tree."""

    path: str
    below: str
    lines: Counter[bytes]


def _parts(roots: Roots, changes: Iterable[FileChange]) -> list[_AddedPart]:
    return [
        _AddedPart(c.path, _below(roots, c.path), _lines(c.after) - _lines(c.before))
        for c in changes
    ]


def _below(roots: Roots, path: str) -> str:
    """The path below the tree that it is in: another release's has another name."""
    folders = sorted(filter(None, (roots.engine, roots.cli)), key=len, reverse=True)
    return next((path[len(f) + 1 :] for f in folders if path.startswith(f"{f}/")), path)


def _added(diffs: Iterable[FileDiff]) -> dict[str, Counter[bytes]]:
    """The lines that a diff adds, by file; its first folder is `a` or `b`."""
    found: dict[str, Counter[bytes]] = {}
    for diff in diffs:
        lines = found.setdefault(diff.name.partition("/")[2], Counter())
        for hunk in diff.hunks:
            lines += _lines(hunk.new) - _lines(hunk.old)
    return found


def _lines(data: bytes | None) -> Counter[bytes]:
    lines = (line.strip() for line in (data or b"").split(b"\n"))
    return Counter(line for line in lines if len(line) >= _MIN)


def _edit(
    outcome: Outcome,
    parts: Sequence[_AddedPart],
    forms: Mapping[str, str],
    was: Mapping[str, Counter[bytes]],
) -> EditNews | None:
    """What became of one edit, None for one that neither release needs."""
    name, form = outcome.edit, (outcome.variant or "").replace(", ", ",")
    if outcome.status != "applied":
        gone = EditNews(name, "gone", was=forms.get(name, ""), reason=outcome.reason)
        return gone if name in forms else None
    homes = [(part, *_home(part.lines, part.below, was)) for part in parts]
    shared = sum(many for _, _, many in homes)
    if name not in forms and (forms or not shared):
        return EditNews(name, "came", form)
    if forms and forms[name] != form:
        return EditNews(name, "other form", form, forms[name])
    moved = [(p.path, home) for p, home, many in homes if many and not _is(home, p.below)]
    if moved:
        return EditNews(
            name, "moved", *(", ".join(sorted(set(side))) for side in zip(*moved, strict=True))
        )
    whole = shared == sum(part.lines.total() for part in parts)
    paths = ", ".join(part.path for part in parts)
    return EditNews(name, "same" if whole else "other lines", paths)


def _home(lines: Counter[bytes], path: str, was: Mapping[str, Counter[bytes]]) -> tuple[str, int]:
    """The file of the earlier patch that has most of these lines, and how many; its own goes first."""
    best, most = path, 0
    for other in sorted(was, key=lambda name: not _is(name, path)):
        many = (was[other] & lines).total()
        if many > most:
            best, most = other, many
    return best, most


def _is(name: str, path: str) -> bool:
    """Whether a file of the earlier patch is the one at a path below its tree."""
    return name == path or name.endswith(f"/{path}")


def _roads(roads: Iterable[Road], had: tuple[str, ...]) -> Iterator[RoadNews]:
    """Which roads the patch opens that it did not, and the other way round."""
    for road in roads:
        if road.outcome == "reached":
            yield RoadNews(road.name, "same" if road.name in had else "came")
        elif road.name in had:
            yield RoadNews(road.name, "gone", road.reason)
