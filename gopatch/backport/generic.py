"""Where a generic type or function is surely given other types than it takes: "Type parameter declarations" and
"Instantiations" of the Go specification.
"""

from __future__ import annotations

from collections.abc import Iterator

from gopatch.backport.comparable import incomparable
from gopatch.backport.go_types import GoType
from gopatch.backport.operations import Misfit, said
from gopatch.backport.type_rows import said_in, type_parameters
from gopatch.backport.valued import ValuedNodes
from gopatch.go.tree import IDENTIFIER, Syntax

_NAMES = (IDENTIFIER, "selector_expression")


def wrong_instance(values: ValuedNodes, node: Syntax) -> Iterator[Misfit]:
    """What one node, not those in it, gives for type parameters that surely are not there, or leaves out."""
    if node.kind == "index_expression":
        base, *given = (child for child in node.children if child.named)
        spec = values.one_of(base)
        if spec is not None and spec.node.kind in ("type_spec", "function_declaration"):
            many = len(list(type_parameters(spec.node)))
            is_type = spec.node.kind == "type_spec"
            if len(given) > many or (is_type and len(given) != many):
                reason = f"`{said(base)}` has {many} type parameters in the target, {len(given)} are given"
                yield node.start, reason
    elif node.kind == "composite_literal" and node.children[0].kind in _NAMES:
        spec = values.one_of(node.children[0])
        if spec is not None and spec.node.kind == "type_spec" and any(type_parameters(spec.node)):
            yield node.start, f"`{said(node.children[0])}` has type parameters in the target"
    elif node.kind == "call_expression":
        yield from _taken(values, node)


def _taken(values: ValuedNodes, call: Syntax) -> Iterator[Misfit]:
    """The arguments that surely are of no type that a parameter's own may be."""
    spec = values.one_of(call.children[0])
    if spec is None or spec.node.kind != "function_declaration":
        return
    own = dict(type_parameters(spec.node))
    takes = next(c for c in spec.node.children if c.kind == "parameter_list")
    plain = {name for name, wanted in own.items() if wanted.text in (b"any", b"comparable")}
    for name in sorted(plain - set(_named(takes, own))):
        words = f"has a type parameter `{name.decode(errors='replace')}` in the target"
        yield call.start, f"`{said(call.children[0])}` {words}, and no argument tells it"
    arguments = [child for child in call.children[-1].children if child.named]
    for (kind, _), each in zip(said_in(takes), arguments, strict=False):
        wanted = own.get(kind.text)
        known = values.of(each)
        if wanted is None or known is None:
            continue
        if wanted.text == b"comparable":
            barred = incomparable(values.shown, known)
        else:
            allowed = [_basic(term) for term in wanted.children if term.token != b"|"]
            barred = all(allowed) and _is_none_of(known, allowed)
        if barred:
            words = f"takes `{said(wanted)}` as its argument in the target"
            yield (
                each.start,
                f"`{said(call.children[0])}` {words}, and `{said(each)}` is `{known}`",
            )


def _named(takes: Syntax, own: dict[bytes, Syntax]) -> Iterator[bytes]:
    """The words of what a function takes, and of what its own types may be."""
    for each in (takes, *own.values()):
        yield from (leaf.text for leaf in each.leaves())


def _is_none_of(known: GoType, allowed: list[bytes]) -> bool:
    """Whether a value is of none of some basic types; a number without a type may become any of numbers."""
    if known.kind == "constant" and known.name[1] not in (b"string", b"bool"):
        return known.name[1] == b"nil" or not set(allowed) - {b"string", b"bool"}
    return known.kind in ("basic", "constant") and known.name[1] not in allowed


def _basic(term: Syntax) -> bytes:
    """The name of a basic type that a constraint allows; empty where it allows another kind."""
    node = term.children[-1] if term.kind == "negated_type" else term
    return node.text if node.kind == IDENTIFIER and node.text in _BASIC else b""


_BASIC = frozenset(
    b"bool float32 float64 int int8 int16 int32 int64 string uint uint8 uint16 uint32 uint64".split()
)
