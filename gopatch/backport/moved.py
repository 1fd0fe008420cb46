"""Where a file of the change lies in the target, if not where it lay."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from gopatch.backport.index import Index
from gopatch.backport.lists import called, listing_of
from gopatch.go.tree import position

_TOP = {"func", "type_declaration", "var_declaration", "const_declaration"}
_ANYBODYS = (b"init", b"main")
_MANY = 3  # places that a reader is told of


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
    """The one file of the target that declares what the change touches in `path`, or what it makes of that.

    One of the same folder is taken before one that moved.
    """
    wanted = changed_keys(before, after) or keys(before)
    return _find(path, wanted, made, target) or _find(
        path, changed_keys(after, before) or keys(after), made, target
    )


def _find(path: str, wanted: set[object], made: Index, target: Index) -> str | None:
    beside = [f for f in target.go_files(path.rpartition("/")[0]) if f != path]
    own = _declaring(beside, wanted, target)
    if len(own) > 1:  # one that the source of the change has, too, is its own counterpart
        own = [f for f in own if made.source.entry(f) is None] or own
    if len(own) == 1:
        return own[0]
    fitting = _declaring(candidates(path, made, target), wanted, target)
    name = path.rpartition("/")[2]
    same = [file for file in fitting if file.rpartition("/")[2] == name]
    chosen = same or fitting
    return chosen[0] if len(chosen) == 1 and not own else None


def _declaring(files: list[str], wanted: set[object], target: Index) -> list[str]:
    """The files that declare all of `wanted`; one without its words is not parsed for it."""
    words = set(_words(wanted))
    return [
        file
        for file in files
        if (data := target.read(file)) is not None
        and all(word in data for word in words)
        and wanted <= keys(data)
    ]


def _words(key: object) -> Iterator[bytes]:
    """The names in keys, which stand in a file as they are."""
    if isinstance(key, bytes):
        yield key
    elif isinstance(key, tuple | set):
        for part in key:
            yield from _words(part)


def elsewhere(path: str, before: bytes, after: bytes, target: Index) -> str | None:
    """The one other file of the folder that declares all that the change touches, where `path` has none of it."""
    wanted = changed_keys(before, after)
    here = target.read(path)
    if not wanted or here is None or wanted & keys(here):
        return None
    beside = [f for f in target.go_files(path.rpartition("/")[0]) if f != path]
    found = _declaring(beside, wanted, target)
    return found[0] if len(found) == 1 else None


def whereabouts(wanted: Iterable[object], target: Index) -> str:
    """Where the target declares what has one of some keys, whatever the package: `Name` at path:line."""
    tops = (k for k in wanted if isinstance(k, tuple) and k[0] in _TOP and k[-1] not in _ANYBODYS)
    keys_of_top = sorted(tops, key=repr)
    return ", ".join(islice(_places(keys_of_top, target), _MANY))


def _places(wanted: list[tuple[object, ...]], target: Index) -> Iterator[str]:
    for key in wanted:
        files = {path for word in _words(key) for path in target.files_with(word)}
        for path in _declaring(sorted(files), {key}, target):
            row = next(r for r in listing_of(target.read(path) or b"").rows if r.key == key)
            yield f"`{called(row)}` at {path}:{position(row.data, row.start)[0]}"
