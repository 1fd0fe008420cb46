"""Comments beside what lives on or goes, in code that is written anew: they go above the line, not away."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence

from gopatch.engine._indent import indent_at
from gopatch.engine._place import Place
from gopatch.engine._rows import clause_end
from gopatch.engine.notation import comments_of
from gopatch.go.tree import Syntax, parse
from gopatch.splice import Splice

# The last element or operand of a line, without what parts it from the next; all of them.
_WORD = re.compile(rb"([^\s,(){}\[\]|&]+)[ \t,|&]*$")
_WORDS = re.compile(rb"[^\s,(){}\[\]|&]+")


def saved_comments(place: Place, edits: Sequence[Splice]) -> Iterator[Splice]:
    """Lines above that of each edit with the comments that all `edits` would lose and no `-` line has."""
    lost = _lost(place, edits)
    if not lost:
        return
    minus = place.pattern.change.minus
    named = {minus.data[start:end] for start, end in comments_of(minus)}
    rows: dict[int, list[bytes]] = {}
    for at, text in lost:
        if text not in named:
            rows.setdefault(_row(place, at), []).append(text)
    for row, texts in rows.items():
        indent = indent_at(place.data, row)
        yield Splice(row, row, b"".join(indent + text + place.newline for text in texts))


def is_saved(edit: Splice) -> bool:
    """Whether an edit puts a comment above a line, and changes nothing that Go reads."""
    is_comment = edit.start == edit.end and edit.new.lstrip().startswith((b"//", b"/*"))
    return is_comment and not parse(edit.new).root.children


def _lost(place: Place, edits: Sequence[Splice]) -> list[tuple[int, bytes]]:
    """The comments that go with something that lives on elsewhere, or with nothing, each with where its edit begins."""
    data, kept = place.data, None
    written = b"\n".join(edit.new for edit in edits)
    found: list[tuple[int, bytes]] = []
    for edit in edits:
        old = data[edit.start : edit.end]
        if b"//" not in old and b"/*" not in old:
            continue
        kept = living(place) if kept is None else kept
        lives = any(edit.start <= one.start and one.end <= edit.end for one in kept)
        found += [
            (edit.start, data[low:high].rstrip())
            for low, high in _comments(place, edit)
            if lives
            or not _goes_along(place, low, high)
            or _is_written_anew(data[edit.start : low], written)
        ]
    if not found:
        return []
    left = Counter({text: written.count(text) for _, text in found})
    lost = []
    for at, text in found:
        left[text] -= 1
        if left[text] < 0:
            lost.append((at, text))
    return lost


def _goes_along(place: Place, start: int, end: int) -> bool:
    """Whether a comment stands inside of something that goes, or at the edge of what `...` stands for."""
    gone = (place.match.met.get(node, ()) for run in place.pattern.runs for node in run.gone)
    return any(met[0].start <= start and end <= clause_end(place, met[-1]) for met in gone if met)


def _is_written_anew(before: bytes, written: bytes) -> bool:
    """Whether what stands on the line before a comment is among what is written."""
    word = _WORD.search(before)
    return word is not None and word[1] in _WORDS.findall(written)


def _comments(place: Place, edit: Splice) -> Iterator[tuple[int, int]]:
    comments = place.file.comments()
    at = bisect_left(comments, (edit.start, 0))
    while at < len(comments) and comments[at][1] <= edit.end:
        yield comments[at]
        at += 1


def living(place: Place) -> list[Syntax]:
    """What the plus side writes of what it has met."""
    names = {n.var.name for node in place.pattern.plus for n in node.walk() if n.var is not None}
    bound = [v for k, v in place.match.bound.items() if k in names and isinstance(v, Syntax)]
    met = place.match.met
    return bound + [one for _, old in place.pattern.pairs for one in met.get(old, ())]


def _row(place: Place, offset: int) -> int:
    """The start of the line, or of that on which a raw text began that the line ends."""
    raw = place.file.nodes(frozenset({"raw_string_literal"}))
    row = place.data.rfind(b"\n", 0, offset) + 1
    for text in raw:
        if text.start < row <= text.end:
            return _row(place, text.start)
    return row
