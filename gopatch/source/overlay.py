"""A source with changes laid over it, and the changes that lie between two sources."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from gopatch.errors import SourceError
from gopatch.source.entries import Entry, Source
from gopatch.source.links import link
from gopatch.splice import FileChange

_SKIPPED = {".git", "vendor", "node_modules", "bundles"}


class Overlay:
    """A source as it is once `changes` are made; the source itself stays as it is."""

    def __init__(self, source: Source, changes: Iterable[FileChange]) -> None:
        self.source = source
        self._changes = {change.path: change for change in changes}

    @property
    def name(self) -> str:
        return self.source.name

    @property
    def changes(self) -> tuple[FileChange, ...]:
        """What is laid over the source."""
        return tuple(self._changes.values())

    def with_more(self, changes: Iterable[FileChange]) -> Overlay:
        """The same source with more changes, made on what these leave."""
        made = dict(self._changes)
        for change in changes:
            first = made.get(change.path, change)
            made[change.path] = change._replace(before=first.before)
        return Overlay(self.source, made.values())

    def listdir(self, folder: str) -> tuple[Entry, ...]:
        # By their ids equal folders are known: one in which something changes has none.
        entries = {entry.name: entry for entry in self.source.listdir(folder)}
        prefix = f"{folder}/" if folder else ""
        for path in self._changes:
            if not path.startswith(prefix):
                continue
            name, below, _ = path[len(prefix) :].partition("/")
            if below:
                entries[name] = entries.get(name, Entry(name, "dir", 0o040000))._replace(id=None)
                continue
            found = self.entry(path)
            if found is None:
                entries.pop(name, None)
            else:
                entries[name] = found
        return tuple(sorted(entries.values(), key=lambda entry: entry.name))

    def entry(self, path: str) -> Entry | None:
        change = self._changes.get(path)
        if change is None:
            found = self.source.entry(path)
            if any(p.startswith(path + "/") for p in self._changes):
                made = Entry(path.rpartition("/")[2], "dir", 0o040000)
                return (found or made)._replace(id=None)
            return found
        if change.after is None:
            return None
        kind = "link" if change.mode == 0o120000 else "file"
        return Entry(path.rpartition("/")[2], kind, change.mode)

    def link(self, path: str) -> str | None:
        change = self._changes.get(path)
        return link(self.source, path) if change is None else os.fsdecode(change.after or b"")

    def read(self, path: str) -> bytes:
        change = self._changes.get(path)
        if change is None:
            return self.source.read(path)
        if change.after is None:
            raise SourceError("there is no such file", path=path)
        return change.after


def over(source: Source, changes: Iterable[FileChange]) -> Source:
    """A source with changes over it, in one layer however often this is done."""
    made = tuple(changes)
    if not made:
        return source
    return source.with_more(made) if isinstance(source, Overlay) else Overlay(source, made)


def differences(before: Source, after: Source) -> tuple[FileChange, ...]:
    """What turns `before` into `after`, sorted by path; vendored files are not looked at."""
    return tuple(_differences(before, after, ""))


def _differences(before: Source, after: Source, folder: str) -> Iterator[FileChange]:
    old = {entry.name: entry for entry in before.listdir(folder)}
    new = {entry.name: entry for entry in after.listdir(folder)}
    for name in sorted(old.keys() | new.keys()):
        one, other = old.get(name), new.get(name)
        if name in _SKIPPED or (one and other and one.id and one.id == other.id):
            continue
        path = f"{folder}/{name}" if folder else name
        if "dir" in (one and one.kind, other and other.kind):
            yield from _differences(before, after, path)
        left, right = _bytes(before, path, one), _bytes(after, path, other)
        if left != right:
            mode = (other or one or Entry("", "", 0o100644)).mode
            yield FileChange(path, left, right, mode)


def _bytes(source: Source, path: str, entry: Entry | None) -> bytes | None:
    return source.read(path) if entry is not None and entry.kind == "file" else None
