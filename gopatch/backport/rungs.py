"""The ladder: the same blobs, git's three-way merge, structure; and the gates before all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from gopatch.backport.dependencies import is_list, is_pinning, merged
from gopatch.backport.foreign import NOTHING, Backport, ForeignChange, Ported, Refusal, Wishes
from gopatch.backport.gates import NAMES, Judged, Sources, irreversible
from gopatch.backport.gates import refusals as gate
from gopatch.backport.index import Index
from gopatch.backport.lists import lex
from gopatch.backport.moved import candidates, elsewhere, find
from gopatch.backport.paths import is_paper, is_test, is_vendored
from gopatch.backport.structure import FilePair, Rebuilt, rebuild
from gopatch.source import Source
from gopatch.source.merge import Merged, merge
from gopatch.splice import FileChange


class _Carry(NamedTuple):
    """A file of the change, and where it lies in the target (with what bytes, if any)."""

    change: FileChange
    path: str
    target: bytes | None

    @property
    def is_go(self) -> bool:
        return self.path.endswith(".go") and not is_vendored(self.path)


class _Ground(NamedTuple):
    change: ForeignChange
    made: Index
    target: Index
    wishes: Wishes


def backport(change: ForeignChange, target: Source, wishes: Wishes = NOTHING) -> Backport:
    """Work a change out on a target; nothing is written anywhere."""
    room = _Ground(change, Index(change.made_for), Index(target), wishes)
    paths = [*(c.path for c in change.files), *(path for path, _ in change.rest)]
    left = tuple((p, why) for p in dict.fromkeys(paths) if (why := _left_out(p, wishes)))
    skipped = {path for path, _ in left}
    files = [_located(c, room) for c in change.files if c.path not in skipped]
    if all(f.target == f.change.before for f in files):
        ported = [Ported(f.change.path, "same", _made(f, f.change.after)) for f in files]
        return _whole(_judged(room, files, ported, left))
    return _whole(_merged(room, files, left))


def _whole(done: Backport) -> Backport:
    """The backport, refused where a part of the change is none that can be ported, or none is left."""
    left = {path for path, _ in done.left_out}
    hint = "say --skip, and do it by hand"
    refused = [Refusal(path, 0, why, hint) for path, why in done.change.rest if path not in left]
    if not done.files and not done.refusals and not refused:
        paths = ", ".join(sorted(left))
        refused = [Refusal(paths, 0, "nothing else is in the change, and that is left out")]
    return done._replace(refusals=(*done.refusals, *refused))


def _left_out(path: str, wishes: Wishes) -> str:
    if path in wishes.skip:
        return "skipped, as --skip says"
    return "a test, left out as --without tests says" if not wishes.tests and is_test(path) else ""


def _located(change: FileChange, room: _Ground) -> _Carry:
    """The file and its counterpart in the target."""
    data = room.target.read(change.path)
    before, after = change.before, change.after or b""
    if before is None or not change.path.endswith(".go") or is_vendored(change.path):
        return _Carry(change, change.path, data)
    if data is None:
        found = find(change.path, before, after, room.made, room.target)
    elif data == before:
        found = None
    else:
        found = elsewhere(change.path, before, after, room.target)
    if found is None:
        return _Carry(change, change.path, data)
    return _Carry(change, found, room.target.read(found))


def _made(file: _Carry, data: bytes | None) -> FileChange:
    return FileChange(file.path, file.target, data, file.change.mode)


# Git and structure, side by side -------------------------------------------------------------------


def _merged(room: _Ground, files: list[_Carry], left: tuple[tuple[str, str], ...]) -> Backport:
    gits = _by_git(room, files)
    own = {f.change.path: _by_structure(room, f) for f in files if _has_structure(f)}
    answers = {f.change.path: _answers(f, gits.get(f.change.path), own, room) for f in files}
    papers = tuple(
        (path, "a paper that fits nowhere here")
        for path, found in answers.items()
        if isinstance(found, list) and is_paper(path)
    )
    left = (*left, *papers)
    refused = [r for p, a in answers.items() if isinstance(a, list) and not is_paper(p) for r in a]
    both = [a for a in answers.values() if isinstance(a, tuple)]
    if refused:
        ported = tuple(first for first, _ in both)
        return Backport(room.change, room.target.source.name, ported, tuple(refused), (), left)
    first = _judged(room, files, [a for a, _ in both], left)
    if all(a == b for a, b in both):
        return first
    second = _judged(room, files, [b for _, b in both], left)
    if not first.refusals and not second.refusals:
        return second._replace(refusals=tuple(_disagreed(both)))
    return second if first.refusals else first


def _disagreed(both: list[tuple[Ported, Ported]]) -> Iterable[Refusal]:
    for one, other in both:
        if one != other:
            hint = "look at both; --skip the file and do it by hand"
            yield Refusal(one.origin, 0, "git's merge and the structure differ here", hint)


def _has_structure(file: _Carry) -> bool:
    both = file.change.before is not None and file.change.after is not None
    return file.is_go and both and file.target is not None


def _by_structure(room: _Ground, file: _Carry) -> Rebuilt:
    assert file.change.before is not None
    assert file.change.after is not None
    assert file.target is not None
    if file.change.before == file.target and file.path == file.change.path:
        return Rebuilt(file.change.after)
    if file.change.after == file.target:
        return Rebuilt(file.target)
    sides = FilePair(
        file.change.path, file.path, file.change.before, file.change.after, file.target
    )
    names = {old.encode(): new.encode() for old, new in room.wishes.names}
    return rebuild(sides, room.made, room.target, names)


Result = tuple[str, bytes | None] | None


_Side = dict[str, tuple[bytes, int]]


def _by_git(room: _Ground, files: list[_Carry]) -> dict[str, Result]:
    """For each file what git made of it: its path and bytes; None where it conflicts."""
    before = _side((f.change.path, f.change.before, f.change.mode) for f in files)
    after = _side((f.change.path, f.change.after, f.change.mode) for f in files)
    target: _Side = {}
    for file in files:
        target |= _in_target(room, file)
    for folder in {f.change.path.rpartition("/")[0] for f in files if f.change.before is None}:
        # Git takes a folder that is gone on one side for renamed.
        if room.target.go_files(folder):
            for side in (before, after, target):
                side[f"{folder}/.keep".lstrip("/")] = (b"keep\n", 0o100644)
    found = merge(before, after, target)
    return {file.change.path: _result(file, found, target) for file in files}


def _side(files: Iterable[tuple[str, bytes | None, int]]) -> _Side:
    return {path: (data, mode) for path, data, mode in files if data is not None}


def _in_target(room: _Ground, file: _Carry) -> _Side:
    """A file of the target as git is shown it; where it is not there, those that may be it."""
    if file.target is not None:
        return {file.path: (file.target, file.change.mode)}
    if file.change.before is None or not file.is_go:
        return {}
    paths = candidates(file.change.path, room.made, room.target)[:40]
    return {path: (room.target.read(path) or b"", 0o100644) for path in paths}


def _result(file: _Carry, found: Merged, target: _Side) -> Result:
    path = _merged_path(file, found.files, target)
    if path in found.conflicts or file.change.path in found.conflicts:
        return None
    if file.change.after is None:
        return (path, None) if path not in found.files else None
    return (path, found.files[path][0]) if path in found.files else None


def _merged_path(
    file: _Carry, merged: dict[str, tuple[bytes, int]], target: dict[str, tuple[bytes, int]]
) -> str:
    if file.path in merged or file.change.after is None:
        return file.path
    name = file.path.rpartition("/")[2]
    moved = [p for p in merged if p.rpartition("/")[2] == name and merged[p] != target.get(p)]
    return moved[0] if len(moved) == 1 else file.path


def _answers(
    file: _Carry, git: Result, own: Mapping[str, Rebuilt], room: _Ground
) -> tuple[Ported, Ported] | list[Refusal]:
    """Git's answer and the structure's, twice the same where they agree or only one is there."""
    path = file.change.path
    made = own.get(path)
    by_git = by_own = None
    if git is None and (is_list(path) or is_pinning(path)):
        return _by_lines(file)
    if git is not None:
        target = file.target if git[0] == file.path else room.target.read(git[0])
        by_git = Ported(path, "git", FileChange(git[0], target, git[1], file.change.mode))
    if made is not None and made.data is not None:
        by_own = Ported(path, "structure", _made(file, made.data), made.edits, made.adaptations)
    if by_git and by_own:
        return (by_git, by_git if _agree(by_git.change.after, by_own.change.after) else by_own)
    if by_git or by_own:
        one = by_git or by_own
        assert one is not None
        return (one, one)
    return list(made.refusals) if made else [Refusal(path, 0, _why_not(file))]


def _by_lines(file: _Carry) -> tuple[Ported, Ported] | list[Refusal]:
    """A list of dependencies, or a file that pins some, where git's merge conflicts."""
    before, after = file.change.before, file.change.after
    if before is None or after is None or file.target is None:
        return [Refusal(file.change.path, 0, _why_not(file))]
    found = merged(before, after, file.target, replaced=is_pinning(file.change.path))
    if found.data is None:
        return [Refusal(file.change.path, found.line, found.reason)]
    one = Ported(file.change.path, "lines", _made(file, found.data))
    return one, one


