"""gofmt, the compiler and vet: the port may have no finding that the original has not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from gopatch.verify import Status
from gopatch.verify._go.findings import Built, Finding, compile_all, new, unformatted, vet
from gopatch.verify._go.work import Work, count, shown, touched_packages
from gopatch.verify._go.workspace import overlay


def gofmt(work: Work) -> None:
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


def build(work: Work) -> None:
    """Compile the touched packages of both sides, and vet those that compile in the original."""
    packages = touched_packages(work)
    sides = {
        side.name: overlay(work.space, side.name, side.files) for side in (work.before, work.after)
    }
    before = compile_all(work.space, sides["original"], packages, None)
    cgo = {name: built.cgo for name, built in before.items()}
    after = compile_all(work.space, sides["port"], packages, cgo)
    fresh: list[Finding] = []
    whole: list[str] = []
    partial: list[str] = []
    added: list[str] = []
    alike: list[str] = []
    for name in packages:
        if not after[name].compiles:
            found = new(before[name].findings, after[name].findings)
            # It compiled before: then something is wrong, whatever the words are.
            fresh += found or (list(after[name].findings[:1]) if before[name].compiles else [])
            if not before[name].compiles and not found:
                both = before[name].checked and after[name].checked
                (alike if both else partial).append(name)
        elif before[name].compiles:
            whole.append(name)
        else:
            added.append(name)
    compiled = whole + added
    lines = [
        f"build: {len(compiled)} of {count(len(packages), 'touched package')}: {', '.join(compiled)}"
    ]
    lines += [
        f"  {name} does not compile here, before or after, but is checked to its end, and has "
        f"{count(len(after[name].findings), 'finding')} as in the original: {after[name].reason}"
        for name in alike
    ]
    lines += [
        f"  {name} does not compile with this Go, before or after: {before[name].reason}"
        for name in partial
    ]
    lines += _other_systems(work, after)
    status: Status = "fail" if fresh else "inconclusive" if partial else "pass"
    work.report.add("build", status, len(packages), *lines, *shown(fresh))
    _vet(work, sides, whole, cgo)


def _other_systems(work: Work, after: Mapping[str, Built]) -> list[str]:
    left = [
        path
        for path in work.after.files
        if (built := after.get(path.rpartition("/")[0])) is not None
        and path.rpartition("/")[2] in built.ignored
    ]
    return [f"  not compiled, since they are for another system: {', '.join(left)}"] if left else []


def _vet(
    work: Work, sides: Mapping[str, Path], packages: Sequence[str], cgo: Mapping[str, bool]
) -> None:
    fresh, known = [], 0
    for flag in (False, True):
        names = [name for name in packages if cgo[name] is flag]
        before, after = (vet(work.space, side, names, cgo=flag) for side in sides.values())
        known += len(before)
        fresh += new(before, after)
    status: Status = "fail" if fresh else "pass"
    line = f"vet: {count(len(fresh), 'new finding')}, {known} that the original has too"
    work.report.add("vet", status, len(packages), line, *shown(fresh))
