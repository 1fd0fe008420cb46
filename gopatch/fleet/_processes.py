"""Parts of some work, shared out to processes; one that is killed loses nothing but time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import accumulate, pairwise
from multiprocessing import Pipe, Process
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
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
    """The results of all parts as they are done: `make(asked)` makes a worker, once in each process.

    Neighbours go to the same process, which may know of one what it is asked of the next. Where
    processes die (the kernel's killer of processes, say), the parts that they had are done by others,
    and in the end here.
    """
    left = set(range(len(parts)))
    for _ in range(_TRIES if jobs > 1 else 0):
        crew = _Crew(parts, _runs(sorted(left), jobs))
        try:
            crew.start(make, asked)
            for number, results in crew.results():
                left.discard(number)
                yield from results
        finally:
            crew.dismiss()
    worker = make(asked) if left else None
    for number in sorted(left):
        if worker is not None:
            yield from worker(parts[number])


def _runs(numbers: Sequence[int], jobs: int) -> list[list[int]]:
    """Neighbouring numbers for each of some processes; none gets nothing."""
    size, more = divmod(len(numbers), jobs)
    ends = [0, *accumulate(size + (job < more) for job in range(jobs))]
    return [list(numbers[start:end]) for start, end in pairwise(ends) if start < end]


class _Crew:
    """A process for each run of neighbouring parts, and what each is at."""

    def __init__(self, parts: Sequence[Any], runs: Sequence[list[int]]) -> None:
        self._parts, self._runs = parts, runs
        self._pipes: list[Connection] = []
        self._processes: list[BaseProcess] = []
        self._busy: dict[Connection, tuple[int, int]] = {}

    def start(self, make: Callable[[Any], Callable[[Any], Iterable[Any]]], asked: Any) -> None:
        for own, _ in enumerate(self._runs):
            here, there = Pipe()
            self._pipes.append(here)
            process = Process(target=_serve, args=(make, asked, there, list(self._pipes)))
            self._processes.append(process)
            process.start()
            there.close()
            self._go_on(own)

    def _go_on(self, own: int) -> None:
        """Give a process what is left of its own run, else the end of the longest one."""
        longest = max(self._runs, key=len)
        if not (self._runs[own] or longest):
            return
        number = self._runs[own].pop(0) if self._runs[own] else longest.pop()
        pipe = self._pipes[own]
        self._busy[pipe] = own, number
        with suppress(ConnectionError):  # it has died: so says its end of the pipe
            pipe.send(self._parts[number])

    def results(self) -> Iterator[tuple[int, list[Any]]]:
        """Parts with their numbers as they are done, until all are or no process is left."""
        while self._busy:
            for pipe in [p for p in wait(list(self._busy)) if isinstance(p, Connection)]:
                own, number = self._busy.pop(pipe)
                try:
                    failed, found = pipe.recv()
                except (EOFError, ConnectionError):
                    continue
                if failed is not None:
                    raise failed
                self._go_on(own)
                yield number, found

    def dismiss(self) -> None:
        """Let each process end what it is at, and wait for that."""
        for pipe in self._pipes:
            pipe.close()
        for process in self._processes:
            process.join()


def _serve(
    make: Callable[[Any], Callable[[Any], Iterable[Any]]],
    asked: Any,
    pipe: Connection,
    ends: Sequence[Connection],
) -> None:
    """A process: each part that comes is done, until nobody is there any more to send one.

    `ends` are the parent's: as long as one is open here, it does not seem to have gone.
    """
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for end in ends:
        end.close()
    with suppress(EOFError, ConnectionError):
        worker = None
        while True:
            part = pipe.recv()
            failed: Exception | None = None
            found: list[Any] = []
            try:
                worker = worker or make(asked)
                found = list(worker(part))
            except Exception as error:  # it is raised where somebody waits
                failed = error
            pipe.send((failed, found))
