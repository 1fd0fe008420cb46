"""(Patch, Source) -> Port: all edits or none, checked before anyone sees it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from gopatch.engine.apply import Result, apply, may_fit
from gopatch.engine.match import Miss, Search, find
from gopatch.engine.pattern import Pattern
from gopatch.engine.rewrite import edits_of
from gopatch.errors import ApplyError, GopatchError, OutsideError, SourceError, either
from gopatch.go.tree import declares, parse, position
from gopatch.port._text_edits import TextResult, insert_all
from gopatch.port.outcome import Outcome, Port, Site, Step
from gopatch.recipe.values import Insert, NewFile, Patch, PatchEdit, Variant
from gopatch.source import Source
from gopatch.source.roots import (
    Roots,
    explain_no_engine,
    find_roots,
    glob,
    walk,
    with_packages,
)
from gopatch.splice import FileChange, Splice

_FLAG_FILES = (
    "registry/*.go",
    "daemon/config*.go",
    "daemon/config/*.go",
    "cmd/dockerd/*.go",
    "daemon/command/*.go",
    "docker/*.go",
)
_SKIPPED = {"vendor", "testdata", "node_modules", "third_party", "_vendor"}


class _Written(NamedTuple):
    """A range of a file as it is now that an edit wrote, and how many lines that added."""

    start: int
    end: int
    edit: str
    lines: int


class _FailedError(Exception):
    """An edit that fits but cannot be made; carried to its outcome."""

    def __init__(self, reason: str, hint: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.hint = hint


Memo = dict[tuple[int, bytes], "Result | GopatchError"]
_State = tuple[dict[str, bytes], dict[str, list[_Written]]]
_Make = Callable[["_Work", PatchEdit, list[str]], Outcome]


class _Work:
    """The state of one port: the source, what has been changed so far, and what is known."""

    def __init__(self, patch: Patch, source: Source, roots: Roots, memo: Memo) -> None:
        self.patch = patch
        self.source = source
        self.roots = roots
        self.memo = memo
        self.changed: dict[str, bytes] = {}
        self.originals: dict[str, bytes | None] = {}
        self.written: dict[str, list[_Written]] = {}
        # For each file, the edits that wrote it, once for each of their changes.
        self.writers: dict[str, list[str]] = {}
        self.listed: dict[tuple[str, str], list[str]] = {}
        self.has_place: dict[str, bool] = {}

    def stands_alone(self, edit: PatchEdit) -> bool:
        """Whether what an edit wrote is all that was written to its files, in one go."""
        mine = [names for names in self.writers.values() if edit.name in names]
        return bool(mine) and all(names == [edit.name] for names in mine)

    def state(self) -> _State:
        """What has been changed so far, to be restored if the next edit fails."""
        return dict(self.changed), {path: list(done) for path, done in self.written.items()}

    def restore(self, state: _State) -> None:
        self.changed, self.written = state

    def line(self, path: str, line: int) -> int:
        """The line of the source's own file that line `line` of the file as it is now was."""
        data = self.changed[path]
        above = [w for w in self.written.get(path, []) if position(data, w.start)[0] < line]
        return line - sum(w.lines for w in above)

    def read(self, path: str) -> bytes:
        if path not in self.changed:
            data = self.source.read(path)
            self.changed[path] = self.originals[path] = data
        return self.changed[path]

    def glob(self, root: str, pattern: str) -> list[str]:
        if (root, pattern) not in self.listed:
            self.listed[root, pattern] = glob(self.source, root, pattern)
        return self.listed[root, pattern]

    def apply(self, pattern: Pattern, path: str, *, explain: bool = False) -> Result:
        data = self.read(path)
        key = (id(pattern), data)
        if explain or key not in self.memo:
            try:
                self.memo[key] = apply(pattern, data, path, explain=explain)
            except ApplyError as error:
                self.memo[key] = error
        found = self.memo[key]
        if isinstance(found, GopatchError):
            line = None if found.line is None else self.line(path, found.line)
            raise ApplyError(
                found.message, path=path, line=line, column=found.column, hint=found.hint
            )
        return found


