"""The ladder: the same blobs, git's three-way merge, structure; and the gates before all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from typing import NamedTuple

from gopatch.backport.by_merge import Result, by_git
from gopatch.backport.dependencies import is_list, is_pinning, merged
from gopatch.backport.foreign import NOTHING, Backport, ForeignChange, Ported, Refusal, Wishes
from gopatch.backport.gates import NAMES, Judged, Sources, irreversible
from gopatch.backport.gates import refusals as gate
from gopatch.backport.index import Index
from gopatch.backport.intact import intact
from gopatch.backport.lists import lex
from gopatch.backport.moved import changed_keys, whereabouts
from gopatch.backport.paths import is_paper, is_test, is_vendored
from gopatch.backport.placed import PlacedFile, located, removed, vendored_copies
from gopatch.backport.structure import FilePair, Rebuilt, rebuild
from gopatch.source import Source
from gopatch.splice import FileChange


class _Asked(NamedTuple):
    """What is asked for: a change, what both sources hold, and wishes; and what was judged on the way, once."""

    change: ForeignChange
    made: Index
    target: Index
    wishes: Wishes
    judged: dict[object, Backport]


def backport(change: ForeignChange, target: Source, wishes: Wishes = NOTHING) -> Backport:
    """Work a change out on a target; nothing is written anywhere."""
    asked = _Asked(change, Index(change.made_for), Index(target), wishes, {})
    paths = [*(c.path for c in change.files), *(path for path, _ in change.rest)]
    copies = vendored_copies(change.files, asked.made, asked.target)
    left = tuple(
        (p, why) for p in dict.fromkeys(paths) if (why := _left_out(p, wishes) or copies.get(p, ""))
    )
    skipped = {path for path, _ in left}
    wanted = (c for c in change.files if c.path not in skipped and c.before != c.after)
    files = [located(c, asked.made, asked.target) for c in wanted]
    if all(f.target == f.change.before for f in files):
        ported = [Ported(f.change.path, "same", _made(f, f.change.after)) for f in files]
        return _whole(_judged(asked, files, ported, left))
    return _whole(_merged(asked, files, left))


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


def _made(file: PlacedFile, data: bytes | None) -> FileChange:
    return FileChange(file.path, file.target, data, file.change.mode)


# Git and structure, side by side -------------------------------------------------------------------


def _merged(asked: _Asked, files: list[PlacedFile], left: tuple[tuple[str, str], ...]) -> Backport:
    gits = by_git(asked.made, asked.target, files)
    known = {f.change.path for f in files if _is_intact(f, gits.get(f.change.path))}
    done = _compared(asked, files, left, (gits, known))
    return _compared(asked, files, left, (gits, set())) if known and done.refusals else done


def _is_intact(file: PlacedFile, git: Result) -> bool:
    """Whether git's answer is the one that structure would give."""
    if git is None or git[0] != file.path or not _has_structure(file):
        return False
    made = intact(file)
    return made is not None and _agree(git[1], made)


def _compared(
    asked: _Asked,
    files: list[PlacedFile],
    left: tuple[tuple[str, str], ...],
    known: tuple[Mapping[str, Result], Set[str]],
) -> Backport:
    """Git's answers and the structure's; that is not asked for files of which its answer is known."""
    gits, sure = known
    asks = [f for f in files if _has_structure(f) and f.change.path not in sure]
    own = {f.change.path: _by_structure(asked, f) for f in asks}
    answers = {f.change.path: _answers(f, gits.get(f.change.path), own, asked) for f in files}
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
        return Backport(asked.change, asked.target.source.name, ported, tuple(refused), (), left)
    first = _judged(asked, files, [a for a, _ in both], left)
    if all(a == b for a, b in both):
        return first
    second = _judged(asked, files, [b for _, b in both], left)
    if not first.refusals and not second.refusals:
        return second._replace(refusals=tuple(_disagreed(both)))
    return second if first.refusals else first


def _disagreed(both: list[tuple[Ported, Ported]]) -> Iterable[Refusal]:
    for one, other in both:
        if one != other:
            hint = "look at both; --skip the file and do it by hand"
            yield Refusal(one.origin, 0, "git's merge and the structure differ here", hint)


def _has_structure(file: PlacedFile) -> bool:
    both = file.change.before is not None and file.change.after is not None
    return file.is_go and both and file.target is not None


