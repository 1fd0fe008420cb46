"""By which names, and in which files, what a package declares is reached: its own, those of packages that import it, and
those that get its values from these in turn.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence, Set

from gopatch.backport.declared import outward
from gopatch.backport.go_files import go_file
from gopatch.backport.overlaid import OverlaidSource
from gopatch.backport.type_rows import embedded, rows_of
from gopatch.go.tree import GROUPS, Syntax, elements_of

GoText = tuple[str, bytes]
"""The path of a Go file, and what is in it."""
Holding = Callable[[Syntax, bytes], bool]
"""Whether the type that is written at a node holds one of a name."""

_FUNCTIONS = ("function_declaration", "method_declaration")
_HOLDERS = ("struct_type", "interface_type")


def near(folder: str, side: OverlaidSource) -> Iterator[GoText]:
    """The files that may name what a package declares: its own, and those that import it."""
    yield from side.go_texts(folder)
    yield from _importing({folder}, side)


def beyond(folder: str, side: OverlaidSource) -> Iterator[GoText]:
    """As `near`, and those that import what imports it, however often: a value may come along."""
    yield from side.go_texts(folder)
    done, todo = {folder}, {folder}
    told: set[str] = set()
    while todo:
        found = [each for each in _importing(todo, side) if each[0] not in told]
        yield from found
        told.update(path for path, _ in found)
        # Nobody imports a test.
        todo = {p.rpartition("/")[0] for p, _ in found if not p.endswith("_test.go")} - done
        done |= todo


def _importing(folders: Set[str], side: OverlaidSource) -> Iterator[GoText]:
    paths = {side.index.import_path(folder) for folder in folders}
    words = [b'"%s"' % path.encode() for path in paths]
    brought = {path.rpartition("/")[0] for path, data in side.files.items() if data is not None}
    for other in dict.fromkeys(("", *side.index.folders(), *brought)):
        if other in brought or paths & side.index.imports_in(other):
            yield from (e for e in side.go_texts(other) if any(word in e[1] for word in words))


def as_interface(name: bytes, files: Sequence[GoText]) -> list[bytes]:
    """What may give a value of a type, or take it, as an interface: the type, all whose types name it, and those of what embeds it."""
    return _all_with(name, files, _embeds)


def as_value(name: bytes, files: Sequence[GoText]) -> list[bytes]:
    """What may give or take a value with one of a type in it: as above, of all that is made of it."""
    return _all_with(name, files, _says)


def _all_with(name: bytes, files: Sequence[GoText], holds: Holding) -> list[bytes]:
    todo, found = [name], dict.fromkeys([name])
    for each in todo:
        more = [other for other in holding(each, files, holds) if other not in found]
        todo += more
        found.update(dict.fromkeys([*more, *_with(each, files)]))
    return list(found)


def inferred(name: bytes, files: Sequence[GoText]) -> list[bytes]:
    """The variables and constants of packages whose types are not written, but are what that of something else is; or arrays of its length."""
    todo, found = [name], dict.fromkeys([name])
    for each in todo:
        more = [other for other in _made_of(each, files) if other not in found]
        todo += more
        found.update(dict.fromkeys(more))
    return list(found)[1:]


def _made_of(name: bytes, files: Sequence[GoText]) -> Iterator[bytes]:
    word = re.compile(rb"\b%s\b" % re.escape(name))
    length = re.compile(rb"\[[^]]*\b%s\b[^]]*\]" % re.escape(name))
    for _, data in files:
        for node in go_file(data).root.children if name in data else ():
            specs = (
                elements_of(node) if node.kind in ("var_declaration", "const_declaration") else ()
            )
            for spec in (each for each in specs if word.search(each.text)):
                names = [each.text for each in spec.names()]
                parts = spec.children[len(names) :]
                is_made = parts and (parts[0].token == b"=" or length.search(parts[0].text))
                yield from names if is_made and name not in names else ()


def holding(name: bytes, files: Sequence[GoText], holds: Holding | None = None) -> Iterator[bytes]:
    """The types that embed one, or hold it another way; two of one name in two packages are not told apart."""
    for _, data in files:
        for node in go_file(data).root.children if name in data else ():
            for spec in elements_of(node) if node.kind == "type_declaration" else ():
                if (holds or _embeds)(spec.children[-1], name):
                    yield from (each.text for each in spec.names())


def _embeds(inside: Syntax, name: bytes) -> bool:
    if inside.kind not in _HOLDERS or name not in inside.text:
        return False
    return any(list(each.leaves())[-1].text == name for each in embedded(rows_of(inside)))


def _says(inside: Syntax, name: bytes) -> bool:
    return name in inside.text and any(each.text == name for each in inside.leaves())


def _with(name: bytes, files: Sequence[GoText]) -> Iterator[bytes]:
    """The functions, variables, fields and methods whose types name one: what they are given may not fit."""
    word = re.compile(rb"\b%s\b" % re.escape(name))
    for _, data in files:
        for node in go_file(data).root.children if name in data else ():
            specs = elements_of(node) if node.kind in GROUPS else ()
            held = (spec.children[-1] for spec in specs if spec.children[-1].kind in _HOLDERS)
            fields = (row for holder in held for row in rows_of(holder))
            for each in (node,) if node.kind in _FUNCTIONS else (*specs, *fields):
                span = outward(each) if each.kind in _FUNCTIONS else (each.start, each.end)
                if each.kind != "type_spec" and word.search(each.data, *span):
                    yield from (found.text for found in each.names())


def fields_of(spec: Syntax) -> list[Syntax]:
    """What stands between the braces of a struct's declaration."""
    holder = spec.children[-1]
    return holder.children[-1].children if holder.kind == "struct_type" else []
