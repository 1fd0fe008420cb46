"""Functions of a port that nobody can call: what was there before does not know them, and nothing that
the port itself runs names them."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator
from typing import NamedTuple

from gopatch.evaluate.package import parts, text_of
from gopatch.go.tree import GoFile, Syntax

_WORD = re.compile(rb"[A-Za-z_]\w*")
_TEXTS = frozenset({"interpreted_string_literal", "raw_string_literal"})
_BODIES = ("function_declaration", "method_declaration")
# What the standard library asks a value for by name, whatever its type.
_ASKED = frozenset(
    [
        "Close",
        "Deadline",
        "Done",
        "Err",
        "Error",
        "Format",
        "GoString",
        "Is",
        "As",
        "Len",
        "Less",
        "Swap",
        "Lock",
        "Unlock",
        "MarshalJSON",
        "MarshalText",
        "Network",
        "Read",
        "RoundTrip",
        "Scan",
        "Seek",
        "ServeHTTP",
        "Set",
        "Get",
        "String",
        "Temporary",
        "Timeout",
        "Type",
        "UnmarshalJSON",
        "UnmarshalText",
        "Unwrap",
        "Value",
        "Write",
        "WriteTo",
        "ReadFrom",
        "Flush",
        "CancelRequest",
        "CloseIdleConnections",
        "Cause",
    ]
)


class Body(NamedTuple):
    """A function, method or type that a port has written; `receiver` is the bare name of a method's type."""

    path: str
    node: Syntax
    name: bytes
    receiver: bytes


class _World:
    """What stands around: the words of the port's own code and their places, and the code that it has
    not written."""

    def __init__(self, files: Iterable[tuple[str, GoFile]], others: Iterable[bytes]) -> None:
        self._others = list(others)
        self._places: dict[bytes, list[tuple[str, int]]] = {}
        for path, file in files:
            data = bytearray(file.data)
            texts = ((n.start, n.end) for n in file.nodes(_TEXTS))
            for start, end in (*file.comments(), *texts):
                data[start:end] = b" " * (end - start)
            for found in _WORD.finditer(bytes(data)):
                self._places.setdefault(found[0], []).append((path, found.start()))

    def names(self, word: bytes, but: list[Body]) -> bool:
        """Whether the port's code has a word, some bodies left out."""
        return any(
            not any(b.path == path and b.node.start <= offset < b.node.end for b in but)
            for path, offset in self._places.get(word, ())
        )

    def is_asked_elsewhere(self, name: bytes) -> bool:
        """Whether the code around calls something of that name, or asks for it in an interface."""
        asked = re.compile(rb"\b%s\(" % name)
        return any(asked.search(data) for data in self._others)


def idle(code: Iterable[tuple[str, GoFile, Container[int]]], others: Iterable[bytes]) -> list[Body]:
    """The bodies of files (path, tree, the lines that the port has written) that nobody can call.
    `others` is the code around, which the port has not written."""
    files = list(code)
    world = _World([(path, file) for path, file, _ in files], others)
    bodies = [body for path, file, fresh in files for body in _bodies(path, file, fresh)]
    types = {t.name: t for path, file, fresh in files for t in _types(path, file, fresh)}
    found: list[Body] = []
    while True:
        left = [body for body in bodies if body not in found]
        more = [body for body in left if _nobody_calls(body, bodies, found, types, world)]
        if not more:
            return found
        found += more


def _nobody_calls(
    body: Body, bodies: list[Body], found: list[Body], types: dict[bytes, Body], world: _World
) -> bool:
    if body.receiver in types:
        methods = [b for b in bodies if b.receiver == body.receiver]
        if not world.names(body.receiver, [*found, *methods, types[body.receiver]]):
            return True
    if body.name == b"init" or world.names(body.name, [*found, body]):
        return False
    if body.receiver and body.name.decode() in _ASKED:
        return False
    return not world.is_asked_elsewhere(body.name)


def _bodies(path: str, file: GoFile, fresh: Container[int]) -> Iterator[Body]:
    for node in file.root.children:
        name = node.field("name")
        if node.kind in _BODIES and name is not None and node.point[0] in fresh:
            yield Body(path, node, name.text, _receiver(node))


def _receiver(node: Syntax) -> bytes:
    holder = node.field("receiver")
    if holder is None:
        return b""
    return text_of(parts(holder)[0].field("type")).lstrip("*").encode()


def _types(path: str, file: GoFile, fresh: Container[int]) -> Iterator[Body]:
    for declaration in file.root.children:
        for spec in declaration.children if declaration.kind == "type_declaration" else ():
            name = spec.field("name")
            if name is not None and spec.point[0] in fresh:
                yield Body(path, spec, name.text, b"")
