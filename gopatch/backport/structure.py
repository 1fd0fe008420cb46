"""One Go file of a change, carried by structure to a file of the target."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from gopatch.backport.carried import Carried, Trouble
from gopatch.backport.carrying import carry
from gopatch.backport.foreign import Adaptation, Edit, Refusal
from gopatch.backport.go_files import go_file
from gopatch.backport.imports_by_need import (
    Import,
    imports,
    name_map,
    package_name,
    used_packages,
    with_imports,
)
from gopatch.backport.index import Index
from gopatch.backport.moved import whereabouts
from gopatch.backport.qualified import BothSources, Files, with_moved
from gopatch.backport.renames import Renamings
from gopatch.go.gofmt import realign
from gopatch.go.tree import position
from gopatch.splice import OverlapError, Splice, splice


class FilePair(NamedTuple):
    """A file of the change and its counterpart: paths and bytes of both sources."""

    path: str
    target_path: str
    before: bytes
    after: bytes
    target: bytes


class Rebuilt(NamedTuple):
    """The target's file with the change in, or why not."""

    data: bytes | None
    edits: tuple[Edit, ...] = ()
    adaptations: tuple[Adaptation, ...] = ()
    refusals: tuple[Refusal, ...] = ()


def rebuild(
    sides: FilePair, made: Index, target: Index, wanted: Mapping[bytes, bytes] = {}
) -> Rebuilt:
    """Carry the change of one file; `wanted` are names that the user says otherwise.

    Lines end as those of the target do.
    """
    before, after, plain = (data.replace(b"\r\n", b"\n") for data in sides[2:])
    if plain == sides.target or plain.replace(b"\n", b"\r\n") != sides.target:
        lines = sides._replace(before=before, after=after)
        return _rebuilt(lines, made, target, wanted)
    found = _rebuilt(FilePair(*sides[:2], before, after, plain), made, target, wanted)
    data = found.data.replace(b"\n", b"\r\n") if found.data is not None else None
    return found._replace(data=data)


def _rebuilt(sides: FilePair, made: Index, target: Index, wanted: Mapping[bytes, bytes]) -> Rebuilt:
    sides, notes = with_logger(sides)
    paths = _paths(sides, made, target)
    theirs = imports(sides.target)
    packages = name_map(imports(sides.before), theirs, paths)
    names = with_moved(
        Renamings(packages, dict(wanted)),
        Files(sides.before, sides.after, sides.target),
        BothSources(made, target, paths),
    )
    carried = carry(sides.before, sides.after, sides.target, names)
    if carried.troubles:
        return Rebuilt(None, refusals=tuple(_refusals(sides, carried, target)))
    try:
        data = _laid_out(sides.target, carried)
    except OverlapError as error:
        line = position(sides.target, error.second.start)[0]
        hint = f"carry it by hand, or --skip {sides.path}"
        refused = Refusal(sides.target_path, line, "two edits meet in one place", hint)
        return Rebuilt(None, refusals=(refused,))
    data, more = _imported(sides, data, paths, packages)
    edits = tuple(
        Edit(
            sides.target_path,
            done.declaration,
            "structure",
            done.how or done.place,
            done.added,
            done.removed,
        )
        for done in carried.done
    )
    notes = [note for note in notes if any(note.new.encode() in edit.new for edit in carried.edits)]
    return Rebuilt(data, edits, (*notes, *_renamed(sides, carried, wanted), *more))


def _renamed(
    sides: FilePair, carried: Carried, wanted: Mapping[bytes, bytes]
) -> Iterable[Adaptation]:
    for old, new, here, there in dict.fromkeys(carried.names):
        names = old.decode(), new.decode()
        if old in wanted:
            yield Adaptation(*names, sides.target_path, sides.path, "as --as says")
        elif here < 0:
            yield Adaptation(*names, sides.target_path, sides.path, "the name of the same import")
        else:
            at = position(sides.target, here)[0]
            was = f":{position(sides.before, there)[0]}" if there >= 0 else ""
            line = sides.target.split(b"\n")[at - 1].decode(errors="replace").strip()
            yield Adaptation(
                *names,
                f"{sides.target_path}:{at}",
                f"{sides.path}{was}",
                f"it stands at the same place: `{line}`",
            )


_LOGGER = re.compile(rb"\blog\.G\((?:[\w.]+|context\.\w+\(\))\)")


def with_logger(sides: FilePair) -> tuple[FilePair, list[Adaptation]]:
    """The change in the words of the target's logger: containerd's `log.G(ctx)` is `logrus` there."""
    theirs = {each.name: each.path for each in imports(sides.target)}
    both = (*imports(sides.before), *imports(sides.after))
    loggers = {
        each.path
        for each in both
        if each.name == "log" and each.path.startswith("github.com/containerd/")
    }
    if not loggers or "logrus" not in theirs or "log" in theirs or not _LOGGER.search(sides.after):
        return sides, []
    changed = [_in_logrus(data, theirs["logrus"]) for data in (sides.before, sides.after)]
    note = Adaptation(
        "log.G(ctx)", "logrus", sides.target_path, sides.path, "the file itself logs by logrus"
    )
    return sides._replace(before=changed[0], after=changed[1]), [note]


def _in_logrus(data: bytes, path: str) -> bytes:
    data = re.sub(rb"\blog\.Fields\b", b"logrus.Fields", _LOGGER.sub(b"logrus", data))
    return re.sub(rb'"github\.com/containerd/(containerd/)?log"', f'"{path}"'.encode(), data)


