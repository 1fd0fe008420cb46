"""A Go package as it is built for Linux: its declarations, by name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from gopatch.go.built_for import MACHINES, SYSTEMS
from gopatch.go.tree import Syntax, parse
from gopatch.source.roots import is_go

# Words that keep a file from a build for Linux on amd64.
_OTHERS = (SYSTEMS | MACHINES) - {"linux", "amd64"}
_TAGS = frozenset({"linux", "amd64", "unix", "gc", "cgo", "daemon"})
_CONSTRAINT = re.compile(r"^//\s*(go:build|\+build)\s+(.+)$", re.MULTILINE)


class SourceFile:
    """One file of a package: its path in the source, its bytes, what it imports by which name."""

    def __init__(self, path: str, data: bytes) -> None:
        self.path = path
        self.data = data
        self.root = parse(data).root
        self.imports: dict[str, str] = {}
        for node in self.root.children:
            for spec in node.children if node.kind == "import_declaration" else ():
                if spec.kind == "import_spec":
                    target = text_of(spec.field("path")).strip('"`')
                    name = spec.field("name")
                    self.imports[text_of(name) if name else import_name(target)] = target


class Spot(NamedTuple):
    """A node and the file that it stands in; its text is `path:line:column`."""

    file: SourceFile
    node: Syntax

    def __str__(self) -> str:
        line, column = self.node.point
        return f"{self.file.path}:{line}:{column}"


class Constant(NamedTuple):
    """One name of a const declaration; `iota` is the index of its line in the group."""

    place: Spot
    value: Syntax | None
    iota: int


class Variable(NamedTuple):
    """One name of a var declaration; `result` is its place in the results of `value`, or -1."""

    place: Spot
    type: Syntax | None
    value: Syntax | None
    result: int


class Package:
    """The declarations of a package; files that are not built for Linux are left out."""

    def __init__(self, files: Iterable[tuple[str, bytes]]) -> None:
        self.functions: dict[str, Spot] = {}
        self.methods: dict[tuple[str, str], Spot] = {}
        self.types: dict[str, Spot] = {}
        self.constants: dict[str, Constant] = {}
        self.variables: dict[str, Variable] = {}
        self.inits: list[Spot] = []
        self.files = [SourceFile(path, data) for path, data in files if built(path, data)]
        for file in self.files:
            for node in file.root.children:
                self._declare(file, node)

    def _declare(self, file: SourceFile, node: Syntax) -> None:
        name = text_of(node.field("name"))
        if node.kind == "function_declaration":
            if name == "init":
                self.inits.append(Spot(file, node))
            else:
                self.functions[name] = Spot(file, node)
        elif node.kind == "method_declaration":
            self.methods[receiver_type(node), name] = Spot(file, node)
        elif node.kind == "type_declaration":
            for spec in specs_of(node):
                self.types[text_of(spec.field("name"))] = Spot(file, spec)
        elif node.kind == "const_declaration":
            self._constants(file, node)
        elif node.kind == "var_declaration":
            for spec in specs_of(node):
                self._variables(file, spec)

    def _variables(self, file: SourceFile, spec: Syntax) -> None:
        values = parts(spec.field("value"))
        names = spec.names()
        paired = len(values) == len(names)
        for index, name in enumerate(names):
            value = values[index if paired else 0] if values else None
            at = -1 if paired or not values else index
            place = Spot(file, spec)
            self.variables[text_of(name)] = Variable(place, spec.field("type"), value, at)

    def _constants(self, file: SourceFile, node: Syntax) -> None:
        last: list[Syntax] = []
        for iota, spec in enumerate(specs_of(node)):
            last = parts(spec.field("value")) or last
            for index, name in enumerate(spec.names()):
                found = last[index] if index < len(last) else None
                self.constants[text_of(name)] = Constant(Spot(file, spec), found, iota)


# Syntax --------------------------------------------------------------------------------------


def parts(node: Syntax | None) -> list[Syntax]:
    """What is written in a node, without its punctuation and keywords."""
    return [] if node is None else [child for child in node.children if child.named]


def specs_of(declaration: Syntax) -> Iterator[Syntax]:
    return (c for c in declaration.children if c.kind.endswith("_spec"))


def text_of(node: Syntax | None) -> str:
    return "" if node is None else node.text.decode("utf-8", "replace")


def receiver_type(method: Syntax) -> str:
    text = text_of(method.field("receiver")).strip("() \t\n,")
    return text.rpartition(" ")[2].lstrip("*").partition("[")[0]


def import_name(path: str) -> str:
    """The name under which an import without one is known, as goimports guesses it."""
    names = path.split("/")
    last = names[-1]
    if re.fullmatch(r"v[0-9]+", last) and "." in names[0] and names[-2] != "api":
        last = names[-2]
    return last.removeprefix("go-").partition(".")[0]


# Build constraints ---------------------------------------------------------------------------


def built(path: str, data: bytes) -> bool:
    """Whether a file belongs to the package when it is built for Linux on amd64 without tests."""
    name = path.rpartition("/")[2]
    words = name.removesuffix(".go").split("_")[1:]
    if not is_go(name) or words[-1:] == ["test"]:
        return False
    if any(word in _OTHERS for word in words[-2:]):
        return False
    head = ("\n" + data.decode("utf-8", "replace")).partition("\npackage ")[0]
    lines = _CONSTRAINT.findall(head)
    modern = [text for kind, text in lines if kind == "go:build"]
    if modern:
        return all(_Tags(text).either() for text in modern)
    return all(_old(text) for _, text in lines)


def _old(line: str) -> bool:
    """A `// +build` line: spaces mean or, commas mean and."""
    return any(
        all(_tag(tag.lstrip("!")) != tag.startswith("!") for tag in option.split(","))
        for option in line.split()
    )


def _tag(tag: str) -> bool:
    return tag in _TAGS or bool(re.fullmatch(r"go1(\.\d+)?", tag))


class _Tags:
    """A `//go:build` expression, read from left to right."""

    def __init__(self, text: str) -> None:
        self.rest = re.findall(r"[\w.]+|&&|\|\||[!()]", text)[::-1]

    def either(self) -> bool:
        value = self.both()
        while self.rest and self.rest[-1] == "||":
            self.rest.pop()
            value = self.both() or value
        return value

    def both(self) -> bool:
        value = self.one()
        while self.rest and self.rest[-1] == "&&":
            self.rest.pop()
            value = self.one() and value
        return value

    def one(self) -> bool:
        word = self.rest.pop() if self.rest else ""
        if word == "!":
            return not self.one()
        if word != "(":
            return _tag(word)
        value = self.either()
        if self.rest:
            self.rest.pop()
        return value
