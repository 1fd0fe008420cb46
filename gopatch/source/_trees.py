"""A tree object of git -> the entries of a folder."""

from __future__ import annotations

import os
from binascii import hexlify
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from operator import attrgetter
from sys import intern

from gopatch.source._objects import Object
from gopatch.source.entries import Entry

_NAME = attrgetter("name")
_KINDS = {0o040000: "dir", 0o120000: "link", 0o160000: "other"}


def entries_of(tree: Object) -> tuple[Entry, ...]:
    """The entries of a tree by their names; ValueError or IndexError for a broken one."""
    entries = _entries(tree.data, len(tree.id) // 2)
    return tuple(sorted(entries, key=_NAME))


def entry_named(entries: Sequence[Entry], name: str) -> Entry | None:
    """The entry of that name; None where there is none."""
    at = bisect_left(entries, name, key=_NAME)
    return entries[at] if at < len(entries) and entries[at].name == name else None


def _entries(data: bytes, width: int) -> Iterable[Entry]:
    """The entries of a tree; the names of their objects have `width` bytes."""
    at = 0
    while at < len(data):
        space = data.index(b" ", at)
        end = data.index(b"\0", space)
        mode = int(data[at:space], 8)
        name = intern(os.fsdecode(data[space + 1 : end]))  # it comes again in tree after tree
        id = data[end + 1 : end + 1 + width]
        if len(id) < width or not name or "/" in name:
            raise ValueError(name)
        yield Entry(name, _KINDS.get(mode, "file"), mode, hexlify(id).decode())
        at = end + 1 + width
