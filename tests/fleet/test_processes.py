"""Work that is shared out comes back whole, whatever happens to the processes."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from gopatch.fleet._processes import shared_out

PARTS = [[1, 2], [3], [4, 5, 6], [7]]
WHOLE = [(number, number * number) for part in PARTS for number in part]


class Squares:
    """Squares numbers; where `mark` names a number once more than it has died, it dies of it."""

    def __init__(self, asked: tuple[Path, int, int]) -> None:
        self.folder, self.mark, self.deaths = asked

    def __call__(self, part: Sequence[int]) -> Iterator[tuple[int, int]]:
        for number in part:
            if number == self.mark and len(list(self.folder.iterdir())) < self.deaths:
                (self.folder / str(os.getpid())).touch()
                os.kill(os.getpid(), signal.SIGKILL)
            yield number, number * number


class Refusing(Squares):
    def __call__(self, part: Sequence[int]) -> Iterator[tuple[int, int]]:
        raise ValueError(f"not {part[0]}")


@pytest.mark.parametrize("jobs", [1, 2, 9])
def test_all_results_come(tmp_path: Path, jobs: int) -> None:
    assert sorted(shared_out(Squares, (tmp_path, 0, 0), PARTS, jobs)) == WHOLE


def test_here_the_results_come_in_order(tmp_path: Path) -> None:
    assert list(shared_out(Squares, (tmp_path, 0, 0), PARTS, 1)) == WHOLE


class Named:
    """Says which process has done a part."""

    def __init__(self, asked: str) -> None:
        pass

    def __call__(self, part: Sequence[int]) -> Iterator[tuple[int, int]]:
        time.sleep(0.2)
        yield part[0], os.getpid()


def test_neighbours_go_to_the_same_process() -> None:
    done = dict(shared_out(Named, "", [[number] for number in range(6)], 2))
    assert len(set(done.values())) == 2
    assert [done[number] == done[0] for number in range(1, 6)] == [True, True, False, False, False]


@pytest.mark.parametrize("jobs", [2, 3])
def test_who_leaves_early_leaves_no_process(tmp_path: Path, jobs: int) -> None:
    results = shared_out(Squares, (tmp_path, 0, 0), PARTS, jobs)
    next(results)
    results.close()  # type: ignore[attr-defined]
    assert multiprocessing.active_children() == []


@pytest.mark.parametrize("deaths", [1, 2, 3])
def test_a_killed_process_loses_nothing(tmp_path: Path, deaths: int) -> None:
    assert sorted(shared_out(Squares, (tmp_path, 4, deaths), PARTS, 2)) == WHOLE
    assert str(os.getpid()) not in {path.name for path in tmp_path.iterdir()}


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_a_worker_raises_is_raised_here(tmp_path: Path, jobs: int) -> None:
    with pytest.raises(ValueError, match="not "):
        list(shared_out(Refusing, (tmp_path, 0, 0), PARTS, jobs))


def test_nothing_to_do_makes_no_worker() -> None:
    made: list[str] = []

    def make(asked: str) -> Callable[[list[int]], list[int]]:
        made.append(asked)
        return lambda part: part

    assert list(shared_out(make, "x", [], 1)) == []
    assert made == []
