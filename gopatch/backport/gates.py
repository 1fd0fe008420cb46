"""What every port must pass, by whatever rung it came: nothing here knows how it was made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from itertools import groupby
from typing import NamedTuple

from gopatch.backport.abandoned import Abandoned, abandoned, miscalled
from gopatch.backport.changed_types import BothTypes, both_types
from gopatch.backport.compilable import worse
from gopatch.backport.foreign import Refusal
from gopatch.backport.go_files import go_file
from gopatch.backport.imports_by_need import doubled, imports, sorted_blocks, used_packages
from gopatch.backport.index import Index
from gopatch.backport.lists import ListedRow, called, listing_of
from gopatch.backport.overlaid import OverlaidSource
from gopatch.backport.pairing import aligned
from gopatch.backport.paths import is_test
from gopatch.backport.redeclared import imported_too, redeclared
from gopatch.backport.resolvable import unresolved
from gopatch.backport.resolve import Resolver
from gopatch.backport.scopes import Use, bindings, uses
from gopatch.backport.unfit import meant_otherwise, unfit_in, unmet
from gopatch.go.strict import GoRefusal, new_refusals
from gopatch.go.strict import refusals as refused_in
from gopatch.go.tree import position
from gopatch.output.diff import unified
from gopatch.source import Source
from gopatch.source.diffs import Misfit, apply, read
from gopatch.source.overlay import over
from gopatch.splice import FileChange

NAMES = (
    "each file parses", "imports are sorted and single", "nothing is declared twice, or gone and used",
    "every name is bound where it stands", "what is returned, declared and listed is as Go has it",
    "calls fit what they call", "values fit the types that are shown", "every line is accounted for", "the second run changes nothing",
    "in reverse the target's bytes come back",
)  # fmt: skip


class Judged(NamedTuple):
    """A Go file of a port: its path in the target and in the change, and its bytes on four sides."""

    path: str
    origin: str
    before: bytes | None
    after: bytes | None
    target: bytes | None
    result: bytes | None


class Sources(NamedTuple):
    """What a port is held against; `vendored` is what it changes of others' packages, `brought` what the
    change does of them, `by_go` says that the toolchain is asked afterwards, `left` are the files that the
    user leaves out of the change."""

    made: Index
    target: Index
    vendored: Mapping[str, bytes | None]
    brought: Mapping[str, bytes | None]
    by_go: bool = False
    left: Set[str] = frozenset()


def refusals(files: list[Judged], sources: Sources) -> list[Refusal]:
    """Everything that a port fails at."""
    results = {**sources.vendored, **{file.path: file.result for file in files}}
    afters = {**sources.brought, **{file.origin: file.after for file in files}}
    here, there = (
        OverlaidSource(sources.target, results, sources.by_go),
        OverlaidSource(sources.made, afters),
    )
    found: list[Refusal] = []
    for file in files:
        if file.result is not None and file.result != file.target:
            found += _file(file, here, there)
        if file.target is not None and file.result != file.target:
            found += _abandoned(file, here, there, sources.left)
    told = {(refusal.path, refusal.line) for refusal in found}
    types = both_types(here), both_types(there)
    for each in dict.fromkeys(_unfit(files, types, sources.left)):
        if (each.path, each.line) not in told:
            found.append(each)
    return found


def _unfit(
    files: list[Judged], types: tuple[BothTypes, BothTypes], left: Set[str]
) -> Iterator[Refusal]:
    """What the target's types do not take, but for what the change leaves so in its own source."""
    changed = sorted((f for f in files if f.result != f.target), key=lambda each: each.path)
    for _, group in groupby(changed, lambda each: each.path.rpartition("/")[0]):
        of_folder = list(group)
        found = list(unfit_in([each.path for each in of_folder], types[0], left))
        made = [each.origin for each in of_folder]
        found = unmet(found, unfit_in(made, types[1], left))
        for file in of_folder:
            found += meant_otherwise(file.path, file.origin, *types)
        for path, line, reason in found:
            hint = f"carry it by hand, or --skip {' --skip '.join(made)}"
            yield Refusal(path, line, reason, hint)


