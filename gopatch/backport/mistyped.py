"""Where a declaration gives a value where another type is wanted, as far as the types are shown.

Arguments, what is returned and assigned, the elements of composite literals, and what stands behind a dot;
`operations` knows what operators and statements take.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gopatch.backport.addressed import wrong_place
from gopatch.backport.asserted import never_so
from gopatch.backport.built_in import wrong_built_in
from gopatch.backport.composites import typed_literals
from gopatch.backport.converted import wrong_conversion
from gopatch.backport.generic import wrong_instance
from gopatch.backport.go_types import GoType
from gopatch.backport.one_way import wrong_way
from gopatch.backport.operations import (
    Misfit,
    said,
    wrong_operands,
    wrong_value,
)
from gopatch.backport.receivers import wrong_receiver
from gopatch.backport.several import together, unfit_results, wrong_results
from gopatch.backport.signatures import Signature
from gopatch.backport.type_rows import between, listed_values
from gopatch.backport.united import wrong_union
from gopatch.backport.valued import ValuedNodes
from gopatch.backport.worth import worth_otherwise
from gopatch.go.tree import IDENTIFIER, Syntax

_FUNCTIONS = {"function_declaration", "method_declaration", "func_literal"}
_LITERAL = {"struct", "slice", "array", "map", "foreign"}
_JUDGES = (
    wrong_operands, wrong_way, wrong_conversion, wrong_place, wrong_instance, never_so, worth_otherwise,
    wrong_built_in, wrong_receiver, wrong_results, wrong_union,
)  # fmt: skip


def misfits(values: ValuedNodes) -> Iterator[Misfit]:
    """What in a top-level declaration surely does not have the type that is wanted there; nothing in one that does not parse."""
    if values.node.is_broken:
        return
    judged = _Judged(values)
    for node, function in _within(values.node, None):
        yield from judged.one(node, function)


def _within(node: Syntax, function: Syntax | None) -> Iterator[tuple[Syntax, Syntax | None]]:
    """The nodes that have parts, each with the function around it, from the outside in."""
    todo = [(node, function)]
    while todo:
        node, function = todo.pop()
        function = node if node.kind in _FUNCTIONS else function
        yield node, function
        todo += [(each, function) for each in reversed(node.children) if each.token is None]


class _Judged:
    def __init__(self, values: ValuedNodes) -> None:
        self.values, self.shown = values, values.shown

    def one(self, node: Syntax, function: Syntax | None) -> Iterator[Misfit]:
        """What is wrong with one node, not those in it; `function` is the one around it."""
        kind = node.kind
        for judge in _JUDGES:
            yield from judge(self.values, node)
        if kind == "call_expression":
            yield from self.call(node)
        elif kind == "return_statement" and function is not None:
            yield from self.returned(node, function)
        elif kind == "composite_literal":
            for each, known in typed_literals(self.values, node):
                yield from self.literal(each, known)
        elif kind == "selector_expression":
            yield from self.selected(node)
        elif kind == "receive_statement":
            yield from self.beside(node)
        elif kind in ("var_spec", "const_spec", "assignment_statement", "short_var_declaration"):
            yield from self.beside(node)
            yield from self.taken(node)

    def given(self, node: Syntax, wanted: GoType | None, words: str = "") -> Iterator[Misfit]:
        return wrong_value(self.values, node, wanted, words)

    # Calls ---------------------------------------------------------------------------------------

    def call(self, node: Syntax) -> Iterator[Misfit]:
        head, arguments = node.children[0], between(node.children[-1])
        for each in (a for a in arguments if a.kind == "call_expression"):
            if self.values.given(each) == ():
                words = "gives no value in the target, and one is wanted"
                yield each.start, f"`{said(each)}` {words}"
        many = self._many(arguments)
        if many is None:
            return
        every = [
            list(self.arguments(head, arguments, each, many))
            for each in self.values.signatures(head)
        ]
        if every and all(every):
            yield every[0][0]

    def _many(self, arguments: Sequence[Syntax]) -> int | None:
        """How many values some arguments are: `f(g())` hands over all that g gives."""
        if len(arguments) != 1 or arguments[0].kind != "call_expression":
            return len(arguments)
        given = self.values.given(arguments[0])
        return len(given) if given is not None else None

    def arguments(
        self, head: Syntax, arguments: Sequence[Syntax], signature: Signature, many: int
    ) -> Iterator[Misfit]:
        takes = signature.takes
        spread = any(each.kind == "variadic_argument" for each in arguments)
        if not signature.fits(many, spread=spread):
            given = "a list with `...` is" if spread else f"{many} are"
            reason = f"`{said(head)}` takes {len(takes)} arguments in the target, {given} given"
            yield head.start, reason
        elif many != len(arguments):
            wanted_here = [takes[min(nth, len(takes) - 1)][0] for nth in range(many)]
            given_here = together(self.values, arguments[0])
            yield from unfit_results(self.values, arguments[0], given_here, wanted_here)
        else:
            for nth, argument in enumerate(arguments):
                wanted, each = takes[min(nth, len(takes) - 1)][0], argument
                if argument.kind == "variadic_argument":
                    wanted, each = GoType("slice", parts=(wanted,)), argument.children[0]
                words = f"`{said(head)}` takes `{wanted}` as its argument {nth + 1} in the target, and is given `{said(each)}`"
                yield from self.given(each, wanted, words)

    def returned(self, node: Syntax, function: Syntax) -> Iterator[Misfit]:
        results = next((c for c in function.children if c.kind == "result_list"), None)
        values = listed_values(node.children[-1]) if len(node.children) > 1 else []
        wanted = (
            []
            if results is None
            else [
                self.values.read(each.children[-1])
                for each in results.children
                if each.kind == "parameter_declaration"
                for _ in range(max(1, len(each.names())))
            ]
        )
        if len(values) == len(wanted):
            for value, each in zip(values, wanted, strict=True):
                words = f"`return` gives `{said(value)}` where `{each}` is declared in the target"
                yield from self.given(value, each, words)
        elif len(values) == 1 and values[0].kind == "call_expression":
            yield from unfit_results(
                self.values, values[0], together(self.values, values[0]), wanted
            )

    # Literals ------------------------------------------------------------------------------------

    def literal(self, node: Syntax, known: GoType | None) -> Iterator[Misfit]:
        """The elements of one composite literal, not those of the ones in it."""
        below = self.shown.underlying(known)
        if below is not None and below.kind not in _LITERAL:
            words = (
                f"is written of `{known}` in the target, which is no struct, array, slice or map"
            )
            yield node.start, f"`{said(node)}` {words}"
        fields = self.shown.fields(known)
        if fields is not None:
            yield from self.struct(between(node), known, fields)
        elif known is not None and known.kind == "foreign":
            yield from self.of_go(between(node), known)
        elif below is not None and below.kind in ("slice", "array", "map"):
            for each in between(node):
                parts = each.children[::2] if each.kind == "keyed_element" else [each]
                yield from self.given(parts[-1], below.parts[-1])
                if below.kind == "map" and len(parts) == 2:
                    yield from self.given(parts[0], below.parts[0])

    def struct(
        self,
        elements: Sequence[Syntax],
        known: GoType | None,
        fields: list[tuple[bytes, GoType | None]],
    ) -> Iterator[Misfit]:
        keyed = [each for each in elements if each.kind == "keyed_element"]
        if elements and not keyed and len(elements) != len(fields):
            reason = f"`{known}` has {len(fields)} fields in the target, and is given {len(elements)} values"
            yield elements[0].start, reason
        elif not keyed:
            for each, (_, wanted) in zip(elements, fields, strict=False):
                yield from self.given(each, wanted)
        types = dict(fields)
        for key, value in ((e.children[0], e.children[-1]) for e in keyed):
            if key.kind == IDENTIFIER and key.text not in types:
                yield key.start, f"`{known}` has no field `{said(key)}` in the target"
            elif key.kind == IDENTIFIER:
                yield from self.given(value, types[key.text])

    def of_go(self, elements: Sequence[Syntax], known: GoType) -> Iterator[Misfit]:
        """The fields of a struct of the standard library."""
        below = self.shown.underlying(known)
        keyed = (each.children for each in elements if each.kind == "keyed_element")
        for key, *_, value in keyed if below is not None and below.kind == "struct" else ():
            has = self.shown.members(known, key.text)
            if has.known and not has.found:
                yield key.start, f"`{known}` has no field `{said(key)}` in the target"
            for row in has.found:
                yield from self.given(value, self.shown.of_field(row))

    # Names and values beside one another ---------------------------------------------------------

    def selected(self, node: Syntax) -> Iterator[Misfit]:
        owner = self.values.of(node.children[0])
        name = node.children[-1]
        has = self.shown.members(owner, name.text)
        if has.known and not has.found:
            yield (
                name.start,
                f"`{said(node)}`: `{owner}` has no field or method `{said(name)}` in the target",
            )
        elif len(has.owners) > 1:
            words = " and ".join(sorted(f"`{each}`" for each in has.owners))
            yield name.start, f"`{said(node)}` may be that of {words} in the target"

    def beside(self, node: Syntax) -> Iterator[Misfit]:
        for value, wanted in self._pairs(node):
            yield from self.given(value, wanted)

    def taken(self, node: Syntax) -> Iterator[Misfit]:
        """A call that gives another number of results than there are places for."""
        places, values = listed_values(node.children[0]), listed_values(node.children[-1])
        if (
            node.kind in ("var_spec", "const_spec")
            or len(values) != 1
            or values[0].kind != "call_expression"
        ):
            return
        given = self.values.given(values[0])
        if given is not None and len(given) != len(places):
            head = said(values[0].children[0])
            reason = (
                f"`{head}` gives {len(given)} results in the target, and {len(places)} are taken"
            )
            yield node.start, reason

    def _pairs(self, node: Syntax) -> Iterator[tuple[Syntax, GoType | None]]:
        children = node.children
        if node.kind == "short_var_declaration":
            names, values = (listed_values(children[n]) for n in (0, -1))
            both = zip(names, values, strict=False) if len(names) == len(values) else ()
            yield from ((value, self.values.had(name)) for name, value in both)
        at = next((i for i, c in enumerate(children) if c.token == b"="), None)
        if at is None:
            return
        values = listed_values(children[-1])
        if node.kind in ("var_spec", "const_spec"):
            names = node.names()
            kinds = [c for c in children[:at] if c.start >= names[-1].end]
            yield from (
                (value, self.values.read(kinds[0]))
                for value in values
                if kinds and len(values) == len(names)
            )
            return
        places = listed_values(children[0])
        if len(places) == len(values):
            yield from zip(values, map(self.values.of, places), strict=True)
