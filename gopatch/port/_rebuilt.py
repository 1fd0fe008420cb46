"""A Go file -> where an address is built anew of another one: it has lost the mark that its rail goes by.

That is told by structure: a literal of the type without the mark, or a value of it that is set field by
field, takes something from an address that was looked up. One that a fork has of its own takes nothing of those.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from gopatch.go.once import once
from gopatch.go.tree import Syntax, parse
from gopatch.port._address_types import AddressTypes
from gopatch.port._functions import Functions, bound_by
from gopatch.port._one_function import OneFunction, value_of
from gopatch.port._spans import Span, Spans, Within


class Marked(NamedTuple):
    """The type of what is handed out, its field that tells who opened it, and the functions that give it.

    `known` are the types that a file may say for it.
    """

    type: str
    mark: str
    givers: frozenset[str]
    known: AddressTypes

    @property
    def words(self) -> frozenset[str]:
        """What a file has that may build one."""
        return self.known.ones | self.known.lists


class BuiltAnew(NamedTuple):
    """A place where one is built anew, in `function`; `gives` tells whether that gives addresses to its callers."""

    at: int
    function: str
    gives: bool


class _Binding(NamedTuple):
    """Names that get a value at `since`, up to the end of the block; `declares` where they are new there."""

    names: tuple[bytes, ...]
    since: int
    until: int
    value: Span
    declares: bool


@once(512)
def rebuilt(data: bytes, marked: Marked, makers: frozenset[str], guards: frozenset[str]) -> tuple[BuiltAnew, ...]:  # fmt: skip
    """The places of a file; `makers` are the functions of its package that make an address of parts."""
    words = marked.words | makers
    if not any(name.encode() in data for name in words):
        return ()
    all = Functions(parse(data), guards)
    bodies = (_Building(all, node, marked) for node in functions_with(all, words))
    return tuple(one for body in bodies for one in body.rebuilt(makers))


@once(512)
def makers_in(data: bytes, marked: Marked) -> frozenset[str]:
    """The functions of a file that make an address of something else than one."""
    if not any(name.encode() in data for name in marked.words):
        return frozenset()
    all = Functions(parse(data))
    bodies = (_Building(all, node, marked) for node in functions_with(all, marked.words))
    return frozenset(body.name for body in bodies if body.makes) - marked.givers


def functions_with(all: Functions, words: Iterable[str]) -> Iterator[Syntax]:
    """The functions of a file that have one of some words."""
    signs, data = [word.encode() for word in words], all.file.data
    for (start, end), node in all.whole.items():
        if any(data.find(sign, start, end) >= 0 for sign in signs):
            yield node


class _Building(OneFunction):
    """One function, with what in it comes of addresses that were looked up."""

    def __init__(self, all: Functions, node: Syntax, marked: Marked) -> None:
        super().__init__(all, node)
        self._marked = marked
        known = marked.known
        self._typed = known.any_of(known.types)
        self._one = known.just_one()
        one = self._one.pattern
        self._empty = re.compile(rb"%s\s*\{\s*\}|new\(\s*%s\s*\)" % (one, one))
        self._given = known.any_of(marked.givers | {marked.mark})

    @cached_property
    def name(self) -> str:
        return next((name.text.decode(errors="replace") for name in self.node.names()), "")

    @cached_property
    def makes(self) -> bool:
        """Whether it makes an address of what is none."""
        given = self.node.field("parameters")
        is_given = given is not None and self._typed.search(given.text)
        return self._gives and not is_given and any(self._literals)

    def rebuilt(self, makers: frozenset[str]) -> Iterator[BuiltAnew]:
        for at, span in sorted({*self._literals, *self._set_fields(), *self._made_by(makers)}):
            if self._takes_parts(span) and not self._is_behind_guard(at):
                yield BuiltAnew(at, self.name, self._gives)

    @cached_property
    def _gives(self) -> bool:
        result = self.node.field("result")
        return result is not None and bool(self._typed.search(result.text))

    def _is_behind_guard(self, at: int) -> bool:
        """Whether the loop around a place has asked its guard: the mark has done what it is for."""
        return not self._gives and any(
            guard.at < at
            for loop in self._loops.values()
            if loop.body[0] <= at < loop.body[1]
            for guard in loop.guards
        )

    # What builds one ----------------------------------------------------------------------------

    @cached_property
    def _literals(self) -> list[tuple[int, Span]]:
        """The literals of one address without the mark, in lists, too: each with the span of its values."""
        found = []
        for node in self.all.composites(self.span):
            type, value = node.children[0], node.children[-1]
            if self._one.fullmatch(type.text):
                found.append((node.start, value))
            elif self._typed.search(type.text):
                found += [(inner.start, inner) for inner in _inner(value)]
        mark = self._marked.mark.encode()
        return [(at, (v.start, v.end)) for at, v in found if mark not in keys_of(v)]

    def _set_fields(self) -> Iterator[tuple[int, Span]]:
        """Where a field is set of one that was made of nothing."""
        new = {name for one in self._all_bindings if self._is_new(one) for name in one.names}
        for node in self.all.bindings(self.span):
            left = node.field("left")
            if node.kind == "assignment_statement" and left is not None:
                sides = (side.text.partition(b".") for side in left.children or (left,))
                if any(dot and base in new for base, dot, _ in sides):
                    yield node.start, (value_of(node), node.end)

    def _is_new(self, one: _Binding) -> bool:
        value = self.all.file.data[slice(*one.value)]
        return one.declares and bool(self._one.fullmatch(value) or self._empty.fullmatch(value))

    def _made_by(self, makers: frozenset[str]) -> Iterator[tuple[int, Span]]:
        for call in self.all.called(self.span):
            name = call.children[0].text.rpartition(b".")[2].decode(errors="replace")
            if name in makers:
                given = call.children[-1]
                yield call.start, (given.start, given.end)

    # What comes of an address -------------------------------------------------------------------

    def _takes_parts(self, span: Span) -> bool:
        return any(self._comes(one, self._looked_up) for one in self.all.names(span))

    def _comes(self, one: Syntax, known: set[_Binding]) -> bool:
        """Whether a name stands for what comes of an address, as far as is `known`."""
        at, name = one.start, one.text
        if at not in self._places.get(name, ()):
            return self._gives and name.decode(errors="replace") in self._marked.known.fields
        if at in self._keyed:
            return False
        there = [one for one in self._by_name.get(name, ()) if one.since <= at < one.until]
        since = max((one.since for one in there if one.declares), default=0)
        return any(one in known for one in there if one.since >= since)

    @cached_property
    def _looked_up(self) -> set[_Binding]:
        """What is bound to addresses that were looked up, or to anything of one."""
        found = {one for one in self._all_bindings if self._begins(one)}
        while more := {
            one
            for one in self._all_bindings
            if one not in found
            if any(self._comes(name, found) for name in self.all.names(one.value))
        }:
            found |= more
        return found

    def _begins(self, one: _Binding) -> bool:
        """Whether names are declared as addresses that come from elsewhere, or get what hands them out.

        A single one comes into a function that gives some; else it is behind its rail.
        """
        text = self.all.file.data[slice(*one.value)]
        if one.value not in self._types:
            return bool(self._given.search(text))
        if self._marked.known.just_one(embedded=True).fullmatch(text):
            return self._gives and self._is_parameter(one)
        return bool(self._typed.search(text))

    def _is_parameter(self, one: _Binding) -> bool:
        result, body = self.node.field("result"), self.node.field("body")
        end = result or body
        return end is not None and one.since <= end.start

    @cached_property
    def _types(self) -> set[Span]:
        nodes = (*self.all.others(self.span), *self.all.bindings(self.span))
        kinds = ("parameter_declaration", "var_spec")
        types = (n.field("type") for n in nodes if n.kind in kinds)
        return {(type.start, type.end) for type in types if type is not None}

    @cached_property
    def _by_name(self) -> dict[bytes, list[_Binding]]:
        found: dict[bytes, list[_Binding]] = {}
        for one in self._all_bindings:
            for name in one.names:
                found.setdefault(name, []).append(one)
        return found

    @cached_property
    def _all_bindings(self) -> list[_Binding]:
        return [*self._parameters(), *self._values(), *self._ranges()]

    def _parameters(self) -> Iterator[_Binding]:
        for node in (*self.all.others(self.span), *self.all.bindings(self.span)):
            type = node.field("type")
            if node.kind in ("parameter_declaration", "var_spec") and type is not None:
                names = tuple(name.text for name in node.names())
                until = self._block_end(node.start)
                yield _Binding(names, type.end, until, (type.start, type.end), True)

    def _values(self) -> Iterator[_Binding]:
        for node in self.all.bindings(self.span):
            names = tuple(name.partition(b".")[0] for name in bound_by(node))
            declares = node.kind != "assignment_statement"
            until = self._block_end(node.start) if declares else self.span[1]
            yield _Binding(names, node.end, until, (value_of(node), node.end), declares)

    def _ranges(self) -> Iterator[_Binding]:
        for loop in self.all.loops(self.span):
            header = loop.children[1]
            if header.kind == "range_clause":
                names, value = tuple(bound_by(header)[1:]), (header.children[-1].start, header.end)
                yield _Binding(names, header.end, loop.end, value, b":=" in header.text)

    def _block_end(self, at: int) -> int:
        around = self._blocks.around(at)
        return around[0][1] if around else self.span[1]

    @cached_property
    def _blocks(self) -> Spans:
        return Spans((n.start, n.end) for n in Within(self.all.file, "block")(self.span))

    @cached_property
    def _keyed(self) -> set[int]:
        nodes = (n for n in self.all.others(self.span) if n.kind == "keyed_element")
        return {node.children[0].start for node in nodes}


def _inner(value: Syntax) -> Iterator[Syntax]:
    """The literals without a type in a literal of a list or map."""
    for each in value.children:
        last = each.children[-1] if each.kind == "keyed_element" else each
        if last.kind == "literal_value":
            yield last


def keys_of(value: Syntax) -> set[bytes]:
    """The keys of a literal's own elements."""
    return {each.children[0].text for each in value.children if each.kind == "keyed_element"}
