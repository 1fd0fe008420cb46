"""Elements on lines of their own: statements, declarations, fields, clauses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from gopatch.engine._coming import coming, trimmed
from gopatch.engine._commas import index_for
from gopatch.engine._context_comments import beyond_comment, group_of
from gopatch.engine._holder import Holder
from gopatch.engine._indent import indent_at
from gopatch.engine._nodes import Node, NodeRun
from gopatch.engine._one_line import one_line_edits
from gopatch.engine._place import Place, Span, UnwritableError
from gopatch.engine._rows import (
    clause_end,
    code_between,
    comments_in,
    cut_lines,
    cut_part,
    insert_rows,
    line_end,
    own_lines,
    starts_line,
)
from gopatch.engine.notation import Line, comments_of
from gopatch.go.tree import CLAUSES, GROUPS, Syntax
from gopatch.splice import Splice


def line_edits(place: Place, run: NodeRun, parent: Syntax) -> Iterator[Splice]:
    if not run.come and len(run.gone) == 1 and run.gone[0] not in place.match.met:
        # One declaration of a group goes: its line, not the group.
        yield from _drop_lines(place, place.met(run.gone[0].children[1:]))
        return
    gone = place.met(run.gone)
    holder = Holder.of(parent)
    if parent.kind in GROUPS and holder.opener is None:
        yield _without_brackets(place, run, gone, parent)
    elif holder.is_on_one_line and (run.come or gone):
        yield from one_line_edits(place, run, gone, holder)
    elif gone and run.come:
        yield from _replace_lines(place, run, gone)
    elif gone:
        yield from _drop_lines(place, _with_comments(place, run, gone), _parted(place, run))
    elif run.come:
        yield _add_lines(place, run, holder)


def _with_comments(place: Place, run: NodeRun, gone: list[Span]) -> list[Span]:
    """A clause that goes takes along the comments that are indented as its body is."""
    met = (place.match.met.get(node, ()) for node in run.gone)
    ends = {m[-1].end: clause_end(place, m[-1]) for m in met if m and m[-1].kind in CLAUSES}
    return [Span(span.start, ends.get(span.end, span.end)) for span in gone]


def _without_brackets(place: Place, run: NodeRun, gone: list[Span], parent: Syntax) -> Splice:
    if gone and len(run.come) == 1:
        return Splice(gone[0].start, gone[-1].end, place.inline(run))
    raise UnwritableError("this declaration has no brackets to put more into", parent.start)


def _replace_lines(place: Place, run: NodeRun, gone: list[Span]) -> Iterator[Splice]:
    indent = indent_at(place.data, gone[0].start)
    lines = trimmed(coming(place, run, indent))
    if not lines:  # a `...` that stands for nothing comes
        yield from _drop_lines(place, _with_comments(place, run, gone), _parted(place, run))
        return
    beyond = beyond_comment(place, run, gone)
    if beyond is not None:
        yield insert_rows(place, beyond, lines)
        yield from _drop_lines(place, gone, _parted(place, run))
        return
    row = place.data.rfind(b"\n", 0, gone[0].start) + 1
    above = _comments_first(lines) if place.data[row : gone[0].start].strip() else 0
    if above and not code_between(place, row, gone[0].start):
        yield insert_rows(place, row, lines[:above])
        lines = lines[above:]
    lines[0] = lines[0].lstrip(b" \t")
    # Comments between what goes stay, so only neighbours without any go as one, or such that are copied.
    copied = place.writer.copied(list(run.come))
    first, stop = group_of(place, run, gone, lambda a, b: _are_one(place, a, b, copied))
    start, end = _with_moved(place, copied, gone[first].start, gone[stop - 1].end)
    tail = place.data[end : line_end(place, end)]
    wraps = lines[-1].strip() in (b"}", b"})", b")") and run.come[-1].kind not in GROUPS
    if tail.strip() and wraps:
        # What is wrapped keeps the comment on its last line, which the plus side may have, too.
        known = any(line.endswith(tail.strip()) for line in lines) or _is_named(place, tail.strip())
        lines, end = lines if known else _with_tail(place, lines, tail), end + len(tail)
    _refuse_two_comments(place, run, end)
    yield Splice(start, end, place.newline.join(lines))
    for rest in filter(None, (gone[:first], gone[stop:])):
        yield from _drop_lines(place, rest, _parted(place, run))


def _refuse_two_comments(place: Place, run: NodeRun, end: int) -> None:
    """A comment to the line's end would take in the one that stands behind what it replaces."""
    last = run.come[-1]
    ends = last.side.data[last.end :].lstrip(b" \t").startswith(b"//")
    there = next(comments_in(place, end, line_end(place, end)), None)
    if ends and there is not None:
        raise UnwritableError("another comment stands where one is added", there[0])


