"""patches/<patch>/ -> Patch: the edits in order, each with its variants, checked when read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from gopatch.errors import PatchError, UsageError, nearest
from gopatch.recipe import _paths, patch_keys, regexes
from gopatch.recipe._edits import patches_used, read_edit
from gopatch.recipe._shared import spelled_out
from gopatch.recipe.selection import risks
from gopatch.recipe.values import GROUPS, GoEdit, GoVariant, Patch, PatchEdit, TextEdit

if TYPE_CHECKING:
    from gopatch.recipe.declared_roads import Handout, PatchRoad

_PATCH_KEYS = {
    "title",
    "why",
    "security",
    "dep3",
    "edit",
    "road",
    "risk",
    "handout",
    "places",
    "texts",
    "insert",
}


patches_folder = _paths.patches_folder
read_case_file = _paths.read_case_file


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
    if not folder.is_dir():
        return [folder]
    others = [patches_folder() / name for name in sorted(patches_used(folder))]
    return [*sorted(folder.iterdir()), *(f for o in others for f in sorted(o.glob("*.patch")))]


def checked(patch: Patch) -> Patch:
    """The patch, after everything in it has been compiled: PatchError for what is wrong."""
    from gopatch.engine.compiled import patterns_of
    from gopatch.engine.pattern import changes

    for edit in patch.edits:
        what = f"{patch.name}/patch.toml [{edit.name}]"
        _check_subject(edit, what)
        if isinstance(edit, GoEdit):
            for variant in edit.variants:
                patterns_of(variant)
                _check_holes(variant, what)
            for variant in edit.fixed:
                if any(map(changes, patterns_of(variant))):
                    raise PatchError(
                        f"`fixed` names {variant.name}, which changes something",
                        path=what,
                        hint="it only tells what a source looks like that needs nothing: context lines",
                    )
        elif isinstance(edit, TextEdit):
            for item in (item for variant in edit.variants for item in variant.inserts):
                regexes.check(item.find, what, item.text)
                for opening in item.within:
                    regexes.check(opening, what)
    return patch


def _check_subject(edit: PatchEdit, what: str) -> None:
    from gopatch.recipe.subjects import subjects

    if not edit.files and not subjects(edit):
        raise PatchError(
            f"the edit `{edit.name}` names no files, and nothing says what they declare",
            path=what,
            hint="add `files`, an `anchor`, or a declaration in each variant: `func f(...)`, "
            "`type T`, or `@ in NAME @`",
        )


def _check_holes(variant: GoVariant, what: str) -> None:
    from gopatch.engine.carry import binds, holes
    from gopatch.engine.compiled import patterns_of

    bound = binds([pattern.change for pattern in patterns_of(variant)])
    for new in variant.adds:
        for name, line in holes(new.content):
            if name not in bound:
                raise PatchError(
                    f"nothing binds the hole `{name}` of {new.name}, line {line}",
                    path=what,
                    hint=f"each form of a change of {variant.name} must declare it, and show it on a line "
                    "that stays or comes",
                )


def _lone(path: Path) -> Patch:
    from gopatch.engine.compiled import patterns_of

    variant = GoVariant(path.name, _paths.text(path, path.name), path.name, fragments=None)
    description = patterns_of(variant)[0].change.description
    title = description.split("\n")[0] or path.stem
    edit = GoEdit(
        name=path.stem,
        title=title,
        group="core",
        root="any",
        files=("**/*.go",),
        variants=(variant,),
        matches=0,
    )
    return Patch(path.stem, title, description, "", (edit,), lone=True)


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
        table = tomllib.loads(_paths.text(file, shown))
    except tomllib.TOMLDecodeError as error:
        raise PatchError(f"is not TOML: {error}", path=shown) from None
    except RecursionError:
        raise PatchError("is nested too deeply", path=shown) from None
    patch_keys.only(table, _PATCH_KEYS, shown, "the patch")
    table = spelled_out(table, shown)
    edits = tuple(
        read_edit(item, folder, shown) for item in patch_keys.get(table, "edit", list, shown, [])
    )
    if not edits:
        raise PatchError("the patch has no [[edit]]", path=shown)
    _check_names(edits, shown)
    dep3 = patch_keys.fields(table, "dep3", shown)
    return Patch(
        folder.name,
        patch_keys.get(table, "title", str, shown),
        patch_keys.get(table, "why", str, shown, "").strip(),
        patch_keys.get(table, "security", str, shown, "").strip(),
        edits,
        dep3,
        roads=_roads(table, edits, shown),
        risks=risks(table, [edit.name for edit in edits], shown),
        handouts=_handouts(table, edits, shown),
    )


def _roads(
    table: dict[str, Any], edits: tuple[PatchEdit, ...], shown: str
) -> tuple[PatchRoad, ...]:
    if "road" not in table:
        return ()
    from gopatch.recipe.declared_roads import read_roads

    return read_roads(patch_keys.get(table, "road", list, shown), [e.name for e in edits], shown)


def _handouts(
    table: dict[str, Any], edits: tuple[PatchEdit, ...], shown: str
) -> tuple[Handout, ...]:
    if "handout" not in table:
        return ()
    from gopatch.recipe.declared_roads import read_handouts

    tables = patch_keys.get(table, "handout", list, shown)
    return read_handouts(tables, [e.name for e in edits], shown)


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
                    hint=patch_keys.meant(name, sorted(known)),
                )
            if name not in seen:
                raise PatchError(
                    f"the edit `{edit.name}` needs `{name}`, which comes after it", path=shown
                )
        seen.add(edit.name)
