"""One patch, many refs of one repository: each distinct blob is read, parsed and matched once."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from gopatch.errors import ApplyError, NotDockerError, SourceError
from gopatch.fleet._garbage import SWEPT, settle
from gopatch.fleet._processes import Progress, Silence, shared_out
from gopatch.fleet.judging import Bailiff, JudgeTask, Where, digests, is_slow
from gopatch.fleet.refs import Ref, select
from gopatch.port.outcome import Road
from gopatch.port.work import Memo, Outcome, OutsideError, work_out
from gopatch.recipe.selection import select as select_part
from gopatch.recipe.values import WHOLE, Patch, Selection
from gopatch.splice import FileChange

if TYPE_CHECKING:
    from gopatch.source import Source
    from gopatch.source.gitref import Repository
    from gopatch.verify import Bench, Opinion

_STRETCH = 4  # neighbouring refs, which share blobs, that a process does at once
# Outcomes of a ref that are no failure: the patch is there, or has nothing to do there.
FINE = ("applied", "already", "absent", "outside", "not-docker")


class Run(NamedTuple):
    """What is asked of a fleet.

    `patch`, or the part of it that `selection` names, is ported to every ref of `repository` that
    `patterns` select, into the folder `output`. `judges` judge each port; those who take their time
    are asked last, for all ports together, in `jobs` processes or on the Dask cluster of
    `scheduler`, which then asks all of them; `options` are theirs. `fresh` starts over where an
    earlier run into the folder could be gone on with.
    """

    repository: str | Path
    patch: str
    patterns: Sequence[str]
    output: str | Path
    jobs: int = 1
    fresh: bool = False
    judges: Sequence[str] = ()
    scheduler: str | None = None
    options: Mapping[str, Any] | None = None
    selection: Selection = WHOLE


@dataclass(frozen=True)
class RefResult:
    """What became of one ref, and what the judges say of it.

    `status` is "applied", "already", "absent", "failed", "outside" (Docker, but before insecure
    registries) or "not-docker"; `changes` are the files of the port; `reason` says why nothing could be
    done; `later` are judges to be asked once all ports are there (see gopatch.fleet.judging).
    """

    ref: Ref
    status: str
    outcomes: tuple[Outcome, ...] = ()
    changes: tuple[FileChange, ...] = ()
    reason: str = ""
    verdicts: tuple[Opinion, ...] = ()
    roads: tuple[Road, ...] = ()
    later: tuple[tuple[str, str], ...] = ()


def run(
    patch: Patch,
    repository: Repository,
    refs: Iterable[Ref],
    memo: Memo | None = None,
    bench: Bench | None = None,
) -> Iterator[RefResult]:
    """Work `patch` out on every ref, one after the other; `memo` may be kept between runs.

    The judges of `bench` judge each port, one that the ref has already too.
    """
    from gopatch.source.gitref import GitRef

    known = Memo() if memo is None else memo
    for ref in refs:
        yield work_on(patch, GitRef(repository, ref.commit), ref, known, bench)


def work_on(
    patch: Patch, source: Source, ref: Ref, memo: Memo, bench: Bench | None = None
) -> RefResult:
    """Work `patch` out on one ref; nothing that is wrong with the ref is an exception."""
    try:
        port = work_out(patch, source, memo)
    except OutsideError as error:
        return RefResult(ref, "outside", reason=error.message)
    except NotDockerError as error:
        return RefResult(ref, "not-docker", reason=str(error))
    except (SourceError, ApplyError) as error:
        return RefResult(ref, "failed", reason=str(error))
    reason = "; ".join(f"{o.edit}: {o.reason}" for o in port.failed)
    found = RefResult(ref, port.status, port.outcomes, port.changes, reason, roads=port.roads)
    if bench is None or port.status not in ("applied", "already"):
        return found
    later = digests(bench.later, port, source)
    return replace(found, verdicts=bench.judge(port, source), later=later)


def fingerprint(patch: Patch) -> str:
    """What a patch is made of, as a hash: an earlier run of another patch is of no use."""
    import hashlib

    from gopatch import __version__

    digest = hashlib.sha256(f"{__version__}\n{patch.name}\n{patch.roads}\n".encode())
    digest.update(repr(patch.edits).encode())
    return digest.hexdigest()


def run_into(asked: Run, progress: Progress | None = None) -> dict[str, Any]:
    """Do what is asked: write patches and reports, and give the report.

    Its schema is in gopatch.fleet.report. A run that KeyboardInterrupt cuts short writes what is
    done and says `partial`; the next one goes on from there. `progress` is told how many of how
    many refs, or judgements, are done, and the name of the last.
    """
    from gopatch.fleet import report, report_page
    from gopatch.recipe.read import load
    from gopatch.source.gitref import Repository

    recipe = select_part(load(asked.patch), asked.selection)
    refs = select(Repository(asked.repository), asked.patterns)
    folder = Path(asked.output)
    _make(folder)
    mark = fingerprint(recipe)
    rows = {} if asked.fresh else _done(folder, mark, refs, asked.judges)
    writer = report.ReportWriter(folder, rows.values())
    todo = [ref for ref in refs if ref.name not in rows]
    partial = False
    try:
        _fill(rows, writer, asked, todo, progress or Silence())
    except KeyboardInterrupt:
        partial = True
    for row in rows.values():
        row["verdicts"].sort(
            key=lambda found: [*asked.judges, found["judge"]].index(found["judge"])
        )
        report.decide(row)
    ordered = [rows[ref.name] for ref in refs if ref.name in rows]
    report.name_families(ordered)
    made = report.table(ordered, recipe, mark, partial=partial)
    report_page.write(folder, made)
    return made


def _fill(
    rows: dict[str, dict[str, Any]],
    writer: Any,
    asked: Run,
    todo: Sequence[Ref],
    progress: Progress,
) -> None:
    """Port every ref of `todo`, write its patch and add its row; then ask those judges who wait."""
    from gopatch.fleet import report

    tasks: dict[tuple[str, str], list[Ref]] = {}
    edit_row = cache(report.edit_row)  # of many refs the same comes: thousands of equal rows
    for result in _results(asked, todo, progress):
        found = report.row(
            *result.ref, result.status, result.reason, map(edit_row, result.outcomes)
        )
        found["roads"] = [report.road_row(road) for road in result.roads]
        found["verdicts"] = [_verdict(each) for each in result.verdicts]
        writer.add(found, result.changes)
        rows[result.ref.name] = found
        for judge, digest in result.later:
            tasks.setdefault((judge, digest), []).append(result.ref)
    where = Where(str(asked.repository), asked.patch, dict(asked.options or {}), asked.selection)
    waiting = [
        JudgeTask(judge, digest, *reversed(refs[-1])) for (judge, digest), refs in tasks.items()
    ]
    bailiff = Bailiff(where, asked.jobs, asked.scheduler)
    for task, verdict in bailiff.judge_all(waiting, writer.folder, progress, fresh=asked.fresh):
        for ref in tasks[task.judge, task.digest]:
            rows[ref.name]["verdicts"].append(_verdict(verdict))


def _verdict(verdict: Opinion) -> dict[str, Any]:
    """An opinion as the report has it: how many cases there were, and not which; `judged` names
    the edits and roads that it has a finding of."""
    from gopatch.port.judged import worst_of

    return {
        "judge": verdict.judge,
        "status": worst_of(verdict),
        "summary": list(verdict.summary),
        "counterexample": verdict.counterexample,
        "cases": sum(case.total for case in verdict.cases),
        "judged": [list(finding.subject) for finding in verdict.findings],
        "unrun": None if verdict.unrun is None else [list(pair) for pair in verdict.unrun],
    }


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SourceError(f"cannot be made: {error.strerror}", path=str(folder)) from None


def _done(
    folder: Path, mark: str, refs: Sequence[Ref], judges: Sequence[str]
) -> dict[str, dict[str, Any]]:
    """Rows of an earlier run of the same patch, with the same commits, files and judges.

    What failed is tried again: it may have been git.
    """
    import json

    commits = {ref.name: ref.commit for ref in refs}
    try:
        earlier = json.loads((folder / "report.json").read_bytes())
        if earlier["fingerprint"] != mark:
            return {}
        return {
            row["ref"]: row
            for row in earlier["refs"]
            if commits.get(row["ref"]) == row["commit"]
            and row["outcome"] != "failed"
            and _is_judged(row, judges)
            and _is_there(row, folder)
        }
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _is_judged(row: Mapping[str, Any], judges: Sequence[str]) -> bool:
    if not judges or row["outcome"] not in ("applied", "already"):
        return True
    return [verdict["judge"] for verdict in row["verdicts"]] == list(judges)


def _is_there(row: Mapping[str, Any], folder: Path) -> bool:
    import hashlib

    if not row["file"]:
        return True
    data = (folder / row["file"]).read_bytes()
    return bool(hashlib.sha256(data).hexdigest() == row["sha256"])


def _bench(asked: Run) -> Bench | None:
    """The judges who judge each port at once; with a scheduler all wait for all ports."""
    if not asked.judges:
        return None
    from gopatch.verify import Bench

    later = [name for name in asked.judges if asked.scheduler is not None or is_slow(name)]
    return Bench([name for name in asked.judges if name not in later], asked.options, later)


def _results(asked: Run, refs: Sequence[Ref], progress: Progress) -> Iterator[RefResult]:
    parts = [refs[at : at + _STRETCH] for at in range(0, len(refs), _STRETCH)]
    jobs = asked.jobs if len(refs) >= 2 * asked.jobs else 1
    made = shared_out(_Worker, asked, parts, jobs)
    for number, result in enumerate(made, 1):
        progress(number, len(refs), result.ref.name)
        yield result


class _Worker:
    """What a process keeps between its parts: the patch, the repository, what it knows of blobs."""

    def __init__(self, asked: Run) -> None:
        from gopatch.recipe.read import load
        from gopatch.source.gitref import Repository

        self._patch = select_part(load(asked.patch), asked.selection)
        self._repository = Repository(asked.repository)
        self._memo = Memo()
        self._bench = _bench(asked)
        self._done = 0

    def __call__(self, refs: Sequence[Ref]) -> Iterator[RefResult]:
        gc.freeze()
        try:
            for result in run(self._patch, self._repository, refs, self._memo, self._bench):
                yield result
                self._done += 1
                sweeps = self._done % SWEPT == 0
                if sweeps:
                    self._memo.age()
                settle(thoroughly=sweeps)
        finally:
            gc.unfreeze()
