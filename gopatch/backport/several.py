"""Where values that come several at once surely do not fit what takes them: the results of one call, what a map, a channel or an
assertion gives with whether it was there, and what a loop gives.

"Assignment statements", "Short variable declarations", "Variable declarations" and "For statements with range clause" of the Go
specification.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gopatch.backport.assignable import misfit
from gopatch.backport.go_types import GoType
from gopatch.backport.operations import Misfit, said
from gopatch.backport.type_rows import listed_values
from gopatch.backport.valued import ValuedNodes
from gopatch.go.tree import Syntax

_TAKEN = {
    "assignment_statement", "short_var_declaration", "receive_statement", "range_clause", "var_spec",
}  # fmt: skip
_WITH_WORD = {"index_expression", "unary_expression", "type_assertion_expression"}
_WORD = GoType("constant", ("", b"bool"))


def wrong_results(values: ValuedNodes, node: Syntax) -> Iterator[Misfit]:
    """What one node, not those in it, gives to variables that surely do not take it."""
    if node.kind not in _TAKEN:
        return
    sign = next((c.token for c in node.children if c.token in (b"=", b":=")), None)
    if sign is None:
        return
    places = _places(values, node, sign == b":=")
    value = listed_values(node.children[-1])
    if node.kind == "range_clause":
        base = values.of(value[0])
        given: Sequence[GoType | None] = [values.ranged(base, nth) for nth in range(len(places))]
    elif len(value) == 1 < len(places):
        given = together(values, value[0])
    else:
        return
    yield from unfit_results(values, value[0], given, places)


def unfit_results(
    values: ValuedNodes,
    value: Syntax,
    given: Sequence[GoType | None],
    wanted: Sequence[GoType | None],
) -> Iterator[Misfit]:
    """The misfits of what an expression gives, where some types are wanted."""
    for nth, (one, other) in enumerate(zip(given, wanted, strict=False)):
        if why := misfit(values.shown, one, other):
            words = f"`{said(value)}` gives, as value {nth + 1}, what is no `{other}` in the target"
            yield value.start, f"{words}: it is {why}"


def together(values: ValuedNodes, value: Syntax) -> Sequence[GoType | None]:
    """The types of all that an expression gives at once; none where that is not known."""
    if value.kind == "call_expression":
        return values.given(value) or ()
    return (values.of(value), _WORD) if value.kind in _WITH_WORD else ()


def _places(values: ValuedNodes, node: Syntax, declares: bool) -> list[GoType | None]:
    """The types that variables have before they are given something; None of those that are declared by it."""
    if node.kind == "var_spec":
        names = node.names()
        kind = next(c for c in node.children if c.start >= names[-1].end)
        return [values.read(kind) if kind.token != b"=" else None] * len(names)
    places = listed_values(node.children[0])
    return [values.had(each) if declares else values.of(each) for each in places]
