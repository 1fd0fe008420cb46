"""A pattern -> the names that its plus side brings and does not say what they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

from gopatch.engine._nodes import Node
from gopatch.engine.pattern import Pattern
from gopatch.go.tree import IDENTIFIER, GoFile, Syntax, parse

# The specification's Predeclared identifiers.
PREDECLARED = frozenset(
    name.encode()
    for name in [
        "any",
        "bool",
        "byte",
        "comparable",
        "complex64",
        "complex128",
        "error",
        "float32",
        "float64",
        "int",
        "int8",
        "int16",
        "int32",
        "int64",
        "rune",
        "string",
        "uint",
        "uint8",
        "uint16",
        "uint32",
        "uint64",
        "uintptr",
        "true",
        "false",
        "iota",
        "nil",
        "append",
        "cap",
        "clear",
        "close",
        "complex",
        "copy",
        "delete",
        "imag",
        "len",
        "make",
        "max",
        "min",
        "new",
        "panic",
        "print",
        "println",
        "real",
        "recover",
        "init",
        "main",
        "_",
    ]
)
_BINDERS = frozenset(
    {"parameter_declaration", "type_parameter_declaration", "var_spec", "const_spec", "type_spec"}
    | {"function_declaration", "method_declaration", "field_declaration", "method_elem"}
)
_SHORT = frozenset(
    {"short_var_declaration", "range_clause", "receive_statement", "type_switch_statement"}
)

# A word that is no field or method; behind `...` it is a type.
_LETTER = re.compile(rb"\w")
_WORD = re.compile(rb"(?:(?<![\w.\x80-\xff])|(?<=\.\.\.))[\w\x80-\xff]+")
_ENOUGH = 50  # uses of a name that are looked at
_NEAR = 4  # nodes above a name, one of which would declare it


@lru_cache(maxsize=256)
def free_names(pattern: Pattern) -> tuple[str, ...]:
    """Names on `+` lines that are no metavariable, predeclared, declared there, or on the minus side too."""
    there = _there(pattern.change.minus.data, pattern.change.plus.data)
    found = (name for node in pattern.plus for name in _used(node))
    return tuple(dict.fromkeys(name for name in found if name.encode() not in there))


@lru_cache(maxsize=1024)
def words_of(plus: bytes) -> frozenset[bytes]:
    """All of which the free names of a change with this plus side are some; not even its tree is asked for that."""
    return frozenset(_WORD.findall(plus)) - PREDECLARED


@lru_cache(maxsize=1024)
def may_be_free(minus: bytes, plus: bytes) -> frozenset[bytes]:
    """The same, but for what its sides say; nothing is compiled for that."""
    return words_of(plus) - _there(minus, plus)


def _there(minus: bytes, plus: bytes) -> frozenset[bytes]:
    """The names that a change need not bring: predeclared, on its minus side, or declared on its plus side."""
    names = {leaf.text for leaf in parse(minus).nodes(frozenset({IDENTIFIER}))}
    return frozenset(names.union(_bound(parse(plus)), PREDECLARED))


def _used(node: Node) -> Iterator[str]:
    """What is named by itself: no field, no key, no label."""
    if node.var is not None or node.dots:
        return
    if node.token is not None:
        if node.kind == IDENTIFIER:
            yield node.text
        return
    children = node.children
    if node.kind in ("selector_expression", "keyed_element"):
        children = children[:1] if node.kind == "selector_expression" else children[1:]
    elif node.kind in ("label", "break_statement", "continue_statement", "goto_statement"):
        return
    for child in children:
        yield from _used(child)


def stands_free(file: GoFile, name: bytes) -> bool:
    """Whether a name stands in a file as no field, key or label, and none of its first uses declares it."""
    free = False
    for start in islice(_places(file.data, name), _ENOUGH):
        end = start + len(name)
        path = file.path(start, end)
        if path[-1].kind != IDENTIFIER or path[-1].start != start:
            continue  # in a text or a comment
        if any(start in _binds(node) for node in path[-_NEAR:]):
            return False
        before = file.data[max(start - 80, 0) : start].rstrip()
        behind = file.data[end : end + 80].lstrip(b" \t")
        free = free or not (before.endswith(b".") or (behind[:1] == b":" and behind[:2] != b":="))
    return free


def _places(data: bytes, name: bytes) -> Iterator[int]:
    """Where a name stands that is no part of a longer one."""
    at = data.find(name)
    while at >= 0:
        end = at + len(name)
        alone = not (_LETTER.match(data, end) or (at and _LETTER.match(data, at - 1)))
        if alone:
            yield at
        at = data.find(name, end if alone else at + 1)


def _bound(file: GoFile) -> Iterator[bytes]:
    """All names that a side declares, wherever."""
    for node in file.nodes(_BINDERS | _SHORT):
        for start in _binds(node):
            yield next(leaf.text for leaf in node.leaves() if leaf.start == start)


def _binds(node: Syntax) -> set[int]:
    """Where the names stand that a node declares."""
    if node.kind in _BINDERS:
        return {name.start for name in node.names()}
    if node.kind not in _SHORT:
        return set()
    left = node.children[: 1 + (node.kind == "type_switch_statement")]
    return {leaf.start for part in left for leaf in part.leaves() if leaf.kind == IDENTIFIER}
