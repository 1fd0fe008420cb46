"""Whether a row of the target that looks like one of the change's is another one: alike by its form alone."""

from __future__ import annotations

from collections.abc import Mapping, Set

from gopatch.backport.carried import Three
from gopatch.backport.lists import ListedRow
from gopatch.backport.pairing import Pair, Words
from gopatch.backport.renames import Renamings

_QUOTES = frozenset({b'"', b"`"})
_FIRST = _QUOTES | {bytes([n]) for n in range(256) if n > 127 or chr(n).isalpha() or n == ord("_")}
# Keywords, and what every function has.
_ANYBODYS = frozenset(
    b"case chan const default defer else for func go if interface map range return select struct"
    b" switch type var _ err error false nil ok string true".split()
)


def is_another(was: ListedRow, now: ListedRow, there: ListedRow, names: Renamings) -> bool:
    """Whether what a row of the target names, outside of the lists in it, is named on neither side of the change.

    Of names those tell that are called or stand behind a dot, if there are any, and strings; one that is exported in
    one of the sources alone is the same.
    """
    if was.kind == "return_statement" or names.flat(was.words) == there.words:
        return False
    target = _own(there, Renamings({}, {}))
    return all(_apart(_own(row, names), target) for row in (was, now))


def without_others(places: Mapping[int, Pair], three: Three) -> dict[int, Pair]:
    """The pairs of rows but for those that are alike by their form alone."""
    before, _, target, names = three
    return {
        index: pair
        for index, pair in places.items()
        if pair.same
        or not is_another(before.rows[index], before.rows[index], target.rows[pair.right], names)
    }


def _own(row: ListedRow, names: Renamings) -> Words:
    words = tuple(token.text for token in row.tokens if not token.is_comment)
    return names.flat(words)


def _apart(ours: Words, theirs: Words) -> bool:
    one, other = _members(ours), _members(theirs)
    if not one or not other:
        one, other = names_in(ours), names_in(theirs)
    return bool(one) and bool(other) and not one & other


def names_in(words: Words) -> Set[bytes]:
    """The names among some words, in small letters, but for those that every function has; and strings."""
    return {w.lower() for w in words if w[:1] in _FIRST} - _ANYBODYS


def _members(words: Words) -> Set[bytes]:
    beside = zip((b"", *words), words, (*words[1:], b""), strict=False)
    is_told = (w for left, w, right in beside if left == b"." or right == b"(" or w[:1] in _QUOTES)
    return names_in(tuple(is_told))
