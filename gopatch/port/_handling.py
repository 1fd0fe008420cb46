"""A function of a Go file -> what it does with what a call gives: goes over it behind a guard, hands it on, or else.

What is known of a function is worked out once for all its uses: a file of a megabyte may have tens of
thousands of them.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import NamedTuple

from gopatch.go.tree import Syntax
from gopatch.port._disorder import passes_https_over
from gopatch.port._functions import Functions, argument, aside, bound_by
from gopatch.port._guarding import Guard, Loop
from gopatch.port._one_function import NOTHING, Need, Needs, OneFunction, all_of, value_of
from gopatch.port._spans import Span, Spans


class Handled(NamedTuple):
    """Whether what is taken is guarded, and whether it is only handed on to the caller.

    `goes_on` is False where it is known that nobody is asked behind the first one that is. It is so if what it
    `needs` is.
    """

    guarded: bool
    hands_on: bool
    goes_on: bool = True
    needs: frozenset[Need] = NOTHING


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


class FunctionBody(OneFunction):
    """One function, or what stands outside of all."""

    tells = True  # what is made of all addresses is not followed

    def __init__(self, all: Functions, node: Syntax) -> None:
        super().__init__(all, node)
        self._variables: dict[bytes, Handled] = {}

    def handled(self, at: int, end: int) -> Handled:
        call = self._calls.get(end)
        if call is None or call.start > at:
            return Handled(False, False)  # taken as a value: nobody knows who calls it
        headers = self._headers.around(at)
        if headers:
            loop = self._loops[headers[0]]
            needs = self._guarded(loop)
            return Handled(needs is not None, False, self._goes_on(loop), needs or NOTHING)
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
        guarded: list[Needs] = []
        shown = NOTHING
        goes_on = False
        returned = self._is_named_result(variable)
        for at in self._places.get(variable, ()):
            headers = self._headers.around(at)
            if headers:
                loop = self._loops[headers[0]]
                guarded.append(self._guarded(loop))
                goes_on = goes_on or self._goes_on(loop)
            elif at in self._indexed:
                around = (self._loop_of[body] for body in self._bodies.around(at))
                knowing = (self._guarded(each) for each in around if each.knows(at))
                guarded.append(next((needs for needs in knowing if needs is not None), None))
            elif at in self._returned:
                returned = True
            elif (needs := self._shown.get(at)) is None:
                return Handled(False, False)
            else:
                shown |= needs
        if not guarded:
            return Handled(not returned, returned, needs=shown)  # nobody looks at one of them
        all_guarded = all_of((shown, *guarded))
        fine = all_guarded is not None and not returned
        goes_on = goes_on or returned or bool(shown)
        return Handled(fine, False, goes_on, all_guarded or NOTHING)

    def _guarded(self, loop: Loop) -> Needs:
        """What is needed for a loop to ask a guard about each element, before anything else is done with that."""
        for guard in loop.guards:
            before = ((at, name) for at, name in self._named(loop) if at < guard.at)
            if guard.kept:
                needs = self._wrapped(loop, guard)
            elif passes_https_over(self.all, (loop.header[0], loop.body[1])):
                needs = None
            else:
                needs = all_of(self._used(loop, *one) for one in before)
            if needs is not None:
                return needs
        return None

    def _wrapped(self, loop: Loop, guard: Guard) -> Needs:
        """What is needed for what a guard gives to be on the way of an element from there on."""
        rest = guard.at, loop.body[1]
        if any(guard.is_undone(to) for node in self.all.bindings(rest) for to in bound_by(node)):
            return None
        called = next(call.end for call in self.all.called(rest) if call.start == guard.at)
        named = self._named(loop)
        behind = (at for at, name in named if at >= called and name != guard.base)
        return all_of(self._taken_along(at, guard.base) for at in behind)

    def _taken_along(self, at: int, name: bytes) -> Needs:
        """What is needed for what stands at an offset to be looked at, or to be put beside what has a name."""
        literals = self._literals.around(at)
        beside = [span for span in literals if self._holds(span, name)]
        if literals and not beside:
            return None
        given = [span for span in self._arguments.around(at) if span not in self._appends]
        inside = [one for one in given if not beside or one[0] > beside[-1][0]]
        return all_of(self._lists[span] for span in inside)

    def _holds(self, literal: Span, name: bytes) -> bool:
        """Whether a literal has a value by itself, given to nobody."""
        places = self._within(name, literal)
        outside = self._arguments.around(literal[0])
        return any(self._arguments.around(at) == outside for at in places)

    @cached_property
    def _literals(self) -> Spans:
        return Spans((node.start, node.end) for node in self.all.composites(self.span))

    def _goes_on(self, loop: Loop) -> bool:
        """Whether a loop may go on to the next element once it has done something with one."""
        used = self._first_use(loop), loop.body[1]
        return not loop.ends or bool(self.all.continues(used))

    def _first_use(self, loop: Loop) -> int:
        """Where more is done with an element than to look at it; the end of the loop where nothing is."""
        used = (at for at, name in self._named(loop) if self._used(loop, at, name) != NOTHING)
        return min(used, default=loop.body[1])

    def _named(self, loop: Loop) -> list[tuple[int, bytes]]:
        """Where the body names an element, or what is made of one."""
        return [
            (at, name)
            for name, since in self._parts(loop).items()
            for at in self._within(name, (since, loop.body[1]))
        ]

    def _used(self, loop: Loop, at: int, name: bytes) -> Needs:
        """What is needed for an element, or what is made of one, to be no more than looked at where it is named."""
        if at in self._shown or at in loop.copies:
            return self._shown.get(at, NOTHING)
        is_field = self.all.file.data[at + len(name) : at + len(name) + 1] == b"."
        is_used = name in loop.names and (not is_field or self._is_called(at))
        if is_used or self._is_kept(at, loop) or self._sends.around(at):
            return None
        lists = self._arguments.around(at)
        return self._lists[lists[0]] if lists else NOTHING

    def _parts(self, loop: Loop) -> dict[bytes, int]:
        """What the body calls an element and what is made of one, each with the offset from which it does."""
        start, end = loop.body
        found = dict.fromkeys(loop.names, start)
        todo = list(found)
        while todo:
            name = todo.pop()
            for at in self._within(name, (found[name], end)):
                for made, since in self._made_at(at):
                    if start < since < found.get(made, end):
                        found[made] = since
                        todo.append(made)
        return found

    def _is_kept(self, at: int, loop: Loop) -> bool:
        """Whether what stands at an offset is set to something that may be used behind the loop."""
        sets = [start for start, _ in self._set.around(at) if start > loop.body[0]]
        given = [span for span in self._arguments.around(at) if span not in self._made]
        return any(all(span[0] < start for span in given) for start in sets)

    @cached_property
    def _loop_of(self) -> dict[Span, Loop]:
        return {loop.body: loop for loop in self._loops.values()}

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
    def _set(self) -> Spans:
        """The values of assignments."""
        nodes = (n for n in self.all.bindings(self.span) if n.kind == "assignment_statement")
        return Spans((value_of(node), node.end) for node in nodes)

    @cached_property
    def _made(self) -> frozenset[Span]:
        """The arguments of what makes something else of them."""
        pure = (call.children[-1] for call in self.all.called(self.span) if self._is_pure(call))
        return frozenset((given.start, given.end) for given in pure)

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
    def _indexed(self) -> frozenset[int]:
        found = (n.children[0] for n in self.all.others(self.span) if n.kind == "index_expression")
        return frozenset(node.start for node in found if node.token is not None)

    @cached_property
    def _shown(self) -> dict[int, frozenset[Need]]:
        """Where a name is bound, measured, told, given to a guard, compared with nil, or declared: what that needs."""
        found: dict[int, frozenset[Need]] = {}
        for (start, _), (value, _) in self._binding_of.items():
            found |= {name.start: NOTHING for name in self.all.names((start, value))}
        for call in self.all.called(self.span):
            given = call.children[-1]
            needs = self._lists[given.start, given.end]
            if needs is not None:
                found |= {at: needs for at in map(argument, given.children) if at >= 0}
            elif self._is_grown(call):
                found[given.children[1].start] = NOTHING
        for node in self.all.others(self.span):
            found |= dict.fromkeys(aside(node), NOTHING)
        return found

    def _is_grown(self, call: Syntax) -> bool:
        """Whether a call is that of `v = append(v, …)`."""
        given = call.children[-1].children
        if call.children[0].text != b"append" or len(given) < 2 or given[1].token is None:
            return False
        return self._variable(call.start) == given[1].token