def _why_not(file: _Carry) -> str:
    if file.target is None and file.change.before is not None:
        return "is not in the target, and nothing there declares what it changes"
    if is_vendored(file.path):
        return "is vendored code, which is not ported"
    if file.change.after is None:
        return "is removed by the change, but reads otherwise in the target"
    if file.change.before is None:
        return "is new in the change, but the target has a file of that name"
    return "conflicts, and is not Go"


def _agree(one: bytes | None, other: bytes | None) -> bool:
    """Whether two answers are the same but for comments, spaces and the order of imports."""
    if one == other or one is None or other is None:
        return one == other
    return _code(one) == _code(other)


def _code(data: bytes) -> tuple[list[bytes], list[bytes]]:
    words = [word for word in lex(data) if not word.startswith((b"//", b"/*"))]
    end = next((i for i, w in enumerate(words) if w in (b"func", b"type", b"var", b"const")), 0)
    return sorted(words[:end]), words[end:]


# The gates ------------------------------------------------------------------------------------------


def _unsteady(
    room: _Ground, files: Mapping[str, _Carry], ported: Iterable[Ported]
) -> Iterable[Refusal]:
    """What a second run would change once more; one that it refuses it does not change."""
    for each in ported:
        if each.rung == "structure" and each.change.after is not None:
            again = _by_structure(room, files[each.origin]._replace(target=each.change.after))
            if again.data is not None and again.data != each.change.after:
                yield Refusal(each.change.path, 0, "a second run would change it again")


def _judged(
    room: _Ground,
    files: list[_Carry],
    ported: Iterable[Ported],
    left: tuple[tuple[str, str], ...],
) -> Backport:
    by_path = {file.change.path: file for file in files}
    found = tuple(ported)
    vendored = {p.change.path: p.change.after for p in found if is_vendored(p.change.path)}
    judged = [
        _as_judged(by_path[each.origin].change, each)
        for each in found
        if each.change.path.endswith(".go") and not is_vendored(each.change.path)
    ]
    refused = (
        *gate(judged, Sources(room.made, room.target, vendored, room.wishes.by_go)),
        *_unsteady(room, by_path, found),
        *irreversible([each.change for each in found], room.target.source),
    )
    return Backport(room.change, room.target.source.name, found, refused, (), left, NAMES)


def _as_judged(change: FileChange, ported: Ported) -> Judged:
    made = ported.change
    return Judged(made.path, ported.origin, change.before, change.after, made.before, made.after)
