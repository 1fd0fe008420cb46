"""What a source does with a function, struct or interface that an edit makes grow, and that no longer fits then.

A function is used as a value, a struct's values stand without keys, another type has all methods of an interface.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Set
from typing import NamedTuple

from gopatch.go.declaring import places_of
from gopatch.go.once import once
from gopatch.go.tree import declared, parse, position, receiver
from gopatch.port._brings import Grown
from gopatch.port._own_files import files_with, holding
from gopatch.port._task import Task
from gopatch.port._work import Work
from gopatch.port.outcome import Site

_LITERALS = frozenset({"composite_literal"})
_NEAR = 40  # bytes: most often more than there are blanks


class Growth(NamedTuple):
    """What grows, and the folder of its package."""

    one: Grown
    folder: str

    def word(self, known: Set[str]) -> str:
        """What a file has that may not fit: of an interface a method that it had, one of the `known` words or the longest."""
        methods = self.one.methods
        return min(
            methods, key=lambda name: (name not in known, -len(name), name), default=self.one.name
        )


def users_of(task: Task, work: Work, found: Collection[Growth]) -> list[str]:
    """The files that may use some of what grows; all is looked for at once."""
    known = task.looked_for
    words = tuple(sorted({each.word(known) for each in found}))
    exported = tuple(word for word in words if word[:1].isupper())
    signs = tuple(word.encode() for word in words)
    folders = {each.folder for each in found}
    if any(each.one.kind == "interface" for each in found):
        folders |= _askers(task, work)
    there = {path for folder in folders for path, _ in files_with(task, folder, signs)}
    return sorted(there.union(holding(task, work, exported) if exported else ()))


def _askers(task: Task, work: Work) -> set[str]:
    """The folders that ask for addresses: their tests may have a service of their own."""
    files = (path for each in task.patch.handouts for path in holding(task, work, each.names))
    return {path.rpartition("/")[0] for path in files}


def outgrown(
    task: Task, work: Work, found: Collection[Growth], users: Iterable[str]
) -> Iterator[tuple[Growth, Site, str]]:
    """The places in some files that no longer fit what grows, each with that and what is wrong there."""
    for path in users:
        data, folder = work.read(task, path), path.rpartition("/")[0]
        for each in found:
            for at, said in _unfit(data, each.one, folder == each.folder):
                yield each, work.site(task, path, *position(data, at)), said


@once(1024)
def _unfit(data: bytes, one: Grown, here: bool) -> tuple[tuple[int, str], ...]:
    """The places of one file, `here` in the package of what grows."""
    if not _may_be_unfit(data, one, here):
        return ()
    found = {"function": _values, "struct": _unkeyed, "interface": _types}[one.kind]
    return tuple(found(data, one, here))


def _may_be_unfit(data: bytes, one: Grown, here: bool) -> bool:
    """Whether a file has a place that looks so; no tree is asked."""
    if one.kind == "interface":
        return all(name.encode() in data for name in one.methods)
    name = one.name.encode()
    ends = (at + len(name) for at in places_of(data, name) if _is_member(data, at) != here)
    if one.kind == "struct":  # a comment may stand before the bracket of a literal
        return any(_next(data, end) in (b"{", b"/") for end in ends)
    return any(_next(data, end) != b"(" for end in ends)


def _is_member(data: bytes, at: int) -> bool:
    """Whether a dot stands before an offset."""
    near = data[max(0, at - _NEAR) : at].rstrip() or data[:at].rstrip()
    return near.endswith(b".")


def _next(data: bytes, at: int) -> bytes:
    """What follows an offset, but for blanks."""
    return (data[at : at + _NEAR].lstrip() or data[at:].lstrip())[:1]


def _values(data: bytes, one: Grown, here: bool) -> Iterator[tuple[int, str]]:
    for at in parse(data).used(one.name.encode()):
        if _next(data, at + len(one.name.encode())) != b"(" and _is_member(data, at) != here:
            yield at, f"`{one.name}`, whose parameters change, is used as a value"


def _unkeyed(data: bytes, one: Grown, here: bool) -> Iterator[tuple[int, str]]:
    for node in parse(data).nodes(_LITERALS):
        package, _, name = node.children[0].text.rpartition(b".")
        rows = node.children[-1].children[1:-1]
        keyed = any(row.kind == "keyed_element" for row in rows)
        if name == one.name.encode() and bool(package) != here and rows and not keyed:
            yield node.start, f"`{one.name}`, which gets a field, has values without keys"


def _types(data: bytes, one: Grown, here: bool) -> Iterator[tuple[int, str]]:
    """The types of a file with all methods that there were, and not with all that come."""
    found: dict[bytes, dict[str, int]] = {}
    for name, node in declared(parse(data)):
        if (owner := receiver(node)) is not None:
            found.setdefault(owner, {})[name.text.decode(errors="replace")] = node.start
    for owner, methods in found.items():
        if one.methods and one.methods <= methods.keys() and not one.more <= methods.keys():
            said = f"`{owner.decode()}` has the methods of `{one.name}`, which gets one more"
            yield min(methods.values()), said
