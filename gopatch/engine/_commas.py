"""Elements parted by commas: arguments, parameters, elements of literals."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gopatch.engine._indent import indent_at
from gopatch.engine._nodes import NodeRun
from gopatch.engine._place import Place, Span, index, last_index
from gopatch.engine._rows import cut_lines, line_end, own_lines, starts_line
from gopatch.go.tree import NAMED, Syntax, elements_of
from gopatch.splice import Splice

_BRACKETED = {"argument_list", "literal_value", "parameter_list"}


def comma_edits(place: Place, run: NodeRun, parent: Syntax) -> Iterator[Splice]:
    elements = _elements(place, parent)
    gone = place.met(run.gone)
    indent = indent_at(place.data, place.anchor(run))
    come = [place.writer.text([n], n.start, n.end, indent) for n in run.come]
    come = [text for text in come if text]
    if gone and come:
        yield from _swap(place, gone, come, elements)
    elif gone:
        yield from _drop(place, gone, elements, parent)
    elif come:
        yield _add(place, run, come, elements, parent)


def _elements(place: Place, parent: Syntax) -> list[Syntax]:
    return parent.names() if parent.kind in NAMED else elements_of(parent)


def _swap(
    place: Place, gone: list[Span], come: list[bytes], elements: list[Syntax]
) -> Iterator[Splice]:
    if len(gone) == len(come):
        for syntax, text in zip(gone, come, strict=True):
            yield Splice(syntax.start, syntax.end, text)
        return
    rows = len(gone) > 1 and b"\n" in place.data[gone[0].end : gone[1].start]
    separator = b"," + place.newline + indent_at(place.data, gone[0].start) if rows else b", "
    yield Splice(gone[0].start, gone[-1].end, separator.join(come))


def _drop(
    place: Place, gone: list[Span], elements: list[Syntax], parent: Syntax
) -> Iterator[Splice]:
    first, last = index(elements, gone[0]), last_index(elements, gone[-1])
    start, end = gone[0].start, gone[-1].end
    comma = re.match(rb"\s*,", place.data[end : parent.end])
    if last - first + 1 == len(elements) and parent.kind in _BRACKETED:
        low, high = parent.children[0].end, parent.children[-1].start
        inner = place.data[low:start] + place.data[end + (comma.end() if comma else 0) : high]
        if not inner.strip():
            yield Splice(low, high, b"")
            return
    if own_lines(place, start, end + (comma.end() if comma else 0)):
        yield from cut_lines(place, start, end + (comma.end() if comma else 0))
    elif last + 1 < len(elements):
        yield Splice(start, elements[last + 1].start, b"")
    elif first > 0:
        yield Splice(elements[first - 1].end, end, b"")
    else:
        yield Splice(start, end + (comma.end() if comma else 0), b"")


def _add(
    place: Place, run: NodeRun, come: list[bytes], elements: list[Syntax], parent: Syntax
) -> Splice:
    at = index_for(place, run, elements)
    before = elements[at - 1] if at else None
    after = elements[at] if at < len(elements) else None
    if before is None and after is None:
        opener = parent.children[0].end
        return Splice(opener, opener, b", ".join(come))
    if after is not None and (before is not None or starts_line(place, after.start)):
        edge = before.end if before is not None else parent.start
        rows = b"\n" in place.data[edge : after.start] and starts_line(place, after.start)
        glue = b"," + place.newline + indent_at(place.data, after.start) if rows else b", "
        return Splice(after.start, after.start, b"".join(text + glue for text in come))
    if after is not None:
        return Splice(after.start, after.start, b"".join(text + b", " for text in come))
    assert before is not None
    rest = place.data[before.end : parent.end]
    closer = re.match(rb"[ \t]*,?[^\n]*\n\s*[)\]}]", rest)
    if closer and b"," in rest[: rest.find(b"\n")].split(b"//")[0]:
        edge = line_end(place, before.end)
        indent = indent_at(place.data, before.start)
        new = b"".join(place.newline + indent + text + b"," for text in come)
        return Splice(edge, edge, new)
    return Splice(before.end, before.end, b"".join(b", " + text for text in come))


def index_for(place: Place, run: NodeRun, elements: list[Syntax]) -> int:
    """Where in `elements` something that is added goes: beside its neighbour."""
    if run.before is not None and not run.before.named and not run.before.dots:
        return 0
    if run.after is not None and not run.after.named and run.before is None:
        return len(elements)
    if run.before is not None and not run.before.dots and run.before in place.match.met:
        return index(elements, place.match.met[run.before][-1]) + 1
    if run.after is not None and not run.after.dots and place.match.met.get(run.after):
        return index(elements, place.match.met[run.after][0])
    if run.before is not None and run.before.dots:
        met = place.match.met.get(run.before, ())
        if met:
            return index(elements, met[-1]) + 1
        siblings = run.parent.children if run.parent else list(place.pattern.minus)
        for node in reversed(siblings[: siblings.index(run.before)]):
            found = place.match.met.get(node, ())
            if found and any(found[-1] is e for e in elements):
                return index(elements, found[-1]) + 1
    return 0
