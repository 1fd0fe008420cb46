"""The cells of a row of a list, which gofmt puts in columns."""

from __future__ import annotations

from typing import NamedTuple

from gopatch.go.tree import GROUPS, SWITCHES, Syntax

FUNCTIONS = {"function_declaration", "method_declaration"}


class Cell(NamedTuple):
    """One cell of a row: a byte range (empty for a cell that holds nothing)."""

    start: int
    end: int


def cells_of(holder: Syntax, element: Syntax, keep: bool, tail: list[Cell]) -> list[Cell]:
    """The cells of an element; `tail` is the comment behind it, if there is one."""
    if element.kind == "field_declaration":
        return _field(element, tail)
    if element.kind in ("var_spec", "const_spec"):
        return _value(element, keep, tail)
    if element.kind in ("type_spec", "type_alias") and holder.kind in GROUPS:
        name, *rest = element.children
        if rest[0].kind == "type_parameter_list":
            name, *rest = rest
        return [Cell(element.start, name.end), Cell(rest[0].start, element.end), *tail]
    if element.kind == "keyed_element":
        colon = element.children[1]
        end = with_comma(element)
        return [Cell(element.start, colon.end), Cell(element.children[2].start, end), *tail]
    if holder.kind == "source_file" and (body := _body(element)) is not None:
        head = element.data[element.start : body[0]].rstrip()
        return [Cell(element.start, element.start + len(head)), Cell(*body), *tail]
    if holder.kind in SWITCHES:
        ends = [c.end for c in element.children if c.token == b":"]
        end = ends[0] if ends else element.end
        return [Cell(element.start, end), *([c for c in tail if c.start >= end])]
    return [Cell(element.start, with_comma(element)), *tail]


def _body(element: Syntax) -> tuple[int, int] | None:
    """The body of a function, which is a cell of its own (funcBody)."""
    if element.kind not in FUNCTIONS:
        return None
    body = element.children[-1]
    return (body.start, body.end) if body.kind == "block" else None


def _cell(node: Syntax) -> Cell:
    return Cell(node.start, node.end)


def with_comma(element: Syntax) -> int:
    """Where an element ends, with the comma behind it."""
    data, end = element.data, element.end
    return end + 1 if data[end : end + 1] in (b",", b";") else end


def _field(element: Syntax, tail: list[Cell]) -> list[Cell]:
    """names | type | | tag | comment, as fieldList writes them."""
    children = list(element.children)
    tag = children.pop() if children[-1].kind.endswith("string_literal") else None
    names = [c for c in children[:-1] if c.kind == "identifier"]
    nothing = Cell(children[-1].end, children[-1].end)
    if names:
        cells = [Cell(names[0].start, names[-1].end), _cell(children[-1])]
        return [*cells, nothing, _cell(tag), *tail] if tag else [*cells, *tail]
    embedded = Cell(children[0].start, children[-1].end)
    if tag:
        return [embedded, _cell(tag), *tail]
    return [embedded, nothing, *tail] if tail else [embedded]


def _value(element: Syntax, keep: bool, tail: list[Cell]) -> list[Cell]:
    """names | type | = values | comment, as valueSpec writes them."""
    children = element.children
    at = next((i for i, c in enumerate(children) if c.token == b"="), len(children))
    names = [children[0]]
    rest = children[1:at]
    while rest and element.data[names[-1].end : rest[0].start].strip().startswith(b","):
        names.append(rest.pop(0))
    end = rest[-1].end if rest else names[-1].end
    nothing = Cell(end, end)
    cells = [Cell(names[0].start, names[-1].end)]
    if rest or keep:
        cells.append(Cell(rest[0].start, rest[-1].end) if rest else nothing)
    if at < len(children):
        cells.append(Cell(children[at].start, element.end))
    if tail:
        wanted = 3 - (bool(rest) or keep) - (at < len(children))
        cells += [Cell(element.end, element.end)] * (wanted - 1) + tail
    return cells


def kept_types(elements: list[Syntax]) -> list[bool]:
    """keepTypeColumn: a run of specs with values keeps the type's column if one has a type."""
    keep = [False] * len(elements)
    start, kept = -1, False

    def close(stop: int) -> None:
        if start >= 0 and kept:
            keep[start:stop] = [True] * (stop - start)

    for index, element in enumerate(elements):
        if element.kind not in ("var_spec", "const_spec"):
            continue
        has_value = any(c.token == b"=" for c in element.children)
        if has_value and start < 0:
            start, kept = index, False
        elif not has_value and start >= 0:
            close(index)
            start = -1
        kept = kept or _has_type(element)
    close(len(elements))
    return keep


def _has_type(element: Syntax) -> bool:
    return element.field("type") is not None
