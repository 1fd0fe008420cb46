"""Which edits of a patch are wanted: a smaller patch, or a plain refusal.

A patch may be asked for in parts, by the names of groups and edits. What the part needs and does
not have is refused; helpers come along exactly where something selected needs them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from gopatch.errors import PatchError, UsageError, nearest
from gopatch.recipe import patch_keys
from gopatch.recipe.values import GROUPS, WHOLE, Patch, PatchEdit, Risk, Selection

_WIDTH = 95  # columns, as the texts of patch.toml are folded
_FEW = 5  # edits that a hint names
_LEFT = (
    "The road {0} is left without a rail (--leave {0}): there passwords and images may go over plain "
    "HTTP even after the registry has answered over HTTPS."
)


def risks(table: dict[str, Any], edits: Sequence[str], shown: str) -> tuple[Risk, ...]:
    """[[risk]] of a patch.toml; PatchError for what is wrong with one."""
    what = f"{shown} [risk]"
    known = (*GROUPS, *edits)
    found = []
    for item in patch_keys.get(table, "risk", list, shown, []):
        if not isinstance(item, dict):
            raise PatchError("[[risk]] must be a table", path=shown)
        patch_keys.only(item, {"without", "says"}, shown, "a risk")
        names = patch_keys.names(item, "without", what)
        if not names:
            raise PatchError("`without` is missing", path=what, hint="name edits or groups")
        for name in names:
            if name not in known:
                raise PatchError(
                    f"a risk speaks of `{name}`, which is no edit and no group",
                    path=what,
                    hint=patch_keys.meant(name, known),
                )
        found.append(Risk(names, " ".join(patch_keys.get(item, "says", str, what).split())))
    return tuple(found)


def asked(
    only: Sequence[str] = (), without: Sequence[str] = (), leave: Sequence[str] = ()
) -> Selection:
    """Options as they were given, `["core,roads", "papers"]`, as a selection.

    Raises UsageError for an option that names nothing: that is no way to ask for everything.
    """
    return Selection(_split("--only", only), _split("--without", without), _split("--leave", leave))


def _split(option: str, given: Sequence[str]) -> tuple[str, ...]:
    for text in given:
        if not text.strip(", "):
            raise UsageError(f"{option} names nothing", hint="name groups or edits, or drop it")
    words = (word.strip() for text in given for word in text.split(","))
    return tuple(dict.fromkeys(word for word in words if word))


def select(patch: Patch, selection: Selection) -> Patch:
    """The selected part of `patch`, which says of itself that it is one.

    Raises UsageError for a name that is neither a group nor an edit, where an edit needs another
    that is left out, and where nothing is left.
    """
    if selection == WHOLE:
        return patch
    ordered = Selection(
        _known(patch, selection.only), _known(patch, selection.without), selection.leave
    )
    kept = _selected(patch, ordered)
    left_out = tuple(edit.name for edit in patch.edits if edit.name not in kept)
    if not (left_out or ordered.leave):
        return patch
    if not left_out:
        ordered = WHOLE._replace(leave=ordered.leave)
    warnings = tuple(risk.says for risk in patch.risks if _touches(risk, left_out, patch))
    left = (left_bare(road) for road in ordered.leave)
    says = (patch.security, *map(folded, (*warnings, *left)))
    part = _part(patch, ordered, kept) if left_out else ""
    return patch._replace(
        edits=tuple(edit for edit in patch.edits if edit.name in kept),
        why="\n\n".join(filter(None, (patch.why, part))),
        security="\n\n".join(filter(None, says)),
        selection=ordered,
        left_out=left_out,
        warnings=warnings,
    )


def left_bare(road: str) -> str:
    """What a reader must know of a road that --leave accepts."""
    return _LEFT.format(road)


def _known(patch: Patch, names: Sequence[str]) -> tuple[str, ...]:
    """The names in the order of the patch: groups first, then edits."""
    known = (*GROUPS, *(edit.name for edit in patch.edits))
    for name in names:
        if name not in known:
            near = nearest(name, known)
            meant = f"did you mean `{near}`? " if near else ""
            raise UsageError(
                f"no group or edit `{name}` in the patch `{patch.name}`",
                hint=f"{meant}the groups are {', '.join(GROUPS)}; `gopatch list` shows the edits",
            )
    return tuple(name for name in dict.fromkeys(known) if name in names)


def _selected(patch: Patch, selection: Selection) -> set[str]:
    """The names of the edits that make the part, helpers among them."""
    only, without, _ = selection

    def named(edit: PatchEdit, names: Collection[str]) -> bool:
        return edit.name in names or edit.group in names

    wanted = {
        edit.name
        for edit in patch.edits
        if not edit.helper and (not only or named(edit, only)) and not named(edit, without)
    }
    if not wanted:
        helpers = [edit.name for edit in patch.edits if edit.helper and edit.name in only]
        raise UsageError(
            f"`{selection.words}` leaves nothing of the patch `{patch.name}`",
            hint=f"`{helpers[0]}` comes along with what needs it" if helpers else None,
        )
    whole = with_helpers(patch.edits, wanted)
    refused = {name for name in without if name in whole}
    for edit in patch.edits:
        missing = [name for name in edit.needs if name not in whole or name in refused]
        if edit.name in whole and missing:
            raise _unmet(patch, selection, edit, missing[0], wanted)
    return whole


def with_helpers(edits: Sequence[PatchEdit], wanted: Collection[str]) -> set[str]:
    """The wanted edits and the helpers that any of them needs, or that a helper of theirs does."""
    found = set(wanted)
    # What an edit needs comes before it, so one way back through the patch finds all.
    for edit in reversed(edits):
        if edit.helper and any(edit.name in e.needs for e in edits if e.name in found):
            found.add(edit.name)
    return found


def _unmet(
    patch: Patch, selection: Selection, edit: PatchEdit, missing: str, wanted: Collection[str]
) -> UsageError:
    """What to say of an edit that needs what is left out, and which selection would do."""
    group = {e.name: e.group for e in patch.edits}
    message = (
        f"the edit `{edit.name}` ({edit.group}) needs `{missing}` ({group[missing]}), "
        "which is left out"
    )
    if not {missing, group[missing]} & set(selection.without):
        names = (*selection.only, *(group[name] for name in _lacking(patch, wanted)))
        more = selection._replace(only=_known(patch, names))
        return UsageError(message, hint=f"say `{more.words}`")
    users = _users(patch, wanted, missing)
    if len(users) > _FEW:
        return UsageError(message, hint=f"keep `{missing}`: {len(users)} edits need it")
    names = (*selection.without, *sorted(users))
    return UsageError(
        message,
        hint=f"keep `{missing}`, or say `--without {','.join(_known(patch, names))}`",
    )


def _lacking(patch: Patch, wanted: Collection[str]) -> list[str]:
    """What the wanted edits need, in one step or in several, and do not have."""
    needed = set(wanted)
    for edit in reversed(patch.edits):
        if edit.name in needed:
            needed.update(edit.needs)
    return [e.name for e in patch.edits if e.name in needed - set(wanted) and not e.helper]


def _users(patch: Patch, wanted: Collection[str], name: str) -> set[str]:
    """Those of the wanted edits that need `name`, in one step or in several."""
    found = {name}
    for edit in patch.edits:
        if found & set(edit.needs):
            found.add(edit.name)
    return found & set(wanted) - {name}


def _touches(risk: Risk, left_out: Collection[str], patch: Patch) -> bool:
    return any(
        edit.name in left_out and (edit.name in risk.without or edit.group in risk.without)
        for edit in patch.edits
    )


def _part(patch: Patch, selection: Selection, kept: Collection[str]) -> str:
    """A sentence for the header of what is made: that this is a part, and what it lacks."""
    groups = [g for g in GROUPS if any(e.group == g for e in patch.edits)]
    bare = [g for g in groups if not any(e.name in kept for e in patch.edits if e.group == g)]
    single = [
        e.name for e in patch.edits if e.name not in kept and e.group not in bare and not e.helper
    ]
    lacks = " and ".join(_named(*both) for both in (("group", bare), ("edit", single)) if both[1])
    return folded(f"This is a part of the patch, made with {selection.words}: it lacks {lacks}.")


def _named(kind: str, names: Sequence[str]) -> str:
    """The group roads; the groups roads, rails and papers."""
    if len(names) == 1:
        return f"the {kind} {names[0]}"
    return f"the {kind}s {', '.join(names[:-1])} and {names[-1]}"


def folded(text: str) -> str:
    """A paragraph in lines as those of patch.toml."""
    import textwrap

    return textwrap.fill(text, _WIDTH, break_long_words=False, break_on_hyphens=False)
