"""What is wrong with a patch folder, before anybody ports it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from gopatch.authoring.cases import case_files, read_case, run_case
from gopatch.authoring.finding import Defect
from gopatch.authoring.needs import unsaid
from gopatch.authoring.redundant import redundant
from gopatch.errors import GopatchError, PatchError, nearest
from gopatch.recipe.read import checked, load, patches_folder
from gopatch.recipe.subjects import subjects
from gopatch.recipe.values import (
    GoEdit,
    NewFiles,
    Patch,
    PatchEdit,
    TextEdit,
)

# https://dep-team.pages.debian.net/deps/dep3/, in lower case, and who made it.
_FIELDS = {
    "origin", "bug", "forwarded", "author", "reviewed-by", "acked-by", "last-update",
    "applied-upstream",
}  # fmt: skip
_TITLE = 72  # columns: what git and mail programs show of a subject
_NAME = r"[^\W\d]\w*"
_URL = re.compile(r"https?://\S+\Z")


def lint(which: str) -> list[Defect]:
    """Everything that is wrong with the patch of this name, folder or file."""
    try:
        patch = load(which)
    except PatchError as error:
        return [_found(error)]
    toml = f"{patch.name}/patch.toml"
    findings = [*_compiled(patch)]
    if not patch.lone:
        folder = Path(which) if Path(which).is_dir() else patches_folder() / which
        findings += [*_texts(patch, toml), *_dep3(patch, toml), *_unused(patch, folder)]
        findings += _roads(patch, toml)
    if not findings or all(f.note for f in findings):
        findings += [f for edit in patch.edits for f in _edit(edit, f"{toml} [{edit.name}]")]
        findings += _needs(patch, toml)
    return [*findings, *_cases(which, patch)]


def _found(error: GopatchError) -> Defect:
    return Defect(error.place, error.message, error.hint or "")


def _compiled(patch: Patch) -> Iterator[Defect]:
    """What each variant's file has wrong, one by one: `load` stops at the first."""
    for edit in patch.edits:
        for one in _one_by_one(edit):
            try:
                checked(patch._replace(edits=(one,)))
            except PatchError as error:
                yield _found(error)


def _one_by_one(edit: PatchEdit) -> Iterator[PatchEdit]:
    """The edit with each of its variants alone."""
    if isinstance(edit, GoEdit):
        yield from (edit._replace(variants=(one,)) for one in edit.variants)
    if isinstance(edit, TextEdit):
        yield from (edit._replace(variants=(one,)) for one in edit.variants)


def _texts(patch: Patch, toml: str) -> Iterator[Defect]:
    title = patch.title
    if not title.strip():
        yield Defect(toml, "`title` is empty", "say in one line what changes, as in a commit")
    if len(title) > _TITLE or "\n" in title:
        yield Defect(toml, f"`title` is longer than a line of {_TITLE} columns", "shorten it")
    if re.match(r"\s*(\[|re:)", title, re.IGNORECASE):
        yield Defect(toml, "`title` begins with what `git am` takes away", "begin with a word")
    if not patch.why:
        yield Defect(toml, "`why` is missing", "say what for; it is the message of the patch")
    if not patch.security:
        yield Defect(
            toml, "`security` is missing", "say what the change risks, or that it risks nothing"
        )


def _dep3(patch: Patch, toml: str) -> Iterator[Defect]:
    place = f"{toml} [dep3]"
    facts = {key.lower(): value.strip() for key, value in patch.dep3}
    for key, value in facts.items():
        if key not in _FIELDS and not key.startswith(("bug-", "x-")):
            near = nearest(key, sorted(_FIELDS))
            yield Defect(
                place, f"`{key}` is no field of DEP-3", f"did you mean `{near}`?" * bool(near)
            )
        if not value:
            yield Defect(place, f"`{key}` is empty")
    if "origin" not in facts and "author" not in facts:
        yield Defect(place, "`origin` is missing", 'write origin = "vendor", or where it is from')
    if "forwarded" not in facts and "applied-upstream" not in facts:
        yield Defect(place, "`forwarded` is missing", 'write "no", "not-needed", or the URL')
    forwarded = facts.get("forwarded", "no")
    if forwarded not in ("no", "yes", "not-needed") and not _URL.match(forwarded):
        yield Defect(place, f"`forwarded` is `{forwarded}`", 'write "no", "not-needed", or the URL')
    for key, value in facts.items():
        if re.fullmatch("bug(-.*)?", key) and not _URL.match(value):
            yield Defect(place, f"`{key}` is no URL: `{value}`", "write the whole address")
    if not re.fullmatch(
        r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", facts.get("last-update", "")
    ):
        yield Defect(
            place,
            "`last-update` is missing or no date",
            'write it as "2026-01-31"; it is the date of every output',
        )


