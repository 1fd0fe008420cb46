"""What `port --verify model` costs above `port`, beside judging each different port once.

    python benchmarks/verify.py REPOSITORY 'v*' 'docker-v*' [--draw N] [--seed S]

All is CPU time of this process: `port` with the judge; `port` alone, for which it is still warm; then the judge
alone, once for each different set of files that it looks at, with nothing remembered. The memory is the most that this process had
when all was judged. With --draw nothing is measured: so many of the refs, drawn by the seed, are judged and their verdicts counted,
and what does not pass is told. Exit 1 where one fails, for the ports are right.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterator

from gopatch.errors import GopatchError
from gopatch.fleet.refs import Ref, select
from gopatch.fleet.run import RefResult, Run, _Worker
from gopatch.port.work import work_out
from gopatch.recipe.read import load
from gopatch.source.gitref import GitRef, Repository
from gopatch.verify import Bench, verdict_of

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


def judged(repository: Repository, ref: Ref, bench: Bench) -> tuple[str, str]:
    """The verdict on the port of a ref, and why it is none that passes."""
    source = GitRef(repository, ref.commit)
    try:
        port = work_out(load(PATCH), source)
    except GopatchError as error:
        return "no port", str(error)
    if port.status != "applied":
        return "no port", port.status
    opinions = bench.judge(port, source)
    verdict = verdict_of(opinions, port, source)
    said = [line for one in opinions if one.status != "pass" for line in one.summary[:3]]
    return verdict.status, "; ".join([*said, ", ".join(map(str, verdict.unjudged))])


def drawn(asked: Run, count: int, seed: int) -> int:
    """Judge some of the refs and tell what came of them; the exit code."""
    repository = Repository(asked.repository)
    refs = select(repository, asked.patterns)
    bench, counts = Bench(["model"]), Counter[str]()
    for ref in random.Random(seed).sample(refs, min(count, len(refs))):
        status, why = judged(repository, ref, bench)
        counts[status] += 1
        if status != "pass":
            print(f"{ref.name}: {status}: {why}", flush=True)
    print(", ".join(f"{number} {status}" for status, number in counts.most_common()))
    return 1 if counts["fail"] else 0


def main() -> int:
    parser = argparse.ArgumentParser(description="what `port --verify model` costs")
    parser.add_argument("repository")
    parser.add_argument("patterns", nargs="+")
    parser.add_argument("--draw", type=int, metavar="N")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    asked = Run(given.repository, PATCH, given.patterns, output="")
    if given.draw is not None:
        return drawn(asked, given.draw, given.seed)
    measured(asked)
    return 0


def measured(asked: Run) -> None:
    """Print what judging costs beside each different verdict once."""
    spent, results = timed(asked._replace(judges=["model"]))
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    base, _ = timed(asked)
    once = list(alone(asked.repository, results))
    verdicts = [verdict for result in results for verdict in result.verdicts]
    counts = Counter(verdict.status for verdict in verdicts)
    said = ", ".join(f"{count} {status}" for status, count in counts.most_common())
    print(f"{len(results)} refs: {said}; {len(once)} different verdicts")
    print(f"judging takes {(spent - base) / sum(once):.2f} times each of them once, {most:.0f} MiB")


if __name__ == "__main__":
    sys.exit(main())
