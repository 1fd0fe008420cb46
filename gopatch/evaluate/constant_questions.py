"""Questions of Go code that may well have one answer in all cases that anybody thinks of: what compares with a
literal or a name of one, or calls with one; and what asks for a file or a variable of the environment."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from gopatch.evaluate.package import text_of
from gopatch.go.tree import BINARY, Syntax

CALL = "call_expression"
_CONSTANT = frozenset(
    [
        "interpreted_string_literal",
        "raw_string_literal",
        "int_literal",
        "float_literal",
        "rune_literal",
    ]
)
# Whether there is any, and over which of two ways: who asks that may well be answered one way.
_USUAL = frozenset(["0", "1", '""', "``", '"http"', '"https"'])
_NAMES = {
    "net/http": re.compile("(Status|Method)[A-Z].*"),
    "time": re.compile(
        "(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July|August|"
        "September|October|November|December|Nanosecond|Microsecond|Millisecond|Second|Minute|Hour"
    ),
}
# Packages that tell what a text or an address is; the call of one, or of a method of what it gives.
_KNOWING = ("net", "net/netip", "path", "path/filepath", "unicode", "unicode/utf8")
_PROPERTY = re.compile(r"(\w+)\..*\b(?:Is|Has|Contains|Match|Valid)\w*", re.DOTALL)
NO_IMPORTS: Mapping[str, str] = MappingProxyType({})
_COMPARING = frozenset(["==", "!=", "<", "<=", ">", ">="])
_JOINING = frozenset(["&&", "||"])
_BRACKETS = "parenthesized_expression"
_CONDITIONED = ("if_statement", "for_statement", "for_clause")
_OF_TEXTS = frozenset(
    f"{package}.{name}"
    for package in ("strings", "bytes")
    for name in ("Contains", "ContainsAny", "ContainsRune", "EqualFold", "HasPrefix", "HasSuffix")
)


# What this machine says: whether there is such a file, folder or variable.
_SYSTEM = ("os", "io/ioutil", "syscall", "golang.org/x/sys/unix")
_HELPERS = ("homedir", "rootless")  # packages of Docker's that are not run
_OUTSIDE = frozenset(
    [
        "Access", "Environ", "Executable", "ExpandEnv", "Getenv", "Getwd", "Hostname", "LookupEnv", "Lstat", "Open",
        "OpenFile", "ReadDir", "ReadFile", "Readlink", "Stat", "UserConfigDir", "UserHomeDir",
    ]
)  # fmt: skip


class KnownNames(NamedTuple):
    """What a file knows by name: constants of its package, functions and methods of it that give true or false,
    what it imports, and the package's variables and functions."""

    constants: Container[str]
    yielding: Container[str] = frozenset()
    imports: Mapping[str, str] = NO_IMPORTS
    variables: Container[str] = frozenset()
    functions: Container[str] = frozenset()


def asks_outside(node: Syntax, imports: Mapping[str, str]) -> bool:
    """Whether an expression asks for a file or a variable of the environment; `imports` are those of its file."""
    called = node.field("function") if node.kind == CALL else None
    return called is not None and names_outside(called, imports)


def names_outside(node: Syntax, imports: Mapping[str, str]) -> bool:
    """Whether an expression is the name of a function that asks so, whoever calls it later."""
    if node.kind != "selector_expression":
        return False
    base, _, name = text_of(node).partition(".")
    return name in _OUTSIDE and imports.get(base) in _SYSTEM


def is_outside(package: str, name: str) -> bool:
    """Whether a function of a package that is known by this name asks so."""
    return package in _HELPERS or (package in _SYSTEM and name in _OUTSIDE)


def _is_known(text: str, imports: Mapping[str, str]) -> bool:
    """Whether a name of another package is that of a constant, as far as one is known here."""
    base, _, name = text.partition(".")
    known = _NAMES.get(imports.get(base, ""))
    return known is not None and known.fullmatch(name) is not None