def _by_structure(asked: _Asked, file: PlacedFile) -> Rebuilt:
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
    names = {old.encode(): new.encode() for old, new in asked.wishes.names}
    return rebuild(sides, asked.made, asked.target, names)


def _answers(
    file: PlacedFile, git: Result, own: Mapping[str, Rebuilt], asked: _Asked
) -> tuple[Ported, Ported] | list[Refusal]:
    """Git's answer and the structure's, twice the same where they agree or only one is there."""
    path = file.change.path
    made = own.get(path)
    by_git = by_own = None
    if git is None and (is_list(path) or is_pinning(path)):
        return _by_lines(file, asked.target)
    if git is not None:
        target = file.target if git[0] == file.path else asked.target.read(git[0])
        by_git = Ported(path, "git", FileChange(git[0], target, git[1], file.change.mode))
    if made is not None and made.data is not None:
        by_own = Ported(path, "structure", _made(file, made.data), made.edits, made.adaptations)
    if by_git and by_own:
        return (by_git, by_git if _agree(by_git.change.after, by_own.change.after) else by_own)
    one = by_git or by_own or removed(file)
    if one is not None:
        return (one, one)
    return list(made.refusals) if made else [_refused(path, file, asked.target)]


def _by_lines(file: PlacedFile, target: Index) -> tuple[Ported, Ported] | list[Refusal]:
    """A list of dependencies, or a file that pins some, where git's merge conflicts."""
    before, after = file.change.before, file.change.after
    if before is None or after is None or file.target is None:
        return [_refused(file.change.path, file, target)]
    found = merged(before, after, file.target, replaced=is_pinning(file.change.path))
    if found.data is None:
        return [Refusal(file.change.path, found.line, found.reason)]
    one = Ported(file.change.path, "lines", _made(file, found.data))
    return one, one


def _refused(path: str, file: PlacedFile, target: Index) -> Refusal:
    hint = f"carry it by hand, or --skip {file.change.path} if its feature is not there"
    before, after = file.change.before, file.change.after
    if file.target is None and file.is_go and before is not None:
        there = target.vendored_file(file.path) or whereabouts(
            changed_keys(before, after or b""), target
        )
        hint = f"the target has {there}; {hint}" if there else hint
    return Refusal(path, 0, _why_not(file), hint)


def _why_not(file: PlacedFile) -> str:
    if file.target is None and file.change.before is not None:
        return "is not in the target, and no one file there declares all that it changes"
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
    asked: _Asked, files: Mapping[str, PlacedFile], ported: Iterable[Ported]
) -> Iterable[Refusal]:
    """What a second run would change once more; one that it refuses it does not change."""
    for each in ported:
        if each.rung == "structure" and each.change.after is not None:
            again = _by_structure(asked, files[each.origin]._replace(target=each.change.after))
            if again.data is not None and again.data != each.change.after:
                yield Refusal(each.change.path, 0, "a second run would change it again")


def _judged(
    asked: _Asked,
    files: list[PlacedFile],
    ported: Iterable[Ported],
    left: tuple[tuple[str, str], ...],
) -> Backport:
    key = found, _ = tuple(ported), left
    if key not in asked.judged:
        asked.judged[key] = _once_judged(asked, files, found, left)
    return asked.judged[key]


def _once_judged(
    asked: _Asked,
    files: list[PlacedFile],
    found: tuple[Ported, ...],
    left: tuple[tuple[str, str], ...],
) -> Backport:
    by_path = {file.change.path: file for file in files}
    vendored = {p.change.path: p.change.after for p in found if is_vendored(p.change.path)}
    brought = {c.path: c.after for c in asked.change.files if is_vendored(c.path)}
    judged = [
        _as_judged(by_path[each.origin].change, each)
        for each in found
        if each.change.path.endswith(".go") and not is_vendored(each.change.path)
    ]
    skipped = frozenset(path for path, _ in left)
    sources = Sources(asked.made, asked.target, vendored, brought, asked.wishes.by_go, skipped)
    refused = (
        *gate(judged, sources),
        *_unsteady(asked, by_path, found),
        *irreversible([each.change for each in found], asked.target.source),
    )
    return Backport(asked.change, asked.target.source.name, found, refused, (), left, NAMES)


def _as_judged(change: FileChange, ported: Ported) -> Judged:
    made = ported.change
    return Judged(made.path, ported.origin, change.before, change.after, made.before, made.after)
