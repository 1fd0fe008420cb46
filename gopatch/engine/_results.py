"""Result lists: written with or without brackets, or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from gopatch.engine._filled import unlisted
from gopatch.engine._nodes import Node, NodeRun
from gopatch.engine._place import Place
from gopatch.go.tree import Syntax
from gopatch.splice import Splice


class _ResultPart(NamedTuple):
    text: bytes
    named: bool  # whether the result has a name


def result_edits(place: Place, run: NodeRun, parent: Syntax) -> Iterator[Splice]:
    """A result list is small: it is written anew, once, when anything in it changes."""
    runs = [r for r in place.pattern.runs if r.parent is run.parent]
    if run is not runs[0]:
        return
    text = _written(list(_parts(place, run.parent, runs)))
    if parent.start == parent.end:
        yield Splice(parent.start, parent.end, b" " + text if text else b"")
    elif not text:
        start = len(place.data[: parent.start].rstrip())
        yield Splice(start, parent.end, b"")
    else:
        yield Splice(parent.start, parent.end, text)


def _written(parts: list[_ResultPart]) -> bytes:
    """Brackets hold more than one result, and one that has a name."""
    text = b", ".join(part.text for part in parts)
    return b"(" + text + b")" if len(parts) > 1 or any(part.named for part in parts) else text


def _parts(place: Place, parent: Node | None, runs: list[NodeRun]) -> Iterator[_ResultPart]:
    """The results in order: what stays as the file has it, what comes at its place between."""
    children: list[Node | None] = [None, *(parent.children if parent is not None else [])]
    gone = {id(node) for run in runs for node in run.gone}
    for child in children:
        if child is not None and id(child) not in gone:
            for syntax in place.match.met.get(child, ()):
                yield _ResultPart(syntax.text, len(syntax.children) > 1)
        for run in runs:
            if run.before is child:
                yield from _come(place, run)


def _come(place: Place, run: NodeRun) -> Iterator[_ResultPart]:
    for node in run.come:
        text = place.writer.text([node], node.start, node.end, b"")
        if text:
            met = unlisted(place.match.met.get(place.writer.pairs.get(node, node), ()))
            if met and node.dots:
                text = b", ".join(syntax.text for syntax in met)
            named = len(met) > 1 or any(len(s.children) > 1 for s in met) or len(node.children) > 1
            yield _ResultPart(text, named)
