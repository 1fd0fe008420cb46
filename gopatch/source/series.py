"""A Debian source package as its patches make it, whether or not they are applied on disk.

A patch is made for what the earlier patches of its series leave: dpkg-source allows no fuzz. What
is applied, `.pc/applied-patches` says; where there is no `.pc` (a packaging repository), the
patches are tried, forward from the first or back from the last. Our own patch is known by its
`Generated-by`, whatever it is called; it is never taken for a part of the source: applied, it is
taken off in memory; not applied, it is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import NamedTuple

from gopatch.errors import ApplyError, SourceError
from gopatch.source import Source, diffs
from gopatch.source._listed import FOLDER, Listed, names_in, rows_of
from gopatch.source.compressed import plain
from gopatch.source.diffs import FileDiff, Misfit
from gopatch.source.generated import Own, own
from gopatch.source.overlay import over
from gopatch.splice import FileChange

__all__ = ["FOLDER", "Broken", "Listed", "Ours", "Series", "listed", "without"]

_STATE = ".pc/applied-patches"
_REFRESH = "refresh it, or take it out of the series"


class Ours(NamedTuple):
    """Our own patch: how the series lists it, what its header says, None where that is gone."""

    listed: Listed
    own: Own | None
    applied: bool = False


class Broken(NamedTuple):
    """A later patch that has no place behind ours; `anyway`: nor has it without ours."""

    name: str
    misfit: Misfit
    anyway: bool


class Series:
    """The series of a source package, and which of its patches lie on the source as it is."""

    def __init__(self, source: Source, patch: str, file: str, folder: str = FOLDER) -> None:
        """`patch` is the name of our patch, `file` what its file is called by default.

        `folder` has the series: debian/patches, or whatever quilt was told.
        """
        self.source = source
        self.folder = folder
        self._known: dict[Listed, tuple[FileDiff, ...]] = {}
        lists = [(rows, self._ours(rows, patch, file)) for rows in _lists(source, folder)]
        with_ours = [both for both in lists if both[1] is not None]
        self.order, self.ours = (*with_ours, *lists, ([], None))[0]

    def _ours(self, order: Sequence[Listed], patch: str, file: str) -> Ours | None:
        found = []
        for item in order:
            if self.source.entry(item.path) is not None:
                made = own(plain(self.source.read(item.path), item.path))
                if made.patch == patch if made is not None else item.name == file:
                    found.append(Ours(item, made))
            elif item.name == file:
                found.append(Ours(item, None))
        if len({item.listed.name for item in found}) > 1:
            raise ApplyError(
                f"lists `{patch}` {len(found)} times: {', '.join(o.listed.name for o in found)}",
                path=f"{self.folder}/series",
                hint="take all but one out",
            )
        return found[0] if found else None

    @property
    def earlier(self) -> list[Listed]:
        return self.order[: self.order.index(self.ours.listed)] if self.ours else self.order

    @property
    def later(self) -> list[Listed]:
        return self.order[self.order.index(self.ours.listed) + 1 :] if self.ours else []

    @property
    def before(self) -> Source:
        """The source as the earlier patches leave it, without ours and the later ones.

        Raises SourceError for a patch that is neither applied nor fits, ApplyError where a part
        of ours is applied.
        """
        for item, misfit in self.unfit.items():
            raise _no_fit(item, misfit)
        return self.nearest

    @property
    def nearest(self) -> Source:
        """As `before`, but without the patches that have no place."""
        return self._earlier[0]

    @property
    def unfit(self) -> dict[Listed, Misfit]:
        """The earlier patches that have no place; what comes behind one is tried without it."""
        return self._earlier[1]

    @cached_property
    def _earlier(self) -> tuple[Source, dict[Listed, Misfit]]:
        source = self.source
        for item in reversed(self.order[len(self.earlier) :]):
            if item in self.applied:
                source = self._off(source, item)
        unfit = {}
        for item in self.earlier:
            made = () if item in self.applied else self._changes(source, item)
            if isinstance(made, Misfit):
                unfit[item] = made
            else:
                source = over(source, made)
        return source, unfit

    @cached_property
    def applied(self) -> frozenset[Listed]:
        """The patches that lie on the source."""
        if self.source.entry(_STATE) is not None or self.source.entry(".pc/.version") is not None:
            return self._as_quilt_says()
        return self._tried()

    def _as_quilt_says(self) -> frozenset[Listed]:
        said = (
            names_in(self.source.read(_STATE)) if self.source.entry(_STATE) is not None else set()
        )
        applied = {item for item in self.order if item.name in said}
        if self.ours and self.ours.listed not in applied and self._left_traces():
            applied.add(self.ours.listed)
        return frozenset(applied)

    def _tried(self) -> frozenset[Listed]:
        """Which patches are there, where nobody has written it down: none, or the first so many."""
        misfit = self._misfit(self.source, self.earlier)
        free = misfit is None and any(self._only(item, old=False) for item in self.earlier)
        if misfit is None and not free and not self._left_traces():
            return frozenset()
        source: Source = self.source
        applied: list[Listed] = []
        for item in reversed(self.order):
            found = self._changes(source, item, back=True)
            if not isinstance(found, Misfit) and not self._has_yet_to_come(source, item, free):
                source = over(source, found)
                applied.append(item)
            elif isinstance(found, Misfit) and self._is_ours(item) and self._left_traces():
                raise self._in_part(found)
            elif applied and not self._is_ours(item):
                break
        there = [item for item in self.order if not self._is_ours(item) or item in applied]
        if misfit is not None and there[: len(applied)] != applied[::-1]:
            raise _no_fit(*misfit)
        return frozenset(applied)

    def _has_yet_to_come(self, source: Source, item: Listed, free: bool) -> bool:
        """Whether a patch that can be taken off is not there all the same: it can be put on.

        What is put between two lines without context can be put on at any time, and what takes lines
        away be taken off. `free`: all earlier ones can be put on.
        """
        asked = self._only(item, old=True) or (free and not self._only(item, old=False))
        return asked and not isinstance(self._changes(source, item), Misfit)

    def _only(self, item: Listed, *, old: bool) -> bool:
        """Whether a patch has nothing but old lines in its hunks, or nothing but new ones."""
        hunks = [hunk for diff in self._read(item) for hunk in diff.hunks]
        is_old = old != item.reverse
        return bool(hunks) and not any(hunk.new if is_old else hunk.old for hunk in hunks)

    def _is_ours(self, item: Listed) -> bool:
        return self.ours is not None and item == self.ours.listed

    def _left_traces(self) -> bool:
        if self.ours is None or self.source.entry(self.ours.listed.path) is None:
            return False
        item = self.ours.listed
        return diffs.traces(self.source, self._read(item), item.strip) > 0

    def _off(self, source: Source, item: Listed) -> Source:
        found = self._changes(source, item, back=True)
        if isinstance(found, Misfit):
            if self._is_ours(item):
                raise self._in_part(found)
            raise SourceError(
                f"is applied, and cannot be taken off: {found}",
                path=item.path,
                hint=f"`quilt pop` down to it, or put {found.path} back",
            )
        return over(source, found)

    def _in_part(self, misfit: Misfit) -> ApplyError:
        assert self.ours is not None
        return ApplyError(
            f"is in the source in part only: {misfit} is not as it leaves it",
            path=self.ours.listed.path,
            hint="take it off first (`quilt pop`), or put the source back as it was",
        )

    def _misfit(self, source: Source, items: Iterable[Listed]) -> tuple[Listed, Misfit] | None:
        for item in items:
            found = self._changes(source, item)
            if isinstance(found, Misfit):
                return item, found
            source = over(source, found)
        return None

    def broken(self, changes: Iterable[FileChange]) -> tuple[Broken, ...]:
        """The later patches that have no place once `changes` lie on `before`."""
        alone = self._broken(self.nearest)
        return tuple(
            Broken(item.name, misfit, item in alone)
            for item, misfit in self._broken(over(self.nearest, changes)).items()
        )

    def _broken(self, source: Source) -> dict[Listed, Misfit]:
        found = {}
        for item in self.later:
            made = self._changes(source, item)
            if isinstance(made, Misfit):
                found[item] = made
            else:
                source = over(source, made)
        return found

    def _changes(
        self, source: Source, item: Listed, *, back: bool = False
    ) -> tuple[FileChange, ...] | Misfit:
        read = self._read(item)
        return diffs.apply(
            source, diffs.reverse(read) if back != item.reverse else read, item.strip
        )

    def _read(self, item: Listed) -> tuple[FileDiff, ...]:
        if item not in self._known:
            if self._is_ours(item) and self.source.entry(item.path) is None:
                return ()  # taken away, to be made anew
            if self.source.entry(item.path) is None:
                raise SourceError(
                    f"there is no {item.path}, which the series lists", path=self.source.name
                )
            data = plain(self.source.read(item.path), item.path)
            self._known[item] = diffs.read(data, item.path)
        return self._known[item]


def _no_fit(item: Listed, misfit: Misfit) -> SourceError:
    return SourceError(f"is not applied, and does not fit: {misfit}", path=item.path, hint=_REFRESH)


def without(source: Source, data: bytes, where: str, strip: int = 1) -> Source:
    """The source without a patch of ours that may lie on it; ApplyError for a part of it."""
    read = diffs.read(plain(data, where), where)
    found = diffs.apply(source, diffs.reverse(read), strip)
    if not isinstance(found, Misfit):
        return over(source, found)
    if diffs.traces(source, read, strip):
        raise ApplyError(
            f"is in the source in part only: {found} is not as it leaves it",
            path=where,
            hint="name the source without the patch",
        )
    return source


def listed(source: Source) -> list[str]:
    """The paths of the patches that the series of a source list."""
    return list(dict.fromkeys(item.path for rows in _lists(source) for item in rows))


def _lists(source: Source, folder: str = FOLDER) -> list[list[Listed]]:
    """The patches in order, of `series` and of those that vendors have of their own."""
    names = [entry.name for entry in source.listdir(folder)]
    found = [n for n in ("series", *names) if n in names and re.fullmatch(r"(.+\.)?series", n)]
    return [rows_of(source.read(f"{folder}/{name}"), folder) for name in dict.fromkeys(found)]
