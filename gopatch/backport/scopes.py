"""Which names a declaration of Go binds itself, and which it takes from elsewhere.

The scopes are those of the Go specification ("Declarations and scope"): what `:=`, `var`, `range`, a
`case` of `select`, a type switch, parameters, results and receivers declare holds from there to the
end of the block around it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from gopatch.backport.blocks import OwnNames, Scope
from gopatch.go.tree import CLAUSES, IDENTIFIER, Syntax, elements_of

UNIVERSE = frozenset(
    b"any append bool byte cap clear close comparable complex complex128 complex64 copy delete error"
    b" false float32 float64 imag int int16 int32 int64 int8 iota len make max min new nil panic print"
    b" println real recover rune string true uint uint16 uint32 uint64 uint8 uintptr _ init main".split()
)
_SCOPES = {
    "block", "if_statement", "for_statement", "expression_switch_statement", "type_switch_statement",
    "select_statement", *CLAUSES,
}  # fmt: skip
_FUNCTIONS = {"function_declaration", "method_declaration", "func_literal"}
_LISTS = {"parameter_list", "result_list"}
_LABELLED = {"break_statement", "continue_statement", "goto_statement"}
_BINDERS = {"short_var_declaration", "range_clause", "receive_statement"}
_SPECS = {"var_spec", "const_spec"}


class Use(NamedTuple):
    """A name that its declaration does not bind.

    `role` is "name", "field" (behind a dot) or "key" (before the colon of a composite literal);
    `operand` is what stands before the dot, where that is one name that is not bound either.
    `calls` is the number of arguments where the name is called, else -1; -2 for `f(xs...)`; `literal`
    says that a function is written out among them, which names types itself.
    """

    name: bytes
    start: int
    end: int
    role: str
    operand: bytes = b""
    calls: int = -1
    literal: bool = False


def uses(declaration: Syntax) -> list[Use]:
    """The names that a top-level declaration takes from elsewhere, in order."""
    return sorted(_walked(declaration).found, key=lambda use: use.start)


def bound_names(declaration: Syntax) -> frozenset[bytes]:
    """All names that a top-level declaration binds somewhere inside."""
    return frozenset(bindings(declaration))


def bindings(declaration: Syntax) -> dict[bytes, tuple[int, str]]:
    """Where a top-level declaration binds each of its names first: an offset, and as what."""
    walk = _walked(declaration)
    return {name: found for name, found in walk.bound.items() if name != b"_"}


def bound_in(declaration: Syntax) -> OwnNames:
    """What a top-level declaration does with the names that it binds."""
    walk = _walked(declaration)
    read = set(walk.meant.values())
    unread = [(name, at) for name, at in walk.locals if name != b"_" and at not in read]
    return OwnNames(walk.inside, walk.loose, walk.meant, unread, walk.again, walk.rebound)


@lru_cache(maxsize=128)
def _walked(declaration: Syntax) -> _Walk:
    walk = _Walk()
    walk.node(declaration, Scope({}, None), True)
    return walk


class _Walk:
    def __init__(self) -> None:
        self.found: list[Use] = []
        self.bound: dict[bytes, tuple[int, str]] = {}
        self.inside: Counter[tuple[bytes, bytes]] = Counter()
        self.loose: Counter[tuple[bytes, bytes]] = Counter()
        self.locals: list[tuple[bytes, int]] = []
        self.meant: dict[int, int] = {}
        self.again: list[int] = []
        self.rebound: dict[int, int] = {}

    def bind(self, scope: Scope, names: Iterable[Syntax], kind: str = "a local") -> None:
        for name in names:
            scope.names.setdefault(name.text, name.start)
            self.bound.setdefault(name.text, (name.start, kind))

    def nodes(self, nodes: Iterable[Syntax], scope: Scope) -> None:
        for node in nodes:
            self.node(node, scope)

    def node(self, node: Syntax, scope: Scope, top: bool = False) -> None:
        kind = node.kind
        if node.token is not None:
            if kind == IDENTIFIER:
                self.name(node, scope)
        elif kind in _FUNCTIONS:
            self.function(node, scope)
        elif kind in _BINDERS:
            self.binder(node, scope)
        elif kind == "selector_expression":
            self.selector(node, scope)
        elif kind == "call_expression":
            self.call(node, scope)
        elif kind in _SPECS or kind == "type_spec":
            self.spec(node, scope, top)
        else:
            self.other(node, scope)

    def other(self, node: Syntax, scope: Scope) -> None:
        kind = node.kind
        if kind == "keyed_element":
            self.keyed(node, scope)
        elif kind in ("field_declaration", "parameter_declaration", "type_parameter_declaration"):
            names = {name.start for name in node.names()}
            self.nodes((c for c in node.children if c.start not in names), scope)
        elif kind == "method_elem":
            self.nodes(node.children[1:], Scope({}, scope))
        elif kind == "labeled_statement":
            self.nodes(node.children[1:], scope)
        elif kind in _LABELLED or kind == "import_declaration":
            return
        elif kind == "type_switch_statement":
            self.type_switch(node, scope)
        elif kind in _SCOPES:
            self.nodes(node.children, Scope({}, scope))
        elif kind in ("var_declaration", "const_declaration", "type_declaration"):
            for each in elements_of(node):
                self.node(each, scope, scope.outer is None)
        else:
            self.nodes(node.children, scope)

    def name(self, node: Syntax, scope: Scope, calls: int = -1, member: bytes = b"") -> None:
        text = node.text
        at = scope.binding(text)
        if at >= 0:
            self.meant[node.start] = at
            self.inside[text, member] += 1
        elif text not in UNIVERSE:
            self.loose[text, member] += 1
            self.found.append(Use(text, node.start, node.end, "name", calls=calls))

    def function(self, node: Syntax, scope: Scope) -> None:
        inner = Scope({}, scope)
        if node.kind == "method_declaration":
            inner.names.update(dict.fromkeys(_receiver_types(node), node.start))
        lists = [c for c in node.children if c.kind in _LISTS]
        for each in (c for c in node.children if c.kind == "type_parameter_list"):
            self.parameters(each, inner)
        for each in lists:  # before the names: a type beside one is what that name is outside
            self.nodes(each.children, inner)
        for each in lists:
            self.bind_all(each, inner)
        body = next((c for c in node.children if c.kind == "block"), None)
        if body is not None:
            self.nodes(body.children, inner)  # the block of the parameters, too

    def parameters(self, holder: Syntax, scope: Scope) -> None:
        self.bind_all(holder, scope)
        self.nodes(holder.children, scope)

    def bind_all(self, holder: Syntax, scope: Scope) -> None:
        for each in holder.children:
            if each.kind in ("parameter_declaration", "type_parameter_declaration"):
                self.bind(scope, each.names(), "a parameter")

    def binder(self, node: Syntax, scope: Scope) -> None:
        at = next((i for i, c in enumerate(node.children) if c.token == b":="), None)
        if at is None:
            self.nodes(node.children, scope)
            return
        self.nodes(node.children[at + 1 :], scope)
        names = list(_names_in(node.children[:at]))
        if node.kind == "short_var_declaration":
            known = {n.start: scope.names[n.text] for n in names if n.text in scope.names}
            self.rebound.update(known)
            if all(name.text == b"_" or name.start in known for name in names):
                self.again.append(node.start)
        self.local(scope, names)

    def local(self, scope: Scope, names: list[Syntax]) -> None:
        """Variables, which Go wants to be read."""
        self.locals += ((name.text, name.start) for name in names if name.text not in scope.names)
        self.bind(scope, names)

    def type_switch(self, node: Syntax, scope: Scope) -> None:
        inner = Scope({}, scope)
        at = next((i for i, c in enumerate(node.children) if c.token == b":="), None)
        clauses = {id(c) for c in node.children if c.kind in CLAUSES}
        if at is not None:
            alias = node.children[at - 1]
            self.nodes(node.children[: at - 1], inner)
            self.nodes((c for c in node.children[at + 1 :] if id(c) not in clauses), inner)
            self.local(inner, list(_names_in([alias])))
            self.nodes((c for c in node.children if id(c) in clauses), inner)
            return
        self.nodes(node.children, inner)

    def selector(self, node: Syntax, scope: Scope, called: tuple[int, bool] = (-1, False)) -> None:
        *rest, last = node.children
        operand = b""
        if len(rest) == 2 and rest[0].kind == IDENTIFIER and not scope.has(rest[0].text):
            operand = rest[0].text
        if len(rest) == 2 and rest[0].kind == IDENTIFIER:
            self.name(rest[0], scope, member=last.text)
        else:
            self.nodes(rest, scope)
        if last.kind == IDENTIFIER:
            self.found.append(Use(last.text, last.start, last.end, "field", operand, *called))
        else:
            self.node(last, scope)

    def call(self, node: Syntax, scope: Scope) -> None:
        head, *rest = node.children
        arguments = next((c for c in rest if c.kind == "argument_list"), None)
        calls = -1 if arguments is None else _count(arguments)
        if head.kind == "selector_expression" and head.token is None:
            self.selector(head, scope, (calls, _literal(arguments)))
        elif head.kind == IDENTIFIER:
            self.name(head, scope, calls)
        else:
            self.node(head, scope)
        self.nodes(rest, scope)

    def spec(self, node: Syntax, scope: Scope, top: bool) -> None:
        names = node.names()
        starts = {name.start for name in names}
        if node.kind == "type_spec":
            inner = Scope({}, scope)
            if not top:
                self.bind(scope, names)
            for child in node.children:
                if child.kind == "type_parameter_list":
                    self.parameters(child, inner)
            rest = (
                c
                for c in node.children
                if c.start not in starts and c.kind != "type_parameter_list"
            )
            self.nodes(rest, inner)
            return
        self.nodes((c for c in node.children if c.start not in starts), scope)
        if node.kind == "var_spec" and not top:
            self.local(scope, names)
        elif not top:
            self.bind(scope, names)

    def keyed(self, node: Syntax, scope: Scope) -> None:
        key = node.children[0]
        at = scope.binding(key.text) if key.kind == IDENTIFIER else -1
        if at >= 0:
            self.meant[key.start] = at  # a field's name, or the key of a map
        elif key.kind == IDENTIFIER:
            self.found.append(Use(key.text, key.start, key.end, "key"))
        else:
            self.node(key, scope)
        self.nodes(node.children[1:], scope)


def _count(arguments: Syntax) -> int:
    parts = [c for c in arguments.children if c.token not in (b"(", b")", b",")]
    if any(p.token == b"..." or p.kind == "variadic_argument" for p in parts):
        return -2
    if len(parts) == 1 and parts[0].kind == "call_expression":
        return -2  # f(g()) hands over all results of g
    return len(parts)


def _literal(arguments: Syntax | None) -> bool:
    return arguments is not None and any(c.kind == "func_literal" for c in arguments.children)


def _names_in(nodes: Iterable[Syntax]) -> Iterator[Syntax]:
    for node in nodes:
        if node.kind == IDENTIFIER:
            yield node
        elif node.kind == "expression_list":
            yield from (child for child in node.children if child.kind == IDENTIFIER)


def _receiver_types(node: Syntax) -> Iterator[bytes]:
    """The type parameters that a receiver names: `func (l *List[T]) ...`."""
    receiver = node.field("receiver")
    if receiver is not None and b"[" in receiver.text:
        inside = receiver.text.partition(b"[")[2].partition(b"]")[0]
        yield from (part.strip() for part in inside.split(b","))
