"""A function of a Go file -> what it does with what a call gives: goes over it behind a guard, hands it on, or else.

What is known of a function is worked out once for all its uses: a file of a megabyte may have tens of
thousands of them.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import NamedTuple

from gopatch.go.tree import BINARY, GoFile, Syntax
from gopatch.port._calls import calls

NAMES = frozenset({"identifier", "field_identifier"})
FUNCTIONS = frozenset({"function_declaration", "method_declaration"})
_BINDINGS = frozenset({"short_var_declaration", "assignment_statement", "var_spec"})
_HARMLESS = frozenset({"len", "cap"})
_TELLS = re.compile(r"(Debug|Info|Warn|Error|Print|Log)")
_ARGUMENT = re.compile(rb"[(\s]*([A-Za-z_\x80-\xff][\w\x80-\xff]*)[)\s]*(?:\.\.\.)?")

Span = tuple[int, int]


class Handled(NamedTuple):
    """Whether what is taken is guarded, and whether it is only handed on to the caller."""

    guarded: bool
    hands_on: bool


class Spans:
    """Spans that hold or miss each other, as those of nodes do."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._spans = sorted(set(spans), key=lambda span: (span[0], -span[1]))
        self._above: list[int] = []
        open_ones: list[int] = []
        for number, (start, _) in enumerate(self._spans):
            while open_ones and self._spans[open_ones[-1]][1] <= start:
                open_ones.pop()
            self._above.append(open_ones[-1] if open_ones else -1)
            open_ones.append(number)

    def around(self, at: int) -> list[Span]:
        """Those that hold an offset, the innermost first."""
        number = bisect_right(self._spans, at, key=lambda span: span[0]) - 1
        found = []
        while number >= 0:
            if at < self._spans[number][1]:
                found.append(self._spans[number])
            number = self._above[number]
        return found


class Within:
    """The nodes of some kinds in a file, and those of them that begin in a span."""

    def __init__(self, file: GoFile, *kinds: str) -> None:
        self.nodes = list(file.nodes(frozenset(kinds)))
        self._starts = [node.start for node in self.nodes]

    def __call__(self, span: Span) -> Sequence[Syntax]:
        return self.nodes[bisect_left(self._starts, span[0]) : bisect_left(self._starts, span[1])]


