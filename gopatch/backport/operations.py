"""Where an operation is given what it does not take, as far as the types are shown.

"Operators", "Index expressions", "Type assertions", "Calls", "Send", "If", "For" and "Switch statements",
"Assignments" and "Appending to and copying slices" of the Go specification.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from gopatch.backport.assignable import kind_of, misfit
from gopatch.backport.comparable import incomparable
from gopatch.backport.constants import unheld
from gopatch.backport.go_types import GoType
from gopatch.backport.type_rows import bare, kind_nodes, listed_values
from gopatch.backport.valued import ValuedNodes
from gopatch.go.tree import Syntax

Misfit = tuple[int, str]
"""Where, and what is wrong."""
_NUMBER, _TEXT = frozenset({"number"}), frozenset({"number", "string"})
_TAKES = {
    b"&&": frozenset({"bool"}), b"||": frozenset({"bool"}), b"!": frozenset({"bool"}),
    b"+": _TEXT, b"<": _TEXT, b"<=": _TEXT, b">": _TEXT, b">=": _TEXT,
    b"*": _NUMBER, b"/": _NUMBER, b"-": _NUMBER, b"%": _NUMBER, b"&": _NUMBER, b"|": _NUMBER,
    b"^": _NUMBER, b"&^": _NUMBER, b"<<": _NUMBER, b">>": _NUMBER,
}  # fmt: skip
_WHOLE = {b"%", b"&", b"|", b"^", b"&^", b"<<", b">>"}
BROKEN = {b"float32", b"float64", b"complex64", b"complex128"}
_EQUAL, _SHIFTS = (b"==", b"!="), (b"<<", b">>")
PARTED = frozenset({"slice", "array", "string", "array pointer"})
_RANGED = PARTED | {"map", "chan", "func", "number"}
_ONE_BY_ONE = {"chan", "number"}
_COMPARED = "what can be compared"
_NO_TYPE = {"var_spec", "const_spec", "function_declaration"}
_NO_PLACE = {"const_spec": "a constant", "function_declaration": "a function"}


def wrong_operands(values: ValuedNodes, node: Syntax) -> Iterator[Misfit]:
    """What one node, not those in it, surely cannot do with its operands."""
    judge = _JUDGES.get(node.kind)
    return judge(Operands(values), node) if judge is not None else iter(())


def wrong_value(
    values: ValuedNodes, node: Syntax, wanted: GoType | None, words: str = ""
) -> Iterator[Misfit]:
    """The misfit of an expression where a type is wanted, if it surely is one; `words` says so of the place."""
    if wanted is None or node.kind == "literal_value":
        return
    itself = f"`{said(node)}`"
    words = words or f"{itself} stands where `{wanted}` is wanted in the target"
    if why := misfit(values.shown, values.of(node), wanted):
        yield node.start, words if why == itself else f"{words}: it is {why}"
    elif basic := unheld(values, node, wanted):
        yield node.start, f"{words}: `{basic}` does not hold it"


class Operands:
    def __init__(self, values: ValuedNodes) -> None:
        self.values, self.shown = values, values.shown

    def kind(self, node: Syntax) -> str:
        """What kind of value an expression gives; "" where that is not known."""
        return kind_of(self.shown, self.values.of(node))

    def want(self, node: Syntax, kinds: frozenset[str], words: str) -> Iterator[Misfit]:
        found = self.kind(node)
        if found and found not in kinds:
            is_what = f"it is `{self.values.of(node)}`"
            yield (
                node.start,
                f"`{said(node)}` stands where {words} is wanted in the target: {is_what}",
            )

    def given(self, node: Syntax, wanted: GoType | None) -> Iterator[Misfit]:
        return wrong_value(self.values, node, wanted)

    # Operators -----------------------------------------------------------------------------------

    def unary(self, node: Syntax) -> Iterator[Misfit]:
        sign, operand = node.children[0].token or b"", node.children[-1]
        if sign == b"*":
            found = self.shown.underlying(self.values.of(operand))
            if found is not None and found.kind not in ("pointer", "foreign"):
                yield from self.want(operand, frozenset(), "a pointer")
        elif sign == b"<-":
            yield from self.want(operand, frozenset({"chan"}), "a channel")
        elif sign == b"&":
            yield from self.addressed(operand)
        else:
            yield from self.operand(operand, sign)

    def addressed(self, node: Syntax) -> Iterator[Misfit]:
        what = _NO_PLACE.get(self.values.declared_as(bare(node)), "")
        if what:
            yield node.start, f"`{said(node)}` is {what} in the target, and has no address"

    def operand(self, node: Syntax, sign: bytes) -> Iterator[Misfit]:
        kinds = _TAKES.get(sign)
        words = f"an operand of `{sign.decode()}`"
        below = self.shown.underlying(self.values.of(node))
        if sign in _WHOLE and below is not None and below.kind == "basic":
            kinds = frozenset() if below.name[1] in BROKEN else kinds
        if kinds is not None:
            yield from self.want(node, kinds, words)

    def binary(self, node: Syntax) -> Iterator[Misfit]:
        left, sign, right = node.children
        yield from self.both(left, sign.token or b"", right)

    def both(self, left: Syntax, sign: bytes, right: Syntax) -> Iterator[Misfit]:
        found = [*self.operand(left, sign), *self.operand(right, sign)]
        if not found and sign in _EQUAL:
            found = [*self.compared(left, right), *self.compared(right, left)]
        if not found and sign not in _SHIFTS:
            found = [*self.beside(left, sign, right)]
        yield from found[:1]

    def compared(self, node: Syntax, other: Syntax) -> Iterator[Misfit]:
        """What has no equal but `nil`."""
        if self.kind(other) not in ("nil", "interface", ""):
            kinds = _TEXT | {"bool", "nil", "pointer", "array pointer", "array", "struct", "chan"}
            yield from self.want(node, kinds | {"interface"}, _COMPARED)
        known = self.values.of(node)
        if self.kind(node) in ("struct", "array") and incomparable(self.shown, known):
            yield from self.want(node, frozenset(), _COMPARED)

    def keyed(self, node: Syntax) -> Iterator[Misfit]:
        key = next(child for child in node.children if child.named)
        if incomparable(self.shown, self.values.read(key)):
            yield key.start, f"`{said(key)}` has no equal in the target, and is the key of a map"

    def beside(self, left: Syntax, sign: bytes, right: Syntax) -> Iterator[Misfit]:
        """Operands that are of one type, or of which one can be given to the other."""
        one, other = self.values.of(left), self.values.of(right)
        if one is None or other is None or "constant" == one.kind == other.kind:
            return
        if "constant" in (one.kind, other.kind):
            yield from self.given(left, other) if one.kind == "constant" else self.given(right, one)
        elif misfit(self.shown, one, other) and misfit(self.shown, other, one):
            words = " and ".join(
                f"`{said(n)}`, which is `{t}`" for n, t in ((left, one), (right, other))
            )
            yield left.start, f"`{sign.decode()}` cannot have {words}, beside it in the target"

    # What is looked into -------------------------------------------------------------------------

    def index(self, node: Syntax) -> Iterator[Misfit]:
        base, key = node.children[0], node.children[2]
        yield from self.want(base, PARTED | {"map", "func"}, "what has elements")
        below = self.shown.underlying(self.values.of(base))
        if below is not None and below.kind == "map":
            yield from self.given(key, below.parts[0])
        elif below is not None and below.kind in ("slice", "array"):
            yield from self.want(key, _NUMBER, "an index")

    def slice(self, node: Syntax) -> Iterator[Misfit]:
        is_full = sum(child.token == b":" for child in node.children) == 2
        kinds = PARTED - ({"string"} if is_full else set())
        yield from self.want(node.children[0], kinds, "what has elements in a row")

    def asserted(self, node: Syntax) -> Iterator[Misfit]:
        dot = next(i for i, child in enumerate(node.children) if child.token == b".")
        yield from self.want(node.children[dot - 1], frozenset({"interface"}), "an interface")

    def call(self, node: Syntax) -> Iterator[Misfit]:
        head = node.children[0]
        if not self.values.is_type(head):
            yield from self.want(head, frozenset({"func"}), "a function")

    # Statements ----------------------------------------------------------------------------------

    def condition(self, node: Syntax) -> Iterator[Misfit]:
        """Of `if` and of `for`, where it stands right before the block, or in a clause."""
        at = next((i for i, child in enumerate(node.children) if child.kind == "block"), 0)
        before = node.children[at - 1]
        if at and before.token not in (b"for", b";") and before.kind != "range_clause":
            yield from self.want_bool(before)

    def clause(self, node: Syntax) -> Iterator[Misfit]:
        at = next(i for i, child in enumerate(node.children) if child.token == b";")
        if node.children[at + 1].token != b";":
            yield from self.want_bool(node.children[at + 1])

    def want_bool(self, node: Syntax) -> Iterator[Misfit]:
        if node.kind != "for_clause":
            yield from self.want(node, frozenset({"bool"}), "a condition")

    def ranged(self, node: Syntax) -> Iterator[Misfit]:
        below = self.shown.underlying(self.values.of(node.children[-1]))
        kinds = _RANGED
        if below is not None and below.kind == "func" and below.name[1] not in (b"", b"1,0"):
            kinds -= {"func"}
        elif below is not None and below.name[1] in BROKEN:
            kinds -= {"number"}
        yield from self.want(node.children[-1], kinds, "what can be gone through")
        if len(listed_values(node.children[0])) == 2:
            is_one = below is not None and below.kind == "func" and _yields(below) == 1
            kinds = _RANGED - _ONE_BY_ONE - ({"func"} if is_one else set())
            yield from self.want(node.children[-1], kinds, "what gives two values")

    def switch(self, node: Syntax) -> Iterator[Misfit]:
        at = next(i for i, child in enumerate(node.children) if child.token == b"{")
        tag = node.children[at - 1]
        lists = (c.children[1] for c in node.children if c.kind == "expression_case")
        for each in (value for values in lists for value in listed_values(values)):
            if tag.token in (b"switch", b";"):
                yield from self.want_bool(each)
            else:
                yield from self.both(each, b"==", tag)

    def sent(self, node: Syntax) -> Iterator[Misfit]:
        yield from self.want(node.children[0], frozenset({"chan"}), "a channel")
        below = self.shown.underlying(self.values.of(node.children[0]))
        if below is not None and below.kind == "chan":
            yield from self.given(node.children[-1], below.parts[0])

    def counted(self, node: Syntax) -> Iterator[Misfit]:
        yield from self.want(node.children[0], _NUMBER, "a number")
        yield from self.kept(node.children[0])

    def assigned(self, node: Syntax) -> Iterator[Misfit]:
        left, sign, right = node.children
        if sign.token != b"=":
            yield from self.both(left.children[0], (sign.token or b"")[:-1], right.children[0])
        for each in left.children:
            yield from self.kept(each)
        yield from self.told(node)

    def kept(self, node: Syntax) -> Iterator[Misfit]:
        """What is set and keeps what it is."""
        what = _NO_PLACE.get(self.values.declared_as(node), "")
        if what and node.text != b"_":
            yield node.start, f"`{said(node)}` is {what} in the target, and is set"

    def listed(self, node: Syntax) -> Iterator[Misfit]:
        if _is_bound(node) or (node.parent is not None and node.parent.kind == "type_case"):
            return
        for each in (c for c in node.children if self.values.declared_as(c) == "type_spec"):
            yield each.start, f"`{said(each)}` is a type in the target, and stands as a value"

    def written(self, node: Syntax) -> Iterator[Misfit]:
        for each in kind_nodes(node):
            if self.values.declared_as(each) in _NO_TYPE:
                yield each.start, f"`{said(each)}` is no type in the target, and stands as one"

    def told(self, node: Syntax) -> Iterator[Misfit]:
        """Whether a value was there: only maps, channels and assertions tell that."""
        places, values = (listed_values(node.children[n]) for n in (0, -1))
        if len(places) == 2 and [each.kind for each in values] == ["index_expression"]:
            yield from self.want(values[0].children[0], frozenset({"map"}), "a map")


def _yields(loop: GoType) -> int | None:
    """How many values come at once of a function that a loop goes through; None where that is not known."""
    each = loop.parts[0] if loop.parts else None
    many = each.name[1].partition(b",")[0] if each is not None and each.kind == "func" else b""
    return int(many) if many.isdigit() else None


def _is_bound(node: Syntax) -> bool:
    """Whether a list has the names that `:=` declares."""
    beside = node.parent.children if node.parent is not None else []
    at = next((i for i, c in enumerate(beside) if c.token == b":="), 0)
    return any(c.start == node.start for c in beside[:at])


def said(node: Syntax) -> str:
    """The words of a node, in one line."""
    return b" ".join(node.text.split())[:60].decode(errors="replace")


_JUDGES: dict[str, Callable[[Operands, Syntax], Iterator[Misfit]]] = {
    "unary_expression": Operands.unary,
    "binary_expression": Operands.binary,
    "index_expression": Operands.index,
    "slice_expression": Operands.slice,
    "type_assertion_expression": Operands.asserted,
    "type_switch_statement": Operands.asserted,
    "call_expression": Operands.call,
    "if_statement": Operands.condition,
    "for_statement": Operands.condition,
    "for_clause": Operands.clause,
    "range_clause": Operands.ranged,
    "expression_switch_statement": Operands.switch,
    "send_statement": Operands.sent,
    "inc_statement": Operands.counted,
    "dec_statement": Operands.counted,
    "assignment_statement": Operands.assigned,
    "short_var_declaration": Operands.told,
    "expression_list": Operands.listed,
    "composite_literal": Operands.written,
    "field_declaration": Operands.written,
    "parameter_declaration": Operands.written,
    "var_spec": Operands.written,
    "map_type": Operands.keyed,
}
