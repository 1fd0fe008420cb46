"""One pattern on one file: match, edit, align, check. Pure; nobody sees an unchecked result."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from gopatch.engine._layout import lay_out
from gopatch.engine.imports import head_edits
from gopatch.engine.match import Match, Miss, Search, find
from gopatch.engine.pattern import Pattern
from gopatch.engine.rewrite import UnwritableError, edits_of
from gopatch.errors import ApplyError
from gopatch.go.tree import GoFile, parse, position
from gopatch.splice import OverlapError, Splice, splice

_ROUNDS = 50  # nested matches are changed from the outside in, a round each


class Result(NamedTuple):
    """What a pattern did to a file.

    `status` is "applied", "already" or "missing"; `sites` are line and column (from 1) of the
    places, in the file as it was; `miss` is the nearest candidate where nothing was found;
    `edits` are those of the first round, without what alignment moved; `left` are places, in the
    file as it is now, that a change which removes something has left as they were: a function that
    `...` runs through matches once, however many guards of one form it has.
    """

    status: str
    after: bytes
    sites: tuple[tuple[int, int], ...]
    miss: Miss | None = None
    edits: tuple[Splice, ...] = ()
    left: tuple[tuple[int, int], ...] = ()


def apply(pattern: Pattern, data: bytes, path: str, *, explain: bool = False) -> Result:
    """Apply one pattern to one file's bytes.

    Raises ApplyError where the pattern fits but its edit would not be right: an ERROR node at
    the place, a result that does not parse, a second run that would change more.
    """
    if not explain and not may_fit(pattern, data):
        return Result("missing", data, ())
    file = parse(data)
    search = Search.minus(pattern)
    matches = find(search, file)
    if not matches:
        done = _evidence(pattern, file)
        if done:
            return Result("already", data, _sites(data, done))
        if explain:
            find(search, file, explain=True)
        return Result("missing", data, (), search.miss)
    if not changes(pattern):
        return Result("already", data, _sites(data, matches))
    careful = not any(run.gone for run in pattern.runs) and not _head_removes(pattern)
    after, applied, done = _rewritten(pattern, file, matches, path, careful)
    again = bool(applied) and _again(pattern, after, careful)
    if again and not careful:
        # What comes would match once more: leave alone what shows the plus side already.
        after, applied, done = _rewritten(pattern, file, matches, path, careful=True)
        again = bool(applied) and _again(pattern, after, careful=True)
    if not applied:
        return Result("already", data, _sites(data, done), left=_left(pattern, data))
    _check(file, after, path, again)
    first = _disjoint(pattern, file, applied, path)[0]
    places = _places(data, applied, first)
    return Result("applied", after, places, None, tuple(first), _left(pattern, after))


def _left(pattern: Pattern, after: bytes) -> tuple[tuple[int, int], ...]:
    """Where a change that removes something fits still."""
    if not any(run.gone for run in pattern.runs):
        return ()
    file = parse(after)
    matches = find(Search.minus(pattern), file)
    return tuple(
        position(after, min(edit.start for edit in edits_of(pattern, match, file)))
        for match in matches
    )


def may_fit(pattern: Pattern, data: bytes) -> bool:
    """Whether the words of one of the sides all occur: without them, parsing is of no use."""
    return all(word in data for word in pattern.literals) or all(
        word in data for word in pattern.plus_literals
    )


def changes(pattern: Pattern) -> bool:
    """Whether a pattern changes anything: one that does not only tells that a file has its place."""
    return bool(pattern.runs) or _head_changes(pattern)


def _head_changes(pattern: Pattern) -> bool:
    minus, plus = pattern.minus_head, pattern.plus_head
    package = minus.package and plus.package and minus.package.token != plus.package.token
    return bool(package) or any(i.mark != " " for i in minus.imports + plus.imports)


def _head_removes(pattern: Pattern) -> bool:
    minus, plus = pattern.minus_head, pattern.plus_head
    package = minus.package and plus.package and minus.package.token != plus.package.token
    return bool(package) or any(i.mark == "-" for i in minus.imports)


def _sites(data: bytes, matches: Iterable[Match]) -> tuple[tuple[int, int], ...]:
    return tuple(position(data, match.start) for match in matches)


def _places(
    data: bytes, matches: Iterable[Match], edits: Sequence[Splice]
) -> tuple[tuple[int, int], ...]:
    """Where each match is changed first (its start, if only the head changes)."""
    return tuple(
        position(
            data, min((e.start for e in edits if m.start <= e.start <= m.end), default=m.start)
        )
        for m in matches
    )


def _evidence(pattern: Pattern, file: GoFile) -> list[Match]:
    """Where the plus side stands already; nothing if it says too little to tell."""
    head = pattern.plus_head
    if not pattern.plus and not head.imports and head.package is None:
        return []
    if not pattern.inserts and not _head_changes(pattern) and not pattern.runs:
        return []
    return find(Search.plus(pattern), file)


def _rewritten(
    pattern: Pattern, file: GoFile, matches: list[Match], path: str, careful: bool
) -> tuple[bytes, list[Match], list[Match]]:
    """The new bytes, the matches that were changed, and those that need no change."""
    applied: list[Match] = []
    done: list[Match] = []
    first = file
    for _ in range(_ROUNDS):
        shown = _evidence(pattern, file) if careful else []
        todo = [m for m in matches if not any(_overlap(m, e) for e in shown)]
        done += [m for m in matches if not any(m is t for t in todo)] if file is first else []
        edits, taken, left = _disjoint(pattern, file, todo, path)
        if file is first:
            applied = taken + left
        if not edits:
            break
        file = lay_out(file, edits).file
        if not left:
            break
        matches = find(Search.minus(pattern), file)
        if not matches:
            break
    bound = (applied or done)[0].bound
    head = head_edits(pattern, bound, file)
    if head:
        file = lay_out(file, head).file
        if not applied and not pattern.runs:
            applied, done = done, []
    if file.data == first.data:
        return first.data, [], matches
    return file.data, applied or matches, done


def _disjoint(
    pattern: Pattern, file: GoFile, matches: list[Match], path: str
) -> tuple[list[Splice], list[Match], list[Match]]:
    """The edits of as many matches as do not overlap, outermost first."""
    edits: list[Splice] = []
    taken: list[Match] = []
    left: list[Match] = []
    for match in matches:
        _refuse_errors(file, match, path)
        try:
            new = edits_of(pattern, match, file)
            splice(file.data, edits + new)
        except OverlapError:
            left.append(match)
            continue
        except UnwritableError as why:
            line, column = position(file.data, why.offset)
            raise ApplyError(
                str(why),
                path=path,
                line=line,
                column=column,
                hint="the patch needs a variant for this form",
            ) from None
        edits += new
        taken.append(match)
    return edits, taken, left


def _overlap(one: Match, other: Match) -> bool:
    return (one.start < other.end and other.start < one.end) or one.start == other.start


def _refuse_errors(file: GoFile, match: Match, path: str) -> None:
    errors = file.errors()
    if not errors:
        return
    low, high = file.declaration(match.start, match.end)
    for start, end in errors:
        if start <= high and low <= end:
            line, column = position(file.data, start)
            raise ApplyError(
                "the Go around the place of the edit does not parse",
                path=path,
                line=line,
                column=column,
                hint="mend the file first: nothing is written into what cannot be read",
            )


def _again(pattern: Pattern, after: bytes, careful: bool) -> bool:
    file = parse(after)
    matches = find(Search.minus(pattern), file)
    if careful and matches:
        shown = _evidence(pattern, file)
        matches = [m for m in matches if not any(_overlap(m, e) for e in shown)]
    return any(edits_of(pattern, match, file) for match in matches)


def _check(file: GoFile, after: bytes, path: str, again: bool) -> None:
    result = parse(after)
    if len(result.errors()) > len(file.errors()):
        line, column = position(after, result.errors()[0][0])
        raise ApplyError(
            "the result would not parse as Go",
            path=path,
            line=line,
            column=column,
            hint="the patch needs a variant for this form",
        )
    if again:
        raise ApplyError(
            "a second run would change this file again",
            path=path,
            hint="make the patch tell what is done already: let its minus side not match its plus side",
        )
