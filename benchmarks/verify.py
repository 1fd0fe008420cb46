"""How long `port --verify model` takes for many refs, as a ratio to `port` alone.

Both are run in this process, one after the other, each with nothing remembered.

    python benchmarks/verify.py REPOSITORY 'v*' 'docker-v*'
"""

from __future__ import annotations

import sys
import time
from collections import Counter

from gopatch.fleet.refs import select
from gopatch.fleet.run import RefResult, run
from gopatch.recipe.read import load
from gopatch.source.gitref import Repository
from gopatch.verify import Bench


def timed(path: str, patterns: list[str], bench: Bench | None) -> tuple[float, list[RefResult]]:
    """Seconds of this process (others may be busy), and what was found."""
    started = time.process_time()
    repository = Repository(path)
    refs = select(repository, patterns)
    results = list(run(load("accept-insecure-registry"), repository, refs, bench=bench))
    return time.process_time() - started, results


def main() -> None:
    path, *patterns = sys.argv[1:]
    base, _ = timed(path, patterns, None)
    spent, results = timed(path, patterns, Bench(["model"]))
    verdicts = [verdict for result in results for verdict in result.verdicts]
    counts = Counter(verdict.status for verdict in verdicts)
    said = ", ".join(f"{count} {status}" for status, count in counts.most_common())
    different = len({id(verdict) for verdict in verdicts})
    print(f"{len(results)} refs: {said}; {different} different verdicts")
    print(f"port --verify model takes {spent / base:.2f} times port")


if __name__ == "__main__":
    main()
