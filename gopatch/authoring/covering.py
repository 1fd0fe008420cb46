"""Two variants in; whether the later one can never be reached out, as far as their text shows."""

from __future__ import annotations

from gopatch.engine.compiled import patterns_of, steps_of
from gopatch.engine.match import Search, find
from gopatch.engine.pattern import Pattern
from gopatch.go.tree import Syntax, parse
from gopatch.recipe.values import GoVariant, TextVariant


def covers(earlier: GoVariant | TextVariant, later: GoVariant | TextVariant) -> bool:
    """Whether an earlier variant fits wherever a later one does, as far as its text shows."""
    if isinstance(earlier, TextVariant) or isinstance(later, TextVariant):
        return earlier[1:] == later[1:]
    ours, theirs = patterns_of(earlier), patterns_of(later)
    return all(
        any(
            all(any(fits(ours[one], theirs[other]) for one in forms) for other in others)
            for others in steps_of(theirs)
        )
        for forms in steps_of(ours)
    )


def fits(pattern: Pattern, other: Pattern) -> bool:
    """Whether `pattern` matches the minus side of `other`, whose variables stand for themselves.

    What stands for `...` there may be anything or nothing, so it must not have been bound.
    """
    side = other.change.minus
    holes = {side.data[start:end] for start, end in side.holes}
    file = parse(side.data)
    if file.errors():
        return side.data == pattern.change.minus.data
    return any(
        not any(hole in _written(value) for value in match.bound.values() for hole in holes)
        for match in find(Search.minus(pattern), file)
    )


def _written(value: Syntax | bytes) -> bytes:
    return value if isinstance(value, bytes) else value.text