def work_out(
    patch: Patch, source: Source, memo: Memo | None = None, *, roots: Roots | None = None
) -> Port:
    """Work `patch` out on `source`. Nothing is written anywhere.

    `memo` may be shared by ports of the same patch: what a change does to the same bytes is
    worked out once. `roots` are looked for unless they are given, as for a tree that is too small
    to be known. Raises SourceError where the source is not Docker at all (a lone .patch runs on any
    Go).
    """
    given = roots is not None
    if roots is None:
        roots = Roots("", None) if patch.lone else find_roots(source)
    if roots.engine is None and not patch.lone:
        raise SourceError(explain_no_engine(source), path=source.name)
    work = _Work(patch, source, roots, {} if memo is None else memo)
    outcomes: list[Outcome] = []
    states = [dict(work.changed)]
    for edit in patch.edits:
        outcomes.append(_outcome(work, edit))
        states.append(dict(work.changed))
    _check_helpers(patch, outcomes)
    port = Port(patch, source.name, roots, tuple(outcomes))
    if port.failed and not (patch.lone or given or _knows_lists(work)):
        raise OutsideError(
            "this is Docker before --insecure-registry existed (v1.3.1 is the first with it)",
            path=source.name,
        )
    if port.failed:
        return port
    first, last = states[0], states[-1]
    changes = _between(work, first, last)
    steps = tuple(
        Step(edit.name, _between(work, before, after))
        for edit, (before, after) in zip(patch.edits, pairwise(states), strict=True)
    )
    if changes:
        _check_second_run(work)
    return port._replace(changes=changes, steps=steps)


def _between(
    work: _Work, before: dict[str, bytes], after: dict[str, bytes]
) -> tuple[FileChange, ...]:
    """The files that differ between two states of the work, sorted by path."""
    pairs = ((path, before.get(path, work.originals[path]), after[path]) for path in sorted(after))
    return tuple(
        FileChange(path, old, new, _mode(work.source, path))
        for path, old, new in pairs
        if old != new
    )


def _knows_lists(work: _Work) -> bool:
    """Whether the daemon has heard of insecure registries: where it registers its flags."""
    return any(
        b"insecure-registry" in work.source.read(path)
        for pattern in _FLAG_FILES
        for path in work.glob(work.roots.engine or "", pattern)
    )


def _mode(source: Source, path: str) -> int:
    entry = source.entry(path)
    return entry.mode if entry is not None else 0o100644


def _check_second_run(work: _Work) -> None:
    """Applied twice must change nothing the second time."""
    before = dict(work.changed)
    for edit in work.patch.edits:
        if work.stands_alone(edit):
            continue  # the engine has run its one change a second time already
        outcome = _outcome(work, edit)
        if outcome.status not in ("already", "absent") or work.changed != before:
            if work.patch.lone and work.changed == before:
                continue
            raise ApplyError(
                f"a second run would change more: the edit `{edit.name}` is {outcome.status}",
                hint="make its variants tell what is done already",
            )


def _outcome(work: _Work, edit: PatchEdit) -> Outcome:
    saved = work.state()
    try:
        return _worked(work, edit)
    except (_FailedError, ApplyError, SourceError) as error:
        work.restore(saved)
        reason = error.reason if isinstance(error, _FailedError) else str(error)
        return Outcome(edit.name, "failed", None, (), reason, error.hint or "")


def _worked(work: _Work, edit: PatchEdit) -> Outcome:
    if work.patch.lone:
        return _lone(work, edit)
    if edit.helper and not _is_of_use(work, edit):
        return Outcome(edit.name, "absent", reason="nothing that needs it has a place here")
    outcomes = []
    for root in _roots(work.roots, edit):
        if edit.variants and edit.variants[0].inserts:
            outcomes += [_text(work, edit, path) for path in _files(work, edit, root)]
            continue
        make = _added if edit.adds else _go
        outcomes.append(_anchored(work, edit, root, make))
    return _merged(edit, outcomes)


def _is_of_use(work: _Work, helper: PatchEdit) -> bool:
    """Whether a helper comes along: an edit that needs it has a place, or it was asked for alone."""
    users = [edit for edit in work.patch.edits if helper.name in edit.needs]
    return not users or any(
        _is_of_use(work, edit) if edit.helper else _has_place(work, edit) for edit in users
    )


def _has_place(work: _Work, edit: PatchEdit) -> bool:
    if edit.name not in work.has_place:
        roots = _roots(work.roots, edit)
        found = [path for root in roots for path in _files(work, edit, root)]
        work.has_place[edit.name] = not edit.anchors or (
            any(text.encode() in work.read(path) for path in found for text in edit.anchors)
            if edit.variants and edit.variants[0].inserts
            else any(_unneeded(work, edit, root) is None for root in roots)
        )
    return work.has_place[edit.name]


