"""One patch, many refs of one repository: each distinct blob is read, parsed and matched once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from gopatch.errors import ApplyError, SourceError, UsageError
from gopatch.fleet.judging import Task, Where, digests, is_slow, judge_all
from gopatch.port.outcome import Road
from gopatch.port.roads import roads
from gopatch.port.work import Memo, Outcome, OutsideError, work_out
from gopatch.recipe.selection import select as select_part
from gopatch.recipe.values import WHOLE, Patch, Selection
from gopatch.splice import FileChange

if TYPE_CHECKING:
    from gopatch.source import Source
    from gopatch.source.gitref import Repository
    from gopatch.verify import Bench, Verdict

# Outcomes of a ref that are no failure: the patch is there, or has nothing to do there.
FINE = ("applied", "already", "absent", "outside", "not-docker")


class Ref(NamedTuple):
    """A ref to work on: its short name and the commit (40 hex) that it stands for."""

    name: str
    commit: str


@dataclass(frozen=True)
class RefResult:
    """What became of one ref, and what the judges say of it.

    `status` is "applied", "already", "absent", "failed", "outside" (Docker, but before insecure
    registries) or "not-docker"; `changes` are the files of the port; `reason` says why where
    nothing could be done; `later` are judges to be asked once all ports are there, each with what
    tells this port apart from others (see gopatch.fleet.judging).
    """

    ref: Ref
    status: str
    outcomes: tuple[Outcome, ...] = ()
    changes: tuple[FileChange, ...] = ()
    reason: str = ""
    verdicts: tuple[Verdict, ...] = ()
    roads: tuple[Road, ...] = ()
    later: tuple[tuple[str, str], ...] = ()


Progress = Callable[[int, int, str], None]


def select(repository: Repository, patterns: Sequence[str]) -> list[Ref]:
    """The refs that `patterns` name, in the order of the patterns, versions in order.

    A pattern is a glob over short names of tags and branches, a ref, a commit, or a range
    `A..B` (the first-parent commits from A, without it, to B). Raises UsageError for a pattern
    that names nothing.
    """
    known = repository.refs()
    found: dict[str, Ref] = {}
    for pattern in patterns:
        refs = list(_matching(repository, known, pattern))
        if not refs:
            raise UsageError(
                f"no ref matches `{pattern}`", hint="quote globs, as in --ref 'v20.10.*'"
            )
        for ref in refs:
            found.setdefault(ref.name, ref)
    return list(found.values())


def _matching(repository: Repository, known: dict[str, str], pattern: str) -> Iterator[Ref]:
    from fnmatch import fnmatchcase

    if ".." in pattern:
        first, _, last = pattern.partition("..")
        for commit in repository.between(first or "HEAD", last.lstrip(".") or "HEAD"):
            yield Ref(commit, commit)
    elif any(sign in pattern for sign in "*?["):
        names = [name for name in known if fnmatchcase(name, pattern)]
        for name in sorted(names, key=version_key):
            yield Ref(name, known[name])
    else:
        yield Ref(pattern, known.get(pattern) or repository.resolve(pattern))


def version_key(name: str) -> tuple[object, ...]:
    """Sort key: numbers as numbers, a release after its pre-releases (-rc1, -beta.2)."""
    import re

    match = re.match(r"(\D*)([\d.]*)(.*)", name, re.DOTALL)
    assert match is not None
    numbers = tuple(int(n) for n in match[2].split(".") if n)
    rest = match[3]
    released = not re.search(r"-(rc|beta|alpha|tp)", rest)
    parts = tuple((0, int(p), "") if p.isdigit() else (1, 0, p) for p in re.split(r"(\d+)", rest))
    return (match[1], numbers, released, parts)


def run(
    patch: Patch,
    repository: Repository,
    refs: Iterable[Ref],
    *,
    memo: Memo | None = None,
    progress: Progress | None = None,
    bench: Bench | None = None,
) -> Iterator[RefResult]:
    """Work `patch` out on every ref, one after the other; `memo` may be kept between runs.

    The judges of `bench` judge each port, one that the ref has already too.

    `progress` is told the number of the ref (from 1), how many there are, and its name.
    """
    from gopatch.source.gitref import GitRef

    todo = list(refs)
    known: Memo = {} if memo is None else memo
    for number, ref in enumerate(todo, 1):
        if progress is not None:
            progress(number, len(todo), ref.name)
        yield work_on(patch, GitRef(repository, ref.commit), ref, known, bench)


def work_on(
    patch: Patch, source: Source, ref: Ref, memo: Memo, bench: Bench | None = None
) -> RefResult:
    """Work `patch` out on one ref; nothing that is wrong with the ref is an exception."""
    try:
        port = work_out(patch, source, memo)
    except OutsideError as error:
        return RefResult(ref, "outside", reason=error.message)
    except SourceError as error:
        return RefResult(ref, "not-docker", reason=str(error))
    except ApplyError as error:
        return RefResult(ref, "failed", reason=str(error))
    reason = "; ".join(f"{o.edit}: {o.reason}" for o in port.failed)
    found = RefResult(
        ref, port.status, port.outcomes, port.changes, reason, roads=roads(port, source)
    )
    if bench is None or port.status not in ("applied", "already"):
        return found
    later = digests(bench.later, port, source)
    return replace(found, verdicts=bench.judge(port, source), later=later)


def fingerprint(patch: Patch) -> str:
    """What a patch is made of, as a hash: an earlier run of another patch is of no use."""
    import hashlib

    from gopatch import __version__

    digest = hashlib.sha256(f"{__version__}\n{patch.name}\n{patch.roads}\n".encode())
    for edit in patch.edits:
        digest.update(repr(edit._replace(variants=())).encode())
        for variant in edit.variants:
            digest.update(repr((variant.name, variant.inserts, variant.adds)).encode())
            for pattern in variant.patterns:
                for line in pattern.change.lines:
                    digest.update(f"{line.mark}{line.text}\n".encode())
    return digest.hexdigest()


def run_into(
    repository: str | Path,
    patch: str,
    patterns: Sequence[str],
    output: str | Path,
    *,
    jobs: int = 1,
    fresh: bool = False,
    progress: Progress | None = None,
    judges: Sequence[str] = (),
    scheduler: str | None = None,
    options: Mapping[str, Any] | None = None,
    selection: Selection = WHOLE,
) -> dict[str, Any]:
    """Port `patch`, or the part that `selection` names, to every ref that `patterns` select.

    Writes patches and reports.

    Judges who take their time are asked last, for all ports together: in `jobs` processes, or on
    the Dask cluster of `scheduler`, which then asks all judges. `options` are theirs.
    Returns the report (its schema is in gopatch.fleet.report). A run that KeyboardInterrupt cuts
    short writes what is done and says `partial`; the next run goes on from there unless `fresh`.
    """
    from gopatch import __version__
    from gopatch.fleet import report
    from gopatch.recipe.read import load
    from gopatch.source.gitref import Repository

    recipe = select_part(load(patch), selection)
    opened = Repository(repository)
    refs = select(opened, patterns)
    folder = Path(output)
    _make(folder)
    mark = fingerprint(recipe)
    rows = {} if fresh else _done(folder, mark, refs, judges)
    writer = report.Writer(folder, rows.values())
    todo = [ref for ref in refs if ref.name not in rows]
    partial = False
    tasks: dict[tuple[str, str], list[Ref]] = {}
    sitting = _Sitting(judges, scheduler is not None, options)
    try:
        for result in _results(recipe, (patch, selection), opened, todo, jobs, progress, sitting):
            found = report.row(*result.ref, result.status, result.reason, result.outcomes)
            found["roads"] = [report.road_row(road) for road in result.roads]
            found["verdicts"] = [_verdict(each) for each in result.verdicts]
            writer.add(found, result.changes)
            rows[result.ref.name] = found
            for judge, digest in result.later:
                tasks.setdefault((judge, digest), []).append(result.ref)
        where = Where(str(repository), patch, dict(options or {}), selection)
        for task, verdict in _judged_later(where, tasks, folder, jobs, scheduler, progress, fresh):
            for ref in tasks[task.judge, task.digest]:
                rows[ref.name]["verdicts"].append(_verdict(verdict))
    except KeyboardInterrupt:
        partial = True
    for row in rows.values():
        row["verdicts"].sort(key=lambda verdict: judges.index(verdict["judge"]) if judges else 0)
    ordered = [rows[ref.name] for ref in refs if ref.name in rows]
    report.name_families(ordered)
    made = report.table(
        ordered,
        version=__version__,
        patch=recipe.name,
        selection={name: list(words) for name, words in recipe.selection._asdict().items()},
        fingerprint=mark,
        partial=partial,
    )
    report.write(folder, made)
    return made


def _judged_later(
    where: Where,
    tasks: Mapping[tuple[str, str], Sequence[Ref]],
    folder: Path,
    jobs: int,
    scheduler: str | None,
    progress: Progress | None,
    fresh: bool,
) -> Iterator[tuple[Task, Verdict]]:
    if fresh:
        (folder / "verdicts.json").unlink(missing_ok=True)
    todo = [Task(judge, digest, *reversed(refs[-1])) for (judge, digest), refs in tasks.items()]
    return judge_all(where, todo, folder, jobs=jobs, scheduler=scheduler, progress=progress)


def _verdict(verdict: Verdict) -> dict[str, Any]:
    """A verdict as the report has it: how many cases there were, and not which."""
    total = sum(case.total for case in verdict.cases)
    return {**verdict.table(), "summary": list(verdict.summary), "cases": total}


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SourceError(f"cannot be made: {error.strerror}", path=str(folder)) from None


def _done(
    folder: Path, mark: str, refs: Sequence[Ref], judges: Sequence[str]
) -> dict[str, dict[str, Any]]:
    """Rows of an earlier run of the same patch whose commits and files are still the same.

    Where judges are asked for, rows without their verdicts are of no use.
    """
    import hashlib
    import json

    try:
        earlier = json.loads((folder / "report.json").read_bytes())
        if earlier["fingerprint"] != mark:
            return {}
        commits = {ref.name: ref.commit for ref in refs}
        found = {}
        for row in earlier["refs"]:
            if commits.get(row["ref"]) != row["commit"]:
                continue
            judged = [verdict["judge"] for verdict in row["verdicts"]]
            if judges and row["outcome"] in ("applied", "already") and judged != list(judges):
                continue
            if row["file"]:
                data = (folder / row["file"]).read_bytes()
                if hashlib.sha256(data).hexdigest() != row["sha256"]:
                    continue
            found[row["ref"]] = row
        return found
    except (OSError, ValueError, KeyError, TypeError):
        return {}


class _Sitting(NamedTuple):
    """Which judges are asked, and how: `apart` has all of them wait for all ports."""

    judges: Sequence[str]
    apart: bool
    options: Mapping[str, Any] | None

    def bench(self) -> Bench | None:
        if not self.judges:
            return None
        from gopatch.verify import Bench

        later = [name for name in self.judges if self.apart or is_slow(name)]
        now = [name for name in self.judges if name not in later]
        return Bench(now, self.options, later)


def _results(
    recipe: Patch,
    which: tuple[str, Selection],
    repository: Repository,
    refs: Sequence[Ref],
    jobs: int,
    progress: Progress | None,
    sitting: _Sitting,
) -> Iterator[RefResult]:
    if jobs == 1 or len(refs) < 2 * jobs:
        yield from run(recipe, repository, refs, progress=progress, bench=sitting.bench())
        return
    from concurrent.futures import ProcessPoolExecutor

    # Neighbouring refs share blobs, so each process gets a stretch of them.
    size = -(-len(refs) // (jobs * 4))
    parts = [refs[at : at + size] for at in range(0, len(refs), size)]
    done = 0
    with ProcessPoolExecutor(
        jobs, initializer=_start, initargs=(*which, repository.path, sitting)
    ) as pool:
        try:
            for results in pool.map(_part, parts):
                for result in results:
                    done += 1
                    if progress is not None:
                        progress(done, len(refs), result.ref.name)
                    yield result
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


_worker: dict[str, Any] = {}  # what a process of the pool keeps between its parts


def _start(patch: str, selection: Selection, repository: str, sitting: _Sitting) -> None:
    import signal

    from gopatch.recipe.read import load
    from gopatch.source.gitref import Repository

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    part = select_part(load(patch), selection)
    _worker.update(patch=part, repository=Repository(repository), memo={})
    _worker["bench"] = sitting.bench()


def _part(refs: Sequence[Ref]) -> list[RefResult]:
    memo, bench = _worker["memo"], _worker["bench"]
    return list(run(_worker["patch"], _worker["repository"], refs, memo=memo, bench=bench))
