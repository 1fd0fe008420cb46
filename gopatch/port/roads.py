"""(Port, Source) -> the roads to a registry: which of them the source has, and which the port opens."""

from __future__ import annotations

from collections.abc import Iterator

from gopatch.errors import SourceError, either
from gopatch.go.once import once
from gopatch.go.tree import GoFile, Syntax, declared, parse, position
from gopatch.port._task import Memo, Task
from gopatch.port.outcome import Outcome, Port, Road, RoadStatus, Site
from gopatch.recipe.declared_roads import Mark, PatchRoad, Way
from gopatch.source import Source
from gopatch.source.roots import with_packages

_UNKNOWN = "this source has the road in a form that no edit of the patch is known to open"


def roads(port: Port, source: Source, memo: Memo | None = None) -> tuple[Road, ...]:
    """What becomes of each road of the port's patch on its source, in the patch's order.

    `port` may be of a selection of the patch's edits, come from the cache, or have failed; `source`
    is the one that it was worked out on, with `memo`.
    """
    return roads_of(port, Task(port.patch, source, port.roots, Memo() if memo is None else memo))


def roads_of(port: Port, task: Task) -> tuple[Road, ...]:
    """As `roads`, where the task of the port is still at hand."""
    return tuple(_road(road, port, task) for road in port.patch.roads)


def _road(road: PatchRoad, port: Port, task: Task) -> Road:
    try:
        site = _find(road.mark, task)
        if site is None:
            absent = road.absent or f"nothing declares {either(road.mark.anchors)} here"
            return Road(road.name, road.title, "absent", reason=absent)
        way = next((way for way in road.ways if _fits(way, task)), None)
    except SourceError as error:
        return Road(road.name, road.title, "missed", reason=str(error))
    edits = way.edits if way is not None else ()
    left = ", ".join(f"`{name}`" for name in edits if name in port.patch.left_out)
    reason = _why_not(way, port)
    outcome: RoadStatus = "missed" if reason else "reached"
    opened = () if reason else edits
    return Road(road.name, road.title, outcome, opened, (site,), reason, asked=bool(left))


def _fits(way: Way, task: Task) -> bool:
    return all(_find(mark, task) is not None for mark in way.marks)


def _why_not(way: Way | None, port: Port) -> str:
    """Why a way is not open, "" where it is."""
    if way is None or way.closed:
        return _UNKNOWN if way is None else way.closed
    outcomes = {outcome.edit: outcome for outcome in port.outcomes}
    left_out = [f"`{name}`" for name in way.edits if name not in outcomes]
    if left_out:
        return f"{_listed(left_out)} {'are' if len(left_out) > 1 else 'is'} left out"
    shut = [_shut(outcomes[name]) for name in way.edits]
    if any(shut):
        return "; ".join(filter(None, shut))
    if port.failed and any(outcomes[name].status == "applied" for name in way.edits):
        failed = [f"`{outcome.edit}`" for outcome in port.failed]
        return f"nothing is written, for {_listed(failed)} failed"
    return ""


def _listed(words: list[str]) -> str:
    """As a sentence has them: `a`, `b` and `c`."""
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _shut(outcome: Outcome) -> str:
    """Why an edit opens nothing, "" where it is made or was there already."""
    if outcome.status == "failed":
        return f"`{outcome.edit}` failed"
    if outcome.status == "absent":
        return f"`{outcome.edit}` has nothing to do here: {outcome.reason}"
    return ""


# Where a mark is -----------------------------------------------------------------------------


def _find(mark: Mark, task: Task) -> Site | None:
    """The first place that has the mark."""
    for path in dict.fromkeys(_paths(mark, task)):
        data = task.source.read(path)
        if _holds(data, mark.anchors) and _holds(data, mark.calls):
            at = _place(mark.anchors, mark.calls, data)
            if at is not None:
                return Site(path, *at)
    return None


def _paths(mark: Mark, task: Task) -> Iterator[str]:
    """The files of a mark; for a declaration then the others of their packages."""
    for pattern in with_packages(mark.files) if mark.anchors else mark.files:
        yield from (
            p for p in task.glob(task.roots.engine or "", pattern) if not p.endswith("_test.go")
        )


def _holds(data: bytes, words: tuple[str, ...]) -> bool:
    return not words or any(word.encode() in data for word in words)


@once(1024)
def _place(anchors: tuple[str, ...], calls: tuple[str, ...], data: bytes) -> tuple[int, int] | None:
    """Line and column of the declaration, or of the call where no declaration is asked for.

    Kept, for neighbouring refs have the same files.
    """
    file = parse(data)
    wanted = {name.encode() for name in calls}
    called = _calls(file) if wanted else []
    if not anchors:
        return next((position(data, at) for at, name in called if name in wanted), None)
    known: dict[bytes, list[Syntax]] = {}
    for name, declaration in declared(file):
        known.setdefault(name.text, []).append(declaration)
    for name, declaration in declared(file):
        if name.text.decode(errors="replace") in anchors and (
            not wanted or _gets_to(wanted, declaration, called, known)
        ):
            return position(data, name.start)
    return None


def _gets_to(
    wanted: set[bytes],
    declaration: Syntax,
    called: list[tuple[int, bytes]],
    known: dict[bytes, list[Syntax]],
) -> bool:
    """Whether a declaration calls one of `wanted`, itself or through others of its file."""
    seen: set[bytes] = set()
    todo = [declaration]
    while todo:
        node = todo.pop()
        names = {name for at, name in called if node.start <= at < node.end}
        if names & wanted:
            return True
        todo += [other for name in names - seen for other in known.get(name, [])]
        seen |= names
    return False


def _calls(file: GoFile) -> list[tuple[int, bytes]]:
    """The calls of a file: where, and the function's or method's name, whatever stands before it."""
    return [
        (call.start, call.children[0].text.rpartition(b".")[2].strip())
        for call in file.nodes(frozenset({"call_expression"}))
    ]
