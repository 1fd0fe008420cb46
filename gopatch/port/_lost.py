"""What is handed out and loses its rail on the way there: built anew without its mark, or used where it is made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import reduce
from typing import NamedTuple

from gopatch.go.tree import position
from gopatch.port._address_types import AddressTypes, types_in
from gopatch.port._by_name import ByName, called_by_name
from gopatch.port._opening import Leak, leaks
from gopatch.port._other_types import OtherType, alike_in, fields_in, other_types
from gopatch.port._own_files import beside, holding
from gopatch.port._rebuilt import BuiltAnew, Marked, makers_in, rebuilt
from gopatch.port._task import Task
from gopatch.port._work import Work
from gopatch.port.callers import Caller, Looks
from gopatch.recipe.declared_roads import Handout

_WHOLE = "give on the whole of what was looked up"


class Lost(NamedTuple):
    """A place where addresses get away from their rail, and what is done there.

    It is on the way of all roads where the function around it gives addresses to its callers. One that no
    longer `compiles` cannot be left.
    """

    caller: Caller
    gives: bool
    said: str
    advice: str = _WHOLE
    compiles: bool = True


def lost(task: Task, work: Work, handout: Handout) -> Iterator[Lost]:
    """The places of the engine's own files; none where the guards go by no mark."""
    type, _, mark = handout.marked.partition(".")
    if type:
        marked = Marked(type, mark, frozenset(handout.names), AddressTypes(frozenset({type})))
        files = holding(task, work, handout.words)
        types, more = _types(task, work, marked.known, files)
        here = {path: marked._replace(known=types(path)) for path in more}
        yield from _built_anew(task, work, marked, handout, here)
        yield from _used(task, work, marked, handout, files)
        yield from _named(task, work, marked, files)
        yield from _others(task, work, marked, here)


def _built_anew(
    task: Task, work: Work, marked: Marked, handout: Handout, files: Mapping[str, Marked]
) -> Iterator[Lost]:
    made: dict[str, frozenset[str]] = {}
    for path in files:
        folder = path.rpartition("/")[0]
        made[folder] = made.get(folder, frozenset()) | makers_in(work.read(task, path), files[path])
    exported = frozenset(name for names in made.values() for name in names if name[:1].isupper())
    said = (
        f"builds `{marked.type}` anew of another, without `{marked.mark}`, by which its rail goes"
    )
    for path in files:
        makers = made[path.rpartition("/")[0]] | exported
        for one in rebuilt(work.read(task, path), files[path], makers, frozenset(handout.guards)):
            yield Lost(_caller(task, work, path, one), one.gives, said)


def _types(
    task: Task, work: Work, known: AddressTypes, files: list[str]
) -> tuple[Callable[[str], AddressTypes], list[str]]:
    """The types that the packages of some files know, by a file's path; with the files that speak of those alone."""
    found: dict[str, AddressTypes] = {}

    def of(path: str) -> AddressTypes:
        others = (each.exported() for each in found.values())
        return reduce(AddressTypes.with_more, others, found.get(path.rpartition("/")[0], known))

    seen: dict[str, AddressTypes] | None = None
    while found != seen:
        seen = dict(found)
        for path in files:
            folder = path.rpartition("/")[0]
            found[folder] = of(path).with_more(types_in(work.read(task, path), of(path)))
        names = {name for each in found.values() for name in each.types} - known.types
        more = holding(task, work, tuple(sorted(names))) if names else ()
        files = list(dict.fromkeys((*files, *more)))
    return of, files


def _used(
    task: Task, work: Work, marked: Marked, handout: Handout, files: list[str]
) -> Iterator[Lost]:
    """Where the function that opens an address does more with it than to give it to its callers."""
    guards = frozenset(handout.guards)
    given = f"opens `{marked.type}` and gives it to others than its callers, who have the rails"
    unled = f"opens `{marked.type}` where HTTPS may not come before it: its rail would not know whether that answers"
    for path in files:
        looks = Looks(beside(task, path), lambda path: work.read(task, path), guards)
        for one in leaks(work.read(task, path), marked, guards):
            if one.needs is None or not looks.are_so(path.rpartition("/")[0], one.needs):
                said, advice = (
                    (unled, "offer HTTPS first, always") if one.unled else (given, _WHOLE)
                )
                yield Lost(_caller(task, work, path, one), True, said, advice)


def _named(task: Task, work: Work, marked: Marked, files: list[str]) -> Iterator[Lost]:
    """Where what hands out addresses may be called in a way that no name of Go tells."""
    for path in files:
        for one in called_by_name(work.read(task, path), marked.givers):
            how = f"names `{one.name}` in a text" if one.name else "calls a method by reflection"
            said = f"{how}: whoever is asked with what that may give would have no rail"
            yield Lost(_caller(task, work, path, one), False, said, "call it by its name")


def _others(task: Task, work: Work, marked: Marked, files: Mapping[str, Marked]) -> Iterator[Lost]:
    """Where what is handed out would be of another type, which has no rail: the port would not compile."""
    texts = {path: work.read(task, path) for path in files}
    fields = frozenset[bytes]().union(*(fields_in(data, marked.type) for data in texts.values()))
    there = (alike_in(data, fields - {marked.mark.encode()}) for data in texts.values())
    alike = frozenset[str]().union(*there)
    for path, data in texts.items():
        for one in other_types(data, files[path], alike):
            use = f"use `{marked.type}` itself"
            yield Lost(_caller(task, work, path, one), True, one.said, use, compiles=False)


def _caller(
    task: Task, work: Work, path: str, one: BuiltAnew | ByName | Leak | OtherType
) -> Caller:
    site = work.site(task, path, *position(work.read(task, path), one.at))
    return Caller(*site, one.function, "")
