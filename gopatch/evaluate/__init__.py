"""Go's syntax trees and arguments in; what that Go gives out, run straight from the trees.

`Machine(Package(files), Library(resolver))` calls functions of a package by name. The subset:
functions, methods, closures, `if`, `for`, `range`, `switch`, type switches, `defer`, `go`, labels,
structs, slices, maps, pointers and strings; of channels only a `select` that does not wait, and no type
parameters. `Program` runs several packages on one `World`, which answers requests. What is outside of it, and whatever another package does that `library` does not know, raises UnsupportedError with
its place when it is reached, never before, and is never guessed at.

`values, package <- library <- context <- types <- expressions <- statements <- machine`
"""

from __future__ import annotations

from gopatch.evaluate.go_values import (
    GoError,
    GoPanicError,
    Many,
    Map,
    Native,
    Pointer,
    Reference,
    Slice,
    Struct,
    UnsupportedError,
    plain,
)
from gopatch.evaluate.library import Library
from gopatch.evaluate.machine import Machine
from gopatch.evaluate.package import Package, SourceFile, Spot

__all__ = [
    "GoError",
    "GoPanicError",
    "Library",
    "Machine",
    "Many",
    "Map",
    "Native",
    "Package",
    "Pointer",
    "Reference",
    "Slice",
    "SourceFile",
    "Spot",
    "Struct",
    "UnsupportedError",
    "asked",
    "constant_questions",
    "containerd",
    "distribution",
    "errors_of_net",
    "files",
    "go_values",
    "known",
    "library",
    "network",
    "package",
    "plain",
    "program",
    "types",
]
