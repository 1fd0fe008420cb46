"""Variables of a package that would be made of themselves, by what their values call: "Package initialization" of the Go specification.

Names alone are followed, no methods: a circle through one passes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gopatch.backport.changed_types import rows_in
from gopatch.backport.lists import ListedRow
from gopatch.backport.operations import Misfit
from gopatch.backport.scopes import uses
from gopatch.backport.shown_types import ShownTypes
from gopatch.backport.type_reader import GoPlace, Placed
from gopatch.backport.type_rows import listed_values
from gopatch.go.tree import Syntax, elements_of

_MOST = 400  # declarations that are looked into for one circle


def circular(
    path: str, rows: Sequence[ListedRow], old: ShownTypes, new: ShownTypes
) -> Iterator[Misfit]:
    """The functions and variables in some declarations of a file that name something new, and come round to themselves by it."""
    place = new.place(path)
    known = {
        name: set(_named(Placed(place, node), name))
        for row in rows_in(old, path)
        for name, node in _made(row)
    }
    told: set[bytes] = set()
    for name, node in (made for row in rows for made in _made(row)):
        start = Placed(place, node)
        for word in sorted(set(_named(start, name)) - known.get(name, set())):
            variable = _round((name, start), word, new)
            if variable and variable not in told:
                told.add(variable)
                said, inside = (each.decode(errors="replace") for each in (variable, name))
                words = f"`{said}` would be made of itself in the target, by what `{inside}` names"
                yield node.start, words


def _made(row: ListedRow) -> Iterator[tuple[bytes, Syntax]]:
    """The functions and variables that a row declares, each with what it names."""
    for node in row.nodes:
        if node.kind == "function_declaration":
            yield node.names()[0].text, node
        for spec in elements_of(node) if node.kind == "var_declaration" else ():
            yield from ((name.text, spec) for name in spec.names() if _has_value(spec))


def _has_value(spec: Syntax) -> bool:
    return any(child.token == b"=" for child in spec.children)


def _named(declared: Placed, name: bytes) -> set[bytes]:
    """What a function, or the value of one of the variables of a row, names of its package."""
    place, node = declared
    parts = [node]
    if node.kind == "var_spec":
        own, parts = [each.text for each in node.names()], listed_values(node.children[-1])
        parts = [parts[own.index(name)]] if len(own) == len(parts) else parts
    found = {use.name for part in parts for use in uses(part) if use.role == "name"}
    return found - place.imports.keys()


def _round(begun: tuple[bytes, Placed], word: bytes, types: ShownTypes) -> bytes:
    """The variable, if one is, on a way by names from one declaration, over a word, back to it."""
    name, start = begun
    first = name if start.node.kind == "var_spec" else b""
    done = {(word, bool(first))}
    todo = [(word, first)]
    while todo and len(done) < _MOST:
        word, variable = todo.pop()
        if word == name:
            if variable:
                return variable
            continue
        for each in _followed(types, start.place, word):
            over = variable or (word if each.node.kind == "var_spec" else b"")
            steps = {(more, bool(over)) for more in _named(each, word)} - done
            done |= steps
            todo += [(more, over) for more, _ in sorted(steps)]
    return b""


def _followed(types: ShownTypes, place: GoPlace, word: bytes) -> Sequence[Placed]:
    """The one function or variable with a value that a name is of."""
    found = types.specs(place.folder, place.package, word)
    is_followed = len(found) == 1 and (
        found[0].node.kind == "function_declaration"
        or (found[0].node.kind == "var_spec" and _has_value(found[0].node))
    )
    return found if is_followed else ()
