"""gofmt, the compiler and vet: the port may have no finding that the original has not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from gopatch.verify import Status
from gopatch.verify._go.findings import BuiltPackage, Complaint, compile_all, new, unformatted
from gopatch.verify._go.toolchain import VETS_OVERLAYS
from gopatch.verify._go.two_sides import GoWork, count, remembered, shown, touched_packages
from gopatch.verify._go.vet_answers import vet
from gopatch.verify._go.workspace import overlay


def gofmt(work: GoWork) -> None:
    touched = [change for change in work.changes if change.path.endswith(".go")]
    fresh = []
    for change in touched:
        if change.after is None:
            continue
        after = unformatted(work.space, change.path, change.after)
        if after:
            fresh += new(unformatted(work.space, change.path, change.before), after)
    status: Status = "fail" if fresh else "pass"
    lines = [f"gofmt: {len(touched)} touched files, {count(len(fresh), 'new finding')}"]
    work.report.add("gofmt", status, len(touched), *lines, *shown(fresh))


class _Sorted(NamedTuple):
    """Packages by what became of them: `whole` compile on both sides, `added` in the port alone;
    `alike` are checked to the end on both and compile on neither, `partial` not even that."""

    whole: tuple[str, ...]
    added: tuple[str, ...]
    alike: tuple[str, ...]
    partial: tuple[str, ...]
    fresh: tuple[Complaint, ...]


def build(work: GoWork) -> None:
    """Compile the touched packages of both sides, and vet those that compile in the original."""
    build_packages(work, touched_packages(work))


def build_packages(work: GoWork, packages: Sequence[str]) -> None:
    """As `build`, for these packages."""
    sides = {
        side.name: overlay(work.space, side.name, side.files) for side in (work.before, work.after)
    }
    before = remembered(
        work,
        ("build", tuple(packages)),
        lambda: compile_all(work.space, sides["original"], packages, None),
    )
    cgo = {name: built.cgo for name, built in before.items()}
    after = compile_all(work.space, sides["port"], packages, cgo)
    found = _sorted_out(packages, before, after)
    compiled = found.whole + found.added
    lines = [
        f"build: {len(compiled)} of {count(len(packages), 'touched package')}: {', '.join(compiled)}"
    ]
    lines += [
        f"  {name} does not compile here, before or after, but is checked to its end, and has "
        f"{count(len(after[name].findings), 'finding')} as in the original: {after[name].reason}"
        for name in found.alike
    ]
    lines += [
        f"  {name} does not compile with this Go, before or after: {before[name].reason}"
        for name in found.partial
    ]
    lines += _other_systems(work, after)
    status: Status = "fail" if found.fresh else "inconclusive" if found.partial else "pass"
    work.report.add("build", status, len(packages), *lines, *shown(found.fresh))
    work.report.fresh += found.fresh
    _vet(work, sides, found.whole, cgo)


def _sorted_out(
    packages: Sequence[str], before: Mapping[str, BuiltPackage], after: Mapping[str, BuiltPackage]
) -> _Sorted:
    fresh: list[Complaint] = []
    kinds: dict[str, list[str]] = {"whole": [], "added": [], "alike": [], "partial": []}
    for name in packages:
        was, now = before[name], after[name]
        if now.compiles:
            kinds["whole" if was.compiles else "added"].append(name)
            continue
        found = new(was.findings, now.findings)
        # It compiled before: then something is wrong, whatever the words are.
        fresh += found or (list(now.findings[:1]) if was.compiles else [])
        if not was.compiles and not found:
            kinds["alike" if was.checked and now.checked else "partial"].append(name)
    return _Sorted(**{kind: tuple(names) for kind, names in kinds.items()}, fresh=tuple(fresh))


def _other_systems(work: GoWork, after: Mapping[str, BuiltPackage]) -> list[str]:
    left = [
        path
        for path in work.after.files
        if (built := after.get(path.rpartition("/")[0])) is not None
        and path.rpartition("/")[2] in built.ignored
    ]
    return [f"  not compiled, since they are for another system: {', '.join(left)}"] if left else []


def _vet(
    work: GoWork, sides: Mapping[str, Path], packages: Sequence[str], cgo: Mapping[str, bool]
) -> None:
    if work.space.go.version < VETS_OVERLAYS:
        older = f"vet: not asked, for that of {work.space.go} does not see what is laid over a tree"
        work.report.add("vet", "pass", 0, older)
        return
    fresh, known = list[Complaint](), 0
    for flag in (False, True):
        names = [name for name in packages if cgo[name] is flag]
        both = _both(work, sides, names, cgo=flag)
        if both is not None and new(*both):  # Go's cache may have lost what it knew of one
            both = _both(work, sides, names, cgo=flag, anew=True)
        if both is None:
            work.report.add("vet", "inconclusive", 0, "vet: it did not come to its end")
            return
        known += len(both[0])
        fresh += new(*both)
    status: Status = "fail" if fresh else "pass"
    line = f"vet: {count(len(fresh), 'new finding')}, {known} that the original has too"
    work.report.add("vet", status, len(packages), line, *shown(fresh))
    work.report.fresh += fresh


_Vetted = tuple[tuple[Complaint, ...], tuple[Complaint, ...]]


def _both(
    work: GoWork, sides: Mapping[str, Path], names: Sequence[str], *, cgo: bool, anew: bool = False
) -> _Vetted | None:
    """What vet says of the original and of the port, None where it did not come to its end."""
    first = vet(work.space, sides["original"], names, cgo=cgo, anew=anew)
    second = vet(work.space, sides["port"], names, cgo=cgo, anew=anew)
    return None if first is None or second is None else (first, second)
