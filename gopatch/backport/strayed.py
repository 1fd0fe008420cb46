"""Declarations that a port changes, and the change leaves as they are: what was meant for another one went there."""

from __future__ import annotations

from collections.abc import Iterator

from gopatch.backport.lists import called, listing_of
from gopatch.backport.moved import changed_keys, keys
from gopatch.go.tree import position


def strayed(
    change: tuple[bytes | None, bytes | None], port: tuple[bytes | None, bytes]
) -> Iterator[tuple[int, str]]:
    """The line and the name of each such declaration; both are a file without the change and with it."""
    before, after = (data or b"" for data in change)
    target, result = port
    if not before or target is None:
        return
    meant = changed_keys(before, after) | changed_keys(after, before)
    wrong = (changed_keys(target, result) & keys(before) & keys(after)) - meant
    for row in listing_of(result).rows:
        if row.key in wrong:
            yield position(result, row.start)[0], called(row)
