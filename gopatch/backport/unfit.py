"""What a port gives where the target's types want something else: in what it changes, and wherever the target
names what it changes.

A source is asked as it was and as it is with the port: only what is wrong with it counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from typing import NamedTuple

from gopatch.backport.declared import outward
from gopatch.backport.go_files import go_file
from gopatch.backport.lists import ListedRow, listing_of
from gopatch.backport.mistyped import misfits
from gopatch.backport.overlaid import OverlaidSource
from gopatch.backport.shown_types import Placed, ShownTypes
from gopatch.backport.type_rows import embedded, rows_of
from gopatch.go.tree import GROUPS, Syntax, elements_of, position

_ANY = re.compile(b"")
_FUNCTIONS = ("function_declaration", "method_declaration")


class Unfit(NamedTuple):
    """A value that does not fit: its file, its line, and why."""

    path: str
    line: int
    reason: str


class BothTypes(NamedTuple):
    """The types of a source without a change and with it."""

    old: ShownTypes
    new: ShownTypes


def both_types(side: OverlaidSource) -> BothTypes:
    return BothTypes(ShownTypes(OverlaidSource(side.index, {})), ShownTypes(side))


def unfit(path: str, types: BothTypes) -> Iterator[Unfit]:
    """What does not fit in the declarations of a file that the change touches."""
    known = {row.text for row in _rows(types.old, path)}
    rows = [row for row in _rows(types.new, path) if row.text not in known]
    yield from _worse(path, rows, types)


def unfit_elsewhere(paths: Sequence[str], types: BothTypes, left: Set[str]) -> Iterator[Unfit]:
    """What does not fit any more in declarations that stay as they are, and name what files of a folder declare otherwise now."""
    words = set(_changed(paths, types)) - {b"_", b"init"}
    if not words:
        return
    named = re.compile(rb"\b(?:%s)(?:(?<=\{)|\b)" % b"|".join(map(re.escape, sorted(words))))
    for other, data in _near(paths, words, types.new.side):
        if other in left or not named.search(data):
            continue
        known = {row.text for row in _rows(types.old, other)}
        rows = [r for r in _rows(types.new, other) if r.text in known and named.search(r.text)]
        yield from _worse(other, rows, types, named)


def _worse(
    path: str, rows: list[ListedRow], types: BothTypes, named: re.Pattern[bytes] = _ANY
) -> Iterator[Unfit]:
    found = [fault for row in rows for fault in _faults(types.new, path, row, named)]
    if not found:
        return
    old = (_faults(types.old, path, row, _ANY) for row in _rows(types.old, path))
    known = {reason for faults in old for _, reason in faults}
    data = types.new.data(path)
    for at, reason in found:
        if reason not in known:
            yield Unfit(path, position(data, at)[0], reason)


def _faults(
    types: ShownTypes, path: str, row: ListedRow, named: re.Pattern[bytes]
) -> Iterator[tuple[int, str]]:
    place = types.place(path)
    return (fault for node in row.nodes for fault in misfits(types, Placed(place, node), named))


def _rows(types: ShownTypes, path: str) -> list[ListedRow]:
    data = types.data(path)
    return [row for row in listing_of(data).rows if row.nodes] if data else []


# What is declared otherwise ----------------------------------------------------------------------


def _changed(paths: Sequence[str], types: BothTypes) -> Iterator[bytes]:
    """The names whose use depends on what files declare otherwise now, or no more.

    One with a brace is a struct's: what stands for its own fields matters, and where it has values without keys.
    """
    old, new = (_declared(side, paths) for side in types)
    for key in old.keys() - {k for k in new if k in old and _head(old[k]) == _head(new[k])}:
        owner, name = key
        node, there = old[key], new.get(key)
        if node.kind == "type_spec" and there is not None:
            kinds = {each.children[-1].kind for each in (node, there)}
            yield name + b"{" * (kinds == {"struct_type"})
            yield from _inside(node, there)
            of_interface = "interface_type" in kinds
        else:
            yield name
            of_interface = False
        if of_interface or owner:
            yield from _as_interface(name if of_interface else owner, paths[0], types.new)


def _declared(types: ShownTypes, paths: Sequence[str]) -> dict[tuple[bytes, bytes], Syntax]:
    """What files declare at their top level: by receiver and name."""
    found: dict[tuple[bytes, bytes], Syntax] = {}
    for row in (row for path in paths for row in _rows(types, path)):
        for node in row.nodes:
            if node.kind in _FUNCTIONS and row.key is not None:
                found[row.key[1], row.key[2]] = node  # type: ignore[index]
            elif node.kind in GROUPS - {"import_declaration"}:
                specs = ((name, spec) for spec in elements_of(node) for name in spec.names())
                found.update({(b"", name.text): spec for name, spec in specs})
    return found


def _head(node: Syntax) -> bytes:
    """What the users of a declaration see of it."""
    if node.kind not in _FUNCTIONS:
        return b" ".join(node.text.split())
    body = next((c.start for c in node.children if c.kind == "block"), node.end)
    return b" ".join(node.data[node.start : body].split())


def _inside(spec: Syntax, other: Syntax) -> Iterator[bytes]:
    """The names of a type's fields or methods that read otherwise in another declaration of it, or are not there."""
    there = _said_inside(other)
    yield from (name for name, text in _said_inside(spec).items() if there.get(name) != text)


