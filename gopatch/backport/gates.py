"""What every port must pass, by whatever rung it came: nothing here knows how it was made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from gopatch.backport.foreign import Refusal
from gopatch.backport.imports_by_need import doubled, imports, sorted_blocks, used_packages
from gopatch.backport.index import Index
from gopatch.backport.lists import ListedRow, called, listing_of
from gopatch.backport.pairing import aligned
from gopatch.backport.resolve import OverlaidSource, Resolver
from gopatch.backport.scopes import Use, bindings, uses
from gopatch.backport.std import too_new
from gopatch.go.tree import parse, position
from gopatch.output.diff import unified
from gopatch.source import Source
from gopatch.source.diffs import Misfit, apply, read
from gopatch.source.overlay import over
from gopatch.splice import FileChange

NAMES = (
    "each file parses", "imports are sorted and single", "every name is bound where it stands",
    "calls fit what they call", "every line is accounted for", "the second run changes nothing",
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
    """What a port is held against; `vendored` is what it changes of others' packages, `by_go` says that
    the toolchain is asked afterwards."""

    made: Index
    target: Index
    vendored: Mapping[str, bytes | None]
    by_go: bool = False


def refusals(files: list[Judged], sources: Sources) -> list[Refusal]:
    """Everything that a port fails at."""
    results = {**sources.vendored, **{file.path: file.result for file in files}}
    afters = {file.origin: file.after for file in files}
    here, there = (
        OverlaidSource(sources.target, results, sources.by_go),
        OverlaidSource(sources.made, afters),
    )
    found: list[Refusal] = []
    for file in files:
        if file.result is not None and file.result != file.target:
            found += _file(file, here, there)
    return found


def irreversible(changes: list[FileChange], target: Source) -> Iterator[Refusal]:
    """What the port's diff, taken back from the result, does not bring back to the byte."""
    for change in changes:
        if change.before == change.after:
            continue
        back = apply(over(target, [change]), read(unified([change], reverse=True), change.path))
        came = None if isinstance(back, Misfit) else {c.path: c.after or b"" for c in back}
        # An empty file that comes or goes has no lines: its diff is empty.
        empty = not change.before and not change.after
        if not empty and came != {change.path: change.before or b""}:
            yield Refusal(change.path, 0, "the port's diff does not go back in reverse")


def _file(file: Judged, here: OverlaidSource, there: OverlaidSource) -> Iterator[Refusal]:
    assert file.result is not None
    broken = parse(file.result).errors()
    if broken and not (file.after and parse(file.after).errors()):
        yield Refusal(file.path, position(file.result, broken[0][0])[0], "the port does not parse")
        return
    if not sorted_blocks(file.result) and (file.target is None or sorted_blocks(file.target)):
        yield Refusal(file.path, 0, "its imports are not in gofmt's order")
    twice = set(doubled(file.result)) - set(doubled(file.target or b""))
    for name in sorted(twice):
        yield Refusal(file.path, 0, f"`{name}` is imported twice")
    yield from _new_imports(file, here)
    yield from _needed_imports(file)
    yield from _names(file, here, there)


def _new_imports(file: Judged, here: OverlaidSource) -> Iterator[Refusal]:
    had = {each.path for each in imports(file.target or b"")}
    assert file.result is not None
    for each in imports(file.result):
        if each.path in had or each.path == "C":
            continue
        if "." not in each.path.split("/")[0]:
            reason = "" if here.by_go else too_new(each.path, here.index)
            if reason:
                line = position(file.result, each.start)[0]
                hint = "write it otherwise, or say `--by go`: then your toolchain decides"
                yield Refusal(file.path, line, reason, hint)
            continue
        if here.folder_of(each.path) is None and (
            here.index.has_vendor()
            or here.index.is_own(each.path)
            or not here.index.mentions(each.path)
        ):
            line = position(file.result, each.start)[0]
            reason = f"the package `{each.path}` is not in the target"
            hint = f"say `--as {each.name}=...` if another package has it here, or --skip {file.origin}"
            yield Refusal(file.path, line, reason, hint)


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
    old = _by_key(file.target)
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
            line = position(file.result, use.start)[0]
            fresh = line in lines or (use.role == "name" and use.name not in loose)
            if not fresh or use.name in told:
                continue
            reason = ours.refuses(use, theirs)
            if reason:
                told.add(use.name)
                yield _explained(file, row, (line, reason, use), theirs)


def _explained(
    file: Judged, row: ListedRow, what: tuple[int, str, Use], theirs: Resolver | None
) -> Refusal:
    """The refusal, with where the source that it was made for binds the name, and what to say."""
    line, reason, use = what
    name = use.name.decode(errors="replace")
    where = called(row)
    if reason.endswith("is not bound"):
        reason += f" in {where}" if where else " here"
    hint = f"say `--as {name}=...` if you know what it is here, or --skip {file.origin}"
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
    return Refusal(file.path, line, reason, hint, name, found.path)


def _by_key(data: bytes | None) -> dict[object, ListedRow]:
    return {row.key: row for row in listing_of(data).rows if row.key and row.nodes} if data else {}
