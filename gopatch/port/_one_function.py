"""One function of a Go file -> its calls, loops, names and bindings, and whether what it is given stays in it.

What it gives to functions of its package stays if these, too, only look on: they may stand in other files.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from gopatch.engine.free_names import PREDECLARED
from gopatch.go.tree import Syntax
from gopatch.port._disorder import disordered
from gopatch.port._functions import FUNCTIONS, Functions, bound_by
from gopatch.port._guarding import Loop, loop_of
from gopatch.port._guards import called_name
from gopatch.port._spans import Span, Spans

# Packages whose functions do no more than make something else of what they are given, and those of slices
# that leave the order of a list as it is: HTTPS comes before plain HTTP.
_PURE = frozenset({b"fmt", b"strings", b"url"})
_IN_ORDER = frozenset({"Clone", "Contains", "ContainsFunc", "Equal", "EqualFunc", "Index", "IndexFunc"})  # fmt: skip
_LONGEST = 16  # bytes: a package's name and a dot


class Need(NamedTuple):
    """A function of the package that must do nothing but look at what it is given and give it back.

    Where it `tells`, it must give back at most a yes or no. A method is of the type `owner`.
    """

    name: str
    tells: bool
    owner: str = ""


Needs = frozenset[Need] | None
"""What must be so for something to be right; None where it is not, whatever else is so."""

NOTHING: frozenset[Need] = frozenset()


def all_of(needs: Iterable[Needs]) -> Needs:
    """All that is needed; None where one of it cannot be."""
    found = NOTHING
    for one in needs:
        if one is None:
            return None
        found |= one
    return found


Made = tuple[bytes, int]
"""A name that is bound to something, and the offset behind which it has that."""


class OneFunction:
    """One function, or what stands outside of all.

    `tells` of what it gives to other functions of its package, see Need.
    """

    tells = False

    def __init__(self, all: Functions, node: Syntax) -> None:
        self.all, self.node, self.span = all, node, (node.start, node.end)

    # What is made of a value ------------------------------------------------------------------

    def keeps(self, names: Iterable[bytes]) -> Needs:
        """What is needed for what has some names, and what is made of that, to be given to nobody but the caller."""
        known: set[bytes] = set()
        todo = set(names)
        found: Needs = NOTHING
        while found is not None and todo - known:
            name = (todo - known).pop()
            known.add(name)
            places = self._places.get(name, ())
            own = NOTHING if name in self._own else None
            found = all_of((found, own, *(self._quiet(at, name) for at in places)))
            todo |= {made for at in places for made, _ in self._made_at(at)}
        return found

    def _quiet(self, at: int, name: bytes = b"") -> Needs:
        """What is needed for what stands at an offset to be given to nobody but the caller."""
        if self._sends.around(at) or self._disordered.around(at) or (name and self._is_called(at)):
            return None
        lists = (span for span in self._arguments.around(at) if span not in self._appends)
        return all_of(self._lists[span] for span in lists)

    def _made_at(self, at: int) -> Iterator[Made]:
        """What is bound to what stands at an offset, or is an element of it."""
        for header in self._headers.around(at):
            yield from ((name, header[1]) for name in self._loops[header].names)
        for span in self._bindings.around(at):
            value, names = self._binding_of[span]
            if at >= value:
                yield from ((name, span[1]) for name in names)

    def _within(self, name: bytes, span: Span) -> list[int]:
        places = self._places.get(name, [])
        return places[bisect_left(places, span[0]) : bisect_left(places, span[1])]

    # Calls ------------------------------------------------------------------------------------

    def _needed(self, call: Syntax) -> Needs:
        """What is needed for a call to be harmless: it measures, tells or guards, or its function only looks on."""
        if self._is_pure(call) or self.all.harmless(call):
            return NOTHING
        name = call.children[0].token
        if name is None:
            owner = self.all.own_type(call)
            return frozenset({Need(called_name(call), self.tells, owner)}) if owner else None
        if name in self._declared or name in PREDECLARED:
            return None
        return frozenset({Need(name.decode(errors="replace"), self.tells)})

    def _is_pure(self, call: Syntax) -> bool:
        """Whether a call only makes something else of what it is given."""
        package = call.data[call.start : call.start + _LONGEST].partition(b".")[0]
        if package in self._declared:
            return False
        return package in _PURE or (package == b"slices" and called_name(call) in _IN_ORDER)

    def _is_called(self, at: int) -> bool:
        """Whether what stands at an offset is called, or a method of it."""
        return any(span[0] == at for span in self._methods.around(at))

    @cached_property
    def _calls(self) -> dict[int, Syntax]:
        """The calls by the end of what is called."""
        return {call.children[0].end: call for call in reversed(self.all.called(self.span))}

    @cached_property
    def _lists(self) -> dict[Span, Needs]:
        """The arguments of each call, and what is needed for that to be harmless.

        Who gets what is made of them alone counts, too.
        """
        found: dict[Span, Needs] = {}
        above: list[Span] = []
        for call in self.all.called(self.span):
            given = call.children[-1]
            while above and above[-1][1] <= call.start:
                above.pop()
            outer = [found[span] for span in above[-1:] if self._is_pure(call)]
            found[given.start, given.end] = all_of((*outer, self._needed(call)))
            above.append((given.start, given.end))
        return found

    @cached_property
    def _arguments(self) -> Spans:
        return Spans(self._lists)

    @cached_property
    def _appends(self) -> frozenset[Span]:
        grown = (c for c in self.all.called(self.span) if c.children[0].text == b"append")
        return frozenset((c.children[-1].start, c.children[-1].end) for c in grown)

    @cached_property
    def _sends(self) -> Spans:
        return Spans((node.start, node.end) for node in self.all.sends(self.span))

    @cached_property
    def _disordered(self) -> Spans:
        """Where lists may lose their order, or the first one: HTTPS comes before plain HTTP."""
        return Spans(disordered(self.all, self.span))

    @cached_property
    def _methods(self) -> Spans:
        """What is called by a name or of it: `e.ask` of `e.ask()`, not `e.url.text` of `e.url.text()`."""
        called = (call.children[0] for call in self.all.called(self.span))
        return Spans((c.start, c.end) for c in called if c.token or c.children[0].token)

    # Loops and names --------------------------------------------------------------------------

    @cached_property
    def _loops(self) -> dict[Span, Loop]:
        """The loops by the spans of their headers."""
        found = (loop_of(node, self.all.guards) for node in self.all.loops(self.span))
        return {loop.header: loop for loop in found}

    @cached_property
    def _headers(self) -> Spans:
        return Spans(self._loops)

    @cached_property
    def _places(self) -> dict[bytes, list[int]]:
        """Where each name stands by itself, and is no field or method of another."""
        found: dict[bytes, list[int]] = {}
        for name in self.all.names(self.span):
            if not name.data[max(0, name.start - 80) : name.start].rstrip().endswith(b"."):
                found.setdefault(name.text, []).append(name.start)
        return found

    @cached_property
    def _binding_of(self) -> dict[Span, tuple[int, list[bytes]]]:
        """The bindings of the function by their spans: where the value begins, and what gets it.

        Of a switch over types that is its head.
        """
        found = {(n.start, n.end): (value_of(n), bound_by(n)) for n in self.all.bindings(self.span)}
        for node in self.all.switches(self.span):
            name, value = node.field("alias"), node.field("value")
            if name is not None and value is not None:
                found[name.start, value.end] = value.start, [name.text]
        return found

    @cached_property
    def _bindings(self) -> Spans:
        return Spans(self._binding_of)

    @cached_property
    def _declared(self) -> frozenset[bytes]:
        """The names that the function itself declares; none outside of all."""
        if self.node.kind not in FUNCTIONS:
            return frozenset()
        found: set[bytes] = set()
        for node in (*self.all.bindings(self.span), *self.all.others(self.span)):
            if node.kind == "short_var_declaration":
                found |= {name.text for name in self.all.names((node.start, value_of(node)))}
            elif node.kind in ("var_spec", "parameter_declaration"):
                found |= {name.text for name in node.names()}
        return frozenset(found - {b"_"})

    @cached_property
    def _own(self) -> frozenset[bytes]:
        """The names of the function's own, those of loops and switches among them."""
        data = self.all.file.data
        new = (x for (start, end), x in self._loops.items() if data.find(b":=", start, end) >= 0)
        elements = {name for loop in new for name in loop.names}
        heads = (node.field("alias") for node in self.all.switches(self.span))
        switched = {name.text for name in heads if name is not None}
        return frozenset(self._declared | elements | switched | {b"_"})


