"""patches/<patch>/ -> Patch: the edits in order, each with its variants, checked when read."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from gopatch import keys
from gopatch.errors import PatchError, UsageError, nearest
from gopatch.selection import GROUPS, WHOLE, Risk, Selection, risks

if TYPE_CHECKING:
    from gopatch.pattern import Pattern
    from gopatch.recipe_roads import PatchRoad

_PATCH_KEYS = {"title", "why", "security", "dep3", "edit", "road", "risk"}
_EDIT_KEYS = {
    "name", "title", "group", "root", "files", "variants", "anchor", "matches",
    "adds", "beside", "to", "variant", "needs", "why", "unless",
    "helper",
}  # fmt: skip
_INSERT_KEYS = {"find", "within", "place", "text", "optional"}


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
        from gopatch.pattern import compile_patch

        return compile_patch(self.text, self._shown)

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

    Of a part of a patch, which `gopatch.selection` makes, `left_out` are the edits that it has not,
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


def patches_folder() -> Path:
    """Where the patches that come with gopatch are."""
    inside = Path(__file__).with_name("patches")
    return inside if inside.is_dir() else Path(__file__).parent.parent / "patches"


def names() -> list[str]:
    """The patches that come with gopatch, sorted."""
    return sorted(p.parent.name for p in patches_folder().glob("*/patch.toml"))


def load(which: str) -> Patch:
    """A patch by name, by folder, or a lone .patch file.

    Raises PatchError for whatever is wrong with it and UsageError where there is none.
    """
    path = Path(which)
    if which in names():
        return _folder(patches_folder() / which)
    if path.is_dir():
        return checked(_folder(path))
    if path.is_file():
        return _lone(path)
    hint = "`gopatch list` shows the patches; a folder with a patch.toml or a .patch file works too"
    if near := nearest(which, names()):
        hint = f"did you mean `{near}`? {hint}"
    raise UsageError(f"no patch `{which}`", hint=hint)


def files_of(which: str) -> list[Path]:
    """The files that `load(which)` is made of, sorted."""
    folder = patches_folder() / which if which in names() else Path(which)
    return sorted(folder.iterdir()) if folder.is_dir() else [folder]


def checked(patch: Patch) -> Patch:
    """The patch, after everything in it has been compiled: PatchError for what is wrong."""
    for edit in patch.edits:
        for variant in edit.variants:
            _ = variant.patterns
            for item in variant.inserts:
                _regex(item.find, f"{patch.name}/patch.toml [{edit.name}]")
                _regex(item.within or "", f"{patch.name}/patch.toml [{edit.name}]")
    return patch


def _lone(path: Path) -> Patch:
    variant = Variant(path.name, lambda: _text(path, path.name), path.name)
    patterns = variant.patterns
    title = patterns[0].change.description.split("\n")[0] or path.stem
    edit = PatchEdit(
        name=path.stem,
        title=title,
        group="core",
        root="any",
        files=("**/*.go",),
        variants=(variant,),
        matches=0,
    )
    return Patch(path.stem, title, patterns[0].change.description, "", (edit,), lone=True)


def _text(path: Path, shown: str) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise PatchError(f"cannot be read: {error.strerror}", path=shown) from None
    except UnicodeDecodeError:
        raise PatchError("is not UTF-8 text", path=shown) from None


def _folder(folder: Path) -> Patch:
    import tomllib

    shown = f"{folder.name}/patch.toml"
    file = folder / "patch.toml"
    if not file.is_file():
        raise PatchError(
            "there is no patch.toml in this folder",
            path=folder.name,
            hint="a patch is a folder with one; `gopatch list` shows those that come along",
        )
    try:
        table = tomllib.loads(_text(file, shown))
    except tomllib.TOMLDecodeError as error:
        raise PatchError(f"is not TOML: {error}", path=shown) from None
    keys.only(table, _PATCH_KEYS, shown, "the patch")
    edits = tuple(_edit(item, folder, shown) for item in keys.get(table, "edit", list, shown, []))
    if not edits:
        raise PatchError("the patch has no [[edit]]", path=shown)
    _check_names(edits, shown)
    dep3 = tuple((str(k), str(v)) for k, v in keys.get(table, "dep3", dict, shown, {}).items())
    return Patch(
        folder.name,
        keys.get(table, "title", str, shown),
        keys.get(table, "why", str, shown, "").strip(),
        keys.get(table, "security", str, shown, "").strip(),
        edits,
        dep3,
        roads=_roads(table, edits, shown),
        risks=risks(table, [edit.name for edit in edits], shown),
    )


def _roads(
    table: dict[str, Any], edits: tuple[PatchEdit, ...], shown: str
) -> tuple[PatchRoad, ...]:
    if "road" not in table:
        return ()
    from gopatch.recipe_roads import read_roads

    return read_roads(keys.get(table, "road", list, shown), [e.name for e in edits], shown)


def _check_names(edits: tuple[PatchEdit, ...], shown: str) -> None:
    """No name stands for two edits; what an edit needs comes before it; helpers are needed."""
    seen: set[str] = set()
    known = {edit.name for edit in edits}
    needed = {name for edit in edits for name in edit.needs}
    for edit in edits:
        if edit.name in seen:
            raise PatchError(f"two edits are called `{edit.name}`", path=shown)
        if edit.name in GROUPS:
            raise PatchError(f"an edit is called `{edit.name}`, as a group is", path=shown)
        if edit.helper and edit.name not in needed:
            raise PatchError(
                f"no edit needs the helper `{edit.name}`, so that it would never come",
                path=shown,
                hint="say so in the `needs` of one, or drop `helper`",
            )
        for name in edit.needs:
            if name not in known:
                raise PatchError(
                    f"the edit `{edit.name}` speaks of `{name}`, which is no edit",
                    path=shown,
                    hint=keys.meant(name, sorted(known)),
                )
            if name not in seen:
                raise PatchError(
                    f"the edit `{edit.name}` needs `{name}`, which comes after it", path=shown
                )
        seen.add(edit.name)


def _edit(table: dict[str, Any], folder: Path, shown: str) -> PatchEdit:
    name = keys.get(table, "name", str, shown)
    what = f"{shown} [{name}]"
    keys.only(table, _EDIT_KEYS, shown, f"the edit `{name}`")
    root = keys.get(table, "root", str, what, "engine")
    group = keys.get(table, "group", str, what, "core")
    if root not in ("engine", "cli", "any"):
        raise PatchError(
            f"`root` is `{root}`, not engine, cli or any",
            path=what,
            hint=keys.meant(root, ("engine", "cli", "any")),
        )
    if group not in GROUPS:
        raise PatchError(
            f"`group` is `{group}`, not one of {', '.join(GROUPS)}",
            path=what,
            hint=keys.meant(group, GROUPS),
        )
    files = tuple(keys.get(table, "files", list, what))
    if not files or not all(isinstance(f, str) for f in files):
        raise PatchError("`files` must be a list of globs", path=what)
    adds = _new_files(table, folder, what)
    variants = [
        _variant(folder, file, what) for file in keys.get(table, "variants", list, what, [])
    ]
    for number, item in enumerate(keys.get(table, "variant", list, what, []), 1):
        variants.append(_table_variant(item, number, folder, what))
    if bool(adds) == bool(variants):
        raise PatchError("an edit has either variants or files that it adds", path=what)
    return PatchEdit(
        name=name,
        title=keys.get(table, "title", str, what, name),
        group=group,
        root=root,
        files=files,
        variants=tuple(variants),
        anchors=keys.one_or_more(table, "anchor", what),
        unless=keys.one_or_more(table, "unless", what),
        matches=keys.get(table, "matches", int, what, 1),
        adds=adds,
        beside=keys.get(table, "beside", str, what)
        if adds
        else keys.get(table, "beside", str, what, ""),
        needs=keys.names(table, "needs", what),
        why=keys.get(table, "why", str, what, "").strip(),
        helper=keys.get(table, "helper", bool, what, False),
    )


def _new_files(table: dict[str, Any], folder: Path, what: str) -> tuple[NewFile, ...]:
    """`adds` is one file of the folder or a list of them; `to` renames a lone one."""
    given = table.get("adds", [])
    names = given if isinstance(given, list) else [given]
    if not all(isinstance(name, str) and name for name in names):
        raise PatchError("`adds` must be a file name, or a list of file names", path=what)
    if "to" in table and len(names) != 1:
        raise PatchError("`to` is the name of a lone file that is added", path=what)
    return tuple(
        NewFile(
            keys.get(table, "to", str, what, name),
            _text(folder / name, f"{folder.name}/{name}").encode(),
        )
        for name in names
    )


def _variant(folder: Path, file: Any, what: str) -> Variant:
    if not isinstance(file, str):
        raise PatchError("`variants` must be a list of file names", path=what)
    path = folder / file
    if not path.is_file():
        there = [found.name for found in folder.iterdir()]
        raise PatchError(f"there is no file `{file}`", path=what, hint=keys.meant(file, there))
    shown = f"{folder.name}/{file}"
    return Variant(file.removesuffix(".patch"), lambda: _text(path, shown), shown)


def _table_variant(table: Any, number: int, folder: Path, what: str) -> Variant:
    """[[edit.variant]]: inserts into text, or `patch`, whose place says that `adds` fit."""
    if not isinstance(table, dict):
        raise PatchError("[[edit.variant]] must be a table", path=what)
    keys.only(table, {"name", "insert", "patch", "adds", "to"}, what, "a variant")
    name = keys.get(table, "name", str, what, f"form-{number}")
    if "patch" not in table:
        inserts = [_insert(item, what) for item in keys.get(table, "insert", list, what)]
        return Variant(name, inserts=tuple(inserts))
    if "insert" in table:
        raise PatchError("a variant has either inserts or a patch", path=what)
    adds = _new_files(table, folder, what)
    found = _variant(folder, table["patch"], what)
    return found.called(name, adds)


def _insert(table: dict[str, Any], what: str) -> Insert:
    keys.only(table, _INSERT_KEYS, what, "an insert")
    place = keys.get(table, "place", str, what, "after")
    if place not in ("before", "after"):
        raise PatchError(f"`place` is `{place}`, not before or after", path=what)
    return Insert(
        keys.get(table, "find", str, what),
        None if "within" not in table else keys.get(table, "within", str, what),
        place,
        keys.get(table, "text", str, what).removesuffix("\n"),
        keys.get(table, "optional", bool, what, False),
    )


def _regex(text: str, what: str) -> None:
    try:
        re.compile(text)
    except re.error as error:
        raise PatchError(f"not a regular expression: `{text}`: {error}", path=what) from None
