"""The declaration in which a change works, where it says so (`@ in NAME @`)."""

from __future__ import annotations

from collections.abc import Iterator

from gopatch.go.tree import GoFile, Syntax, declared, receiver


def declarations(name: str, file: GoFile) -> Iterator[tuple[int, int]]:
    """Where functions, methods and types of a name are declared; `Type.Method` is that type's own."""
    owner, _, wanted = name.rpartition(".")
    for found, node in declared(file):
        if found.text.decode(errors="replace") != wanted:
            continue
        if owner and receiver(node) != owner.encode():
            continue
        if node.kind == "type_spec":
            yield _whole(node, file)
        elif node.kind in ("function_declaration", "method_declaration"):
            yield node.start, node.end


def _whole(spec: Syntax, file: GoFile) -> tuple[int, int]:
    """The declaration of a type, or its part of a group."""
    low, high = file.declaration(spec.start, spec.end)
    before = file.data[low : spec.start].split()
    return (low, high) if before == [b"type"] else (spec.start, spec.end)