def _abandoned(
    file: Judged, here: OverlaidSource, there: OverlaidSource, left: Set[str]
) -> Iterator[Refusal]:
    """A step of several may leave its own source so, too: then nobody can tell."""
    assert file.target is not None
    found = _left_behind(file.path, (file.target, file.result), here, left)
    before = file.before if found else None
    same = _left_behind(file.origin, (before, file.after), there, left) if before else ()
    known = {gone.name for gone in same}
    for gone in found:
        if gone.name not in known:
            what = "named here, and the change takes it away"
            if gone.calls >= 0:
                what = f"called with {gone.calls} arguments here, and the change has it take others"
            hint = f"port what keeps it, or --skip {file.origin}"
            yield Refusal(gone.path, gone.line, f"`{gone.name}` is {what} ({file.path})", hint)


def _left_behind(
    path: str, sides: tuple[bytes, bytes | None], here: OverlaidSource, left: Set[str]
) -> list[Abandoned]:
    found = [each._replace(calls=-1) for each in abandoned(path, sides, here, left)]
    target, result = sides
    return [*found, *(miscalled(path, (target, result), here, left) if result else ())]


def irreversible(changes: list[FileChange], target: Source) -> Iterator[Refusal]:
    """What the port's diff, taken back from the result, does not bring back to the byte."""
    for change in changes:
        if change.before == change.after:
            continue
        back = apply(over(target, [change]), read(unified([change], reverse=True), change.path))
        came = None if isinstance(back, Misfit) else {c.path: c.after or b"" for c in back}
        if came != {change.path: change.before or b""}:
            yield Refusal(change.path, 0, "the port's diff does not go back in reverse")


def _file(file: Judged, here: OverlaidSource, there: OverlaidSource) -> Iterator[Refusal]:
    assert file.result is not None
    broken = _unparsed(file)
    if broken is not None:
        yield Refusal(file.path, position(file.result, broken.offset)[0], broken.reason)
        return
    if not sorted_blocks(file.result) and (file.target is None or sorted_blocks(file.target)):
        yield Refusal(file.path, 0, "its imports are not in gofmt's order")
    twice = set(doubled(file.result)) - set(doubled(file.target or b""))
    for name in sorted(twice):
        yield Refusal(file.path, 0, f"`{name}` is imported twice")
    yield from _redeclared(file, here, there)
    yield from _new_imports(file, here)
    yield from _needed_imports(file)
    told: set[str] = set()
    for refusal in (*_names(file, here, there), *_worse(file)):
        name = refusal.reason.split("`")[1]
        if name.rpartition(".")[2] not in told:
            told.add(name)
            yield refusal


def _unparsed(file: Judged) -> GoRefusal | None:
    """What of a port no Go parser takes, but for what the change leaves so in its own source."""
    result = go_file(file.result or b"")
    after = go_file(file.after) if file.after else None
    broken = result.errors()
    if broken and not (after and after.errors()):
        return GoRefusal(broken[0][0], "the port does not parse")
    found = new_refusals(go_file(file.target or b""), result) if not broken else []
    known = {each.reason for each in refused_in(after)} if found and after else set()
    reasons = (each for each in found if each.reason not in known)
    return next(
        (each._replace(reason=f"the port does not parse: {each.reason}") for each in reasons), None
    )


def _worse(file: Judged) -> Iterator[Refusal]:
    assert file.result is not None
    for line, reason in worse((file.before, file.after), (file.target, file.result)):
        yield Refusal(file.path, line, reason, f"mend it by hand, or --skip {file.origin}")


def _redeclared(file: Judged, here: OverlaidSource, there: OverlaidSource) -> Iterator[Refusal]:
    assert file.result is not None
    found = _declared(file.path, file.result, file.target, here)
    after = file.after if found else None
    known = {name for name, _ in _declared(file.origin, after, None, there)} if after else set()
    for name, path in found:
        if name not in known:
            hint = f"look at both, and --skip {file.origin} if it is the same"
            yield Refusal(file.path, 0, f"`{name}` comes, and {path} declares it already", hint)


def _declared(
    path: str, data: bytes, old: bytes | None, side: OverlaidSource
) -> list[tuple[str, str]]:
    return [*redeclared(path, data, old, side), *imported_too(path, data, old, side)]


