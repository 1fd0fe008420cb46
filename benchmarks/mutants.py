"""Small breaks of the engine, of gofmt's rules and of the port: each has to be noticed by a test.

    python benchmarks/mutants.py [--count N] [--seed S] [--jobs N] [--draw N --by SEED] [--list]

The parts of mutants.toml take turns; in each, the operators do. Which place comes next is told by
a hash of the seed, the module, the line as it is and the line broken: a change of the package draws
anew only what it touched. A mutant is the package with one expression or statement replaced, in a
copy; it is killed where a test of its own part fails, or takes too much time. One with which its
module cannot be imported is no mutant: the next comes. --draw tries some of the N, drawn by
another seed. What mutants.toml argues to be equivalent is passed over and said. Exit 1 where a
mutant lives, or where an argument is about a line that is there no more.
"""

from __future__ import annotations

import argparse
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from queue import SimpleQueue
from typing import NamedTuple

from mutations import DATA, ROOT, Mutant, argued, drawn, rank

COPIED = ("gopatch", "tests", "fixtures", "patches", "pyproject.toml")
SECONDS = 120  # of the processor; the tests of a part take less than 5
MEMORY = 4 << 30


class Verdict(NamedTuple):
    """`by` is the test that failed; empty for a mutant that lives; None where nothing can be imported."""

    mutant: Mutant
    by: str | None


class Copies:
    """Copies of the package, one a job: each holds one mutant at a time."""

    def __init__(self, home: Path, jobs: int) -> None:
        self._free: SimpleQueue[Path] = SimpleQueue()
        for number in range(jobs):
            for name in COPIED:
                source, target = ROOT / name, home / str(number) / name
                target.parent.mkdir(exist_ok=True)
                shutil.copytree(source, target) if source.is_dir() else shutil.copy(source, target)
            self._free.put(home / str(number))

    def tried(self, mutant: Mutant) -> Verdict:
        folder = self._free.get()
        file = folder / mutant.module
        before = file.read_bytes()
        try:
            for old in (file.parent / "__pycache__").glob(f"{file.stem}.*"):
                old.unlink()
            file.write_bytes(mutant.applied())
            return Verdict(mutant, self._killer(folder, mutant))
        finally:
            file.write_bytes(before)
            self._free.put(folder)

    def _killer(self, folder: Path, mutant: Mutant) -> str | None:
        name = mutant.module.removesuffix(".py").replace("/", ".")
        if run(folder, "-c", f"import {name}").returncode:
            return None
        return failing(folder, mutant.part)


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, *words]
    return subprocess.run(
        command, check=False, capture_output=True, text=True, cwd=folder, env=env, preexec_fn=bounds
    )


def bounds() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def failing(folder: Path, part: str) -> str:
    """The first test of a part that fails in a copy, or empty."""
    (tests,) = (one["tests"] for one in DATA["part"] if one["name"] == part)
    options = ["-x", "-q", "-p", "no:cacheprovider", "--tb=no", "-o", "addopts="]
    done = run(folder, "-m", "pytest", *options, *tests)
    if done.returncode == 0:
        return ""
    found = re.search(r"^(?:FAILED|ERROR) (\S+)", done.stdout, re.MULTILINE)
    return found[1] if found else f"time or memory ({done.returncode})"


def verdicts(wanted: Iterator[Mutant], count: int, jobs: int) -> Iterator[Verdict]:
    """What became of the first `count` that can be imported."""
    with tempfile.TemporaryDirectory() as home, ThreadPoolExecutor(jobs) as pool:
        copies = Copies(Path(home), jobs)
        while count and (some := list(islice(wanted, count))):
            for verdict in pool.map(copies.tried, some):
                count -= verdict.by is not None
                yield verdict


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=80)
    parser.add_argument("--seed", default="15")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--draw", type=int, help="try only so many of them")
    parser.add_argument("--by", default="15", help="the seed that draws those")
    parser.add_argument("--list", action="store_true", help="print them and try none")
    given = parser.parse_args()
    known = {
        (e["module"], e["operator"], e["line"], e["becomes"]): e["why"]
        for e in DATA.get("equivalent", ())
    }
    every = list(drawn(given.seed))
    gone = known.keys() - {argued(one) for one in every}
    wanted, count = [one for one in every if argued(one) not in known], given.count
    if given.draw is not None:
        wanted, count = sorted(wanted[:count], key=lambda one: rank(one, given.by)), given.draw
    if given.list:
        print(*wanted[:count], sep="\n")
        return 0
    return told(verdicts(iter(wanted), count, given.jobs), gone, len(known))


def told(found: Iterator[Verdict], gone: set[tuple[str, str, str, str]], argued_away: int) -> int:
    """Print what became of each, then the figures; the exit code."""
    figures: dict[str, Counter[str]] = {part["name"]: Counter() for part in DATA["part"]}
    for verdict in found:
        word = "no mutant" if verdict.by is None else "killed" if verdict.by else "LIVES"
        figures[verdict.mutant.part][word] += 1
        if word == "LIVES":
            print(f"{word} {verdict.mutant}", flush=True)
        elif word == "killed":
            number = verdict.mutant.lines()[0]
            print(
                f"{verdict.mutant.module}:{number} {verdict.mutant.operator}: {verdict.by}",
                flush=True,
            )
    for entry in gone:
        print("argued, but not there:", *entry)
    for name, counts in figures.items():
        print(f"{name}: " + ", ".join(f"{counts[word]} {word}" for word in ("killed", "LIVES")))
    total = sum(figures.values(), Counter())
    print(f"{total['killed']} killed, {total['LIVES']} live, {argued_away} argued to be equivalent")
    return 1 if gone or total["LIVES"] else 0


if __name__ == "__main__":
    sys.exit(main())
