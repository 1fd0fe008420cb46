"""What the edits of a port declare and does not go with the source, which has the name already: it would not compile.

Told of packages, of structs and of functions, each from what one edit made of a file.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, MutableMapping, Sequence
from typing import NamedTuple

from gopatch.port._brings import NOTHING, Coming, coming, declared_again
from gopatch.port._known import states
from gopatch.port._outgrown import Growth, outgrown, users_of
from gopatch.port._own_files import files_with
from gopatch.port._task import HoldingFiles, Task
from gopatch.port._work import Work
from gopatch.port.outcome import Outcome, Site, Step
from gopatch.splice import FileChange


class Clash(NamedTuple):
    """A place of the source that does not go with what an edit declares, and what is wrong there."""

    site: Site
    said: str


class _Brought(NamedTuple):
    """What an edit brings with a change of one file."""

    edit: str
    path: str
    brings: Coming

    @property
    def folder(self) -> str:
        return self.path.rpartition("/")[0]

    @property
    def words(self) -> frozenset[bytes]:
        """What a file of the package is looked through for that may declare the same: names and their types."""
        return frozenset(word for member in self.brings.members for word in member if word)

    def may_meet(self, path: str, words: frozenset[bytes]) -> bool:
        """Whether a file of the source that has some of the words may declare the same."""
        here = path != self.path and path.rpartition("/")[0] == self.folder
        members = self.brings.members
        return here and any(name in words and type in words | {b""} for type, name in members)

    @property
    def growths(self) -> Iterator[Growth]:
        return (Growth(one, self.folder) for one in self.brings.grown)


def held_apart(
    task: Task, work: Work, steps: Sequence[Step], outcomes: Sequence[Outcome]
) -> list[Outcome]:
    """The outcomes, where what declares a name that is there already has failed."""
    brought = (change for step in steps for change in _brought(step.edit, step.changes))
    changes = tuple(change for change in brought if change.brings != NOTHING)
    found = _clashes(task, work, changes) if changes else {}
    return [_failed(each, found.get(each.edit, ())) for each in outcomes]


def look_at(task: Task, before: Work, after: Work) -> None:
    """Have known what an edit brings as long as its files are at hand as syntax trees."""
    list(_brought("", after.since(task, before)))


def _brought(edit: str, changes: Iterable[FileChange]) -> Iterator[_Brought]:
    """What an edit brings with the Go files that it changes or adds."""
    for path, before, after in (change[:3] for change in changes):
        if path.endswith(".go") and after is not None:
            yield _Brought(edit, path, coming(before or b"", after))


def _failed(outcome: Outcome, clashes: Sequence[Clash]) -> Outcome:
    if not clashes:
        return outcome
    told = (f"{one.site}: {one.said}" for one in clashes)
    sites = tuple(one.site for one in clashes)
    hint = "give that another name, or another form"
    return outcome._replace(status="failed", sites=sites, reason="; ".join(told), hint=hint)


# What goes with a change and what does not ------------------------------------------------------

_Clashes = dict[str, tuple[Clash, ...]]
"""By the edits that declare, in order."""


def _clashes(task: Task, work: Work, changes: tuple[_Brought, ...]) -> _Clashes:
    """What does not go with some changes; known once for these beside the same files."""
    around = _around(task, changes)
    users = users_of(task, work, _grown(changes))
    there = states(task, work, (*(path for path, _ in around), *users))
    known: MutableMapping[Hashable, _Clashes] = task.memo.apart
    key = changes, len(around), there
    if there is not None and key in known:
        return known[key]
    found = _told(task, work, changes, around, users)
    if there is not None:
        known[key] = found
    return found


def _grown(changes: Sequence[_Brought]) -> tuple[Growth, ...]:
    return tuple(dict.fromkeys(growth for change in changes for growth in change.growths))


def _told(
    task: Task, work: Work, changes: Sequence[_Brought], around: HoldingFiles, users: Sequence[str]
) -> _Clashes:
    unfit = list(outgrown(task, work, _grown(changes), users))
    found: _Clashes = {}
    for edit in dict.fromkeys(change.edit for change in changes):
        own = [change for change in changes if change.edit == edit]
        again = (clash for change in own for clash in _again(task, work, change, around))
        grown = _grown(own)
        left_behind = (Clash(site, said) for one, site, said in unfit if one in grown)
        found[edit] = tuple(dict.fromkeys((*again, *left_behind)))
    return found


def _around(task: Task, changes: Sequence[_Brought]) -> HoldingFiles:
    """The files beside those of the changes that may declare a name which comes, with the words that they have."""
    by_folder: dict[str, list[_Brought]] = {}
    for change in changes:
        if change.brings.members:
            by_folder.setdefault(change.folder, []).append(change)
    return tuple(
        found for folder, own in by_folder.items() for found in _meeting(task, folder, own)
    )


def _meeting(
    task: Task, folder: str, own: Sequence[_Brought]
) -> Iterator[tuple[str, frozenset[bytes]]]:
    """The same of one folder; most files have none of the names."""
    names = frozenset(name for change in own for _, name in change.brings.members)
    words = frozenset().union(*(change.words for change in own))
    for path, there in files_with(task, folder, tuple(sorted(words))):
        if not names.isdisjoint(there) and any(change.may_meet(path, there) for change in own):
            yield path, there


def _again(task: Task, work: Work, change: _Brought, around: HoldingFiles) -> Iterator[Clash]:
    brings = change.brings
    for other, words in around:
        if change.may_meet(other, words):
            data = work.read(task, other)
            for name, *at in declared_again(data, brings.members, brings.package):
                yield _there_already(name, Site(other, *at))
    for name, *at in brings.inside:
        yield _there_already(name, Site(change.path, *at))


def _there_already(name: bytes, site: Site) -> Clash:
    told = name.decode(errors="replace")
    return Clash(site, f"`{told}` is there already, and the edit declares it")
