"""What a source does with a function, struct or interface that an edit makes grow, and that no longer fits then.

A function is used as a value, a struct's values stand without keys, another type has all methods of an interface.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import NamedTuple

from gopatch.go.tree import Syntax, declared, parse, position, receiver
from gopatch.port._own_files import files_with, holding
from gopatch.port._task import Task
from gopatch.port._work import Work
from gopatch.port.outcome import Site

_LITERALS = frozenset({"composite_literal"})


class Grown(NamedTuple):
    """What grows: the parameters of a function, the fields of a struct, or the methods of an interface (all of them)."""

    kind: str
    name: str
    methods: frozenset[str] = frozenset()


class Growth(NamedTuple):
    """What grows, and the folder of its package."""

    one: Grown
    folder: str

    @property
    def word(self) -> str:
        """What a file has that may not fit: of an interface the longest method, which is the rarest."""
        return min(self.one.methods, key=lambda name: (-len(name), name), default=self.one.name)


def growths(path: str, before: bytes, after: bytes) -> Iterator[Growth]:
    """What a change of a file makes grow."""
    yield from (Growth(one, path.rpartition("/")[0]) for one in _grown(before, after))


def outgrown(
    task: Task, work: Work, found: Collection[Growth]
) -> Iterator[tuple[Growth, Site, str]]:
    """The places that no longer fit what grows, each with that and what is wrong there; all is looked for at once."""
    words = tuple(sorted({each.word for each in found}))
    exported = tuple(word for word in words if word[:1].isupper())
    folders = {each.folder for each in found}
    if any(each.one.kind == "interface" for each in found):
        folders |= _users(task, work)
    there = {path for folder in folders for path in files_with(task, folder, words)}
    for path in sorted(there.union(holding(task, work, exported) if exported else ())):
        data, folder = work.read(task, path), path.rpartition("/")[0]
        for each in (one for one in found if one.word.encode() in data):
            for at, said in _unfit(data, each.one, folder == each.folder):
                yield each, work.site(task, path, *position(data, at)), said


def _users(task: Task, work: Work) -> set[str]:
    """The folders that ask for addresses: their tests may have a service of their own."""
    files = (path for each in task.patch.handouts for path in holding(task, work, each.names))
    return {path.rpartition("/")[0] for path in files}


@lru_cache(maxsize=256)
def _grown(before: bytes, after: bytes) -> tuple[Grown, ...]:
    if not before or not after:
        return ()
    old = {(receiver(node), name.text): node for name, node in declared(parse(before))}
    found = []
    for name, node in declared(parse(after)):
        was = old.get((receiver(node), name.text))
        if was is not None and was.text != node.text:
            found += [Grown(*one) for one in _growth(name.text.decode(errors="replace"), was, node)]
    return tuple(found)


def _growth(name: str, old: Syntax, new: Syntax) -> Iterator[tuple[str, str, frozenset[str]]]:
    if new.kind == "function_declaration":
        before, after = old.field("parameters"), new.field("parameters")
        if before is not None and after is not None and before.text != after.text:
            yield "function", name, frozenset()
    elif new.kind in ("type_spec", "type_declaration"):
        yield from _type_growth(name, old, new)


def _type_growth(name: str, old: Syntax, new: Syntax) -> Iterator[tuple[str, str, frozenset[str]]]:
    for kind, row in (("struct", "field_declaration"), ("interface", "method_elem")):
        before, after = (_members(node, row) for node in (old, new))
        if before < after:
            yield kind, name, after if kind == "interface" else frozenset()


def _members(type: Syntax, row: str) -> frozenset[str]:
    """The fields or methods that a type declares itself."""
    body = type.field("type")
    rows = (r for part in (body.children if body else ()) for r in (part, *part.children))
    names = (name for r in rows if r.kind == row for name in r.names())
    return frozenset(name.text.decode(errors="replace") for name in names)


@lru_cache(maxsize=256)
def _unfit(data: bytes, one: Grown, here: bool) -> tuple[tuple[int, str], ...]:
    """The places of one file, `here` in the package of what grows."""
    found = {"function": _values, "struct": _unkeyed, "interface": _types}[one.kind]
    return tuple(found(data, one, here))


def _values(data: bytes, one: Grown, here: bool) -> Iterator[tuple[int, str]]:
    for at in parse(data).used(one.name.encode()):
        is_called = data[at + len(one.name) :].lstrip()[:1] == b"("
        is_member = data[:at].rstrip().endswith(b".")
        if not is_called and is_member != here:
            yield at, f"`{one.name}`, whose parameters change, is used as a value"


def _unkeyed(data: bytes, one: Grown, here: bool) -> Iterator[tuple[int, str]]:
    for node in parse(data).nodes(_LITERALS):
        package, _, name = node.children[0].text.rpartition(b".")
        rows = node.children[-1].children[1:-1]
        keyed = any(row.kind == "keyed_element" for row in rows)
        if name == one.name.encode() and bool(package) != here and rows and not keyed:
            yield node.start, f"`{one.name}`, which gets a field, has values without keys"


def _types(data: bytes, one: Grown, here: bool) -> Iterator[tuple[int, str]]:
    """The types of a file with all methods but one that has come."""
    found: dict[bytes, dict[str, int]] = {}
    for name, node in declared(parse(data)):
        if (owner := receiver(node)) is not None:
            found.setdefault(owner, {})[name.text.decode(errors="replace")] = node.start
    for owner, methods in found.items():
        if len(one.methods - methods.keys()) == 1 and len(one.methods) > 1:
            said = f"`{owner.decode()}` has the methods of `{one.name}`, which gets one more"
            yield min(methods.values()), said
