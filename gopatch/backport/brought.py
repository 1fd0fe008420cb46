"""Which fields and methods a type has from what it embeds: "Struct types" of the Go specification."""

from __future__ import annotations

import re

from gopatch.backport.go_types import GoType
from gopatch.backport.shown_types import ShownTypes
from gopatch.backport.type_reader import Placed
from gopatch.backport.type_rows import embedded, names_of, rows_of


def brought(shown: ShownTypes, known: GoType | None) -> dict[bytes, set[bytes]]:
    """For each row that a struct embeds what it brings: its own name, and those of all that its type has."""
    spec = shown.spec(known)
    if spec is None or spec.node.children[-1].kind != "struct_type":
        return {}
    rows = [row for row in rows_of(spec.node.children[-1]) if not row.names()]
    return {row.text: _by_row(shown, Placed(spec.place, row)) for row in rows}


def _by_row(shown: ShownTypes, row: Placed) -> set[bytes]:
    kinds = [shown.read(kind, row.place) for kind in embedded([row.node])]
    return names_of(row.node).union(*(_had(shown, kind, set()) for kind in kinds))


def _had(shown: ShownTypes, known: GoType | None, seen: set[GoType]) -> set[bytes]:
    """The names of all fields and methods of a type of the source."""
    spec = shown.spec(known)
    if known is None or spec is None or known in seen:
        return set()
    seen.add(known)
    names = _methods(shown, known)
    inside = spec.node.children[-1]
    rows = rows_of(inside) if inside.kind in ("struct_type", "interface_type") else []
    names = names.union(*(names_of(row) for row in rows))
    return names.union(*(_had(shown, shown.read(e, spec.place), seen) for e in embedded(rows)))


def _methods(shown: ShownTypes, known: GoType) -> set[bytes]:
    owner = re.escape(known.name[1].rpartition(b".")[2])
    method = re.compile(rb"(?m)^func[ \t]*\((?:\w+[ \t]+)?\*?%s\b[^)]*\)[ \t]*(\w+)" % owner)
    texts = shown.side.go_texts(known.name[0])
    return {name for _, data in texts for name in method.findall(data)}
