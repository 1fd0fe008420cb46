"""Result lists: written with or without brackets, or not at all."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gopatch.engine._nodes import Run
from gopatch.engine._place import Place
from gopatch.go.tree import Syntax
from gopatch.splice import Splice


def result_edits(place: Place, run: Run, parent: Syntax) -> Iterator[Splice]:
    """A result list is small: it is written anew, once, when anything in it changes."""
    runs = [r for r in place.pattern.runs if r.parent is run.parent]
    if run is not runs[0]:
        return
    kept = {id(n) for r in runs for n in r.gone}
    assert run.parent is not None
    parts: list[bytes] = []
    todo = {id(r.before): r for r in runs}

    def write(r: Run) -> None:
        for node in r.come:
            text = place.writer.text([node], node.start, node.end, b"")
            if text:
                parts.append(text)

    if id(None) in todo:
        write(todo[id(None)])
    for node in run.parent.children:
        if id(node) not in kept:
            parts += [s.text for s in place.match.met.get(node, ())]
        if id(node) in todo:
            write(todo[id(node)])
    inner = b", ".join(parts)
    bare = len(parts) == 1 and re.fullmatch(rb"(?:\S+|func\(.*|map\[.*|chan .*)", inner)
    text = inner if not parts or bare else b"(" + inner + b")"
    if parent.start == parent.end:
        yield Splice(parent.start, parent.end, b" " + text if text else b"")
    elif not text:
        start = len(place.data[: parent.start].rstrip())
        yield Splice(start, parent.end, b"")
    else:
        yield Splice(parent.start, parent.end, text)
