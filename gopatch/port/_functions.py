"""A Go file -> its functions, and what of each kind begins in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from gopatch.go.tree import BINARY, GoFile, Syntax, receiver
from gopatch.port._guards import Guards, called_name
from gopatch.port._spans import Span, Spans, Within

NAMES = frozenset({"identifier", "field_identifier"})
FUNCTIONS = frozenset({"function_declaration", "method_declaration"})
_BINDINGS = frozenset({"short_var_declaration", "assignment_statement", "var_spec"})
_HARMLESS = frozenset({"len", "cap"})
_TELLS = re.compile(
    r"(Trace|Debug|Info|Warn|Warning|Error|Print|Log)(f|w|ln)?|With(Field|Fields|Error)"
)
_NAME = re.compile(rb"[A-Za-z_\x80-\xff][\w\x80-\xff]*")
_ARGUMENT = re.compile(rb"[(\s]*([A-Za-z_\x80-\xff][\w\x80-\xff]*)[)\s]*(?:\.\.\.)?")


class Functions:
    """The functions of a file; `guards` are the names that a loop has to call."""

    def __init__(self, file: GoFile, guards: frozenset[str] = frozenset()) -> None:
        self.file = file
        self.whole = {(node.start, node.end): node for node in file.nodes(FUNCTIONS)}
        self._spans = Spans(self.whole)
        self._known: dict[Span, dict[bytes, frozenset[bytes]]] = {}
        self.guards = Guards(guards, self._types)

    def around(self, at: int) -> Syntax | None:
        found = self._spans.around(at)
        return self.whole[found[0]] if found else None

    def name_around(self, at: int) -> str:
        """The name of the function around an offset, "" outside of all."""
        function = self.around(at)
        names = function.names() if function else ()
        return next((name.text.decode(errors="replace") for name in names), "")

    @cached_property
    def by_name(self) -> dict[bytes, Syntax]:
        """The functions that are no methods."""
        found = (node for node in self.whole.values() if node.kind == "function_declaration")
        return {name.text: node for node in found for name in node.names()}

    @cached_property
    def methods(self) -> dict[tuple[bytes, bytes], Syntax]:
        """The methods, each by the type that it is of and its name."""
        found = ((receiver(node), node) for node in self.whole.values())
        return {(owner, n.text): node for owner, node in found if owner for n in node.names()}

    @cached_property
    def loops(self) -> Within:
        return Within(self.file, "for_statement")

    @cached_property
    def returns(self) -> Within:
        return Within(self.file, "return_statement")

    @cached_property
    def continues(self) -> Within:
        return Within(self.file, "continue_statement")

    @cached_property
    def literals(self) -> Within:
        return Within(self.file, "func_literal")

    @cached_property
    def composites(self) -> Within:
        return Within(self.file, "composite_literal")

    @cached_property
    def called(self) -> Within:
        return Within(self.file, "call_expression")

    @cached_property
    def sends(self) -> Within:
        return Within(self.file, "send_statement")

    @cached_property
    def switches(self) -> Within:
        return Within(self.file, "type_switch_statement")

    @cached_property
    def choices(self) -> Within:
        return Within(self.file, "expression_switch_statement")

    @cached_property
    def branches(self) -> Within:
        return Within(self.file, "if_statement")

    @cached_property
    def bindings(self) -> Within:
        return Within(self.file, *_BINDINGS)

    @cached_property
    def names(self) -> Within:
        return Within(self.file, *NAMES)

    @cached_property
    def others(self) -> Within:
        """What may have a name in it that asks nobody: an index, a cut, a comparison, a declaration, a key."""
        kinds = ("index_expression", "slice_expression", BINARY, "parameter_declaration", "field_declaration", "keyed_element")  # fmt: skip
        return Within(self.file, *kinds)

    def harmless(self, call: Syntax) -> bool:
        """What only measures, tells or guards."""
        name = called_name(call)
        return name in _HARMLESS or bool(_TELLS.fullmatch(name)) or self.guards.takes(call)

    def own_type(self, call: Syntax) -> str:
        """The type of the file's package that the base of a call has by its declaration, "" where none is sure."""
        types = self._full_types(call)
        type = next(iter(types)) if len(types) == 1 else b""
        return type.decode(errors="replace") if _NAME.fullmatch(type) else ""

    def _types(self, call: Syntax) -> frozenset[bytes]:
        """As `_full_types`, without the names of packages."""
        return frozenset(type.rpartition(b".")[2] for type in self._full_types(call))

    def _full_types(self, call: Syntax) -> frozenset[bytes]:
        """The types that the function around a call declares its base with, b"" where it tells none."""
        base = call.children[0].children[:1]
        around = self.around(call.start)
        if around is None or not base or base[0].token is None:
            return frozenset()
        return self._declared(around).get(base[0].token, frozenset())

    def _declared(self, function: Syntax) -> dict[bytes, frozenset[bytes]]:
        """Of each name that a function declares the types that it has there."""
        span = function.start, function.end
        if span not in self._known:
            found: dict[bytes, frozenset[bytes]] = {}
            for name, type in self._declarations(span):
                found[name] = found.get(name, frozenset()) | {type}
            self._known[span] = found
        return self._known[span]

    def _declarations(self, span: Span) -> Iterator[tuple[bytes, bytes]]:
        for node in (*self.bindings(span), *self.others(span)):
            if node.kind in ("var_spec", "parameter_declaration"):
                type = node.field("type")
                told = b"" if type is None else type.text.lstrip(b"*")
                yield from ((name.text, told) for name in node.names())
            elif node.kind == "short_var_declaration":
                yield from ((name, b"") for name in bound_by(node))
        for loop in self.loops(span):
            header = loop.children[1]
            if header.kind == "range_clause":
                yield from ((name, b"") for name in bound_by(header))


def bound_by(node: Syntax) -> list[bytes]:
    """What a binding or the head of a loop binds, from left to right."""
    if node.kind == "var_spec":
        return [name.text for name in node.names()]
    left = node.field("left")
    return [] if left is None else [part.text for part in left.children or (left,)]


def argument(node: Syntax) -> int:
    """Where the name stands that is an argument by itself, -1 where none is."""
    found = _ARGUMENT.fullmatch(node.data, node.start, node.end)
    return -1 if found is None else found.start(1)


def aside(node: Syntax) -> set[int]:
    """The names in a node that are declared, are keys, or are held against nil."""
    if node.kind in ("parameter_declaration", "field_declaration"):
        return {name.start for name in node.names()}
    first = node.children[0].start
    if node.kind == "keyed_element":
        return {first}
    told = [child.token for child in node.children[1:]]
    return {first} if told in ([b"==", b"nil"], [b"!=", b"nil"]) else set()
