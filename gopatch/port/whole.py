"""Whole or refused: what a port opens without its rail, told from the tree that it leaves."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, MutableMapping, Sequence, Set
from typing import NamedTuple

from gopatch.port._known import states
from gopatch.port._lost import lost
from gopatch.port._own_files import beside, holding, linked
from gopatch.port._task import Task
from gopatch.port._work import Work
from gopatch.port.callers import Caller, Callers, callers, uses
from gopatch.port.outcome import Outcome, Road, Site
from gopatch.recipe.declared_roads import Handout, PatchRoad
from gopatch.source.roots import with_packages

_MADE = ("applied", "already")
_ACCEPTED = "no rail guards it: accepted by --leave"


class Unguarded(NamedTuple):
    """A caller that an edit opens plain HTTP for, and no rail guards.

    `road` is the one that knows it, or the caller's own name, "" where it cannot be left; `rail` is that road's, "" where none is. `lost`
    says how what it takes loses its rail, "" where it has none, and `advice` what to do then.
    """

    caller: Caller
    edit: str
    road: str
    rail: str = ""
    lost: str = ""
    advice: str = ""

    @property
    def site(self) -> Site:
        return Site(*self.caller[:3])


def unguarded(task: Task, work: Work, outcomes: Sequence[Outcome]) -> list[Unguarded]:
    """All that is opened and not guarded, left roads among them.

    Rails that the selection leaves out are not missed: their road is.
    """
    made = {outcome.edit: outcome for outcome in outcomes if outcome.status in _MADE}
    found: list[Unguarded] = []
    for handout in task.patch.handouts:
        edit = next((name for name in handout.opened if name in made), None)
        if edit is not None:
            found += _of_handout(task, work, handout, edit)
    past = (_getting_past(one, made.get(one.rail)) for one in found)
    return _told_apart(list(past), {road.name for road in task.patch.roads})


def _getting_past(one: Unguarded, rail: Outcome | None) -> Unguarded:
    """The same, where its rail stands in its file and something gets past it."""
    if rail is None or all(site.path != one.caller.path for site in rail.sites):
        return one
    took = f"uses what `{one.caller.name}` gives before its rail `{one.rail}`, or beside it"
    return one._replace(lost=took, advice="do no more than look at an address before its rail")


def _told_apart(found: list[Unguarded], roads: Set[str]) -> list[Unguarded]:
    """Callers that no road knows go by their names, and where several packages have one, by the folder, too."""
    folders: dict[str, set[str]] = {}
    for one in found:
        folders.setdefault(one.road, set()).add(_folder(one))
    return [
        one._replace(road=f"{_folder(one)}.{one.road}")
        if one.road and one.road == one.caller.function not in roads and len(folders[one.road]) > 1
        else one
        for one in found
    ]


def _folder(one: Unguarded) -> str:
    return one.caller.path.rpartition("/")[0]


def _of_handout(task: Task, work: Work, handout: Handout, edit: str) -> Iterator[Unguarded]:
    found = _callers(task, work, handout)
    wanted = {road.rail for road in task.patch.roads} & {e.name for e in task.patch.edits}
    if wanted:
        for path in linked(task):
            yield Unguarded(Caller(path, 1, 1, "", ""), edit, path)
    for caller in found:
        road = _road_of(task, caller.path, with_folders=not handout.guards)
        if caller.broken:
            yield Unguarded(caller, edit, road.name if road else caller.path)
        elif not (caller.guarded or _is_closed(task, caller)):
            if handout.guards and road is not None and road.rail in wanted | {""}:
                yield Unguarded(caller, edit, road.name, road.rail)
            elif road is None and wanted:
                yield Unguarded(caller, edit, caller.function or caller.path)
    for one in lost(task, work, handout) if wanted else ():
        path, name = one.caller.path, one.caller.function or one.caller.path
        road = None if one.gives else _road_of(task, path, with_folders=False)
        told = (road.name if road else name) if one.compiles else ""
        yield Unguarded(one.caller, edit, told, lost=one.said, advice=one.advice)


def _callers(task: Task, work: Work, handout: Handout) -> list[Caller]:
    """All who take what a handout gives, from it or from what hands that on."""
    files = holding(task, work, handout.names)
    given = _known(task, work, handout, files)
    while more := [path for path in _holding_more(task, work, given) if path not in files]:
        files += more
        given = _known(task, work, handout, files)
    return [_as_in_source(task, work, caller) for caller in given.found]


def _as_in_source(task: Task, work: Work, caller: Caller) -> Caller:
    """A caller by the line that it had before any edit."""
    return caller._replace(line=work.site(task, *caller[:3]).line)


def _holding_more(task: Task, work: Work, given: Callers) -> Iterator[str]:
    """The files that may have callers of what hands on, and functions that are given addresses."""
    yield from holding(task, work, given.wrappers)
    for folder, name in given.asked:
        package = beside(task, f"{folder}/" if folder else "")
        yield from (path for path in package if name.encode() in work.read(task, path))


def _known(task: Task, work: Work, handout: Handout, files: Sequence[str]) -> Callers:
    """The callers in some files; known once for the same ones."""

    def read(path: str) -> bytes:
        return work.read(task, path)

    def told() -> Callers:
        if not handout.guards:
            return Callers(uses(files, read, handout.names))
        return callers(files, read, handout.names, handout.guards)

    there = states(task, work, files)
    known: MutableMapping[Hashable, Callers] = task.memo.kept_of(handout)
    if there is None:
        return told()
    if there not in known:
        known[there] = told()
    return known[there]


def _road_of(task: Task, path: str, *, with_folders: bool) -> PatchRoad | None:
    """The road that knows a caller by its file, or by the folder, for a fork may have named files anew."""
    root = task.roots.engine or ""
    widen = with_packages if with_folders else tuple
    return next(
        (
            road
            for road in task.patch.roads
            if any(path in task.glob(root, pattern) for pattern in widen(road.callers))
        ),
        None,
    )


def _is_closed(task: Task, caller: Caller) -> bool:
    """Whether the patch says why no edit opens a road for this caller, and that is so: it gives up with the first."""
    root = task.roots.engine or ""
    return not caller.goes_on and any(
        caller.function in mark.anchors
        and caller.name in mark.calls
        and any(caller.path in task.glob(root, pattern) for pattern in mark.files)
        for road in task.patch.roads
        for way in road.ways
        if way.closed
        for mark in way.marks
    )


def held_against(
    task: Task, found: Sequence[Unguarded], outcomes: Sequence[Outcome]
) -> list[Outcome]:
    """The outcomes, where what opens something that is not guarded has failed."""
    leave = task.patch.selection.leave
    bad = [one for one in found if one.caller.broken or one.road not in leave]
    return [
        _failed(outcome, [one for one in bad if one.edit == outcome.edit], leave)
        for outcome in outcomes
    ]


def _failed(outcome: Outcome, bad: Sequence[Unguarded], leave: Sequence[str]) -> Outcome:
    if not bad:
        return outcome
    sites = tuple(dict.fromkeys(one.site for one in bad))
    named = [(one.caller.function, one.road) for one in bad if one.road != one.caller.function]
    several = dict.fromkeys(name for name, _ in named if name in leave)
    told = (
        f"`--leave {name}` is several: {', '.join(dict.fromkeys(r for n, r in named if n == name))}"
        for name in several
    )
    reason = "; ".join(dict.fromkeys((*told, *(_reason(one) for one in bad))))
    return outcome._replace(status="failed", sites=sites, reason=reason, hint=_hint(bad))


def _reason(one: Unguarded) -> str:
    caller = one.caller
    if caller.broken:
        said = f"the file speaks of `{caller.name}`" if caller.name else "the file is cut off"
        return f"{one.site}: the Go here does not parse, and {said}"
    who = f"`{caller.function}`" if caller.function else "the package"
    if one.lost:
        return f"{one.site}: {who} {one.lost}"
    if not caller.name:
        return f"{caller.path}: a link, and links are not followed: whoever asks a registry in it would have no rail"
    what = f"{one.site}: {who} uses what `{caller.name}` gives"
    if one.rail:
        return f"{what}, and the road `{one.road}` would be opened without its rail `{one.rail}`"
    return f"{what}, a road that no edit of the patch knows: it would be opened without a rail"


def _hint(bad: Sequence[Unguarded]) -> str:
    if any(one.caller.broken for one in bad):
        return "mend that file first"
    links = all(not one.caller.name and not one.lost for one in bad)
    names = ",".join(dict.fromkeys(one.road for one in bad))
    leave = f"`--leave {names}` accepts plain HTTP there, even after the registry has answered over HTTPS"
    advice = [*dict.fromkeys(filter(None, (one.advice for one in bad)))]
    if links:
        advice.append("put what it leads to in its place")
    return ", or ".join((*advice, *([leave] if all(one.road for one in bad) else ())))


def said_to_be_left(
    roads: Sequence[Road], task: Task, found: Sequence[Unguarded]
) -> tuple[Road, ...]:
    """The roads, where those say so that are opened without a rail because that was accepted by name.

    What no road of the patch is becomes one of its own.
    """
    leave = task.patch.selection.leave
    named: dict[str, list[Unguarded]] = {}
    for one in found:
        if one.road in leave and not one.caller.broken:
            named.setdefault(one.road, []).append(one)
    known = [_bare(road, named[road.name]) if road.name in named else road for road in roads]
    names = {road.name for road in task.patch.roads}
    others = [
        _bare(Road(name, f"{name}, which no road of the patch knows", "reached"), bare)
        for name, bare in named.items()
        if name not in names
    ]
    return (*known, *others)


def _bare(road: Road, bare: Sequence[Unguarded]) -> Road:
    edits = road.edits or tuple(dict.fromkeys(one.edit for one in bare))
    sites = tuple(dict.fromkeys((*road.sites, *(one.site for one in bare))))
    return road._replace(outcome="reached", edits=edits, sites=sites, reason=_ACCEPTED)
