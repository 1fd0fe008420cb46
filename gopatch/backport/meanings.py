"""What Go takes whatever the types are, and means by them: the fields that values without keys set, and what `range` goes through.

"Composite literals" and "For statements with range clause" of the Go specification.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from gopatch.backport.assignable import kind_of
from gopatch.backport.changed_types import BothTypes, rows_in
from gopatch.backport.composites import typed_literals
from gopatch.backport.lists import ListedRow
from gopatch.backport.operations import Misfit, said
from gopatch.backport.shown_types import ShownTypes
from gopatch.backport.type_reader import Placed
from gopatch.backport.type_rows import between, listed_values, within
from gopatch.backport.valued import ValuedNodes
from gopatch.go.tree import Syntax

_THROUGH = {
    "slice": "an index", "array": "an index", "array pointer": "an index", "map": "keys",
    "string": "runes", "chan": "what is received", "number": "numbers", "func": "what a function gives",
}  # fmt: skip
_ORDERED = {"an index", "keys"}  # the same but for their order where nobody looks at them


class Meaning(NamedTuple):
    """What a node means: by which name others of its kind are known, and the words that differ where it means something else."""

    node: Syntax
    name: bytes
    words: tuple[str, ...]

    def is_like(self, other: Meaning) -> bool:
        return (self.node.kind, self.name) == (other.node.kind, other.name)

    def is_other(self, other: Meaning) -> bool:
        """Whether another of that name surely means something else: other fields are other values."""
        if not self.is_like(other) or not self.words or not other.words:
            return False
        is_loop = self.node.kind == "range_clause"
        alike = is_loop or sorted(self.words) == sorted(other.words)
        return alike and self.words != other.words


def changed_meanings(values: ValuedNodes, types: BothTypes) -> Iterator[Misfit]:
    """What stays as it is in a declaration of the target, and means something else with a change."""
    now = list(_meanings(values))
    if not now:
        return
    before = types.old.data(values.place.path)
    was = {
        m.node.start: m
        for m in _meanings(ValuedNodes(types.old, Placed(values.place, values.node)))
    }
    for each in (m for m in now if m.node.start in was and m.node.text in before):
        if each.is_other(was[each.node.start]):
            told = f"with the change, and {_words(was[each.node.start])} without it"
            yield each.node.start, f"`{said(each.node)}` {_words(each)} {told}"


def other_meanings(path: str, origin: str, here: BothTypes, there: ShownTypes) -> Iterator[Misfit]:
    """What a port brings, and means something else than in the source that the change was made for."""
    before, after = here.old.data(path), here.new.data(path)
    known = {row.text for row in rows_in(here.old, path)}
    rows = (row for row in rows_in(here.new, path) if row.text not in known)
    for each in _all_meanings(here.new, path, rows):
        if after.count(each.node.text) > before.count(each.node.text):
            theirs = (row for row in rows_in(there, origin) if each.name in row.text)
            found = [m for m in _all_meanings(there, origin, theirs) if m.is_like(each)]
            others = [m for m in found if each.is_other(m)]
            if others and len(others) == len(found):
                told = f"in the target, and {_words(others[0])} in the source it was made for"
                yield each.node.start, f"`{said(each.node)}` {_words(each)} {told}"


def _words(meaning: Meaning) -> str:
    if meaning.node.kind == "range_clause":
        return f"goes through {meaning.words[0]}"
    return f"sets {' and '.join(f'`{word}`' for word in meaning.words)}"


def _all_meanings(shown: ShownTypes, path: str, rows: Iterable[ListedRow]) -> Iterator[Meaning]:
    place = shown.place(path)
    for node in (node for row in rows for node in row.nodes):
        yield from _meanings(ValuedNodes(shown, Placed(place, node)))


def _meanings(values: ValuedNodes) -> Iterator[Meaning]:
    for node in within(values.node):
        if node.kind == "range_clause":
            yield Meaning(node, _last_name(node), _through(values, node))
        for literal, known in typed_literals(values, node):
            inside = between(literal)
            if known is not None and len(inside) > 1 and inside[0].kind != "keyed_element":
                order = (
                    name.decode(errors="replace") for name, _ in values.shown.fields(known) or ()
                )
                yield Meaning(literal, known.name[1].rpartition(b".")[2], tuple(order))


def _last_name(clause: Syntax) -> bytes:
    named = [leaf.text for leaf in clause.children[-1].leaves() if leaf.named]
    return named[-1] if named else b""


def _through(values: ValuedNodes, clause: Syntax) -> tuple[str, ...]:
    """What a loop goes through; an order of its own is no matter where it does not look at keys."""
    words = _THROUGH.get(kind_of(values.shown, values.of(clause.children[-1])), "")
    first = listed_values(clause.children[0])[0]
    if words in _ORDERED and (len(clause.children) < 3 or first.text == b"_"):
        words = "elements"
    return (words,) if words else ()
