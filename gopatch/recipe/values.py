"""A patch as values: its edits with their variants, its roads and risks, and the part that is asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple

from gopatch.errors import PatchError

if TYPE_CHECKING:
    from gopatch.engine.pattern import Pattern
    from gopatch.recipe.declared_roads import PatchRoad

GROUPS = ("core", "roads", "rails", "papers")


class Selection(NamedTuple):
    """Names of groups and edits: `only` these (all, if empty), and `without` those."""

    only: tuple[str, ...] = ()
    without: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """As options of the command line, "" for the whole patch."""
        parts = (("--only", self.only), ("--without", self.without))
        return " ".join(f"{option} {','.join(names)}" for option, names in parts if names)


WHOLE = Selection()


class Risk(NamedTuple):
    """What has to be said where any of the edits or groups in `without` is left out."""

    without: tuple[str, ...]
    says: str


class Insert(NamedTuple):
    """Text beside an anchor line: `find` matches one whole line, inside `within`'s section.

    Both are regular expressions. `text` may use the groups of `find`; it is whole lines. An
    `optional` insert may miss.
    """

    find: str
    within: str | None
    place: str
    text: str
    optional: bool


class NewFile(NamedTuple):
    """A file that an edit adds."""

    name: str
    content: bytes


class Variant:
    """One form of an edit: changes in the notation, or inserts into text.

    `adds` are files that go beside the place of its first change, which may be one that changes
    nothing: then it only tells that the files fit. Its file is compiled when it is first asked
    for; `load` does so at once for all patches but those that come with gopatch, whose every
    variant the tests compile.
    """

    def __init__(
        self,
        name: str,
        read: Callable[[], str] | None = None,
        shown: str = "",
        inserts: tuple[Insert, ...] = (),
        adds: tuple[NewFile, ...] = (),
    ) -> None:
        self.name = name
        self.inserts = inserts
        self.adds = adds
        self._read = read
        self._shown = shown

    def called(self, name: str, adds: tuple[NewFile, ...]) -> Variant:
        """The same form by another name, with files that come where it fits."""
        return Variant(name, self._read, self._shown, self.inserts, adds)

    @cached_property
    def text(self) -> str:
        """The .patch file, "" for inserts."""
        return self._read() if self._read is not None else ""

    @cached_property
    def patterns(self) -> tuple[Pattern, ...]:
        if self._read is None:
            return ()
        from gopatch.engine.pattern import compile_patch

        try:
            return compile_patch(self.text, self._shown)
        except RecursionError:
            raise PatchError("is nested too deeply", path=self._shown) from None

    @property
    def says(self) -> str:
        """What the variant says of itself: the comment before its first change, as one line."""
        comment = takewhile(lambda line: not line.startswith("@"), self.text.split("\n"))
        return " ".join(" ".join(line.lstrip("# ") for line in comment).split())


class PatchEdit(NamedTuple):
    """One thing that the patch must achieve; see docs/patches in README for the keys.

    `root` is "engine", "cli" or "any"; `files` are globs below it; an edit without `anchors` is
    always needed, one with anchors where any of them is found, but nowhere where one of `unless` is;
    `matches` is how many places each change has, 0 for any number; `adds` are new files, `beside` the
    declaration whose folder gets them; `needs` are the edits, earlier ones, without which it makes no
    sense; a `helper` comes where an edit that needs it does, and nowhere else; `why` is for reviewers.
    """

    name: str
    title: str
    group: str
    root: str
    files: tuple[str, ...]
    variants: tuple[Variant, ...]
    anchors: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    matches: int = 1
    adds: tuple[NewFile, ...] = ()
    beside: str = ""
    needs: tuple[str, ...] = ()
    why: str = ""
    helper: bool = False


class Patch(NamedTuple):
    """One change to Docker, stated once. `lone` is set for a .patch file without a folder.

    Of a part of a patch, which `gopatch.recipe.selection` makes, `left_out` are the edits that it has not,
    and `warnings` what must be said of that.
    """

    name: str
    title: str
    why: str
    security: str
    edits: tuple[PatchEdit, ...]
    dep3: tuple[tuple[str, str], ...] = ()
    lone: bool = False
    roads: tuple[PatchRoad, ...] = ()
    risks: tuple[Risk, ...] = ()
    selection: Selection = WHOLE
    left_out: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
