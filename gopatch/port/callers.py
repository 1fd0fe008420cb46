"""Go files -> who takes addresses of a registry there, and whether a guard stands in the way.

What hands out addresses is told by name ([[handout]] in patch.toml). What is found is judged by what
stands there once all edits are made: how they came about plays no part in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from gopatch.go.tree import GoFile, Syntax, declared, parse, position
from gopatch.port._calls import calls

_NAMES = frozenset({"identifier", "field_identifier"})
_FUNCTIONS = frozenset({"function_declaration", "method_declaration"})
_BINDINGS = frozenset({"short_var_declaration", "assignment_statement", "var_spec"})
_MEMBERS = frozenset({"field_declaration", "method_elem"})
_HARMLESS = frozenset({"len", "cap", "append"})

Read = Callable[[str], bytes]


class Caller(NamedTuple):
    """One place that takes addresses: `function` is the declaration around it, `name` what it uses.

    `guarded` tells whether each loop over them calls a guard, or they are only handed on; `broken`
    that the file does not parse, so that neither can be told.
    """

    path: str
    line: int
    column: int
    function: str
    name: str
    guarded: bool = False
    broken: bool = False


class _Use(NamedTuple):
    at: int
    function: str
    name: str
    guarded: bool
    hands_on: bool


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
) -> list[Caller]:
    """All callers of `names`, and of the functions that only hand on what these give.

    `read` gives the bytes of a file.
    """
    files = list(paths)
    found: dict[tuple[str, int, int], Caller] = {}
    known, todo = set(names), dict.fromkeys(names, "")
    while todo:
        more: dict[str, str] = {}
        for path in files:
            data = read(path)
            here = frozenset(n for n, scope in todo.items() if _may_see(path, data, n, scope))
            for use in _judged(data, here, frozenset(guards), frozenset(names)):
                place = position(data, use.at)
                found[(path, *place)] = Caller(
                    path, *place, use.function, use.name, use.guarded or use.hands_on
                )
                if use.hands_on and use.function not in known:
                    more[use.function] = path.rpartition("/")[0]
        known |= set(more)
        todo = more
    broken = (caller for path in files for caller in _broken(path, read(path), names))
    return [*sorted(found.values()), *broken]


def _may_see(path: str, data: bytes, name: str, scope: str) -> bool:
    """Whether a file may call a function of the folder `scope` ("" for any) by its name."""
    if name.encode() not in data:
        return False
    if not scope or path.rpartition("/")[0] == scope:
        return True
    return name[:1].isupper() and f'/{scope.rpartition("/")[2]}"'.encode() in data


def _broken(path: str, data: bytes, names: tuple[str, ...]) -> Iterator[Caller]:
    held = next((name for name in names if name.encode() in data), None)
    errors = parse(data).errors() if held is not None else []
    if held is not None and errors:
        yield Caller(path, *position(data, errors[0][0]), "", held, broken=True)


# One file ------------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def _uses(data: bytes, names: frozenset[str]) -> tuple[tuple[int, str, str], ...]:
    """Where a file uses one of `names`: the offset, the function around it, and the name."""
    wanted = [name for name in names if name.encode() in data]
    if not wanted:
        return ()
    file = parse(data)
    declares = {name.start for name, _ in declared(file)}
    declares |= {name.start for member in file.nodes(_MEMBERS) for name in member.names()}
    functions = list(file.nodes(_FUNCTIONS))
    found = []
    for name in wanted:
        for node in file.nodes(_NAMES, (name.encode(),)):
            if node.text == name.encode() and node.start not in declares:
                around = _around(functions, node.start)
                found.append((node.start, _called(around) if around else "", name))
    return tuple(sorted(found))


def _around(nodes: Iterable[Syntax], at: int) -> Syntax | None:
    """The smallest of `nodes` around an offset."""
    holding = [node for node in nodes if node.start <= at < node.end]
    return min(holding, key=lambda node: node.end - node.start, default=None)


def _called(function: Syntax) -> str:
    return next((name.text.decode(errors="replace") for name in function.names()), "")


@lru_cache(maxsize=4096)
def _judged(
    data: bytes, names: frozenset[str], guards: frozenset[str], handouts: frozenset[str]
) -> tuple[_Use, ...]:
    found = []
    for at, function, name in _uses(data, names):
        if function in handouts:
            found.append(_Use(at, function, name, guarded=True, hands_on=False))
            continue
        guarded, hands_on = _Place(parse(data), at, name).judge(guards)
        found.append(_Use(at, function, name, guarded, hands_on))
    return tuple(found)


class _Place:
    """A use of a handout in a file, and what becomes of what it gives."""

    def __init__(self, file: GoFile, at: int, name: str) -> None:
        self.file, self.at, self.name = file, at, name
        found = _around(file.nodes(_FUNCTIONS), at)
        self.function = found if found is not None else file.root
        self.call = next(
            (
                node
                for node in file.nodes(frozenset({"call_expression"}))
                if node.start <= at < node.end and node.children[0].end == at + len(name.encode())
            ),
            None,
        )

    def judge(self, guards: frozenset[str]) -> tuple[bool, bool]:
        """Whether what comes is guarded, and whether it is only handed on."""
        if self.call is None:
            return False, False  # taken as a value: nobody knows who calls it
        loop = self._loop_header()
        if loop is not None:
            return self._guards(loop, guards), False
        if any(self._is_result(node) for node in self._inner("return_statement")):
            return False, True
        variable = self._variable()
        if not variable:
            return False, False
        loops = self._loops(variable)
        if self._passed_on(variable, guards):
            return False, False
        if not loops:
            return False, self._returned(variable)
        return all(self._guards(node, guards) for node in loops), False

    def _inner(self, *kinds: str) -> list[Syntax]:
        nodes = self.file.nodes(frozenset(kinds))
        return [n for n in nodes if self.function.start <= n.start < self.function.end]

    def _loop_header(self) -> Syntax | None:
        """The loop in whose header the call stands."""
        for node in self._inner("for_statement"):
            body = node.children[-1]
            if node.start <= self.at < body.start:
                return node
        return None

    def _is_result(self, node: Syntax) -> bool:
        """Whether a return gives the call itself."""
        assert self.call is not None
        return any(
            given.start == self.call.start and given.end == self.call.end for given in _given(node)
        )

    def _variable(self) -> str:
        """The name that gets the addresses, "" where they get none."""
        binding = _around(self._inner(*_BINDINGS), self.at)
        if binding is None:
            return ""
        first = next((n for n in self.file.nodes(_NAMES) if binding.start <= n.start), None)
        name = "" if first is None else first.text.decode(errors="replace")
        return "" if name == "_" or first is None or first.start >= self.at else name

    def _word(self, variable: str) -> re.Pattern[bytes]:
        return re.compile(rb"(?<![\w.])%s\b" % re.escape(variable.encode()))

    def _loops(self, variable: str) -> list[Syntax]:
        """The loops that go over a variable, by range or by index."""
        word = self._word(variable)
        indexed = re.compile(word.pattern + rb"\s*\[")
        found = []
        for node in self._inner("for_statement"):
            body = node.children[-1]
            header = self.file.data[node.start : body.start]
            if word.search(header) or indexed.search(body.text):
                found.append(node)
        inner = [
            o for o in found for n in found if n is not o and n.start < o.start and o.end <= n.end
        ]
        return [node for node in found if node not in inner]

    def _guards(self, loop: Syntax, guards: frozenset[str]) -> bool:
        body = loop.children[-1]
        return any(name in guards and body.start <= at < body.end for at, name in calls(self.file))

    def _passed_on(self, variable: str, guards: frozenset[str]) -> bool:
        """Whether another function gets the addresses, no guard, which may do with them what it likes."""
        for call in self._inner("call_expression"):
            arguments = call.children[-1]
            given = (a.text.rstrip(b".") for a in arguments.children)
            if variable.encode() in given and not _harmless(call, guards):
                return True
        return False

    def _returned(self, variable: str) -> bool:
        """Whether the function gives the addresses to its caller, by name or as a named result."""
        name = variable.encode()
        for node in self._inner("return_statement"):
            if not node.children[1:]:
                body = self.function.children[-1]
                head = self.file.data[self.function.start : body.start]
                if self._word(variable).search(head):
                    return True
            if any(given.text == name for given in _given(node)):
                return True
        return False


def _given(node: Syntax) -> tuple[Syntax, ...]:
    """What a return statement gives, one by one."""
    return tuple(given for each in node.children[1:] for given in (each.children or (each,)))


def _harmless(call: Syntax, guards: frozenset[str]) -> bool:
    """What only measures, copies, tells or guards."""
    name = call.children[0].text.rpartition(b".")[2].decode(errors="replace")
    return name in _HARMLESS | guards or bool(re.match(r"(Debug|Info|Warn|Error|Print|Log)", name))
