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
from gopatch.go.tree import Syntax, elements_of

_MOST = 400  # declarations that are looked into for one circle


def circular(
    path: str, rows: Sequence[ListedRow], old: ShownTypes, new: ShownTypes
) -> Iterator[Misfit]:
    """The functions and variables in some declarations of a file that name something new, and come round to themselves by it."""
    place = new.place(path)
    known = {
        name: set(_named(Placed(place, node)))
        for row in rows_in(old, path)
        for name, node in _made(row)
    }
    for row in rows:
        for name, node in _made(row):
            come = set(_named(Placed(place, node))) - known.get(name, set())
            for word in sorted(come):
                variable = _round((name, Placed(place, node)), word, new)
                if variable:
                    said, inside = (each.decode(errors="replace") for each in (variable, name))
                    yield (
                        node.start,
                        f"`{said}` would be made of itself in the target, by what `{inside}` names",
                    )


def _made(row: ListedRow) -> Iterator[tuple[bytes, Syntax]]:
    """The functions and variables that a row declares, each with what it names."""
    for node in row.nodes:
        if node.kind == "function_declaration":
            yield node.names()[0].text, node
        for spec in elements_of(node) if node.kind == "var_declaration" else ():
            yield from ((name.text, spec) for name in spec.names() if _has_value(spec))


def _has_value(spec: Syntax) -> bool:
    return any(child.token == b"=" for child in spec.children)


def _named(declared: Placed) -> Iterator[bytes]:
    """What a declaration names of its package, without what it declares itself."""
    place, node = declared
    own = {name.text for name in node.names()} if node.kind == "var_spec" else set()
    found = {use.name for use in uses(node) if use.role == "name"}
    yield from found - own - place.imports.keys()


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
            steps = {(more, bool(over)) for more in _named(each)} - done
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
