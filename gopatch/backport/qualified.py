"""Names of other packages that the target has in another package: `plugin.Privilege` is `types.PluginPrivilege`.

One is the other where the target's package does not declare the one any more (or not yet), the other is not
declared in the source of the change, both are of one kind, and the two files have the one wherever the
other has the other. Functions, variables and constants only move, a type may be called otherwise, too.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from gopatch.backport.imports_by_need import imports
from gopatch.backport.index import Index
from gopatch.backport.lists import listing_of
from gopatch.backport.pairing import pairs
from gopatch.backport.renames import Qualified, Renamings, facing, holds
from gopatch.backport.scopes import uses

_OPERAND = re.compile(rb"(?<![\w.])(\w+)\.$")
_LONGEST = 60  # bytes that are looked at before a dot


class Files(NamedTuple):
    """A file of the change on both sides, and its counterpart in the target."""

    before: bytes
    after: bytes
    target: bytes


class BothSources(NamedTuple):
    """Two sources, and how the target imports what the change's file imports."""

    made: Index
    target: Index
    paths: Mapping[str, str]


def with_moved(names: Renamings, files: Files, room: BothSources) -> Renamings:
    """The names with those of other packages that are found elsewhere in the target."""
    lost = _lost(files, room)
    if not lost:
        return names
    seen = _seen(files, names, frozenset(lost))
    theirs = {each.name.encode(): each.path for each in imports(files.target)}
    found: dict[Qualified, Qualified] = {}
    proofs = dict(names.proofs)
    for old, places in seen.items():
        new, here, there = places[0]
        one = {place[0] for place in places} == {new} and new != old
        if one and new[0] in theirs and _same(room, (old, new), lost[old], theirs[new[0]]):
            found[old] = new
            proofs[b".".join(old)] = (here, there)
    return names._replace(moved=found, proofs=proofs) if found else names


def _lost(files: Files, room: BothSources) -> dict[Qualified, str]:
    """What the change names of other packages and the target does not have there, with the import's path."""
    ours = {e.name.encode(): e.path for e in (*imports(files.after), *imports(files.before))}
    found: dict[Qualified, str] = {}
    for operand, name in dict.fromkeys(_changed(files, frozenset(ours))):
        path = ours[operand]
        folder, other = room.made.folder_of(path), room.paths.get(path)
        if folder is None:
            continue
        here = room.target.folder_of(other) if other is not None else None
        known = other is None or here is not None
        # The target first: it has nearly all of them, and what it has is not looked for elsewhere.
        if not known or (here is not None and room.target.declares(here, name)):
            continue
        if room.made.declares(folder, name):
            found[operand, name] = path
    return found


def _changed(files: Files, operands: frozenset[bytes]) -> Iterator[Qualified]:
    """The names of packages in declarations that differ between the change's two sides."""
    old, new = listing_of(files.before).rows, listing_of(files.after).rows
    texts = {row.text for row in old} & {row.text for row in new}
    for row in (*old, *new):
        if row.text not in texts and row.kind != "import_declaration":
            for use in (use for node in row.nodes for use in uses(node)):
                if use.role == "field" and use.operand in operands:
                    yield use.operand, use.name


def _seen(
    files: Files, names: Renamings, lost: frozenset[Qualified]
) -> dict[Qualified, list[tuple[Qualified, int, int]]]:
    """What faces each name in the target, with both places (-1: on the side after the change alone)."""
    found: dict[Qualified, list[tuple[Qualified, int, int]]] = defaultdict(list)
    said = [b".".join(each) for each in lost]
    for data in (files.before, files.after):  # the target may have the change already
        if not holds(data, said):
            continue
        old, new = listing_of(data).rows, listing_of(files.target).rows
        for pair in pairs(old, new, names.flat).values():
            if pair.same or not holds(old[pair.left].text, said):
                continue
            for one, other in facing(old[pair.left], new[pair.right], names, said):
                ours = (_operand(data, one.start), one.text)
                theirs = _operand(files.target, other.start)
                if ours in lost and theirs:
                    there = one.start if data is files.before else -1
                    found[ours].append(((theirs, other.text), other.start, there))
    return found


def _operand(data: bytes, at: int) -> bytes:
    """The one name before a dot that ends at an offset, else empty."""
    found = _OPERAND.search(data[max(0, at - _LONGEST) : at])
    return found[1] if found else b""


def _same(room: BothSources, names: tuple[Qualified, Qualified], ours: str, theirs: str) -> bool:
    """Whether two names stand for one thing that moved, as far as the two sources tell."""
    (_, old), (_, new) = names
    made, folder = room.made.folder_of(ours), room.target.folder_of(theirs)
    if made is None or folder is None:
        return False
    was, there = _declared(room.made, made, old), _declared(room.target, folder, new)
    if not was & there or (old != new and "type" not in was & there):
        return False
    still = room.made.folder_of(theirs)
    return still is None or not _declared(room.made, still, new)


def _declared(index: Index, folder: str, name: bytes) -> set[str]:
    """The kinds of what a package declares under a name."""
    return {found.kind for found in index.declared(folder, name)} - {"member"}
