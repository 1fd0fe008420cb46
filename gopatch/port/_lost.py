"""What is handed out and loses its rail on the way there: built anew without its mark, or used where it is made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from gopatch.go.tree import position
from gopatch.port._opening import Leak, leaks
from gopatch.port._own_files import beside, holding
from gopatch.port._rebuilt import BuiltAnew, Marked, makers_in, rebuilt
from gopatch.port._task import Task
from gopatch.port._work import Work
from gopatch.port.callers import Caller, Looks
from gopatch.recipe.declared_roads import Handout


class Lost(NamedTuple):
    """A place where addresses get away from their rail, and what is done there.

    It is on the way of all roads where the function around it gives addresses to its callers.
    """

    caller: Caller
    gives: bool
    said: str


def lost(task: Task, work: Work, handout: Handout) -> Iterator[Lost]:
    """The places of the engine's own files; none where the guards go by no mark."""
    type, _, mark = handout.marked.partition(".")
    if type:
        marked = Marked(type, mark, frozenset(handout.names))
        files = holding(task, work, handout.words)
        yield from _built_anew(task, work, marked, handout, files)
        yield from _used(task, work, marked, handout, files)


def _built_anew(
    task: Task, work: Work, marked: Marked, handout: Handout, files: list[str]
) -> Iterator[Lost]:
    made: dict[str, frozenset[str]] = {}
    for path in files:
        folder = path.rpartition("/")[0]
        made[folder] = made.get(folder, frozenset()) | makers_in(work.read(task, path), marked)
    exported = frozenset(name for names in made.values() for name in names if name[:1].isupper())
    said = (
        f"builds `{marked.type}` anew of another, without `{marked.mark}`, by which its rail goes"
    )
    for path in files:
        makers = made[path.rpartition("/")[0]] | exported
        for one in rebuilt(work.read(task, path), marked, makers, frozenset(handout.guards)):
            yield Lost(_caller(task, work, path, one), one.gives, said)


def _used(
    task: Task, work: Work, marked: Marked, handout: Handout, files: list[str]
) -> Iterator[Lost]:
    """Where the function that opens an address does more with it than to give it to its callers."""
    guards = frozenset(handout.guards)
    said = f"opens `{marked.type}` and gives it to others than its callers, who have the rails"
    for path in files:
        looks = Looks(beside(task, path), lambda path: work.read(task, path), guards)
        for one in leaks(work.read(task, path), marked, guards):
            if one.needs is None or not looks.are_so(path.rpartition("/")[0], one.needs):
                yield Lost(_caller(task, work, path, one), True, said)


def _caller(task: Task, work: Work, path: str, one: BuiltAnew | Leak) -> Caller:
    site = work.site(task, path, *position(work.read(task, path), one.at))
    return Caller(*site, one.function, "")