def value_of(binding: Syntax) -> int:
    """Where the value of a binding begins; its end where it has none."""
    value = binding.field("right" if binding.kind != "var_spec" else "value")
    return binding.end if value is None else value.start


# Functions that are given something --------------------------------------------------------------


class Look(NamedTuple):
    """A function of a file: what is needed for it to only look on, and whether it `tells`, see Need."""

    needs: Needs
    tells: bool


def look_of(all: Functions, name: str, owner: str = "") -> Look | None:
    """What a function, or a method of `owner`, does with what it is given; None where the file has none of that name."""
    key = owner.encode(), name.encode()
    node = all.methods.get(key) if owner else all.by_name.get(key[1])
    if node is None:
        return None
    result = node.field("result")
    return Look(_Given(all, node).needs, result is None or result.text == b"bool")


class _Given(OneFunction):
    """A function, with what its parameters give it. A context leads to no address."""

    @property
    def needs(self) -> Needs:
        parameters = self.node.field("parameters")
        if parameters is None or self.node.field("body") is None or self._writes_into:
            return None  # without a body it is not written in Go
        given = (p for p in parameters.children if not p.text.endswith(b"Context"))
        return self.keeps({name.text for one in given for name in one.names()})

    @property
    def _writes_into(self) -> bool:
        """Whether anything but a variable is set."""
        nodes = self.all.bindings(self.span)
        sides = (n.field("left") for n in nodes if n.kind == "assignment_statement")
        parts = (part for side in sides if side is not None for part in side.children or (side,))
        return any(part.token is None for part in parts)
