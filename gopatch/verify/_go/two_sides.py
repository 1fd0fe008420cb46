"""What the steps of the judge `go` share: both sides of the port, and what has been found."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from gopatch.port.work import Port
from gopatch.source import Source
from gopatch.source.roots import join
from gopatch.splice import FileChange
from gopatch.verify import Case, Finding, Opinion, Status
from gopatch.verify._go.findings import Complaint as GoFinding
from gopatch.verify._go.workspace import Workspace

SHOWN = 5
T = TypeVar("T")


class JudgedSide(NamedTuple):
    """The original or the port: `files` differ from the source, below the engine root."""

    name: str
    files: dict[str, bytes | None]
    registry: dict[str, bytes]
    run: dict[str, bytes | None] | None = None
    """What is compiled to be run, where that is not what is judged: it notes which statements ran."""

    @property
    def runs(self) -> dict[str, bytes | None]:
        return self.files if self.run is None else self.run


class Report:
    """What has been found so far."""

    def __init__(self) -> None:
        self.summary: list[str] = []
        self.cases: list[Case] = []
        self.lines: dict[str, tuple[str, ...]] = {}
        """What is said of a case, by its name; it is in the summary, too."""
        self.counterexample = ""
        self.fresh: list[GoFinding] = []

    def add(self, name: str, status: Status, total: int, *lines: str) -> None:
        self.cases.append(Case(name, status, total))
        self.lines[name] = lines
        self.summary += lines

    def opinion(self, findings: tuple[Finding, ...] = ()) -> Opinion:
        status = worst(case.status for case in self.cases)
        lines, cases = tuple(self.summary), tuple(self.cases)
        return Opinion("go", status, lines, cases, self.counterexample, findings)


def worst(found: Iterable[Status]) -> Status:
    """The status of several things together, "inconclusive" of none."""
    order: tuple[Status, ...] = ("fail", "inconclusive", "pass")
    known = set(found)
    return next((one for one in order if one in known), "inconclusive")


class GoWork(NamedTuple):
    """All that the steps share. `before` and `after` are the same where there is no original."""

    space: Workspace
    source: Source
    before: JudgedSide
    after: JudgedSide
    registry: str | None
    changes: tuple[FileChange, ...]
    jobs: int
    options: Mapping[str, Any]
    report: Report

    def tests_of(self, folder: str) -> set[str]:
        """The test files of a package of the original, below the engine root."""
        return {path for path in self._go_of(folder) if path.endswith("_test.go")}

    def untouched(self, folder: str) -> Iterator[tuple[str, bytes]]:
        """The Go files of a package that the port leaves as they are, below the engine root."""
        for path in self._go_of(folder):
            if path not in self.after.files:
                yield path, self.source.read(join(self.space.prefix, path))

    def package_of(self, folder: str) -> str:
        """What a folder's package calls itself."""
        for path in self._go_of(folder):
            data = self.source.read(join(self.space.prefix, path))
            if found := re.search(rb"^package (\w+)", data, re.MULTILINE):
                return found[1].decode().removesuffix("_test")
        return folder.rpartition("/")[2]

    def _go_of(self, folder: str) -> list[str]:
        entries = self.source.listdir(join(self.space.prefix, folder))
        names = (e.name for e in entries if e.kind == "file" and e.name.endswith(".go"))
        return sorted((f"{folder}/{name}" for name in names), key=lambda name: "_test" in name)


def remembered(work: GoWork, what: Hashable, make: Callable[[], T]) -> T:
    """What is made of the original alone, once for all ports of it that one run judges."""
    memo = work.options.get("memo")
    if memo is None:
        return make()
    key = "go", str(work.space.tree), what
    if key not in memo:
        memo[key] = make()
    found: T = memo[key]
    return found


def touched_packages(work: GoWork) -> list[str]:
    """The folders of the packages that the port touches, the registry's first, then sorted."""
    folders = {path.rpartition("/")[0] for path in work.after.files}
    first = [work.registry] if work.registry is not None else []
    return [*first, *sorted(folders - {*first, ""})]


def make_work(
    port: Port,
    source: Source,
    space: Workspace,
    jobs: int,
    options: Mapping[str, Any],
) -> GoWork:
    """Both sides of a port, with nothing found yet."""
    report = Report()
    report.summary.append(f"{space.go}; {space.layout}")
    engine = space.prefix
    registry = next(
        (
            folder
            for folder in ("daemon/pkg/registry", "registry")
            if any(e.name.endswith(".go") for e in source.listdir(join(engine, folder)))
        ),
        None,
    )
    files: dict[str, bytes | None] = {}
    for change in port.changes:
        path = space.inside(change.path)
        if path is not None and path.endswith(".go"):
            files[path] = change.after
    before = JudgedSide("original", {}, _package(source, join(engine, registry or ""), registry))
    after = JudgedSide("port", files, _laid_over(before.registry, files, registry))
    return GoWork(space, source, before, after, registry, port.changes, jobs, options, report)


def _package(source: Source, folder: str, registry: str | None) -> dict[str, bytes]:
    if registry is None:
        return {}
    return {
        entry.name: source.read(f"{folder}/{entry.name}")
        for entry in source.listdir(folder)
        if entry.kind == "file" and entry.name.endswith(".go")
    }


def _laid_over(
    package: Mapping[str, bytes], files: Mapping[str, bytes | None], registry: str | None
) -> dict[str, bytes]:
    found = dict(package)
    for path, data in files.items():
        folder, _, name = path.rpartition("/")
        if folder != registry:
            continue
        if data is None:
            found.pop(name, None)
        else:
            found[name] = data
    return found


def count(number: int, what: str) -> str:
    return f"{number or 'no'} {what}" if number == 1 else f"{number or 'no'} {what}s"


def shown(findings: Sequence[object]) -> list[str]:
    more = [f"  and {len(findings) - SHOWN} more"] if len(findings) > SHOWN else []
    return [f"  {finding}" for finding in findings[:SHOWN]] + more


def indented(text: str) -> list[str]:
    return [f"  {line}" for line in text.strip().splitlines()[:20]]
