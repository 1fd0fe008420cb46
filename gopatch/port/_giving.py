"""A function that hands out addresses -> whether it only does so: what is made of them, too, asks nobody."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from gopatch.go.tree import Syntax
from gopatch.port._functions import Functions, argument, bound_by
from gopatch.port._handling import FunctionBody, value_of
from gopatch.port._spans import Span, Spans


class Giving:
    """The functions of a file that are named as what hands out addresses."""

    def __init__(self, functions: Functions) -> None:
        self._functions = functions
        self._known: dict[Span, GivingBody] = {}

    def only_gives(self, at: int, name: str) -> bool:
        """Whether nobody is asked by what a use of `name` at an offset gives."""
        node = self._functions.around(at)
        if node is None:
            return False
        span = node.start, node.end
        if span not in self._known:
            self._known[span] = GivingBody(self._functions, node)
        return self._known[span].only_gives(at, at + len(name.encode()))


class GivingBody(FunctionBody):
    """One of them. Its addresses may be looked at, sorted out into lists of its own, and returned."""

    def only_gives(self, at: int, end: int) -> bool:
        call = self._calls.get(end)
        if call is None or call.start > at or call.data[call.end : call.end + 1] in (b".", b"["):
            return False
        known: set[bytes] = set()
        todo = {*self._made_at(call.start, only_first=True)}
        fine = self._is_quiet(call.start)
        while fine and todo - known:
            name = (todo - known).pop()
            known.add(name)
            places = self._places.get(name, ())
            fine = name in self._own and all(self._is_quiet(at, name) for at in places)
            todo |= {made for at in places for made in self._made_at(at)}
        return fine

    def _is_quiet(self, at: int, name: bytes = b"") -> bool:
        """Whether what stands at an offset is given to nobody but the caller."""
        lists = self._arguments.around(at)
        fine = self._appends | (self._sifting if name and name not in self._elements else set())
        if not all(self._lists[span] or span in fine for span in lists):
            return False
        if self._sends.around(at):
            return False
        return not name or not any(span[0] == at for span in self._methods.around(at))

    def _made_at(self, at: int, only_first: bool = False) -> Iterator[bytes]:
        """What is bound to what stands at an offset, or is an element of it."""
        for header in self._headers.around(at):
            yield from self._loops[header].names
        for span in self._bindings.around(at):
            if at >= self._bound[span]:
                names = bound_by(self._binding_of[span])
                yield from names[:1] if only_first else names

    @cached_property
    def _binding_of(self) -> dict[Span, Syntax]:
        return {(n.start, n.end): n for n in self.all.bindings(self.span)}

    @cached_property
    def _own(self) -> frozenset[bytes]:
        """The names of the function's own, elements of loops among them."""
        return self._declared | self._elements | {b"_"}

    @cached_property
    def _elements(self) -> frozenset[bytes]:
        """What the loops call an element, in names of their own."""
        data = self.all.file.data
        new = (x for (start, end), x in self._loops.items() if data.find(b":=", start, end) >= 0)
        return frozenset(name for loop in new for name in loop.names)

    @cached_property
    def _sifting(self) -> frozenset[Span]:
        """The one argument of a function of the package whose result is what is handed out in its place."""
        first = {node.children[1] for node in self._own_returns if node.children[1:]}
        given = [(one.children or (one,))[0] for one in first]
        spans = {(one.start, one.end) for one in given}
        names = {one.token for one in given}
        for node in self.all.bindings(self.span):
            if bound_by(node)[:1] and bound_by(node)[0] in names:
                spans.add((value_of(node), node.end))
        calls = [c for c in self.all.called(self.span) if (c.start, c.end) in spans]
        return frozenset(
            (call.children[-1].start, call.children[-1].end)
            for call in calls
            if call.children[0].token and argument(call.children[-1]) >= 0
        )

    @cached_property
    def _appends(self) -> frozenset[Span]:
        grown = (c for c in self.all.called(self.span) if c.children[0].text == b"append")
        return frozenset((c.children[-1].start, c.children[-1].end) for c in grown)

    @cached_property
    def _sends(self) -> Spans:
        return Spans((node.start, node.end) for node in self.all.sends(self.span))