class Functions:
    """The functions of a file; `guards` are the names that a loop has to call."""

    def __init__(self, file: GoFile, guards: frozenset[str] = frozenset()) -> None:
        self.file = file
        self.whole = {(node.start, node.end): node for node in file.nodes(FUNCTIONS)}
        self._spans = Spans(self.whole)
        self._guards = guards
        self._known: dict[Span, FunctionBody] = {}

    def around(self, at: int) -> Syntax | None:
        found = self._spans.around(at)
        return self.whole[found[0]] if found else None

    def handled(self, at: int, name: str) -> Handled:
        """What becomes of a use of `name` at an offset."""
        node = self.around(at) or self.file.root
        span = node.start, node.end
        if span not in self._known:
            self._known[span] = FunctionBody(self, node)
        return self._known[span].handled(at, at + len(name.encode()))

    @cached_property
    def loops(self) -> Within:
        return Within(self.file, "for_statement")

    @cached_property
    def returns(self) -> Within:
        return Within(self.file, "return_statement")

    @cached_property
    def literals(self) -> Within:
        return Within(self.file, "func_literal")

    @cached_property
    def called(self) -> Within:
        return Within(self.file, "call_expression")

    @cached_property
    def bindings(self) -> Within:
        return Within(self.file, *_BINDINGS)

    @cached_property
    def names(self) -> Within:
        return Within(self.file, *NAMES)

    @cached_property
    def others(self) -> Within:
        """What may have a name in it that asks nobody: an index, a comparison, a declaration, a key."""
        kinds = ("index_expression", BINARY, "parameter_declaration", "field_declaration", "keyed_element")  # fmt: skip
        return Within(self.file, *kinds)

    @cached_property
    def guarding(self) -> list[int]:
        """Where a guard is called, in order."""
        return sorted(at for at, name in calls(self.file) if name in self._guards)

    def harmless(self, call: Syntax) -> bool:
        """What only measures, tells or guards."""
        name = call.children[0].text[-200:].rpartition(b".")[2].decode(errors="replace")
        return name in _HARMLESS | self._guards or bool(_TELLS.match(name))


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
            return Handled(self._guards(self._loops[headers[0]]), False)
        if (call.start, call.end) in self._given:
            return Handled(False, True)
        variable = self._variable(at)
        if not variable:
            return Handled(False, False)
        if variable not in self._variables:
            self._variables[variable] = self._judged(variable)
        return self._variables[variable]

    def _judged(self, variable: bytes) -> Handled:
        """What becomes of a variable: each place that names it has to be known as harmless."""
        guarded: list[bool] = []
        returned = self._is_named_result(variable)
        for at in self._places.get(variable, ()):
            headers = self._headers.around(at)
            if headers:
                guarded.append(self._guards(self._loops[headers[0]]))
            elif at in self._indexed:
                guarded.append(any(self._guards(body) for body in self._bodies.around(at)))
            elif at in self._returned:
                returned = True
            elif at not in self._harmless:
                return Handled(False, False)
        if not guarded:
            return Handled(False, returned)
        return Handled(all(guarded) and not returned, False)

    def _guards(self, body: Span) -> bool:
        guarding = self.all.guarding
        return bisect_left(guarding, body[0]) < bisect_left(guarding, body[1])

    @cached_property
    def _calls(self) -> dict[int, Syntax]:
        """The calls by the end of what is called."""
        return {call.children[0].end: call for call in reversed(self.all.called(self.span))}

    @cached_property
    def _loops(self) -> dict[Span, Span]:
        """The body of each loop by the span of its header."""
        bodies = ((loop.start, loop.children[-1]) for loop in self.all.loops(self.span))
        return {(start, body.start): (body.start, body.end) for start, body in bodies}

    @cached_property
    def _headers(self) -> Spans:
        return Spans(self._loops)

    @cached_property
    def _bodies(self) -> Spans:
        return Spans(self._loops.values())

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
        found = {}
        for node in self.all.bindings(self.span):
            value = node.field("right" if node.kind != "var_spec" else "value")
            found[node.start, node.end] = node.end if value is None else value.start
        return found

    @cached_property
    def _bindings(self) -> Spans:
        return Spans(self._bound)

    def _variable(self, at: int) -> bytes:
        """The name that gets what a call at an offset gives, b"" where none does."""
        around = self._bindings.around(at)
        first = next(iter(self.all.names(around[0])), None) if around else None
        return b"" if first is None or first.start >= at or first.text == b"_" else first.text

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
                found |= {at for at in map(_argument, call.children[-1].children) if at >= 0}
            elif self._is_grown(call):
                found.add(call.children[-1].children[1].start)
        for node in self.all.others(self.span):
            found |= _aside(node)
        return frozenset(found)

    def _is_grown(self, call: Syntax) -> bool:
        """Whether a call is that of `v = append(v, …)`."""
        given = call.children[-1].children
        if call.children[0].text != b"append" or len(given) < 2 or given[1].token is None:
            return False
        return self._variable(call.start) == given[1].token


def _argument(node: Syntax) -> int:
    """Where the name stands that is an argument by itself, -1 where none is."""
    found = _ARGUMENT.fullmatch(node.data, node.start, node.end)
    return -1 if found is None else found.start(1)


def _aside(node: Syntax) -> set[int]:
    """The names in a node that are declared, are keys, or are held against nil."""
    if node.kind in ("parameter_declaration", "field_declaration"):
        return {name.start for name in node.names()}
    first = node.children[0].start
    if node.kind == "keyed_element":
        return {first}
    told = [child.token for child in node.children[1:]]
    return {first} if told in ([b"==", b"nil"], [b"!=", b"nil"]) else set()
