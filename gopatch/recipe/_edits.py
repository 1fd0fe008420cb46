"""A table [[edit]] of patch.toml -> the edit, with its variants or the files that it adds."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from gopatch.errors import PatchError
from gopatch.recipe import _paths, patch_keys
from gopatch.recipe.values import (
    GROUPS,
    ROOTS,
    GoEdit,
    GoVariant,
    Insert,
    NewFile,
    NewFiles,
    PatchEdit,
    TextEdit,
    TextVariant,
)

_EDIT_KEYS = {
    "name", "title", "group", "root", "files", "variants", "anchor", "matches",
    "adds", "beside", "to", "variant", "needs", "why", "unless",
    "helper", "guards", "fixed", "given",
}  # fmt: skip
_USE = re.compile(r"^\s*use\s+([\w-]+(?:/[\w-]+)?)\s*$", re.MULTILINE)
_INSERT_KEYS = {"before", "after", "within", "text", "optional"}


def read_edit(table: dict[str, Any], folder: Path, shown: str) -> PatchEdit:
    """The edit that a table says; PatchError, with its name, for what is wrong."""
    name = patch_keys.get(table, "name", str, shown)
    what = f"{shown} [{name}]"
    patch_keys.only(table, _EDIT_KEYS, shown, f"the edit `{name}`")
    common = _common(table, name, what)
    adds = _new_files(table, folder, what)
    variants = _variants(table, folder, what)
    if bool(adds) == bool(variants):
        raise PatchError(
            "an edit has either variants or files that it adds",
            path=what,
            hint="files that come with a variant: `[[edit.variant]]` with `patch` and `adds`",
        )
    if adds:
        return NewFiles(adds=adds, beside=patch_keys.get(table, "beside", str, what), **common)
    texts = tuple(variant for variant in variants if isinstance(variant, TextVariant))
    if texts and len(texts) < len(variants):
        raise PatchError("an edit is either of Go or of text that is inserted", path=what)
    if texts and not common["files"]:
        raise PatchError("an edit of text that is no Go names its `files`", path=what)
    if texts:
        return TextEdit(variants=texts, **common)
    return GoEdit(
        variants=tuple(variant for variant in variants if isinstance(variant, GoVariant)),
        matches=patch_keys.get(table, "matches", int, what, 1),
        guards=patch_keys.one_or_more(table, "guards", what),
        fixed=tuple(
            _variant(folder, file, what) for file in patch_keys.get(table, "fixed", list, what, [])
        ),
        **common,
    )


def _common(table: dict[str, Any], name: str, what: str) -> dict[str, Any]:
    """What an edit of any kind says."""
    files = tuple(
        _paths.relative(f, "files", what) for f in patch_keys.get(table, "files", list, what, [])
    )
    if "files" in table and not files:
        raise PatchError("`files` must be a list of globs", path=what)
    return {
        "name": name,
        "title": patch_keys.get(table, "title", str, what, name),
        "group": patch_keys.one_of(table, "group", GROUPS, what, "core"),
        "root": patch_keys.one_of(table, "root", ROOTS, what, "engine"),
        "files": files,
        "anchors": patch_keys.one_or_more(table, "anchor", what),
        "unless": patch_keys.one_or_more(table, "unless", what),
        "needs": patch_keys.names(table, "needs", what),
        "why": patch_keys.get(table, "why", str, what, "").strip(),
        "helper": patch_keys.get(table, "helper", bool, what, False),
    }


def _variants(
    table: dict[str, Any], folder: Path, what: str
) -> tuple[GoVariant | TextVariant, ...]:
    files = patch_keys.get(table, "variants", list, what, [])
    tables = patch_keys.get(table, "variant", list, what, [])
    return (
        *(_variant(folder, file, what, table.get("given")) for file in files),
        *(_table_variant(item, number, folder, what) for number, item in enumerate(tables, 1)),
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
            _paths.relative(table.get("to", name), "to", what),
            _paths.text(
                _paths.own_file(folder, name, "adds", what), f"{folder.name}/{name}"
            ).encode(),
        )
        for name in names
    )


def _variant(folder: Path, file: Any, what: str, given: Any = None) -> GoVariant:
    if not isinstance(file, str):
        raise PatchError("`variants` must be a list of file names", path=what)
    path = _paths.own_file(folder, file, "variants", what)
    if not path.is_file():
        there = [found.name for found in folder.iterdir()]
        raise PatchError(
            f"there is no file `{file}`", path=what, hint=patch_keys.meant(file, there)
        )
    shown = f"{folder.name}/{file}"
    text = _paths.text(path, shown)
    names = _given({} if given is None else given, what)
    return GoVariant(
        file.removesuffix(".patch"), text, shown, fragments=_fragments(folder, text, shown, names)
    )


def _given(given: Any, what: str) -> dict[str, str]:
    """`given`: what the variants of this edit take a name for, which another edit may give otherwise."""
    if not isinstance(given, dict) or not all(
        isinstance(text, str) and text.strip() and "\n" not in text for text in given.values()
    ):
        raise PatchError("`given` must be a table of names, each with a line of Go", path=what)
    return given


def _fragments(
    folder: Path, text: str, shown: str, given: dict[str, str]
) -> tuple[tuple[str, str, str], ...]:
    """What a variant uses by name: what its edit has `given`, or a file `NAME.patch` of the folder, or of a
    patch that comes along."""
    found = []
    for name in dict.fromkeys(_USE.findall(text)):
        if name in given:
            found.append((name, f"@@\nvar {name} = {given[name]}\n@@\n", shown))
            continue
        patch, _, own = name.rpartition("/")
        home = _paths.patches_folder() / patch if patch else folder
        path = _paths.own_file(home, f"{own}.patch", "use", shown)
        if not path.is_file():
            there = [file.stem for file in home.glob("*.patch")]
            raise PatchError(
                f"there is no fragment `{name}`", path=shown, hint=patch_keys.meant(own, there)
            )
        called = f"{home.name}/{own}.patch"
        found.append((name, _paths.text(path, called), called))
    return tuple(found)


def patches_used(folder: Path) -> set[str]:
    """The patches that come along of which the variants in a folder use fragments."""
    files = (file for file in folder.glob("*.patch") if file.is_file())
    texts = (_paths.read_bytes(file, file.name).decode(errors="replace") for file in files)
    used = {name.rpartition("/")[0] for text in texts for name in _USE.findall(text)}
    return used - {""}


def _table_variant(table: Any, number: int, folder: Path, what: str) -> GoVariant | TextVariant:
    """[[edit.variant]]: inserts into text, or `patch`, whose place says that `adds` fit."""
    if not isinstance(table, dict):
        raise PatchError("[[edit.variant]] must be a table", path=what)
    patch_keys.only(table, {"name", "insert", "patch", "adds", "to"}, what, "a variant")
    if "patch" not in table:
        name = patch_keys.get(table, "name", str, what, f"form-{number}")
        inserts = [_insert(item, what) for item in patch_keys.get(table, "insert", list, what)]
        return TextVariant(name, tuple(inserts))
    if "insert" in table:
        raise PatchError("a variant has either inserts or a patch", path=what)
    adds = _new_files(table, folder, what)
    variant = _variant(folder, table["patch"], what)
    name = patch_keys.get(table, "name", str, what, variant.name)
    return variant._replace(name=name, adds=adds)


def _insert(table: dict[str, Any], what: str) -> Insert:
    patch_keys.only(table, _INSERT_KEYS, what, "an insert")
    places = [place for place in ("before", "after") if place in table]
    if len(places) != 1:
        raise PatchError(
            "an insert says `before` or `after` which line it comes",
            path=what,
            hint="say one of them",
        )
    return Insert(
        patch_keys.get(table, places[0], str, what),
        patch_keys.one_or_more(table, "within", what),
        places[0],
        patch_keys.get(table, "text", str, what).removesuffix("\n"),
        patch_keys.get(table, "optional", bool, what, False),
    )