def _new_imports(file: Judged, here: OverlaidSource) -> Iterator[Refusal]:
    had = {each.path for each in imports(file.target or b"")}
    assert file.result is not None
    for each in imports(file.result):
        if each.path in had:
            continue
        reason = unresolved(each.path, file.path, file.result, here)
        if reason:
            hint = f"say `--as {each.name}=...` if another package has it here, or --skip {file.origin}"
            if "." not in each.path.partition("/")[0]:
                hint = "write it otherwise, or say `--by go`: then your toolchain decides"
            yield Refusal(file.path, position(file.result, each.start)[0], reason, hint)


def _needed_imports(file: Judged) -> Iterator[Refusal]:
    """What is imported no more but used, and what is imported now and not used."""
    assert file.result is not None
    old = {each.name for each in imports(file.target or b"") if each.alias not in ("_", ".")}
    new = {each.name for each in imports(file.result) if each.alias not in ("_", ".")}
    used = used_packages(file.result, old ^ new)
    for name in sorted((old - new) & used):
        yield Refusal(file.path, 0, f"`{name}` is used, but imported no more")
    known = used_packages(file.after or b"", new - old) | used_packages(
        file.before or b"", new - old
    )
    for name in sorted((new - old - used) & known):
        yield Refusal(file.path, 0, f"`{name}` is imported and not used")


def changed_lines(target: bytes, result: bytes) -> set[int]:
    """The lines of `result`, from 1, that `target` does not have."""
    old, new = target.split(b"\n"), result.split(b"\n")
    kept = {k for _, k in aligned(old, new)}
    return {k + 1 for k in range(len(new)) if k not in kept}


def _names(file: Judged, here: OverlaidSource, there: OverlaidSource) -> Iterator[Refusal]:
    assert file.result is not None
    old, result = _by_key(file.target), go_file(file.result)
    ours = Resolver(file.path, file.result, here)
    theirs = Resolver(file.origin, file.after, there) if file.after is not None else None
    lines = changed_lines(file.target or b"", file.result)
    told: set[bytes] = set()
    for row in listing_of(file.result).rows:
        if not row.nodes or row.kind in ("import_declaration", "package_clause"):
            continue
        was = old.get(row.key)
        if was is not None and was.text == row.text:
            continue
        loose = {use.name for use in uses(was.nodes[0]) if use.role == "name"} if was else set()
        for use in (use for node in row.nodes for use in uses(node)):
            line = result.position(use.start)[0]
            fresh = line in lines or (use.role == "name" and use.name not in loose)
            if not fresh or use.name in told:
                continue
            reason = ours.refuses(use, theirs)
            if reason:
                told.add(use.name)
                yield _explained(file, row, (line, reason, use), (ours, theirs))


def _explained(
    file: Judged,
    row: ListedRow,
    what: tuple[int, str, Use],
    sides: tuple[Resolver, Resolver | None],
) -> Refusal:
    """The refusal, with where the source that it was made for binds the name, and what to say."""
    (line, reason, use), (ours, theirs) = what, sides
    name = use.name.decode(errors="replace")
    where = called(row)
    if reason.endswith("is not bound"):
        reason += f" in {where}" if where else " here"
    tests = " (or --without tests)" if is_test(file.origin) else ""
    hint = f"say `--as {name}=WORDS` with what stands for it here, a name or an expression; or --skip {file.origin}{tests}"
    if reason.startswith((f"`{name}` takes", f"`{name}` gives")):  # no other name would mend that
        hint = f"carry the call by hand, or --skip {file.origin}{tests}"
    if theirs is None:
        return Refusal(file.path, line, reason, hint)
    old = _by_key(theirs.data).get(row.key)
    if use.role == "name" and old is not None and use.name in (bound := bindings(old.nodes[0])):
        at, kind = bound[use.name]
        place = f"{file.origin}:{position(theirs.data, at)[0]}"
        reason += f"; the source it was made for has it as {kind} ({place})"
        return Refusal(file.path, line, reason, hint)
    found = min(theirs.declares(use), key=lambda declared: declared.path, default=None)
    if found is None:
        return Refusal(file.path, line, reason, hint)
    reason += f"; the source it was made for declares it at {found.path}:{theirs.line_of(found)}"
    # What is there and takes other arguments is not missing: no commit brought it.
    missing = not ours.declares(use)
    return Refusal(file.path, line, reason, hint, name if missing else "", found.path)


def _by_key(data: bytes | None) -> dict[object, ListedRow]:
    return {row.key: row for row in listing_of(data).rows if row.key and row.nodes} if data else {}
