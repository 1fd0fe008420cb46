"""Names that the target has for what the change calls otherwise, each with its evidence.

A local, parameter or receiver is another name for the same thing where the rows that pair up have
the one wherever the other source has the other, and each source binds its own name in that
declaration and not the other's. A package is it where both files import it.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from gopatch.backport.lists import ListedRow, Listing, Token, lex
from gopatch.backport.pairing import Words, aligned, pairs
from gopatch.backport.scopes import bound_names

Qualified = tuple[bytes, bytes]
_IDENTIFIER = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_")


class Renamings(NamedTuple):
    """Renamings of package names (before a dot), of local names (not behind one), and of names of packages.

    `proofs` has for each local name, and each that moved, where the two face each other first: offsets
    in the target and in the source that the change was made for.
    """

    packages: Mapping[bytes, bytes]
    local: Mapping[bytes, bytes]
    proofs: Mapping[bytes, tuple[int, int]] = {}
    moved: Mapping[Qualified, Qualified] = {}

    def __bool__(self) -> bool:
        return bool(self.packages or self.local or self.moved)

    def words(self, words: Words) -> Words:
        """A row's words as the target would say them."""
        if not self:
            return words
        found = list(words)
        for index, word in enumerate(words):
            if index and words[index - 1] == b".":
                continue
            followed = words[index + 1 : index + 3]
            if word in self.local:
                found[index] = self.local[word]
            elif len(followed) < 2 or followed[0] != b".":
                continue
            elif (word, followed[1]) in self.moved:
                found[index], found[index + 2] = self.moved[word, followed[1]]
            elif word in self.packages:
                found[index] = self.packages[word]
        return tuple(found)

    def said(self, words: Words, index: int) -> tuple[bytes, bytes]:
        """What is renamed at a word, in full: what moved is told with its package."""
        both = words[index : index + 3 : 2]
        if len(both) == 2 and words[index + 1] == b"." and both in self.moved:
            return b".".join(both), b".".join(self.moved[both[0], both[1]])
        return words[index], self.words(words)[index]

    def flat(self, words: Words) -> Words:
        """As `words`, where a name that became an expression counts as its tokens."""
        found = self.words(words)
        if all(new.isidentifier() for new in map(bytes.decode, self.local.values())):
            return found
        return tuple(
            part
            for old, new in zip(words, found, strict=True)
            for part in ([new] if old == new else lex(new))
        )


def renamed_text(data: bytes, names: Renamings, tell: Callable[[bytes, bytes], None]) -> bytes:
    """Go source with its names as the target has them; comments and strings stay."""
    if not names:
        return data
    words = tuple(lex(data))
    out, at = [], 0
    for index, (old, new) in enumerate(zip(words, names.words(words), strict=True)):
        start = data.index(old, at)
        out.append(data[at:start])
        out.append(new)
        at = start + len(old)
        if old != new and not (index and words[index - 1] == b"."):
            tell(*names.said(words, index))
    return b"".join([*out, data[at:]])


def renamings(was: ListedRow, there: ListedRow, names: Renamings) -> Renamings:
    """The renamings that hold in a declaration which two sources have."""
    if was.words == there.words or not was.nodes or not there.nodes:
        return names
    ours, theirs = bound_names(was.nodes[0]), bound_names(there.nodes[0])
    if ours <= theirs:
        return names
    known = names
    for _ in range(2):
        seen: dict[bytes, list[tuple[Token, Token]]] = defaultdict(list)
        for one, other in facing(was, there, known):
            seen[one.text].append((one, other))
        local = {
            old: next(iter(news))
            for old, pairs_seen in seen.items()
            if len(news := {other.text for _, other in pairs_seen}) == 1
            if old in ours - theirs and news <= theirs - ours
        }
        fits = {old: new for old, new in local.items() if list(local.values()).count(new) == 1}
        proofs = {old: min((b.start, a.start) for a, b in seen[old]) for old in fits}
        if {**names.local, **fits} == known.local:
            break
        known = names._replace(local={**names.local, **fits}, proofs=proofs)
    return known


def facing(
    was: ListedRow, there: ListedRow, names: Renamings, said: Sequence[bytes] = ()
) -> Iterator[tuple[Token, Token]]:
    """Names that stand in the same place of rows that pair up; with `said`, of those rows that say one of it."""
    ours, theirs = was.tokens, there.tokens
    left = names.words(tuple(t.text for t in ours))
    right = tuple(t.text for t in theirs)
    edges = [(-1, -1), *aligned(left, right), (len(left), len(right))]
    for (i, k), (m, n) in itertools.pairwise(edges):
        if m - i == n - k:
            for one, other in zip(ours[i + 1 : m], theirs[k + 1 : n], strict=True):
                if one.text[0] in _IDENTIFIER and other.text[0] in _IDENTIFIER:
                    yield one, other
        if m < len(left):
            one, other = ours[m], theirs[n]
            if one.listing is not None and other.listing is not None:
                yield from _facing_rows(one.listing, other.listing, names, said)
            elif one.text[0] in _IDENTIFIER:
                yield one, other


def _facing_rows(
    was: Listing, there: Listing, names: Renamings, said: Sequence[bytes]
) -> Iterator[tuple[Token, Token]]:
    if said and not holds(was.data[was.start : was.end], said):
        return
    for pair in pairs(was.rows, there.rows, names.words).values():
        if not said or holds(was.rows[pair.left].text, said):
            yield from facing(was.rows[pair.left], there.rows[pair.right], names, said)


def holds(text: bytes, words: Iterable[bytes]) -> bool:
    """Whether a text has one of some words."""
    return any(word in text for word in words)
