"""Where a file of the change lies in the target, if not where it lay."""

from __future__ import annotations

from gopatch.backport.index import Index
from gopatch.backport.lists import listing_of


def candidates(path: str, made: Index, target: Index) -> list[str]:
    """Files that may be the one: of the same name, or in a folder of the same last name."""
    folder, _, name = path.rpartition("/")
    last = folder.rsplit("/", 1)[-1]
    found = []
    for other in ["", *target.folders()]:
        same = other.rsplit("/", 1)[-1] == last
        for file in target.go_files(other):
            base = file.rpartition("/")[2]
            if (base == name or (same and other != folder)) and made.source.entry(file) is None:
                found.append(file)
    return sorted(found)


def keys(data: bytes) -> set[object]:
    """What a file declares."""
    return {row.key for row in listing_of(data).rows if row.key and row.key != ("import",)}


def changed_keys(before: bytes, after: bytes) -> set[object]:
    """The declarations of `before` that the change touches."""
    now = {row.key: row.text for row in listing_of(after).rows if row.key}
    rows = listing_of(before).rows
    return {
        row.key
        for row in rows
        if row.key and row.key != ("import",) and now.get(row.key) != row.text
    }


def find(path: str, before: bytes, after: bytes, made: Index, target: Index) -> str | None:
    """The one file of the target that declares what the change touches in `path`."""
    wanted = changed_keys(before, after) or keys(before)
    fitting = []
    for file in candidates(path, made, target):
        data = target.read(file)
        if data is not None and wanted <= keys(data):
            fitting.append(file)
    name = path.rpartition("/")[2]
    same = [file for file in fitting if file.rpartition("/")[2] == name]
    chosen = same or fitting
    return chosen[0] if len(chosen) == 1 else None