def _check_helpers(patch: Patch, outcomes: list[Outcome]) -> None:
    """What an edit needs of helpers is there, also if others have changed the source meanwhile."""
    status = {outcome.edit: outcome.status for outcome in outcomes}
    for helper in (edit for edit in patch.edits if edit.helper):
        for user in (edit for edit in patch.edits if helper.name in edit.needs):
            if status[helper.name] == "absent" and status[user.name] in ("applied", "already"):
                raise ApplyError(f"the edit `{user.name}` needs `{helper.name}`, which is absent")


def _anchored(work: _Work, edit: PatchEdit, root: str, make: _Make) -> Outcome:
    """Make an edit of Go in the files that it names, else in the packages that they belong to.

    Go knows packages, not files: a fork may have given any file another name.
    """
    if (missing := _unneeded(work, edit, root)) is not None:
        return missing
    files, wider = _files(work, edit, root), _packages(work, edit, root)
    saved = work.state()
    try:
        return make(work, edit, files)
    except (_FailedError, ApplyError) as error:
        if len(wider) == len(files):
            raise
        work.restore(saved)
        try:
            return make(work, edit, wider)
        except (_FailedError, ApplyError):
            if _folders(files) == _folders(wider) and (
                not edit.anchors or _declared_in(work, files, edit.anchors)
            ):
                raise error from None  # no file is missing: the nearest place is in one of them
            raise


def _unneeded(work: _Work, edit: PatchEdit, root: str) -> Outcome | None:
    """The outcome of an edit whose anchors are declared nowhere, or which something forbids."""
    files, wider = _files(work, edit, root), _packages(work, edit, root)
    names = edit.anchors
    if names and not (_declared_in(work, files, names) or _declared_in(work, wider, names)):
        return Outcome(edit.name, "absent", reason=f"nothing declares {either(edit.anchors)} here")
    if edit.unless and (found := _declared_in(work, wider, edit.unless)):
        return Outcome(edit.name, "absent", reason=f"`{found}` is declared here")
    return None


def _folders(files: Iterable[str]) -> set[str]:
    return {path.rpartition("/")[0] for path in files}


def _declared_in(work: _Work, files: Iterable[str], names: Sequence[str]) -> str:
    """The first of `names` that one of `files` declares, or ""."""
    return next((n for n in names if any(declares(work.read(path), n) for path in files)), "")


def _roots(roots: Roots, edit: PatchEdit) -> list[str]:
    wanted = {"engine": (roots.engine,), "cli": (roots.cli,)}
    both = wanted.get(edit.root, (roots.engine, roots.cli))
    return list(dict.fromkeys(root for root in both if root is not None))


def _files(work: _Work, edit: PatchEdit, root: str) -> list[str]:
    found: dict[str, None] = {}
    for pattern in edit.files:
        for path in work.glob(root, pattern):
            if not path.endswith("_test.go"):
                found[path] = None
    return list(found)


def _packages(work: _Work, edit: PatchEdit, root: str) -> list[str]:
    """The files that an edit names, then the others of their packages."""
    return _files(work, edit._replace(files=tuple(with_packages(edit.files))), root)


def _merged(edit: PatchEdit, outcomes: list[Outcome]) -> Outcome:
    """One outcome of an edit over several roots or files."""
    found = [o for o in outcomes if o.status != "absent"]
    if not found:
        reason = next((o.reason for o in outcomes if o.reason), "the source has no such files")
        if not edit.anchors:
            raise _FailedError(
                f"no file of {', '.join(edit.files)} is there", "is this Docker's engine?"
            )
        return Outcome(edit.name, "absent", None, (), reason)
    status = "applied" if any(o.status == "applied" for o in found) else "already"
    variants = dict.fromkeys(o.variant for o in found if o.variant)
    sites = tuple(site for o in found for site in o.sites)
    return Outcome(edit.name, status, ", ".join(variants) or None, sites)


# Go ------------------------------------------------------------------------------------------


def _go(work: _Work, edit: PatchEdit, files: list[str]) -> Outcome:
    if not files:
        raise _FailedError(f"no file of {', '.join(edit.files)} is there")
    misses: list[tuple[str, Miss | None, str, Pattern]] = []
    for variant in edit.variants:
        saved = work.state()
        found = _variant(work, edit, variant, files)
        if isinstance(found, Outcome):
            return found
        work.restore(saved)
        misses.append(found)
    raise _FailedError(*_explain(work, edit, files))