def _comments_first(lines: Sequence[bytes]) -> int:
    """How many lines of comments to the line's end come before the first other one."""
    return next((at for at, line in enumerate(lines) if not line.lstrip().startswith(b"//")), 0)


def _are_one(place: Place, one: Span, other: Span, copied: Sequence[tuple[int, int]]) -> bool:
    if not place.data[one.end : other.start].strip(b" \t\r\n;"):
        return True
    return all(
        any(low <= each.start and each.end <= high for low, high in copied) for each in (one, other)
    )


def _with_moved(
    place: Place, copied: Sequence[tuple[int, int]], start: int, end: int
) -> tuple[int, int]:
    """`start`..`end` with the comments beside it that go elsewhere with what they belong to."""
    low, high = min((c[0] for c in copied), default=0), max((c[1] for c in copied), default=0)
    if low < start and not code_between(place, low, start):
        start = low
    if high > end and not code_between(place, end, high):
        end = high
    return start, end


def _is_named(place: Place, comment: bytes) -> bool:
    """Whether the minus side has a comment, which stays only where the plus side has it."""
    minus = place.pattern.change.minus
    return any(minus.data[start:end] == comment for start, end in comments_of(minus))


def _with_tail(place: Place, lines: list[bytes], tail: bytes) -> list[bytes]:
    wrapped = any(node in place.writer.pairs for node in _come_inside(place))
    at = len(lines) - 2 if wrapped and len(lines) > 2 else len(lines) - 1
    return [*lines[:at], lines[at] + tail, *lines[at + 1 :]]


def _come_inside(place: Place) -> Iterator[Node]:
    for run in place.pattern.runs:
        for node in run.come:
            yield from (n for n in node.walk() if n is not node)


def _parted(place: Place, run: NodeRun) -> frozenset[int]:
    """Where those begin and end that go with the blank line beside them, which has a `-` of its own."""
    found = set()
    for node in run.gone:
        lines, data = node.side.lines, node.side.data
        first, last = (data.count(b"\n", 0, at) for at in (node.start, node.end))
        met = place.match.met.get(node, ())
        if met and _goes_blank(lines[:first][-1:]):
            found.add(met[0].start)
        if met and _goes_blank(lines[last + 1 :][:1]):
            found.add(met[-1].end)
    return frozenset(found)


def _goes_blank(beside: Sequence[Line]) -> bool:
    return any(line.mark == "-" and not line.text.strip() for line in beside)


def _drop_lines(
    place: Place, gone: list[Span], parted: frozenset[int] = frozenset()
) -> Iterator[Splice]:
    groups: list[list[Span]] = []
    for syntax in gone:
        last = groups[-1][-1] if groups else None
        if last and not place.data[last.end : syntax.start].strip(b" \t\r\n;"):
            groups[-1].append(syntax)
        else:
            groups.append([syntax])
    for group in groups:
        start, end = group[0].start, group[-1].end
        semicolon = re.match(rb"[ \t]*;[ \t]*", place.data[end:])
        end += semicolon.end() if semicolon else 0
        if own_lines(place, start, end):
            blank = (start in parted, group[-1].end in parted)
            yield from cut_lines(place, start, end, blank)
        else:
            yield cut_part(place, start, end)


