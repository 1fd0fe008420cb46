"""What an edit is about: by that its files are found where it names no path."""

from __future__ import annotations

from functools import lru_cache

from gopatch.engine.compiled import read_changes
from gopatch.engine.subject import subject_of
from gopatch.recipe.values import GoVariant, NewFiles, Patch, PatchEdit, TextEdit


@lru_cache(maxsize=1024)
def subjects(edit: PatchEdit) -> tuple[str, ...]:
    """The declarations that an edit of Go is about: one of them is there wherever it has something to do.

    Those are its anchors; without them what its variants speak of, () where one of them does not say.
    """
    if isinstance(edit, TextEdit):
        return ()
    if edit.anchors:
        return edit.anchors
    if isinstance(edit, NewFiles):
        return (edit.beside,)
    found = [_spoken_of(variant) for variant in edit.variants]
    return tuple(dict.fromkeys(name for names in found for name in names)) if all(found) else ()


def _spoken_of(variant: GoVariant) -> list[str]:
    return [name for change in read_changes(variant) for name in subject_of(change)]


def words(edit: PatchEdit) -> tuple[str, ...]:
    """The words that a file has which declares what an edit is about."""
    return tuple(dict.fromkeys(name.rpartition(".")[2] for name in subjects(edit)))


@lru_cache(maxsize=16)
def sought(patch: Patch) -> tuple[str, ...]:
    """The words of all edits that name no path: each file is read once for all of them."""
    return tuple(word for edit in patch.edits if not edit.files for word in words(edit))
