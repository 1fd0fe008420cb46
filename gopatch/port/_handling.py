"""A function of a Go file -> what it does with what a call gives: goes over it behind a guard, hands it on, or else.

What is known of a function is worked out once for all its uses: a file of a megabyte may have tens of
thousands of them.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cached_property
from typing import NamedTuple

from gopatch.go.tree import Syntax
from gopatch.port._functions import FUNCTIONS, Functions, argument, aside
from gopatch.port._guarding import Loop, loop_of
from gopatch.port._spans import Span, Spans


class Handled(NamedTuple):
    """Whether what is taken is guarded, and whether it is only handed on to the caller.

    `goes_on` is False where it is known that nobody is asked behind the first one that is.
    """

    guarded: bool
    hands_on: bool
    goes_on: bool = True


class Handling:
    """What the functions of a file do with what they take."""

    def __init__(self, functions: Functions) -> None:
        self._functions = functions
        self._known: dict[Span, FunctionBody] = {}

    def handled(self, at: int, name: str) -> Handled:
        """What becomes of a use of `name` at an offset."""
        node = self._functions.around(at) or self._functions.file.root
        span = node.start, node.end
        if span not in self._known:
            self._known[span] = FunctionBody(self._functions, node)
        return self._known[span].handled(at, at + len(name.encode()))


class FunctionBody:
    """One function, or what stands outside of all."""

    def __init__(self, all: Functions, node: Syntax) -> None:
        self.all, self.node, self.span = all, node, (node.start, node.end)
        self._variables: dict[bytes, Handled] = {}

    def handled(self, at: int, end: int) -> Handled:
        call = self._calls.get(end)
        if call is None or call.start > at:
            return Handled(False, False)  # taken as a value: nobody knows who calls it
        headers = self._headers.around(at)
        if headers:
            loop = self._loops[headers[0]]
            return Handled(self._guards(loop), False, self._goes_on(loop))
        if (call.start, call.end) in self._given:
            return Handled(False, True)
        variable = self._variable(at)
        if not variable:
            is_one = call.data[call.end : call.end + 1] == b"["
            return Handled(False, False, not is_one)
        if variable not in self._variables:
            self._variables[variable] = self._judged(variable)
        return self._variables[variable]

    def _judged(self, variable: bytes) -> Handled:
        """What becomes of a variable: each place that names it has to be known as harmless."""
        guarded: list[bool] = []
        goes_on = False
        returned = self._is_named_result(variable)
        for at in self._places.get(variable, ()):
            headers = self._headers.around(at)
            if headers:
                loop = self._loops[headers[0]]
                guarded.append(self._guards(loop))
                goes_on = goes_on or self._goes_on(loop)
            elif at in self._indexed:
                around = (self._loop_of[body] for body in self._bodies.around(at))
                guarded.append(any(self._guards(each) and each.knows(at) for each in around))
            elif at in self._returned:
                returned = True
            elif at not in self._harmless:
                return Handled(False, False)
        if not guarded:
            return Handled(not returned, returned)  # nobody looks at one of them
        return Handled(all(guarded) and not returned, False, goes_on or returned)

    def _guards(self, loop: Loop) -> bool:
        """Whether a loop asks a guard about each element, before anything else is done with that."""
        return any(guard.wraps or guard.at <= self._first_use(loop) for guard in loop.guards)

    def _goes_on(self, loop: Loop) -> bool:
        """Whether a loop may go on to the next element once it has done something with one."""
        used = self._first_use(loop), loop.body[1]
        return not loop.ends or bool(self.all.continues(used))

    def _first_use(self, loop: Loop) -> int:
        """Where more is done with an element than to look at it; the end of the loop where nothing is."""
        return min(
            (
                at
                for name in loop.names | loop.parts
                for at in self._within(name, loop.body)
                if at not in self._harmless and at not in loop.copies
                if self._is_kept(at)
                or (self._is_argument(at) if name in loop.parts else self._is_given(at, name))
            ),
            default=loop.body[1],
        )

    def _within(self, name: bytes, span: Span) -> list[int]:
        places = self._places.get(name, [])
        return places[bisect_left(places, span[0]) : bisect_left(places, span[1])]

    def _is_argument(self, at: int) -> bool:
        """Whether what stands at an offset is given to a call that may do anything with it."""
        lists = self._arguments.around(at)
        return bool(lists and not self._lists[lists[0]])

    def _is_kept(self, at: int) -> bool:
        """Whether what stands at an offset is set to something that may be used behind the loop."""
        return bool(self._set.around(at)) and not self._arguments.around(at)

    def _is_given(self, at: int, name: bytes) -> bool:
        """Whether a name stands for more than a field, or that field is given to somebody."""
        end = at + len(name)
        if self.all.file.data[end : end + 1] != b".":
            return True
        is_method = any(span[0] == at for span in self._methods.around(at))
        return is_method or self._is_argument(at)

    @cached_property
    def _calls(self) -> dict[int, Syntax]:
        """The calls by the end of what is called."""
        return {call.children[0].end: call for call in reversed(self.all.called(self.span))}

    @cached_property
    def _lists(self) -> dict[Span, bool]:
        """The arguments of each call, and whether that is harmless."""
        lists = ((call, call.children[-1]) for call in self.all.called(self.span))
        return {(given.start, given.end): self.all.harmless(call) for call, given in lists}

    @cached_property
    def _arguments(self) -> Spans:
        return Spans(self._lists)

    @cached_property
    def _methods(self) -> Spans:
        """What is called of a name: `e.ask` of `e.ask()`, not `e.url.text` of `e.url.text()`."""
        called = (call.children[0] for call in self.all.called(self.span))
        return Spans((c.start, c.end) for c in called if c.children and c.children[0].token)

    @cached_property
    def _loops(self) -> dict[Span, Loop]:
        """The loops by the spans of their headers."""
        found = (loop_of(node, self.all.guards) for node in self.all.loops(self.span))
        return {loop.header: loop for loop in found}

    @cached_property
    def _loop_of(self) -> dict[Span, Loop]:
        return {loop.body: loop for loop in self._loops.values()}

    @cached_property
    def _headers(self) -> Spans:
        return Spans(self._loops)

    @cached_property
    def _bodies(self) -> Spans:
        return Spans(self._loop_of)

    @cached_property
    def _own_returns(self) -> list[Syntax]:
        """Its return statements, not those of functions inside of it, whose callers are others."""
        inner = Spans((node.start, node.end) for node in self.all.literals(self.span))
        return [node for node in self.all.returns(self.span) if not inner.around(node.start)]

    @cached_property
    def _given(self) -> dict[Span, bytes]:
        """What the return statements give, one by one."""
        found: dict[Span, bytes] = {}
        for node in self._own_returns:
            for each in node.children[1:]:
                for given in each.children or (each,):
                    found[given.start, given.end] = b"" if given.token is None else given.token
        return found

    @cached_property
    def _returned(self) -> frozenset[int]:
        return frozenset(start for (start, _), text in self._given.items() if text)

    def _is_named_result(self, variable: bytes) -> bool:
        """Whether a bare return gives a variable."""
        if not any(not node.children[1:] for node in self._own_returns):
            return False
        head = self.all.file.data[self.node.start : self.node.children[-1].start]
        return (
            re.search(rb"(?<![\w.\x80-\xff])%s(?![\w\x80-\xff])" % re.escape(variable), head)
            is not None
        )

    @cached_property
    def _places(self) -> dict[bytes, list[int]]:
        """Where each name stands by itself, and is no field or method of another."""
        found: dict[bytes, list[int]] = {}
        for name in self.all.names(self.span):
            if not name.data[max(0, name.start - 80) : name.start].rstrip().endswith(b"."):
                found.setdefault(name.text, []).append(name.start)
        return found

    @cached_property
    def _bound(self) -> dict[Span, int]:
        """The bindings of the function, with where their values begin."""
        return {(n.start, n.end): value_of(n) for n in self.all.bindings(self.span)}

    @cached_property
    def _set(self) -> Spans:
        """The values of assignments."""
        nodes = (n for n in self.all.bindings(self.span) if n.kind == "assignment_statement")
        return Spans((value_of(node), node.end) for node in nodes)

    @cached_property
    def _bindings(self) -> Spans:
        return Spans(self._bound)

    def _variable(self, at: int) -> bytes:
        """The function's own variable that gets what a call at an offset gives, b"" where none does.

        What a field, a pointer or a variable of the package gets is anybody's.
        """
        around = self._bindings.around(at)
        first = next(iter(self.all.names(around[0])), None) if around else None
        if first is None or first.start >= at or first.start != around[0][0]:
            return b""
        is_alone = first.data[first.end : first.end + 1] not in (b".", b"[", b"(")
        return first.text if is_alone and first.text in self._declared else b""

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
    def _indexed(self) -> frozenset[int]:
        found = (n.children[0] for n in self.all.others(self.span) if n.kind == "index_expression")
        return frozenset(node.start for node in found if node.token is not None)

    @cached_property
    def _harmless(self) -> frozenset[int]:
        """Where a name is bound, measured, told, given to a guard, compared with nil, or declared."""
        found = set()
        for (start, _), value in self._bound.items():
            found |= {name.start for name in self.all.names((start, value))}
        for call in self.all.called(self.span):
            if self.all.harmless(call):
                found |= {at for at in map(argument, call.children[-1].children) if at >= 0}
            elif self._is_grown(call):
                found.add(call.children[-1].children[1].start)
        for node in self.all.others(self.span):
            found |= aside(node)
        return frozenset(found)

    def _is_grown(self, call: Syntax) -> bool:
        """Whether a call is that of `v = append(v, …)`."""
        given = call.children[-1].children
        if call.children[0].text != b"append" or len(given) < 2 or given[1].token is None:
            return False
        return self._variable(call.start) == given[1].token


def value_of(binding: Syntax) -> int:
    """Where the value of a binding begins; its end where it has none."""
    value = binding.field("right" if binding.kind != "var_spec" else "value")
    return binding.end if value is None else value.start