def _variant(
    work: _Work, edit: PatchEdit, variant: Variant, files: list[str]
) -> Outcome | tuple[str, Miss | None, str, Pattern]:
    """The outcome of a variant whose changes all fit, or what did not fit."""
    statuses: set[str] = set()
    sites: list[Site] = []
    for pattern in variant.patterns:
        here: list[Site] = []
        for path in files:
            result = work.apply(pattern, path)
            if result.status == "missing":
                continue
            here += [Site(path, work.line(path, line), at) for line, at in result.sites]
            statuses.add(result.status)
            _note_written(work, edit, path, result)
            here += _left(work, edit, pattern, path)
        if not here:
            return variant.name, None, "", pattern
        if edit.matches and len(here) != edit.matches:
            places = ", ".join(map(str, here))
            raise _FailedError(
                f"{variant.name}: {len(here)} places match where {edit.matches} may: {places}",
                "make the variant say more of its surroundings",
            )
        sites += here
    if variant.adds:
        paths = _beside(sites[0].path, variant.adds)
        statuses |= {_new_file(work, path, new.content) for path, new in paths}
        sites = [Site(path, 1, 1) for path, _ in paths]
    status = "applied" if "applied" in statuses else "already"
    return Outcome(edit.name, status, variant.name, tuple(dict.fromkeys(sites)))


def _left(work: _Work, edit: PatchEdit, pattern: Pattern, path: str) -> list[Site]:
    """Places that a change which removes something leaves as they were.

    A function that `...` runs through matches once, however many guards of one form it has.
    """
    if not edit.matches or not any(run.gone for run in pattern.runs):
        return []
    file = parse(work.changed[path])
    found = []
    for match in find(Search.minus(pattern), file):
        start = min(change.start for change in edits_of(pattern, match, file))
        line, column = position(file.data, start)
        found.append(Site(path, work.line(path, line), column))
    return found


def _note_written(work: _Work, edit: PatchEdit, path: str, result: Result) -> None:
    """Take the new bytes, unless two edits of the patch claim the same ones."""
    if result.status != "applied":
        return
    old = work.changed[path]
    known = work.written.get(path, [])
    for change in result.edits:
        for start, end, name, _ in known:
            if name != edit.name and max(change.start, start) < min(change.end, end):
                line, column = position(old, change.start)
                raise _FailedError(
                    f"{path}:{work.line(path, line)}:{column}: the edits `{name}` and `{edit.name}` "
                    "change the same bytes",
                    "make one edit of them",
                )
    ranges = _ranges(old, result.edits, edit.name)
    work.written[path] = [*_moved(known, result.edits), *ranges]
    work.changed[path] = result.after
    work.writers.setdefault(path, []).append(edit.name)


def _ranges(old: bytes, edits: Iterable[Splice], name: str) -> list[_Written]:
    found, shift = [], 0
    for edit in sorted(edits):
        start = edit.start + shift
        lines = edit.new.count(b"\n") - old.count(b"\n", edit.start, edit.end)
        found.append(_Written(start, start + len(edit.new), name, lines))
        shift += len(edit.new) - (edit.end - edit.start)
    return found


def _moved(known: list[_Written], edits: Iterable[Splice]) -> list[_Written]:
    """Ranges of earlier edits, where later ones have pushed them."""
    ordered = sorted(edits)

    def shift(at: int) -> int:
        return at + sum(len(e.new) - (e.end - e.start) for e in ordered if e.end <= at)

    return [w._replace(start=shift(w.start), end=shift(w.end)) for w in known]


