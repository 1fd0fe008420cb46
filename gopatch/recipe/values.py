"""A patch as values: its edits with their variants, its roads and risks, and the part that is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile
from typing import Literal, NamedTuple, get_args

from gopatch.recipe.declared_roads import Handout, PatchRoad

Group = Literal["core", "roads", "rails", "papers"]
Root = Literal["engine", "cli", "any"]
GROUPS: tuple[Group, ...] = get_args(Group)
ROOTS: tuple[Root, ...] = get_args(Root)


class Selection(NamedTuple):
    """Names of groups and edits: `only` these (all, if empty), and `without` those.

    `leave` are roads that may stay without their rail.
    """

    only: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    leave: tuple[str, ...] = ()

    @property
    def table(self) -> dict[str, list[str]]:
        """As JSON has it; `leave` only where a road is left."""
        found = {name: list(names) for name, names in self._asdict().items()}
        if not self.leave:
            del found["leave"]
        return found

    @property
    def words(self) -> str:
        """As options of the command line, "" for the whole patch."""
        parts = (("--only", self.only), ("--without", self.without), ("--leave", self.leave))
        return " ".join(f"{option} {','.join(names)}" for option, names in parts if names)


WHOLE = Selection()


class Risk(NamedTuple):
    """What has to be said where any of the edits or groups in `without` is left out."""

    without: tuple[str, ...]
    says: str


class Insert(NamedTuple):
    """Text beside an anchor line: `find` matches one whole line, inside the section that the first of
    `within` opens which is there.

    All are regular expressions. `text` may use the groups of `find`; it is whole lines. An
    `optional` insert may miss.
    """

    find: str
    within: tuple[str, ...]
    place: str
    text: str
    optional: bool


class NewFile(NamedTuple):
    """A file that an edit adds."""

    name: str
    content: bytes


class GoVariant(NamedTuple):
    """One form of an edit of Go: `text` is its file in the notation, `shown` what messages call it.

    `adds` are files that go beside the place of its first change, which may be one that changes
    nothing: then it only tells that the files fit. `fragments` (name, text, shown) are what it uses,
    None for a lone file, which is in no folder. `gopatch.engine.compiled` has its patterns.
    """

    name: str
    text: str
    shown: str
    adds: tuple[NewFile, ...] = ()
    fragments: tuple[tuple[str, str, str], ...] | None = ()

    @property
    def says(self) -> str:
        """What the variant says of itself: the comment before its first change, as one line."""
        comment = takewhile(lambda line: not line.startswith("@"), self.text.split("\n"))
        return " ".join(" ".join(line.lstrip("# ") for line in comment).split())

    @property
    def forms(self) -> tuple[str, ...]:
        """Its name, or `name/form` for each form of its changes that have more than one."""
        from gopatch.engine.compiled import form_names, read_changes

        return tuple(f"{self.name}/{form}" for form in form_names(read_changes(self))) or (
            self.name,
        )


def forms_in(variant: str | None) -> Iterator[str]:
    """The forms that an outcome's `variant` names, one by one, as `forms` of its edit has them."""
    for word in (variant or "").split(", "):
        name, _, forms = word.partition("/")
        yield from (f"{name}/{form}" for form in forms.split("+")) if forms else (name,)


class TextVariant(NamedTuple):
    """One form of an edit of text that is not Go: all of its inserts, or none."""

    name: str
    inserts: tuple[Insert, ...]
    says: str = ""


class GoEdit(NamedTuple):
    """An edit of Go: one thing that the patch must achieve; see docs/patches in README for the keys.

    `root` is "engine", "cli" or "any"; `files` are globs below it; the first of `variants` that fits is made. An edit
    without `anchors` is always needed, one with anchors where any of them is found, but nowhere where one of `unless`
    is; `needs` are the edits, earlier ones, without which it makes no sense; a `helper` comes where an
    edit that needs it does, and nowhere else; `why` is for reviewers.
    `matches` is how many places each of its changes has, 0 for any number. A rail `guards` loops:
    its places are in declarations that call one of these names. `fixed` are changes that change nothing:
    where no variant fits and one of them does, the source has what the edit is for in a form of its own.
    """

    name: str
    title: str
    group: Group
    root: Root
    files: tuple[str, ...]
    variants: tuple[GoVariant, ...]
    anchors: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    why: str = ""
    helper: bool = False
    matches: int = 1
    fixed: tuple[GoVariant, ...] = ()
    guards: tuple[str, ...] = ()

    @property
    def forms(self) -> tuple[str, ...]:
        """What its variants are called, with the form where a change has more than one."""
        return tuple(name for variant in self.variants for name in variant.forms)


class TextEdit(NamedTuple):
    """An edit of text that is not Go, of each file that is there; what it shares with one of Go is told there."""

    name: str
    title: str
    group: Group
    root: Root
    files: tuple[str, ...]
    variants: tuple[TextVariant, ...]
    anchors: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    why: str = ""
    helper: bool = False

    @property
    def forms(self) -> tuple[str, ...]:
        """What its variants are called."""
        return tuple(variant.name for variant in self.variants)


class NewFiles(NamedTuple):
    """Files that come into the folder where one of `files` declares `beside`; the rest as of GoEdit."""

    name: str
    title: str
    group: Group
    root: Root
    files: tuple[str, ...]
    adds: tuple[NewFile, ...]
    beside: str
    anchors: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    why: str = ""
    helper: bool = False

    @property
    def forms(self) -> tuple[str, ...]:
        """The names of its files."""
        return tuple(new.name for new in self.adds)


PatchEdit = GoEdit | TextEdit | NewFiles


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
    handouts: tuple[Handout, ...] = ()
    selection: Selection = WHOLE
    left_out: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
