"""A change -> the declarations that it speaks of: where none of them is, it has nothing to do."""

from __future__ import annotations

from collections.abc import Iterator

from gopatch.engine.notation import Change
from gopatch.go.tree import Syntax, parse, receiver

_NAMED = frozenset({"function_declaration", "method_declaration"})


def subject_of(change: Change) -> tuple[str, ...]:
    """The functions, types and methods (`Type.Method`) that must be declared for a change to fit.

    Those are the one that it works in, and what its lines with `-` and of context declare by a name of
    its own, no metavariable.
    """
    variables = {variable.name for variable in change.metavariables}
    found = [change.inside] if change.inside else []
    for name, owner in _declared(parse(change.minus.data).root):
        if name not in variables:
            found.append(name if not owner or owner in variables else f"{owner}.{name}")
    return tuple(dict.fromkeys(found))


def _declared(side: Syntax) -> Iterator[tuple[str, str]]:
    """What a side declares, each with the type that it belongs to or ""."""
    for node in side.children:
        specs = [node] if node.kind in _NAMED else _specs(node)
        for spec in specs:
            owner = receiver(spec) or b""
            for name in spec.names():
                yield name.text.decode(), owner.decode()


def _specs(node: Syntax) -> list[Syntax]:
    return [child for child in node.children if child.kind == "type_spec"]