def _refusals(sides: FilePair, carried: Carried, target: Index) -> Iterable[Refusal]:
    for trouble in carried.troubles:
        yield Refusal(sides.path, trouble.line, trouble.reason, _hint(sides, trouble, target))


def _hint(sides: FilePair, trouble: Trouble, target: Index) -> str:
    """Where a reader would look, and what there is to do."""
    by_hand = f"carry it by hand, or --skip {sides.path} if its feature is not there"
    if trouble.nearest is not None:
        near = position(sides.target, trouble.nearest)[0]
        text = sides.target.split(b"\n")[near - 1].decode(errors="replace").strip()
        return f"nearest: {sides.target_path}:{near}: `{text}`; {by_hand}"
    there = whereabouts([trouble.key], target) if trouble.key is not None else ""
    return f"the target has {there}; {by_hand}" if there else by_hand


def _laid_out(target: bytes, carried: Carried) -> bytes:
    """The edits made, and the columns of the lists that they touch as gofmt has them.

    Lines that the target has in columns of its own, somebody's who asks no gofmt, keep them.
    """
    data = splice(target, carried.edits)
    moved, spans = 0, []
    for edit in sorted(carried.edits):
        start = edit.start + moved
        spans.append((start, start + len(edit.new), moved))
        moved += len(edit.new) - (edit.end - edit.start)
    file = go_file(data)
    if not spans or file.errors():
        return data
    columns = realign(file, [span[:2] for span in spans])
    own = {edit.start for edit in realign(go_file(target))} if columns else set()
    return splice(data, [edit for edit in columns if _before(edit, spans, moved) not in own])


def _before(edit: Splice, spans: list[tuple[int, int, int]], moved: int) -> int:
    """Where an offset was before the edits; -1 in one of them."""
    for start, end, by in spans:
        if edit.start < start:
            return edit.start - by
        if edit.start < end:
            return -1
    return edit.start - moved


def _paths(sides: FilePair, made: Index, target: Index) -> dict[str, str]:
    """How the target imports what the change's file imports."""
    theirs = {each.path for each in imports(sides.target)}
    found: dict[str, str] = {}
    old, new = imports(sides.before), imports(sides.after)
    # A package that the change itself takes from elsewhere is not to be found where it was.
    swapped = {e.name for e in old if e not in new and e.path not in {n.path for n in new}}
    for each in (*imports(sides.before), *imports(sides.after)):
        if each.path in found or each.path in theirs:
            found.setdefault(each.path, each.path)
            continue
        brought = each in new and each.name in swapped and made.own_folder(each.path) is None
        path = each.path if brought else made.same_path(each.path, target)
        if path is None and each.name not in swapped:
            path = _near(each.path, theirs)
        if path is not None:
            found[each.path] = path
    return found


def _near(path: str, theirs: Iterable[str]) -> str | None:
    """An import of the target's file with the same last part, or with all but the same spelling."""
    last = path.rsplit("/", 1)[-1]
    same = [p for p in theirs if p.rsplit("/", 1)[-1] == last or p.lower() == path.lower()]
    return same[0] if len(same) == 1 else None


def _imported(
    sides: FilePair, data: bytes, paths: dict[str, str], packages: dict[bytes, bytes]
) -> tuple[bytes, list[Adaptation]]:
    """The file with the imports that its code needs now, and without those that it needs no more."""
    have = imports(data)
    old = {(each.path, each.alias) for each in imports(sides.before)}
    new = imports(sides.after)
    names = {each: packages.get(each.name.encode(), each.name.encode()).decode() for each in new}
    used = used_packages(data, {*names.values(), *(each.name for each in have)})
    lost = old - {(each.path, each.alias) for each in new}
    dropped = {(paths.get(path, path), alias) for path, alias in lost}
    stays = [each for each in have if (each.path, each.alias) not in dropped]
    held = {each.name for each in stays} | {each.name for each in have if each.alias in ("_", ".")}
    paths_held = {each.path for each in stays}
    come: list[tuple[str, str]] = []
    notes: list[Adaptation] = []
    for each, name in names.items():
        path = paths.get(each.path, each.path)
        hidden = each.alias in ("_", ".")
        wanted = (
            ((each.path, each.alias) not in old) if hidden else (name in used and name not in held)
        )
        if not wanted or path in paths_held:
            continue
        come.append((each.alias, path))
        if path != each.path:
            notes.append(
                Adaptation(each.path, path, sides.target_path, sides.path, "the folder is there")
            )
    came = {alias or package_name(path) for alias, path in come} | {path for _, path in come}
    gone = list(_unneeded(sides, have, used, (dropped, came)))
    return with_imports(data, come, gone), notes


def _unneeded(
    sides: FilePair,
    have: list[Import],
    used: set[str],
    moved: tuple[set[tuple[str, str]], set[str]],
) -> Iterable[Import]:
    dropped, came = moved
    before = used_packages(sides.target, (each.name for each in have))
    kept = _kept(sides)
    for each in have:
        if each.alias in ("_", "."):
            if (each.path, each.alias) in dropped:
                yield each
        elif each.name in came:
            yield each
        elif (each.path, each.alias) in dropped:
            if each.path in came or each.name not in used:
                yield each
        elif each.name in before and each.name not in used and each.path not in kept:
            yield each


def _kept(sides: FilePair) -> set[str]:
    """What the change itself leaves imported without a use: a step of several, which is no port's to tidy."""
    rest = imports(sides.after)
    used = used_packages(sides.after, (each.name for each in rest))
    return {each.path for each in rest if each.name not in used}
