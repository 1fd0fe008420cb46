"""What the edits of a port declare and does not go with the source, which has the name already: it would not compile.

Told of packages, of structs and of functions, each from what one edit made of a file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from gopatch.go.declaring import package_in
from gopatch.go.tree import DECLARATIONS, GROUPS, GoFile, Syntax, parse, position, receiver
from gopatch.port._functions import Functions
from gopatch.port._one_function import OneFunction
from gopatch.port._outgrown import growths, outgrown
from gopatch.port._own_files import files_with
from gopatch.port._task import Task
from gopatch.port._work import Work
from gopatch.port.outcome import Outcome, Site, Step

_MANY = frozenset({b"_", b"init"})  # what may be declared as often as one likes
_STRUCTS = frozenset({"struct_type"})

Member = tuple[bytes, bytes]
"""The type that a method is of, b"" for what is none, and the name."""


class Clash(NamedTuple):
    """A place of the source that does not go with what an edit declares, and what is wrong there."""

    site: Site
    said: str


def _again(name: bytes, site: Site) -> Clash:
    told = name.decode(errors="replace")
    return Clash(site, f"`{told}` is there already, and the edit declares it")


def held_apart(
    task: Task, work: Work, steps: Sequence[Step], outcomes: Sequence[Outcome]
) -> list[Outcome]:
    """The outcomes, where what declares a name that is there already has failed."""
    grown = {step.edit: tuple(g for c in _of_go(step) for g in growths(*c)) for step in steps}
    unfit = list(outgrown(task, work, dict.fromkeys(g for each in grown.values() for g in each)))
    found = {
        step.edit: [
            *_clashes(task, work, step),
            *(Clash(site, said) for one, site, said in unfit if one in grown[step.edit]),
        ]
        for step in steps
    }
    return [_failed(each, list(dict.fromkeys(found.get(each.edit, [])))) for each in outcomes]


def _of_go(step: Step) -> Iterator[tuple[str, bytes, bytes]]:
    """The Go files that a step changes or adds: the path, what was there, and what is."""
    for path, before, after in (change[:3] for change in step.changes):
        if path.endswith(".go") and after is not None:
            yield path, before or b"", after


def _failed(outcome: Outcome, clashes: Sequence[Clash]) -> Outcome:
    if not clashes:
        return outcome
    told = (f"{one.site}: {one.said}" for one in clashes)
    sites = tuple(one.site for one in clashes)
    hint = "give that another name, or another form"
    return outcome._replace(status="failed", sites=sites, reason="; ".join(told), hint=hint)


def _clashes(task: Task, work: Work, step: Step) -> Iterator[Clash]:
    for path, before, after in _of_go(step):
        yield from _in_package(task, work, path, before, after)
        for name, at in _inside(before, after):
            yield _again(name, Site(path, *position(before, at)))


# Of the package -------------------------------------------------------------------------------


def _in_package(task: Task, work: Work, path: str, before: bytes, after: bytes) -> Iterator[Clash]:
    old, new = _members(before), _members(after)
    come = {one for one in new.keys() - old.keys() if one[1] not in _MANY}
    if not come:
        return
    words = tuple(sorted({name.decode(errors="replace") for _, name in come}))
    for other in files_with(task, path.rpartition("/")[0], words):
        data = work.read(task, other)
        there = _members(data) if other != path else {}
        again = sorted(come & there.keys())
        if again and package_in(parse(data)) == package_in(parse(after)):
            yield from (_again(one[1], Site(other, *position(data, there[one]))) for one in again)


@lru_cache(maxsize=256)
def _members(data: bytes) -> dict[Member, int]:
    """What a file declares at its top, with the places."""
    return {
        (receiver(node) or b"", name.text): name.start
        for top in parse(data).root.children
        for node in _declarations(top)
        for name in node.names()
    }


def _declarations(top: Syntax) -> Iterator[Syntax]:
    """A function, or the rows of a declaration or a group."""
    if top.kind in DECLARATIONS:
        yield top
    elif top.kind in GROUPS:
        rows = (row for part in top.children for row in (part, *part.children))
        yield from (row for row in rows if row.kind in DECLARATIONS)


# Of structs and functions ---------------------------------------------------------------------


@lru_cache(maxsize=256)
def _inside(before: bytes, after: bytes) -> tuple[tuple[bytes, int], ...]:
    """Names that come twice in a struct, or into a function that has them: where they are in `before`."""
    if not before:
        return ()
    old, new = parse(before), parse(after)
    return (*_fields(old, new), *_locals(Functions(old), Functions(new)))


def _fields(old: GoFile, new: GoFile) -> Iterator[tuple[bytes, int]]:
    twice = _twice(new) - _twice(old)
    for node in old.nodes(_STRUCTS) if twice else ():
        yield from ((one.text, one.start) for one in _rows(node) if one.text in twice)


def _twice(file: GoFile) -> set[bytes]:
    """The fields that a struct has more than once."""
    counted = (Counter(one.text for one in _rows(node)) for node in file.nodes(_STRUCTS))
    return {name for names in counted for name in names if names[name] > 1} - _MANY


def _rows(struct: Syntax) -> Iterator[Syntax]:
    for part in struct.children:
        for row in part.children:
            if row.kind == "field_declaration":
                yield from row.names()


def _locals(old: Functions, new: Functions) -> Iterator[tuple[bytes, int]]:
    before = {_key(node): node for node in old.whole.values()}
    for node in new.whole.values():
        was = before.get(_key(node))
        if was is not None and was.text != node.text:
            known = _Names(old, was)
            for name in _Names(new, node).declared - known.declared:
                yield from ((name, at) for at in known.places(name)[:1])


def _key(function: Syntax) -> Member:
    return receiver(function) or b"", b"".join(name.text for name in function.names()[:1])


class _Names(OneFunction):
    """The names of one function."""

    @property
    def declared(self) -> Counter[bytes]:
        """What it declares, with how often."""
        nodes = (*self.all.bindings(self.span), *self.all.others(self.span))
        found: Counter[bytes] = Counter()
        for node in nodes:
            if node.kind == "short_var_declaration":
                left = node.field("left")
                parts = [] if left is None else left.children or [left]
                found.update(part.text for part in parts if part.token)
            elif node.kind in ("var_spec", "parameter_declaration"):
                found.update(name.text for name in node.names())
        return found

    def places(self, name: bytes) -> list[int]:
        """Where it has a name by itself, and not as a key or field."""
        keys = {
            node.children[0].start
            for node in self.all.others(self.span)
            if node.kind == "keyed_element"
        }
        return [at for at in self._places.get(name, ()) if at not in keys]
