"""What a call of a function with type parameters gives: "Instantiations" and "Type inference" of the Go specification.

Types are told in brackets, or by the arguments; of what neither tells, and of types with parameters of their own, nothing is known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from gopatch.backport.go_types import GoType, made_type, typed
from gopatch.backport.shown_types import ShownTypes
from gopatch.backport.type_reader import DEEPEST, GoPlace, Placed
from gopatch.backport.type_rows import bare, said_in, type_parameters
from gopatch.go.tree import IDENTIFIER, Syntax

_Told = Mapping[bytes, GoType | None]
_PARTED = {"slice_type": "slice", "map_type": "map", "channel_type": "chan"}


def results_of(
    shown: ShownTypes,
    function: Placed,
    told: Sequence[GoType | None],
    given: Sequence[GoType | None],
) -> tuple[GoType | None, ...] | None:
    """The types of what a function gives that has type parameters, by the types in brackets and those of its arguments; None where it has none."""
    place, node = function
    own = dict(type_parameters(node))
    if not own:
        return None
    takes, gives = (
        next(list(said_in(c)) for c in node.children if c.kind == kind)
        for kind in ("parameter_list", "result_list")
    )
    known: dict[bytes, GoType | None] = dict(zip(own, told, strict=False))
    found: dict[bytes, list[GoType | None]] = {}
    for nth, value in enumerate(given):
        wanted = takes[min(nth, len(takes) - 1)][0] if takes else None
        for name, one in _matched(shown, wanted, value, own) if wanted is not None else ():
            found.setdefault(name, []).append(one)
    for name in own.keys() - known.keys():
        known[name] = _agreed(found.get(name, []))
    for name, wanted in own.items():
        term = wanted.children[0] if len(wanted.children) == 1 else wanted
        core = term.children[-1] if term.kind == "negated_type" else term
        for inner, one in _matched(shown, core, known[name], own):
            known[inner] = known[inner] or one
    return tuple(_with(shown, kind, place, known, DEEPEST) for kind, _ in gives)


def _agreed(found: Sequence[GoType | None]) -> GoType | None:
    """The one type that arguments tell; constants without a type tell theirs where nothing else does."""
    kinds = [each for each in found if each is None or each.kind != "constant"] or list(found)
    return typed(kinds[0]) if kinds and kinds.count(kinds[0]) == len(kinds) else None


def _matched(
    shown: ShownTypes, wanted: Syntax, value: GoType | None, own: Mapping[bytes, Syntax]
) -> Iterator[tuple[bytes, GoType | None]]:
    """What a value tells of the type parameters in the type that is written for it."""
    wanted = bare(wanted)
    if wanted.kind == IDENTIFIER:
        yield from ((wanted.text, value),) if wanted.text in own else ()
        return
    below = shown.underlying(value)
    kind = _PARTED.get(wanted.kind, "")
    if wanted.kind == "unary_expression" and wanted.children[0].token == b"*":
        kind = "pointer"
    if below is None or below.kind != kind:
        return
    inner = [child for child in wanted.children if child.named and child.token != b"*"]
    for each, part in zip(inner, below.parts, strict=False):
        yield from _matched(shown, each, part, own)


def _with(
    shown: ShownTypes, node: Syntax, place: GoPlace, known: _Told, depth: int
) -> GoType | None:
    """A type as it is written, with type parameters as they are known."""
    node = bare(node)
    if not any(leaf.text in known for leaf in node.leaves()):
        return shown.read(node, place)
    if node.kind == IDENTIFIER:
        return known.get(node.text)
    if not depth or node.kind in ("struct_type", "interface_type"):
        return None
    return made_type(node, lambda inner: _with(shown, inner, place, known, depth - 1))
