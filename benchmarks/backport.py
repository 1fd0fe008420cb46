"""Run `gopatch backport` over pairs of (original, backport) commits in one process, and compare.

    benchmarks/backport.py REPO SCORE [--failing | --exact | --real-exact] [--sample N] [--keep DIR]

SCORE is a folder with `score.py`, which says what a port is worth, and `dev.tsv`, whose columns are
original, original_parent, backport, backport_parent, class, pick and more. The letters: E exact, W but for
white space, M the same code, T but for tests, D and B differ, F refused, X a fault of gopatch. What is held
against the person's commit is Go outside vendor.
"""

from __future__ import annotations

import argparse
import collections
import csv
import random
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from gopatch.backport.change import of_commit
from gopatch.backport.foreign import Backport
from gopatch.backport.paths import is_vendored
from gopatch.backport.rungs import backport
from gopatch.output.diff import unified
from gopatch.source.gitref import GitRef, Repository

Pair = dict[str, str]
_SLOW = 3.0  # seconds of CPU, above which a pair is told of


class Scorer(NamedTuple):
    """What score.py knows: its repository, and what a port is worth beside the person's."""

    repository: Any
    outcome: Callable[..., str]

    def touched(self, pair: Pair, side: str) -> Sequence[str]:
        found: Sequence[str] = self.repository.touched(pair[f"{side}_parent"], pair[side])
        return found


class Judged(NamedTuple):
    """A pair that was run: its letter, what came of it, or the fault, and seconds of CPU."""

    letter: str
    done: Backport | None
    fault: str
    seconds: float

    @property
    def reason(self) -> str:
        if self.fault:
            return self.fault.strip().split("\n")[-1][:150]
        return str(self.done.refusals[0])[:150] if self.done and self.done.refusals else ""

    @property
    def words(self) -> str:
        if self.done is None:
            return self.fault
        refused = [f"{refusal} {refusal.hint}" for refusal in self.done.refusals]
        files = [str((p.change.path, p.rung, p.edits, p.adaptations)) for p in self.done.files]
        return "\n".join([*refused, *files])


def is_go(path: str) -> bool:
    return path.endswith(".go") and not path.endswith(".pb.go") and not is_vendored(path)


def judge(pair: Pair, repository: Repository, score: Scorer) -> Judged:
    begun = time.process_time()
    try:
        letter, done = _judged(pair, repository, score)
        return Judged(letter, done, "", time.process_time() - begun)
    except Exception:
        return Judged("X", None, traceback.format_exc(), time.process_time() - begun)


def _judged(pair: Pair, repository: Repository, score: Scorer) -> tuple[str, Backport]:
    target = GitRef(repository, pair["backport_parent"])
    done = backport(of_commit(repository, pair["original"]), target)
    if done.refusals:
        return "F", done
    paths = {*score.touched(pair, "backport"), *score.touched(pair, "original")}
    got = {p: (target.read(p) if target.entry(p) else None) for p in paths}
    got.update({c.path: c.after for c in done.changes if is_go(c.path)})
    return score.outcome(got, score.repository, pair["backport_parent"], pair["backport"]), done


def keep(folder: Path, pair: Pair, judged: Judged, score: Scorer) -> None:
    """Write the original, the person's port and ours side by side."""
    names = (judged.letter, pair["class"], pair["original"][:10], pair["backport"][:10])
    made = folder / "-".join(names)
    made.mkdir(parents=True, exist_ok=True)
    for side, name in (("original", "original.diff"), ("backport", "human.diff")):
        ends = pair[f"{side}_parent"], pair[side]
        words = ("diff", "--no-renames", *ends, "--", *score.touched(pair, side))
        (made / name).write_bytes(score.repository.git(*words))
    if judged.done is not None:
        (made / "answer.diff").write_bytes(unified(judged.done.changes))
    (made / "stderr").write_text(judged.words)


def chosen(options: argparse.Namespace) -> list[Pair]:
    """The pairs that were asked for."""
    with (options.score / "dev.tsv").open(newline="") as file:
        pairs = list(csv.DictReader(file, delimiter="\t"))
    if options.failing:
        pairs = [pair for pair in pairs if pair["pick"] == "F"]
    if options.exact or options.real_exact:
        pairs = [pair for pair in pairs if pair["pick"] == "E"]
    if options.real_exact:
        pairs = [pair for pair in pairs if pair["class"] != "blobs"]
    if options.sample and options.sample < len(pairs):
        pairs = random.Random(options.seed).sample(pairs, options.sample)
    part, parts = map(int, options.part.split("/"))
    return pairs[part::parts]


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("repository")
    parser.add_argument("score", type=Path, help="the folder of score.py and its pairs")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--failing", action="store_true", help="where git cherry-pick fails")
    which.add_argument("--exact", action="store_true", help="where git cherry-pick is exact")
    which.add_argument("--real-exact", action="store_true", help="the same, of other blobs")
    parser.add_argument("--sample", type=int, metavar="N", help="so many, at random")
    parser.add_argument("--seed", type=int, default=1, help="what chance starts from (1)")
    parser.add_argument("--part", default="0/1", metavar="I/N", help="every Nth, from the Ith")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="diffs of all but the exact ones")
    return parser.parse_args()


def scorer(options: argparse.Namespace) -> Scorer:
    sys.path.insert(0, str(options.score))
    score: Any = import_module("score")
    return Scorer(score.Repository(options.repository), score.outcome)


def main() -> int:
    options = read_options()
    score, pairs = scorer(options), chosen(options)
    classes: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    start = time.process_time()
    for number, pair in enumerate(pairs):
        if number % 50 == 0:  # what it has read is kept: not for ever
            repository = Repository(options.repository)
        found = judge(pair, repository, score)
        classes[pair["class"]][found.letter] += 1
        if found.letter != "E" or found.seconds > _SLOW:
            shown = (found.letter, pair["class"], pair["original"][:10], pair["backport"][:10])
            print(*shown, f"{found.seconds:.1f}", found.reason, flush=True)
        if options.keep and found.letter != "E":
            keep(options.keep, pair, found, score)
    each = (time.process_time() - start) / max(1, len(pairs))
    counts = sum(classes.values(), collections.Counter())
    print(len(pairs), dict(counts), f"{each:.2f} s each")
    for name, letters in classes.items():
        print(f"  {name:10} {dict(letters)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
