"""Which types the expressions of a declaration have, as far as the source shows them.

"Expressions", "Variable declarations", "Short variable declarations" and "For statements" of the Go
specification. What is not known is None, and what is made of it.
"""

from __future__ import annotations

from gopatch.backport.binders import Binder, binders, case_around
from gopatch.backport.go_types import GoType, func_type, literal_type, operated, typed
from gopatch.backport.inferred import results_of
from gopatch.backport.scopes import bound_in
from gopatch.backport.shown_types import ShownTypes
from gopatch.backport.signatures import Signature, signature_of, signature_of_type
from gopatch.backport.std_types import OF_GO
from gopatch.backport.type_reader import NamesAtPlace, Placed
from gopatch.backport.type_rows import bare, between, listed_values
from gopatch.go.tree import IDENTIFIER, Syntax

_WORDS = {b"nil": b"nil", b"true": b"bool", b"false": b"bool", b"iota": b"int"}
_TYPES = {
    "slice_type", "array_type", "map_type", "channel_type", "function_type", "struct_type",
    "interface_type",
}  # fmt: skip
_HOLDS = {("type", 1), ("value", 1)}
_BOOL, _INT = GoType("basic", ("", b"bool")), GoType("basic", ("", b"int"))


class ValuedNodes:
    """A top-level declaration, asked for the types of what stands in it."""

    def __init__(self, shown: ShownTypes, declaration: Placed) -> None:
        self.shown, (self.place, self.node) = shown, declaration
        bound = bound_in(declaration.node)
        self.meant, self._rebound = bound.meant, bound.rebound
        self._binders = dict(binders(declaration.node))
        self._known: dict[tuple[int, int, str], GoType | None] = {}

    def read(self, node: Syntax) -> GoType | None:
        """The type that is written at a node."""
        return self.shown.read(node, self.place, self.meant)

    def of(self, node: Syntax) -> GoType | None:
        """The type of the value that an expression gives."""
        node = bare(node)
        key = node.start, node.end, node.kind
        if key not in self._known:
            self._known[key] = None  # as long as it is asked for
            self._known[key] = self._of(node)
        return self._known[key]

    def _of(self, node: Syntax) -> GoType | None:
        kind = node.kind
        if kind.endswith("_literal") and (known := literal_type(node)) is not None:
            return known
        if kind == IDENTIFIER:
            return self._name(node)
        if kind == "composite_literal":
            names = NamesAtPlace(self.shown, self.place, self.meant)
            return names.of_literal(*node.children)
        if kind == "func_literal":
            return func_type(node, self.read)
        if kind == "call_expression":
            given = self.given(node)
            return given[0] if given is not None and len(given) == 1 else None
        return self._of_parts(node)

    def _of_parts(self, node: Syntax) -> GoType | None:
        kind, children = node.kind, node.children
        if kind == "selector_expression":
            return self._selected(node)
        if kind == "unary_expression":
            return self._unary(children[0].token, self.of(children[1]))
        if kind == "binary_expression":
            left, sign, right = children
            return operated(self.of(left), sign.token or b"", self.of(right))
        if kind == "index_expression":
            return self._element(self.of(children[0]))
        if kind == "slice_expression":
            base = self.of(children[0])
            below = self.shown.underlying(base)
            return base if below is not None and below.kind == "slice" else None
        if kind == "type_assertion_expression":
            return self.read(children[-2])
        return None

    def _name(self, node: Syntax) -> GoType | None:
        at = self.meant.get(node.start)
        if node.text == b"_":
            return None
        if at is not None:
            return self.bound(at, node)
        found = self.shown.specs_of(self.place, node.text)
        if found:
            return _of_spec(self.shown, found[0], node.text) if len(found) == 1 else None
        word = _WORDS.get(node.text)
        return GoType("constant", ("", word)) if word else None

    def bound(self, at: int, use: Syntax | None = None) -> GoType | None:
        """The type of a name by where it is bound, and where it is used."""
        binder = self._binders.get(at)
        if binder is not None and binder.kind == "switch":
            said = case_around(use, binder.said) if use is not None else None
            return self.read(said) if said is not None else None
        if binder is None:
            return None
        if binder.kind == "type":
            return self.read(binder.said)
        if binder.kind == "any number":
            return GoType("slice", parts=(self.read(binder.said),))
        if binder.kind == "range":
            return self.ranged(self.of(binder.said), binder.nth)
        found = self._nth(binder)
        return found if binder.kind == "constant" else typed(found)

    def had(self, name: Syntax) -> GoType | None:
        """The type of a variable that stands before a `:=` and is there already."""
        at = self._rebound.get(name.start) if name.text != b"_" else None
        return self.bound(at, name) if at is not None else None

    def _nth(self, binder: Binder) -> GoType | None:
        """The value that stands, or is given, at a place of an assignment."""
        values = listed_values(binder.said)
        if len(values) == binder.many:
            return self.of(values[binder.nth])
        if len(values) != 1:
            return None
        if values[0].kind == "call_expression":
            given = self.given(values[0])
            return given[binder.nth] if given and len(given) == binder.many else None
        return self.of(values[0]) if binder.nth == 0 else _BOOL

    def ranged(self, base: GoType | None, nth: int) -> GoType | None:
        """What a loop through something gives first, or second."""
        below = self.shown.underlying(base)
        if below is None or below.kind not in ("slice", "array", "map"):
            return None
        return below.parts[-1] if nth else below.parts[0] if below.kind == "map" else _INT

    def _element(self, base: GoType | None) -> GoType | None:
        below = self.shown.underlying(base)
        return below.parts[-1] if below and below.kind in ("slice", "array", "map") else None

    def _unary(self, sign: bytes | None, known: GoType | None) -> GoType | None:
        if sign == b"&":
            return GoType("pointer", parts=(known,))
        if sign in (b"*", b"<-"):
            below, kind = self.shown.underlying(known), "pointer" if sign == b"*" else "chan"
            return below.parts[0] if below is not None and below.kind == kind else None
        return known

    def _selected(self, node: Syntax) -> GoType | None:
        base, name = node.children[0], node.children[-1].text
        found = self._of_package(base, name)
        if found is not None:
            spec = _of_spec(self.shown, found[0], name) if len(found) == 1 else None
            return spec if found else self.shown.of_go(self.place.imports[base.text], name)
        members = self.shown.members(self.of(base), name).found
        if len(members) != 1:
            return None
        if members[0].node.kind == "field_declaration":
            return self.shown.of_field(members[0])
        return _function(self.shown, members[0])

    def _of_package(self, base: Syntax, name: bytes) -> list[Placed] | None:
        """What a package has under a name; None where no package stands before the dot."""
        if base.kind != IDENTIFIER or base.start in self.meant:
            return None
        if base.text not in self.place.imports:
            return None
        return self.shown.of_import(self.place, base.text, name)

    # Calls ---------------------------------------------------------------------------------------

    def given(self, call: Syntax) -> tuple[GoType | None, ...] | None:
        """What a call gives; None where that is not known."""
        head = call.children[0]
        built_in = self._built_in(head, call)
        if built_in is not None:
            return (built_in,)
        signatures = self.signatures(head)
        if signatures:
            return signatures[0].gives if len({s.gives for s in signatures}) == 1 else None
        return (self.converted(head),) if self.is_type(head) else self._of_parameters(head, call)

    def _of_parameters(self, head: Syntax, call: Syntax) -> tuple[GoType | None, ...] | None:
        """What a function with type parameters gives, as far as the call tells which types they are."""
        is_told = head.kind == "index_expression"
        base, *told = (c for c in head.children if c.named) if is_told else (head,)
        found = self.one_of(base)
        if found is None or found.node.kind != "function_declaration":
            return None
        given = [
            None if a.kind == "variadic_argument" else self.of(a)
            for a in between(call.children[-1])
        ]
        return results_of(self.shown, found, [self.read(each) for each in told], given)

    def converted(self, head: Syntax) -> GoType | None:
        """The type of what a conversion gives: as the grammar has it, `*T(x)` is one to `*T`, and gives what a `T` points to."""
        if head.kind == "unary_expression":
            return self._unary(b"*", self.read(head.children[-1]))
        return self.read(bare(head))

    def is_type(self, node: Syntax) -> bool:
        """Whether what is called is a type: then it converts."""
        node = bare(node)
        if node.kind == "unary_expression" and node.children[0].token == b"*":
            return self.is_type(node.children[1])
        if node.kind in _TYPES:
            return True
        if node.kind not in (IDENTIFIER, "selector_expression") or node.start in self.meant:
            return False
        if node.kind == IDENTIFIER and not self._specs(node):
            return self.read(node) is not None
        if any(each.node.kind == "type_spec" for each in self._specs(node)):
            return True
        known = self.read(node)
        return known is not None and known.kind == "foreign" and known.name in OF_GO

    def binder_of(self, node: Syntax) -> Binder | None:
        """What binds a name in the declaration itself."""
        at = self.meant.get(node.start) if node.kind == IDENTIFIER else None
        return self._binders.get(at) if at is not None else None

    def _specs(self, node: Syntax) -> list[Placed]:
        if node.kind == IDENTIFIER:
            return self.shown.specs_of(self.place, node.text)
        return self._of_package(node.children[0], node.children[-1].text) or []

    def is_built_in(self, head: Syntax) -> bool:
        """Whether a name is nobody's but Go's own, as far as the source shows."""
        return head.kind == IDENTIFIER and head.start not in self.meant and not self._specs(head)

    def one_of(self, node: Syntax) -> Placed | None:
        """The one declaration of a package that a name is of."""
        if node.kind not in (IDENTIFIER, "selector_expression") or node.start in self.meant:
            return None
        found = self._specs(node)
        return found[0] if len(found) == 1 else None

    def declared_as(self, node: Syntax) -> str:
        """The kind of that declaration; "" where there is none."""
        found = self.one_of(node)
        return found.node.kind if found is not None else ""

    def _built_in(self, head: Syntax, call: Syntax) -> GoType | None:
        if not self.is_built_in(head):
            return None
        arguments = [c for c in call.children[-1].children if c.named]
        if head.text in (b"len", b"cap", b"copy"):
            return _INT
        if not arguments:
            return None
        if head.text == b"make":
            return self.read(arguments[0])
        if head.text == b"new":
            return GoType("pointer", parts=(self.read(arguments[0]),))
        return self.of(arguments[0]) if head.text == b"append" else None

    def signatures(self, head: Syntax) -> list[Signature]:
        """What may be called there: one for each system; none where it is not known."""
        found = self._functions(head)
        made = [signature_of(self.shown, each) for each in found]
        if not found or made == [None]:
            held = signature_of_type(self.shown.underlying(self.of(head)))
            return [held] if held is not None else []
        return [s for s in made if s is not None] if all(made) else []

    def _functions(self, head: Syntax) -> list[Placed]:
        """What is declared as what is called there, or as its type."""
        if head.kind == IDENTIFIER and head.start not in self.meant:
            return self._specs(head)
        if head.kind == "selector_expression":
            base, name = head.children[0], head.children[-1].text
            of_package = self._of_package(base, name)
            found = self.shown.members(self.of(base), name).found if of_package is None else []
            return of_package or found
        binder = self.binder_of(head)
        said = binder.said if binder and (binder.kind, binder.many) in _HOLDS else None
        return [Placed(self.place, said)] if said and said.start not in self.meant else []


def _of_spec(shown: ShownTypes, spec: Placed, name: bytes) -> GoType | None:
    """The type of what a package declares and is a value."""
    node = spec.node
    if node.kind == "function_declaration":
        return _function(shown, spec)
    if node.kind not in ("var_spec", "const_spec"):
        return None
    at = next(each.start for each in node.names() if each.text == name)
    key = spec.place.path, at
    if key not in shown.values:
        shown.values[key] = None  # as long as it is asked for
        shown.values[key] = ValuedNodes(shown, spec).bound(at)
    return shown.values[key]


def _function(shown: ShownTypes, found: Placed) -> GoType:
    return func_type(found.node, lambda kind: shown.read(kind, found.place))
