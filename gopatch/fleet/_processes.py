"""Parts of some work, shared out to processes; one that is killed loses nothing but time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

Part = TypeVar("Part")
Asked = TypeVar("Asked")
Result = TypeVar("Result")

# How many of how many are done, and the name of the last.
Progress = Callable[[int, int, str], None]
_TRIES = 3  # rounds in which processes may die; what is left then is done here


class Silence:
    """The Progress of nobody."""

    def __call__(self, done: int, total: int, name: str) -> None:
        pass


def shared_out(
    make: Callable[[Asked], Callable[[Part], Iterable[Result]]],
    asked: Asked,
    parts: Sequence[Part],
    jobs: int,
) -> Iterator[Result]:
    """The results of all parts in their order: `make(asked)` makes a worker, once in each process.

    Where processes die (the kernel's killer of processes, say), the parts that they had are done
    by others, and in the end here.
    """
    made: dict[int, list[Result]] = {}
    told = 0
    for _ in range(_TRIES if jobs > 1 else 0):
        for number, results in _round(make, asked, parts, jobs, skip=made):
            made[number] = results
            while told in made:
                yield from made[told]
                told += 1
        if told == len(parts):
            return
    worker = make(asked) if told < len(parts) else None
    for number in range(told, len(parts)):
        if number in made:
            yield from made[number]
        elif worker is not None:
            yield from worker(parts[number])


def _round(
    make: Callable[[Asked], Callable[[Part], Iterable[Result]]],
    asked: Asked,
    parts: Sequence[Part],
    jobs: int,
    *,
    skip: Iterable[int],
) -> Iterator[tuple[int, list[Result]]]:
    """Parts with their numbers as they are done, until all are or a process has died."""
    from concurrent.futures import ProcessPoolExecutor, as_completed
    from concurrent.futures.process import BrokenProcessPool

    done = set(skip)
    with ProcessPoolExecutor(jobs, initializer=_start, initargs=(make, asked)) as pool:
        try:
            todo = (number for number in range(len(parts)) if number not in done)
            futures = {pool.submit(_part, parts[number]): number for number in todo}
            for future in as_completed(futures):
                yield futures[future], future.result()
        except BrokenProcessPool:
            return
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


_worker: list[Callable[[Any], Iterable[Any]]] = []  # a process's own


def _start(make: Callable[[Any], Callable[[Any], Iterable[Any]]], asked: Any) -> None:
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _worker[:] = [make(asked)]


def _part(part: Any) -> list[Any]:
    return list(_worker[0](part))
