"""One pattern on one file: match, edit, align, check. Pure; nobody sees an unchecked result."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from gopatch.engine.carry import carried
from gopatch.engine.evidence import made_already, says_more
from gopatch.engine.match import Match, Miss, Search, find
from gopatch.engine.pattern import Pattern, changes
from gopatch.engine.rounds import rewritten
from gopatch.errors import ApplyError
from gopatch.go.strict import new_refusals
from gopatch.go.tree import GoFile, parse
from gopatch.splice import Splice


class Result(NamedTuple):
    """What a pattern did to a file.

    `status` is "applied", "already" or "missing"; `sites` are line and column (from 1) of the
    places, in the file as it was; `miss` is the nearest candidate where nothing was found;
    `edits` are what changes there, without what alignment moved; `left` are places, in the file as it
    is now, that a change which removes something fits still.
    """

    status: str
    after: bytes
    sites: tuple[tuple[int, int], ...]
    miss: Miss | None = None
    edits: tuple[Splice, ...] = ()
    left: tuple[tuple[int, int], ...] = ()
    bound: Mapping[str, bytes] = MappingProxyType({})


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
        done = made_already(pattern, file)
        if done:
            return Result("already", data, _sites(file, done), bound=carried(pattern.change, done))
        if explain:
            find(search, file, explain=True)
        return Result("missing", data, (), search.miss)
    if not changes(pattern):
        bound = carried(pattern.change, matches)
        return Result("already", data, _sites(file, matches), bound=bound)
    return _made(pattern, file, matches, path)


def _made(pattern: Pattern, file: GoFile, matches: list[Match], path: str) -> Result:
    """The change at `matches`, or that it stands there already."""
    data, bound = file.data, carried(pattern.change, matches)
    adds_only = not any(run.gone for run in pattern.runs) and not _head_removes(pattern)
    change = None if adds_only else rewritten(pattern, file, matches, path, careful=False)
    if change is None:
        # What comes would match once more: leave alone what shows the plus side already.
        change = rewritten(pattern, file, matches, path, careful=True)
    if change is None:
        raise ApplyError(
            "a second run would change this file again",
            path=path,
            hint="make the patch tell what is done already: let its minus side not match its plus side",
        )
    left = () if adds_only else tuple(map(change.file.position, change.left))
    if not pattern.minus and _head_removes(pattern) and find(Search.minus(pattern), change.file):
        raise _still_used(pattern, path)
    if change.file.data == data:
        if not adds_only and change.done and not says_more(pattern):
            raise _untold(pattern, file, change.done[0], path)
        sites = _sites(file, change.done or matches)
        return Result("already", data, sites, bound=bound)
    _check(file, change.file, path)
    sites = tuple(map(file.position, change.starts))
    return Result("applied", change.file.data, sites, None, change.edits, left, bound)


def _still_used(pattern: Pattern, path: str) -> ApplyError:
    """A change of imports alone of which one is to go and cannot."""
    gone = next(item for item in pattern.minus_head.imports if item.mark == "-")
    return ApplyError(
        f'the import "{gone.path}" is still used',
        path=path,
        hint="say in the same change what becomes of its uses",
    )


def _untold(pattern: Pattern, file: GoFile, match: Match, path: str) -> ApplyError:
    """Both sides fit a place: foo(b, a) may be what `foo(x, y)` has become, or what it is to become."""
    line, column = file.position(match.start)
    number, at = pattern.minus[0].place if pattern.minus else (pattern.change.lines[0].number, 1)
    return ApplyError(
        f"the minus side ({pattern.change.path}:{number}:{at}) fits what the plus side writes, too: "
        "nobody could tell the second time whether it is done",
        path=path,
        line=line,
        column=column,
        hint="let the minus side say more, so that it does not match the plus side",
    )


def may_fit(pattern: Pattern, data: bytes) -> bool:
    """Whether the words of one of the sides all occur: without them, parsing is of no use."""
    return all(word in data for word in pattern.literals) or all(
        word in data for word in pattern.plus_literals
    )


def _head_removes(pattern: Pattern) -> bool:
    minus, plus = pattern.minus_head, pattern.plus_head
    package = minus.package and plus.package and minus.package.token != plus.package.token
    return bool(package) or any(i.mark == "-" for i in minus.imports)


def _sites(file: GoFile, matches: Iterable[Match]) -> tuple[tuple[int, int], ...]:
    return tuple(file.position(match.start) for match in matches)


def _check(before: GoFile, after: GoFile, path: str) -> None:
    errors = after.errors() if len(after.errors()) > len(before.errors()) else []
    refused = [] if errors else new_refusals(before, after)
    if errors or refused:
        line, column = after.position(errors[0][0] if errors else refused[0].offset)
        reason = "" if errors else f": {refused[0].reason}"
        raise ApplyError(
            f"the result would not parse as Go{reason}",
            path=path,
            line=line,
            column=column,
            hint="the patch needs another form for this place",
        )
