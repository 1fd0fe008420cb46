"""What a change of a Go file brings that may not go with what the source has: told of what differs alone.

A declaration at the top of a file that is byte for byte the same before and after is not looked at.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from gopatch.go.declaring import package_in, places_of
from gopatch.go.once import once
from gopatch.go.tree import (
    DECLARATIONS,
    GROUPS,
    GoFile,
    Syntax,
    declared,
    parse,
    position,
    receiver,
)
from gopatch.port._address_types import fields_of
from gopatch.port._functions import Functions
from gopatch.port._one_function import OneFunction

_MANY = frozenset({b"_", b"init"})  # what may be declared as often as one likes
_STRUCTS = frozenset({"struct_type"})
_HEAD = b"package p\n\n"

Member = tuple[bytes, bytes]
"""The type that a method is of, b"" for what is none, and the name."""


class Grown(NamedTuple):
    """What grows: the parameters of a function, the fields of a struct, or the methods of an interface.

    Of the latter `methods` are those that it had, and `more` those that come.
    """

    kind: str
    name: str
    methods: frozenset[str] = frozenset()
    more: frozenset[str] = frozenset()


class Coming(NamedTuple):
    """What a file declares or makes grow that was not so before, and the name of its `package`.

    `inside` are the names that come twice in a struct, or into a function that has them, each with
    line and column there before the change.
    """

    members: frozenset[Member] = frozenset()
    package: bytes = b""
    grown: tuple[Grown, ...] = ()
    inside: tuple[tuple[bytes, int, int], ...] = ()


NOTHING = Coming()


@once(4096)
def coming(before: bytes, after: bytes) -> Coming:
    """What a change brings; `before` is b"" where there was no file."""
    old, new = parse(before), parse(after)
    was, now = _Part(old, new), _Part(new, old)
    names = {one for one in _members(now.file) if one[1] not in _MANY}
    come = frozenset(names - _members(old).keys() if names else ())
    if not before:
        return Coming(come, package_in(new) if come else b"")
    inside = (*_fields(was.file, now.file), *_locals(was.file, now.file))
    places = ((name, *position(before, was.place(at))) for name, at in inside)
    package = package_in(new) if come else b""
    return Coming(come, package, tuple(_grown(was.file, now.file)), tuple(places))


@once(4096)
def declared_again(
    data: bytes, names: frozenset[Member], package: bytes
) -> tuple[tuple[bytes, int, int], ...]:
    """Those of some names of a package that a file declares, too, in order, with line and column."""
    told = {one for one in names if one[0] in data and _may_declare(data, one[1])}
    if not told:
        return ()
    file = parse(data)
    there = _members(file)
    again = sorted(told & there.keys())
    if not again or package_in(file) != package:
        return ()
    return tuple((one[1], *position(data, there[one])) for one in again)


def _may_declare(data: bytes, name: bytes) -> bool:
    """Whether a name stands in a file where it is no use of another's; no tree is asked."""
    return any(data[at - 1 : at] != b"." for at in places_of(data, name))


class _Part:
    """What stands at the top of one file and of another not, as a file."""

    def __init__(self, whole: GoFile, other: GoFile) -> None:
        there = set(_tops(other).values())
        self._starts, self._places, text = [0], [0], _HEAD
        for at, top in _tops(whole).items():
            if top not in there:
                self._starts.append(len(text))
                self._places.append(at)
                text += top + b"\n"
        self.file = GoFile(text)

    def place(self, at: int) -> int:
        """Where in the whole file an offset is."""
        number = bisect_right(self._starts, at) - 1
        return at - self._starts[number] + self._places[number]


def _tops(file: GoFile) -> dict[int, bytes]:
    """The declarations at the top, by where they stand."""
    nodes = file.tree.root_node.named_children
    found = {n.start_byte: n.end_byte for n in nodes if n.type != "package_clause"}
    return {start: file.data[start:end] for start, end in found.items()}


# Of the package -------------------------------------------------------------------------------


def _members(file: GoFile) -> dict[Member, int]:
    """What a file declares at its top, with the places."""
    return {
        (receiver(node) or b"", name.text): name.start
        for top in file.root.children
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


def _fields(old: GoFile, new: GoFile) -> Iterator[tuple[bytes, int]]:
    twice = _twice(new) - _twice(old)
    for node in old.nodes(_STRUCTS) if twice else ():
        yield from ((one.text, one.start) for one in fields_of(node) if one.text in twice)


def _twice(file: GoFile) -> set[bytes]:
    """The fields that a struct has more than once."""
    counted = (Counter(one.text for one in fields_of(node)) for node in file.nodes(_STRUCTS))
    return {name for names in counted for name in names if names[name] > 1} - _MANY


def _locals(old: GoFile, new: GoFile) -> Iterator[tuple[bytes, int]]:
    was, now = Functions(old), Functions(new)
    before = {_key(node): node for node in was.whole.values()}
    for node in now.whole.values():
        if (same := before.get(_key(node))) is not None:
            known = _Names(was, same)
            for name in _Names(now, node).declared - known.declared:
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


# What grows -----------------------------------------------------------------------------------


def _grown(old: GoFile, new: GoFile) -> Iterator[Grown]:
    was = _by_name(old)
    for (_, name), node in _by_name(new).items():
        if (there := was.get((receiver(node), name))) is not None and there.text != node.text:
            yield from _growth(name.decode(errors="replace"), there, node)


def _by_name(file: GoFile) -> Mapping[tuple[bytes | None, bytes], Syntax]:
    return {(receiver(node), name.text): node for name, node in declared(file)}


def _growth(name: str, old: Syntax, new: Syntax) -> Iterable[Grown]:
    if new.kind == "function_declaration":
        before, after = old.field("parameters"), new.field("parameters")
        if before is not None and after is not None and before.text != after.text:
            return [Grown("function", name)]
    elif new.kind in ("type_spec", "type_declaration"):
        return _type_growth(name, old, new)
    return []


def _type_growth(name: str, old: Syntax, new: Syntax) -> Iterator[Grown]:
    for kind, row in (("struct", "field_declaration"), ("interface", "method_elem")):
        before, after = (_own(node, row) for node in (old, new))
        if before < after:
            yield Grown(kind, name, *((before, after - before) if kind == "interface" else ()))


def _own(type: Syntax, row: str) -> frozenset[str]:
    """The fields or methods that a type declares itself."""
    body = type.field("type")
    rows = (r for part in (body.children if body else ()) for r in (part, *part.children))
    names = (name for r in rows if r.kind == row for name in r.names())
    return frozenset(name.text.decode(errors="replace") for name in names)
