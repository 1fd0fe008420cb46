"""The [[road]] tables of a patch.toml -> PatchRoad: the roads to a registry that a patch can open."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any, NamedTuple

from gopatch.errors import PatchError
from gopatch.recipe import patch_keys

_ROAD_KEYS = {"name", "title", "files", "anchor", "absent", "way", "callers", "rail"}
_HANDOUT_KEYS = {"names", "opened", "guards", "marked"}
_WAY_KEYS = {"when", "edits", "closed"}
_MARKED = re.compile(r"\w+\.\w+")
_MARK_KEYS = {"files", "anchor", "calls"}


class Mark(NamedTuple):
    """By what a source is known: in one of `files` (globs below the engine's root), or in another
    file of their packages, Go declares one of `anchors`, and that declaration calls one of `calls`,
    itself or through others of its file. Without `anchors`, the file itself calls it.
    """

    files: tuple[str, ...]
    anchors: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()


class Way(NamedTuple):
    """How a road goes in some sources: those with all `marks`.

    All of `edits` open it there; or none does, and `closed` says why.
    """

    marks: tuple[Mark, ...]
    edits: tuple[str, ...] = ()
    closed: str = ""


class PatchRoad(NamedTuple):
    """A road by which the daemon reaches a registry.

    A source has it where it has `mark`; the first of `ways` that fits tells what opens it.
    `absent` is what to say of a source without it. `callers` are globs of the files in which it
    takes what a Handout gives, and `rail` is the edit that then guards it.
    """

    name: str
    title: str
    mark: Mark
    ways: tuple[Way, ...]
    absent: str = ""
    callers: tuple[str, ...] = ()
    rail: str = ""


class Handout(NamedTuple):
    """What hands out addresses of a registry: whoever calls one of `names` is on a road.

    Once one of the edits `opened` is made, every loop over what comes must call one of `guards`
    (`Name`, `Type.Name` of a variable that is declared with that type, `.Name` of an address itself).
    Without `guards` what comes is guarded from within, and it is enough that a road knows the caller.
    `marked` is the type of an address and its field that the guards go by, `Type.field`, "" where it has none.
    """

    names: tuple[str, ...]
    opened: tuple[str, ...]
    guards: tuple[str, ...] = ()
    marked: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        """What a file has that may take an address, or build one."""
        return (*self.names, *filter(None, [self.marked.partition(".")[0]]))


def read_handouts(tables: list[Any], edits: Collection[str], shown: str) -> tuple[Handout, ...]:
    """The [[handout]] tables of patch.toml; PatchError for whatever is wrong with one."""
    found = []
    what = f"{shown} [handout]"
    for table in tables:
        patch_keys.only(table, _HANDOUT_KEYS, shown, "[[handout]]")
        opened = _needed(table, "opened", what)
        _known_edits(opened, edits, what, "a handout")
        guards = patch_keys.one_or_more(table, "guards", what)
        marked = patch_keys.get(table, "marked", str, what, "")
        if marked and not (guards and _MARKED.fullmatch(marked)):
            raise PatchError(
                f"`{marked}` is no `Type.field` that guards go by",
                path=what,
                hint="say the `guards`, too",
            )
        found.append(Handout(_needed(table, "names", what), opened, guards, marked))
    return tuple(found)


def read_roads(tables: list[Any], edits: Collection[str], shown: str) -> tuple[PatchRoad, ...]:
    """The roads of patch.toml; `edits` are the names that they may speak of.

    Raises PatchError for whatever is wrong with one.
    """
    roads = tuple(_road(table, edits, shown) for table in tables)
    seen: set[str] = set()
    for road in roads:
        if road.name in seen:
            raise PatchError(f"two roads are called `{road.name}`", path=shown)
        seen.add(road.name)
    return roads


def _road(table: Any, edits: Collection[str], shown: str) -> PatchRoad:
    _a_table(table, "[[road]]", shown)
    name = patch_keys.get(table, "name", str, shown)
    what = f"{shown} [road {name}]"
    patch_keys.only(table, _ROAD_KEYS, shown, f"the road `{name}`")
    own = Mark(_needed(table, "files", what), _needed(table, "anchor", what))
    listed = patch_keys.get(table, "way", list, what, [])
    ways = tuple(_way(item, edits, what, own) for item in listed)
    if not ways:
        raise PatchError(
            "the road has no [[road.way]]",
            path=what,
            hint="say by which `edits` it is opened, or by `closed` why by none",
        )
    return PatchRoad(
        name,
        patch_keys.get(table, "title", str, what),
        own,
        ways,
        _line(table, "absent", what),
        patch_keys.one_or_more(table, "callers", what),
        _rail(table, edits, what),
    )


def _rail(table: dict[str, Any], edits: Collection[str], what: str) -> str:
    rail = patch_keys.get(table, "rail", str, what, "")
    _known_edits((rail,) if rail else (), edits, what, "the road")
    return str(rail)


def _known_edits(names: Collection[str], edits: Collection[str], what: str, who: str) -> None:
    for name in names:
        if name not in edits:
            raise PatchError(
                f"{who} speaks of `{name}`, which is no edit",
                path=what,
                hint=patch_keys.meant(name, sorted(edits)),
            )


def _way(table: Any, edits: Collection[str], what: str, own: Mark) -> Way:
    _a_table(table, "[[road.way]]", what)
    patch_keys.only(table, _WAY_KEYS, what, "a way")
    opened = patch_keys.names(table, "edits", what)
    closed = _line(table, "closed", what)
    if bool(opened) == bool(closed):
        raise PatchError(
            "a way has either `edits` that open it or a reason why it is `closed`", path=what
        )
    _known_edits(opened, edits, what, "the road")
    marks = tuple(_mark(item, what, own) for item in patch_keys.get(table, "when", list, what, []))
    return Way(marks, opened, closed)


def _mark(table: Any, what: str, own: Mark) -> Mark:
    """A table of `when`: what it leaves out is what the road itself is known by."""
    _a_table(table, "`when`", what)
    patch_keys.only(table, _MARK_KEYS, what, "`when`")
    files, anchors, calls = (
        patch_keys.one_or_more(table, key, what) for key in ("files", "anchor", "calls")
    )
    if not anchors and not calls:
        raise PatchError("`when` has neither `anchor` nor `calls`", path=what)
    return Mark(files or own.files, anchors if anchors or files else own.anchors, calls)


def _needed(table: dict[str, Any], key: str, what: str) -> tuple[str, ...]:
    found = patch_keys.one_or_more(table, key, what)
    if not found:
        raise PatchError(f"the key `{key}` is missing", path=what, hint=f"add `{key} = …`")
    return found


def _line(table: dict[str, Any], key: str, what: str) -> str:
    """A text as one line, however it is broken in the file."""
    return " ".join(patch_keys.get(table, key, str, what, "").split())


def _a_table(table: Any, name: str, what: str) -> None:
    if not isinstance(table, dict):
        raise PatchError(f"{name} must be a table", path=what)
