"""Rows that stand at another depth of blocks in the target."""

from __future__ import annotations

from collections.abc import Iterator

from gopatch.backport.carried import Three
from gopatch.backport.lists import ListedRow, Listing


def deeper(three: Three, row: ListedRow) -> tuple[ListedRow, Listing] | None:
    """The one row below the target's rows that says what `row` says, with its listing."""
    wanted = three.names.flat(row.words)
    below = _below(three.target)
    found = [pair for pair in below if pair[0].kind == row.kind and pair[0].words == wanted]
    return found[0] if len(found) == 1 else None


def _below(listing: Listing) -> Iterator[tuple[ListedRow, Listing]]:
    for row in listing.rows:
        for token in row.tokens:
            if token.listing is not None:
                yield from ((inner, token.listing) for inner in token.listing.rows)
                yield from _below(token.listing)


def unwrapped(three: Three, was: ListedRow, now: ListedRow) -> Three | None:
    """The one listing inside of a row that changes, held against the listing around it in the target.

    For a block that the source of the change puts around what the target has bare.
    """
    old, new = was.tokens, now.tokens
    if three.before.kind != "block" or [t.text for t in old] != [t.text for t in new]:
        return None
    pairs = [
        (a.listing, b.listing)
        for a, b in zip(old, new, strict=True)
        if a.listing is not None
        and b.listing is not None
        and a.listing.data[a.start : a.end] != b.listing.data[b.start : b.end]
    ]
    if len(pairs) != 1 or pairs[0][0].kind != "block":
        return None
    return Three(pairs[0][0], pairs[0][1], three.target, three.names)
