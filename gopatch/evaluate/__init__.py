"""Go's syntax trees and arguments in; what that Go gives out, run straight from the trees.

`Machine(Package(files), Library(resolver))` calls functions of a package by name. The subset:
functions, methods, closures, `if`, `for`, `range`, `switch`, `defer`, labels, structs, slices,
maps and strings; no channels, goroutines, type switches or type parameters. What is outside of
it, and whatever another package does that `library` does not know, raises UnsupportedError with
its place when it is reached, never before, and is never guessed at.

`values, package <- library <- context <- types <- expressions <- statements <- machine`
"""

from __future__ import annotations

from gopatch.evaluate.library import Library
from gopatch.evaluate.machine import Machine
from gopatch.evaluate.package import Package, Place, SourceFile
from gopatch.evaluate.values import (
    GoError,
    GoPanicError,
    Many,
    Map,
    Native,
    Pointer,
    Slice,
    Struct,
    UnsupportedError,
    plain,
)

__all__ = [
    "GoError",
    "GoPanicError",
    "Library",
    "Machine",
    "Many",
    "Map",
    "Native",
    "Package",
    "Place",
    "Pointer",
    "Slice",
    "SourceFile",
    "Struct",
    "UnsupportedError",
    "library",
    "package",
    "plain",
    "types",
]
