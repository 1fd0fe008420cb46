"""A Go file -> its functions, and what of each kind begins in them."""

from __future__ import annotations

import re
from functools import cached_property

from gopatch.go.tree import BINARY, GoFile, Syntax
from gopatch.port._guarding import called_name
from gopatch.port._spans import Spans, Within

NAMES = frozenset({"identifier", "field_identifier"})
FUNCTIONS = frozenset({"function_declaration", "method_declaration"})
_BINDINGS = frozenset({"short_var_declaration", "assignment_statement", "var_spec"})
_HARMLESS = frozenset({"len", "cap"})
_TELLS = re.compile(
    r"(Trace|Debug|Info|Warn|Warning|Error|Print|Log)(f|w|ln)?|With(Field|Fields|Error)"
)
_PURE = (b"fmt.", b"strings.")  # what these give is made of what they are given, and no more
_ARGUMENT = re.compile(rb"[(\s]*([A-Za-z_\x80-\xff][\w\x80-\xff]*)[)\s]*(?:\.\.\.)?")


class Functions:
    """The functions of a file; `guards` are the names that a loop has to call."""

    def __init__(self, file: GoFile, guards: frozenset[str] = frozenset()) -> None:
        self.file = file
        self.whole = {(node.start, node.end): node for node in file.nodes(FUNCTIONS)}
        self._spans = Spans(self.whole)
        self.guards = guards

    def around(self, at: int) -> Syntax | None:
        found = self._spans.around(at)
        return self.whole[found[0]] if found else None

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

    def harmless(self, call: Syntax) -> bool:
        """What only measures, tells or guards."""
        name = called_name(call)
        pure = call.data.startswith(_PURE, call.start)
        return pure or name in _HARMLESS | self.guards or bool(_TELLS.fullmatch(name))


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
