"""Wrong ports and right ones before the judges: how many are condemned, and which are not.

    python benchmarks/judges.py [--by model,go] [--go PATH] [--work DIR] [--jobs N] [--one] [NAME...]

The ports are those of tests/verify: the rows of data/mutants.toml and data/invented.toml, each on its
fixtures, the mutants of test_mutants.py on each layout, and the right ports of data/rewritten.toml.
Judges are asked in order until one says no. --one takes the first fixture of each. Exit 1 where a
wrong port passes or a right one fails.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).parent.parent))

from gopatch.port.work import Port
from gopatch.source import Source
from gopatch.verify import load, parse_names, verdict_of, worst_of
from tests.verify import rewritten, test_mutants, wrong_ports

_MEMO: dict[Any, Any] = {}


class Trial(NamedTuple):
    """A port by its set, its row and its fixture; `right` is how it should be judged."""

    group: str
    name: str
    fixture: str
    right: bool

    def port(self) -> tuple[Port, Source]:
        if self.group == "rewritten":
            row = next(r for r in rewritten.rewrites() if r.name == self.name)
            return rewritten.rewritten(row, self.fixture)
        if self.group == "layouts":
            mutant = next(m for m in test_mutants.MUTANTS if m.name == self.name)
            return test_mutants.mutated(mutant, self.fixture)
        rows = wrong_ports.mutants(f"{self.group}.toml")
        return wrong_ports.spoilt(next(r for r in rows if r.name == self.name), self.fixture)


class Result(NamedTuple):
    trial: Trial
    status: str
    seconds: float
    said: str


def trials(*, one: bool) -> Iterator[Trial]:
    number = 1 if one else None
    for group in ("mutants", "invented"):
        for row in wrong_ports.mutants(f"{group}.toml"):
            for fixture in row.fixtures[:number] if row.kind != "taste" else ():
                yield Trial(group, row.name, fixture, row.kind == "same")
    for mutant in test_mutants.MUTANTS:
        yield from (Trial("layouts", mutant.name, f, False) for f in mutant.layouts[:number])
    for right in rewritten.rewrites():
        yield from (Trial("rewritten", right.name, f, True) for f in right.fixtures[:number])


def tried(trial: Trial, judges: list[str], options: dict[str, Any]) -> Result:
    """The verdict on one port; `briefly`, for the first fault is enough."""
    started = time.perf_counter()
    port, source = trial.port()
    opinions = []
    for name in judges:
        opinions.append(load(name).judge(port, source, {**options, "memo": _MEMO, "briefly": True}))
        if worst_of(opinions[-1]) == "fail":
            break
    verdict = verdict_of(opinions, port, source)
    unjudged = (
        f"nobody looked at {', '.join(map(str, verdict.unjudged))}" if verdict.unjudged else ""
    )
    said = next(
        (line for line in opinions[-1].summary if worst_of(opinions[-1]) != "pass"), unjudged
    )
    return Result(trial, verdict.status, time.perf_counter() - started, said)


def main() -> int:
    parser = argparse.ArgumentParser(description="which judge notices which wrong port")
    parser.add_argument(
        "names", nargs="*", help="only ports whose set or row has one of these in it"
    )
    parser.add_argument("--by", default="model")
    parser.add_argument("--go")
    parser.add_argument("--work")
    parser.add_argument("--cases", type=int, default=500)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--one", action="store_true")
    given = parser.parse_args()
    wanted = [
        trial
        for trial in sorted(trials(one=given.one), key=lambda t: (t.group, t.fixture))
        if not given.names or any(n in f"{trial.group}: {trial.name}" for n in given.names)
    ]
    options = {"go": given.go, "work": given.work, "cases": given.cases}
    run = partial(tried, judges=parse_names(given.by), options=options)
    bad, counts = [], Counter[tuple[str, bool, str]]()
    with ProcessPoolExecutor(given.jobs) as pool:
        for result in pool.map(run, wanted, chunksize=8):
            trial = result.trial
            counts[trial.group, trial.right, result.status] += 1
            if result.status != ("pass" if trial.right else "fail"):
                print(
                    f"{result.status:<12} {trial.group}: {trial.name}, {trial.fixture}: {result.said}"
                )
            if result.status == ("fail" if trial.right else "pass"):
                bad.append(trial)
    for (group, right, status), count in sorted(counts.items()):
        print(f"{group}: {'right' if right else 'wrong'} ports: {count} {status}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
