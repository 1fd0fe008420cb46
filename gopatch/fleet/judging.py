"""Judges who take their time: every different port is judged once, here or on a Dask cluster.

A task says all that it needs and writes nothing but its judge's cache, so that it may be run again:
a worker that is lost loses nothing, and a run that is cut short goes on where it stopped.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from gopatch.errors import ApplyError, SourceError, UsageError
from gopatch.fleet._processes import Progress, shared_out
from gopatch.port.judged import read_opinion
from gopatch.recipe.selection import select
from gopatch.recipe.values import WHOLE, Selection
from gopatch.verify import Opinion, load

if TYPE_CHECKING:
    from gopatch.port.work import Port
    from gopatch.source import Source

_RETRIES = 3
_SECONDS = 30  # to reach a scheduler


class JudgeTask(NamedTuple):
    """One judge and one port: `digest` tells different ports apart, `commit` has one of them."""

    judge: str
    digest: str
    commit: str
    ref: str


class Where(NamedTuple):
    """What every task of a run has in common. A cluster's workers must find the same paths."""

    repository: str
    patch: str
    options: dict[str, Any]
    selection: Selection = WHOLE


def is_slow(judge: str) -> bool:
    """Whether a judge says of itself that a port takes it more than a moment."""
    return load(judge).slow


def digests(judges: Sequence[str], port: Port, source: Source) -> tuple[tuple[str, str], ...]:
    """For each judge, what tells this port apart from others (64 hex)."""
    import hashlib

    found = []
    for name in judges:
        key = load(name).key(port, source)
        found.append((name, hashlib.sha256(repr(key).encode()).hexdigest()))
    return tuple(found)


def judge_one(where: Where, task: JudgeTask) -> Opinion:
    """Work the port of a task out and judge it; also on another machine.

    Raises UsageError where the judge has not what it needs there, such as Go.
    """
    from gopatch.port.work import work_out
    from gopatch.recipe.read import load as load_patch
    from gopatch.source.gitref import GitRef, Repository

    repository = Repository(where.repository)
    try:
        source = GitRef(repository, task.commit)
        port = work_out(select(load_patch(where.patch), where.selection), source)
        return load(task.judge).judge(port, source, where.options)
    except (SourceError, ApplyError) as error:
        return Opinion(task.judge, "inconclusive", (str(error),))


class Bailiff(NamedTuple):
    """Who takes tasks to the judges: `jobs` processes here, or the Dask cluster of `scheduler`."""

    where: Where
    jobs: int = 1
    scheduler: str | None = None

    def judge_all(
        self,
        tasks: Sequence[JudgeTask],
        folder: Path,
        progress: Progress | None = None,
        *,
        fresh: bool = False,
    ) -> Iterator[tuple[JudgeTask, Opinion]]:
        """Judge every task, in whatever order they end.

        `folder` keeps verdicts for the next run, which takes them unless `fresh`.
        """
        memory = _Memory(folder / "verdicts.json", fresh=fresh)
        todo = []
        for task in tasks:
            known = memory.get(task)
            if known is None:
                todo.append(task)
            else:
                yield task, known
        for number, (task, verdict) in enumerate(self._judged(todo), 1):
            memory.put(task, verdict)
            if progress is not None:
                progress(number, len(todo), f"{task.judge} {task.ref}")
            yield task, verdict

    def _judged(self, tasks: Sequence[JudgeTask]) -> Iterator[tuple[JudgeTask, Opinion]]:
        if not tasks:
            return iter(())
        if self.scheduler is not None:
            return _on_cluster(self.where, tasks, self.scheduler)
        parts = [[task] for task in tasks]
        return shared_out(_Clerk, self.where, parts, min(self.jobs, len(tasks)))


class _Clerk:
    """A process's way to a judge."""

    def __init__(self, where: Where) -> None:
        self._where = where

    def __call__(self, tasks: Sequence[JudgeTask]) -> Iterator[tuple[JudgeTask, Opinion]]:
        return ((task, judge_one(self._where, task)) for task in tasks)


def _on_cluster(
    where: Where, tasks: Sequence[JudgeTask], scheduler: str
) -> Iterator[tuple[JudgeTask, Opinion]]:
    """Equal keys are equal tasks, so that a cluster that has done one does not do it again."""
    client = _client(scheduler)
    from distributed import CancelledError, as_completed

    try:
        futures = {
            client.submit(
                judge_one,
                where,
                task,
                key=f"gopatch-{task.judge}-{task.digest}-{task.commit}",
                retries=_RETRIES,
            ): task
            for task in tasks
        }
        for future in as_completed(futures, loop=client.loop):  # type: ignore[no-untyped-call]
            yield futures[future], future.result()
    except CancelledError:
        raise SourceError(
            f"the Dask scheduler at {scheduler} has gone",
            hint="what is judged is kept; the same command goes on from here",
        ) from None
    finally:
        # A scheduler that has gone cannot be taken leave of.
        with suppress(OSError, TimeoutError):
            client.close()


def _client(scheduler: str) -> Any:
    """A client of the cluster; UsageError where there is none, or no Dask."""
    try:
        from distributed import Client
    except ImportError:
        raise UsageError(
            "--scheduler needs dask.distributed", hint="pip install 'gopatch[cluster]'"
        ) from None
    try:
        return Client(  # type: ignore[no-untyped-call]
            scheduler, timeout=_SECONDS, set_as_default=False
        )
    except (OSError, ValueError, TypeError) as error:
        raise UsageError(
            f"no Dask scheduler answers at {scheduler}: {error}",
            hint="start one with `dask scheduler`, as in tcp://HOST:8786",
        ) from None


class _Memory:
    """Verdicts by judge and digest in a file, written anew after each."""

    def __init__(self, path: Path, *, fresh: bool) -> None:
        self.path = path
        try:
            found = {} if fresh else json.loads(path.read_bytes())
        except (OSError, ValueError):
            found = {}
        self.known: dict[str, Any] = found if isinstance(found, dict) else {}

    def get(self, task: JudgeTask) -> Opinion | None:
        found = self.known.get(f"{task.judge} {task.digest}")
        try:
            return None if found is None else read_opinion(found)
        except (TypeError, KeyError):
            return None

    def put(self, task: JudgeTask, verdict: Opinion) -> None:
        from gopatch.files import write_file

        self.known[f"{task.judge} {task.digest}"] = verdict.table()
        write_file(self.path, json.dumps(self.known, indent=1).encode())