def asks_for_constant(node: Syntax, names: KnownNames) -> bool:
    """Whether an expression compares with a literal, a named constant, a status or method of HTTP, a day, a
    month or a length of time, or with what is made of one, as `x.Get("k")` and `2*time.Hour` are; or with what is
    reckoned, taken out by an index, kept in a variable of the package, or given by a function of it; or calls with a constant,
    or asks a package of Go's own for a property of something, as `net.ParseIP(h).IsLoopback()` does. Zero, one,
    nothing and the schemes of addresses are none, nor is the length of a literal."""
    if node.kind == CALL:
        held = node.field("arguments")
        parts = [] if held is None else held.children
        return _asks_property(node, names.imports) or any(_is_constant(p, names) for p in parts)
    if compares(node):
        constants = (_is_constant(part, names) for part in _made_of(node, names.imports))
        return any(constants) or any(_is_reckoned(part, names) for part in _values_of(node))
    sides = node.children if node.kind == BINARY else []
    return any(_is_constant(side, names) for side in sides)


def _made_of(node: Syntax, imports: Mapping[str, str]) -> Iterator[Syntax]:
    """What an expression is made of, but for bodies of functions, lengths of literals, and questions for what is
    outside, which are others."""
    for child in node.children:
        yield child
        known = text_of(child).startswith(('len("', "len(`")) or asks_outside(child, imports)
        if child.kind != "func_literal" and not known:
            yield from _made_of(child, imports)


def _values_of(node: Syntax) -> Iterator[Syntax]:
    """The values that an expression is made of, but for those of which it takes a field or calls a method."""
    for child in node.children:
        yield child
        if child.kind not in ("selector_expression", "func_literal"):
            yield from _values_of(child)


def _is_constant(node: Syntax, names: KnownNames) -> bool:
    if node.kind in _CONSTANT:
        return text_of(node) not in _USUAL
    if node.kind == "identifier":
        return text_of(node) in names.constants
    return node.kind == "selector_expression" and _is_known(text_of(node), names.imports)


def _is_reckoned(node: Syntax, names: KnownNames) -> bool:
    """Whether a value is of the package's own making: reckoned, a part of another, a variable of the package, or what
    one of its functions gives."""
    if node.kind == BINARY:
        return not compares(node) and _sign(node) not in _JOINING
    if node.kind == "identifier":
        return text_of(node) in names.variables
    called = node.field("function") if node.kind == CALL else None
    if called is not None:
        return called.kind == "identifier" and text_of(called) in names.functions
    return node.kind in ("index_expression", "slice_expression")


def _asks_property(node: Syntax, imports: Mapping[str, str]) -> bool:
    """Whether a call asks for what a thing is by a name of a package that knows such properties."""
    called = text_of(node.field("function"))
    found = _PROPERTY.fullmatch(called)
    return found is not None and imports.get(found[1]) in _KNOWING


def compares(node: Syntax) -> bool:
    """Whether an expression is a comparison, which is true or false whatever its sides are."""
    return node.kind == BINARY and _sign(node) in _COMPARING


def questions(node: Syntax, names: KnownNames, *, asked: bool = False) -> Iterator[Syntax]:
    """What asks for a constant below a node and is true or false, from outside in, by what is written: a
    comparison, and a call that stands where only such a value may, or of a function of `names.yielding`."""
    if node.kind == "const_declaration":
        return
    is_bool = asked or _is_bool(node, names.yielding)
    if is_bool and asks_for_constant(node, names):
        yield node
    for child in node.children:
        yield from questions(child, names, asked=_is_asked(node, child, asked=asked))


def _is_bool(node: Syntax, yielding: Container[str]) -> bool:
    if node.kind == BINARY:
        return _sign(node) in _COMPARING | _JOINING
    called = node.field("function")
    name = text_of(called)
    return name in _OF_TEXTS or name.rpartition(".")[2] in yielding


def _is_asked(node: Syntax, child: Syntax, *, asked: bool) -> bool:
    """Whether a child of a node stands where only true and false may."""
    if node.kind == BINARY:
        return _sign(node) in _JOINING
    if node.kind == "unary_expression":
        return text_of(node).startswith("!")
    if node.kind == _BRACKETS:
        return asked
    condition = node.field("condition") if node.kind in _CONDITIONED else None
    return condition is not None and (condition.start, condition.end) == (child.start, child.end)


def _sign(node: Syntax) -> str:
    return text_of(node.field("operator"))


def yields_bool(function: Syntax) -> bool:
    """Whether a declared function or method gives true or false, and nothing else."""
    result = text_of(function.field("result")).strip("()")
    return result.rpartition(" ")[2] == "bool" and "," not in result