def _unused(patch: Patch, folder: Path) -> Iterator[Defect]:
    import tomllib

    edits = tomllib.loads((folder / "patch.toml").read_text(encoding="utf-8")).get("edit", [])
    named = {"patch.toml"}
    for table in [t for edit in edits for t in (edit, *edit.get("variant", []))]:
        adds = table.get("adds", [])
        named |= {*table.get("variants", []), *table.get("fixed", [])}
        named |= set(adds if isinstance(adds, list) else [adds])
        named.add(table.get("patch", ""))
    named |= _fragments(patch)
    for file in sorted(folder.iterdir()):
        if file.is_file() and file.name not in named and file.suffix in (".patch", ".go"):
            yield Defect(
                f"{patch.name}/{file.name}", "no edit uses this file", "name it, or remove it"
            )


def _fragments(patch: Patch) -> set[str]:
    """The files that a variant uses by name."""
    variants = (v for edit in patch.edits if isinstance(edit, GoEdit) for v in edit.variants)
    return {f"{name}.patch" for v in variants for name, _, _ in v.fragments or ()}


# Edits ---------------------------------------------------------------------------------------


def _edit(edit: PatchEdit, place: str) -> Iterator[Defect]:
    if not isinstance(edit, NewFiles):
        yield from redundant(edit, place)
    if isinstance(edit, GoEdit):
        yield from _anchors(edit, place)


def _needs(patch: Patch, toml: str) -> Iterator[Defect]:
    for edit, name, of in unsaid(patch):
        yield Defect(
            f"{toml} [{edit}]",
            f"it uses `{name}` of `{of[0]}`, and does not say that it needs it",
            f'add needs = ["{of[0]}"]: a part of the patch would not compile',
        )


def _anchors(edit: PatchEdit, place: str) -> Iterator[Defect]:
    names = [("anchor", name) for name in edit.anchors] + [("unless", n) for n in edit.unless]
    for number, (key, name) in enumerate(names):
        if not re.fullmatch(rf"{_NAME}(\.{_NAME})?", name):
            yield Defect(
                place,
                f"the {key} `{name}` is never found: it is no name that Go declares",
                "write the name alone",
            )
        elif (key, name) in names[:number]:
            yield Defect(place, f"the {key} `{name}` stands there twice")
        elif ("anchor", name) in names[:number]:
            yield Defect(place, f"`{name}` is an anchor, and `unless` forbids it")


# Roads ---------------------------------------------------------------------------------------


def _roads(patch: Patch, toml: str) -> Iterator[Defect]:
    for road in patch.roads:
        place = f"{toml} [road {road.name}]"
        if not any(way.edits for way in road.ways):
            yield Defect(place, "no way opens this road", "name the edits of one of its ways")
        for number, way in enumerate(road.ways):
            if any(set(earlier.marks) <= set(way.marks) for earlier in road.ways[:number]):
                yield Defect(
                    place,
                    f"way {number + 1} can never be reached: an earlier one fits wherever it does",
                    "put it first, or say by `when` what the earlier one has",
                )
        for mark in (road.mark, *(mark for way in road.ways for mark in way.marks)):
            for word in (*mark.anchors, *mark.calls):
                if not re.fullmatch(_NAME, word):
                    yield Defect(
                        place,
                        f"`{word}` is never found: it is no name of Go",
                        "write the name alone",
                    )
    if patch.roads:
        yield from _nowhere(patch, toml)


def _nowhere(patch: Patch, toml: str) -> Iterator[Defect]:
    named = {edit for road in patch.roads for way in road.ways for edit in way.edits}
    for edit in patch.edits:
        if edit.group == "roads" and edit.name not in named:
            yield Defect(
                f"{toml} [{edit.name}]", "this edit is of the group `roads`, and opens none",
                "name it in the `edits` of a way, or choose another group",
            )  # fmt: skip


# Cases ---------------------------------------------------------------------------------------


def _cases(which: str, patch: Patch) -> Iterator[Defect]:
    paths = case_files(which, patch)
    if not paths:
        yield Defect(patch.name, "there are no cases", "`gopatch test` says where they go")
        return
    reached: set[tuple[str, str]] = set()
    seen = b""
    for path in paths:
        try:
            result = run_case(read_case(path, patch), patch)
        except GopatchError as error:
            yield _found(error)
            continue
        reached |= result.variants
        seen += b"\n".join(result.case.before.values())
        if not result.passed:
            yield Defect(path.name, "this case fails", f"`gopatch test {which}` shows how")
    yield from _untested(patch, reached, seen)


def _untested(patch: Patch, known: set[tuple[str, str]], seen: bytes) -> Iterator[Defect]:
    for edit in patch.edits:
        for name in edit.anchors if edit.files else subjects(edit):
            if name.rpartition(".")[2].encode() not in seen:
                what = "the anchor" if edit.anchors else "what it is about,"
                yield Defect(
                    f"{patch.name} [{edit.name}]", f"no case holds {what} `{name}`", note=True
                )
        for form in () if isinstance(edit, NewFiles) else edit.forms:
            if (edit.name, form) not in known:
                yield Defect(
                    f"{patch.name} [{edit.name}]",
                    f"no case reaches the variant `{form}`",
                    note=True,
                )