def _said_inside(spec: Syntax) -> dict[bytes, bytes]:
    rows = _fields(spec) or spec.children[-1].children
    members = [row for row in rows if row.kind in ("field_declaration", "method_elem")]
    return {name.text: _type_of(row) for row in members for name in row.names()}


def _type_of(row: Syntax) -> bytes:
    """What stands behind the names of a row, in one line."""
    names = row.names()
    return b" ".join(row.data[names[-1].end if names else row.start : row.end].split())


def _as_interface(name: bytes, path: str, types: ShownTypes) -> Iterator[bytes]:
    """What may give a value of a type, or take it, as an interface: the type, all whose types name it, and those of what embeds it."""
    todo, known = [name], {name}
    for each in todo:
        yield each
        yield from _with(each, path, types)
        more = [other for other in _embedding(each, path, types) if other not in known]
        todo += more
        known.update(more)


def _embedding(name: bytes, path: str, types: ShownTypes) -> Iterator[bytes]:
    """The types of a package that embed one."""
    for _, data in types.side.go_texts(path.rpartition("/")[0]):
        for node in go_file(data).root.children if name in data else ():
            for spec in elements_of(node) if node.kind == "type_declaration" else ():
                inside = spec.children[-1]
                if inside.kind in ("struct_type", "interface_type") and name in inside.text:
                    held = (each.text for each in embedded(rows_of(inside)))
                    if name in held:
                        yield from (each.text for each in spec.names())


def _with(name: bytes, path: str, types: ShownTypes) -> Iterator[bytes]:
    """The functions, variables and fields of a package whose types name one: what they are given may not fit."""
    word = re.compile(rb"\b%s\b" % re.escape(name))
    for _, data in types.side.go_texts(path.rpartition("/")[0]):
        for node in go_file(data).root.children if name in data else ():
            specs = elements_of(node) if node.kind in GROUPS else ()
            fields = (each for spec in specs for each in _fields(spec))
            for each in (node,) if node.kind in _FUNCTIONS else (*specs, *fields):
                span = outward(each) if each.kind in _FUNCTIONS else (each.start, each.end)
                if each.kind != "type_spec" and word.search(each.data, *span):
                    yield from (found.text for found in each.names())


def _fields(spec: Syntax) -> list[Syntax]:
    holder = spec.children[-1]
    return holder.children[-1].children if holder.kind == "struct_type" else []


def _near(
    paths: Sequence[str], words: Set[bytes], side: OverlaidSource
) -> Iterator[tuple[str, bytes]]:
    """The files that may name what some declare: those of their package, and those that import it."""
    folder = paths[0].rpartition("/")[0]
    yield from side.go_texts(folder)
    if any(w[:1].isupper() for w in words) and not all(p.endswith("_test.go") for p in paths):
        imported = b'"%s"' % side.index.import_path(folder).encode()
        for other in side.index.folders():
            if other != folder:
                yield from (each for each in side.go_texts(other) if imported in each[1])
