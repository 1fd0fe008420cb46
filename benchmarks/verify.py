"""What `port --verify model` costs above `port`, beside judging each different port once.

    python benchmarks/verify.py REPOSITORY 'v*' 'docker-v*'

All is CPU time of this process: `port` with the judge; `port` alone, for which it is still warm; then the judge
alone, once for each different set of files that it looks at, with nothing remembered. The memory is the most that this process had
when all was judged.
"""

from __future__ import annotations

import resource
import sys
import time
from collections import Counter
from collections.abc import Iterator

from gopatch.fleet.refs import select
from gopatch.fleet.run import RefResult, Run, _Worker
from gopatch.port.work import work_out
from gopatch.recipe.read import load
from gopatch.source.gitref import GitRef, Repository
from gopatch.verify import Bench

PATCH = "accept-insecure-registry"


def timed(asked: Run) -> tuple[float, list[RefResult]]:
    """Seconds of one process of `gopatch port` (others may be busy), and what was found."""
    started = time.process_time()
    worker = _Worker(asked)
    refs = select(Repository(asked.repository), asked.patterns)
    found = list(worker(refs))
    return time.process_time() - started, found


def alone(path: str, results: list[RefResult]) -> Iterator[float]:
    """Seconds that each different verdict takes by itself."""
    repository, patch = Repository(path), load(PATCH)
    different = {id(verdict): result for result in results for verdict in result.verdicts}
    for result in different.values():
        source = GitRef(repository, result.ref.commit)
        port = work_out(patch, source)
        started = time.process_time()
        Bench(["model"]).judge(port, source)
        yield time.process_time() - started


def main() -> None:
    path, *patterns = sys.argv[1:]
    asked = Run(path, PATCH, patterns, output="")
    spent, results = timed(asked._replace(judges=["model"]))
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    base, _ = timed(asked)
    once = list(alone(path, results))
    verdicts = [verdict for result in results for verdict in result.verdicts]
    counts = Counter(verdict.status for verdict in verdicts)
    said = ", ".join(f"{count} {status}" for status, count in counts.most_common())
    print(f"{len(results)} refs: {said}; {len(once)} different verdicts")
    print(f"judging takes {(spent - base) / sum(once):.2f} times each of them once, {most:.0f} MiB")


if __name__ == "__main__":
    main()
