"""Go files -> who takes addresses of a registry there, and whether a guard stands in the way.

What hands out addresses is told by name ([[handout]] in patch.toml). What is found is judged by what
stands there once all edits are made: how they came about plays no part in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property, lru_cache
from typing import NamedTuple

from gopatch.go.once import once
from gopatch.go.tree import DECLARATIONS, MEMBERS, parse, position
from gopatch.port._calls import error_in
from gopatch.port._functions import NAMES, Functions
from gopatch.port._giving import Giving
from gopatch.port._handling import Handling
from gopatch.port._one_function import Look, Need, look_of

_FEW = 32  # names that a file is looked through for, one by one
_WORD = re.compile(rb"[\w\x80-\xff]+")

Read = Callable[[str], bytes]


class Caller(NamedTuple):
    """One place that takes addresses: `function` is the declaration around it, `name` what it uses.

    `guarded` tells whether each loop over them calls a guard, or they are only handed on; `broken`
    that the file does not parse, so that neither can be told (`name` is "" where it is cut off before);
    `goes_on` is False where nobody is asked behind the first one.
    """

    path: str
    line: int
    column: int
    function: str
    name: str
    guarded: bool = False
    broken: bool = False
    goes_on: bool = True


class Callers(NamedTuple):
    """What was found; `wrappers` are the names of what hands on, whose callers may be in other files.

    So may the functions be that were `asked` for, by their folders and names: what they are given is harmless
    if they do no harm.
    """

    found: list[Caller]
    wrappers: tuple[str, ...] = ()
    asked: tuple[tuple[str, str], ...] = ()


class _Named(NamedTuple):
    """What gives addresses: a function of a folder, "" where it is told by its name alone.

    Who calls a method need not know where that is declared: an interface or a struct may have it.
    """

    name: str
    folder: str = ""
    is_method: bool = False

    @property
    def is_exported(self) -> bool:
        return self.name[:1].isupper()


class _Use(NamedTuple):
    """One use of a name; it is guarded where one of `ways` is so."""

    at: int
    function: str
    name: str
    ways: tuple[frozenset[Need], ...]
    hands_on: bool
    goes_on: bool
    is_method: bool


def uses(paths: Iterable[str], read: Read, names: tuple[str, ...]) -> list[Caller]:
    """Every place in Go files that calls one of `names`, or takes it as a value."""
    found = []
    for path in paths:
        data = read(path)
        for at, function, name in _uses(data, frozenset(names)):
            found.append(Caller(path, *position(data, at), function, name))
        found += _broken(path, data, names)
    return found


def callers(
    paths: Iterable[str], read: Read, names: tuple[str, ...], guards: tuple[str, ...]
) -> Callers:
    """All callers of `names`, and of the functions that only hand on what these give.

    `read` gives the bytes of a file.
    """
    files = list(paths)
    found: dict[tuple[str, int, int], Caller] = {}
    known: set[_Named] = set()
    looks = Looks(files, read, frozenset(guards))
    todo = {_Named(name) for name in names}
    while todo:
        known |= todo
        more: set[_Named] = set()
        for path in files:
            data = read(path)
            here = frozenset(one.name for one in todo if _may_see(path, data, one))
            for use in _judged(data, here, frozenset(guards), frozenset(names)):
                place = position(data, use.at)
                folder = path.rpartition("/")[0]
                fine = any(looks.are_so(folder, way) for way in use.ways)
                found[(path, *place)] = Caller(
                    path, *place, use.function, use.name, fine, goes_on=use.goes_on
                )
                if use.hands_on:
                    more.add(_Named(use.function, folder, use.is_method))
        todo = more - known
    broken = (caller for path in files for caller in _broken(path, read(path), names))
    wrappers = {one.name for one in known} - set(names)
    asked = tuple(sorted(looks.asked))
    return Callers([*sorted(found.values()), *broken], tuple(sorted(wrappers)), asked)


class Looks:
    """The functions of some files that are given addresses; `asked` are those that are in none of them."""

    def __init__(self, files: Iterable[str], read: Read, guards: frozenset[str]) -> None:
        self._files, self._read, self._guards = files, read, guards
        self.asked: set[tuple[str, str]] = set()

    def are_so(self, folder: str, needs: frozenset[Need]) -> bool:
        """Whether functions of a folder only look on, and those that they call in turn."""
        known: set[Need] = set()
        todo = set(needs)
        while todo:
            need = todo.pop()
            known.add(need)
            look = self._found(folder, need)
            if look is None or look.needs is None or (need.tells and not look.tells):
                return False
            todo |= look.needs - known
        return True

    def _found(self, folder: str, need: Need) -> Look | None:
        name, owner = need.name, need.owner
        for path in self._files:
            if path.rpartition("/")[0] == folder:
                data = self._read(path)
                has = name.encode() in _words(data)
                look = _look(data, name, owner, self._guards) if has else None
                if look is not None:
                    return look
        self.asked.add((folder, name))
        return None


def _may_see(path: str, data: bytes, named: _Named) -> bool:
    """Whether a file may call a function by its name."""
    name, folder, is_method = named
    if not folder:
        return name.encode() in data
    if name.encode() not in _words(data):
        return False
    if path.rpartition("/")[0] == folder:
        return True
    imported = f'/{folder.rpartition("/")[2]}"'.encode() in data
    return named.is_exported and (is_method or imported)


@once(1024)
def _words(data: bytes) -> frozenset[bytes]:
    """All words of a file, for those who ask for many."""
    return frozenset(_WORD.findall(data))


def _broken(path: str, data: bytes, names: tuple[str, ...]) -> Iterator[Caller]:
    at = error_in(data, names)
    if at is not None:
        held = next((name for name in names if name.encode() in data), "")
        yield Caller(path, *position(data, at), "", held, broken=True)


# One file ------------------------------------------------------------------------------------


class _Index:
    """Where a file uses which name, and its functions."""

    def __init__(self, data: bytes, guards: frozenset[str]) -> None:
        self._file = parse(data)
        self.functions = Functions(self._file, guards)
        self.handling = Handling(self.functions)
        self.giving = Giving(self.functions)
        self._asked = 0

    def uses(self, names: frozenset[str]) -> Iterator[tuple[int, str, str]]:
        """Each use of one of `names`: the offset, the function around it, and the name."""
        self._asked += len(names)
        for name in names:
            for at in self._places_of(name.encode()):
                yield at, self.functions.name_around(at), name

    def _places_of(self, name: bytes) -> list[int]:
        """Where a name stands; those of all names at once where many are asked for."""
        if self._asked > _FEW:
            return self._places.get(name, [])
        return self._file.used(name)

    @cached_property
    def _places(self) -> dict[bytes, list[int]]:
        nodes = self._file.nodes(DECLARATIONS | MEMBERS)
        declares = {name.start for node in nodes for name in node.names()}
        found: dict[bytes, list[int]] = {}
        for node in self._file.nodes(NAMES):
            if node.start not in declares:
                found.setdefault(node.text, []).append(node.start)
        return found


@lru_cache(maxsize=16)
def _index(data: bytes, guards: frozenset[str]) -> _Index:
    return _Index(data, guards)


def forget_uses() -> None:
    """Let go of the files that were looked through last: their syntax trees are large."""
    _index.cache_clear()


@once(1024)
def _uses(data: bytes, names: frozenset[str]) -> tuple[tuple[int, str, str], ...]:
    """Where a file uses one of `names`: the offset, the function around it, and the name."""
    if not any(name.encode() in data for name in names):
        return ()
    return tuple(sorted(_index(data, frozenset()).uses(names)))


@once(1024)
def _look(data: bytes, name: str, owner: str, guards: frozenset[str]) -> Look | None:
    return look_of(_index(data, guards).functions, name, owner)


@once(1024)
def _judged(
    data: bytes, names: frozenset[str], guards: frozenset[str], handouts: frozenset[str]
) -> tuple[_Use, ...]:
    if not names:
        return ()
    index = _index(data, guards)
    found = []
    for at, function, name in sorted(index.uses(names)):
        around = index.functions.around(at)
        is_method = around is not None and around.kind == "method_declaration"
        handled = index.handling.handled(at, name)
        gives = index.giving.only_gives(at, name) if function in handouts else None
        ways = [handled.needs] * (handled.guarded or handled.hands_on)
        ways += [] if gives is None else [gives]
        hands_on = handled.hands_on and gives is None
        found.append(_Use(at, function, name, tuple(ways), hands_on, handled.goes_on, is_method))
    return tuple(found)