def _explain(work: _Work, edit: PatchEdit, files: list[str]) -> tuple[str, str]:
    """Which step of which variant came furthest, and what stood there."""
    best: tuple[float, str, str, Miss, Pattern] | None = None
    for variant in edit.variants:
        met = 0
        for pattern in variant.patterns:
            found = [(path, work.apply(pattern, path, explain=True)) for path in files]
            if any(result.status != "missing" for _, result in found):
                met += 3 * len(pattern.literals)
                continue
            for path, result in found:
                miss = result.miss
                if miss is None or miss.count < 0:
                    continue
                rank = miss.count + met + min(miss.likeness, 99) / 100
                if best is None or rank > best[0]:
                    best = rank, variant.name, path, miss, pattern
            break
    if best is None:
        pattern = edit.variants[0].patterns[0]
        node = pattern.minus[0] if pattern.minus else None
        wanted = f"wanted `{node.text}` ({pattern.change.path}:{_at(node.place)}), " if node else ""
        return f"no variant fits; {wanted}nothing is like it in {len(files)} files", ""
    _, name, path, miss, pattern = best
    line, column = position(work.read(path), miss.offset)
    line = work.line(path, line)
    step = f"{pattern.change.path}:{miss.step[0]}:{miss.step[1]}"
    stood = f"`{miss.found}` stands there" if miss.found else "nothing more stands there"
    reason = f"no variant fits; nearest is {name} at {path}:{line}:{column}: wanted `{miss.wanted}` ({step}), {stood}"
    file = parse(work.read(path))
    low, high = file.declaration(miss.offset, miss.offset + 1)
    if any(start <= high and low <= end for start, end in file.errors()):
        return f"{reason}; the Go around it does not parse", "mend that file first"
    return reason, "look at that place; a source of this form needs a variant of its own"


def _at(place: tuple[int, int]) -> str:
    return f"{place[0]}:{place[1]}"


# New files -----------------------------------------------------------------------------------


def _added(work: _Work, edit: PatchEdit, files: list[str]) -> Outcome:
    beside = next((path for path in files if declares(work.read(path), edit.beside)), None)
    if beside is None:
        raise _FailedError(f"no file of {', '.join(edit.files)} declares `{edit.beside}`")
    paths = _beside(beside, edit.adds)
    statuses = {_new_file(work, path, new.content) for path, new in paths}
    status = "applied" if "applied" in statuses else "already"
    sites = tuple(Site(path, 1, 1) for path, _ in paths)
    return Outcome(edit.name, status, ", ".join(new.name for new in edit.adds), sites)


def _beside(path: str, adds: Iterable[NewFile]) -> list[tuple[str, NewFile]]:
    """New files with their paths, in the folder of `path`."""
    folder = path.rpartition("/")[0]
    return [(f"{folder}/{new.name}" if folder else new.name, new) for new in adds]


def _new_file(work: _Work, path: str, content: bytes) -> str:
    if path in work.changed or work.source.entry(path) is not None:
        if work.read(path) == content:
            return "already"
        raise _FailedError(
            f"{path} is there already, with other content", "remove or rename that file"
        )
    work.originals[path] = None
    work.changed[path] = content
    return "applied"


# Text ----------------------------------------------------------------------------------------


def _text(work: _Work, edit: PatchEdit, path: str) -> Outcome:
    data = work.read(path)
    if edit.anchors and not any(text.encode() in data for text in edit.anchors):
        return Outcome(
            edit.name, "absent", reason=f"{either(edit.anchors)} is in no file of this edit"
        )
    reasons = []
    for variant in edit.variants:
        result: TextResult = insert_all(variant.inserts, data)
        if result.status != "missing":
            work.changed[path] = result.after
            sites = tuple(Site(path, *site) for site in result.sites)
            return Outcome(edit.name, result.status, variant.name, sites)
        reasons.append(f"{variant.name}: {result.reason}")
    raise _FailedError(f"{path}: no variant fits; {'; '.join(reasons)}")


# Lone patches --------------------------------------------------------------------------------


def _lone(work: _Work, edit: PatchEdit) -> Outcome:
    """A .patch file on any Go: each change wherever it fits, at least one of them somewhere."""
    files = [p for p in walk(work.source, "", ".go") if not _SKIPPED & set(p.split("/")[:-1])]
    if not files:
        raise _FailedError("there are no Go files here")
    statuses: set[str] = set()
    sites: dict[Site, None] = {}
    (variant,) = edit.variants
    for path in files:
        for pattern in variant.patterns:
            if not may_fit(pattern, work.read(path)):
                continue
            result = work.apply(pattern, path)
            if result.status == "missing":
                continue
            statuses.add(result.status)
            sites.update({Site(path, *site): None for site in result.sites})
            work.changed[path] = result.after
    if not statuses:
        raise _FailedError(*_explain(work, edit, files[:2000]))
    status = "applied" if "applied" in statuses else "already"
    return Outcome(edit.name, status, variant.name, tuple(sites))


__all__ = [
    "Insert",
    "Memo",
    "Outcome",
    "OutsideError",
    "Port",
    "Site",
    "Step",
    "declares",
    "work_out",
]