def _add_lines(place: Place, run: NodeRun, holder: Holder) -> Splice:
    parent, elements, opener, closer = holder
    at = index_for(place, run, elements)
    before = elements[at - 1] if at else None
    after = elements[at] if at < len(elements) else None
    beside_after = (
        (run.before is None or run.before.dots) and run.after is not None and not run.after.dots
    )
    indent = _indent(place, before, after, holder)
    lines = coming(place, run, indent)
    if before is not None and after is not None and _share_line(place, before, after):
        head, tail = _gap_comments(place, before, after)
        text = place.newline.join([head, *trimmed(lines), indent + tail])
        return Splice(before.end, after.start, text)
    if after is not None and run.after is not None and _is_split(run, run.after):
        # What was one is split: a comment above it is about all of it.
        return insert_rows(place, place.data.rfind(b"\n", 0, after.start) + 1, trimmed(lines))
    if after is not None and (beside_after or _after_blank(place, run, before)):
        return _above(place, after, before, lines)
    ends = run.before is not None and run.before.dots and after is None
    if ends and parent.kind in CLAUSES:
        return insert_rows(place, line_end(place, clause_end(place, parent), whole=True), lines)
    if ends and closer is not None:
        row = place.data.rfind(b"\n", 0, closer.start) + 1
        return insert_rows(place, row, lines)
    edge = (
        clause_end(place, before) if before is not None else opener.end if opener is not None else 0
    )
    if before is None and opener is None and after is not None:
        return _above(place, after, None, lines)
    return insert_rows(place, line_end(place, edge, whole=True), lines)


def _share_line(place: Place, before: Syntax, after: Syntax) -> bool:
    row = place.data.rfind(b"\n", 0, after.start) + 1
    return row < before.end or bool(code_between(place, max(row, before.end), after.start))


def _gap_comments(place: Place, before: Syntax, after: Syntax) -> tuple[bytes, bytes]:
    """The comments between two elements on one line: those up to the semicolon, and those behind it."""
    head = tail = b""
    for low, high in comments_in(place, before.end, after.start):
        if code_between(place, before.end, low):
            tail += place.data[low:high] + b" "
        else:
            head += b" " + place.data[low:high]
    return head, tail


def _is_split(run: NodeRun, after: Node) -> bool:
    """Whether what comes stands right above what one line of the patch becomes with it."""
    below = run.come[0].side.lines[run.last + 1 : run.last + 2]
    return after.mark == "-" and not after.dots and any(line.mark == "+" for line in below)


def _after_blank(place: Place, run: NodeRun, before: Syntax | None) -> bool:
    """Whether a blank line of context parts what comes from what stands before it, here too."""
    side = run.come[0].side
    line = side.lines[run.first - 1] if run.first else None
    if before is None or line is None or line.mark != " " or line.text.strip():
        return False
    row = line_end(place, before.end, whole=True)
    return not place.data[row : line_end(place, row)].strip()


def _indent(place: Place, before: Syntax | None, after: Syntax | None, holder: Holder) -> bytes:
    for element in (before, after):
        if element is not None and starts_line(place, element.start):
            return indent_at(place.data, element.start)
    return holder.indent


def _above(place: Place, after: Syntax, before: Syntax | None, lines: list[bytes]) -> Splice:
    """Insert above an element and the comment that belongs to it."""
    row = place.data.rfind(b"\n", 0, after.start) + 1
    floor = clause_end(place, before) if before is not None else 0
    comments = {place.data.rfind(b"\n", 0, s) + 1: (s, e) for s, e in place.file.comments()}
    while row > floor:
        above = place.data.rfind(b"\n", 0, row - 1) + 1
        text = place.data[above : row - 1].strip()
        inside = next((s for s, e in comments.values() if s <= row - 2 < e and s >= floor), None)
        if (
            not text
            or inside is None
            or place.data[place.data.rfind(b"\n", 0, inside) + 1 : inside].strip()
        ):
            break
        row = place.data.rfind(b"\n", 0, inside) + 1
    return insert_rows(place, row, lines)
